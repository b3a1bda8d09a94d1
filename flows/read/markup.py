"""XML, read safely: no entity is expanded, nothing is fetched, and size, depth and number are limited.

Encodings go by the rule of `decode`: strict UTF-8 first, then what the source or the XML declaration says, then cp1252
with a flag. Characters that XML cannot hold become U+FFFD, flagged too. Named HTML entities (`&nbsp;`), which feeds use
without declaring them, are read as the characters that they stand for.
"""

import codecs
import re
from html.entities import name2codepoint
from typing import NamedTuple

from lxml import etree

from flows.read.decode import decode
from flows.read.fields import codec, error
from flows.read.refuse import refuse_payload
from schemas.raw import Payload, Refusal
from schemas.rejection import RejectionError

_MOST_TAGS = 1_000_000
_DEEPEST = 100
_LONGEST_ATTRIBUTE = 100_000
_MOST_ATTRIBUTES = 200
_LONGEST_DOCTYPE = 16_000
_MOST_ERRORS = 20
_HEAD = 8192  # characters in which the root element begins, in the head of a file
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z][\w.-]{0,40})[\"']")
_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DOCTYPE_PART = re.compile(r"<!--.*?-->|\"[^\"]*\"|'[^']*'|[\[\]>]", re.DOTALL)
_DOCTYPE_NAME = re.compile(r"<!DOCTYPE\s+(?:[\w.-]+:)?([\w.-]+)")
_TAG = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,7});")
# Paths to what goes beyond the limits: found in C, for the elements of a hostile document may be many and long.
_LIMITS = (
    (f"//*[count(ancestor::*) >= {_DEEPEST}][1]", f"elements are nested deeper than {_DEEPEST} levels"),
    (f"//*[count(@*) > {_MOST_ATTRIBUTES}]", f"an element has more than {_MOST_ATTRIBUTES} attributes"),
    (f"//@*[string-length(.) > {_LONGEST_ATTRIBUTE}]", f"an attribute is longer than {_LONGEST_ATTRIBUTE} characters"),
)
_LATIN_1 = {"iso8859-1", "latin-1", "ascii"}


class Xml(NamedTuple):
    """A document, and how its bytes were decoded."""

    root: etree._Element
    encoding: str


def parse_xml(payload: Payload, *roots: str) -> Xml | Refusal:
    """Return the document, or why it is none with one of these root elements.

    Refused as `undecodable`, `binary`, `invalid_xml`, `xml_entities`, `xml_limits` or `wrong_format`.
    """
    decoded = _decode(payload)
    if isinstance(decoded, RejectionError):
        return refuse_payload(payload, decoded.type, decoded)
    text, encoding = decoded
    text = text.lstrip("\ufeff \t\r\n\0")
    if not text.startswith("<"):
        return refuse_payload(payload, "invalid_xml", error("line 1", "invalid_xml", "XML begins with `<`", text))
    if unsafe := _unsafe(text):
        return refuse_payload(payload, unsafe[0].type, *unsafe)
    clean, lost = _NO_XML.subn("\ufffd", _ENTITY.sub(_character, text))
    if lost and not encoding.endswith("+replaced"):
        encoding += "+replaced"
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(clean.encode(), parser=parser)
    except (etree.LxmlError, ValueError, LookupError) as wrong:
        found = _syntax(parser, wrong)
        return refuse_payload(payload, found[0].type, *found)
    if limits := _limits(root):
        return refuse_payload(payload, limits[0].type, *limits)
    if local(root) not in roots:
        why = f"the root element is <{local(root)}>, not {' or '.join(f'<{name}>' for name in roots)}"
        return refuse_payload(payload, "wrong_format", error("root", "wrong_format", why))
    return Xml(root, encoding)


