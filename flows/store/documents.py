"""What is stored: models as documents, and back. Pure functions.

* `revisions`, one per revision: the whole dispatch, `_id` its id, and the store's own fields: `version_key` (the time
  by which revisions are ordered), `current`, `settled` (entities have been counted with it), `released` (its embargo is
  over), `touched` (what an overwritten version of it said about entities); and what finds its story: `seed` (the story
  it would make alone), `announced` (the signal that it gives itself), `gist`, `keys` and `traits`.
* `dispatches`, one per story: the current revision with `dispatch_id`, `time`, and flat arrays for queries. A killed
  story is a tombstone; an embargoed or withheld one is absent.
* `quotes`, one per quote of a usable current revision; with what is needed to read it alone, and `quote_bands`, by
  which quotes of nearly the same words are found.

Datetimes lose what is below a millisecond, as BSON has no place for it; a date is a datetime at midnight UTC.
"""

import bisect
import datetime as dt
from typing import Any

from flows.quote_key import quote_bands, split, words_said
from flows.store.interface import Document
from flows.store.words import name_tokens, unaccented
from flows.stories.links import DAYS, gist_of, kept_keys, traits_of
from schemas.dispatch import Dispatch
from schemas.rejection import Rejection
from schemas.run import RunReport

OWN_FIELDS = (
    "version_key", "current", "settled", "released", "touched", "seed", "announced", "gist", "keys", "traits",
)  # fmt: skip
STORE_FIELDS = ("story_id", "revision", "revises", "signal", *(name for name in OWN_FIELDS if name != "announced"))
"""What depends on the other revisions, or is derived."""
_TIMES = ("published_at", "first_created_at", "received_at", "embargoed_until")
_KILLED: Document = {
    "byline": None,
    "dateline": None,
    "text_raw": "",
    "text": "",
    "repairs": [],
    "names": [],
    "when": [],
    "entities": [],
    "quotes": [],
}


