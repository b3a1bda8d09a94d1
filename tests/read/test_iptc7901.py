"""IPTC 7901."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.read import iptc7901
from schemas.raw import Payload, RawDispatch, Refusal

FORMAT = "iptc7901"


def read(data: bytes, **fields: str) -> list[RawDispatch | Refusal]:
    return iptc7901.read(Payload(source="desk", uri="in", format=FORMAT, data=data, original="0", **fields))


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
        (b"\x01eca062 4 i 211 ccccb   dpa 061\r\n", True),
        (b"ZCZC\r\n\x01nhw0417 4 i 180", True),
        (b"\x01a0117\x1f\nu a", False),  # ANPA
        (b"eca062 4 i 211", False),
        (b"Some text first \x01eca062 4 i 211", False),
    ],
)
def test_looks_like(head: bytes, expected: bool) -> None:
    """SOH, service and number at the beginning tell it."""
    assert iptc7901.looks_like(head) is expected


@pytest.mark.parametrize(
    ("printed", "headline", "byline", "note", "text"),
    [
        ("Dam holds =\n\n   It held.", "Dam holds", None, None, "Dam holds\nIt held."),
        ("EXTRA\nDam holds =\n\n   It held.", "Dam holds", None, "EXTRA", "Dam holds\nIt held."),
        ("1ST LEAD\nDam holds\n\nIt held.", "Dam holds", None, "1ST LEAD", "Dam holds\nIt held."),
        ("Dam holds =\nBy Helmi Sarre, nhw\n\nIt held.", "Dam holds", "Helmi Sarre, nhw", None,
         "Dam holds\nBy Helmi Sarre, nhw\nIt held."),
        ("   It held.\n   They cheered.", None, None, None, "It held.\nThey cheered."),
        ("EXTRA", None, None, None, "EXTRA"),  # a mark without more is the text
    ],
)  # fmt: skip
def test_heads(printed: str, headline: str | None, byline: str | None, note: str | None, text: str) -> None:
    """Marks, headline and byline stand before the text, to the line that ends in `=` or the first blank one."""
    (raw,) = read(f"\x01nhw0417 4 i 180  nhw 052\n\nDam/\n\x02{printed}\n\x03\x04".encode())
    assert isinstance(raw, RawDispatch)
    assert (raw.headline, raw.byline, raw.ed_note, raw.text_raw) == (headline, byline, note, text)


@pytest.mark.parametrize(
    ("mark", "status", "signal"),
    [
        ("KILL", "killed", "kill"),
        ("WITHDRAWAL", "killed", "kill"),
        ("CORRECTION", "usable", "correction"),
        ("2ND LEAD", "usable", "update"),
        ("EXTRA", "usable", "new"),
    ],
)
def test_marks(mark: str, status: str, signal: str) -> None:
    """The mark before the headline says what the message does."""
    (raw,) = read(f"\x01nhw1 4 i 9\n\x02{mark}\nDam holds =\n\n   It held.\n\x03\x04".encode())
    assert isinstance(raw, RawDispatch)
    assert (raw.status, raw.signal) == (status, signal)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("131137 GMT Nov 13", "2013-11-13T11:37:00+00:00"),
        ("212101 MESZ Okt 2018", "2018-10-21T19:01:00+00:00"),
        ("212101 Okt 2018", None),  # no zone is assumed
        ("212101 EST Oct 18", None),
        ("322501 GMT Oct 18", None),
    ],
)
def test_times(end: str, expected: str | None) -> None:
    """The time stands behind the text."""
    (raw,) = read(f"\x01nhw1 4 i 9\n\x02Dam holds =\n\n   It held.\n\x03{end}\n\x04".encode())
    assert isinstance(raw, RawDispatch)
    assert (raw.version_created.isoformat() if raw.version_created else None) == expected


def test_a_code_page_of_the_source_is_believed() -> None:
    """Old wires send in code pages of their own, which the source declares."""
    data = "\x01nhw1 4 i 9\n\x02Prag hält Wort =\n\n   Příště více.\n\x03\x04".encode("cp1250")
    (raw,) = read(data, encoding="cp1250")
    assert isinstance(raw, RawDispatch)
    assert (raw.text_raw, raw.encoding) == ("Prag hält Wort\nPříště více.", "cp1250")


@pytest.mark.timeout(20)
def test_a_long_line_of_capitals_costs_no_time() -> None:
    """Found by fuzzing: a mark that is none took a time that grew with the fourth power of its length."""
    (raw,) = read(b"\x01nhw1 4 i 9\n\x02" + b"BERICHT" * 2_000 + b"a\nDam holds =\n\n   It held.\n\x03\x04")
    assert isinstance(raw, RawDispatch)
    assert raw.ed_note is None
