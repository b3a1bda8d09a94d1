"""The head of a dispatch: headline, byline, editor's note and dateline, told by their place and form."""

import datetime as dt
import re
from dataclasses import dataclass

from flows.gazetteer import Gazetteer
from flows.normalize.dateline import Found, find_dateline
from flows.stories.marks import is_slugline, kind_of_line
from flows.stories.notes import NOTE

_LINE = re.compile(r"[^\r\n]+")
_BYLINE = re.compile(r"(?:By|BY)[ \u00a0]+(?P<names>[^\W\d_a-z][^\n]{1,118}?)[ \t=]*$")
HEAD_MARKS = frozenset(["label", "update", "correction", "repeat"])  # marks that may have a line above the headline
_HEAD_LINES = 12  # a head is not longer
_LONGEST_HEADLINE = 250


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of a text says; None where it says nothing."""

    headline: str | None = None
    byline: str | None = None
    slugline: str | None = None
    ed_note: str | None = None
    dateline: Found | None = None


def parse_header(text: str, gazetteer: Gazetteer, near: dt.datetime | None = None, *, titled: bool = False) -> Header:
    """Return the head of a raw text.

    Args:
        near: when the dispatch was created, for a dateline whose date has no year.
        titled: the first line is known to be the headline.
    """
    lines = [match for match in _head_lines(text) if match[0].strip()]
    byline = slugline = ed_note = None
    is_marked = False
    others: list[re.Match[str]] = []
    dateline = None
    for number, line in enumerate(lines):
        start = line.start() + len(line[0]) - len(line[0].lstrip())
        if slugline is None and not titled and is_slugline(line[0]):
            slugline = line[0].strip()
            continue
        if not others and not titled and (kind := kind_of_line(line[0])) in HEAD_MARKS:
            is_marked = True
            if kind != "label":
                ed_note = ed_note or line[0].strip()
            continue
        note = NOTE.match(text, start)
        if note:
            ed_note = ed_note or note[0]
            start = note.end() + len(text[note.end() :]) - len(text[note.end() :].lstrip(" \t\u00a0"))
            if start >= line.end():
                continue
        if not (titled and number == 0):
            dateline = find_dateline(text, start, gazetteer, near, below_byline=byline is not None)
        if dateline:
            break
        named = _BYLINE.match(line[0].strip())
        if named and not byline and not _is_sentence(line[0]):
            byline = named["names"].strip()
        elif not note:
            others.append(line)
    has_head = bool(dateline or byline or slugline or ed_note or is_marked)
    headline = _headline(text, others, has_head, below=is_marked or slugline is not None, titled=titled)
    return Header(headline, byline, slugline, ed_note, dateline)


def _head_lines(text: str) -> list[re.Match[str]]:
    lines: list[re.Match[str]] = []
    for match in _LINE.finditer(text):
        lines.append(match)
        if len(lines) == _HEAD_LINES:
            break
    return lines


def _headline(text: str, lines: list[re.Match[str]], has_head: bool, *, below: bool, titled: bool) -> str | None:
    """The first line is the headline in bare wire text, if more follows it and it is no paragraph itself."""
    if not lines:
        return None
    first = lines[0]
    line = first[0].strip()
    if titled:
        return line
    more = text[first.end() :].strip()
    if not more or len(line) > _LONGEST_HEADLINE or (not below and text[: first.start()].strip()):
        return None
    return line if has_head or not _is_sentence(line) or _is_title(line) else None


def _is_sentence(line: str) -> bool:
    """A line that ends like a sentence of running text. `U.S.` and `Inc.` end headlines too."""
    line = line.strip().rstrip("\"'”’)")
    return line.endswith((".", "!", "?")) and not re.search(r"(?:\b[A-Z]|Inc|Corp|Co|Ltd|Jr|Sr)\.$", line)


def _is_title(line: str) -> bool:
    """Most long words capitalized: a headline in title case, even with a full stop behind it."""
    words = re.findall(r"[^\W\d_]{4,}", line)
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.7 * len(words)
