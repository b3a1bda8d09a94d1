"""RSS 0.9 to 2.0, RDF Site Summary and Atom: a dispatch an entry, with the full content where the feed has it.

feedparser reads them, broken ones too. Before that, an event parser looks for what would cost without end: entities,
elements in elements, attributes by the thousand.
"""

import io
import re
from calendar import timegm
from datetime import UTC, datetime
from typing import Any, cast

from lxml import etree

from flows.read.decode import decode
from flows.read.fields import byline, codec, compose, error, line, when, whole, words
from flows.read.htmltext import html_text
from flows.read.refuse import refuse_payload
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import RejectionError

_ROOT = re.compile(rb"<(?:[\w-]+:)?(?:rss|rdf|feed|channel)[\s>/]", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_PROLOG = re.compile(r"\s*<\?xml.{0,500}?\?>", re.DOTALL)
_SUBSET = re.compile(r"<!DOCTYPE[^>\[]{0,2000}\[", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s()<>]+@[^\s()<>]+")
_END = re.compile(r"</(?:[\w-]+:)?(?:rss|feed|rdf|channel)\s*>\s*$", re.IGNORECASE)
# What may be open where a feed breaks off: feedparser drops an element that has no end.
_ENDS = "</content:encoded></description></content></summary></title></item></entry></channel></rss></feed>"
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));")
_ZONE = re.compile(r"(?:Z|\b(?:GMT|UTC?|[ECMP][SD]T)|[+-]\d\d:?\d\d)\s*$")
_LONGEST_PROLOG = 100_000  # characters in which a document type is declared
_MOST_DEPTH = 200
_MOST_ATTRIBUTES = 500


def looks_like(head: bytes) -> bool:
    """Tell whether the first element is that of a feed."""
    begin = re.search(rb"<[\w:-]+[\s>/]", head)
    if not begin or not _ROOT.match(head, begin.start()):
        return False
    name = begin[0][1:-1].rpartition(b":")[2].lower()
    if name == b"rdf":
        return b"purl.org/rss/" in head or b"my.netscape.com/rdf" in head or b"<item" in head
    return name == b"rss" or b"Atom" in head or b"atom" in head or name == b"channel" or b"<entry" in head


def read(payload: Payload) -> list[RawDispatch | Refusal]:
    """Return the raw dispatch of each entry; entries without text are refused.

    Refused as `undecodable`, `binary`, `xml_entities`, `xml_limits`, `empty`.
    """
    declared = _DECLARED.search(payload.data[:1000])
    named = codec(payload.encoding) or codec(declared[1].decode("ascii") if declared else None)
    decoded = decode(payload.data, named)
    if isinstance(decoded, RejectionError):
        return [refuse_payload(payload, decoded.type, decoded)]
    text, encoding = decoded
    if wrong := _hostile(text):
        return [refuse_payload(payload, wrong.type, wrong)]
    import feedparser

    if not _END.search(text[-200:]):
        text += _ENDS
    text = _REFERENCE.sub(_character, text)
    stream = io.BytesIO(whole(_PROLOG.sub("", text, count=1)).encode())
    try:
        feed = feedparser.parse(
            stream, response_headers={"content-type": "application/xml; charset=utf-8"}, sanitize_html=False,
            resolve_relative_uris=False,
        )  # fmt: skip
    except Exception as fault:  # noqa: BLE001  # it promises none; broken feeds have made it break the promise
        why = error("input", "invalid_xml", f"no feed can be made of it: {type(fault).__name__}")
        return [refuse_payload(payload, "invalid_xml", why)]
    language = line(_string(feed.feed, "language"))
    found: list[RawDispatch | Refusal] = []
    for number, entry in enumerate(feed.entries, 1):
        item = f"entry {number}"
        raw = _raw(entry, item, encoding, language)
        if raw is None:
            why = error(item, "empty", "there is no text in this entry", _string(entry, "id") or _string(entry, "link"))
            found.append(refuse_payload(payload.model_copy(update={"item": _item(payload, item)}), "empty", why))
        else:
            found.append(raw)
    return found or [refuse_payload(payload, "empty", error("input", "empty", "the feed has no entries"))]


def _item(payload: Payload, item: str) -> str:
    return f"{payload.item} {item}" if payload.item else item


