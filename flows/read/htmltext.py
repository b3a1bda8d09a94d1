"""HTML -> text: the paragraphs that a reader of the page would see, one a line. Nothing of it is ever run or fetched.

The parser's events are used and no tree is built: a tree of deep or crowded markup takes quadratic time, or is cut off.
"""

import re
from typing import Any, cast

from lxml import etree

from flows.read.fields import whole

# Elements whose content is no text of the page, and those that end a line.
_HIDDEN = frozenset(
    ("script", "style", "head", "title", "noscript", "template", "svg", "math", "iframe", "object", "select", "button")
)
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what libxml2 stops at


def html_text(markup: str) -> str:
    """Return the text of HTML or of a fragment of it, its paragraphs joined by newlines; empty if there is none."""
    found = _Lines()
    read_events(f"<div>{markup}</div>", found)  # so that text before the first element has one
    joined = (_SPACE.sub(" ", "".join(parts)).strip() for parts in found.lines)
    return "\n".join(text for text in joined if text)


class Events:
    """What a reader of the events of a page may handle; by itself it handles none."""

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Some text; what stands between two elements may come in pieces."""

    def close(self) -> None:
        """The page ends."""


def read_events(markup: str, events: Events) -> None:
    """Hand the elements and the text of HTML to a reader of events, in order."""
    clean = _NO_XML.sub("", whole(markup))
    if clean.strip():
        parser = etree.HTMLParser(encoding="utf-8", target=cast(Any, events))
        try:
            etree.fromstring(clean.encode(), parser=parser)
        except etree.XMLSyntaxError:
            return  # the events so far are all there is


class _Lines(Events):
    """The text of a page, in pieces, in lines."""

    def __init__(self) -> None:
        self.lines: list[list[str]] = [[]]
        self._hidden = 0

    def start(self, tag: str, attrib: dict[str, str]) -> None:  # noqa: ARG002
        self._hidden += tag in _HIDDEN
        self._edge(tag)

    def end(self, tag: str) -> None:
        self._edge(tag)
        self._hidden -= tag in _HIDDEN

    def data(self, text: str) -> None:
        if not self._hidden:
            self.lines[-1].append(text)

    def _edge(self, tag: str) -> None:
        if tag in _BLOCKS and not self._hidden and self.lines[-1]:
            self.lines.append([])
