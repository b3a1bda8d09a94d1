"""Text repair: every step recorded, every step undone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.read import parse
from flows.read.repair import repaired, undo
from schemas.raw import Payload, RawDispatch


def raw(text: str, **fields: str) -> RawDispatch:
    return RawDispatch(text_raw=text, encoding="utf-8", **fields)


@pytest.mark.parametrize(
    ("text", "expected", "steps"),
    [
        ("Nothing to mend: “ça va”, Año Nuevo.\nnaïve\tone", None, []),
        # UTF-8 that was read as cp1252 or Latin-1 once, or twice
        ("The AÃ±o Nuevo fair", "The Año Nuevo fair", ["mojibake"]),
        ("He said â€œnoâ€\x9d.", "He said “no”.", ["mojibake"]),
        ("Mayor JosÃƒÂ© Ruiz", "Mayor José Ruiz", ["mojibake"]),
        # quotation marks of cp1252 that were read as Latin-1
        ("\x93No,\x94 she said", "“No,” she said", ["mojibake"]),
        # one bad line does not touch the others
        ("Ãngel Ruiz\nRÃ©my Tal\nÅngström", "Ãngel Ruiz\nRémy Tal\nÅngström", ["mojibake"]),
        ("\x01\x02Talks went on\x03\x04", "Talks went on", ["control"]),
        ("Talks\0 went on", "Talks went on", ["control"]),
        ("end of page\x0cnew page", "end of page\nnew page", ["control"]),
        ("the parlia\xadment's bill", "the parliament's bill", ["soft_hyphen"]),
        ("the parlia\xad\n  ment's bill", "the parliament's bill", ["soft_hyphen"]),
        # the text has the word elsewhere; then its other line ends are words too
        ("The trea-\nty, a treaty of de-\r\nfense.", "The treaty, a treaty of defense.", ["line_hyphen"]),
        # it has the compound elsewhere
        ("A price-\nfixing case; price-fixing again.", "A price-fixing case; price-fixing again.", ["line_hyphen"]),
        # the second part is no word
        ("The govern-\nment of the day", "The government of the day", ["line_hyphen"]),
        # compounds by their parts, and by what is usual where nothing tells
        ("A two-\nyear and a well-\nknown plan", "A two-year and a well-known plan", ["line_hyphen"]),
        ("A court-\nordered audit", "A court-ordered audit", ["line_hyphen"]),
        ("A court-\nordered audit of the depart-\nment", "A courtordered audit of the department", ["line_hyphen"]),
        # these are dashes, names and lists
        ("Abu-\nGhazal said -\nhe spoke --\nof tea", None, []),
        ("Scores: 3-\n2 and A-\nlist", None, []),
        ("\x02The parlia\xad\nment of AÃ±o\x03", "The parliament of Año", ["mojibake", "control", "soft_hyphen"]),
    ],
)
def test_steps(text: str, expected: str | None, steps: list[str]) -> None:
    """What is broken is mended in its place, the steps are named, and what is whole stays."""
    found = repaired(raw(text))
    assert found.text_raw == (text if expected is None else expected)
    assert [repair.step for repair in found.repairs] == steps
    assert undo(found.text_raw, found.repairs) == text


def test_edits_say_where() -> None:
    """An edit has the characters before, and the place of their replacement after the step."""
    (repair,) = repaired(raw("\x01Talks\x0cwent on\x03")).repairs
    assert [(edit.raw, edit.span) for edit in repair.edits] == [("\x01", (0, 0)), ("\x0c", (5, 6)), ("\x03", (13, 13))]


def test_a_million_edits_are_told_as_one() -> None:
    """A hostile text gives a record of bearable size, which is undone all the same."""
    text = "a\xadb" * 10_000
    found = repaired(raw(text))
    assert found.text_raw == "ab" * 10_000
    assert len(found.repairs[0].edits) == 1
    assert undo(found.text_raw, found.repairs) == text


def test_fields_are_repaired_as_the_text_is() -> None:
    """Each field has its own steps; one that holds nothing but control characters is empty."""
    found = repaired(raw("AÃ±o\nText.", headline="AÃ±o", byline="Ana R\xadey", slugline="\x07"))
    assert (found.headline, found.byline, found.slugline) == ("Año", "Ana Rey", None)
    assert [(repair.field, repair.step) for repair in found.repairs] == [
        ("text_raw", "mojibake"), ("headline", "mojibake"), ("byline", "soft_hyphen"), ("slugline", "control"),
    ]  # fmt: skip


def test_every_reader_is_followed_by_repair() -> None:
    """Text from any format is repaired once it is read; JSON lines under their own keys stay as they are."""
    data = '{"id": "a", "text": "The AÃ±o \\u0000fair\\n"}'.encode()
    for fields, expected in (({"id": "id"}, "The Año fair\n"), ({}, "The AÃ±o \0fair\n")):
        (found,) = parse(Payload(source="desk", uri="in", format="jsonl", data=data, original="0", fields=fields))
        assert isinstance(found, RawDispatch)
        assert found.text_raw == expected
    (found,) = parse(Payload(source="desk", uri="in", format="text", data="The AÃ±o\7 fair".encode(), original="0"))
    assert isinstance(found, RawDispatch)
    assert (found.text_raw, [each.step for each in found.repairs]) == ("The Año fair", ["mojibake", "control"])


_PIECES = ["Ã±", "â€œ", "\x93", "\xad", "\xad\n", "-\n", "-\r\n ", "\0", "\x0c", "ment", "trea", "ty", " ", "\n", "é"]


@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=4))).map("".join))
def test_repair_is_undone_exactly(text: str) -> None:
    """Whatever is in a text, undoing the repairs gives it back, and repaired text holds no control characters."""
    found = repaired(raw(text))
    assert undo(found.text_raw, found.repairs) == text
    assert not re.search("[\0-\x08\x0e-\x1f\x7f\xad]", found.text_raw)
