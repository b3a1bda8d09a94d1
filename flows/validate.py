"""validate: what was read and normalized -> a `Dispatch` without annotations, or a `Refusal` with all its reasons."""

import datetime as dt
import re
from hashlib import sha256

import orjson
from pydantic import ValidationError

from flows.stories.judge import judge
from schemas.dispatch import Dispatch, Provenance
from schemas.raw import Normalized, Payload, RawDispatch, Refusal
from schemas.rejection import Rejection, RejectionError

SCHEMA_VERSION = 1
_PLAIN_ID = re.compile(r"[A-Za-z0-9._:/@+=-]{1,160}")


def identify(raw: RawDispatch, source: str) -> tuple[str, str, str]:
    """Return the ids of a raw dispatch: `story_id`, `content_hash` and the revision's `id`.

    * `content_hash` is the SHA-256 of the raw text and of the feed's own fields, so that the same content read again
      is recognised before any work is done on it.
    * `story_id` is `<source>:<feed id>`; a feed id with odd characters, and a dispatch without one, go by a hash. The
      store may find that a dispatch without one belongs to an earlier story.
    * `id` is `<story_id>@<first 16 hex digits of content_hash>`: the same content of the same story, the same id.
    """
    fields = raw.model_dump(mode="json", exclude={"encoding", "item", "repairs"})
    content_hash = sha256(orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)).hexdigest()
    key = raw.feed_id
    if key is None:
        # The text alone, so that the same text under another headline is the same story; a kill may have none.
        text = raw.text_raw if raw.text_raw.strip() else f"{raw.headline or ''}\n{raw.slugline or ''}"
        key = sha256(text.encode(errors="surrogatepass")).hexdigest()[:24]
    elif not _PLAIN_ID.fullmatch(key):
        key = sha256(key.encode(errors="surrogatepass")).hexdigest()[:24]
    story_id = f"{source}:{key}"
    return story_id, content_hash, f"{story_id}@{content_hash[:16]}"


def validate(
    payload: Payload, raw: RawDispatch, normalized: Normalized, *, received_at: dt.datetime, run_id: str | None,
    pipeline_version: str, gazetteer_version: str, model_version: str,
) -> Dispatch | Refusal:  # fmt: skip
    """Return the dispatch without annotations, or a refusal that lists every field that is wrong."""
    story_id, content_hash, dispatch_id = identify(raw, payload.source)
    status, signal = judge(
        raw.status, raw.signal, normalized.headline, normalized.slugline, normalized.ed_note, raw.text_raw
    )
    embargoed_until = raw.embargoed_until or (normalized.embargo.until if normalized.embargo else None)
    if status == "usable" and (embargoed_until or normalized.embargo):
        # An embargo whose end is not told holds: what is published too early cannot be called back.
        status = "embargoed" if embargoed_until else "withheld"
    if raw.withheld and status != "killed":
        status = "withheld"
    try:
        return Dispatch(
            id=dispatch_id,
            source=payload.source,
            story_id=story_id,
            feed_id=raw.feed_id,
            version=raw.version,
            status=status,
            signal=signal,
            content_hash=content_hash,
            headline=normalized.headline,
            byline=normalized.byline,
            slugline=normalized.slugline,
            dateline=normalized.dateline,
            language=normalized.language,
            published_at=_utc(raw.version_created),
            first_created_at=_utc(raw.first_created),
            received_at=_milliseconds(received_at),
            embargoed_until=_utc(embargoed_until),
            urgency=raw.urgency,
            subjects=raw.subjects,
            ed_note=normalized.ed_note,
            rights=raw.rights,
            text_raw=raw.text_raw,
            text=normalized.text,
            repairs=raw.repairs,
            names=normalized.names,
            when=normalized.when,
            provenance=Provenance(
                run_id=run_id,
                original=payload.original,
                uri=_place(payload, raw),
                reader=payload.format,
                encoding=raw.encoding,
                pipeline_version=pipeline_version,
                schema_version=SCHEMA_VERSION,
                gazetteer_version=gazetteer_version,
                model_version=model_version,
            ),
        )
    except ValidationError as error:
        return Refusal(
            stage="validate", reason="invalid_fields", errors=reasons(error), source=payload.source, uri=payload.uri,
            item=payload.item or raw.item, format=payload.format, data=payload.data, original=payload.original,
        )  # fmt: skip


def _place(payload: Payload, raw: RawDispatch) -> str:
    parts = [part for part in (payload.item, raw.item) if part]
    return f"{payload.uri}#{' '.join(parts)}" if parts else payload.uri


def reasons(error: ValidationError) -> tuple[RejectionError, ...]:
    """Return all that a validation found wrong."""
    return tuple(
        RejectionError(
            loc=".".join(map(str, e["loc"])) or "input", type=e["type"], message=e["msg"], input=repr(e["input"])[:200]
        )
        for e in error.errors()
    )


def reject(refusal: Refusal, now: dt.datetime) -> Rejection:
    """Return the rejection of a refused input. The same bytes at the same place have the same id."""
    key = "\0".join((refusal.source, refusal.uri, refusal.item or "", refusal.original or ""))
    return Rejection(
        id=sha256(key.encode(errors="surrogatepass")).hexdigest()[:24],
        stage=refusal.stage,
        reason=refusal.reason,
        errors=refusal.errors,
        source=refusal.source,
        uri=refusal.uri,
        item=refusal.item,
        original=refusal.original,
        first_seen=_milliseconds(now),
        last_seen=_milliseconds(now),
    )


def _utc(value: dt.datetime | None) -> dt.datetime | None:
    return _milliseconds(value.astimezone(dt.UTC)) if value else None


def _milliseconds(value: dt.datetime) -> dt.datetime:
    """MongoDB keeps milliseconds; what is stored equals what was made."""
    return value.replace(microsecond=value.microsecond // 1000 * 1000)