def _character(reference: re.Match[str]) -> str:
    """Return a reference to a character as it stands; to what is none, half of a surrogate pair, one to U+FFFD."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return "&#xFFFD;" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else reference[0]


class _Guard:
    """Looks at the elements of a document as they come."""

    def __init__(self) -> None:
        self.depth = 0
        self.wrong: RejectionError | None = None

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            self.wrong = error("input", "xml_limits", f"more than {_MOST_DEPTH} elements in one another", tag)
        elif len(attrib) > _MOST_ATTRIBUTES:
            self.wrong = error("input", "xml_limits", f"an element with {len(attrib):,} attributes", tag)
        if self.wrong:
            raise ValueError

    def end(self, tag: str) -> None:  # noqa: ARG002
        self.depth -= 1

    def data(self, data: str) -> None:
        pass

    def comment(self, text: str) -> None:
        pass

    def close(self) -> None:
        pass


def _hostile(text: str) -> RejectionError | None:
    """Return what makes a document too costly to read, if something does."""
    if _SUBSET.search(text, 0, _LONGEST_PROLOG) and "<!ENTITY" in text:
        return error("input", "xml_entities", "it declares entities of its own, which are not read")
    guard = _Guard()
    parser = etree.XMLParser(
        target=cast(Any, guard), recover=True, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, encoding="utf-8",
    )  # fmt: skip
    try:
        parser.feed(_PROLOG.sub("", whole(text), count=1).encode())
        parser.close()
    except (ValueError, etree.XMLSyntaxError, AssertionError):
        pass  # a broken feed is read all the same
    return guard.wrong


def _raw(entry: Any, item: str, encoding: str, language: str | None) -> RawDispatch | None:
    title = entry.get("title_detail") or {}
    headline = line(_content(title)) if title else None
    bodies = [_content(part) for part in entry.get("content") or () if _is_text(part)]
    body = max(filter(words, bodies), key=len, default="") or _content(entry.get("summary_detail") or {})
    text = compose(headline, body)
    if not words(text):
        return None
    tongues = [_string(part, "language") for part in entry.get("content") or ()]
    return RawDispatch(
        text_raw=text, headline=headline if words(headline) else None, byline=_byline(entry), item=item,
        encoding=encoding, feed_id=line(_string(entry, "id")) or line(_string(entry, "link")),
        version_created=_time(entry, "updated") or _time(entry, "published"), first_created=_time(entry, "published"),
        rights=line(_string(entry, "rights")),
        language=next(filter(None, map(line, [_string(entry, "language"), *tongues])), language),
        subjects=_subjects(entry),
    )  # fmt: skip


def _is_text(part: Any) -> bool:
    kind = (_string(part, "type") or "text/html").lower()
    return kind.startswith("text/") or "xml" in kind or "html" in kind


def _content(part: Any) -> str:
    value = whole(_string(part, "value") or "")
    return value if _string(part, "type") == "text/plain" else html_text(value)


def _byline(entry: Any) -> str | None:
    authors = [author for author in entry.get("authors") or () if isinstance(author, dict)]
    names = [line(_string(author, "name")) for author in authors]
    written = line(_string(entry, "author")) or ""
    if len(authors) == 1 and "@" in written:  # `address (name)`, as RSS has it, or `name (address)`
        parts = _ADDRESS.sub("", written).strip(" ,;<>")
        names = [parts[1:-1] if parts.startswith("(") and parts.endswith(")") else parts.replace("()", "")]
    return byline(", ".join(dict.fromkeys(name for name in names if name and "@" not in name)))


def _subjects(entry: Any) -> tuple[str, ...]:
    terms = [line(_string(tag, "term")) for tag in entry.get("tags") or () if isinstance(tag, dict)]
    return tuple(dict.fromkeys(term for term in terms if term))


def _time(entry: Any, name: str) -> datetime | None:
    """Return a date of the entry; feedparser knows more forms, and where it took a zone for granted it is not asked."""
    written = _string(entry, name) or ""
    parts = dict.get(entry, f"{name}_parsed")
    if (found := when(written)) or not parts or not _ZONE.search(written):
        return found
    try:
        return datetime.fromtimestamp(timegm(parts), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _string(part: Any, name: str) -> str | None:
    """Return a field as it stands: feedparser's own look-up would take `published` for a missing `updated`."""
    value = dict.get(part, name) if isinstance(part, dict) else None
    return value if isinstance(value, str) else None
