"""Sketches of texts estimate what the texts have in common."""

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.stories.likeness import PLACES, bands, containment, resemblance, shingles, sketch, words

WORDS = [f"w{number}" for number in range(400)]


@settings(max_examples=30, deadline=None)
@given(common=st.integers(0, 200), mine=st.integers(1, 100), others=st.integers(1, 100))
def test_resemblance_is_near_the_shared_part(common: int, mine: int, others: int) -> None:
    """Within four standard errors of 48 places."""
    one = set(WORDS[:common]) | {f"a{number}" for number in range(mine)}
    other = set(WORDS[:common]) | {f"b{number}" for number in range(others)}
    true = len(one & other) / len(one | other)
    estimate = resemblance(sketch(one), sketch(other))
    assert abs(estimate - true) <= 4 * (max(true * (1 - true), 0.02) / PLACES) ** 0.5
    assert estimate == resemblance(sketch(other), sketch(one))


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=300))
def test_case_and_marks_do_not_count(text: str) -> None:
    """The same words make the same sketch; any text makes one."""
    made = sketch(shingles(words(text)))
    assert len(made) == PLACES * 4
    assert made == sketch(shingles(words(" ".join(words(text)))))


def test_a_part_is_contained_in_the_whole() -> None:
    """However much longer the whole is."""
    whole, part = shingles(WORDS), shingles(WORDS[:100])
    found = containment(resemblance(sketch(whole), sketch(part)), len(whole), len(part))
    assert found > 0.5
    assert containment(0.0, 10, 10) == containment(1.0, 0, 10) == 0.0
    assert containment(1.0, 10, 10) == 1.0


def test_an_empty_text_resembles_nothing() -> None:
    """Two texts without words are not alike."""
    empty = sketch(shingles(words("... —")))
    assert resemblance(empty, empty) == 0.0
    assert bands(empty) == []
    assert len(set(bands(sketch({"a", "b"})))) == 16
