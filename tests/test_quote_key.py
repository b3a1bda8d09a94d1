"""The identity of a quote: what has the same key, what has not, and which quotes share a band."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.quote_key import LONGEST, SHORTEST, SURE_RUN, quote_bands, quote_key, split, words_said


def key(said: str) -> str:
    return quote_key(split(said))


SAME = [
    ("The talks go on", "THE TALKS GO ON."),  # a line in capitals
    ("We don’t know", "We don't know"),  # one wire's apostrophe and another's
    ("the café in Łódź", "the cafe in Lodz"),
    ("a cease-fire by May", "a ceasefire by May"),
    ("a cease-fire by May", "a cease fire by May"),
    ("a cease\u2011fire by May", "a cease-fire by May"),  # a hyphen that does not break
    ("the U.S. is ready", "the US is ready"),
    ("He is “mad,” I say", "He is ``mad,'' I say"),  # nested marks
    ("We will -- if asked -- go", "We will — if asked — go…"),
    ("some 1,000,000 people", "some 1000000 people"),
    ("up 5 percent", "up 5 per cent"),
    ("up 5 percent", "up 5%"),
    ("a 10-year-old boy", "a 10 year old boy"),
    ("pay\u00adment\nis due", "payment is due"),  # a soft hyphen, a line end
]

DIFFERENT = [
    ("The talks go on", "The talk goes on"),
    ("up 1.5 percent", "up 15 percent"),
    ("from 2 12-year-olds", "from 21 2-year-olds"),
    ("in 2010-2015", "in 20102015"),
    ("it costs $5", "it costs €5"),
    ("it costs $5", "it costs 5"),
    ("We agree", "We agree not"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_words_have_the_same_key(one: str, other: str) -> None:
    """Case, marks, accents, hyphens and the bounds of words do not count."""
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_words_have_another_key(one: str, other: str) -> None:
    """Words, figures and the signs of figures count."""
    assert key(one) != key(other)


def test_kinds_differ_in_marks_only() -> None:
    """The same words have one key as direct, mixed and indirect speech."""
    keys = {
        key(words_said("direct", "“We will,” “and soon.”", ["We will,", "and soon."])),
        key(words_said("mixed", "we will, “and soon”", ["and soon"])),
        key(words_said("indirect", "we will and soon", [])),
    }
    assert len(keys) == 1


def test_a_key_is_stable() -> None:
    """A key is stored: another one for the same words would be another quote."""
    assert key("We will not yield") == "98bb005323e06348"
    assert quote_bands(split("We will not yield one metre")) == ["6ea6eb31", "b15129d4", "c7aee922", "e8d82eb0"]


def test_without_words_there_is_no_key_and_no_band() -> None:
    """Marks alone are not the same words."""
    assert key("“…” -- !") == ""
    assert quote_bands([]) == []


WORDS = st.lists(
    st.sampled_from(["we", "will", "not", "yield", "one", "metre", "of", "the", "land", "peace", "talks", "begin", "on",
                     "Monday", "Kyiv’s", "cease-fire", "1,000", "5", "it’s"]), max_size=60,
)  # fmt: skip


@settings(deadline=None)
@given(WORDS, st.lists(st.sampled_from([" ", ", ", "... ", " -- ", "” “", "\n"]), min_size=60, max_size=60))
def test_what_stands_between_words_does_not_count(words: list[str], between: list[str]) -> None:
    """Marks, dashes and line ends, and capitals, leave key and bands as they are."""
    printed = "".join(word + gap for word, gap in zip(words, between, strict=False))
    plain = split(" ".join(words))
    assert quote_key(split(printed.upper())) == quote_key(plain)
    assert quote_bands(split(printed)) == quote_bands(plain)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_words_in_order(text: str) -> None:
    """Words stand one behind the other in the text, and none is empty."""
    words = split(text)
    assert all(word.form and word.start < word.end <= len(text) for word in words)
    assert all(one.end <= other.start for one, other in pairwise(words))
    assert bool(quote_key(words)) == bool(words)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=4, max_size=4), WORDS.filter(lambda words: len(words) >= SURE_RUN))
def test_a_run_in_common_is_a_band_in_common(around: list[list[str]], run: list[str]) -> None:
    """Quotes of enough words that have five words in a row in common share a band, whatever stands around."""
    first, second = ([*before, *run, *after] for before, after in (around[:2], around[2:]))
    if min(len(first), len(second)) >= SHORTEST:
        assert set(quote_bands(split(" ".join(first)))) & set(quote_bands(split(" ".join(second))))


@pytest.mark.parametrize("changed", range(SHORTEST))
def test_one_changed_word_leaves_a_band_in_common(changed: int) -> None:
    """Also in the shortest quote that has bands, wherever the word stands."""
    words = ["We", "will", "never", "yield", "this", "land"]
    other = [*words[:changed], "X", *words[changed + 1 :]]
    assert len(words) == SHORTEST
    assert set(quote_bands(split(" ".join(words)))) & set(quote_bands(split(" ".join(other))))


def test_bands_are_few() -> None:
    """A short quote has none, a long one about one for each two words, and an endless one no more than that."""
    words = [f"word{'x' * (number * 7 % 13)}{chr(97 + number % 26)}" for number in range(LONGEST)]
    assert quote_bands(split("We will see to that")) == []
    assert len(quote_bands(split(" ".join(words)))) < 0.6 * LONGEST
    assert quote_bands(split(" ".join(words * 50))) == quote_bands(split(" ".join(words)))
