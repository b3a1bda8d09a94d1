"""The structure of a text by its surface: head and paragraphs, sentences, and what stands in quotation marks."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flows.stories.marks import is_slugline, kind_of_line, read_headline
from flows.stories.notes import NOTE
from schemas.dispatch import Dispatch, Span

# A paragraph of a real dispatch has less than 3,000 characters; a longer line is cut at a space, so that work on a
# paragraph stays bounded whatever is in it.
_LINE = re.compile(r"[^\r\n]{1,5000}(?=[\s]|$)|[^\r\n]{1,5000}")
# What stands below a dispatch of who made it: `(Reporting by Ann Lee in Rome; Editing by Bob Tan)`.
_CREDITS = re.compile(
    r"(?:[(\[][^()\[\]]*\b(?:reporting|writing|editing|compiled|edited|translated) by [^()\[\]]+[)\]]"
    r"|(?:additional )?(?:reporting|writing|editing) by [^.!?]+"
    r"|[^.!?]{3,120} contributed (?:to this (?:report|story|article)|(?:additional )?reporting)(?: from [^.!?]+)?)\.?",
    re.IGNORECASE,
)
_IN_WORD = re.compile(r"[^\W_]")
_MOST_MARKS = 200  # marks looked at for the one that closes a quotation
_CLOSEST = 4  # characters a mark: where more marks than those stand closer, they are ornament, or a flood
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Maj|Capt|Sgt|Adm|Cmdr|Prof|Rev|St|Mt|Ft|Jr|Sr|vs|No|Inc|Corp|Co|Ltd"
    r"|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec|Brig|Pvt|Cpl|Hon|Messrs|approx|est|etc)|\b[A-Z]|\b[a-z]\.[a-z])\.$"
)
_STOP = re.compile(r"(?:[.!?…]+|\.\.\.)[\"'”’»)\]]*(?=\s+[\"'“‘«`(\[]*[A-Z0-9À-ÝŁŚŻ]|\s*$)")
_OPEN = {"“": "”", "«": "»", "„": "”", "``": "''"}
_ENDS = frozenset(".,!?…")  # behind which a quotation ends
_MARK = re.compile(r"``|''|[“”„«»\"‘’']")
_NONE = 1 << 30
_ELISION = re.compile(r"(?:em|til|tis|twas|cause|bout|n|\d0s)\b")


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words in quotation marks, the marks excluded."""

    start: int
    end: int
    outer_start: int  # with the marks
    outer_end: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body, or a line of the head."""

    start: int
    end: int
    is_head: bool
    sentences: tuple[Span, ...]
    quoted: tuple[Quoted, ...]


def paragraphs(dispatch: Dispatch) -> list[Paragraph]:
    """Return the headline and the paragraphs of a dispatch; dateline, byline, notes and credits are left out.

    So is a line in which nothing can be read: a rule of dashes, three stars between parts.
    """
    text = dispatch.text
    dateline = dispatch.dateline
    found: list[Paragraph] = []
    body_from = dateline.span[1] if dateline else 0
    headline_due = dispatch.headline is not None
    for line in _LINE.finditer(text):
        start, end = _strip(text, line.start(), line.end())
        if start == end:
            continue
        if headline_due and _stands_above(dispatch, text[start:end]):
            continue
        if headline_due:
            headline_due = False
            bare = read_headline(text[start:end]).bare  # `UPDATE 2-Ship owner says ...`: the mark is the desk's
            if (at := text.find(bare, start, end)) >= start and bare:
                start, end = at, at + len(bare)
            found.append(_paragraph(text, start, end, is_head=True))
            continue
        if (dateline and end <= dateline.span[0]) or _is_byline(dispatch, text[start:end]):
            continue
        if start > body_from and _CREDITS.fullmatch(text, start, end):
            continue
        if start < body_from:
            start = body_from + len(text[body_from:end]) - len(text[body_from:end].lstrip())
        if _IN_WORD.search(text, start, end):
            found.append(_paragraph(text, start, end, is_head=False))
    return _gone_on(text, found)


def _stands_above(dispatch: Dispatch, line: str) -> bool:
    """Tell whether a line above the headline is none: its slug, an editors' note, or a mark such as `URGENT`."""
    if (dispatch.slugline and is_slugline(line)) or (dispatch.ed_note and NOTE.fullmatch(line)):
        return True
    return kind_of_line(line) is not None and line != dispatch.headline


