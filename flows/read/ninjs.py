"""ninjs 1 to 3, IPTC's news in JSON: one object a payload, validated as IPTC's JSON Schemas demand.

The version is the one that `standard` names, else it is told by the properties. Superdesk's dialect, which has `guid`
and properties of its own, is held to the same rules in what is used of it. Associated texts are dispatches too; what
their parent withholds or embargoes, they do not give away.
"""

import re
from collections import deque
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import orjson
from pydantic import ValidationError

from flows.read.decode import decode
from flows.read.fields import byline, compose, error, errors, joined, line, when, whole, words
from flows.read.htmltext import html_text
from flows.read.ninjs1_models import Concept1, Ninjs1
from flows.read.ninjs_models import LOWER, Ninjs, spell, unspell
from flows.read.ninjs_parts import Content, News, Subject
from flows.read.refuse import refuse_payload
from schemas.dispatch import Status
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import RejectionError

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]')
_NO_NINJS = {b"text", b"id"}  # keys of JSON lines
_MARKUP = re.compile(r"<(?:/?[a-zA-Z]|!--)")
_VERSION = re.compile(r"(?:^|[_v])([123])(?:\.\d+)?(?:$|\.json|#)")
_MOST_DEPTH = 6  # of associations in associations
_MOST_TEXTS = 500  # in one object
# What is used of Superdesk's dialect; the rest of it has no rules that IPTC made.
_USED = frozenset((
    "uri", "type", "version", "versioncreated", "firstcreated", "copyrightholder", "copyrightnotice", "usageterms",
    "embargoed", "pubstatus", "urgency", "language", "headline", "slugline",
    "byline", "ednote", "title", "located", "body_html", "body_text", "body_xhtml", "description_html",
    "description_text",
))  # fmt: skip
_NAMES = {field.alias or name for name, field in Ninjs.model_fields.items()}
Form = Literal["html", "plain"]


class Story(NamedTuple):
    """What is used of a news object, in the same form for any version."""

    news: News
    type: str | None
    headline: str | None
    by: str
    bodies: list[tuple[Form, str]]  # the best first
    descriptions: list[tuple[Form, str]]
    subjects: list[str]
    embargoed: str  # as the object or the one around it says, and so the status
    status: str
    inside: list[tuple[str, Any]]  # associations: name and object


def looks_like(head: bytes) -> bool:
    """Tell whether this is an object with `uri` or `guid` and no key of JSON lines, or an array of these."""
    begin = head.lstrip(b" \t\r\n\xef\xbb\xbf")
    if begin[:1] == b"[":
        begin = begin[1:].lstrip()
    if begin[:1] != b"{":
        return False
    keys = set(_keys(begin))
    return bool(keys & {b"uri", b"guid"}) and not keys & _NO_NINJS


def _keys(begin: bytes) -> Iterator[bytes]:
    """Yield the keys of the first object, as far as it goes."""
    depth = 0
    for token in _TOKEN.finditer(begin):
        if token[0] in b"{[":
            depth += 1
        elif token[0] in b"}]":
            depth -= 1
            if not depth:
                return
        elif depth == 1 and begin[token.end() : token.end() + 9].lstrip()[:1] == b":":
            yield token[0][1:-1]


def read(payload: Payload) -> list[RawDispatch | Refusal]:
    """Return the raw dispatches in a news object: itself and its associated texts.

    Refused as `undecodable`, `binary`, `invalid_json`, `invalid_fields`, `empty`, or `not_a_dispatch` (an event).
    """
    decoded = decode(payload.data, payload.encoding)
    if isinstance(decoded, RejectionError):
        return [refuse_payload(payload, decoded.type, decoded)]
    text, encoding = decoded
    try:
        value: Any = orjson.loads(text)
    except orjson.JSONDecodeError as wrong:
        where = f"line {wrong.lineno} column {wrong.colno}"
        return [refuse_payload(payload, "invalid_json", error(where, "invalid_json", f"not JSON: {wrong.msg}", text))]
    if not isinstance(value, dict):
        wrong_kind = error("input", "invalid_json", "a JSON object is expected", text)
        return [refuse_payload(payload, "invalid_json", wrong_kind)]
    story = _story(value)
    if not isinstance(story, Story):
        return [refuse_payload(payload, "invalid_fields", *story)]
    found: list[RawDispatch | Refusal] = [*_dispatches(story, encoding)]
    if len(found) >= _MOST_TEXTS:
        why = error("associations", "too_many", f"more than {_MOST_TEXTS} texts in one another; the rest is not read")
        found.append(refuse_payload(payload, "too_many", why))
    return found or [_refuse(payload, story)]


