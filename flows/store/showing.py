"""Shows stories: makes `dispatches` and `quotes` what the revisions of a story say.

All revisions of a story are ordered by (version created, received, id); the last is current. Where the backend has
transactions, reading the revisions and writing the rest is one. Where it has none, the order of writes is such that no
reader meets a quote of a replaced text beside the new text, and the story's document comes last: if it is right, all
the rest has been written.
"""

import random
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from flows.store.documents import dispatch_document, is_visible, quote_documents
from flows.store.interface import Conflict, Document, Store

T = TypeVar("T")

CHUNK = 250
_ATTEMPTS = 12
LIGHT = ("story_id", "version_key", "received_at", "revision", "revises", "current", "settled", "status", "released")
_SHOWN = ("dispatch_id", "revision", "revises", "provenance", "time")


def atomically(store: Store, work: Callable[[], T]) -> T:
    """Runs `work` in a transaction, again while other processes change the same documents."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with store.transaction():
                return work()
        except Conflict:
            if attempt == _ATTEMPTS:
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
    """A story's revisions, the current one last."""
    return sorted(revisions, key=lambda revision: (revision["version_key"], revision["received_at"], revision["_id"]))


def places_of(revisions: Iterable[Document]) -> dict[str, Document]:
    """Revision id -> what its place among the revisions of its story says."""
    ordered = in_order(revisions)
    ids = [None, *(revision["_id"] for revision in ordered)]
    last = ids[-1]
    return {
        id: {"revision": number, "revises": ids[number - 1], "current": id == last}
        for number, id in enumerate(ids[1:], 1)
        if id
    }


def show(
    store: Store, stories: Collection[str], in_hand: dict[str, Document] | None = None, alone: Collection[str] = ()
) -> dict[str, str]:
    """Makes `dispatches` and `quotes` of these stories what their revisions say; story id -> its current revision's id.

    Args:
        store: Where.
        stories: Their ids.
        in_hand: Revisions as this process has just written them; the others are read.
        alone: Stories that were not there before: nothing is to be removed.
    """
    current: dict[str, str] = {}
    for part in chunks(sorted(stories)):
        left, hand, new = part, in_hand or {}, set(alone)
        for _ in range(_ATTEMPTS):
            seen = atomically(store, lambda left=left, hand=hand, new=new: _show(store, left, hand, new))  # type: ignore[misc]
            current |= {story: in_order(revisions)[-1]["_id"] for story, revisions in seen.items()}
            # Another process may have added a revision, and shown the story without ours: who comes last sees all.
            now = revisions_of(store, left)
            left = [s for s in left if {r["_id"] for r in now.get(s, ())} != {r["_id"] for r in seen.get(s, ())}]
            hand, new = {}, set()
            if not left:
                break
    return current


def _show(store: Store, stories: list[str], in_hand: dict[str, Document], alone: set[str]) -> dict[str, list[Document]]:
    """One attempt of `show`, in a transaction where there is one; the revisions it went by."""
    seen = revisions_of(store, stories)
    patches: dict[tuple[tuple[str, object], ...], list[str]] = {}
    for revisions in seen.values():
        places = places_of(revisions)
        changed = {r["_id"]: {k: v for k, v in places[r["_id"]].items() if r[k] != v} for r in revisions}
        if any("current" in fields for fields in changed.values()):
            # The entities of the one that was current are to be counted without it.
            changed = {r["_id"]: changed[r["_id"]] | ({"settled": False} if r["settled"] else {}) for r in revisions}
        for id, fields in changed.items():
            if fields:
                patches.setdefault(tuple(sorted(fields.items())), []).append(id)
    for items, ids in patches.items():
        store.patch("revisions", ids, dict(items))

    tops = {story: in_order(revisions)[-1]["_id"] for story, revisions in seen.items()}
    missing = [id for id in tops.values() if id not in in_hand]
    loaded = in_hand | (store.get("revisions", missing) if missing else {})
    tops = {story: id for story, id in tops.items() if id in loaded}
    full = [loaded[id] | places_of(seen[story])[id] for story, id in tops.items()]
    quotes = {quote["_id"]: quote for revision in full for quote in quote_documents(revision)}
    old = [story for story in stories if story not in alone or len(seen.get(story, ())) > 1]
    if old:
        present = store.find("quotes", {"story_id": {"$in": old}}, fields=["dispatch_id"])
        store.delete("quotes", [q["_id"] for q in present if q["_id"] not in quotes])
        store.delete("dispatches", [revision["story_id"] for revision in full if not is_visible(revision)])
    store.put("quotes", list(quotes.values()))
    store.put("dispatches", [document for revision in full if (document := dispatch_document(revision))])
    return seen


def half_written(store: Store, stories: Collection[str]) -> list[str]:
    """Of these stories, those that do not show their current revision: a process was killed while it wrote them."""
    found = []
    for part in chunks(stories):
        shown = store.get("dispatches", part, _SHOWN)
        for story, revisions in revisions_of(store, part, (*LIGHT, "provenance")).items():
            top, places, document = in_order(revisions)[-1], places_of(revisions), shown.get(story)
            right = all(r[name] == value for r in revisions for name, value in places[r["_id"]].items())
            if right and is_visible(top):
                wanted = (
                    top["_id"],
                    top["revision"],
                    top["revises"],
                    top["provenance"],
                    top["version_key"],
                )
                right = document is not None and tuple(document[name] for name in _SHOWN) == wanted
            elif right:
                right = document is None
            if not right:
                found.append(story)
    return found
