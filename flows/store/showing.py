"""Shows stories: makes `dispatches` and `quotes` what the revisions of a story say.

`order.py` tells which of them is current. Where the backend has transactions, reading the revisions and writing the
rest is one. Where it has none, the order of writes is such that no reader meets a quote of a replaced text beside the
new text, and the story's document comes last: if it is right, all the rest has been written.
"""

from collections.abc import Collection

from flows.store.documents import dispatch_document, is_visible, quote_documents
from flows.store.interface import Document, Store
from flows.store.order import ATTEMPTS, LIGHT, atomically, chunks, current_of, places_of, revisions_of

_SHOWN = ("dispatch_id", "revision", "revises", "signal", "provenance", "time")


def show(
    store: Store, stories: Collection[str], in_hand: dict[str, Document] | None = None, alone: Collection[str] = ()
) -> dict[str, Document]:
    """Makes `dispatches` and `quotes` of these stories what their revisions say; revision id -> its place (`order.py`).

    Args:
        store: Where.
        stories: Their ids.
        in_hand: Revisions as this process has just written them; the others are read.
        alone: Stories that were not there before: nothing is to be removed.
    """
    places: dict[str, Document] = {}
    for part in chunks(sorted(stories)):
        left, hand, new = part, in_hand or {}, set(alone)
        for _ in range(ATTEMPTS):
            seen = atomically(store, lambda left=left, hand=hand, new=new: _show(store, left, hand, new))  # type: ignore[misc]
            for revisions in seen.values():
                places |= places_of(revisions)
            # Another process may have added a revision, and shown the story without ours: who comes last sees all.
            now = revisions_of(store, left)
            left = [s for s in left if {r["_id"] for r in now.get(s, ())} != {r["_id"] for r in seen.get(s, ())}]
            hand, new = {}, set()
            if not left:
                break
    return places


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

    tops = {story: current_of(places_of(revisions)) for story, revisions in seen.items()}
    missing = [id for id in tops.values() if id not in in_hand]
    loaded = in_hand | (store.get("revisions", missing) if missing else {})
    tops = {story: id for story, id in tops.items() if id in loaded}
    full = [loaded[id] | places_of(seen[story])[id] | {"story_id": story} for story, id in tops.items()]
    quotes = {quote["_id"]: quote for revision in full for quote in quote_documents(revision)}
    old = [story for story in stories if story not in alone or len(seen.get(story, ())) > 1]
    former = sorted({name for story in seen for name in former_names(story, seen[story])} | (set(stories) - set(seen)))
    if old or former:
        present = store.find("quotes", {"story_id": {"$in": [*old, *former]}}, fields=["dispatch_id"])
        store.delete("quotes", [q["_id"] for q in present if q["_id"] not in quotes])
        hidden = [revision["story_id"] for revision in full if not is_visible(revision)]
        store.delete("dispatches", [*hidden, *former])
    store.put("quotes", list(quotes.values()))
    store.put("dispatches", [document for revision in full if (document := dispatch_document(revision))])
    return seen


def former_names(story: str, revisions: Collection[Document]) -> set[str]:
    """The ids under which a story may have been shown before it was found to be one story."""
    return {revision["seed"] for revision in revisions} - {story}


def half_written(store: Store, stories: Collection[str]) -> list[str]:
    """Of these stories, those that do not show their current revision: a process was killed while it wrote them."""
    found = []
    for part in chunks(stories):
        shown = store.get("dispatches", part, _SHOWN)
        all_revisions = revisions_of(store, part, (*LIGHT, "provenance"))
        former = {name for story, revisions in all_revisions.items() for name in former_names(story, revisions)}
        still_there = store.get("dispatches", former, ["time"])
        for story, revisions in all_revisions.items():
            places, document = places_of(revisions), shown.get(story)
            top = next(revision for revision in revisions if places[revision["_id"]]["current"])
            right = all(r[name] == value for r in revisions for name, value in places[r["_id"]].items())
            right = right and former_names(story, revisions).isdisjoint(still_there)
            if right and is_visible(top):
                wanted = top | {"dispatch_id": top["_id"], "time": top["version_key"]}
                right = document is not None and all(document[name] == wanted[name] for name in _SHOWN)
            elif right:
                right = document is None
            if not right:
                found.append(story)
    return found
