"""Makes dispatches, small and deterministic. Also used by `writer.py`, the other process of the tests."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from flows.quote_key import quote_key, split
from schemas.dispatch import Dispatch

START = dt.datetime(2024, 3, 1, 12, 0, 0, 123000, tzinfo=dt.UTC)


def minutes(number: float) -> dt.datetime:
    """A moment so many minutes after the start."""
    return START + dt.timedelta(minutes=number)


def entity(text: str, name: str, type: str = "person", **fields: Any) -> dict[str, Any]:
    """An entity that is mentioned once, at the place of its name in the text (at the beginning, if it is not there)."""
    start = max(text.find(name), 0)
    span = (start, start + len(name))
    mention = {"text": name, "kind": "name", "span": span, "raw_span": span}
    id = fields.pop("id", f"{type}:{name.lower().replace(' ', '-')}")
    return {"id": id, "name": name, "type": type, "role": None, "country": None, "mentions": [mention], **fields}


def quote(text: str, said: str, story: str, speaker: str | None = None) -> dict[str, Any]:
    """A direct quote of `said`, by the entity with this id."""
    start = max(text.find(said), 0)
    span = (start, start + len(said))
    who = {"text": "she", "span": (0, 1), "raw_span": (0, 1)}
    return {
        "id": f"{story}/quote/{start}",
        "quote_key": quote_key(split(said)),
        "kind": "direct",
        "text": said,
        "spans": [span],
        "raw_spans": [span],
        "verbatim": [said],
        "cue": {"text": "said", "span": (0, 1), "raw_span": (0, 1)},
        "speaker": {"entity_id": speaker, "name": speaker, "mention": who, "resolved_by": "name"} if speaker else None,
    }


def dispatch(
    story: str = "1",
    text: str = "Talks\nKYIV (Dispatches) -- Ann Lee said the talks go on.",
    *,
    version: float | None = 0,
    received: float | None = None,
    entities: Sequence[dict[str, Any]] = (),
    quotes: Sequence[dict[str, Any]] = (),
    run_id: str = "run-1",
    **fields: Any,
) -> Dispatch:
    """A revision of story `wire:<story>`; its time is `version` minutes after the start, null if that is None."""
    digest = hashlib.sha256(repr((text, version, sorted(fields.items(), key=str))).encode()).hexdigest()
    story_id = f"{fields.get('source', 'wire')}:{story}"
    provenance = {
        "run_id": run_id,
        "original": digest,
        "uri": "file:///wire/1.txt",
        "reader": "text",
        "encoding": "utf-8",
        "pipeline_version": "0.1.0",
        "schema_version": 1,
        "gazetteer_version": "g1",
        "model_version": "m1",
    }
    values = {
        "id": f"{story_id}@{digest[:16]}",
        "source": "wire",
        "story_id": story_id,
        "feed_id": story,
        "content_hash": digest,
        "headline": text.partition("\n")[0],
        "language": "en-GB",
        "published_at": None if version is None else minutes(version),
        "received_at": minutes(received if received is not None else 100 + (version or 0)),
        "text_raw": text,
        "text": text,
        "entities": entities,
        "quotes": quotes,
        "provenance": provenance,
    }
    return Dispatch.model_validate(values | fields)


def rich(story: str = "1", text: str = "", *, speaker: str = "Ann Lee", about: str = "Kyiv", **fields: Any) -> Dispatch:
    """A dispatch with a dateline, two entities and a quote of one about the other."""
    said = fields.pop("said", f"talks in {about} go on")
    text = text or f"Talks in {about}\nKYIV (Dispatches) -- “{said},” {speaker} said."
    person = entity(text, speaker, role=fields.pop("role", "Minister"), country=fields.pop("country", None))
    where = text.find(said)
    place = entity(text, about, "place")
    span = (where + said.find(about), where + said.find(about) + len(about))
    place["mentions"].append({"text": about, "kind": "name", "span": span, "raw_span": span})
    places = [{"name": "Kyiv", "entity_id": "place:kyiv"}]
    dateline = {"raw": "KYIV (Dispatches) --", "places": places, "agency": "Dispatches", "span": (0, 1)}
    return dispatch(
        story,
        text,
        entities=[person, place],
        quotes=[quote(text, said, f"wire:{story}", person["id"])],
        **{"dateline": dateline | {"date": dt.date(2024, 3, 1)}, **fields},
    )


def kill(story: str = "1", *, version: float | None = 9, **fields: Any) -> Dispatch:
    """A kill: no text, a headline that still says CORRECTED."""
    return dispatch(
        story, "", version=version, status="killed", signal="kill", **{"headline": "CORRECTED-Talks", **fields}
    )
