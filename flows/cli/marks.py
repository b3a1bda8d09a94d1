"""What is marked in a text, and the text cut so that marks which overlap can be drawn. Pure; terminal and HTML use it.

An entity may stand in a quote, a quote may begin inside a sentence that another quote's speaker ends: marks nest, and
some cross. `pieces` cuts the text wherever a mark begins or ends and says which marks lie on each piece, from the
outermost to the innermost.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from schemas.dispatch import Dispatch, Entity, NameEdit, Quote, Span

MarkKind = Literal["quote", "speaker", "cue", "entity", "name"]
_RANK: dict[MarkKind, int] = {"quote": 0, "speaker": 1, "cue": 2, "entity": 3, "name": 4}  # of equal spans: outer first
_BLANK_LINES = re.compile(r"\s*\n[ \t\r]*\n\s*")
_LINE_END = re.compile(r"\s*\n")
_OPENS = re.compile(r"(?:``|''|[“\"„«‘'])\Z")
_CLOSES = re.compile(r"''|[”\"“»’']")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text and what it is. `number` counts the quotes from 1."""

    start: int
    end: int
    kind: MarkKind
    of: Quote | Entity | NameEdit
    number: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Text without a change of marks, and the marks on it, outermost first."""

    start: int
    text: str
    marks: tuple[Mark, ...]


def marks(dispatch: Dispatch) -> list[Mark]:
    """Return all marks of a dispatch, in the order of their beginnings, the longer before the shorter."""
    found = [Mark(*edit.span, "name", edit) for edit in dispatch.names]
    found += [Mark(*mention.span, "entity", entity) for entity in dispatch.entities for mention in entity.mentions]
    for number, quote in enumerate(dispatch.quotes, 1):
        spans = quote.spans if quote.kind != "direct" else [_in_marks(dispatch.text, span) for span in quote.spans]
        found += [Mark(*span, "quote", quote, number) for span in spans]
        if quote.cue:
            found.append(Mark(*quote.cue.span, "cue", quote, number))
        if quote.speaker:
            found.append(Mark(*quote.speaker.mention.span, "speaker", quote, number))
    size = len(dispatch.text)
    inside = (mark for mark in found if mark.start < mark.end <= size)
    return sorted(inside, key=_order)


def _in_marks(text: str, span: Span) -> Span:
    """Return the span of a direct quote with the quotation marks around it, which are no part of its words."""
    opening, closing = _OPENS.search(text[max(0, span[0] - 2) : span[0]]), _CLOSES.match(text, span[1])
    return span[0] - len(opening[0]) if opening else span[0], closing.end() if closing else span[1]


def pieces(text: str, marked: Sequence[Mark], span: Span | None = None) -> Iterator[Piece]:
    """Yield the text (or a span of it) in pieces; joined, they are the text."""
    first, last = span or (0, len(text))
    within = [mark for mark in marked if mark.start < last and mark.end > first]
    cuts = {first, last, *(at for mark in within for at in (mark.start, mark.end) if first < at < last)}
    edges = sorted(cuts)
    opening = sorted(within, key=_order)
    open_now: list[Mark] = []
    for start, end in pairwise(edges):
        open_now = [mark for mark in open_now if mark.end > start]
        while opening and opening[0].start <= start:
            open_now.append(opening.pop(0))
        yield Piece(start, text[start:end], tuple(open_now))


def paragraphs(text: str) -> list[Span]:
    """Return the spans of the paragraphs: parted by blank lines where there are any, else the lines."""
    separator = _BLANK_LINES if _BLANK_LINES.search(text.strip()) else _LINE_END
    found: list[Span] = []
    start = 0
    for match in separator.finditer(text):
        found.append((start, match.start()))
        start = match.end()
    found.append((start, len(text)))
    return [(a, b) for a, b in found if text[a:b].strip()]


def layout(dispatch: Dispatch) -> tuple[Span | None, list[Span]]:
    """Return the span of the headline, where the text begins with it, and those of the other paragraphs."""
    spans = paragraphs(dispatch.text)
    headline = dispatch.headline
    if not spans or not headline or dispatch.text_raw.split(None)[: len(headline.split())] != headline.split():
        return None, spans
    start, end = spans[0]
    line_end = dispatch.text.find("\n", start, end)
    if line_end >= 0:  # it is the first line of a longer paragraph
        return (start, line_end), [(line_end + 1, end), *spans[1:]]
    return (start, end), spans[1:]


def _order(mark: Mark) -> tuple[int, int, int]:
    return mark.start, -mark.end, _RANK[mark.kind]
