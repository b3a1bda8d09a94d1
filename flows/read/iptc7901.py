"""IPTC 7901: wire messages framed by control characters, one or several in a file.

`SOH service number SP priority SP category SP words SP … CR LF keywords STX head and text ETX time EOT`. The head ends
with a line that ends in `=`, or with the first blank line: marks (`1ST LEAD`), a headline of one or more lines, a
byline. A notebook at the end, and what is said not to be for publication, become the editor's note.
"""

import datetime as dt
import re
from typing import NamedTuple

from flows.read.bodies import standing, urgency
from flows.read.fields import byline, error, line, words
from flows.read.messages import read_messages
from flows.read.paragraphs import compose, unwrap
from schemas.dispatch import Signal, Status
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import RejectionError

_START = re.compile(rb"\x01[ ]{0,2}[A-Za-z]{1,10}[ -]?\d{1,6}[ \t]")
_HEADER = re.compile(
    r"\s{0,2}(?P<service>[A-Za-z]{1,10})[ -]?(?P<number>\d{1,6})[ \t]+(?:(?P<priority>\d)[ \t]+)?"
    r"(?:(?P<category>[A-Za-z]{1,4})[ \t]+)?(?P<words>\d{1,6})?"
)
_DROPPED = bytes([0x00, 0x05, 0x06, 0x08, 0x0E, 0x0F, 0x15, 0x16, 0x1A, 0x7F])  # fillers, shifts and the like
_TIME = re.compile(
    r"(?P<day>\d{2})(?P<hour>\d{2})(?P<minute>\d{2}) ?(?P<zone>[A-Z]{1,4})? ?(?P<month>[A-Za-zä]{3})[a-z.]*"
    r"[ -]{0,2}(?P<year>\d{2}|\d{4})\b"
)
_ZONES = {"GMT": 0, "UTC": 0, "Z": 0, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2}
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "mär": 3, "mrz": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7, "aug": 8,
    "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
