"""HTML articles."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.read import html
from schemas.raw import Payload, RawDispatch, Refusal

FORMAT = "html"


def read(data: bytes, **fields: str) -> list[RawDispatch | Refusal]:
    return html.read(Payload(source="desk", uri="in", format=FORMAT, data=data, original="0", **fields))


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
        (b"\xef\xbb\xbf\n<!-- x --><!doctype HTML PUBLIC '-//W3C//DTD'>", True),
        (b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">', True),
        (b"<HTML lang=en>", True),
        (b"<article><h1>A</h1>", True),
        (b'<?xml version="1.0"?><article><title>not HTML</title>', False),
        (b"<nitf><head/></nitf>", False),
        (b"<b>Text</b>", False),
        (b"", False),
    ],
)
def test_looks_like(head: bytes, expected: bool) -> None:
    """The document type or the first element tells it."""
    assert html.looks_like(head) is expected


@pytest.mark.parametrize("part", ["<div>", "<b><i>", "<table><tr><td>", "<p a=1 ", "&", "<!--", "<h1>a</h1>"])
def test_hostile_pages_take_bounded_time(part: str) -> None:
    """A page of 100,000 elements in one another is read or refused in seconds."""
    assert len(read(f"<html><body>{part * 100_000}The text.".encode())) == 1
