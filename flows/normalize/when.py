"""Days that a text names relative to its own: `on Tuesday` becomes a date.

Resolved is only what is certain: `yesterday`, `today`, `tonight`, `tomorrow`, and weekdays within a week of the
dispatch, as wires use them. The weekday of the dispatch itself is that day; another one lies behind or ahead as the
verbs of its clause say (`said on Monday`, `will meet on Friday`), and where they do not say, it is left out. So is what
somebody else says: `tomorrow` in a quotation counts from the day it was said.
"""

import datetime as dt
import re

from flows.spans import SpanMap
from schemas.dispatch import When

_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WORD = re.compile(
    r"(?<![\w-])(?:(?P<before>(?i:last|past|next|this|every|each))\s+)?"
    r"(?P<day>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|[Yy]esterday|[Tt]oday|[Tt]onight|[Tt]omorrow)"
    r"(?P<behind>s\b|-to-|\s+\d|\s+(?:prayers?|Night Live)|,\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))?"
)
_OFFSETS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_QUOTED = re.compile(r"“[^”]*(?:”|$)|\"[^\"\n]*(?:\"|$)|«[^»]*(?:»|$)|``[^']*(?:''|$)", re.MULTILINE)
_CLAUSE = re.compile(r"[.;:!?\n—]|--|,\s+(?:and|as|where)\b|\b(?:and|but|while|after|before|that|which|who|when)\b")
_AHEAD = re.compile(
    r"\b(?:will|won't|would|shall|plans?|planned|due|scheduled|expected|slated|(?:is|are|was|were|set|going|hopes?|hoped"
    r"|intends?|vows?|wants?) to(?: be)?)\b|'ll\b|’ll\b"
)
_BEHIND = re.compile(
    r"\b(?:said|told|was|were|had|did|went|came|took|gave|made|held|met|won|lost|fell|rose|began|left|sent|saw|hit|shot|"
    r"struck|spoke|wrote|led|found|put|cut|quit|became|broke|brought|built|drew|drove|flew|fought|got|kept|knew|laid|"
    r"paid|ran|sank|sold|stood|swept|threw|wore|died|[a-z]{2,}ed)\b"
)
_PLANNED = re.compile(r"\b(?:will|would|(?:expected|scheduled|due|set|planned|plans) to) (?:be |have )?[a-z]+\b[^,]*$")
_FIRST = 100_000  # characters looked at


def find_days(text: str, day: dt.date | None, spans: SpanMap) -> tuple[When, ...]:
    """Return the days that a text names relative to the day of the dispatch; none if that is not known.

    Args:
        text: under canonical names.
        day: the day of the dispatch: its dateline's, else that on which it was created.
        spans: leads back to the raw text.
    """
    if day is None:
        return ()
    text = text[:_FIRST]
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    found: list[When] = []
    at = 0  # the quotation that ends behind the last day
    for match in _WORD.finditer(text):
        while at < len(quoted) and quoted[at][1] <= match.start():
            at += 1
        if (
            (at < len(quoted) and quoted[at][0] <= match.start())
            or match["behind"]
            or match["before"] in ("every", "each")
        ):
            continue
        if date := _date(match, text, day):
            span = match.span("day")
            found.append(When(text=match["day"], date=date, span=span, raw_span=spans.to_raw(span)))
    return tuple(found)


def _date(match: re.Match[str], text: str, day: dt.date) -> dt.date | None:
    word = match["day"].lower()
    if word in _OFFSETS:
        return day + dt.timedelta(days=_OFFSETS[word])
    back = (day.weekday() - _DAYS.index(word)) % 7
    before = (match["before"] or "").lower()
    if before in ("last", "past"):
        return day - dt.timedelta(days=back or 7)
    if before:
        return None  # every Tuesday; next Tuesday, of this week or of the next: usage differs
    if back == 0:
        return day
    ahead = _is_ahead(text, match)
    return None if ahead is None else day + dt.timedelta(days=7 - back) if ahead else day - dt.timedelta(days=back)


def _is_ahead(text: str, match: re.Match[str]) -> bool | None:
    """Tell by the verb nearest before the day in its clause, else behind it, whether the day is yet to come."""
    start = max((m.end() for m in _CLAUSE.finditer(text, max(0, match.start() - 300), match.start())), default=None)
    before = text[start if start is not None else max(0, match.start() - 300) : match.start()]
    end = _CLAUSE.search(text, match.end(), match.end() + 200)
    behind = text[match.end() : end.start() if end else match.end() + 200]
    for clause, last in ((before, True), (behind, False)):
        verbs = [(m.end(), True) for m in _AHEAD.finditer(clause)] + [
            (m.end(), False) for m in _BEHIND.finditer(clause)
        ]
        if verbs:
            # `was expected to be released Friday`: a plan in the past is a plan.
            return (max if last else min)(verbs)[1] or bool(_PLANNED.search(clause))
    return None
