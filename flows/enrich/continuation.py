"""Speech without a cue: who goes on speaking, and who has just been talked about. In doubt it is nobody's."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from flows.enrich.attribution import Attribution
from flows.enrich.lookup import Look
from flows.enrich.resolved import Resolved
from schemas.dispatch import Span

_SURE = 0.5  # from which on a reference is taken
_NOBODY = Resolved(None, None, None)


def carried(
    look: Look, starts: Sequence[int], attribution: Attribution, attributions: Sequence[Attribution],
    before: Sequence[Resolved],
) -> Resolved:  # fmt: skip
    """Return the speaker of a quotation without a cue.

    It is whoever the sentence before it is about (`Ann Lee was unmoved. “He cannot.”`), else it goes on with the
    attribution before it, in this paragraph or the last (one more behind a quotation that was left open), unless
    somebody was named since.

    Args:
        starts: where the paragraphs begin.
        attributions: all of them.
        before: the speakers of those before this one, in order.
    """
    if attribution.cue is not None:
        return _NOBODY
    start = attribution.spans[0][0]
    last = attributions[len(before) - 1] if before else None
    end = last.spans[-1][1] if last else 0
    left_open = look.text[end : end + 1] == "\n"  # a caption may stand between
    floor = starts[max(0, bisect_right(starts, start) - (3 if left_open else 2))]
    edge = max(floor, _end(last)) if last else floor
    if topic := _topic(look, edge, start):
        return topic
    if last is None or last.spans[-1][1] < floor or before[-1].mention is None:
        return _NOBODY
    answer = before[-1]
    if _is_answered(look, last, edge, start) or _is_interrupted(look, edge, start, answer.entity_id):
        return _NOBODY
    return Resolved(answer.mention, answer.entity_id, "carried")


def _end(attribution: Attribution) -> int:
    """Return the end of an attribution: of its quotation, cue and source."""
    parts = [*attribution.spans, attribution.cue, attribution.speaker]
    return max(part[1] for part in parts if part)


def _is_answered(look: Look, last: Attribution, edge: int, start: int) -> bool:
    """Tell whether a quotation in a new paragraph answers a question: `“Why?” Lee asked. / “It was late.”`."""
    asked = look.text[last.spans[-1][0] : last.spans[-1][1] + 1].rstrip("”\"'’» \u00a0").endswith("?")
    return asked and "\n" in look.text[edge:start]


def _is_interrupted(look: Look, edge: int, start: int, speaker: str | None) -> bool:
    """Tell whether another person or organization is named between an attribution and a quotation behind it.

    What stands in the sentence of the attribution (`said Ann Lee, who runs the Red Cross here.`) does not count.
    """
    begin = _next_sentence(look, edge)
    return any(key != speaker and look.type_of(key) in ("person", "organization")
               for _, key in look.names_in((begin, start)))  # fmt: skip


def _next_sentence(look: Look, offset: int) -> int:
    """Return where the sentence behind an offset begins."""
    page = look.page
    word = page.words_of((offset, len(look.text)))[0]
    if word == 0 or word >= len(page.words):
        return offset
    end = page.sentence(word - 1)[1]
    return page.words[end].start if end < len(page.words) else len(look.text)


def _topic(look: Look, edge: int, start: int) -> Resolved | None:
    """Return the one person of the sentence before a quotation, where that person is its subject."""
    page = look.page
    first = page.words_of((start, start + 1))[0]
    while first > 0 and not re.search(r"\w", page.words[first - 1].text):
        first -= 1
    if first == 0:
        return None
    begin, _ = page.sentence(first - 1)
    span: Span = (page.words[begin].start, page.words[first - 1].end)
    if span[0] < edge or page.words[first].text == ",":
        return None
    people = [(inner, key) for inner, key in look.names_in(span) if look.type_of(key) == "person"]
    people += [
        (inner, key) for inner, key, sure in look.references_in(span)
        if sure >= _SURE and look.type_of(key) == "person"
    ]  # fmt: skip
    if len({key for _, key in people}) != 1:
        return None
    inner, key = min(people)
    if not page.is_subject(page.head_of(page.words_of(inner))):
        return None
    return Resolved(inner, key, "carried")
