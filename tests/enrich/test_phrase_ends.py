"""Ends of phrases in a parse."""

import pytest
from compact import compact

from flows.enrich.phrase_ends import PhraseEnds

TEXT = "a Homeland Security Department official said"
PARSE = "DET:det:4 PROPN:compound:3 PROPN:compound:3 PROPN:compound:4 NOUN:nsubj:5 VERB:root:5"


@pytest.mark.parametrize(
    ("words", "expected"),
    [((0, 2), (0, 5)), ((0, 1), (0, 5)), ((0, 5), (0, 5)), ((0, 6), (0, 5)), ((4, 5), (4, 5))],
)
def test_a_source_ends_with_its_noun(words: tuple[int, int], expected: tuple[int, int]) -> None:
    """Words that break off inside a noun phrase are carried to its noun; a verb behind it is left out."""
    assert PhraseEnds(compact(TEXT, parse=PARSE).reading).source(words) == expected


@pytest.mark.parametrize(("word", "expected"), [(5, (0, 6)), (4, (0, 5)), (3, (1, 4)), (0, (0, 1))])
def test_a_subtree_reaches_over_all_that_hangs_on_a_word(word: int, expected: tuple[int, int]) -> None:
    """From the first to the last word of the subtree."""
    assert PhraseEnds(compact(TEXT, parse=PARSE).reading).subtree(word) == expected
