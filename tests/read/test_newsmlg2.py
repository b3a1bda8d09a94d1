"""NewsML-G2."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.read import newsmlg2
from schemas.raw import Payload, RawDispatch, Refusal

FORMAT = "newsmlg2"


def read(data: bytes, **fields: str) -> list[RawDispatch | Refusal]:
    return newsmlg2.read(Payload(source="desk", uri="in", format=FORMAT, data=data, original="0", **fields))


def test_cases(case: Path, compare: Callable[..., None]) -> None:
    """Each input comes to what stands beside it."""
    compare(case)


@given(data=st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_no_bytes_are_too_odd(data: st.DataObject, read_almost: Callable[..., None]) -> None:
    """Whatever comes in, something comes out: dispatches or refusals, never an exception."""
    read_almost(FORMAT, data)


NAMESPACE = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'<?xml version="1.0"?><newsItem xmlns="u">', True),
        (b"<ns0:newsMessage xmlns:ns0='u'>", True),
        (b"<packageItem>", True),
        (b"<NewsItem>", False),
        (b"<NewsML>", False),
    ],
)
def test_looks_like(head: bytes, expected: bool) -> None:
    """The root element tells it."""
    assert newsmlg2.looks_like(head) is expected


def item(meta: str = "", content: str = "", data: str = "It held.") -> bytes:
    return f"""<newsItem {NAMESPACE} guid="g"><itemMeta>{meta}</itemMeta><contentMeta><headline>Dam</headline>{content}
    </contentMeta><contentSet><inlineData>{data}</inlineData></contentSet></newsItem>""".encode()


@pytest.mark.parametrize(
    ("meta", "status", "signal"),
    [
        ("", "usable", "new"),
        ('<pubStatus qcode="stat:usable"/>', "usable", "new"),
        ('<pubStatus qcode="stat:withheld"/>', "withheld", "new"),
        ('<pubStatus qcode="stat:canceled"/>', "killed", "kill"),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "killed", "kill"),
        ('<pubStatus qcode="private:other"/>', "withheld", "new"),
        ("<embargoed>2025-03-05T06:00:00Z</embargoed>", "embargoed", "new"),
        ("<embargoed/>", "embargoed", "new"),  # until further notice
        ('<embargoed>2025-03-05T06:00:00Z</embargoed><pubStatus qcode="stat:withheld"/>', "withheld", "new"),
        ('<signal qcode="sig:correction"/>', "usable", "correction"),
        ('<signal qcode="edstat:C"/>', "usable", "correction"),
        ('<signal qcode="edstat:U"/>', "usable", "update"),
        ('<signal qcode="edstat:N"/>', "usable", "new"),
    ],
)
def test_status(meta: str, status: str, signal: str) -> None:
    """Codes count by their last part: aliases of schemes are the sender's choice."""
    (raw,) = read(item(meta))
    assert isinstance(raw, RawDispatch)
    assert (raw.status, raw.signal) == (status, signal)


def test_a_canceled_package_is_a_kill_among_other_items() -> None:
    """A package that only lists items is passed over, unless it is canceled."""
    package = '<packageItem guid="p"><itemMeta><pubStatus qcode="stat:{}"/></itemMeta></packageItem>'
    other = item().decode().replace(NAMESPACE, "")
    for status, expected in (("usable", ["g"]), ("canceled", ["p", "g"])):
        listed = package.format(status)
        found = read(f"<newsMessage {NAMESPACE}><itemSet>{listed}{other}</itemSet></newsMessage>".encode())
        assert [raw.feed_id for raw in found if isinstance(raw, RawDispatch)] == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("One.\n\nTwo.", "Dam\nOne.\nTwo."),
        ("&lt;p&gt;One.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;p&gt;Two.&lt;/p&gt;", "Dam\nOne.\nTwo."),
        ("Dam\n\nIt held.", "Dam\nIt held."),
    ],
)
def test_inline_data(data: str, expected: str) -> None:
    """Plain text in its paragraphs, or HTML that was escaped."""
    (raw,) = read(item(data=data))
    assert isinstance(raw, RawDispatch)
    assert raw.text_raw == expected
