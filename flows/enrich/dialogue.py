"""Dialogue: paragraphs that begin with a speaker and a colon, and quotations signed with a dash.

`WALLACE: If I may, sir, because we've got limited time.` Marks may stand around or be left out; no verb reports.
One line alone may be a headline (`ADVISORY: ...`); a dialogue has at least two.
"""

import re
from collections.abc import Iterator, Sequence

from flows.enrich.attribution import Attribution
from flows.enrich.structure import Paragraph
from schemas.dispatch import Span

_LINE = re.compile(
    r"[“\"]?(?P<who>(?:[QA](?=:)|[A-Z][A-Z.’' -]{1,38}[A-Z.]|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){1,3})"
    r"(?: \([^)]{1,40}\))?)"
    r":\s+[“\"]?(?=\S)"
)
_NO_SPEAKER = re.compile(
    r"(?:ADVISORY|UPDATE|CORRECTION|EDITOR|EDITORS|NOTE|CORRECTED|KILL|FACTBOX|ANALYSIS|WRAPUP|RPT|EXCLUSIVE|BREAKING|LIVE"
    r"|SPORTS|RESULTS|SCORES|WEATHER|BUDGET|SLUG|PHOTO|VIDEO|SOURCES?|READ MORE|MORE|WATCH|RELATED)\b"
)
_LEAST_LINES = 2
# `“Never again.” — Ann Lee`, at the end of a line; what may follow is a place or a date.
_SIGNATURE = re.compile(
    r"\s*(?:[―—–]|--|(?<=\s)-)\s*(?P<who>[A-Z][\w.’'-]*(?:\s(?:[A-Z][\w.’'-]*|de|del|la|van|von|of|y)){0,4})"
    r"(?=,[^\n]{1,60}(?:\n|$)|\.?\s*(?:\n|$))"
)


def dialogue_lines(text: str, paragraphs: Sequence[Paragraph]) -> Iterator[Attribution]:
    """Yield the lines of a dialogue as direct speech; nothing if the text has no dialogue."""
    found = [(paragraph, line) for paragraph in paragraphs if (line := _line(text, paragraph))]
    if len(found) < _LEAST_LINES:
        return
    for paragraph, line in found:
        start, end = line.end(), paragraph.end
        while end > start and text[end - 1] in '”" \u00a0':
            end -= 1
        if start < end:
            span: Span = (start, end)
            yield Attribution("direct", (span,), (span,), None, line.span("who"))


def _line(text: str, paragraph: Paragraph) -> re.Match[str] | None:
    if paragraph.is_head:
        return None
    match = _LINE.match(text, paragraph.start, paragraph.end)
    return match if match and not _NO_SPEAKER.match(match["who"]) else None


def signature(text: str, end: int) -> Span | None:
    """Return the name with which a quotation that ends there is signed."""
    match = _SIGNATURE.match(text, end)
    if not match or "\n" in text[end : match.start("who")]:
        return None
    start, stop = match.span("who")
    return start, stop - (match["who"].endswith(".") and not match["who"].endswith(("Jr.", "Sr.")))
