"""CSV."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.read import table
from schemas.raw import Payload, RawDispatch, Refusal

FORMAT = "table"


def read(data: bytes, **fields: str) -> list[RawDispatch | Refusal]:
    return table.read(Payload(source="desk", uri="in", format=FORMAT, data=data, original="0", **fields))


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
        (b"id,text\n1,x", True),
        (b'\xef\xbb\xbf"Story ID";"Full Text"\r\n', True),
        (b"headline\tbody\tdate\n", True),
        (b"text\nonly one column", False),
        (b"id,place\n", False),
        (b"Talks on text, body and id went on, she said.\n", False),
        (b"", False),
    ],
)
def test_looks_like(head: bytes, expected: bool) -> None:
    """A header row with a column of texts and another that is known tells it."""
    assert table.looks_like(head) is expected


def test_a_mapping_names_the_columns() -> None:
    """A mapping goes before the known names."""
    data = b"nr,Text,Meldung,Titel\n7,no,Die Br\xc3\xbccke ist offen.,Offen\n"
    fields = {"text": "Meldung", "headline": "Titel", "id": "nr"}
    (raw,) = table.read(Payload(source="desk", uri="in", format=FORMAT, data=data, original="0", fields=fields))
    assert isinstance(raw, RawDispatch)
    assert (raw.text_raw, raw.feed_id) == ("Offen\nDie Brücke ist offen.", "7")


def test_a_row_given_by_itself_has_no_number() -> None:
    """A payload that is one row of a file already says which."""
    (raw,) = read(b"id,text\n1,Talks.\n", item="row 9")
    assert isinstance(raw, RawDispatch)
    assert raw.item is None
