"""How dispatches are saved: the same for every backend, and the same result in every order and after every crash.

`save_many` inserts the revisions first (`settled: false`), then finds the stories to which they belong (`joining.py`)
and shows these (`showing.py`). `settle`
(`entities.py`) later counts entities. Until then a revision is not `known`: a run that was killed does its last
dispatches again, and `settle` at the start of the next run shows the stories that it left half-written.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from flows.errors import ConfigError
from flows.store.contributions import statements
from flows.store.documents import revision_document
from flows.store.entities import settle
from flows.store.interface import Document, Store
from flows.store.joining import homes, join
from flows.store.order import LIGHT, atomically, chunks, places_of, revisions_of
from flows.store.records import load_original, save_originals, save_rejections, save_run
from flows.store.showing import show
from flows.stories.links import DAYS
from schemas.dispatch import Dispatch

__all__ = [
    "Outcome",
    "due",
    "known",
    "load_original",
    "require_current",
    "save",
    "save_many",
    "save_originals",
    "save_rejections",
    "save_run",
    "settle",
]

Outcome = Literal["stored", "superseded", "unchanged"]


def known(store: Store, ids: Sequence[str]) -> set[str]:
    """Of these revision ids, those stored and settled: nothing is left to do for them."""
    found: set[str] = set()
    for part in chunks(dict.fromkeys(ids), 1000):
        documents = store.get("revisions", part, ["settled"]).values()
        found.update(document["_id"] for document in documents if document["settled"])
    return found


def save(store: Store, dispatch: Dispatch, *, replace: bool = False) -> Outcome:
    """Saves one dispatch: `save_many` of one."""
    return save_many(store, [dispatch], replace=replace)[0]


def save_many(
    store: Store, dispatches: Sequence[Dispatch], *, replace: bool = False, days: int = DAYS
) -> list[Outcome]:
    """Stores revisions, finds the stories they belong to, and shows these.

    Args:
        store: Where.
        dispatches: In any order; of one story several, if need be.
        replace: Overwrite a stored revision of the same id. It keeps the time at which it was first received, and with
            it its place among the revisions.
        days: Within which texts without an id of the feed's may be of one story.

    Returns: per dispatch: `stored` if it is its story's current revision now, `superseded` if a later one was there,
    `unchanged` if it is settled already, says what its story says (it is kept as a `duplicate`), or is the same as an
    earlier one in the list.
    """
    outcomes: dict[str, Outcome] = {}
    first: dict[str, Dispatch] = {}
    for dispatch in dispatches:
        first.setdefault(dispatch.id, dispatch)
    for part in chunks(first.values()):
        outcomes |= _save_chunk(store, part, replace, days)
    result: list[Outcome] = []
    for dispatch in dispatches:
        result.append(outcomes[dispatch.id])
        outcomes[dispatch.id] = "unchanged"
    return result


def _save_chunk(store: Store, dispatches: list[Dispatch], replace: bool, days: int) -> dict[str, Outcome]:
    """Saves revisions, all different; the outcome of each."""
    documents = {dispatch.id: revision_document(dispatch, days) for dispatch in dispatches}
    known_homes = homes(store, {document["seed"] for document in documents.values()})
    for document in documents.values():
        document["story_id"] = known_homes.get(document["seed"], document["seed"])
    stories = {document["story_id"] for document in documents.values()}
    siblings = revisions_of(store, stories)
    stored = {revision["_id"]: revision for story in siblings.values() for revision in story}
    fresh = [document for id, document in documents.items() if id not in stored]
    for document in fresh:
        siblings.setdefault(document["story_id"], []).append(document)
    # A guess that is nearly always right, and saves a patch: no other process writes to these stories.
    for document in fresh:
        document.update(places_of(siblings[document["story_id"]])[document["_id"]])
    inserted = store.insert_new("revisions", fresh)
    in_hand = {id: documents[id] for id in inserted}
    if replace:
        again = [dispatch for dispatch in dispatches if dispatch.id in stored]
        in_hand |= atomically(store, lambda: _overwrite(store, again, days))
    done = set() if replace else {id for id in documents if id in stored and stored[id]["settled"]}
    alone = {story for story in stories if len(siblings[story]) == 1 and siblings[story][0]["_id"] in inserted}
    moved = join(store, [documents[id] for id in documents if id not in done])
    for document in documents.values():
        document["story_id"] = moved.get(document["story_id"], document["story_id"])
    places = show(store, {documents[id]["story_id"] for id in documents if id not in done}, in_hand, alone - set(moved))
    return {id: "unchanged" if id in done else _outcome(places.get(id)) for id in documents}


def _outcome(place: Document | None) -> Outcome:
    """What a place among the revisions is called; None: another process has brought it to another story since."""
    if place and place["signal"] == "duplicate":
        return "unchanged"
    return "stored" if place and place["current"] else "superseded"


def _overwrite(store: Store, dispatches: list[Dispatch], days: int) -> dict[str, Document]:
    """Replaces stored revisions; what they said about entities and say no more goes to `touched`."""
    old = store.get("revisions", [dispatch.id for dispatch in dispatches])
    new = {}
    for dispatch in dispatches:
        was = old[dispatch.id]
        merged = revision_document(dispatch.model_copy(update={"received_at": was["received_at"]}), days)
        merged |= {name: was[name] for name in ("story_id", "revision", "revises", "current", "signal")}
        merged["released"] = was["released"] or merged["released"]
        merged["touched"] = sorted((set(was["touched"]) | statements(was)) - statements(merged))
        new[merged["_id"]] = merged
    store.put("revisions", list(new.values()))
    return new


def require_current(store: Store) -> None:
    """Refuses a store whose revisions an earlier version has left without what finds their story.

    Args:
        store: Where; its first and its last revision are looked at.

    Raises:
        ConfigError: It has to be made again first.
    """
    for order in (1, -1):
        for revision in store.find("revisions", sort=[("_id", order)], limit=1, fields=["gist", "traits"]):
            if revision.get("gist") is None or revision.get("traits") is None:
                raise ConfigError(
                    f"the store was filled by an earlier version (revision {revision['_id']} has no traits):"
                    " run 'dispatches reprocess' once, then this again"
                )


def due(store: Store, now: dt.datetime) -> int:
    """Releases the embargoed revisions whose time has come; how many stories can be seen since.

    Args:
        store: Where.
        now: The time; aware.
    """
    waiting = store.find(
        "revisions", {"status": "embargoed", "released": False, "embargoed_until": {"$lte": now}}, fields=LIGHT
    )
    for part in chunks(waiting):
        store.patch("revisions", [revision["_id"] for revision in part], {"released": True, "settled": False})
    places = show(store, {revision["story_id"] for revision in waiting})
    return sum(revision["_id"] in places and places[revision["_id"]]["current"] for revision in waiting)
