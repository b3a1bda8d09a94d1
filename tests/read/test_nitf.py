"""NITF."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.read import nitf
from schemas.raw import Payload, RawDispatch, Refusal

FORMAT = "nitf"


def read(data: bytes, **fields: str) -> list[RawDispatch | Refusal]:
    return nitf.read(Payload(source="desk", uri="in", format=FORMAT, data=data, original="0", **fields))


def test_cases(case: Path, compare: Callable[..., None]) -> None:
    """Each input comes to what stands beside it."""
    compare(case)


@given(data=st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_no_bytes_are_too_odd(data: st.DataObject, read_almost: Callable[..., None]) -> None:
    """Whatever comes in, something comes out: dispatches or refusals, never an exception."""
    read_almost(FORMAT, data)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"<nitf>", True),
        (
            b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --><!DOCTYPE nitf SYSTEM "x" [<!-- ]> -->]><n:nitf xmlns:n="">',
            True,
        ),
        (b'<?xml version="1.0"?><!DOCTYPE nitf PUBLIC "' + b"x" * 9000, True),  # the head ends before the root
        ("<nitf>".encode("utf-16"), True),
        (b"<nitfy>", False),
        (b"<newsItem><nitf>", False),
        (b"the <nitf> element", False),
    ],
)
def test_looks_like(head: bytes, expected: bool) -> None:
    """The root element tells it, whatever stands before it."""
    assert nitf.looks_like(head[:8192]) is expected


def document(docdata: str = "", attributes: str = "", body: str = "<p>It held.</p>") -> bytes:
    head = f"<head><docdata {attributes}>{docdata}</docdata></head>"
    return f"<nitf>{head}<body><body.content>{body}</body.content></body></nitf>".encode()


@pytest.mark.parametrize(
    ("docdata", "attributes", "status", "until"),
    [
        ("", "", "usable", None),
        ("", 'management-status="usable"', "usable", None),
        ("", 'management-status="withheld"', "withheld", None),
        ("", 'management-status="canceled"', "killed", None),
        ("", 'management-status="of a private kind"', "withheld", None),
        ('<date.release norm="20250305T060000Z"/>', 'management-status="embargoed"', "embargoed", "2025-03-05"),
        ('<date.issue norm="20250304T0600Z"/><date.release norm="20250305T0600Z"/>', "", "embargoed", "2025-03-05"),
        ('<date.issue norm="20250304T0600Z"/><date.release norm="20250304T0600Z"/>', "", "usable", None),
        ('<date.issue norm="20250304"/><date.release norm="20250305"/>', "", "embargoed", None),
    ],
)
def test_status(docdata: str, attributes: str, status: str, until: str | None) -> None:
    """A status that is not known is no leave to publish; a release later than the issue is an embargo."""
    (raw,) = read(document(docdata, attributes))
    assert isinstance(raw, RawDispatch)
    assert (raw.status, raw.embargoed_until and raw.embargoed_until.date().isoformat()) == (status, until)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>A <em>b</em><q>c</q> d</p>", "A bc d"),
        ("<p>A<br/>b</p><pre>1\n2</pre>", "A\nb\n1\n2"),
        ("<block><p>A</p><block><p>B</p></block></block><hr/><p>C</p>", "A\nB\nC"),
        ("<p>A</p><media><media-caption>no</media-caption></media><p>B</p>", "A\nB"),
        ("<table><tr><th>x</th><td> 1 </td></tr></table><dl><dt>t</dt><dd>d</dd></dl>", "x\t1\nt\nd"),
        ("<p>a &amp; b &lt;script&gt;alert(1)&lt;/script&gt;</p>", "a & b <script>alert(1)</script>"),
        ("<p>5&nbsp;km &euro;2 <!-- no --><?no no?></p>", "5\xa0km €2"),
        ("bare text", "bare text"),
    ],
)
def test_paragraphs(body: str, expected: str) -> None:
    """The text has the paragraphs that a reader of it would see."""
    (raw,) = read(document(body=body))
    assert isinstance(raw, RawDispatch)
    assert raw.text_raw == expected


def test_a_correction_is_about_the_story_that_it_corrects() -> None:
    """So does a document that cancels another."""
    for docdata, attributes in (
        ('<correction id-string="A"/><doc-id id-string="B"/>', ""),
        ('<doc-id id-string="B"/>', 'management-doc-idref="A" management-status="canceled"'),
    ):
        (raw,) = read(document(docdata, attributes))
        assert isinstance(raw, RawDispatch)
        assert raw.feed_id == "A"


@pytest.mark.parametrize(
    ("identifier", "key", "expected"),
    [
        ("ab12_47", "ab12", "ab12"),  # the version stands behind the key
        ("NH-2025-0042", "ferry", "NH-2025-0042"),  # the key is a slug
        ("NH-1-desk", "NH-1", "NH-1-desk"),
        ("", "ferry", "ferry"),
    ],
)
def test_versions_have_one_id(identifier: str, key: str, expected: str) -> None:
    """All versions of a story have the same id."""
    (raw,) = read(document(f'<doc-id id-string="{identifier}"/><du-key key="{key}" version="47"/>'))
    assert isinstance(raw, RawDispatch)
    assert (raw.feed_id, raw.version) == (expected, "47")