def plain_paragraphs(text: str) -> list[Paragraph]:
    """Return the lines of a plain text, no dispatch, as paragraphs."""
    stripped = (_strip(text, line.start(), line.end()) for line in _LINE.finditer(text))
    return _gone_on(text, [_paragraph(text, start, end, is_head=False) for start, end in stripped if start < end])


def _gone_on(text: str, found: list[Paragraph]) -> list[Paragraph]:
    """Let a quotation that a paragraph leaves open go on to the end of it, where the next one shows that it does.

    The next one opens it again: "He said, “It was late. We left.", then "“And nobody came.”". Or it has the mark that
    closes it, and one is missing: "“We have learned a lot.", then "It was a day to remember.” He left.".
    """
    for number in range(1, len(found)):
        before, here = found[number - 1], found[number]
        if not before.quoted or before.quoted[-1].closed or before.is_head:
            continue
        first = _first_mark(text, here)
        if first is None and number + 1 < len(found):  # a caption or the like stands between
            first = _first_mark(text, found[number + 1])
            first = first if first and first.start() == found[number + 1].start else None
        if first is None:
            continue
        there = here if first.start() < here.end else found[number + 1]
        mark = _mark(first, text, there.start, there.end)
        opens = _closing(mark, text, there.start, there.end) is not None
        if opens != (mark.start == there.start):
            continue
        last = replace(before.quoted[-1], end=before.end, outer_end=before.end)
        found[number - 1] = replace(before, quoted=(*before.quoted[:-1], last))
        if not opens:
            begun = Quoted(here.start, mark.start, here.start, mark.end, closed=True)
            found[number] = replace(here, quoted=(begun, *quoted_parts(text, mark.end, here.end)))
    return found


def _first_mark(text: str, paragraph: Paragraph) -> re.Match[str] | None:
    """Return the first double quotation mark of a paragraph."""
    marks = _MARK.finditer(text, paragraph.start, paragraph.end)
    return next((mark for mark in marks if mark[0] not in "‘’'" or mark[0] == "''"), None)


def _is_byline(dispatch: Dispatch, line: str) -> bool:
    return bool(dispatch.byline) and line.lower().startswith("by ") and dispatch.byline in line  # type: ignore[operator]


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _paragraph(text: str, start: int, end: int, *, is_head: bool) -> Paragraph:
    quoted = tuple(quoted_parts(text, start, end))
    return Paragraph(start, end, is_head, tuple(_sentences(text, start, end)), quoted)


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    begin = start
    for match in _STOP.finditer(text, start, end):
        if _ABBREVIATION.search(text, max(begin, match.start() - 12), match.start() + 1) and match.end() < end:
            continue
        yield begin, match.end()
        begin = match.end()
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        yield begin, end


def sentence_at(paragraph: Paragraph, offset: int) -> Span:
    """Return the sentence of a paragraph in which an offset stands."""
    starts = [start for start, _ in paragraph.sentences]
    return paragraph.sentences[max(0, bisect_right(starts, offset) - 1)]


