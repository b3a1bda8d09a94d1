"""HTML articles: the text by trafilatura, the fields from what the page says of itself (JSON-LD, meta elements).

A date without a zone is none, and trafilatura's guesses at dates are not asked for. Pages too deep or too crowded for a
tree are read as they stand, menus and all.
"""

import re
from typing import Any

import orjson

from flows.read.decode import decode
from flows.read.fields import byline, codec, compose, error, joined, line, when, words
from flows.read.htmltext import Events, html_text, read_events
from flows.read.refuse import refuse_payload
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import RejectionError

# The groups are atomic: of a thousand comments there are more ways to find an end than can be tried.
_FIRST = re.compile(rb"(?>\s*(?:<!--.*?-->\s*|<\?.*?\?>\s*|<!doctype[^>]*>\s*)*)<([\w:-]+)", re.DOTALL | re.IGNORECASE)
_DOCTYPE = re.compile(rb"(?>\s*(?:<!--.*?-->\s*|<\?.*?\?>\s*)*)<!doctype\s+html[\s>]", re.DOTALL | re.IGNORECASE)
_FRAGMENTS = frozenset(
    (b"head", b"body", b"article", b"main", b"section", b"div", b"p", b"h1", b"h2", b"title", b"meta", b"blockquote")
)
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_PROSE = re.compile(r"\w.*[.!?…。！？][\"”»’)]*\s*$|\w.{60}")  # a line of these is no entry of a menu
_ARTICLE = re.compile(r"Article$|BlogPosting$|^Report$")
_MOST_DEPTH = 200
_MOST_ATTRIBUTES = 500
_MOST_ELEMENTS = 100_000
_MOST_STEPS = 1_500_000  # from each element up to the root, all together
_MOST_SCRIPT = 2_000_000  # characters of JSON-LD
_MOST_SUBJECTS = 200
_FEW_LINKS = 3  # a page with so few has no menu: where no article is made out in it, all of it is one


def looks_like(head: bytes) -> bool:
    """Tell whether this is a page of HTML or XHTML, or a fragment of one."""
    begin = head.removeprefix(b"\xef\xbb\xbf")
    if _DOCTYPE.match(begin):
        return True
    first = _FIRST.match(begin)
    name = first[1].lower() if first else b""
    return name == b"html" or (name in _FRAGMENTS and b"<?xml" not in begin[:200])


def read(payload: Payload) -> list[RawDispatch | Refusal]:
    """Return the article of a page as a raw dispatch, or a refusal: `undecodable`, `binary`, `empty`."""
    declared = _CHARSET.search(payload.data[:4000])
    named = codec(payload.encoding) or codec(declared[1].decode("ascii") if declared else None)
    decoded = decode(payload.data, named)
    if isinstance(decoded, RejectionError):
        return [refuse_payload(payload, decoded.type, decoded)]
    markup, encoding = decoded
    page = _Page()
    read_events(markup, page)
    article = page.article()
    body, title, author = ("", None, None) if page.costly else _extract(markup)
    if page.costly or (not words(body) and page.links <= _FEW_LINKS):
        body = html_text(markup)
    headline = _headline(body, _text(article, "headline"), page.meta.get("og:title"), page.heading(), title)
    if not any(map(_PROSE.search, body.split("\n"))):
        why = error("input", "empty", "there is no article in this page", headline)
        return [refuse_payload(payload, "empty", why)]
    correction = _correction(article)
    return [RawDispatch(
        text_raw=compose(headline, body), headline=headline, encoding=encoding,
        byline=byline(", ".join(_names(article.get("author"))) or page.meta.get("author") or author),
        feed_id=line(page.canonical or page.meta.get("og:url") or _text(article, "url")),
        version_created=next(filter(None, map(when, _times(article, page.meta))), None),
        first_created=next(filter(None, map(when, _times(article, page.meta)[3:])), None),
        rights=joined([_text(article, "copyrightNotice"), page.meta.get("copyright"), page.meta.get("dcterms.rights")]),
        language=line(page.language or _text(article, "inLanguage")),
        subjects=page.subjects(article), ed_note=correction, signal="correction" if correction else "new",
    )]  # fmt: skip


def _headline(body: str, *titles: str | None) -> str | None:
    """Return the title that the article begins with, else the first of these."""
    found = [title for title in map(line, titles) if title and words(title)]
    return next((title for title in found if body.startswith(title)), found[0] if found else None)


