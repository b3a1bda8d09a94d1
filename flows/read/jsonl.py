"""JSON lines: one object a line, at the least `{"id": ..., "text": ...}`.

Other fields that are understood: `headline byline slugline language urgency subjects ed_note published_at
embargoed_until status signal`. A headline that does not begin the text is put before it, with a newline. Fields that
are not understood are left in the original.
"""

from typing import Any

import orjson
from pydantic import AwareDatetime, ConfigDict, Field, StrictStr, ValidationError, field_validator

from flows.read.decode import decode
from flows.read.refuse import refuse_payload
from schemas.base import Model
from schemas.dispatch import Signal, Status
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import RejectionError


class Item(Model):
    """The fields that are understood; others are ignored here and kept in the original."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=False)

    id: str | None = Field(None, min_length=1, coerce_numbers_to_str=True)
    text: StrictStr
    headline: StrictStr | None = None
    byline: StrictStr | None = None
    slugline: StrictStr | None = None
    language: StrictStr | None = None
    urgency: int | None = Field(None, ge=1, le=9)
    subjects: tuple[StrictStr, ...] = ()
    ed_note: StrictStr | None = None
    published_at: AwareDatetime | None = None
    embargoed_until: AwareDatetime | None = None
    status: Status = "usable"
    signal: Signal = "new"

    @field_validator("text", "headline")
    @classmethod
    def _whole_characters(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                value.encode()
            except UnicodeEncodeError:
                raise ValueError("it holds half of a surrogate pair, which is no character") from None
        return value


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
        return [refuse_payload(payload, "invalid_json", _error(where, "invalid_json", f"not JSON: {wrong.msg}", text))]
    if not isinstance(value, dict):
        error = _error("input", "invalid_json", "a JSON object is expected", text)
        return [refuse_payload(payload, "invalid_json", error)]
    try:
        item = Item.model_validate(value)
    except ValidationError as invalid:
        errors = tuple(
            _error(".".join(map(str, e["loc"])), e["type"], e["msg"], _shown(e["input"])) for e in invalid.errors()
        )
        return [refuse_payload(payload, "invalid_fields", *errors)]
    if not any(char.isalnum() for char in item.text) and item.signal != "kill" and item.status != "killed":
        return [refuse_payload(payload, "empty", _error("text", "empty", "there is no text in it", item.text))]
    return [_raw(item, encoding)]


def _raw(item: Item, encoding: str) -> RawDispatch:
    text = item.text
    if item.headline and not text.lstrip().startswith(item.headline):
        text = f"{item.headline}\n{text}"
    return RawDispatch(
        text_raw=text, headline=item.headline, byline=item.byline, encoding=encoding, feed_id=item.id,
        version_created=item.published_at, slugline=item.slugline, language=item.language,
        embargoed_until=item.embargoed_until, urgency=item.urgency, subjects=item.subjects, ed_note=item.ed_note,
        status=item.status, signal=item.signal,
    )  # fmt: skip


def _shown(value: object) -> str:
    return repr(value)


def _error(loc: str, kind: str, message: str, value: str | None) -> RejectionError:
    return RejectionError(loc=loc or "input", type=kind, message=message, input=value[:200] if value else None)
