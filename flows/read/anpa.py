"""ANPA 1312: wire messages framed by control characters, one or several in a file.

`SYN SYN SOH desk number US format CR LF priority SP category DC3 DC1 SP keyword SP version SP date SP words CR LF
STX lines ETX time CR LF FF EOT`. Lines at the margin that begin with `^`, or end in `<` or `=`, are those of the head,
or centred ones; a paragraph begins with a tab. The first line of the head is the slug, the next the headline.
"""

import datetime as dt
import re
from itertools import takewhile
from typing import NamedTuple

from flows.read.bodies import standing
from flows.read.fields import byline, error, line, words
from flows.read.messages import read_messages
from flows.read.paragraphs import compose
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import RejectionError

_START = re.compile(rb"[\x16 ]{0,8}\x01[A-Za-z]{1,4}\d{1,6}\x1f|\x16[\x16 ]{0,8}\x01[A-Za-z]{1,4}\d{1,6}")
# The priority letter is not read as an urgency: wires send features under `f`, which the standard calls a flash.
_HEADER = re.compile(
    r"[A-Za-z][ \t]+(?P<category>[A-Za-z])[\x11-\x14]{0,4}[ \t]+(?P<keyword>\S{0,40}?)(?:[ \t]|$)", re.MULTILINE
)
_TIME = re.compile(r"(?P<month>\d{2})-(?P<day>\d{2})-(?P<year>\d{2}) (?P<hour>\d{2})(?P<minute>\d{2})(?:GMT|UTC|Z)")
# Fillers go; typesetting spaces (RS, US), bands (DLE) and the table line mark (BS) are spaces; other codes stay.
_DROPPED = bytes([0x00, 0x05, 0x06, 0x15, 0x1A, 0x7F])
_SPACES = bytes.maketrans(bytes([0x08, 0x10, 0x12, 0x1C, 0x1D, 0x1E]), b"  \x11   ")  # DC2, for tables, is as DC1
_CODES = re.compile("[\x00-\x08\x0b-\x1f]+")
_NOTE = re.compile(r"\(?(?:Eds|Editors?)\b\.?:|EDITOR'?S'? NOTE\b", re.IGNORECASE)
_BY = re.compile(r"By \S", re.IGNORECASE)
# Lines of the head that are no headline.
_APART = re.compile(rf"{_NOTE.pattern}|By \S|AP (?:Photo|Graphic|Video)s?\b", re.IGNORECASE)
_KILLED = re.compile(r"(?:(?:Bulletin|Mandatory|Urgent) )?Kill", re.IGNORECASE)
_CORRECTED = re.compile(r"\bCorrect(?:ion|ive|ed|s)?\b|\bCQN\b", re.IGNORECASE)
_LONGEST_HEADER = 500
_WRAPPED, _LONGEST_WRAPPED = 45, 100  # characters of a line that goes on in the next
_UPDATED = re.compile(r"\b(?:\d+(?:st|nd|rd|th) ?Ld|Ld|Writethru|Update)\b", re.IGNORECASE)


class Line(NamedTuple):
    """A line of the head, or a paragraph of the text."""

    text: str
    is_head: bool


def looks_like(head: bytes) -> bool:
    """Tell whether the head begins with the header of a message: SOH, desk and number, US."""
    return _START.match(head[:200].replace(b"\0", b"").lstrip(b" \r\n\t")) is not None


def read(payload: Payload) -> list[RawDispatch | Refusal]:
    """Return the raw dispatches of the messages; refused are `undecodable`, `binary`, `wrong_format` and `empty`."""
    return read_messages(payload, payload.data.translate(_SPACES, _DROPPED), _message)


def _message(message: str, encoding: str, name: str | None) -> RawDispatch | RejectionError:
    before, stx, content = message.partition("\x02")
    before = before[:_LONGEST_HEADER]
    if not stx:
        return error("text", "wrong_format", "STX (0x02), where the text begins, is missing", message)
    content, _, trailer = content.partition("\x03")
    header = _HEADER.search(before.partition("\n")[2])
    lines = _lines(content.partition("\x04")[0])
    slug, lines = _slug(lines, header)
    head = [each.text for each in takewhile(lambda each: each.is_head, lines)]
    headline = next((each for each in head if not _APART.match(each)), None)
    if headline:
        lines.remove(Line(headline, is_head=True))
    body = [each.text for each in lines]
    status, signal = standing(None, [_signal(slug, before)], held=False)
    if not any(map(words, [headline, *body])) and status != "killed":
        return error("text", "empty", "there is no text in it", content)
    return RawDispatch(
        text_raw=compose(headline, body),
        headline=headline,
        byline=next((byline(each) for each in head if _BY.match(each)), None),
        item=name,
        encoding=encoding,
        version_created=_time(trailer[:200]),
        slugline=slug,
        subjects=(header["category"],) if header else (),
        ed_note="\n".join(each for each in head if _NOTE.match(each)) or None,
        status=status,
        signal=signal,
    )


def _lines(content: str) -> list[Line]:
    """Return the lines without their codes; those that are not of the head are whole paragraphs."""
    found: list[tuple[list[str], bool]] = []  # the pieces of each, and whether it is of the head
    before, in_head = "", True
    for raw in content.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        printed = _CODES.sub(" ", raw).strip(" \t\x7f")
        is_head = printed.startswith("^") or (in_head and not raw[:1].isspace() and printed.endswith(("<", "=")))
        printed = re.split(r"<\s*\^", printed)[-1].lstrip("^ ").rstrip("<= ")
        goes_on = before and not is_head and not raw[:1].isspace() and _WRAPPED <= len(before) <= _LONGEST_WRAPPED
        if printed and goes_on and not found[-1][1]:
            broken = before.endswith("-") and before[-2:-1].isalpha()  # a word may be: repair looks at the line end
            found[-1][0].extend(("\n" if broken else " ", printed))
        elif printed:
            found.append(([printed], is_head))
            in_head = in_head and is_head
        before = printed
    return [Line("".join(pieces), is_head) for pieces, is_head in found]


def _slug(lines: list[Line], header: re.Match[str] | None) -> tuple[str | None, list[Line]]:
    """Return the slug, and the lines behind it; the number of words at its end is none of it.

    Where the text has no head, it is the keyword of the header, which is cut: `BC-LT--Argentina-CancerB`.
    """
    if lines and lines[0].is_head:
        return re.sub(r",\d{1,6}\Z", "", lines[0].text.rstrip(" ,")).rstrip(" ,") or None, lines[1:]
    return (line(header["keyword"]) if header else None), lines


def _signal(slug: str | None, before: str) -> str | None:
    """Return what the version in the slug, or in the header, says: `1st Ld-Writethru`."""
    inside = re.search(r"\s(\S{1,40})\s+\d{2}-\d{2}\b", before)
    versions = [each.strip() for each in (slug or "").split(",")[1:]] or ([inside[1]] if inside else [])
    if any(_KILLED.fullmatch(each) for each in versions):
        return "kill"
    said = " ".join(versions)
    return "correction" if _CORRECTED.search(said) else "update" if _UPDATED.search(said) else None


def _time(trailer: str) -> dt.datetime | None:
    """Return the time in `AP-WF-11-13-13 1509GMT`."""
    found = _TIME.search(trailer)
    if found is None:
        return None
    year = int(found["year"])
    try:
        return dt.datetime(
            year + (1900 if year > 68 else 2000), int(found["month"]), int(found["day"]), int(found["hour"]),
            int(found["minute"]), tzinfo=dt.UTC,
        )  # fmt: skip
    except ValueError:
        return None
