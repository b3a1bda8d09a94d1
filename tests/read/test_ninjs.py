"""ninjs 1 to 3."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.read import ninjs
from schemas.raw import Payload, RawDispatch, Refusal

FORMAT = "ninjs"


def read(data: bytes, **fields: str) -> list[RawDispatch | Refusal]:
    return ninjs.read(Payload(source="desk", uri="in", format=FORMAT, data=data, original="0", **fields))


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
        (b'{"uri": "urn:x", "headline": "A"}', True),
        (b'\xef\xbb\xbf [ {"guid": "1", "version": "2"', True),  # an array, cut
        (b'{"versionCreated": "2024", "bodies": [{"uri": 1, "text": 2}], "uri": "x", "associations": [{', True),
        (b'{"id": 1, "text": "A text", "uri": "urn:x"}', False),  # JSON lines
        (b'{"headlines": [{"uri": "not at the top"}]}', False),
        (b'{"a\\"uri": 1, "b": "\\"uri\\": 2"}', False),
        (b'Text about "uri"', False),
    ],
)
def test_looks_like(head: bytes, expected: bool) -> None:
    """The keys of the object tell it, wherever in it they stand."""
    assert ninjs.looks_like(head) is expected


@pytest.mark.parametrize(
    ("fields", "loc"),
    [
        ('"urgency": 0.1', "urgency"),
        ('"urgency": 10', "urgency"),
        ('"urgency": "4"', "urgency"),
        ('"pubstatus": "cancelled"', "pubstatus"),
        ('"type": "essay"', "type"),
        ('"version": 3', "version"),
        ('"language": null', "language"),
        ('"bodies": [{"contenttype": "text/plain"}]', "bodies.0.value"),
        ('"headlines": "A"', "headlines"),
        ('"versionCreated": "x", "contentType": "text/plain"', "contentType"),
        ('"bodies": [{"contenttype": "text/plain", "value": "x", "contentType": "y"}]', "bodies.0.contentType"),
        ('"subject": [{"name": 5}], "headline": "A"', "subject.0.name"),
        ('"headline_": "A"', "input"),
        ('"renditions": {"": {}}', "renditions..[key]"),
        ('"renditions": [{"href": "x"}]', "renditions.0.name"),
        ('"people": [{"contactInfo": [{"value": "x", "address": {}}]}]', "people.0.contactInfo.0"),
    ],
)
def test_the_rules_of_the_schemas(fields: str, loc: str) -> None:
    """What IPTC's schemas forbid is refused, and the place is told in the names of the input."""
    (refusal,) = read(f'{{"uri": "urn:x", {fields}}}'.encode())
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "invalid_fields"
    assert loc in [error.loc for error in refusal.errors]


def test_an_object_without_end_is_refused() -> None:
    """Associations in associations end somewhere."""
    deep = '{"uri": "u", "associations": {"a": ' * 300 + '{"uri": "u"}' + "}}" * 300
    (refusal,) = read(deep.encode())
    assert isinstance(refusal, Refusal)


def test_a_million_errors_are_not_told_one_by_one() -> None:
    """A hostile object gives a refusal of bearable size."""
    (refusal,) = read(b'{"uri": "u", "bodies": [' + b"1," * 100_000 + b"1]}")
    assert isinstance(refusal, Refusal)
    assert len(refusal.errors) == 101
    assert "99,901 more" in refusal.errors[-1].message


@pytest.mark.parametrize("date", ["tomorrow", "2025-03-05", "2025-03-05T06:00:00"])
def test_an_embargo_that_cannot_be_read_holds(date: str) -> None:
    """No zone is assumed, and a date that is not understood is no leave to publish."""
    (raw,) = read(f'{{"uri": "u", "headline": "A", "body_text": "Text.", "embargoed": "{date}"}}'.encode())
    assert isinstance(raw, RawDispatch)
    assert (raw.status, raw.embargoed_until) == ("embargoed", None)
