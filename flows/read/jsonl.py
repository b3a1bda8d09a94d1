"""JSON lines: one object a line, at the least `{"id": ..., "text": ...}`.

Other fields that are understood: those of `Item`. A source may name the keys of its fields, those of objects inside of
others as `meta.title`. A headline that does not begin the text is put before it, with a newline. Fields that are not
understood are left in the original.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, StrictStr, ValidationError

from flows.read.decode import decode
from flows.read.fields import error, errors, line, when, words
from flows.read.refuse import refuse_payload
from schemas.base import Model
from schemas.dispatch import Signal, Status
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import RejectionError


def _listed(value: object) -> object:
    """Return subjects in one string, `economy; trade`, as a list."""
    return [part.strip() for part in re.split(r"[;|]", value) if part.strip()] if isinstance(value, str) else value


def _dated(value: object) -> object:
    """Return the time in a string that `when` knows, `Tue, 4 Mar 2025 08:00:00 GMT`; anything else as it is."""
    return (when(value) or value) if isinstance(value, str) else value


Id = Annotated[str, Field(min_length=1, coerce_numbers_to_str=True)]
Time = Annotated[AwareDatetime, BeforeValidator(_dated)]


class Item(Model):
    """The fields that are understood; others are ignored here and kept in the original."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=False)

    id: Id | None = None
    text: StrictStr
    headline: StrictStr | None = None
    byline: StrictStr | None = None
    slugline: StrictStr | None = None
    language: StrictStr | None = None
    urgency: int | None = Field(None, ge=1, le=9)
    subjects: Annotated[tuple[StrictStr, ...], BeforeValidator(_listed)] = ()
    ed_note: StrictStr | None = None
    rights: StrictStr | None = None
    version: Id | None = None
    published_at: Time | None = None
    first_created: Time | None = None
    embargoed_until: Time | None = None
    status: Status = "usable"
    signal: Signal = "new"


def read(payload: Payload) -> list[RawDispatch | Refusal]:
    """Return the raw dispatch in one line, or a refusal: `invalid_json`, `invalid_fields`, `empty`, `undecodable`."""
    decoded = decode(payload.data, payload.encoding)
    if isinstance(decoded, RejectionError):
        return [refuse_payload(payload, decoded.type, decoded)]
    text, encoding = decoded
    try:
        value: Any = orjson.loads(text)
    except orjson.JSONDecodeError as wrong:
        where = f"column {wrong.colno}" if wrong.lineno == 1 else f"line {wrong.lineno} column {wrong.colno}"
        return [refuse_payload(payload, "invalid_json", error(where, "invalid_json", f"not JSON: {wrong.msg}", text))]
    if not isinstance(value, dict):
        why = error("input", "invalid_json", "a JSON object is expected", text)
        return [refuse_payload(payload, "invalid_json", why)]
    try:
        item = Item.model_validate(_named(value, payload.fields))
    except ValidationError as invalid:
        return [refuse_payload(payload, "invalid_fields", *errors(invalid))]
    if not words(item.text) and item.signal != "kill" and item.status != "killed":
        return [refuse_payload(payload, "empty", error("text", "empty", "there is no text in it", item.text))]
    return [_raw(item, encoding)]


def _named(value: dict[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the object with its fields under their own names."""
    if not fields:
        return value
    found = {name: _inside(value, path) for name, path in fields.items()}
    return {**value, **{name: inside for name, inside in found.items() if inside is not None or name not in value}}


def _inside(value: Any, path: str) -> Any:
    """Return what stands at a path: the key itself, else key after key; None if there is nothing."""
    if isinstance(value, dict) and path in value:
        return value[path]
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _raw(item: Item, encoding: str) -> RawDispatch:
    killed = item.status == "killed" or item.signal == "kill"
    held = item.status == "usable" and item.embargoed_until is not None
    titled = not item.headline or line(item.text.lstrip().partition("\n")[0]) == line(item.headline)
    return RawDispatch(
        text_raw=item.text if titled else f"{item.headline}\n{item.text}", headline=item.headline,
        byline=item.byline, encoding=encoding,
        feed_id=item.id, version=item.version, version_created=item.published_at, first_created=item.first_created,
        slugline=item.slugline, language=item.language, embargoed_until=item.embargoed_until, urgency=item.urgency,
        subjects=item.subjects, ed_note=item.ed_note, rights=item.rights,
        status="killed" if killed else "embargoed" if held else item.status, signal="kill" if killed else item.signal,
    )  # fmt: skip
