"""NewsML 1.0 to 1.2: an envelope with news items; an item is one dispatch, or one for each of its headlined components.

A component with several forms of the same text (`EquivalentsList`) is read in the first of them.
"""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from flows.read.bodies import Body, data_paragraphs, standing, unique, unpacked, urgency, xml_body
from flows.read.fields import byline, error, joined, line, when, words
from flows.read.markup import Xml, local, parse_xml, root_name
from flows.read.paragraphs import compose, inner, paragraphs
from flows.read.refuse import refuse_payload
from schemas.raw import Payload, RawDispatch, Refusal

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_TEXT = re.compile(r"photo|picture|image|graphic|video|audio|animation", re.IGNORECASE)
_NO_BODY = re.compile(r"caption|headline|title|slug|keyword|byline|copyright|thumb|preview|quicklook", re.IGNORECASE)
_NOTE = re.compile(r"note|advisory", re.IGNORECASE)
_MOST_UNITS = 200  # dispatches in one item: each of them looks at all that the item says of itself
_SUBJECTS = ("Subject", "SubjectMatter", "SubjectDetail", "SubjectQualifier")


def looks_like(head: bytes) -> bool:
    """Tell whether the root element is `NewsML`."""
    return root_name(head) == "NewsML"


def read(payload: Payload) -> list[RawDispatch | Refusal]:
    """Return the raw dispatches in a document, and a refusal for each item of it that has none.

    Refused as `empty`, `not_a_dispatch` (an update of an item's parts), or for what `parse_xml` refuses.
    """
    document = parse_xml(payload, "NewsML")
    if not isinstance(document, Xml):
        return [document]
    items = document.root.findall("{*}NewsItem")
    found: list[RawDispatch | Refusal] = []
    for number, item in enumerate(items, 1):
        name = f"item {number}" if len(items) > 1 else None
        if _count(item) > _MOST_UNITS:
            why = error("NewsComponent", "xml_limits", f"more than {_MOST_UNITS} headlines in one item")
            found.append(refuse_payload(payload, why.type, why).model_copy(update={"item": name} if name else {}))
            continue
        found += list(_dispatches(item, document.encoding, name)) or [_refuse(payload, item, name)]
    return found or [refuse_payload(payload, "empty", error("NewsML", "empty", "there are no news items in it"))]


def _count(item: etree._Element) -> int:
    return sum(1 for _ in islice(item.iter("{*}HeadLine"), _MOST_UNITS + 1))


def _refuse(payload: Payload, item: etree._Element, name: str | None) -> Refusal:
    if item.find("{*}NewsComponent") is None and item.find("{*}Update") is not None:
        why = error("Update", "not_a_dispatch", "it updates parts of another item, and has no text of its own")
    else:
        why = error("NewsComponent", "empty", "there is no text in it", _feed_id(item))
    return refuse_payload(payload, why.type, why).model_copy(update={"item": name} if name else {})


def _dispatches(item: etree._Element, encoding: str, name: str | None) -> Iterator[RawDispatch]:
    top = item.find("{*}NewsComponent")
    units = list(_units(top)) if top is not None else []
    bodies = [(unit, _body(unit)) for unit in units]
    with_text = [(unit, body) for unit, body in bodies if any(map(words, body.paragraphs))] or bodies[:1]
    if top is None:
        with_text = [(etree.Element("none"), Body([]))]
    for number, (unit, body) in enumerate(with_text, 1):
        raw = _raw(item, top, unit, body)
        if raw.status == "killed" or words(raw.text_raw):
            update: dict[str, str | None] = {"encoding": encoding, "item": name}
            if len(with_text) > 1:
                part = line(unit.get("Duid")) or str(number)
                update["item"] = f"{name} component {part}" if name else f"component {part}"
                update["feed_id"] = f"{raw.feed_id}#{part}" if raw.feed_id else None
            yield raw.model_copy(update=update)


def _raw(item: etree._Element, top: etree._Element | None, unit: etree._Element, body: Body) -> RawDispatch:
    """Return the raw dispatch of a component; what it does not say, the top component says."""
    places = [unit] if top is None or top is unit else [unit, top]
    management = _child(item, "NewsManagement")
    embargo, until = _embargo(management)
    status, signal = standing(_name(management.find("{*}Status")), _signals(item, management), held=embargo)
    headline = _newsline(places, "HeadLine") or body.headline
    return RawDispatch(
        text_raw=compose(headline, body.paragraphs, _newsline(places, "DateLine") or body.dateline),
        headline=headline,
        byline=byline(_newsline(places, "ByLine")) or body.byline,
        encoding="",
        feed_id=_feed_id(item),
        version=line(inner(item.find("{*}Identification/{*}NewsIdentifier/{*}RevisionId"))),
        version_created=when(inner(management.find("{*}ThisRevisionCreated"))),
        first_created=when(inner(management.find("{*}FirstCreated"))),
        rights=_rights(places),
        slugline=_newsline(places, "SlugLine"),
        language=_language(item, places),
        embargoed_until=when(until),
        urgency=urgency(_name(management.find("{*}Urgency"))),
        subjects=unique(_name(each) for place in places for each in _metadata(place) if local(each) in _SUBJECTS),
        ed_note=_ed_note(places),
        status=status,
        signal=signal,
    )


