"""Spans before and after name edits: applying edits, undoing them, and carrying a span from one text to the other.

Edits are ordered and do not overlap. The invariant of the whole project stands here:
`apply_edits(text_raw, edits) == text` and `undo_edits(text, edits) == text_raw`.
"""

from bisect import bisect_right
from collections.abc import Sequence

from schemas.dispatch import NameEdit, Span


def apply_edits(text_raw: str, edits: Sequence[NameEdit]) -> str:
    """Return `text_raw` with every edit's `raw` replaced by its `name`."""
    pieces: list[str] = []
    done = 0
    for edit in edits:
        pieces += (text_raw[done : edit.raw_span[0]], edit.name)
        done = edit.raw_span[1]
    pieces.append(text_raw[done:])
    return "".join(pieces)


def undo_edits(text: str, edits: Sequence[NameEdit]) -> str:
    """Return the raw text: `text` with every edit's `name` replaced by its `raw`."""
    pieces: list[str] = []
    done = 0
    for edit in edits:
        pieces += (text[done : edit.span[0]], edit.raw)
        done = edit.span[1]
    pieces.append(text[done:])
    return "".join(pieces)


class SpanMap:
    """Carries spans between the raw text and the edited text. Built once per dispatch, O(log edits) a look-up."""

    def __init__(self, edits: Sequence[NameEdit]) -> None:
        self._edits = edits
        self._starts = [edit.span[0] for edit in edits]
        self._raw_starts = [edit.raw_span[0] for edit in edits]

    def to_raw(self, span: Span) -> Span:
        """Return the raw span of a span of the edited text; one that cuts an edit is widened to the whole edit."""
        return self._to_raw(span[0], end=False), self._to_raw(span[1], end=True)

    def to_text(self, raw_span: Span) -> Span:
        """Return the span in the edited text of a raw span; one that cuts an edit is widened to the whole edit."""
        return self._to_text(raw_span[0], end=False), self._to_text(raw_span[1], end=True)

    def _to_raw(self, offset: int, *, end: bool) -> int:
        at = bisect_right(self._starts, offset) - 1
        if at < 0:
            return offset
        edit = self._edits[at]
        return _carry(offset, edit.span, edit.raw_span, end=end)

    def _to_text(self, offset: int, *, end: bool) -> int:
        at = bisect_right(self._raw_starts, offset) - 1
        if at < 0:
            return offset
        edit = self._edits[at]
        return _carry(offset, edit.raw_span, edit.span, end=end)


def _carry(offset: int, here: Span, there: Span, *, end: bool) -> int:
    """Carry an offset at or behind the start of an edit from its side `here` to its side `there`."""
    if offset >= here[1]:
        return there[1] + offset - here[1]
    if offset == here[0]:
        return there[0]
    return there[1] if end else there[0]
