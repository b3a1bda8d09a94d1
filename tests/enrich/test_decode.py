"""Decoders give sound structures, and the best ones where every structure can be tried."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from flows.enrich.decode import (
    Scores,
    best_tree,
    content_ranges,
    decode_heads,
    name_ranges,
    sentence_starts,
    softmax,
    stretches,
)

finite = st.floats(-5, 5, width=32)


def squares(most: int) -> st.SearchStrategy[Scores]:
    """Return square matrices of scores."""
    return st.integers(1, most).flatmap(lambda n: hnp.arrays(np.float32, (n, n), elements=finite))


def is_tree(heads: list[int], root: int) -> bool:
    """Tell whether every word leads to the root."""
    for word in range(len(heads)):
        seen = set()
        at = word
        while at != root:
            if at in seen:
                return False
            seen.add(at)
            at = heads[at]
    return heads[root] == root and sum(h == w for w, h in enumerate(heads)) == 1


@given(squares(5))
def test_the_best_tree_is_the_best_of_all(scores: Scores) -> None:
    heads = best_tree(scores).tolist()
    (root,) = [word for word, head in enumerate(heads) if word == head]
    assert is_tree(heads, root)
    total = sum(float(scores[word, head]) for word, head in enumerate(heads))
    best = max(
        sum(float(scores[word, head]) for word, head in enumerate(other))
        for other in product(range(len(scores)), repeat=len(scores))
        if is_tree(list(other), root)
    )
    assert total == pytest.approx(best, abs=1e-3)


@given(squares(30), st.sets(st.integers(0, 29)))
def test_every_sentence_is_a_tree_of_its_own(scores: Scores, cuts: set[int]) -> None:
    starts = sorted({0, *(cut for cut in cuts if cut < len(scores))})
    heads = decode_heads(scores, starts)
    for start, end in zip(starts, [*starts[1:], len(scores)], strict=True):
        block = (heads[start:end] - start).tolist()
        roots = [word for word, head in enumerate(block) if word == head]
        assert len(roots) == 1
        assert is_tree(block, roots[0])


def test_a_sentence_begins_with_its_opening_mark() -> None:
    scores = np.array([9, -9, -9, -9, 5, -9], dtype=np.float32)  # He left . “ Go !
    opens = [False, False, False, True, False, False]
    assert sentence_starts(scores, [0], ["He", "left", ".", "“", "Go", "!"], opens) == [0, 3]


def test_a_credit_begins_a_sentence_behind_a_caption_without_a_point() -> None:
    forms = ["Marchers", "in", "Lima", "Photo", ":", "Ann", "Lee"]
    scores = np.full(len(forms), -9, dtype=np.float32)
    scores[3] = -2.9
    assert sentence_starts(scores, [0], forms, [False] * len(forms)) == [0, 3]
    assert sentence_starts(scores, [0], [*forms[:4], "editors", "left"], [False] * len(forms)) == [0]


@pytest.mark.parametrize(
    ("forms", "odds", "begins"),
    [
        (["It", "rained", "There"], 0.9, False),
        (["It", "rained", "There"], 1.1, True),  # a line that ran into the next one
        (["rained", ".", "There"], -2.9, True),
        (["rained", ".", "there"], -0.1, False),
        (["rained,", ",", "”", "Ann"], 2.9, False),  # “It rained,” Ann Lee said.
        (["rained", ".", "”", "Ann"], 0.1, True),
        (["in", "the", "U.S.", "Congress"], -0.1, False),
        (["in", "the", "U.S.", "The"], 0.1, True),
        (["in", "the", "U.S.", "and"], 2.9, False),
        (["at", "9:13", "p.m.", "Wednesday"], 3.9, False),
        (["at", "9:13", "p.m.", "Police"], 0.1, True),
    ],
)
def test_how_sure_a_begin_must_be_depends_on_what_stands_before(forms: list[str], odds: float, begins: bool) -> None:
    scores = np.full(len(forms), -9, dtype=np.float32)
    scores[-1] = odds
    assert (len(forms) - 1 in sentence_starts(scores, [0], forms, [False] * len(forms))) == begins


labels = st.integers(1, 12).flatmap(lambda n: hnp.arrays(np.float32, (n, 15), elements=finite))


@given(labels)
def test_names_do_not_overlap_and_are_of_one_type(scores: Scores) -> None:
    at = 0
    for (start, end), kind, probability in name_ranges(softmax(scores)):
        assert at <= start < end <= len(scores)
        assert 0 <= kind < 7
        assert 0 <= probability <= 1.0001
        at = end


def test_an_inside_of_another_type_is_decided_by_the_whole() -> None:
    scores = np.full((3, 15), -9, dtype=np.float32)
    scores[0, 1], scores[1, 4], scores[1, 2], scores[2, 2] = 5, 3, 2.5, 5  # B-person, I-org or I-person, I-person
    assert [(words, kind) for words, kind, _ in name_ranges(softmax(scores))] == [((0, 3), 0)]


def test_stretches() -> None:
    assert stretches([0, 1, 2, 2, 0, 2, 1, 1, 2], 1, 2) == [(1, 4), (5, 6), (6, 7), (7, 9)]


speech = st.integers(1, 20).flatmap(lambda n: hnp.arrays(np.float32, (n, 5), elements=finite))


@given(speech)
def test_contents_are_in_order_and_apart(scores: Scores) -> None:
    at = 0
    for start, end in content_ranges(softmax(scores)):
        assert at <= start < end <= len(scores)
        at = end


def test_a_word_of_doubt_leaves_no_hole() -> None:
    rows = [[9, 0, 0, 0, 0], [0, 9, 0, 0, 0], [0, 0, 9, 0, 0], [1, 0, 0.5, 0, 0], [0, 0, 9, 0, 0], [9, 0, 0, 0, 0]]
    assert content_ranges(softmax(np.array(rows, dtype=np.float32))) == [(1, 5)]


def test_a_second_part_needs_a_beginning() -> None:
    rows = [[0, 9, 0, 0, 0], [9, 0, 0, 0, 0], [0, 9, 0, 0, 0], [0, 0, 9, 0, 0]]
    assert content_ranges(softmax(np.array(rows, dtype=np.float32))) == [(0, 1), (2, 4)]


def _gain(scores: Scores, ranges: Sequence[tuple[int, int]]) -> float:
    """Return the score of a choice of parts, word by word, as it is defined."""
    p = softmax(scores)
    begins, within = {s for s, _ in ranges}, {w for s, e in ranges for w in range(s, e)}
    return sum(
        float(np.log(p[w, 1] + 1e-6)) - 0.7 if w in begins
        else float(np.log(p[w, 2] + 1e-6)) if w in within
        else float(np.log(p[w, 0] + p[w, 3] + p[w, 4] + 1e-6))
        for w in range(len(p))
    )  # fmt: skip


@given(speech, st.lists(st.integers(0, 20), max_size=6))
def test_no_other_choice_of_parts_is_better(scores: Scores, edges: list[int]) -> None:
    """The words that are left out unread would not have been part of a better choice."""
    cuts = sorted({min(edge, len(scores)) for edge in edges})
    others = list(zip(cuts[::2], cuts[1::2], strict=False))
    assert _gain(scores, content_ranges(softmax(scores))) >= _gain(scores, others) - 1e-3