def _units(component: etree._Element) -> Iterator[etree._Element]:
    """Yield the components that are stories of their own: those with a headline, or the whole."""
    if _newsline([component], "HeadLine"):
        yield component
        return
    headed = [each for each in component.iter("{*}NewsComponent") if _newsline([each], "HeadLine")]
    known = set(headed)
    inside = [each for each in headed if known.isdisjoint(each.iterancestors("{*}NewsComponent"))]
    yield from inside or [component]


def _body(component: etree._Element) -> Body:
    """Return the text of a component and of the components in it, as one body."""
    found: list[Body] = []
    for child in component:
        if local(child) == "ContentItem":
            body = _content(child)
        elif local(child) == "NewsComponent" and not _NO_BODY.search(_name(child.find("{*}Role")) or ""):
            body = _body(child)
        else:
            continue
        if any(map(words, body.paragraphs)) or body.headline:
            found.append(body)
    if component.get("EquivalentsList", "").lower() == "yes":
        found = found[:1]
    if len(found) == 1:
        return found[0]
    said = {key: next(filter(None, (getattr(body, key) for body in found)), None) for key in Body._fields[1:]}
    return Body([text for body in found for text in body.paragraphs], **said)


def _content(item: etree._Element) -> Body:
    kind = " ".join(_name(item.find(f"{{*}}{name}")) or "" for name in ("MediaType", "MimeType"))
    if _NO_TEXT.search(kind):
        return Body([])
    found = item.find(".//{*}DataContent")
    data = found if found is not None else item.find("{*}Encoding")
    if data is None:
        return Body([])
    encoding = item.find("{*}Encoding")
    if encoding is not None and "base64" in (encoding.get("Notation") or "").lower():
        return Body(data_paragraphs(unpacked("".join(map(str, data.itertext())))))
    return xml_body(data)


def _feed_id(item: etree._Element) -> str | None:
    """Return the id of the item in all its revisions: the public identifier without the revision at its end."""
    identifier = item.find("{*}Identification/{*}NewsIdentifier")
    if identifier is None:
        return None
    parts = [line(inner(identifier.find(f"{{*}}{name}"))) for name in ("ProviderId", "DateId", "NewsItemId")]
    if all(parts):
        return f"urn:newsml:{parts[0]}:{parts[1]}:{parts[2]}"
    public = line(inner(identifier.find("{*}PublicIdentifier")))
    revision = line(inner(identifier.find("{*}RevisionId")))
    return re.sub(rf":{re.escape(revision)}[NAU]?$", "", public) if public and revision else public


def _signals(item: etree._Element, management: etree._Element) -> list[str | None]:
    """Return what the item says about its revision: its instructions, and whether there was one before."""
    said = [_name(each) for each in management.iterfind("{*}Instruction")]
    revision = item.find("{*}Identification/{*}NewsIdentifier/{*}RevisionId")
    before = (revision.get("PreviousRevision") or "0").strip() if revision is not None else "0"
    return [*said, "update" if before.strip("0") else None]


def _embargo(management: etree._Element) -> tuple[bool, str | None]:
    """Tell whether it is embargoed, and return the time at which its status is said to become `Usable`."""
    status = (_name(management.find("{*}Status")) or "").lower()
    change = management.find("{*}StatusWillChange")
    if status != "embargoed" or change is None:
        return status == "embargoed", None
    usable = (_name(change.find("{*}FutureStatus")) or "").lower() == "usable"
    return True, inner(change.find("{*}DateAndTime")) if usable else None


def _newsline(places: list[etree._Element], name: str) -> str | None:
    lines = (inner(each) for place in places for each in place.iterfind(f"{{*}}NewsLines/{{*}}{name}"))
    return line(next(filter(words, lines), None))


def _rights(places: list[etree._Element]) -> str | None:
    """Return the lines of rights as printed, and what the metadata say of holder and use."""
    ways = ("NewsLines/{*}CopyrightLine", "NewsLines/{*}RightsLine", "RightsMetadata/{*}Copyright",
            "RightsMetadata/{*}UsageRights")  # fmt: skip
    return joined(inner(each) for way in ways for place in places for each in place.iterfind(f"{{*}}{way}"))


def _ed_note(places: list[etree._Element]) -> str | None:
    notes = [
        text
        for place in places
        for each in place.iterfind("{*}NewsLines/{*}NewsLine")
        if _NOTE.search(_name(each.find("{*}NewsLineType")) or "")
        for text in paragraphs(each.iterfind("{*}NewsLineText"))
    ]
    return "\n".join(unique(notes)) or None


def _language(item: etree._Element, places: list[etree._Element]) -> str | None:
    tags = [_name(each) for place in places for each in _metadata(place) if local(each) == "Language"]
    tags += [each.get(_LANG) for each in (*places, item)]
    found = next(filter(None, map(line, tags)), None)
    return found.lower() if found and len(found) < 4 else found


def _metadata(component: etree._Element) -> Iterator[etree._Element]:
    for each in component.iterfind("{*}DescriptiveMetadata"):
        yield from each.iter("{*}*")


def _child(parent: etree._Element, name: str) -> etree._Element:
    """Return a child, or an element that says nothing."""
    found = parent.find(f"{{*}}{name}")
    return found if found is not None else etree.Element("none")


def _name(element: etree._Element | None) -> str | None:
    return line(element.get("FormalName")) if element is not None else None
