"""Scores of reported speech: what is found against what is marked, in words.

A quote is right if it shares at least 80 % of its words with a marked one, of the longer of the two (one to one, the
closest first). Of the right ones, the speaker is right if it is the marked entity.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.dispatch import Span

_WORD = re.compile(r"\w+(?:['’]\w+)*")
LEAST = 0.8


@dataclass(frozen=True)
class Said:
    """A quote, marked or found."""

    kind: str
    spans: tuple[Span, ...]
    speaker: str | None = None  # the name of the entity


def words_of(text: str, spans: Sequence[Span]) -> frozenset[int]:
    """Return where the words of spans begin."""
    return frozenset(m.start() for start, end in spans for m in _WORD.finditer(text, start, end))


def match(text: str, gold: Sequence[Said], found: Sequence[Said]) -> list[tuple[int, int]]:
    """Return the pairs (marked, found) that report the same words."""
    a = [words_of(text, said.spans) for said in gold]
    b = [words_of(text, said.spans) for said in found]
    candidates = []
    for i, own in enumerate(a):
        for j, other in enumerate(b):
            share = len(own & other) / max(len(own), len(other), 1)
            if share >= LEAST:
                candidates.append((-share, i, j))
    pairs: list[tuple[int, int]] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for _, i, j in sorted(candidates):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((i, j))
    return pairs


def count(total: Counter[str], text: str, gold: Sequence[Said], found: Sequence[Said]) -> None:
    """Add the counts of one text to a total."""
    pairs = match(text, gold, found)
    for kind in ("direct", "mixed", "indirect"):
        total[f"{kind} gold"] += sum(said.kind == kind for said in gold)
        total[f"{kind} found"] += sum(said.kind == kind for said in found)
        total[f"{kind} recalled"] += sum(gold[i].kind == kind for i, _ in pairs)
        total[f"{kind} right"] += sum(found[j].kind == kind for _, j in pairs)
    total["all gold"] += len(gold)
    total["all found"] += len(found)
    total["all recalled"] += len(pairs)
    total["all right"] += len(pairs)
    for i, j in pairs:
        if gold[i].speaker:
            total["speakers"] += 1
            total["speakers right"] += gold[i].speaker == found[j].speaker
            total["speakers none"] += found[j].speaker is None


def f1(total: Counter[str], kind: str = "all") -> float:
    """Return F1 of a kind in per cent."""
    precision = total[f"{kind} right"] / max(1, total[f"{kind} found"])
    recall = total[f"{kind} recalled"] / max(1, total[f"{kind} gold"])
    return 200 * precision * recall / (precision + recall) if precision + recall else 0.0