def _extract(markup: str) -> tuple[str, str | None, str | None]:
    """Return the text of the article, its title and its author."""
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it could not read is told by the refusal
    try:
        found = trafilatura.bare_extraction(
            markup, with_metadata=True, include_comments=False, date_extraction_params={"extensive_search": False}
        )
    except Exception:  # noqa: BLE001  # of hostile markup anything may come
        return html_text(markup), None, None
    if found is None or isinstance(found, dict):
        return "", None, None
    return found.text or "", found.title, found.author.replace("; ", ", ") if found.author else None


class _Page(Events):
    """What a page says of itself, in its elements."""

    def __init__(self) -> None:
        self.language: str | None = None
        self.canonical: str | None = None
        self.meta: dict[str, str] = {}
        self.tags: list[str] = []
        self.links = 0
        self.costly = False  # a tree of it would take too long
        self._elements = self._steps = 0
        self._depth = 0
        self._headings: list[str] = []
        self._scripts: list[str] = []
        self._size = 0
        self._inside: list[str] | None = None

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        self._steps += self._depth
        self.costly |= self._depth > _MOST_DEPTH or len(attrib) > _MOST_ATTRIBUTES
        self.costly |= self._elements > _MOST_ELEMENTS or self._steps > _MOST_STEPS
        self.links += tag == "a"
        if tag == "html":
            self.language = self.language or attrib.get("lang") or attrib.get("xml:lang")
        elif tag == "link" and "canonical" in attrib.get("rel", "").lower().split():
            self.canonical = self.canonical or attrib.get("href")
        elif tag == "meta":
            self._meta((attrib.get("property") or attrib.get("name") or "").lower(), attrib.get("content", ""))
        elif tag == "h1":
            self._headings.append("")
            self._inside = self._headings
        elif tag == "script" and "ld+json" in attrib.get("type", "").lower():
            self._scripts.append("")
            self._inside = self._scripts

    def end(self, tag: str) -> None:
        self._depth -= 1
        if tag in ("h1", "script"):
            self._inside = None

    def data(self, text: str) -> None:
        if self._inside is not None and self._size < _MOST_SCRIPT:
            self._size += len(text)
            self._inside[-1] += text

    def _meta(self, name: str, content: str) -> None:
        if name == "article:tag" and len(self.tags) < _MOST_SUBJECTS:
            self.tags.append(content)
        if name and content:
            self.meta.setdefault(name, content)

    def heading(self) -> str | None:
        """Return the first heading that has words."""
        return next(filter(words, self._headings), None)

    def article(self) -> dict[str, Any]:
        """Return the first article among the JSON-LD of the page, or nothing."""
        for script in self._scripts:
            try:
                left: list[Any] = [orjson.loads(script)]
            except orjson.JSONDecodeError:
                continue
            while left:
                value = left.pop()
                if isinstance(value, list):
                    left.extend(reversed(value))
                elif isinstance(value, dict):
                    kinds = value.get("@type")
                    for kind in kinds if isinstance(kinds, list) else [kinds]:
                        if isinstance(kind, str) and _ARTICLE.search(kind):
                            return value
                    left.append(value.get("@graph"))
        return {}

    def subjects(self, article: dict[str, Any]) -> tuple[str, ...]:
        """Return the keywords of the page."""
        keywords = article.get("keywords")
        if self.tags:
            found: list[Any] = list(self.tags)
        elif isinstance(keywords, list):
            found = keywords
        else:
            named = keywords or self.meta.get("news_keywords") or self.meta.get("keywords")
            found = named.split(",") if isinstance(named, str) else []
        kept = filter(words, (line(each) for each in found[:_MOST_SUBJECTS] if isinstance(each, str)))
        return tuple(dict.fromkeys(each for each in kept if each))


def _times(article: dict[str, Any], meta: dict[str, str]) -> list[str | None]:
    """Return the dates of a page, that of this version first."""
    return [
        _text(article, "dateModified"), meta.get("article:modified_time"), meta.get("og:updated_time"),
        _text(article, "datePublished"), meta.get("article:published_time"),
    ]  # fmt: skip


def _text(value: dict[str, Any], name: str) -> str | None:
    found = value.get(name)
    return found if isinstance(found, str) else None


def _names(authors: object) -> list[str]:
    """Return the names of authors; JSON-LD has a string, an object, or a list of these."""
    found = []
    for author in authors if isinstance(authors, list) else [authors]:
        name = _text(author, "name") if isinstance(author, dict) else author if isinstance(author, str) else None
        if name and words(name) and not name.startswith("http"):
            found.append(name)
    return found


def _correction(article: dict[str, Any]) -> str | None:
    """Return the text of the correction that JSON-LD says was made."""
    said = article.get("correction")
    first = said[0] if isinstance(said, list) and said else said
    text = _text(first, "text") or _text(first, "description") if isinstance(first, dict) else first
    return line(text) if isinstance(text, str) and words(text) and not text.startswith("http") else None