def root_name(head: bytes) -> str | None:
    """Return the name of the root element, without prefix, if it is in the head of a document."""
    # Names are ASCII in practice, and Latin-1 reads any bytes: those of UTF-16 too, without their zeros.
    text = head[:_HEAD].replace(b"\0", b"").decode("latin-1").lstrip("ï»¿ÿþ \t\r\n")
    at, doctype = _prolog(text)
    if tag := _TAG.match(text, at):
        return tag[1]
    named = _DOCTYPE_NAME.match(doctype)
    return named[1] if named else None


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace; of what is no element, nothing."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _decode(payload: Payload) -> tuple[str, str] | RejectionError:
    data = payload.data
    if data.startswith(b"<\0"):
        data = codecs.BOM_UTF16_LE + data
    elif data.startswith(b"\0<"):
        data = codecs.BOM_UTF16_BE + data
    declared = _DECLARED.search(data[:500])
    name = codec(payload.encoding) or codec(declared[1].decode() if declared else None)
    if name and codecs.lookup(name).name in _LATIN_1:
        name = "cp1252"  # the same characters, and those that agencies mean by the bytes that Latin-1 leaves empty
    return decode(data, name)


def _prolog(text: str) -> tuple[int, str]:
    """Return where the root element begins, and the document type declaration."""
    at, doctype = 0, ""
    while True:
        at += len(text[at : at + _HEAD]) - len(text[at : at + _HEAD].lstrip())
        if text.startswith("<?", at):
            end = text.find("?>", at) + 2
        elif text.startswith("<!--", at):
            end = text.find("-->", at + 4) + 3
        elif text.startswith("<!DOCTYPE", at):
            end = _doctype_end(text, at)
            doctype = text[at : end if end > at else len(text)]
        else:
            return at, doctype
        if end <= at:
            return len(text), doctype
        at = end


def _doctype_end(text: str, at: int) -> int:
    inside = 0
    for part in _DOCTYPE_PART.finditer(text, at, at + _LONGEST_DOCTYPE):
        inside += (part[0] == "[") - (part[0] == "]")
        if part[0] == ">" and inside <= 0:
            return part.end()
    return -1


def _unsafe(text: str) -> tuple[RejectionError, ...]:
    """Tell what must not even be parsed."""
    _, doctype = _prolog(text)
    found = []
    if "<!ENTITY" in doctype:
        why = "it declares entities, which are never expanded; send the characters themselves"
        found.append(error("DOCTYPE", "xml_entities", why, doctype))
    if len(doctype) > _LONGEST_DOCTYPE:
        found.append(error("DOCTYPE", "xml_limits", f"longer than {_LONGEST_DOCTYPE:,} characters, or without an end"))
    if (tags := text.count("<")) > _MOST_TAGS:
        found.append(error("input", "xml_limits", f"{tags:,} tags, of which at most {_MOST_TAGS:,} are read"))
    return tuple(found)


def _character(match: re.Match[str]) -> str:
    code = None if match[1] in ("amp", "lt", "gt", "quot") else name2codepoint.get(match[1])
    return chr(code) if code else match[0]


def _syntax(parser: etree.XMLParser, wrong: Exception) -> tuple[RejectionError, ...]:
    """Return all that the parser found wrong."""
    found = []
    for entry in list(parser.error_log)[:_MOST_ERRORS]:
        limit = re.search(r"[Ee]xcessive|too (?:long|deep|many|big)|huge|limit|amplification", entry.message)
        kind = "xml_limits" if limit else "invalid_xml"
        found.append(error(f"line {entry.line} column {entry.column}", kind, entry.message.strip()))
    if not found:
        found.append(error("input", "invalid_xml", f"not XML: {wrong}"))
    return tuple(found)


def _limits(root: etree._Element) -> tuple[RejectionError, ...]:
    doctype = root.getroottree().docinfo.internalDTD
    if doctype is not None and doctype.entities():
        return (error("DOCTYPE", "xml_entities", "it declares entities, which are never expanded"),)
    found = [error("input", "xml_limits", why) for path, why in _LIMITS if root.xpath(path)]
    return tuple(found)
