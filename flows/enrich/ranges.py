"""Ranges of words, half-open: how they lie to each other, to an attribution and to quotation marks."""

from collections.abc import Sequence

from flows.enrich.reading import Range, Reading
from flows.enrich.structure import Quoted


def overlap(one: Range, two: Range) -> bool:
    """Tell whether two ranges share a word."""
    return one[0] < two[1] and two[0] < one[1]


def distance(cue: Range, part: Range) -> int:
    """Return how many words stand between a cue and a part."""
    return max(0, part[0] - cue[1], cue[0] - part[1])


def without(part: Range, taken: Sequence[Range]) -> list[Range]:
    """Return the pieces of a part beside the words of its attribution."""
    pieces: list[Range] = []
    start, end = part
    for begin, stop in taken:
        if begin < end and start < stop:
            if begin - start > 1:
                pieces.append((start, begin))
            start = max(start, stop)
    if start < end and (start == part[0] or end - start > 1):
        pieces.append((start, end))
    return pieces


def inside_marks(reading: Reading, quoted: Sequence[Quoted]) -> list[bool]:
    """Return, per word, whether it stands in quotation marks (the marks with it)."""
    inside = [False] * len(reading.words)
    at = 0
    for part in quoted:
        while at < len(inside) and reading.words[at].start < part.outer_start:
            at += 1
        while at < len(inside) and reading.words[at].start < part.outer_end:
            inside[at] = True
            at += 1
    return inside
