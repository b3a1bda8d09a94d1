"""What NITF, XHTML and data in a wrapper (NewsML) have in common: a headline, a byline, a dateline and paragraphs."""

import base64
import binascii
import re
from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

from flows.read.fields import byline, line, words
from flows.read.htmltext import html_text
from flows.read.markup import local
from flows.read.paragraphs import inner, paragraphs, unwrap
from schemas.dispatch import Signal, Status

_MARKUP = re.compile(r"</?(?:p|br|div|h[1-6]|span|ul|ol|li|table|b|i|strong|em|a)\b[^<>]*>", re.IGNORECASE)
_ONE_PARAGRAPH = re.compile(r"\s*<p(?:\s[^<>]*)?>([^<]*)</p>\s*", re.IGNORECASE)
_CORRECTIONS = {"correction", "corrected", "correct", "corrective", "rectify"}
_UPDATES = {"update", "updated", "revision", "rewrite"}
_KILLS = {"kill", "killed", "delete", "deleted", "cancel", "canceled", "cancelled", "withdrawn", "retraction"}


class Body(NamedTuple):
    """What a text body says; None or empty where it says nothing."""

    paragraphs: list[str]
    headline: str | None = None
    byline: str | None = None
    dateline: str | None = None


def nitf_body(nitf: etree._Element) -> Body:
    """Return what the body of an NITF document says, and the title of its head where it has no headline."""
    head = nitf.find("{*}body/{*}body.head")
    top = head if head is not None else etree.Element("none")
    ways = ("{*}hedline/{*}hl1", "{*}headline/{*}hl1", "{*}hl1", "{*}hedline", "{*}headline", "{*}hedline/{*}hl2")
    titles = [*(top.find(way) for way in ways), nitf.find("{*}head/{*}title")]
    content = nitf.findall("{*}body/{*}body.content") or nitf.findall("{*}body.content")
    end = nitf.findall("{*}body/{*}body.end/{*}tagline")
    found = paragraphs([*content, *end])
    if not any(map(words, found)):
        found = paragraphs(top.findall("{*}abstract"))
    names = [name for each in top.findall("{*}byline") if (name := _nitf_byline(each))]
    return Body(
        found,
        headline=next(filter(words, map(inner, titles)), None),
        byline=", ".join(names) or None,
        dateline=line(inner(top.find("{*}dateline"))),
    )


def _nitf_byline(element: etree._Element) -> str | None:
    """Return the names of a byline, without the titles in `byttl`."""
    parts = [element.text or ""]
    for child in element:
        parts += [inner(child) if local(child) != "byttl" else "", child.tail or ""]
    names = byline(" ".join(parts))
    return names.strip(" ,;") or None if names else None


def xml_body(container: etree._Element) -> Body:
    """Return what stands in an element that wraps NITF, XHTML or bare paragraphs, or text with or without markup."""
    if len(container) == 0:
        return Body(data_paragraphs(container.text or ""))
    nitf = next((each for each in container.iter("{*}nitf")), None)
    if nitf is not None:
        return nitf_body(nitf)
    parts = list(container.iter("{*}body.content")) or list(container.iter("{*}body"))
    if parts:
        title = next((inner(each) for each in container.iter("{*}title")), None)
        return Body(paragraphs(parts[:1]), headline=line(title))
    if next(container.iter("{*}p", "{*}pre"), None) is not None:
        return Body(paragraphs([container]))
    return Body([])


def data_paragraphs(data: str) -> list[str]:
    """Return the paragraphs of text in which there may be HTML."""
    if alone := _ONE_PARAGRAPH.fullmatch(data):
        data = alone[1]
    if _MARKUP.search(data):
        return [text for text in html_text(data).split("\n") if text]
    return unwrap(data)


def unpacked(data: str) -> str:
    """Return the text in base64, or nothing where it is none."""
    try:
        return base64.b64decode("".join(data.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def urgency(value: str | None) -> int | None:
    """Return an urgency from 1 to 9; another number or word is none."""
    text = (value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) == 1 and text != "0" else None


def standing(word: str | None, signals: Iterable[str | None], *, held: bool) -> tuple[Status, Signal]:
    """Return status and signal.

    Args:
        word: the format's status; nothing is `usable`, and a word that no standard knows is no leave to publish.
        signals: words for what this revision does to its story.
        held: it has an embargo.
    """
    said = {_code(each) for each in signals}
    status = _code(word)
    if status in _KILLS or said & _KILLS:
        return "killed", "kill"
    signal: Signal = "correction" if said & _CORRECTIONS else "update" if said & _UPDATES else "new"
    if status == "embargoed" or (held and status in ("", "usable")):
        return "embargoed", signal
    return "usable" if status in ("", "usable") else "withheld", signal


def _code(word: str | None) -> str:
    """Return the last part of a code: of `stat:usable`, `http://…/pubstatusg2/usable` or `Usable`, `usable`."""
    return re.split(r"[:/#]", (word or "").strip())[-1].lower()


def unique(values: Iterable[str | None]) -> tuple[str, ...]:
    """Return the values that are there, each once."""
    return tuple(dict.fromkeys(found for value in values if (found := line(value))))
