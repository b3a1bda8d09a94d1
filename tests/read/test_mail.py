"""E-mail."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.read import mail
from schemas.raw import Payload, RawDispatch, Refusal

FORMAT = "mail"


def read(data: bytes, **fields: str) -> list[RawDispatch | Refusal]:
    return mail.read(Payload(source="desk", uri="in", format=FORMAT, data=data, original="0", **fields))


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
        (b"   \r\nReturn-Path: <a@b>\r\nReceived: from x\r\n  by y\r\nDate: today\r\n", True),
        (b"From a@b Tue Mar  4 08:00:00 2025\nDate: x\nMessage-ID: <1>\nSubject: x\n", True),
        (b"Subject: only one header\n\nText", False),
        (b"From: the desk\nTalks went on.\n", False),
    ],
)
def test_looks_like(head: bytes, expected: bool) -> None:
    """Three headers tell it."""
    assert mail.looks_like(head) is expected


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("iso-8859-1", "“curly” in what says Latin-1".encode("cp1252")),
        ("iso-2022-jp", "橋が再開した".encode("iso-2022-jp")),
        ("koi8-r", "Мост".encode("koi8-r")),
        ("utf-8", "café".encode()),
        ("no-such-charset", "café".encode()),
        ("idna", "café".encode("cp1252")),
    ],
)
def test_charsets(charset: str, text: bytes) -> None:
    """The charset of the header is used where UTF-8 fails, and first where the bytes are ASCII as well."""
    (raw,) = read(b"Subject: A\nDate: x\nContent-Type: text/plain; charset=" + charset.encode() + b"\n\n" + text)
    assert isinstance(raw, RawDispatch)
    known = {"iso-8859-1": "cp1252", "no-such-charset": "utf-8", "idna": "cp1252"}.get(charset, charset)
    assert raw.text_raw == f"A\n{text.decode(known)}"


def test_a_body_that_only_looks_like_json_is_text() -> None:
    """Braces alone make no fields."""
    for body in ('{"a": 1}', "{broken", '{"headline": "No text in it"}'):
        (raw,) = read(f"Subject: A\nDate: x\nFrom: y\n\n{body}".encode())
        assert isinstance(raw, RawDispatch)
        assert raw.text_raw == f"A\n{body}"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("=?utf-8?Q?Caf=C3=A9_opens?=", "Café opens"),
        ("=?windows-1252?Q?The_Mayor’s_walk_=96_day_2?=", "The Mayor’s walk – day 2"),  # part of it not encoded
        ("=?no-such?Q?Mayor’s?=", "=?no-such?Q?Mayor’s?="),
        ("=?utf-8?B?QnLDvGNrZQ==?=", "Brücke"),
        ("Brücke", "Brücke"),
    ],
)
def test_subjects(subject: str, expected: str) -> None:
    """Encoded words are decoded, those too that hold characters which should have been encoded."""
    (raw,) = read(f"Subject: {subject}\nDate: x\nFrom: y\n\nIt held.".encode())
    assert isinstance(raw, RawDispatch)
    assert raw.headline == expected
