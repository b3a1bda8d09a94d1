"""NewsML-G2: an item, a package, or a message with several of these; any version, power or core conformance.

A news item is a dispatch, a picture or a video with its caption too. A package is one if it says something about what
it lists (titles, descriptions); one that only lists items of the same message is passed over. Concept, knowledge,
planning and catalog items are no dispatches.
"""

from lxml import etree

from flows.read.bodies import Body, data_paragraphs, standing, unique, unpacked, urgency, xml_body
from flows.read.fields import byline, error, joined, line, when, words
from flows.read.markup import Xml, local, parse_xml, root_name
from flows.read.paragraphs import compose, inner, paragraphs
from flows.read.refuse import refuse_payload
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import RejectionError

_MESSAGE = "newsMessage"
_ITEMS = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_EDITED = {"edstat:c": "correction", "edstat:u": "update", "edstat:d": "kill"}  # Reuters's signals
_TEXTS = ("", "text")  # item classes whose description is none of the text


def looks_like(head: bytes) -> bool:
    """Tell whether the root element is a message or an item of NewsML-G2."""
    return root_name(head) in (_MESSAGE, *_ITEMS)


def read(payload: Payload) -> list[RawDispatch | Refusal]:
    """Return the raw dispatches in a document, and a refusal for each item of it that is none.

    Refused as `empty`, `not_a_dispatch`, or for what `parse_xml` refuses.
    """
    document = parse_xml(payload, _MESSAGE, *_ITEMS)
    if not isinstance(document, Xml):
        return [document]
    root = document.root
    if local(root) != _MESSAGE:
        return [_dispatch(payload, root, document.encoding, None)]
    items = [each for each in root.iterfind("{*}itemSet/{*}*") if local(each) in _ITEMS]
    bare = [local(each) == "packageItem" and not _listed(each) and not _is_canceled(each) for each in items]
    found: list[RawDispatch | Refusal] = []
    for number, (item, passed_over) in enumerate(zip(items, bare, strict=True), 1):
        if not passed_over or all(bare):
            found.append(_dispatch(payload, item, document.encoding, f"item {number}" if len(items) > 1 else None))
    return found or [refuse_payload(payload, "empty", error("itemSet", "empty", "there are no items in the message"))]


def _dispatch(payload: Payload, item: etree._Element, encoding: str, name: str | None) -> RawDispatch | Refusal:
    meta, content = _child(item, "itemMeta"), _child(item, "contentMeta")
    embargo = meta.find("{*}embargoed")
    signals = [_EDITED.get((code := _code(each)).lower(), code) for each in meta.iterfind("{*}signal")]
    status, signal = standing(_code(_child(meta, "pubStatus")), signals, held=embargo is not None)
    body = _body(item)
    language = _language(item, content)
    headline = _headline(content, language) or body.headline or line(inner(meta.find("{*}title")))
    if local(item) not in _ITEMS[:2]:
        why = error(local(item), "not_a_dispatch", f"a {local(item)} is no news", item.get("guid"))
        return _refuse(payload, why, name)
    if status != "killed" and not any(map(words, [headline, *body.paragraphs])):
        kind = _kind(meta)
        why = error("contentSet", "empty", "there is no text in it", item.get("guid"))
        if kind not in _TEXTS:
            why = error("itemClass", "not_a_dispatch", f"{kind} without headline or caption", item.get("guid"))
        return _refuse(payload, why, name)
    return RawDispatch(
        text_raw=compose(headline, body.paragraphs, line(inner(content.find("{*}dateline"))) or body.dateline),
        headline=headline,
        byline=byline(inner(content.find("{*}by"))) or body.byline,
        item=name,
        encoding=encoding,
        feed_id=line(item.get("guid")),
        version=line(item.get("version")),
        version_created=when(inner(meta.find("{*}versionCreated"))) or when(inner(content.find("{*}contentModified"))),
        first_created=when(inner(meta.find("{*}firstCreated"))),
        rights=_rights(item),
        slugline=line(inner(content.find("{*}slugline"))),
        language=language,
        embargoed_until=when(inner(embargo)),
        urgency=urgency(inner(content.find("{*}urgency"))),
        subjects=unique(_code(each) or inner(each.find("{*}name")) for each in content.iterfind("{*}subject")),
        ed_note="\n".join(unique(inner(each) for each in meta.iterfind("{*}edNote"))) or None,
        status=status,
        signal=signal,
    )


