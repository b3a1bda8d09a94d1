"""Measures of coreference over clusters of mentions: MUC, B3 and CEAF-e.

Each returns numerators and denominators of recall and precision, to be added up over documents.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

Mention = TypeVar("Mention", bound=Hashable)
Clusters = Sequence[frozenset[Mention]]


def clusters_of(chain_of: Mapping[Mention, Hashable]) -> list[frozenset[Mention]]:
    """Return the clusters of mentions that share a chain."""
    chains: dict[Hashable, set[Mention]] = defaultdict(set)
    for mention, chain in chain_of.items():
        chains[chain].add(mention)
    return [frozenset(chain) for chain in chains.values()]


def muc(gold: Clusters[Mention], found: Clusters[Mention]) -> tuple[int, int, int, int]:
    """Return numerators and denominators of recall and precision by links (Vilain et al. 1995)."""

    def links(of: Clusters[Mention], by: Clusters[Mention]) -> tuple[int, int]:
        where = {mention: number for number, cluster in enumerate(by) for mention in cluster}
        right = whole = 0
        for cluster in of:
            parts = {where.get(mention, ("alone", mention)) for mention in cluster}
            right += len(cluster) - len(parts)
            whole += len(cluster) - 1
        return right, whole

    return (*links(gold, found), *links(found, gold))


def b_cubed(gold: Clusters[Mention], found: Clusters[Mention]) -> tuple[float, int, float, int]:
    """Return numerators and denominators of recall and precision by mentions (Bagga and Baldwin 1998)."""

    def part(of: Clusters[Mention], by: Clusters[Mention]) -> tuple[float, int]:
        where = {mention: cluster for cluster in by for mention in cluster}
        right = 0.0
        for cluster in of:
            shared = Counter(id(where[mention]) for mention in cluster if mention in where)
            right += sum(count * count for count in shared.values()) / len(cluster)
        return right, sum(map(len, of))

    return (*part(gold, found), *part(found, gold))


def ceaf_e(gold: Clusters[Mention], found: Clusters[Mention]) -> tuple[float, int, float, int]:
    """Return numerators and denominators of recall and precision by the best pairs of clusters (Luo 2005, phi 4)."""
    where = {mention: number for number, cluster in enumerate(found) for mention in cluster}
    likeness: dict[tuple[int, int], float] = {}
    for row, cluster in enumerate(gold):
        for column, shared in Counter(where[mention] for mention in cluster if mention in where).items():
            likeness[row, column] = 2 * shared / (len(cluster) + len(found[column]))
    best = _assign(likeness, len(gold), len(found))
    return best, len(gold), best, len(found)


def _assign(value: Mapping[tuple[int, int], float], rows: int, columns: int) -> float:
    """Return the greatest sum of values with one column a row and one row a column (the Hungarian method)."""
    size = max(rows, columns)
    if size == 0:
        return 0.0
    row_price, column_price = [0.0] * (size + 1), [0.0] * (size + 1)
    row_of, way = [0] * (size + 1), [0] * (size + 1)
    for row in range(1, size + 1):
        row_of[0], at = row, 0
        least, used = [float("inf")] * (size + 1), [False] * (size + 1)
        while True:
            used[at] = True
            here, delta, ahead = row_of[at], float("inf"), 0
            for column in range(1, size + 1):
                if used[column]:
                    continue
                cost = -value.get((here - 1, column - 1), 0.0) - row_price[here] - column_price[column]
                if cost < least[column]:
                    least[column], way[column] = cost, at
                if least[column] < delta:
                    delta, ahead = least[column], column
            for column in range(size + 1):
                if used[column]:
                    row_price[row_of[column]] += delta
                    column_price[column] -= delta
                else:
                    least[column] -= delta
            at = ahead
            if row_of[at] == 0:
                break
        while at:
            row_of[at], at = row_of[way[at]], way[at]
    return sum(value.get((row_of[column] - 1, column - 1), 0.0) for column in range(1, size + 1) if row_of[column])


def f1(right_of_gold: float, gold: float, right_of_found: float, found: float) -> tuple[float, float, float]:
    """Return precision, recall and F1 in percent."""
    recall = 100 * right_of_gold / gold if gold else 0.0
    precision = 100 * right_of_found / found if found else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def total(parts: Iterable[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    """Return the sums of numerators and denominators over documents."""
    sums = [sum(column) for column in zip(*parts, strict=True)]
    return sums[0], sums[1], sums[2], sums[3]
