"""Signatures: quotations that a name behind a dash signs, in their paragraph or in a line of its own.

`“We were never asked.” ― Ana Herrero`: common in letters, collections of comments and social media. No verb reports.
"""

import re
from collections.abc import Iterator, Sequence

from flows.enrich.attribution import Attribution
from flows.enrich.structure import Paragraph, Quoted

_PART = r"(?:[A-ZÀ-ÝŁŚŻ][\w.’'-]*|de|da|del|van|von|al|bin|el|la|le|of)"
_SIGNED = re.compile(
    rf"[ \u00a0]*(?:―|—|–|--|-)[ \u00a0]*(?P<who>[A-ZÀ-ÝŁŚŻ][\w.’'-]*(?: {_PART}){{0,4}})(?:,[^.!?\"“”]{{1,80}})?\.?"
)
_LEAST_WORDS = 3
_MAY_STAND_BEFORE = 3  # characters: a bullet or a dash before the quotation


def signed_quotations(text: str, paragraphs: Sequence[Paragraph]) -> Iterator[Attribution]:
    """Yield the quotations that are signed, as direct speech of whoever signs."""
    for number, paragraph in enumerate(paragraphs):
        part = _whole(text, paragraph)
        if part is None or paragraph.is_head:
            continue
        match = _SIGNED.fullmatch(text, part.outer_end, paragraph.end)
        behind = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
        if match is None and part.outer_end == paragraph.end and behind is not None:
            match = _SIGNED.fullmatch(text, behind.start, behind.end)
        if match:
            span = part.start, part.end
            yield Attribution("direct", (span,), (span,), None, match.span("who"))


def _whole(text: str, paragraph: Paragraph) -> Quoted | None:
    """Return the only quotation of a paragraph if it begins it and is as long as a sentence."""
    if len(paragraph.quoted) != 1 or not paragraph.quoted[0].closed:
        return None
    part = paragraph.quoted[0]
    long = len(text[part.start : part.end].split()) >= _LEAST_WORDS
    return part if long and part.outer_start - paragraph.start <= _MAY_STAND_BEFORE else None
