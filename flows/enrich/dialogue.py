"""Dialogue: paragraphs that begin with a speaker and a colon, and quotations signed with a dash.

`WALLACE: If I may, sir, because we've got limited time.` Marks may stand around or be left out; no verb reports.
One line alone may be a headline (`ADVISORY: ...`); a dialogue has at least two.
"""

import re
from collections.abc import Iterator, Sequence

from flows.enrich.attribution import Attribution
from flows.enrich.lexicon import Lexicon
from flows.enrich.structure import Paragraph
from schemas.dispatch import Span

_LINE = re.compile(
    r"[“\"]?(?P<who>(?:[QA](?=:)|[A-Z][A-Z.’' -]{1,38}[A-Z.]|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){1,3})"
    r"(?: \([^)]{1,40}\))?)"
    r":\s+[“\"]?(?=\S)"
)
_LEAST_LINES = 2


def dialogue_lines(text: str, paragraphs: Sequence[Paragraph], lexicon: Lexicon) -> Iterator[Attribution]:
    """Yield the lines of a dialogue as direct speech; nothing if the text has no dialogue."""
    found = [(paragraph, line) for paragraph in paragraphs if (line := _line(text, paragraph, lexicon.label_pattern))]
    if len(found) < _LEAST_LINES:
        return
    for paragraph, line in found:
        start, end = line.end(), paragraph.end
        while end > start and text[end - 1] in '”" \u00a0':
            end -= 1
        if start < end:
            span: Span = (start, end)
            yield Attribution("direct", (span,), (span,), None, line.span("who"))


def _line(text: str, paragraph: Paragraph, labels: re.Pattern[str]) -> re.Match[str] | None:
    if paragraph.is_head:
        return None
    match = _LINE.match(text, paragraph.start, paragraph.end)
    return match if match and not labels.match(match["who"]) else None
