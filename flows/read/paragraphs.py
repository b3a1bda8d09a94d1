"""Text as paragraphs: of XML (NITF, XHTML and the like), of hard-wrapped wire text, and put together for a dispatch."""

import re
from collections import Counter
from collections.abc import Iterable

from lxml import etree

from flows.read.markup import local

# What is no text of the story: its head, its media with their captions, code.
_HIDDEN = frozenset((
    "head", "title", "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "media",
    "media-metadata", "bibliography", "colgroup", "header", "footer", "nav",
))  # fmt: skip
_BLOCKS = frozenset((
    "address", "article", "aside", "block", "blockquote", "body", "body.content", "body.end", "bq", "caption", "credit",
    "datasource", "dd", "div", "dl", "dt", "figcaption", "figure", "fn", "h1", "h2", "h3", "h4", "h5", "h6",
    "hl1", "hl2", "hr", "html", "li", "main", "nitf-table", "nitf-table-metadata", "note", "ol", "p", "pre",
    "section", "table", "tagline", "tbody", "tfoot", "thead", "tr", "ul",
))  # fmt: skip
_BREAK = "\v"  # stands for <br/>; XML cannot hold the character
_SPACE = re.compile(r"[ \r\n\f]+")
_TAB = re.compile(r" *\t *")  # between the cells of a row
_INDENT = re.compile(r"[ \t\xa0]*")
_LIST = re.compile(r"(?:[-*•#–—]\s|\d+[.)]\s)")
_STOP = (".", "!", "?", ":", ";", '"', "”", "''", "»", ")", "=")
_WRAPPED = 45  # a line that goes on in the next is at the least this long
_LONGEST_WRAPPED = 100  # and at the most this long: longer lines are whole paragraphs
_AGENCY = re.compile(r"\([^()\n]{2,40}\)")
_DASH = ("-", "–", "—", "_")


def paragraphs(elements: Iterable[etree._Element]) -> list[str]:
    """Return the paragraphs in some elements: a heading, a list item and a row of a table are one each."""
    found: list[list[str]] = [[]]
    for element in elements:
        _walk(element, found, pre=False)
        found.append([])
    return [text for parts in found for text in _finish("".join(parts)) if text]


def inner(element: etree._Element | None) -> str:
    """Return all text in an element, its white space made single."""
    if element is None:
        return ""
    return " ".join(" ".join(paragraphs([element])).split()) or " ".join("".join(map(str, element.itertext())).split())


def unwrap(text: str) -> list[str]:
    """Return the paragraphs of hard-wrapped text: separated by blank lines, or by the indent of their first lines.

    The lines of a paragraph are joined by a space; short lines (tables, verses, addresses) stay lines. Text with lines
    too long to be wrapped has a paragraph a line.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    whole = any(len(line) > _LONGEST_WRAPPED for line in lines)
    indents = Counter(len(_INDENT.match(line)[0]) for line in lines if line.strip())  # type: ignore[index]
    usual = indents.most_common(1)[0][0] if indents else 0
    found: list[list[str]] = []  # the pieces of each paragraph
    before = ""
    for line in lines:
        printed = line.strip()
        indent = len(line) - len(line.lstrip())
        starts = whole or len(before) < _WRAPPED or indent > usual or _LIST.match(printed)
        if printed and (starts or not before):
            found.append([printed])
        elif printed:
            broken = before.endswith("-") and before[-2:-1].isalpha()  # a word may be: repair looks at the line end
            found[-1] += ["\n" if broken else " ", printed]
        before = printed
    return ["".join(pieces) for pieces in found]


def compose(headline: str | None, body: list[str], dateline: str | None = None) -> str:
    """Return the text of a dispatch: headline, newline, the paragraphs joined by newlines.

    A dateline that the format keeps apart from the body goes before it as it is printed, if it is one that ends in a
    dash or names the agency, and if the body does not begin with its own.
    """
    if headline and body and body[0] == headline:
        body = body[1:]
    lines = [headline] if headline else []
    if dateline and body and _is_printed(dateline) and not _begins_with(dateline, body):
        lines.append(dateline)
    return "\n".join([*lines, *body])


def _is_printed(dateline: str) -> bool:
    return dateline.endswith(_DASH) or bool(_AGENCY.search(dateline))


def _begins_with(dateline: str, body: list[str]) -> bool:
    """Tell whether the text has the agency in its head, or a place of the dateline at its beginning."""
    agency = _AGENCY.search(dateline)
    if agency and agency[0].casefold() in " ".join(body[:3])[:300].casefold():
        return True
    begin = set(re.findall(r"[^\W\d_]{4,}", body[0][:80].casefold()))
    return not begin.isdisjoint(re.findall(r"[^\W\d_]{4,}", dateline.casefold()))


def _walk(node: etree._Element, found: list[list[str]], *, pre: bool) -> None:
    name = local(node).lower()
    if name in _HIDDEN:
        return
    if name in _BLOCKS:
        found.append([])
    if name == "br":
        found[-1].append(_BREAK)
    pre = pre or name == "pre"
    _add(node.text, found, pre=pre)
    for child in node:
        _walk(child, found, pre=pre)
        _add(child.tail, found, pre=pre)
    if name in ("td", "th"):
        found[-1].append("\t")
    if name in _BLOCKS:
        found.append([])


def _add(text: str | None, found: list[list[str]], *, pre: bool) -> None:
    if text:
        text = text.replace("\t", " ")
        found[-1].append(text.replace("\n", _BREAK) if pre else text)


def _finish(raw: str) -> list[str]:
    """Return the paragraphs of a block: one, unless there are breaks or wire text with its own paragraphs in it."""
    if _BREAK not in raw:
        return unwrap(raw.strip("\r\n")) if _is_wire_text(raw) else [_line(raw)]
    found: list[list[str]] = []
    last = ""
    for part in raw.split(_BREAK):
        line = _line(part)
        if line and _WRAPPED <= len(last) <= _LONGEST_WRAPPED and not last.endswith(_STOP):
            found[-1].append(line)  # some feeds mark the line ends of wrapped text as breaks
        else:
            found.append([line])
        last = line
    return [" ".join(pieces) for pieces in found]


def _line(raw: str) -> str:
    return _TAB.sub("\t", _SPACE.sub(" ", raw)).strip(" \t\xa0")


def _is_wire_text(raw: str) -> bool:
    """A whole story in one element: lines begin at the margin, and some are indented or blank, or most are short."""
    lines = raw.strip().split("\n")
    if len(lines) < 5:
        return False
    margin = sum(1 for line in lines if line[:1].strip())
    apart = any(not line.strip() or line[:2].isspace() for line in lines[1:])
    short = sum(1 for line in lines if len(line) < _WRAPPED)
    return margin > len(lines) / 3 and (apart or short > len(lines) / 2)
