"""Quotes: what the analyzer marked as reported speech, made exact by quotation marks.

The analyzer finds cues and what they report; quotation marks decide where verbatim words begin and end. What stands in
marks without a cue of its own goes on with the attribution before it. A missing mark costs its paragraph at most.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from flows.enrich.attribution import Attribution
from flows.enrich.contents import Contents
from flows.enrich.dialogue import dialogue_lines
from flows.enrich.lexicon import Lexicon
from flows.enrich.reading import Range, Reading, ReportRead
from flows.enrich.signatures import signed_quotations
from flows.enrich.structure import Paragraph, Quoted
from flows.enrich.surface import find_by_surface
from schemas.dispatch import Span

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_TWO_MARKS = re.compile(r"[”\"]\s*[“\"]")
_AND_LATER = re.compile(r"; (?:and|then),?(?: [a-z]+,?){0,2} ")
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])[.!?](?:[”\"’]|\s|$)")  # no initial: `said George W. Bush`
_POINTING = frozenset(["PRON", "DET", "PUNCT", "SCONJ"])  # words that only point at something said before
_BLOCK = 200  # characters
_SPEECH_WORDS = 3  # words in marks, at the least, that are taken for speech without a cue


@dataclass(slots=True)
class _Marks:
    """The quotations of a text in order, and how they are looked up."""

    parts: list[Quoted]
    starts: list[int]
    carried: set[Quoted]  # those that go on with one that the paragraph before left open

    def over(self, start: int, end: int) -> list[Quoted]:
        """Return the quotations that share characters with a stretch, marks excluded."""
        first = max(0, bisect_right(self.starts, start) - 1)
        last = bisect_left(self.starts, end)
        return [part for part in self.parts[first:last] if part.start < end and start < part.end]


def find_attributions(
    text: str, paragraphs: Sequence[Paragraph], reading: Reading, lexicon: Lexicon
) -> list[Attribution]:
    """Return the reported speech of a text in the order of its first words.

    Where the analyzer does not look for reports, the surface patterns do.
    """
    if reading.reports is None:
        return find_by_surface(text, paragraphs, lexicon)
    parts = [part for paragraph in paragraphs for part in paragraph.quoted]
    carried = {here.quoted[0] for before, here in pairwise(paragraphs) if here.quoted and _carries_on(before, here)}
    marks = _Marks(parts, [part.outer_start for part in parts], carried)
    contents = Contents(reading, parts, lexicon)
    found = [*dialogue_lines(text, paragraphs, lexicon), *signed_quotations(text, paragraphs)]
    taken = _Taken(text)
    for made in found:
        taken.add(made)
    for report in sorted(contents.reports, key=lambda report: (contents.is_quoted(report.cue[0]), -report.confidence)):
        made_here = _attribution(text, report, reading, marks, contents, lexicon)
        if made_here and taken.is_free(made_here):
            found.append(made_here)
            taken.add(made_here)
    used = {
        part for made in found for span in made.spans for part in marks.over(*span)
        if not (made.cue and part.start <= made.cue[0] < part.end)
    }  # fmt: skip
    found.sort(key=lambda made: made.spans[0])
    found = _with_uncued(text, paragraphs, contents, marks, found, used)
    return sorted(_joined(paragraphs, found), key=lambda made: made.spans[0])


def _attribution(
    text: str, report: ReportRead, reading: Reading, marks: _Marks, contents: Contents, lexicon: Lexicon
) -> Attribution | None:
    cue = _span(reading, report.cue)
    parts = contents.of(report)
    if all(reading.tags[word] in _POINTING and not contents.is_quoted(word) for part in parts for word in range(*part)):
        return None  # `She denied that.`
    spans = [_grown(text, _span(reading, words), marks, cue) for words in parts]
    spans = [span for span in _merged(text, spans, cue) if _WORD.search(text, *span)]
    begin = reading.words[contents.sentence(report.cue[0])[0]].start
    own = [
        span for span in spans for first in [next(iter(marks.over(*span)), None)]
        if not (first in marks.carried and first.outer_end <= begin) and not _has_cue_of_its_own(first, cue, contents)
    ]  # fmt: skip
    spans = own or spans  # the end of a quotation of the paragraph before is none of this one
    if not spans or lexicon.withheld_pattern.match(text[cue[0] : spans[0][0] + 20]):
        return None
    if lexicon.idiom_pattern.match(text, cue[0]):
        return None
    source = contents.source(report)
    speaker = _span(reading, source) if source else None
    return _made(text, spans, cue, speaker, marks)


def _has_cue_of_its_own(part: Quoted | None, cue: Span, contents: Contents) -> bool:
    """Tell whether another cue leads to a quotation: `“Come,” she sang before asking, “Will you?”`."""
    led = contents.lead_of(part) if part and part.start > cue[1] else None
    return bool(led and led[0][0] >= cue[1])


def _made(text: str, spans: Sequence[Span], cue: Span | None, speaker: Span | None, marks: _Marks) -> Attribution:
    """Return the attribution of these spans: of which kind it is, the marks tell."""
    within = [(span, [p for p in marks.over(*span) if _WORD.search(text, p.start, p.end)]) for span in spans]
    quoted = sum(_words(text, max(s, p.start), min(e, p.end)) for (s, e), parts in within for p in parts)
    total = sum(_words(text, *span) for span in spans)
    if quoted == 0:
        return Attribution("indirect", tuple(_trimmed(text, *span) for span in spans), (), cue, speaker)
    if quoted >= total:
        exact = tuple(
            _bare(text, max(s, p.start), min(e, p.end))
            for (s, e), parts in within
            for p in parts
            if _words(text, max(s, p.start), min(e, p.end))
        )
        return Attribution("direct", exact, exact, cue, speaker)
    verbatim = tuple((part.start, part.end) for _, parts in within for part in parts)
    return Attribution("mixed", tuple(_outer(text, span, marks) for span in spans), verbatim, cue, speaker)


def _span(reading: Reading, words: Range) -> Span:
    return reading.words[words[0]].start, reading.words[words[1] - 1].end


def _grown(text: str, span: Span, marks: _Marks, cue: Span) -> Span:
    """A quotation that is in a report by half is in it whole: marks are set by the writer, the rest is guessed."""
    start, end = span
    for part in marks.over(start, end):
        if part.start <= cue[0] < part.end:
            continue  # a report inside a quotation
        shared = _words(text, max(start, part.start), min(end, part.end))
        if 2 * shared >= min(_words(text, part.start, part.end), _words(text, start, end)) and shared:
            start, end = min(start, part.start), max(end, part.end)
        elif part.start > span[0]:
            end = min(end, part.outer_start)
        else:
            start = max(start, part.outer_end)
    return start, max(start, end)


def _merged(text: str, spans: Sequence[Span], cue: Span) -> list[Span]:
    """Join parts that nothing but marks, points and spaces keep apart; what holds the cue is cut around it."""
    pieces: list[Span] = []
    for start, end in spans:
        if start < cue[1] and cue[0] < end:
            pieces += [piece for piece in ((start, cue[0]), (cue[1], end)) if _words(text, *piece) > 1]
        else:
            pieces.append((start, end))
    joined: list[Span] = []
    for start, end in sorted(pieces):
        if joined and (start <= joined[-1][1] or not _WORD.search(text, joined[-1][1], start)) and (
            "\n" not in text[joined[-1][1] : start] and not _TWO_MARKS.search(text, joined[-1][1] - 1, start + 1)
        ):  # fmt: skip
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _words(text: str, start: int, end: int) -> int:
    return sum(1 for _ in _WORD.finditer(text, start, end)) if start < end else 0


def _bare(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _trimmed(text: str, start: int, end: int) -> Span:
    """Return the span without the points, commas and spaces at its ends; the full stop of an abbreviation stays."""
    while start < end and text[start] in " ,:;—–-\u00a0":
        start += 1
    while end > start and (text[end - 1] in " ,:;—–\u00a0" or (text[end - 1] == "." and not _abbreviated(text, end))):
        end -= 1
    return start, end


def _abbreviated(text: str, end: int) -> bool:
    """`... in the U.S.`: the point belongs to the word."""
    return bool(re.search(r"(?:^|[^\w])(?:[A-Za-z]\.){2,}$", text[max(0, end - 8) : end]))


def _outer(text: str, span: Span, marks: _Marks) -> Span:
    """Return a span with the marks of the quotations at its ends."""
    start, end = _trimmed(text, *span)
    for part in marks.over(start, end):
        if part.start <= start + 1 and part.outer_start < start:
            start = part.outer_start
        if part.end >= end - 1 and part.outer_end > end:
            end = part.outer_end
    return start, end


class _Taken:
    """The words that attributions report already, by blocks of the text: looked up in the time of the few near by."""

    def __init__(self, text: str) -> None:
        self._starts = [match.start() for match in _WORD.finditer(text)]
        self._blocks: dict[int, list[Attribution]] = {}

    def add(self, made: Attribution) -> None:
        for block in self._blocks_of(made):
            self._blocks.setdefault(block, []).append(made)

    def is_free(self, made: Attribution) -> bool:
        """Tell whether no other attribution reports the same words; a report inside a report is another one."""
        near = {id(a): a for block in self._blocks_of(made) for a in self._blocks.get(block, ())}
        return not any(self._same(made, other) for other in near.values())

    @staticmethod
    def _blocks_of(made: Attribution) -> set[int]:
        return {block for start, end in made.spans for block in range(start // _BLOCK, end // _BLOCK + 1)}

    def _same(self, made: Attribution, other: Attribution) -> bool:
        """Tell whether two attributions report the same words; a report inside a report is another one."""
        shared = sum(
            self._words(max(s, a), min(e, b)) for s, e in made.spans for a, b in other.spans if s < b and a < e
        )
        if not shared:
            return False
        if other.cue is None and other.speaker:
            return True  # a line of a dialogue: what is reported in it, its speaker reports
        own, others = (sum(self._words(*span) for span in x.spans) for x in (made, other))
        if made.cue and other.cue and any(s <= made.cue[0] < e for s, e in other.spans):
            return shared > 0.9 * others  # its cue stands in what the other reports: it must be a part
        if made.cue and other.cue and any(s <= other.cue[0] < e for s, e in made.spans):
            return shared > 0.9 * own
        return 2 * shared > min(own, others)

    def _words(self, start: int, end: int) -> int:
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)


def _with_uncued(
    text: str, paragraphs: Sequence[Paragraph], contents: Contents, marks: _Marks, found: list[Attribution],
    used: set[Quoted],
) -> list[Attribution]:  # fmt: skip
    """Add speech in marks that has no cue: it goes on with the quotation before it, or stands alone."""
    reading = contents.reading
    speech = sorted(_span(reading, words) for words in reading.speech)
    result = list(found)
    starts = [made.spans[0][0] for made in found]
    for number, paragraph in enumerate(paragraphs):
        if paragraph.is_head or not paragraph.quoted:
            continue
        here = range(bisect_left(starts, paragraph.start), bisect_left(starts, paragraph.end))
        for part in paragraph.quoted:
            if part in used:
                continue
            before = [n for n in here if _may_go_on(result[n]) and result[n].spans[0][0] < part.start]
            at = max(before, key=lambda n: _edge(result[n]), default=None)
            split = at is not None and _is_split(text, result[at], part)
            led = None if split else contents.lead_of(part)
            if not split and not led and part not in marks.carried and not _is_speech(text, paragraph, part, speech):
                continue
            span = _bare(text, part.start, part.end)
            if (
                at is not None and not led and not _other_between([result[n] for n in here], result[at], part.start)
                and _follows(text, result[at], part)
            ):  # fmt: skip
                last = result[at]
                more = span if last.kind == "direct" else (part.outer_start, part.outer_end)
                result[at] = replace(last, spans=(*last.spans, more), verbatim=(*last.verbatim, span))
            else:
                if number and part.outer_start == paragraph.start:
                    led = contents.lead(text, paragraphs[number - 1])
                cue, speaker = led or (None, None)
                result.append(Attribution("direct", (span,), (span,), cue, speaker))
    return result


def _may_go_on(made: Attribution) -> bool:
    """Tell whether what is quoted next may go on with an attribution.

    A quotation goes on, and a phrase with words in marks when its cue stands behind it: `The bill did “too little,” she
    said. “Europe risks a lot.”` Behind reported words without marks a quotation stands alone.
    """
    if made.cue is None or made.kind == "indirect":
        return False
    return made.kind == "direct" or made.cue > made.spans[-1]


def _is_speech(text: str, paragraph: Paragraph, part: Quoted, speech: Sequence[Span]) -> bool:
    """Tell speech from titles and terms: it is a sentence of its own, or the analyzer takes most of it for speech."""
    count = _words(text, part.start, part.end)
    if count < _SPEECH_WORDS or (part.outer_end == paragraph.end and _is_heading(text, paragraph, part)):
        return False
    first = max(0, bisect_right(speech, (part.start, part.start)) - 1)
    last = bisect_left(speech, (part.end, 0))
    marked = sum(_words(text, max(s, part.start), min(e, part.end)) for s, e in speech[first:last])
    lead = text[max(paragraph.start, part.outer_start - 3) : part.outer_start].rstrip()
    begins = part.outer_start == paragraph.start or lead[-1:] in (".", "!", "?", "”", '"', ":", "’")
    inner = text[part.start : part.end].rstrip()
    whole = begins and (inner.endswith((".", "!", "?", "…")) or not part.closed)
    return 2 * marked > count and (whole or (marked == count and begins))


def _edge(made: Attribution) -> int:
    """Return where an attribution ends, its cue included."""
    return max(made.spans[-1][1], (made.cue or (0, 0))[1])


def _is_split(text: str, last: Attribution, part: Quoted) -> bool:
    """Tell whether a quotation is the second half of a sentence: `“That,” said Lee, pointing up, “is the sky.”`."""
    gap = text[_edge(last) : part.outer_start]
    if _AND_LATER.fullmatch(gap):
        return True  # `“It deserves a reply,” it added; and, later, “An order was given.”`
    return (
        text[last.spans[-1][1] - 1] == ","
        and text[part.start : part.start + 1].islower()
        and gap.rstrip().endswith(",")
        and not re.search(r"[.!?;:“”\"]", gap)
    )


def _is_heading(text: str, paragraph: Paragraph, part: Quoted) -> bool:
    """Tell whether a paragraph is a quotation in the casing of headlines: `‘Coal Isn’t the Villain.’` leads one."""
    words = _WORD.findall(text, part.start, part.end)
    capitals = sum(word[0].isupper() for word in words)
    long = all(word[0].isupper() for word in words if len(word) > 3)
    return part.outer_start == paragraph.start and long and len(words) > 1 and 3 * capitals >= 2 * len(words)


def _other_between(found: Sequence[Attribution], last: Attribution, start: int) -> bool:
    edge = _edge(last)
    return any(edge <= (a.cue or a.spans[0])[0] < start for a in found if a is not last)


def _follows(text: str, last: Attribution, part: Quoted) -> bool:
    """`“Q,” X said. “Q.”`: between the attribution and what goes on there is one end of a sentence at most."""
    gap = text[_edge(last) : part.outer_start]
    return len(gap.split()) <= 25 and len(_SENTENCE_END.findall(gap)) <= 1


def _joined(paragraphs: Sequence[Paragraph], found: list[Attribution]) -> Iterator[Attribution]:
    """Join a paragraph that re-opens the quotation which the one before left open: one attribution over both."""
    starts = [paragraph.start for paragraph in paragraphs]
    waiting: list[Attribution] = []
    for made in sorted(found, key=lambda a: a.spans[0]):
        if waiting:
            number = bisect_right(starts, waiting[-1].spans[-1][1] - 1) - 1
            here = bisect_right(starts, made.spans[0][0]) - 1
            if (
                here == number + 1 and _left_open(paragraphs[number], waiting[-1]) and made.kind == "direct"
                and _reopens(paragraphs[here], made) and (made.cue is None or not any(a.cue for a in waiting))
            ):  # fmt: skip
                waiting.append(made)
                continue
            yield _as_one(waiting)
        waiting = [made]
    if waiting:
        yield _as_one(waiting)


def _as_one(parts: Sequence[Attribution]) -> Attribution:
    """Return the attribution over all these parts; one of them at most has a cue."""
    cued = next((part for part in parts if part.cue), parts[-1])
    return replace(
        parts[0], spans=tuple(span for part in parts for span in part.spans),
        verbatim=tuple(span for part in parts for span in part.verbatim), cue=cued.cue, speaker=cued.speaker,
    )  # fmt: skip


def _left_open(paragraph: Paragraph, made: Attribution) -> bool:
    return (
        bool(paragraph.quoted) and not paragraph.quoted[-1].closed and made.spans[-1][1] >= paragraph.quoted[-1].start
    )


def _carries_on(before: Paragraph, paragraph: Paragraph) -> bool:
    """Tell whether a paragraph begins inside of a quotation that the one before it left open."""
    left_open = bool(before.quoted) and not before.quoted[-1].closed and before.quoted[-1].outer_end == before.end
    return left_open and paragraph.quoted[0].outer_start == paragraph.start


def _reopens(paragraph: Paragraph, made: Attribution) -> bool:
    return bool(paragraph.quoted) and paragraph.quoted[0].outer_start == paragraph.start and (
        made.spans[0][0] <= paragraph.quoted[0].start + 1
    )  # fmt: skip
