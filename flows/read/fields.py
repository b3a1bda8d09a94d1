"""What readers of structured formats share: dates with zones, plain fields, codecs that are declared, errors."""

import codecs
import datetime as dt
import re
from collections.abc import Iterable
from email.utils import parsedate_to_datetime

from pydantic import ValidationError

from schemas.rejection import RejectionError

_MOST_ERRORS = 100  # told one by one; a hostile input could have a million
_SHOWN = 200
_SPACE = re.compile(r"\s+")
_BY = re.compile(r"by:?\s+(?=\S)", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_DATE_LONGEST = 64
# Codecs that Python knows and that are no encodings of text on a wire.
_LATIN_1 = {"iso8859-1", "latin-1", "ascii"}
_NO_CODECS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem", "palmos"}


def when(value: str | None) -> dt.datetime | None:
    """Return the time in an ISO 8601 or RFC 5322 date that has a zone; None for any other, since no zone is assumed."""
    text = (value or "").strip()
    if not text or len(text) > _DATE_LONGEST or not text.isascii():
        return None
    if text.endswith(" -0000"):  # in mail: the time is in UTC, and where it was written is not told
        text = f"{text[:-6]} +0000"
    for parse in (dt.datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = parse(text)
            if found.tzinfo is not None and 1 < found.year < 9999:  # 1 and 9999 may leave the range in UTC
                return found.astimezone(dt.UTC) if found.utcoffset() is not None else None
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def whole(text: str) -> str:
    """Return the text with whole characters only: halves of surrogate pairs are joined, or become U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def line(value: str | None) -> str | None:
    """Return a field of one line, its white space made single; None where nothing is left."""
    return _SPACE.sub(" ", whole(value or "")).strip() or None


def byline(value: str | None) -> str | None:
    """Return a byline without its `By`."""
    found = line(value)
    return _BY.sub("", found, count=1) if found and _BY.match(found) else found


def words(text: str | None) -> bool:
    """Tell whether there is anything in a text that could be a word."""
    return any(char.isalnum() for char in text or "")


def joined(parts: Iterable[str | None]) -> str | None:
    """Return the parts that say something, each once, a line each: holder, notice and terms of rights."""
    return "\n".join(dict.fromkeys(found for part in parts if words(found := line(part)) and found)) or None


def compose(headline: str | None, body: str) -> str:
    """Return the text of a dispatch: headline, newline, body; a body whose first line is the headline as it is."""
    body = body.strip("\r\n")
    if not headline or line(body.lstrip().partition("\n")[0]) == headline:
        return body
    return f"{headline}\n{body}" if body else headline


def separator(header: str) -> str:
    """Return what separates the columns of a table: the one of `, ; tab |` that its header row has most of."""
    return max(",;\t|", key=_QUOTED.sub("", header).count)


def codec(name: str | None) -> str | None:
    """Return a declared encoding if Python can decode text with it.

    For ASCII and Latin-1 this is cp1252: the same characters, and those meant by the bytes that these leave empty.
    """
    name = (name or "").strip().lower()
    if not name or not name.isascii() or "\0" in name or name.replace("-", "_") in _NO_CODECS:
        return None
    try:
        "".encode(name)
        known = codecs.lookup(name).name
        return "cp1252" if known in _LATIN_1 else known
    except (LookupError, ValueError):
        return None


def error(loc: str, kind: str, message: str, value: object = None) -> RejectionError:
    """Return one error; the value is shown shortened."""
    shown = None if value is None else whole(value if isinstance(value, str) else repr(value))[:_SHOWN]
    return RejectionError(loc=whole(loc)[:_SHOWN] or "input", type=kind, message=whole(message), input=shown or None)


def errors(invalid: ValidationError) -> tuple[RejectionError, ...]:
    """Return all that a validation found wrong; of more than a hundred the first, and how many there are."""
    found = invalid.errors(include_url=False, include_context=False)
    told = [error(".".join(map(str, e["loc"])), e["type"], e["msg"], _short(e["input"])) for e in found[:_MOST_ERRORS]]
    if len(found) > _MOST_ERRORS:
        told.append(error("input", "more_errors", f"{len(found) - _MOST_ERRORS:,} more errors of this kind"))
    return tuple(told)


def _short(value: object) -> str:
    """Show a value without writing out all of a large one."""
    if isinstance(value, dict | list | tuple):
        return f"{type(value).__name__} of {len(value):,}"
    return repr(value[:_SHOWN] if isinstance(value, str | bytes) else value)