_NOTEBOOK = re.compile(
    r"^[ \t]*(?:# ?(?:\w{2,8}[ -])?(?:notebook|notizblock)\b.*|(?:the following|die folgenden) information(?:en)?"
    r" (?:is|are|sind) (?:not|nicht) (?:intended )?(?:for|zur) (?:publication|veröffentlichung)\b.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_MARK = re.compile(r"\(?[A-Z0-9Ä-Ü./-]+(?: [A-Z0-9Ä-Ü./-]+){0,3}\)?:?|\([^()]{2,30}\)")
_CORRECTED = re.compile(r"\b(?:CORRECT\w*|BERICHTIG\w*|KORREKTUR)\b", re.IGNORECASE)
_UPDATED = re.compile(r"\b(?:\d+(?:ST|ND|RD|TH)? ?LD|LEAD|UPDATE|REFILE|WRITETHRU|ZUSAMMENFASSUNG)\b", re.IGNORECASE)
_KILLED = re.compile(r"\b(?:KILL|MANDATORY KILL|WITHDRAWN|WITHDRAWAL|ZURÜCKGEZOGEN)\b")
_BY = re.compile(r"(?:By|Von|Par|Por) [^\W\d_a-z]")
_HEAD_LINES = 8


class Head(NamedTuple):
    """What stands before the text."""

    headline: str | None
    byline: str | None
    marks: list[str]
    rest: str


def looks_like(head: bytes) -> bool:
    """Tell whether the head begins with, or soon has, the header of a message."""
    start = _START.search(head[:200].replace(b"\0", b""))
    return start is not None and not head[: start.start()].strip(b" \r\n\t\x16\x7f\0").strip(b"ZCN")


def read(payload: Payload) -> list[RawDispatch | Refusal]:
    """Return the raw dispatches of the messages; refused are `undecodable`, `binary`, `wrong_format` and `empty`."""
    return read_messages(payload, payload.data.translate(None, _DROPPED), _message)


def _message(message: str, encoding: str, name: str | None) -> RawDispatch | RejectionError:
    first, _, after = message.partition("\n")
    before, stx, content = message.partition("\x02")
    header = _HEADER.match(first.partition("\x02")[0])
    if header is None:
        why = "this is no header of IPTC 7901: `service number priority category words`"
        return error("header", "wrong_format", why, first)
    if not stx:
        return error("text", "wrong_format", "STX (0x02), where the text begins, is missing", after)
    content, _, trailer = content.partition("\x03")
    text, notes = _notes(content.partition("\x04")[0])
    head = _head(text)
    status, signal = _standing(head.marks)
    body = unwrap(head.rest)
    if not any(map(words, [head.headline, *body])) and status != "killed":
        return error("text", "empty", "there is no text in it", content)
    return RawDispatch(
        text_raw=compose(head.headline, body),
        headline=head.headline,
        byline=head.byline,
        item=name,
        encoding=encoding,
        version_created=_time(trailer[:200]),
        slugline=line(before.partition("\n")[2]),
        urgency=urgency(header["priority"]),
        subjects=(header["category"],) if header["category"] else (),
        ed_note="\n".join([*head.marks, *notes]) or None,
        status=status,
        signal=signal,
    )


def _notes(content: str) -> tuple[str, list[str]]:
    """Return the text without the notebook at its end, and the notebook."""
    found = _NOTEBOOK.search(content)
    if found is None or not words(content[: found.start()]):
        return content, []
    return content[: found.start()].rstrip(" \t\r\n*"), unwrap(content[found.start() :])


def _head(text: str) -> Head:
    """Return the head, and what follows it with the byline before it, as printed."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n").split("\n")
    ends = [n for n, printed in enumerate(lines[:_HEAD_LINES]) if printed.rstrip().endswith("=")]
    blank = next((n for n, printed in enumerate(lines[:_HEAD_LINES]) if not printed.strip()), None)
    if ends and (blank is None or ends[0] < blank):
        count = ends[0] + 1
        while count < len(lines) and _BY.match(lines[count]):
            count += 1
    elif blank is not None and blank <= 4 and not lines[0][:2].isspace() and words("".join(lines[blank:])):
        count = blank
    else:
        return Head(None, None, [], text)
    printed = [found for each in lines[:count] if (found := each.rstrip(" \t=").strip())]
    by = next((n for n, each in enumerate(printed) if n and _BY.match(each)), len(printed))
    marks: list[str] = []
    while len(printed[:by]) > len(marks) + 1 and _MARK.fullmatch(printed[len(marks)]):
        marks.append(printed[len(marks)])
    headline = line(" ".join(printed[len(marks) : by]))
    rest = "\n".join([*printed[by:], "", *lines[count:]])
    named = byline(" ".join(printed[by:])) if by < len(printed) else None
    return Head(headline, named, marks, rest)


def _standing(marks: list[str]) -> tuple[Status, Signal]:
    said = " ".join(marks)
    kinds = ((_KILLED, "kill"), (_CORRECTED, "correction"), (_UPDATED, "update"))
    return standing(None, [next((kind for pattern, kind in kinds if pattern.search(said)), None)], held=False)


def _time(trailer: str) -> dt.datetime | None:
    """Return the time in `131137 GMT Nov 13`: day, hour and minute, zone, month, year; None without a known zone."""
    found = _TIME.search(trailer)
    if found is None or found["zone"] not in _ZONES:
        return None
    year = int(found["year"])
    year += 0 if year > 99 else 1900 if year > 68 else 2000
    zone = dt.timezone(dt.timedelta(hours=_ZONES[found["zone"]]))
    try:
        month = _MONTHS[found["month"].lower()]
        time = dt.datetime(year, month, int(found["day"]), int(found["hour"]), int(found["minute"]), tzinfo=zone)
        return time.astimezone(dt.UTC)
    except (KeyError, ValueError, OverflowError):
        return None
