"""Dialogue: paragraphs that begin with a speaker and a colon."""

import pytest

from flows.enrich.dialogue import dialogue_lines, signature
from flows.enrich.structure import plain_paragraphs

CASES = [
    # two speakers in turn
    (
        "WALLACE: Did you sign?\nHARRIS: I did.",
        [("WALLACE", "Did you sign?"), ("HARRIS", "I did.")],
    ),
    # question and answer
    ("Q: Who paid?\nA: Nobody did.", [("Q", "Who paid?"), ("A", "Nobody did.")]),
    # full names, with marks around the words
    (
        "Ann Lee: “It rained.”\nBo Berg: “It snowed.”",
        [("Ann Lee", "It rained."), ("Bo Berg", "It snowed.")],
    ),
    # a narrator between
    (
        "WALLACE: Did you sign?\nThe room was quiet.\nHARRIS: I did.",
        [("WALLACE", "Did you sign?"), ("HARRIS", "I did.")],
    ),
    # one line alone may be a headline
    ("WALLACE: Did you sign?\nThe room was quiet.", []),
    # lines of the desk are no speakers
    ("ADVISORY: Photos to come.\nCORRECTION: The name is Lee.", []),
    ("UPDATE 1: Adds detail.\nSOURCES: The company.", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:40] for text, _ in CASES])
def test_lines_of_a_dialogue_are_direct_speech(text: str, expected: list[tuple[str, str]]) -> None:
    """Speaker and words are those of the table; a single line is none."""
    found = [
        (text[slice(*(made.speaker or (0, 0)))], text[slice(*made.spans[0])])
        for made in dialogue_lines(text, plain_paragraphs(text))
    ]
    assert found == expected


SIGNED = [
    # a dash and a name at the end of the line
    ("“Never again.” — Ann Lee", "Ann Lee"),
    ("“Never again.” ― Ann Lee.\n“And again.”", "Ann Lee"),
    ("“Never again.”— José de la Cruz\n", "José de la Cruz"),
    ("“Never again.” - Ann Lee", "Ann Lee"),
    # with a place or a date
    ("“Never again.” -- Ann Lee, Ohio", "Ann Lee"),
    # a sentence behind the dash, a hyphen, another line
    ("“Never again.” — Ann Lee was firm.", None),
    ("“Never”-Land", None),
    ("“Never again.”\n— Ann Lee", None),
]


@pytest.mark.parametrize(("text", "name"), SIGNED)
def test_a_quotation_is_signed_with_a_dash(text: str, name: str | None) -> None:
    """The name is that of the table."""
    found = signature(text, text.index("”") + 1)
    assert (found and text[slice(*found)]) == name
