"""A page answers questions about words and spans."""

from compact import compact
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.enrich.page import Page


def page_of(marked: str, parse: str = "") -> Page:
    """Return the page of a marked text."""
    made = compact(marked, parse=parse)
    return Page(made.text, made.reading)


@settings(deadline=None)
@given(
    words=st.lists(st.sampled_from(["Ann", "Lee", ",", "said", "“", "3.5", "U.S."]), min_size=1, max_size=12),
    data=st.data(),
)
def test_words_and_spans_lead_to_each_other(words: list[str], data: st.DataObject) -> None:
    """The words of the span of some words are these words."""
    page = page_of(" ".join(words))
    first = data.draw(st.integers(0, len(page.words) - 1))
    last = data.draw(st.integers(first + 1, len(page.words)))
    assert page.words_of(page.span_of((first, last))) == (first, last)


def test_a_span_that_cuts_a_word_touches_it() -> None:
    """A part of a word stands for the word; the space between two words for none."""
    page = page_of("Ann Lee left")
    assert page.words_of((1, 2)) == (0, 1)
    assert page.words_of((3, 4)) == (1, 1)


def test_a_name_is_headed_by_the_word_that_hangs_on_another() -> None:
    """With a parse the head is the one that leads out of the name, without one the last word."""
    parse = "PROPN:nsubj:2 PROPN:flat:0 VERB:root:2"
    assert page_of("Ann Lee left", parse).head_of((0, 2)) == 0
    assert page_of("Ann Lee left").head_of((0, 2)) == 1


def test_who_is_joined_to_a_subject_is_a_subject() -> None:
    """`Ann and Bob left`: both are; a name in an apposition to a subject is, too."""
    page = page_of("Ann and Bob left Rome", "PROPN:nsubj:3 CCONJ:cc:2 PROPN:conj:0 VERB:root:3 PROPN:obj:3")
    assert [page.is_subject(word) for word in (0, 2, 4)] == [True, True, False]