def _refuse(payload: Payload, story: Story) -> Refusal:
    if story.type in ("event", "planning"):
        why = error("type", "not_a_dispatch", f"this is of the type {story.type}: a plan, and no news text")
        return refuse_payload(payload, "not_a_dispatch", why)
    return refuse_payload(payload, "empty", error("bodies", "empty", "there is no text in it", story.news.uri))


def _dispatches(story: Story, encoding: str) -> Iterator[RawDispatch]:
    """Yield the raw dispatches of an object: those of its parts have the name of the part as `item`."""
    left: deque[tuple[Story, str | None, int]] = deque([(story, None, 0)])
    made = 0
    while left and made < _MOST_TEXTS:
        part, item, depth = left.popleft()
        if part.type not in ("event", "planning"):
            for raw in _raw(part, item, encoding):
                made += 1
                yield raw
        if depth < _MOST_DEPTH:
            for name, value in part.inside:
                inner = _story(value) if isinstance(value, dict) else ()
                if isinstance(inner, Story) and inner.type in (None, "text", "composite"):
                    left.append((_guarded(inner, part), f"{item or 'association'} {line(name) or '?'}", depth + 1))


def _guarded(inner: Story, parent: Story) -> Story:
    """Return a part that is withheld and embargoed where its parent is."""
    status = parent.status if inner.status == "usable" and parent.status == "withheld" else inner.status
    return inner._replace(status=status, embargoed=inner.embargoed or parent.embargoed)


def _raw(story: Story, item: str | None, encoding: str) -> Iterator[RawDispatch]:
    body = next(filter(words, map(_text, story.bodies)), "")
    if not body and item is None:  # a caption is the text of a picture
        body = next(filter(words, map(_text, story.descriptions)), "")
    text = compose(story.headline, body)
    killed = story.status == "canceled"
    if not (words(text) and (words(body) or item is None)) and not (killed and item is None):
        return
    until = when(story.embargoed)
    status: Status = "killed" if killed else "withheld" if story.status == "withheld" else "usable"
    if status == "usable" and story.embargoed:  # a date that cannot be read is no leave to publish
        status = "embargoed"
    news = story.news
    yield RawDispatch(
        text_raw=text, headline=story.headline, byline=byline(story.by), item=item, encoding=encoding,
        feed_id=line(news.uri), version=line(news.version), version_created=when(news.version_created),
        first_created=when(news.first_created),
        rights=joined([news.copyright_holder, news.copyright_notice, news.usage_terms]),
        slugline=line(news.slugline), language=line(news.language), embargoed_until=until,
        urgency=news.urgency or None, subjects=tuple(story.subjects), ed_note=line(news.ed_note), status=status,
        signal="kill" if killed else "new",
    )  # fmt: skip


def _text(body: tuple[Form, str]) -> str:
    form, value = body
    return html_text(value) if form == "html" else whole(value)


def _story(value: dict[str, Any]) -> Story | tuple[RejectionError, ...]:
    """Return what is used of an object, or all the rules that it breaks."""
    superdesk = "guid" in value
    version = 1 if superdesk else _version(value)
    inside = value.get("associations")
    try:
        if version == 1:
            return _story1(Ninjs1.model_validate(_official(value) if superdesk else value), inside)
        return _story3(Ninjs.model_validate(spell(value) if version == 2 else value), inside)
    except ValidationError as invalid:
        found = errors(invalid)
    except RecursionError:
        found = (error("input", "too_deep", "objects in objects without end"),)
    if version == 2:
        found = tuple(each.model_copy(update={"loc": unspell(each.loc)}) for each in found)
    return found


def _official(value: dict[str, Any]) -> dict[str, Any]:
    """Return what IPTC's schema knows of Superdesk's dialect, and is used."""
    known = {key: inside for key, inside in value.items() if key in _USED and inside is not None}
    known["uri"] = value["guid"]
    if isinstance(subjects := value.get("subject"), list):
        fields = {field.alias for field in Concept1.model_fields.values()}
        known["subject"] = [
            {key: inside for key, inside in each.items() if key in fields and isinstance(inside, str)}
            if isinstance(each, dict) else each
            for each in subjects
        ]  # fmt: skip
    return known


