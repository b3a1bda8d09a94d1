"""RSS and Atom."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.read import feed
from schemas.raw import Payload, RawDispatch, Refusal

FORMAT = "feed"


def read(data: bytes, **fields: str) -> list[RawDispatch | Refusal]:
    return feed.read(Payload(source="desk", uri="in", format=FORMAT, data=data, original="0", **fields))


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
        (b'<?xml version="1.0"?>\n<!-- x --><rss version="2.0">', True),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', True),
        (b'<a:feed xmlns:a="http://www.w3.org/2005/Atom">', True),
        (b'<rdf:RDF xmlns:rdf="x" xmlns="http://purl.org/rss/1.0/">', True),
        (b'<rdf:RDF xmlns:rdf="x" xmlns:foaf="http://xmlns.com/foaf/0.1/">', False),
        (b"<html><body><rss></body>", False),
        (b"The <rss> element", True),  # detection asks for XML before
        (b"Plain text", False),
    ],
)
def test_looks_like(head: bytes, expected: bool) -> None:
    """The first element tells it."""
    assert feed.looks_like(head) is expected


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<item " + " ".join(f"a{n}='1'" for n in range(600)) + "/>", "xml_limits"),
        ("<b>" * 300, "xml_limits"),
        ("", "empty"),
        ("\x00", "binary"),
    ],
)
def test_hostile_feeds_are_refused(markup: str, reason: str) -> None:
    """What would cost too much is refused before it is read."""
    (refusal,) = read(f"<rss version='2.0'><channel>{markup}</channel></rss>".encode())
    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason


def test_a_date_without_a_zone_is_none() -> None:
    """A parser that takes such a date for UTC is not asked."""
    for date, expected in (("Tue, 04 Mar 2025 09:10", None), ("2025-03-04", None), ("Tue, 04 Mar 2025 09:10 EST", 14)):
        (raw,) = read(f"<rss><channel><item><title>A</title><pubDate>{date}</pubDate></item></channel></rss>".encode())
        assert isinstance(raw, RawDispatch)
        assert (raw.version_created and raw.version_created.hour) == expected
