"""Dialogue: paragraphs that begin with a speaker and a colon."""

import pytest

from flows.enrich.dialogue import dialogue_lines
from flows.enrich.lexicon import Lexicon
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
def test_lines_of_a_dialogue_are_direct_speech(text: str, expected: list[tuple[str, str]], lexicon: Lexicon) -> None:
    """Speaker and words are those of the table; a single line is none."""
    found = [
        (text[slice(*(made.speaker or (0, 0)))], text[slice(*made.spans[0])])
        for made in dialogue_lines(text, plain_paragraphs(text), lexicon)
    ]
    assert found == expected
