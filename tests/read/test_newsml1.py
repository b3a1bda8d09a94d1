"""NewsML 1.2."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.read import newsml1
from schemas.raw import Payload, RawDispatch, Refusal

FORMAT = "newsml1"


def read(data: bytes, **fields: str) -> list[RawDispatch | Refusal]:
    return newsml1.read(Payload(source="desk", uri="in", format=FORMAT, data=data, original="0", **fields))


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
        (b'<?xml version="1.0"?><!DOCTYPE NewsML SYSTEM "x.dtd"><NewsML Version="1.2">', True),
        (b"<newsItem>", False),
        (b"<NewsMLx>", False),
    ],
)
def test_looks_like(head: bytes, expected: bool) -> None:
    """The root element tells it."""
    assert newsml1.looks_like(head) is expected


def item(
    status: str = "Usable", more: str = "", revision: str = '<RevisionId PreviousRevision="0">1</RevisionId>'
) -> bytes:
    return f"""<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>p</ProviderId><DateId>d</DateId>
    <NewsItemId>n</NewsItemId>{revision}</NewsIdentifier></Identification>
    <NewsManagement><Status FormalName="{status}"/>{more}</NewsManagement>
    <NewsComponent><NewsLines><HeadLine>Dam holds</HeadLine></NewsLines><ContentItem><DataContent>It held.</DataContent>
    </ContentItem></NewsComponent></NewsItem></NewsML>""".encode()


def change(status: str) -> str:
    date = "<DateAndTime>20250305T060000Z</DateAndTime>"
    return f'<StatusWillChange><FutureStatus FormalName="{status}"/>{date}</StatusWillChange>'


@pytest.mark.parametrize(
    ("status", "more", "expected"),
    [
        ("Usable", "", ("usable", "new", None)),
        ("Withheld", "", ("withheld", "new", None)),
        ("Canceled", "", ("killed", "kill", None)),
        ("Embargoed", "", ("embargoed", "new", None)),
        ("Embargoed", change("Usable"), ("embargoed", "new", "2025-03-05")),
        ("Embargoed", change("Canceled"), ("embargoed", "new", None)),
        ("Usable", '<Instruction FormalName="Correction"/>', ("usable", "correction", None)),
        ("Usable", '<Instruction FormalName="Update"/>', ("usable", "update", None)),
        ("Usable", '<Instruction FormalName="Delete"/>', ("killed", "kill", None)),
    ],
)  # fmt: skip
def test_status(status: str, more: str, expected: tuple[str, str, str | None]) -> None:
    """Status, its change to come, and instructions."""
    (raw,) = read(item(status, more))
    assert isinstance(raw, RawDispatch)
    until = raw.embargoed_until and raw.embargoed_until.date().isoformat()
    assert (raw.status, raw.signal, until) == expected


def test_revisions_have_one_id() -> None:
    """The public identifier ends with the revision, which is none of the story's id."""
    for revision, update in (("1", "new"), ("2", "update")):
        before = int(revision) - 1
        tag = f'<RevisionId PreviousRevision="{before}" Update="N">{revision}</RevisionId>'
        (raw,) = read(item(revision=tag))
        assert isinstance(raw, RawDispatch)
        assert (raw.feed_id, raw.version, raw.signal) == ("urn:newsml:p:d:n", revision, update)
        bare = f"<PublicIdentifier>urn:newsml:x:1:a:{revision}</PublicIdentifier>{tag}"
        data = item(revision=bare).replace(b"<ProviderId>p</ProviderId>", b"")
        (raw,) = read(data)
        assert isinstance(raw, RawDispatch)
        assert raw.feed_id == "urn:newsml:x:1:a"