def quoted_parts(text: str, start: int, end: int) -> Iterator[Quoted]:
    """Yield what stands in quotation marks in one paragraph, outermost marks only.

    One pass, one open mark at a time. A mark that is never closed reaches to the end of the paragraph if it opens the
    paragraph (a quotation of several paragraphs), else to the end of its sentence: a missing mark costs no more.
    """
    found_marks = list(_MARK.finditer(text, start, end))
    if not found_marks or (len(found_marks) > _MOST_MARKS and len(found_marks) * _CLOSEST > end - start):
        return
    marks = [_mark(found, text, start, end) for found in found_marks]
    closing = _by_what_they_close(marks, text, end)
    at = 0
    while at < len(marks):
        mark = marks[at]
        close = _closing(mark, text, start, end)
        at += 1
        if close is None:
            continue
        inner = mark.end
        found = _next(closing, close, at)
        again = _next(closing, (mark.char,), at) if mark.char in _OPEN else _NONE
        if min(found, again) >= at + _MOST_MARKS:
            if close == ("’",) or close == ("'",):
                continue  # an apostrophe after all
            stop = end if mark.start == start else _sentence_end(text, inner, end)
            yield Quoted(inner, stop, mark.start, stop, closed=False)
            while at < len(marks) and marks[at].start < stop:
                at += 1
        elif found < again:
            yield Quoted(inner, marks[found].start, mark.start, marks[found].end, closed=True)
            at = found + 1
        else:  # opened again before it was closed
            stop = _sentence_end(text, inner, marks[again].start)
            if text[inner:stop].strip():
                yield Quoted(inner, stop, mark.start, stop, closed=False)
            at = again


def _sentence_end(text: str, start: int, end: int) -> int:
    match = _STOP.search(text, start, end)
    return match.end() if match else end


@dataclass(frozen=True, slots=True)
class _Mark:
    """A quotation mark, as what it stands for."""

    char: str
    start: int
    end: int


def _mark(found: re.Match[str], text: str, start: int, end: int) -> _Mark:
    """Return a mark; one set the wrong way round counts as what its place makes of it.

    `“We are sorry.“ He left.` closes with an opening mark, `”Fear,” she said` opens with a closing one.
    """
    char = found[0]
    before = text[found.start() - 1] if found.start() > start else " "
    behind = text[found.end()] if found.end() < end else " "
    if char == "“" and before in _ENDS and not behind.isalnum():
        char = "”"
    elif char == "”" and behind.isalnum() and before.isspace():
        char = "“"
    return _Mark(char, found.start(), found.end())


def _closing(mark: _Mark, text: str, start: int, end: int) -> tuple[str, ...] | None:
    """Return the marks that close what this one opens; None if it opens nothing."""
    char, before = mark.char, text[mark.start - 1] if mark.start > start else " "
    behind = text[mark.end] if mark.end < end else " "
    if char in _OPEN:
        return (_OPEN[char], '"') if char != "``" else ("''", "”", '"')
    opens = not before.isalnum() and before not in ".,!?%)" and not behind.isspace()
    if char == '"':
        return ('"', "”") if opens else None
    if char == "''":  # ``…'' is closed by it; some papers open with it too: ''We wait,'' he said
        return ("''",) if opens else None
    if char == "‘":
        return ("’",) if opens else None
    if char == "'" and opens and not _ELISION.match(text, mark.end, end):
        return ("'",)
    return None


def _by_what_they_close(marks: Sequence[_Mark], text: str, end: int) -> dict[str, list[int]]:
    """Return the numbers of the marks that close a quotation, by mark: all, but for apostrophes inside single marks.

    `the soldiers' boots' size`: a later mark that follows punctuation, before another opening, is the better one.
    """
    found: dict[str, list[int]] = {}
    better: set[str] = set()  # single marks behind this one, before the next opening, that follow punctuation
    for number in range(len(marks) - 1, -1, -1):
        mark = marks[number]
        char = mark.char
        if char == "‘":
            better.clear()
        elif char in ("’", "'"):
            before, behind = text[mark.start - 1], text[mark.end] if mark.end < end else " "
            closes = not behind.isalnum() and (before in ".,!?;:…" or char not in better)
            if before in ".,!?":
                better.add(char)
            if not closes:
                continue
        found.setdefault(char, []).append(number)
    return {char: numbers[::-1] for char, numbers in found.items()}


def _next(closing: dict[str, list[int]], chars: tuple[str, ...], at: int) -> int:
    """Return the number of the next mark that closes with one of the characters; a number beyond all if none does."""
    found = _NONE
    for char in chars:
        if numbers := closing.get(char):
            place = bisect_left(numbers, at)
            if place < len(numbers):
                found = min(found, numbers[place])
    return found
