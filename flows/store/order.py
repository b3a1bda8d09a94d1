"""The order of a story's revisions, and what each one's place in it says. Also: transactions that are run again.

Revisions are ordered by (version created, received, id), never by a version number. The last is current, unless it
says nothing new (`duplicate`): then the one before it stays current. A kill holds against everything that the feed does
not date after it: a story without a date of its own that comes after its kill is killed.
"""

import random
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from flows.store.interface import Conflict, Document, Store

T = TypeVar("T")

CHUNK = 250
ATTEMPTS = 12
LIGHT = (
    "story_id", "seed", "version_key", "published_at", "received_at", "revision", "revises", "current", "settled",
    "status", "released", "signal", "announced", "gist",
)  # fmt: skip


def atomically(store: Store, work: Callable[[], T]) -> T:
    """Runs `work` in a transaction, again while other processes change the same documents."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with store.transaction():
                return work()
        except Conflict:
            if attempt == ATTEMPTS:
                raise
            # Two processes that started together must not meet again.
            time.sleep(random.uniform(0.5, 1.0) * min(0.05 * 2**attempt, 2.0))  # noqa: S311 - no secret
    raise AssertionError("unreachable")


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterable[list[T]]:
    """The items, so many at a time."""
    listed = list(items)
    return (listed[start : start + size] for start in range(0, len(listed), size))


def revisions_of(store: Store, stories: Collection[str], fields: Sequence[str] = LIGHT) -> dict[str, list[Document]]:
    """Story id -> its revisions, with these fields: without their texts."""
    found: dict[str, list[Document]] = {}
    for revision in store.find("revisions", {"story_id": {"$in": list(stories)}}, fields=fields) if stories else ():
        found.setdefault(revision["story_id"], []).append(revision)
    return found


def in_order(revisions: Iterable[Document]) -> list[Document]:
    """A story's revisions, the last one last."""
    listed = list(revisions)
    kills = [revision["version_key"] for revision in listed if revision["status"] == "killed"]

    def key(revision: Document) -> tuple[object, ...]:
        time, killed = revision["version_key"], revision["status"] == "killed"
        if kills and not killed and revision["published_at"] is None:
            time = min(time, *kills)
        return time, killed, revision["received_at"], revision["_id"]

    return sorted(listed, key=key)


def places_of(revisions: Iterable[Document]) -> dict[str, Document]:
    """Revision id -> what its place among the revisions of its story says."""
    places: dict[str, Document] = {}
    shown: Document | None = None
    before: str | None = None
    for number, revision in enumerate(in_order(revisions), 1):
        signal = _signal(revision, shown)
        if signal != "duplicate":
            shown = revision
        places[revision["_id"]] = {"revision": number, "revises": before, "current": False, "signal": signal}
        before = revision["_id"]
    if shown:
        places[shown["_id"]]["current"] = True
    return places


def _signal(revision: Document, shown: Document | None) -> str:
    """What a revision does to its story, given the one that is shown before it."""
    announced = str(revision["announced"])
    if shown is None:
        return "new" if announced == "duplicate" else announced
    if announced in ("new", "update", "duplicate"):
        return "duplicate" if revision["gist"] == shown["gist"] else "update"
    return announced


def current_of(places: Mapping[str, Document]) -> str:
    """The id of the revision that is current."""
    return next(id for id, place in places.items() if place["current"])