def _moment(value: dt.datetime | None) -> dt.datetime | None:
    """UTC, to the millisecond."""
    if value is None:
        return None
    utc = value.astimezone(dt.UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def seed_of(dispatch_id: str) -> str:
    """The id of the story that a revision makes alone."""
    return dispatch_id.rpartition("@")[0]


def revision_document(dispatch: Dispatch, days: int = DAYS) -> Document:
    """The document of a revision, not yet settled, as if it were the only one of its story.

    Args:
        dispatch: Complete.
        days: Within which the other revisions of its story come, if it has no id of the feed's.
    """
    document = dispatch.model_dump(mode="json", exclude={"id"})
    for field in _TIMES:
        document[field] = _moment(getattr(dispatch, field))
    if dispatch.dateline and dispatch.dateline.date:
        document["dateline"]["date"] = _midnight(dispatch.dateline.date)
    # Over before it came: decided by the dispatch's own times, so that every repetition decides the same.
    over = dispatch.embargoed_until is not None and dispatch.embargoed_until <= dispatch.received_at
    for when, day in zip(document["when"], dispatch.when, strict=True):
        when["date"] = _midnight(day.date)
    time = document["published_at"] or document["received_at"]
    traits = traits_of(dispatch, time, days)
    return {
        "_id": dispatch.id,
        **document,
        "version_key": time,
        "seed": seed_of(dispatch.id),
        "announced": dispatch.signal,
        "gist": gist_of(dispatch),
        "keys": kept_keys(traits),
        "traits": traits.model_dump(mode="json") | {"time": time},
        "current": True,
        "settled": False,
        "released": over,
        "touched": [],
        "revision": 1,
        "revises": None,
    }


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def to_dispatch(document: Document) -> Dispatch:
    """The dispatch of a document of `revisions`."""
    fields = {name: value for name, value in document.items() if name not in OWN_FIELDS and name != "_id"}
    dateline = fields["dateline"]
    if dateline and dateline["date"]:
        fields["dateline"] = dateline | {"date": dateline["date"].date()}
    days = fields.get("when") or ()  # an older version stored none
    fields["when"] = [when | {"date": when["date"].date()} for when in days]
    return Dispatch.model_validate({"id": document["_id"], **fields})


def is_visible(revision: Document) -> bool:
    """May its story be seen, if it is the current revision? A killed one is seen as a tombstone."""
    return revision["status"] in ("usable", "killed") or (revision["status"] == "embargoed" and revision["released"])


def dispatch_document(revision: Document) -> Document | None:
    """The document of `dispatches` for a story's current revision; None if it may not be seen."""
    if not is_visible(revision):
        return None
    document = {name: value for name, value in revision.items() if name not in OWN_FIELDS and name != "_id"}
    if document["status"] == "killed":
        document |= _KILLED
    else:
        document["status"] = "usable"
        document["quotes"] = _quotes(revision)
    entities = document["entities"]
    dateline = _dateline_places(document)
    places = {entity["id"] for entity in entities if entity["type"] == "place"}
    speakers = {quote["speaker"]["entity_id"] for quote in document["quotes"] if quote["speaker"]}
    return {
        "_id": revision["story_id"],
        "dispatch_id": revision["_id"],
        "time": revision["version_key"],
        **document,
        "entity_ids": sorted({entity["id"] for entity in entities}),
        "place_ids": sorted(places | set(dateline)),
        "speaker_ids": sorted(speakers - {None}),
        "name_tokens": name_tokens(document["text_raw"]),
        "unaccented": unaccented(document["headline"], document["text"]),
    }


def quote_documents(revision: Document) -> list[Document]:
    """The documents of `quotes` for a story's current revision; none unless it is to be read."""
    if not is_visible(revision) or revision["status"] == "killed":
        return []
    mentions = sorted(
        (*mention["span"], entity["id"]) for entity in revision["entities"] for mention in entity["mentions"]
    )
    shared = {
        "source": revision["source"],
        "story_id": revision["story_id"],
        "dispatch_id": revision["_id"],
        "headline": revision["headline"],
        "time": revision["version_key"],
        "dateline": _dateline_places(revision),
    }
    return [
        {
            "_id": quote["id"],
            **{name: value for name, value in quote.items() if name != "id"},
            **shared,
            "entity_ids": _inside(quote["spans"], mentions),
            "unaccented": unaccented(quote["text"]),
            "quote_bands": quote_bands(split(words_said(quote["kind"], quote["text"], quote["verbatim"]))),
        }
        for quote in _quotes(revision)
    ]


def _quotes(revision: Document) -> list[Document]:
    """The quotes under the id of the story to which the revision was found to belong."""
    seed, story = revision["seed"] + "#", revision["story_id"] + "#"
    if seed == story:
        return list(revision["quotes"])
    return [quote | {"id": story + quote["id"].removeprefix(seed)} for quote in revision["quotes"]]


def _dateline_places(document: Document) -> list[str]:
    """Ids of the dateline's places, in order."""
    places = document["dateline"]["places"] if document["dateline"] else []
    return list(dict.fromkeys(place["entity_id"] for place in places if place["entity_id"]))


def _inside(spans: list[list[int]], mentions: list[tuple[int, int, str]]) -> list[str]:
    """Ids of the entities mentioned within the spans: about whom a quote is."""
    found = set()
    for start, end in spans:
        for index in range(bisect.bisect_left(mentions, (start,)), len(mentions)):
            first, last, entity = mentions[index]
            if first >= end:
                break
            if last <= end:
                found.add(entity)
    return sorted(found)


def rejection_document(rejection: Rejection) -> Document:
    """The document of a rejection."""
    document = rejection.model_dump(mode="json", exclude={"id"})
    times = {"first_seen": _moment(rejection.first_seen), "last_seen": _moment(rejection.last_seen)}
    return {"_id": rejection.id, **document, **times}


def to_rejection(document: Document) -> Rejection:
    """The inverse of `rejection_document`."""
    return Rejection.model_validate({"id": document["_id"], **{k: v for k, v in document.items() if k != "_id"}})


def run_document(report: RunReport) -> Document:
    """The document of a run."""
    document: dict[str, Any] = report.model_dump(mode="json", exclude={"run_id"})
    times = {"started_at": _moment(report.started_at), "finished_at": _moment(report.finished_at)}
    return {"_id": report.run_id, **document, **times}


def to_run(document: Document) -> RunReport:
    """The inverse of `run_document`."""
    fields = {name: value for name, value in document.items() if name not in ("_id", "totals")}
    return RunReport.model_validate({"run_id": document["_id"], **fields})
