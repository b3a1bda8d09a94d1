"""What can be asked of the store. Every function returns plain documents with `_id`, the newest first."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from flows.store.catalog import NEWEST
from flows.store.interface import Document, Filter, Sort, Store
from flows.store.words import fold

_PAGE = 1000


def _filter(
    since: dt.datetime | None = None, until: dt.datetime | None = None, **wanted: str | Collection[str] | None
) -> dict[str, Any]:
    """A filter of what is wanted: a value, or one of several; None is not asked. `a__b` stands for the path `a.b`."""
    found: dict[str, Any] = {}
    for name, value in wanted.items():
        if value is not None:
            found[name.replace("__", ".")] = value if isinstance(value, str) else {"$in": list(value)}
    period = {"$gte": since, "$lt": until}
    if since or until:
        found["time"] = {operator: moment for operator, moment in period.items() if moment is not None}
    return found


def find_quotes(
    store: Store,
    *,
    speaker_ids: Collection[str] | None = None,
    about_ids: Collection[str] | None = None,
    kind: str | None = None,
    source: str | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    words: str | None = None,
    limit: int = 0,
    skip: int = 0,
) -> list[Document]:
    """Quotes of current dispatches.

    Args:
        store: Where.
        speaker_ids: Said by one of these entities.
        about_ids: Mentioning one of these entities.
        kind: `direct`, `mixed` or `indirect`.
        source: From this feed.
        since: Of dispatches from this time on.
        until: Of dispatches before this time.
        words: Having these words; see `words.py`.
        limit: At most so many; 0 means all.
        skip: Leave out the first so many.
    """
    about = {"entity_ids": about_ids, "kind": kind, "source": source}
    wanted = _filter(since, until, speaker__entity_id=speaker_ids, **about)
    if words is not None:
        return store.search("quotes", words, wanted, limit=limit, skip=skip)
    return store.find("quotes", wanted, sort=NEWEST, limit=limit, skip=skip)


def search_dispatches(
    store: Store,
    words: str | None = None,
    *,
    source: str | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    place_ids: Collection[str] | None = None,
    entity_ids: Collection[str] | None = None,
    limit: int = 0,
    skip: int = 0,
) -> list[Document]:
    """Current dispatches, with all these words if any are given; the other arguments are as in `find_quotes`."""
    wanted = _filter(since, until, source=source, place_ids=place_ids, entity_ids=entity_ids)
    if words is not None:
        return store.search("dispatches", words, wanted, limit=limit, skip=skip)
    return store.find("dispatches", wanted, sort=NEWEST, limit=limit, skip=skip)


def find_entities(
    store: Store,
    *,
    ids: Collection[str] | None = None,
    name: str | None = None,
    type: str | None = None,
    country: str | None = None,
    limit: int = 0,
    skip: int = 0,
) -> list[Document]:
    """Entities, those last seen first.

    Args:
        store: Where.
        ids: Having one of these ids.
        name: Part of its name or of another name seen; case and diacritics do not count.
        type: `person`, `place`, ...
        country: Canonical name of its country.
        limit: At most so many; 0 means all.
        skip: Leave out the first so many.
    """
    wanted = _filter(_id=ids, type=type, country=country)
    newest = [("last_seen", -1)]
    if name is None:
        return store.find("entities", wanted, sort=newest, limit=limit, skip=skip)
    part, found = fold(name), []
    for entity in store.find("entities", wanted, sort=newest, fields=["name", "names"]):
        if any(part in fold(text) for text in (entity["name"], *entity["names"])):
            found.append(entity["_id"])
            if limit and len(found) == skip + limit:
                break
    documents = store.get("entities", found[skip:])
    return [documents[id] for id in found[skip:] if id in documents]


def get_dispatch(store: Store, id: str) -> Document | None:
    """The document of a story (`dispatches`) or of a revision (`revisions`), by its id; else None."""
    return store.get("dispatches", [id]).get(id) or store.get("revisions", [id]).get(id)


def history(store: Store, story_id: str) -> list[Document]:
    """All revisions of a story, the current one first."""
    return store.find("revisions", {"story_id": story_id}, sort=[("revision", -1)])


def find_rejections(
    store: Store,
    *,
    status: str | None = None,
    reason: str | None = None,
    source: str | None = None,
    limit: int = 0,
    skip: int = 0,
) -> list[Document]:
    """Rejections, those last seen first."""
    wanted = _filter(status=status, reason=reason, source=source)
    return store.find("rejections", wanted, sort=[("last_seen", -1)], limit=limit, skip=skip)


def find_runs(store: Store, limit: int = 0) -> list[Document]:
    """Runs, those last started first."""
    return store.find("runs", sort=[("started_at", -1)], limit=limit)


def iterate(store: Store, collection: str, filter: Filter | None = None) -> Iterator[Document]:
    """All documents that match, by `_id`, without holding them all at once: for exports."""
    by_id: Sort = [("_id", 1)]
    after = ""
    while page := store.find(collection, {**(filter or {}), "_id": {"$gt": after}}, sort=by_id, limit=_PAGE):
        yield from page
        after = page[-1]["_id"]
