"""The measures of coreference give the figures of their papers."""

import pytest

from training.score_coreference import b_cubed, ceaf_e, clusters_of, f1, muc, total

GOLD = [frozenset("abcde"), frozenset("fg"), frozenset("hijkl")]
TWO = [frozenset("abcde"), frozenset("fghijkl")]  # the last two put together
ONE = [frozenset("abcdehijkl"), frozenset("fg")]  # the two large ones put together


@pytest.mark.parametrize(
    ("found", "measure", "precision", "recall"),
    [
        (GOLD, muc, 100, 100),
        (GOLD, b_cubed, 100, 100),
        (GOLD, ceaf_e, 100, 100),
        (TWO, muc, 90, 100),  # Bagga and Baldwin 1998: MUC cannot tell the two apart
        (ONE, muc, 90, 100),
        (TWO, b_cubed, 76.19, 100),  # but B3 does
        (ONE, b_cubed, 58.33, 100),
        ([], muc, 0, 0),
        ([], b_cubed, 0, 0),
        ([], ceaf_e, 0, 0),
    ],
)
def test_the_measures_give_the_figures_of_the_literature(found, measure, precision, recall) -> None:
    """Twelve mentions in three chains, and two ways to put two of them together."""
    scores = f1(*total([measure(GOLD, found)]))
    assert scores[:2] == (pytest.approx(precision, abs=0.01), pytest.approx(recall, abs=0.01))


def test_ceaf_pairs_each_cluster_once() -> None:
    """Of two found halves of a chain only the better is counted."""
    halves = [frozenset("abc"), frozenset("de"), frozenset("fg"), frozenset("hijkl")]
    precision, recall, _ = f1(*total([ceaf_e(GOLD, halves)]))
    assert (precision, recall) == (pytest.approx(100 * (0.75 + 2) / 4), pytest.approx(100 * (0.75 + 2) / 3))


def test_clusters_are_made_of_chains() -> None:
    """Mentions with the same chain are one cluster."""
    assert set(clusters_of({"a": 1, "b": 2, "c": 1})) == {frozenset("ac"), frozenset("b")}