def _is_canceled(item: etree._Element) -> bool:
    return standing(_code(_child(_child(item, "itemMeta"), "pubStatus")), (), held=False)[0] == "killed"


def _refuse(payload: Payload, why: RejectionError, name: str | None) -> Refusal:
    return refuse_payload(payload, why.type, why).model_copy(update={"item": name} if name else {})


def _child(parent: etree._Element, name: str) -> etree._Element:
    """Return a child, or an element that says nothing."""
    found = parent.find(f"{{*}}{name}")
    return found if found is not None else etree.Element("none")


def _code(element: etree._Element) -> str:
    return line(element.get("qcode") or element.get("uri") or element.get("literal")) or ""


def _kind(meta: etree._Element) -> str:
    """Return the class of an item: `text`, `picture`, `composite`."""
    return _code(_child(meta, "itemClass")).rpartition(":")[2].rpartition("/")[2].lower()


def _language(item: etree._Element, content: etree._Element) -> str | None:
    tags = (each.get("tag") or inner(each) for each in content.iterfind("{*}language"))
    return next(filter(None, map(line, (*tags, item.get(_LANG)))), None)


def _rights(item: etree._Element) -> str | None:
    """Return the holder, the notice and the terms of use; of rights in parts of the item, those of the whole."""
    rights = _child(item, "rightsInfo")
    holders = [inner(each.find("{*}name")) or each.get("literal") for each in rights.iterfind("{*}copyrightHolder")]
    said = [inner(each) for name in ("copyrightNotice", "usageTerms") for each in rights.iterfind(f"{{*}}{name}")]
    return joined([*holders, *said])


def _headline(content: etree._Element, language: str | None) -> str | None:
    """Return the main headline, if there are several that in the language of the item."""
    found = [each for each in content.iterfind("{*}headline") if words(inner(each))]
    mine = (language or "").partition("-")[0].lower()

    def rank(each: etree._Element) -> tuple[bool, bool]:
        other = (each.get(_LANG) or mine).partition("-")[0].lower() != mine
        return "sub" in (each.get("role") or "").lower(), other

    return line(inner(min(found, key=rank))) if found else None


def _body(item: etree._Element) -> Body:
    """Return the first content in which there is text; XML shows its paragraphs and goes before data."""
    contents = [*item.iterfind("{*}contentSet/{*}inlineXML"), *item.iterfind("{*}contentSet/{*}inlineData")]
    bodies = [xml_body(each) if local(each) == "inlineXML" else _data(each) for each in contents]
    with_text = next((body for body in bodies if any(map(words, body.paragraphs))), None)
    if with_text:
        return with_text
    headed = next((body for body in bodies if body.headline), Body([]))
    if local(item) == "packageItem":
        return headed._replace(paragraphs=_listed(item))
    if _kind(_child(item, "itemMeta")) in _TEXTS:
        return headed
    captions = paragraphs(_child(item, "contentMeta").iterfind("{*}description"))
    return headed._replace(paragraphs=list(dict.fromkeys(captions)))


def _data(element: etree._Element) -> Body:
    kind = (element.get("contenttype") or "text/plain").lower()
    if not kind.startswith("text/") and not kind.endswith(("xml", "html", "plain")):
        return Body([])
    if len(element):
        return xml_body(element)
    text = element.text or ""
    return Body(data_paragraphs(unpacked(text) if "base64" in (element.get("encoding") or "").lower() else text))


def _listed(package: etree._Element) -> list[str]:
    """Return what a package says about the items that it lists: their headlines and descriptions."""
    found: list[str] = []
    for reference in package.iter("{*}itemRef"):
        titles = (inner(reference.find(f"{{*}}{name}")) for name in ("headline", "title"))
        found += [next(filter(words, titles), ""), *paragraphs(reference.iterfind("{*}description"))]
    return list(dict.fromkeys(filter(words, found)))
