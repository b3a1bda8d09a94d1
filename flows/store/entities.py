"""Counts entities: brings the documents of `entities` to what the current dispatches say.

Counts, first and last time are counted anew by the store's indexes. The rest is merged: an entity keeps what it has,
gains what the touched stories say now, and loses what they have ceased to say, unless another current dispatch says it
too. `as_of` remembers which dispatch a name, role or country was taken from: the most recent by (time, story id) that
has one. So the cost follows the touched stories, not the dispatches that ever mentioned the United States.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from flows.store.catalog import NEWEST
from flows.store.contributions import Contribution, contributions, split_statement, statements
from flows.store.interface import Document, Store, Tally
from flows.store.joining import join
from flows.store.order import atomically, chunks
from flows.store.showing import half_written, show

PENDING = 500
_FACTS = ("name", "role", "country")

Key = tuple[dt.datetime, str]
Saying = tuple[Key, Contribution]


def settle(store: Store) -> int:
    """Counts the entities of all unsettled revisions; how many revisions were settled.

    To be called at the end of a run, and at its start: it also shows stories that a killed run left half-written.
    """
    settled = 0
    fields = ["story_id", "seed", "keys", "traits"]
    while pending := store.find("revisions", {"settled": False}, limit=PENDING, fields=fields):
        moved = join(store, pending)  # a run that was killed may not have come so far
        named: list[str] = [revision["story_id"] for revision in pending]
        stories = {moved.get(story, story) for story in named}
        if broken := half_written(store, stories):
            show(store, broken)
        ids = [revision["_id"] for revision in pending]
        atomically(store, lambda stories=stories, ids=ids: _settle(store, stories, ids))  # type: ignore[misc]
        settled += len(ids)
    return settled


def _settle(store: Store, stories: set[str], revision_ids: list[str]) -> None:
    """Counts the entities that these stories mention or have mentioned, and marks the revisions."""
    # What they were called before they were found to be one story: an entity may have a name from there.
    revisions = store.find("revisions", {"story_id": {"$in": sorted(stories)}}, fields=["seed"])
    stories = stories | {revision["seed"] for revision in revisions}
    shown = store.get("dispatches", stories, ["time", "dispatch_id", "entities", "names"])
    said: dict[str, list[Saying]] = {}
    for story, document in shown.items():
        for id, contribution in contributions(document).items():
            said.setdefault(id, []).append(((document["time"], story), contribution))

    dropped: dict[str, set[str]] = {}
    for story, former in _formerly(store, stories, shown).items():
        for statement in former - (statements(shown[story]) if story in shown else set()):
            id, name = split_statement(statement)
            dropped.setdefault(id, set()).update({name} if name else ())

    # Sorted, so that two processes meet at the first entity they share, not at the last.
    for part in chunks(sorted(said.keys() | dropped.keys()), 1000):
        _recount(store, part, said, dropped, stories)
    store.patch("revisions", revision_ids, {"settled": True, "touched": []})


def _formerly(store: Store, stories: Collection[str], shown: dict[str, Document]) -> dict[str, set[str]]:
    """Story id -> what its revisions say, or have said, that is not shown."""
    found: dict[str, set[str]] = {}
    hidden = []
    for revision in store.find("revisions", {"story_id": {"$in": list(stories)}}, fields=["story_id", "touched"]):
        story = revision["story_id"]
        found.setdefault(story, set()).update(revision["touched"])
        if story not in shown or shown[story]["dispatch_id"] != revision["_id"] or not shown[story]["entities"]:
            hidden.append(revision["_id"])
    for part in chunks(hidden):
        for revision in store.get("revisions", part, ["story_id", "entities", "names"]).values():
            found[revision["story_id"]].update(statements(revision))
    return found


def _recount(
    store: Store, ids: list[str], said: dict[str, list[Saying]], dropped: dict[str, set[str]], stories: set[str]
) -> None:
    """Writes the documents of these entities."""
    old = store.get("entities", ids)
    seen = store.tally("dispatches", "entity_ids", ids)
    spoken = store.tally("quotes", "speaker.entity_id", ids)
    store.put(
        "entities",
        [
            _merge(store, id, old.get(id), said.get(id, []), dropped.get(id, set()), stories)
            | _counts(seen[id], spoken.get(id))
            for id in ids
            # Seen, yet neither known nor said here: by unsettled dispatches only, which will tell.
            if id in seen and (id in old or id in said)
        ],
    )
    store.delete("entities", [id for id in ids if id not in seen and id in old])


def _counts(seen: Tally, spoken: Tally | None) -> Document:
    counts = {"dispatch_count": seen.number, "quote_count": spoken.number if spoken else 0}
    return {"first_seen": seen.first, "last_seen": seen.last, **counts}


def _merge(
    store: Store, id: str, old: Document | None, said: list[Saying], dropped: set[str], stories: set[str]
) -> Document:
    """What an entity is called, and what is said of it, without the counts."""
    # (value, type, key) per fact: what it was taken from, if that still stands.
    best: dict[str, tuple[str, str, Key]] = {}
    lost: set[str] = set()
    for fact in _FACTS:
        newest = _newest(fact, said)
        origin = old["as_of"][fact] if old else None
        key = (origin["time"], origin["story_id"]) if origin else None
        if old and key and key[1] not in stories and (newest is None or key > newest[2]):
            newest = (old[fact], old["type"], key)
        elif key and key[1] in stories and (newest is None or newest[2] < key):
            lost.add(fact)  # the story that said it has changed: another may be next
        if newest:
            best[fact] = newest
    supported = frozenset().union(*(contribution.names for _, contribution in said))
    names = supported | set(old["names"] if old else ())
    doubtful = (names & dropped) - supported
    if lost or doubtful:
        found, kept = _search(store, id, lost, doubtful)
        best = {fact: best[fact] for fact in best if fact not in lost} | found
        names = (names - doubtful) | kept
    return {
        "_id": id,
        "type": best["name"][1],
        **{fact: best[fact][0] if fact in best else None for fact in _FACTS},
        "names": sorted(names),
        "as_of": {fact: _origin(best[fact][2]) if fact in best else None for fact in _FACTS},
    }


def _origin(key: Key) -> Document:
    return {"time": key[0], "story_id": key[1]}


def _newest(fact: str, sayings: Iterable[Saying]) -> tuple[str, str, Key] | None:
    """The most recent value of a fact, with the type it came with."""
    having = [(key, contribution) for key, contribution in sayings if getattr(contribution, fact) is not None]
    if not having:
        return None
    key, contribution = max(having, key=lambda saying: saying[0])
    return getattr(contribution, fact), contribution.type, key


def _search(
    store: Store, id: str, facts: Collection[str], names: Collection[str]
) -> tuple[dict[str, tuple[str, str, Key]], set[str]]:
    """Looks through the dispatches that mention an entity, the newest first, until all is found.

    Returns: the facts found, and those of the names that still occur.
    """
    found: dict[str, tuple[str, str, Key]] = {}
    kept: set[str] = set()
    skip, page = 0, 50
    fields = ["time", "entities", "names"]
    while documents := store.find("dispatches", {"entity_ids": id}, sort=NEWEST, limit=page, skip=skip, fields=fields):
        for document in documents:
            contribution = contributions(document)[id]
            for fact in facts:
                newest = _newest(fact, [((document["time"], document["_id"]), contribution)])
                if fact not in found and newest:
                    found[fact] = newest
            kept |= contribution.names & set(names)
        if len(found) == len(facts) and len(kept) == len(names):
            break
        skip, page = skip + page, min(page * 4, 2000)
    return found, kept
