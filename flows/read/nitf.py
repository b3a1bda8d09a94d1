"""NITF, the News Industry Text Format: one document, one dispatch; any version, with or without a namespace."""

import datetime as dt
import re

from lxml import etree

from flows.read.bodies import nitf_body, standing, unique, urgency
from flows.read.fields import error, joined, line, when, words
from flows.read.markup import Xml, parse_xml, root_name
from flows.read.paragraphs import compose, inner
from flows.read.refuse import refuse_payload
from schemas.raw import Payload, RawDispatch, Refusal

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SLUGLINES = ("slugline", "slug", "anpa-keyword", "NTBStikkord")
_VERSION = re.compile(r"[_:.-]v?\d{1,9}")
_NONE = etree.Element("none")  # stands for a `docdata` that is missing


def looks_like(head: bytes) -> bool:
    """Tell whether the root element is `nitf`."""
    return root_name(head) == "nitf"


def read(payload: Payload) -> list[RawDispatch | Refusal]:
    """Return the raw dispatch in a document, or a refusal: `empty`, and what `parse_xml` refuses.

    A document that cancels, replaces or corrects another has that other's id as `feed_id`: it is about that story.
    """
    document = parse_xml(payload, "nitf")
    if not isinstance(document, Xml):
        return [document]
    nitf = document.root
    found = nitf.find("{*}head/{*}docdata")
    docdata = found if found is not None else _NONE
    body = nitf_body(nitf)
    issued, released = _norm(docdata.find("{*}date.issue")), _norm(docdata.find("{*}date.release"))
    replaced = _replaced(docdata)
    signals = ["correction" if docdata.find("{*}correction") is not None else "update" if replaced else None]
    status, signal = standing(docdata.get("management-status"), signals, held=_is_later(released, issued))
    if status != "killed" and not any(map(words, [body.headline, *body.paragraphs])):
        return [refuse_payload(payload, "empty", error("body.content", "empty", "there is no text in it"))]
    return [
        RawDispatch(
            text_raw=compose(body.headline, body.paragraphs, body.dateline),
            headline=body.headline,
            byline=body.byline,
            encoding=document.encoding,
            feed_id=replaced or _feed_id(docdata),
            version=line(_attribute(docdata.find("{*}du-key"), "version")),
            version_created=when(issued) or when(_attribute(nitf.find("{*}head/{*}pubdata"), "date.publication")),
            slugline=_slugline(nitf),
            language=line(_attribute(nitf, "baselang") or _attribute(nitf, _XML_LANG)),
            embargoed_until=when(released) if status == "embargoed" else None,
            rights=_rights(nitf, docdata),
            urgency=urgency(_attribute(nitf.find("{*}head//{*}urgency"), "ed-urg")),
            subjects=unique(map(_subject, nitf.iterfind("{*}head/{*}tobject/{*}tobject.subject"))),
            ed_note=_ed_note(nitf, docdata),
            status=status,
            signal=signal,
        )
    ]


def _replaced(docdata: etree._Element) -> str | None:
    """Return the id of the document that this one cancels, replaces or corrects."""
    correction = line(_attribute(docdata.find("{*}correction"), "id-string"))
    ends = (docdata.get("management-idref-status") or docdata.get("management-status") or "").lower()
    canceled = line(docdata.get("management-doc-idref")) if ends.startswith("cancel") else None
    return canceled or correction


def _feed_id(docdata: etree._Element) -> str | None:
    """Return the id of the document, without a version that was put behind it: `ab12_47` of the key `ab12`.

    The key by itself is an id of the story with some agencies, and a mere slug with others.
    """
    document = line(_attribute(docdata.find("{*}doc-id"), "id-string"))
    key = line(_attribute(docdata.find("{*}du-key"), "key"))
    if document and key and document.startswith(key) and _VERSION.fullmatch(document[len(key) :]):
        return key
    return document or key


def _rights(nitf: etree._Element, docdata: etree._Element) -> str | None:
    copyrights = [f"{each.get('year', '')} {each.get('holder', '')}" for each in docdata.iterfind("{*}doc.copyright")]
    owners = [each.get("owner") for each in docdata.iterfind("{*}doc.rights")]
    return joined([*copyrights, *owners, inner(nitf.find("{*}body/{*}body.head/{*}rights"))])


def _slugline(nitf: etree._Element) -> str | None:
    said = {each.get("name"): line(each.get("content")) for each in nitf.iterfind("{*}head/{*}meta")}
    printed = line(inner(nitf.find("{*}body/{*}body.head/{*}slugline")))
    return next(filter(None, map(said.get, _SLUGLINES)), printed)


def _subject(element: etree._Element) -> str | None:
    """Return a subject by its code, or by the narrowest word for it."""
    names = ("refnum", "detail", "matter", "type")
    return next(filter(None, (line(element.get(f"tobject.subject.{name}")) for name in names)), None)


def _ed_note(nitf: etree._Element, docdata: etree._Element) -> str | None:
    messages = [each.get("info") for name in ("ed-msg", "correction") for each in docdata.iterfind(f"{{*}}{name}")]
    notes = map(inner, nitf.iterfind("{*}body/{*}body.head/{*}note"))
    return "\n".join(unique([*messages, *notes])) or None


def _is_later(released: str | None, issued: str | None) -> bool:
    """Tell whether a document may be published only some time after it was issued; both clocks may lack a zone."""
    until, since = when(released), when(issued)
    if until and since:
        return until > since
    wall, start = _wall(released), _wall(issued)
    return wall is not None and (start is None or wall > start)


def _wall(value: str | None) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat((value or "").strip()[:40]).replace(tzinfo=None)
    except ValueError:
        return None


def _norm(element: etree._Element | None) -> str | None:
    return _attribute(element, "norm") or (inner(element) or None)


def _attribute(element: etree._Element | None, name: str) -> str | None:
    return element.get(name) if element is not None else None
