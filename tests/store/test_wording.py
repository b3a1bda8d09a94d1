"""How two quotes differ: the table, and what holds for any."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.store.wording import NEAR, compare

FULL = "We will not yield one metre of our land, and we will rebuild every bridge"

CASES: list[tuple[str, str, bool, list[tuple[str, str]]]] = [
    # the same words, other marks
    (FULL, FULL.upper().replace(",", " --"), True, []),
    # one word changed
    (FULL, FULL.replace("metre", "inch"), True, [("metre", "inch")]),
    # the second word changed: the first one still begins both
    ("We shall rebuild every bridge", "We will rebuild every bridge", True, [("shall", "will")]),
    # another spelling of a name that the gazetteer does not know
    ("Talks with Abubakr Jalil begin in May", "Talks with Abu Bakr Jalil begin in May", True,
     [("Abubakr", "Abu Bakr")]),
    # the half before the attribution
    (FULL, "We will not yield one metre of our land", True, [("and we will rebuild every bridge", "")]),
    # a fragment in a mixed quote
    ("not yield one metre of our land", FULL, True, [("", "We will"), ("", "and we will rebuild every bridge")]),
    # an explanation of the desk
    (FULL, FULL.replace("our land", "our [Eastern] land"), True, [("", "Eastern")]),
    # the same speaker on the same matter
    (FULL, "We will rebuild the bridge when one metre of snow is gone", False, []),
    # words of a short quote that stand here and there in a long one
    ("we will rebuild our land every day",
     "we know that it will take long to rebuild what our fathers made of the land in every hour of a day", False, []),
    # no words
    ("…", FULL, False, []),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "near", "differences"), CASES)
def test_wordings_are_compared(was: str, now: str, near: bool, differences: list[tuple[str, str]]) -> None:
    """What is near, and what is different about it."""
    likeness = compare(was, now)
    assert (likeness.share >= NEAR) == near
    if near:
        assert likeness.differences == differences


WORDS = st.lists(st.sampled_from(["we", "will", "not", "yield", "one", "metre", "of", "the", "land"]), max_size=25)


@settings(deadline=None)
@given(WORDS, WORDS)
def test_both_directions_tell_the_same(one: list[str], other: list[str]) -> None:
    """The share is the same, and the differences are the other way round."""
    there, back = compare(" ".join(one), " ".join(other)), compare(" ".join(other), " ".join(one))
    assert there.share == back.share
    assert 0 <= there.share <= 1
    assert there.differences == [(was, now) for now, was in back.differences]


@settings(deadline=None)
@given(WORDS.filter(bool), st.integers(0, 24), st.integers(1, 25))
def test_a_part_is_all_in_the_whole(words: list[str], start: int, length: int) -> None:
    """A quote cut at both ends is wholly common, in a row of its own words."""
    part = words[start : start + length]
    if len(part) > 1:
        assert compare(" ".join(words), " ".join(part)).share == 1