def _version(value: dict[str, Any]) -> int:
    """Return the version of ninjs: as `standard` says, else told by the properties; what fits all is ninjs 3."""
    if declared := _declared(value):
        return declared
    if any(key != key.lower() for key in value if key.isascii()):
        return 3
    if any(isinstance(value.get(key), dict) for key in ("associations", "renditions")):
        return 1
    if value.get("representationtype") in ("complete", "incomplete"):
        return 1
    lower = {name.lower() for name in _NAMES} | {"embargoed"}
    if not set(value) <= lower:
        return 1
    return 3 if set(value) <= _NAMES and not _lower_inside(value) else 2


def _declared(value: dict[str, Any]) -> int | None:
    for key, versions in (("$standard", "123"), ("standard", "23")):  # `standard` with ninjs 1 is a slip
        said = value.get(key)
        for named in (said.get("version"), said.get("schema")) if isinstance(said, dict) else ():
            found = _VERSION.search(named[-200:]) if isinstance(named, str) else None
            if found and found[1] in versions:
                return int(found[1])
    return None


def _lower_inside(value: dict[str, Any]) -> bool:
    """Tell whether some object in an array of it has a name that only ninjs 2 has."""
    parts = (part for array in value.values() if isinstance(array, list) for part in array)
    return any(isinstance(part, dict) and not LOWER.keys().isdisjoint(part) for part in parts)


def _story1(model: Ninjs1, inside: object) -> Story:
    extended = model.model_extra or {}
    headlines = [model.headline, *(text for key, text in extended.items() if key.startswith("headline_"))]
    return Story(
        news=model,
        type=model.type if "type" in model.model_fields_set else None,
        headline=next(filter(words, map(line, headlines)), None),
        by=model.byline,
        bodies=_ranked((key[5:], text) for key, text in extended.items() if key.startswith("body_")),
        descriptions=_ranked((key[12:], text) for key, text in extended.items() if key.startswith("description_")),
        subjects=_subjects(model.subject),
        embargoed=model.embargoed_until,
        status=model.pub_status,
        inside=list(inside.items()) if isinstance(inside, dict) else [],
    )


def _story3(model: Ninjs, inside: object) -> Story:
    headlines = sorted(model.headlines, key=lambda content: content.role != "main")
    named = [each for each in inside if isinstance(each, dict)] if isinstance(inside, list) else []
    return Story(
        news=model,
        type=model.type if "type" in model.model_fields_set else None,
        headline=next(filter(words, (line(_text(_form(_kind(each), each.value))) for each in headlines)), None),
        by=model.by,
        bodies=_ranked((_kind(each), each.value) for each in model.bodies),
        descriptions=_ranked((_kind(each), each.value) for each in model.descriptions),
        subjects=_subjects(model.subjects),
        embargoed=model.embargoed_until,
        status=model.pub_status,
        inside=[(str(each.get("name")), {k: each[k] for k in each if k not in ("name", "rel")}) for each in named],
    )


def _kind(content: Content) -> str:
    kind = content.content_type.lower() or content.role.lower()
    return "html" if "html" in kind else "plain" if "plain" in kind or kind == "text" else kind


def _ranked(bodies: Any) -> list[tuple[Form, str]]:
    """Return bodies with markup, which shows paragraphs, before plain ones."""
    found = [_form(kind, value) for kind, value in bodies]
    return sorted(found, key=lambda body: body[0] == "plain")


def _form(kind: str, value: str) -> tuple[Form, str]:
    if "html" in kind or (kind not in ("plain", "text") and _MARKUP.search(value)):
        return "html", value
    return "plain", value


def _subjects(subjects: list[Concept1] | list[Subject]) -> list[str]:
    """Return the subjects by their codes, or by their names where they have none."""
    found: list[str] = []
    for subject in subjects:
        code = subject.code if isinstance(subject, Concept1) else subject.literal or subject.uri
        name = line(code) or line(subject.name)
        if name and name not in found:
            found.append(name)
    return found
