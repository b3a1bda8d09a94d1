"""How the words of one quote differ from those of another, and how much they have in common."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from flows.quote_key import LONGEST, Word, split

NEAR = 0.75  # of the shorter quote's words, so many must stand in the other one in the same order


class Difference(NamedTuple):
    """Words that stand in one quote, and what stands in their place in the other; empty for nothing."""

    was: str
    now: str


class Likeness(NamedTuple):
    """What two quotes have in common."""

    share: float
    differences: list[Difference]


def compare(was: str, now: str) -> Likeness:
    """Compares two quotes word by word.

    A word counts as common only together with a neighbour, or if both quotes begin or end with it: in a long quote
    single words of a short one stand in order by chance. Of very long quotes only the beginning is looked at.

    Args:
        was: The printed words of one (`words_said`).
        now: Those of the other.

    Returns: the share of the shorter one's words that are common, 0 to 1, and the differences, in order.
    """
    one, other = split(was)[:LONGEST], split(now)[:LONGEST]
    if not one or not other:
        return Likeness(0.0, [])
    # The matcher is not symmetric; asked in a fixed order, it tells the same of both directions.
    turned = (len(other), _forms(other)) < (len(one), _forms(one))
    first, second = (other, one) if turned else (one, other)
    steps = SequenceMatcher(None, _forms(first), _forms(second), autojunk=False).get_opcodes()
    first_or_last = (0, len(steps) - 1)
    common = sum(
        end - start
        for at, (tag, start, end, _, _) in enumerate(steps)
        if tag == "equal" and (end - start > 1 or at in first_or_last)
    )
    differences = [
        Difference(_printed(was, one, c, d), _printed(now, other, a, b))
        if turned
        else Difference(_printed(was, one, a, b), _printed(now, other, c, d))
        for tag, a, b, c, d in steps
        if tag != "equal"
    ]
    return Likeness(common / len(first), differences)


def _forms(words: Sequence[Word]) -> list[str]:
    return [word.form for word in words]


def _printed(said: str, words: Sequence[Word], start: int, end: int) -> str:
    """The words from `start` to `end` as printed, with what stands between them, on one line."""
    return " ".join(said[words[start].start : words[end - 1].end].split()) if start < end else ""
