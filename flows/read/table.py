"""CSV with a header row: a dispatch a row, its columns told by their names or by a mapping.

The separator is the one of `, ; tab |` that the header row has most of. All that is wrong with a row is told.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from flows.read.decode import decode
from flows.read.fields import byline, compose, error, line, separator, when, words
from flows.read.refuse import refuse_payload
from schemas.dispatch import Signal, Status
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import RejectionError

# Field -> the names of columns that hold it, in lower case without white space, - and _; the first that is there.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "bodytext", "content", "story", "article", "fulltext", "articletext"),
    "headline": ("headline", "title"),
    "id": ("id", "guid", "storyid", "articleid", "uri", "url", "link"),
    "byline": ("byline", "author", "authors", "by"),
    "slugline": ("slugline", "slug"),
    "language": ("language", "lang"),
    "urgency": ("urgency", "priority"),
    "subjects": ("subjects", "subject", "keywords", "tags", "categories", "category"),
    "ed_note": ("ednote", "editorsnote", "note"),
    "rights": ("rights", "copyright", "copyrightnotice"),
    "version": ("version", "revision"),
    "first_created": ("firstcreated", "firstpublished"),
    "published_at": ("publishedat", "published", "versioncreated", "date", "datetime", "pubdate", "created"),
    "embargoed_until": ("embargoeduntil", "embargoed", "embargo"),
    "status": ("status", "pubstatus"),
    "signal": ("signal",),
}
_KILLED = {"canceled", "cancelled", "killed", "kill"}
_SPLIT = re.compile(r"[;|]")
_MOST_COLUMNS = 1000


def looks_like(head: bytes) -> bool:
    """Tell whether the first line names columns, the text among them and one more that is known."""
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").partition(b"\n")[0][:4000]
    try:
        names = _split(first.decode("utf-8").strip())
    except (UnicodeDecodeError, csv.Error):
        return False
    known = _fields(names, COLUMNS)
    return "text" in known and len(known) > 1


def read(payload: Payload) -> list[RawDispatch | Refusal]:
    """Return the raw dispatch of each row; rows that are none are refused.

    The fields of the source name their columns; the columns of the others are told by the names in `COLUMNS`.

    Refused as `undecodable`, `binary`, `invalid_table` (no columns that are known), `invalid_fields`, `empty`.
    """
    decoded = decode(payload.data, payload.encoding)
    if isinstance(decoded, RejectionError):
        return [refuse_payload(payload, decoded.type, decoded)]
    text, encoding = decoded
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # the payload is limited, its fields need no other
    mapping = {**COLUMNS, **{field: (_plain(name),) for field, name in payload.fields.items()}}
    found: list[RawDispatch | Refusal] = []
    try:
        for number, made in enumerate(_rows(text, mapping), 1):
            item = f"row {number}" if payload.item is None else None
            if isinstance(made, dict) and not (wrong := _wrong(made)):
                found.append(_raw(made, item, encoding))
            else:
                errors = made if isinstance(made, tuple) else wrong
                at = payload.model_copy(update={"item": payload.item or item})
                found.append(refuse_payload(at, errors[0].type if _alone(errors) else "invalid_fields", *errors))
    except (csv.Error, ValueError) as fault:
        found.append(refuse_payload(payload, "invalid_table", error("input", "invalid_table", f"no table: {fault}")))
    return found or [refuse_payload(payload, "empty", error("input", "empty", "there is no row under the header"))]


def _alone(errors: tuple[RejectionError, ...]) -> bool:
    return len(errors) == 1 and errors[0].type == "empty"


def _rows(text: str, mapping: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, str] | tuple[RejectionError, ...]]:
    """Yield the known fields of each row, or what is wrong with it.

    Raises:
        ValueError: the header row names no column of texts.
    """
    header, _, _ = text.lstrip("\r\n").partition("\n")
    rows = csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=separator(header))
    names = next(rows, [])
    known = _fields(names, mapping)
    if "text" not in known:
        raise ValueError(f"the header row names no column of texts: {', '.join(names[:20])[:200]}")
    for row in rows:
        if len(row) > len(names) and any(map(str.strip, row[len(names) :])):
            yield (error("row", "invalid_fields", f"{len(row)} columns, the header row has {len(names)}", row[0]),)
        elif any(map(str.strip, row)):
            yield {field: row[place] for field, place in known.items() if place < len(row)}


def _split(header: str) -> list[str]:
    return next(csv.reader([header], delimiter=separator(header)), [])


def _fields(names: list[str], mapping: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Return the place of each field's column."""
    places: dict[str, int] = {}
    for place, name in enumerate(names[:_MOST_COLUMNS]):
        places.setdefault(_plain(name), place)
    found = {field: next((places[n] for n in known if n in places), None) for field, known in mapping.items()}
    return {field: place for field, place in found.items() if place is not None}


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


def _wrong(row: dict[str, str]) -> tuple[RejectionError, ...]:
    """Return all that is wrong with a row."""
    wrong = []
    status, signal, urgency = (row.get(name, "").strip().lower() for name in ("status", "signal", "urgency"))
    if status and status not in _KILLED and status not in get_args(Status):
        wrong.append(error("status", "invalid_fields", f"one of {', '.join(get_args(Status))}", status))
    if signal and signal not in get_args(Signal):
        wrong.append(error("signal", "invalid_fields", f"one of {', '.join(get_args(Signal))}", signal))
    if urgency and not re.fullmatch("[1-9]", urgency):
        wrong.append(error("urgency", "invalid_fields", "a number from 1 to 9", urgency))
    if not words(row.get("text")) and status not in _KILLED and signal != "kill":
        wrong.append(error("text", "empty", "there is no text in it", row.get("text")))
    return tuple(wrong)


def _raw(row: dict[str, str], item: str | None, encoding: str) -> RawDispatch:
    headline, embargo = line(row.get("headline")), line(row.get("embargoed_until"))
    said, signal, urgency = (row.get(name, "").strip().lower() for name in ("status", "signal", "urgency"))
    killed = said in _KILLED or signal == "kill"
    held = "embargoed" if embargo and said in ("", "usable") else said  # an unreadable date is no leave
    status: Any = "killed" if killed else held or "usable"
    subjects = filter(None, map(line, _SPLIT.split(row.get("subjects", ""))))
    return RawDispatch(
        text_raw=compose(headline, row.get("text", "").replace("\r\n", "\n")), headline=headline, item=item,
        byline=byline(row.get("byline")), encoding=encoding, feed_id=line(row.get("id")),
        version=line(row.get("version")), version_created=when(row.get("published_at")),
        first_created=when(row.get("first_created")), rights=line(row.get("rights")),
        slugline=line(row.get("slugline")),
        language=line(row.get("language")), embargoed_until=when(embargo), urgency=int(urgency) if urgency else None,
        subjects=tuple(dict.fromkeys(subjects)), ed_note=line(row.get("ed_note")), status=status,
        signal="kill" if killed else signal or "new",
    )  # fmt: skip
