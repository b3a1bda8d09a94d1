"""Words are cut as Universal Dependencies cuts them; nothing but white space lies between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.enrich.words import model_forms, split_words

CASES = [
    ("Russia's envoy didn't speak.", ["Russia", "'s", "envoy", "did", "n't", "speak", "."]),  # clitics
    ("They’re in the U.S. now", ["They", "’re", "in", "the", "U.S.", "now"]),  # curly apostrophe, points inside
    ("Sen. John F. Kennedy Jr. left.", ["Sen.", "John", "F.", "Kennedy", "Jr.", "left", "."]),  # abbreviations
    ("a five-year anti-missile pact", ["a", "five", "-", "year", "anti-missile", "pact"]),  # hyphens and prefixes
    ("Foreign Minister Kang Kyung-wha Park", ["Foreign", "Minister", "Kang", "Kyung-wha", "Park"]),  # given names
    ("$1,200.50 or 9/11 at 10:30", ["$", "1,200.50", "or", "9/11", "at", "10:30"]),  # numbers
    ("``It is late,'' she said --", ["``", "It", "is", "late", ",", "''", "she", "said", "--"]),  # wire marks
    ("AT&T cannot", ["AT&T", "can", "not"]),
    ("O'Brien and Sha'ab", ["O'Brien", "and", "Sha'ab"]),  # apostrophes inside names
    ("see https://example.org/a?b=1, or @desk", ["see", "https://example.org/a?b=1", ",", "or", "@desk"]),
    ("at 6:00am, 22,000tons on Pier #2", ["at", "6:00", "am", ",", "22,000", "tons", "on", "Pier", "#", "2"]),  # units
    ("self-defense, re-elected", ["self", "-", "defense", ",", "re-elected"]),  # prefixes that stay, and none
    ("at www.port.co.nz and Dispatches.com", ["at", "www.port.co.nz", "and", "Dispatches.com"]),  # addresses
    ("late [...] but #late", ["late", "[...]", "but", "#late"]),  # words left out
    ("in alt.religion.scientology were", ["in", "alt.religion.scientology", "were"]),  # dotted names
    ("Voestal AG (VSTL.VI) fell", ["Voestal", "AG", "(", "VSTL.VI", ")", "fell"]),  # tickers
    ("It don`t matter", ["It", "do", "n`t", "matter"]),
    ("the 1990s and the 20th", ["the", "1990s", "and", "the", "20th"]),
]


@pytest.mark.parametrize(("text", "words"), CASES)
def test_words(text: str, words: list[str]) -> None:
    assert [word.text for word in split_words(text)] == words


@given(st.text())
def test_between_words_there_is_white_space_only(text: str) -> None:
    at = 0
    for word in split_words(text):
        assert word.start >= at
        assert not text[at : word.start].strip()
        assert text[word.start : word.end] == word.text != ""
        at = word.end
    assert not text[at:].strip()


MARKS = [
    ('"Go," he said.', ["“", "Go", ",", "”", "he", "said", "."]),  # straight marks by the spaces around them
    ("``Go,'' he said.", ["“", "Go", ",", "”", "he", "said", "."]),
    ("''Go,'' he said.", ["“", "Go", ",", "”", "he", "said", "."]),
    ("«Go», he said.", ["“", "Go", "”", ",", "he", "said", "."]),
    ("the ‘red line’", ["the", "‘", "red", "line", "'"]),
    ("“We regret it.“ However", ["“", "We", "regret", "it", ".", "”", "However"]),  # turned round
    ("“We go,“ he said. “We go.”", ["“", "We", "go", ",", "”", "he", "said", ".", "“", "We", "go", ".", "”"]),
    ("He said,“ I go.”", ["He", "said", ",", "“", "I", "go", ".", "”"]),  # a space too late
]


@pytest.mark.parametrize(("text", "forms"), MARKS)
def test_the_model_sees_one_kind_of_marks(text: str, forms: list[str]) -> None:
    words = split_words(text)
    spaces = [text[word.end : word.end + 1].isspace() for word in words]
    assert model_forms([word.text for word in words], spaces)[0] == forms


def test_casing_is_told_apart() -> None:
    words = ["he", "Kyiv", "NATO", "A", "McCain", "1990s", ",", "“", "”"]
    assert model_forms(words, [True] * len(words))[1] == [1, 2, 3, 4, 5, 6, 0, 7, 8]
