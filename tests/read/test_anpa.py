"""ANPA 1312."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.read import anpa
from schemas.raw import Payload, RawDispatch, Refusal

FORMAT = "anpa"


def read(data: bytes, **fields: str) -> list[RawDispatch | Refusal]:
    return anpa.read(Payload(source="desk", uri="in", format=FORMAT, data=data, original="0", **fields))


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
        (b"\x16\x16\x01AW2870\x1f_asian\nf l\x13\x11 BC", True),
        (b"\x01a0117\x1f\nu a", True),
        (b"\0\0\x16\x16\x01z6715\x1f", True),
        (b"\x01eca062 4 i 211 ccccb", False),  # IPTC 7901
        (b"Wire AW2870 is down.", False),
    ],
)
def test_looks_like(head: bytes, expected: bool) -> None:
    """SOH, desk, number and US tell it."""
    assert anpa.looks_like(head) is expected


def message(slug: str, *lines: str, header: str = "BC-Dam 03-04 0010", end: str = "") -> bytes:
    text = "\r\n".join([f"^{slug}<", *lines])
    return f"\x16\x16\x01NW1\x1f\r\nr i\x13\x11 {header}\r\n\x02{text}\r\n\x03{end}\r\n\x04".encode()


@pytest.mark.parametrize(
    ("slug", "header", "status", "signal"),
    [
        ("BC-Dam,60", "BC-Dam 03-04 0010", "usable", "new"),
        ("BC-Dam, 1st Ld-Writethru,60", "BC-Dam 03-04 0010", "usable", "update"),
        ("BC-Dam, 2nd Ld,60", "BC-Dam 03-04 0010", "usable", "update"),
        ("BC-Dam, CORRECTIVE,60", "BC-Dam 03-04 0010", "usable", "correction"),
        ("BC-Dam, Bulletin Kill,60", "BC-Dam 03-04 0010", "killed", "kill"),
        ("BC-Dam, Kill,60", "BC-Dam 03-04 0010", "killed", "kill"),
        ("BC-Dam,60", "BC-Dam 1stLd-Writethru 03-04 0010", "usable", "update"),  # the header says it alone
        ("BC-Kill Bill,60", "BC-Kill-Bill 03-04 0010", "usable", "new"),  # a keyword is no version
    ],
)
def test_versions(slug: str, header: str, status: str, signal: str) -> None:
    """The version stands behind the keyword, in the slug or in the header."""
    (raw,) = read(message(slug, "^Dam holds<", "\tIt held.", header=header))
    assert isinstance(raw, RawDispatch)
    assert (raw.status, raw.signal) == (status, signal)


def test_a_kill_without_text_is_a_kill() -> None:
    """The slug alone kills."""
    (raw,) = read(message("BC-Dam, Kill"))
    assert isinstance(raw, RawDispatch)
    assert (raw.text_raw, raw.status, raw.slugline) == ("", "killed", "BC-Dam, Kill")


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("NW-WF-11-13-13 1509GMT", "2013-11-13T15:09:00+00:00"),
        ("NW-NY-02-11-91 2311UTC", "1991-02-11T23:11:00+00:00"),
        ("NW-02-19-16 2237EST", None),  # a zone that is not stated in full is not assumed
        ("NW-13-32-16 2237GMT", None),
    ],
)
def test_times(end: str, expected: str | None) -> None:
    """The time stands behind the text."""
    (raw,) = read(message("BC-Dam", "\tIt held.", end=end))
    assert isinstance(raw, RawDispatch)
    assert (raw.version_created.isoformat() if raw.version_created else None) == expected


def test_lines_of_a_table_are_no_head() -> None:
    """They are set off from the margin; in the head, a line stands at it."""
    (raw,) = read(message("BC-Weather", "\t   TARNWICK (NW) _ Temperatures:<", "\t   Skerry;4;9;rn<"))
    assert isinstance(raw, RawDispatch)
    assert (raw.headline, raw.text_raw) == (None, "TARNWICK (NW) _ Temperatures:\nSkerry;4;9;rn")
