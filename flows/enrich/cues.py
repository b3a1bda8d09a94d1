"""Cues: the words that report speech, and not the nouns, infinitives and passives that look like them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.enrich.lexicon import Lexicon, Needs
from flows.enrich.structure import Paragraph, Quoted

_NOUN_BEFORE = re.compile(
    r"(?:\b(?:the|a|an|his|her|their|its|my|our|your|this|these|those|no|any|some|such|of|in|for|by|on|own|first|last|new"
    r"|recent|previous|official|public|media|news|police|earlier)|['’]s|s['’])\s+$", re.IGNORECASE,
)  # fmt: skip
_NOT_FINITE = re.compile(
    r"\b(?:to|not to|was|were|been|be|being|is|are|am|get|got|gets|declined to|refused to|failed to|having)"
    r"\s+(?:[a-z]+ly\s+)?$",
    re.IGNORECASE,
)
_QUOTED_AS = re.compile(r"\b(?:was|were|is|been|are)\s+(?:quoted|cited|reported|paraphrased)\s+as\s+$", re.IGNORECASE)
# Base and -s forms that are nouns more often than verbs: its demands, a report, the claims.
_NOUNISH = frozenset(
    [
        "report",
        "claim",
        "note",
        "demand",
        "comment",
        "answer",
        "promise",
        "estimate",
        "forecast",
        "order",
        "request",
        "call",
        "post",
        "query",
        "cry",
        "sigh",
        "joke",
        "signal",
        "rule",
        "hold",
        "find",
        "praise",
        "blame",
        "attack",
        "credit",
        "reference",
        "quote",
        "brand",
        "label",
        "term",
        "welcome",
        "appeal",
        "command",
        "advice",
        "object",
        "protest",
        "urge",
        "question",
        "hint",
        "remark",
        "reply",
        "response",
        "slam",
        "blast",
        "complaint",
        "see",
        "put",
        "speak",
        "defend",
        "refer",
        "snap",
        "state",
    ]
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue: where it stands, its form in lower case, and what it needs in order to report."""

    start: int
    end: int
    form: str
    needs: Needs
    participle: bool


def find_cues(text: str, paragraph: Paragraph, lexicon: Lexicon) -> Iterator[Cue]:
    """Yield the cues of a paragraph, quotation marks left out, in order."""
    for match in lexicon.cue_pattern.finditer(text, paragraph.start, paragraph.end):
        if is_inside(match.start(), paragraph.quoted) or not match[0].islower():
            continue
        form = re.sub(r"\s+", " ", match[0].lower())
        before = text[max(paragraph.start, match.start() - 40) : match.start()]
        start = match.start()
        if quoted_as := _QUOTED_AS.search(before):
            start -= len(before) - quoted_as.start()
        elif (
            _NOT_FINITE.search(before)
            or (not form.endswith(("ed", "ing")) and form.removesuffix("s") in _NOUNISH)
            or _NOUN_BEFORE.search(before)
        ):
            continue
        yield Cue(
            start,
            match.end(),
            form,
            lexicon.cues[form],
            form.partition(" ")[0].endswith("ing") and start == match.start(),
        )


def is_inside(offset: int, quoted: Sequence[Quoted]) -> bool:
    """Tell whether an offset lies in quotation marks."""
    return any(part.outer_start <= offset < part.outer_end for part in quoted)
