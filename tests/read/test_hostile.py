"""Hostile input: plain data or a refusal, in time in proportion to its size."""

import time
from collections.abc import Callable

import pytest

from flows.read import parse
from flows.read.detect import HEAD, detect
from schemas.raw import Payload, RawDispatch, Refusal

SECONDS = 8  # of the processor, on a slow machine; what is wrong takes minutes
ANPA, IPTC = b"\x01a1\x1f\nr i\x13\x11 BC-Dam 03-04 0010\n\x02", b"\x01nhw1 4 i 9\n\x02Dam =\n\n"
NITF, END = b"<nitf><body><body.content>", b"</body.content></body></nitf>"
COMPONENT = b"<NewsComponent><NewsLines><HeadLine>a</HeadLine></NewsLines></NewsComponent>"
LD = b'<html><script type="application/ld+json">'


def read(format: str, data: bytes) -> list[RawDispatch | Refusal]:
    return list(parse(Payload(source="desk", uri="in", format=format, data=data, original="0")))


@pytest.mark.parametrize(
    ("format", "data", "reason"),
    [
        ("anpa", ANPA + b"^x<\n" * 30_000, None),
        ("anpa", ANPA + b"\t" + (b"x" * 60 + b"\n") * 10_000, None),
        ("anpa", ANPA + b"^" + b" ," * 50_000 + b"x<\n", None),
        ("anpa", b"\x01" * 30_000, "wrong_format"),
        ("iptc7901", IPTC + (b"x" * 60 + b"\n") * 10_000, None),
        ("iptc7901", IPTC + b"By A\n" * 20_000, None),
        ("nitf", NITF + b"<p>" + (b"x" * 60 + b"<br/>") * 8_000 + b"</p>" + END, None),
        ("nitf", NITF + b"<a>" * 5_000 + b"x" + b"</a>" * 5_000 + END, "xml_limits"),
        ("nitf", NITF + b"<p a='" + b"x" * 500_000 + b"'/>" + END, "xml_limits"),
        ("nitf", b"<!DOCTYPE nitf [" + b"<!-- -->" * 10_000, "xml_limits"),
        ("nitf", NITF + b"<p>&#0;</p>" + END, "invalid_xml"),
        ("newsml1", b"<NewsML><NewsItem>" + COMPONENT * 3_000 + b"</NewsItem></NewsML>", "xml_limits"),
        ("html", LD + b"[" + b"1," * 100_000 + b"1]</script>", "empty"),
        ("html", LD + b"[" * 20_000 + b"</script>", "empty"),
        ("ninjs", b'{"uri":"a","associations":{"a":' * 2_000, "invalid_json"),
        ("ninjs", b'{"uri":"u","associations":[' + b",".join(
            b'{"name":"n","uri":"b%d","bodies":[{"value":"c"}]}' % n for n in range(700)) + b"]}", "too_many"),
        ("jsonl", b'{"text":' + b"[" * 100_000, "invalid_json"),
        ("table", b"id,text\n" + b'"' * 50_001, "empty"),
        ("table", b"a," * 20_000 + b"id,text\n1,x\n", "invalid_table"),
        ("text", b"trea-\nty \xc2\xad" * 20_000, None),
        ("text", "Ã±".encode() * 100_000, None),
        ("mail", b"Subject: a\nDate: x\n" + b"X-A: " + b"\n b" * 20_000 + b"\n\nIt held.", None),
    ],
)  # fmt: skip
def test_time_in_proportion(format: str, data: bytes, reason: str | None) -> None:
    """Many of anything, or very long ones, cost what their bytes cost."""
    started = time.process_time()
    found = read(format, data)
    assert time.process_time() - started < SECONDS
    assert found
    assert reason is None or reason in [each.reason for each in found if isinstance(each, Refusal)]


@pytest.mark.parametrize("head", [b"<!---->" * 1_100, b"<?a?> " * 1_300, b"<" * HEAD, b'"\\' * 4_000, b"\x01" * HEAD])
def test_detection_in_proportion(head: bytes) -> None:
    """The head of a file is looked at once."""
    started = time.process_time()
    detect(head + b"x", "in")
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize(
    "make",
    [
        lambda text: ("text", text),
        lambda text: ("jsonl", b'{"id": "../../etc/passwd", "text": "%s", "$where": {"a.b": 1}}' % text),
        lambda text: ("table", b'id,text\n../../etc/passwd,"%s"\n' % text),
        lambda text: ("mail", b"Subject: x\nDate: y\nMessage-ID: <../../etc/passwd>\n\n" + text),
    ],
    ids=["text", "jsonl", "table", "mail"],
)
def test_markup_in_plain_text_is_plain_data(make: Callable[[bytes], tuple[str, bytes]]) -> None:
    """Script stays the characters that it is; nothing is run, nothing is taken out."""
    text = b"<script>alert('x')</script> {{7*7}} ${jndi:ldap://x} and $gt"
    (raw,) = read(*make(text))
    assert isinstance(raw, RawDispatch)
    assert text.decode() in raw.text_raw
