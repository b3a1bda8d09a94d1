"""Finds the story of revisions that have no id of the feed's, or that withdraw a story in words.

A revision is first stored as a story of its own (`seed`). Then those that may belong to it are looked up by its keys
and compared (`flows.stories.links`), and all that hang together become one story, under the id of the first of them.
Links are made after the revision has been inserted: of two processes that store two sends of a story at once, the later
one sees both. What hangs together does not depend on the order of arrival, and nothing is ever taken apart.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from flows.store.interface import Document, Store
from flows.store.order import atomically, chunks
from flows.stories.links import Traits, asked_keys, linked, union

# Keys that are looked up at once, and revisions that are looked at then: forms that all share their words (weather,
# prices) must not make a run compare each of them with all the others.
_AT_ONCE = 4000
_MOST = 2000
_MOST_FOR_ONE = 100
_FIELDS = ("story_id", "seed", "keys", "traits")
_ORDER = ("story_id", "seed", "version_key", "received_at", "traits")


def homes(store: Store, seeds: Collection[str]) -> dict[str, str]:
    """Seed -> the story to which its revisions belong; those without a revision are left out."""
    found: dict[str, str] = {}
    for part in chunks(sorted(seeds), 1000):
        for revision in store.find("revisions", {"seed": {"$in": part}}, fields=["seed", "story_id"]):
            found[revision["seed"]] = revision["story_id"]
    return found


def join(store: Store, revisions: Sequence[Document]) -> dict[str, str]:
    """Brings stored revisions together with those of their stories; story id -> the one that it has become part of.

    Args:
        store: Where.
        revisions: Documents, with `keys` and `traits`; their `story_id` may be an earlier one.
    """
    pairs: list[tuple[str, str]] = []
    part: dict[str, tuple[Document, list[str]]] = {}
    for revision in revisions:
        keys = asked_keys(Traits.model_validate(revision["traits"]))
        if part and sum(len(others) for _, others in part.values()) + len(keys) > _AT_ONCE:
            pairs += _links(store, part)
            part = {}
        if keys:
            part[revision["_id"]] = revision, keys
    pairs += _links(store, part)
    moved: dict[str, str] = {}
    for group in union((one, other) for one, other in pairs if one != other):
        moved |= atomically(store, lambda group=group: _merge(store, group))  # type: ignore[misc]
    return {story: _last(moved, story) for story in moved}


def _last(moved: Mapping[str, str], story: str) -> str:
    """Where a story has come to: one group may have been brought into another one after it."""
    while story in moved:
        story = moved[story]
    return story


def _links(store: Store, revisions: Mapping[str, tuple[Document, list[str]]]) -> Iterator[tuple[str, str]]:
    """Pairs of seeds whose revisions are linked.

    Args:
        store: Where.
        revisions: Id -> the revision, and the keys to ask for.
    """
    wanted = sorted({key for _, keys in revisions.values() for key in keys})
    found = store.find("revisions", {"keys": {"$in": wanted}}, limit=_MOST, fields=_FIELDS) if wanted else []
    by_key: dict[str, list[Document]] = {}
    for document in found:
        for key in document["keys"]:
            by_key.setdefault(key, []).append(document)
    compared: dict[str, Traits] = {}
    for revision, keys in revisions.values():
        near = {other["_id"]: other for key in keys for other in by_key.get(key, ())}
        traits = Traits.model_validate(revision["traits"])
        for id, other in sorted(near.items())[:_MOST_FOR_ONE]:
            if other["seed"] != revision["seed"]:
                if id not in compared:
                    compared[id] = Traits.model_validate(other["traits"])
                if linked(traits, compared[id]):
                    yield revision["seed"], other["seed"]


def _merge(store: Store, seeds: Collection[str]) -> dict[str, str]:
    """Puts all revisions of these seeds, and of the stories that they are part of, into one story."""
    stories = set(homes(store, seeds).values())
    revisions = store.find("revisions", {"story_id": {"$in": sorted(stories)}}, fields=_ORDER)
    first = min(revisions, key=_rank)["seed"]
    astray = [revision["_id"] for revision in revisions if revision["story_id"] != first]
    store.patch("revisions", astray, {"story_id": first, "settled": False})
    return {story: first for story in stories if story != first}


def _rank(revision: Document) -> tuple[object, ...]:
    """A story goes by the feed's own id if one of its revisions has one, else by its first revision."""
    traits: Mapping[str, object] = revision["traits"]
    return (
        not traits["has_own_id"],
        traits["is_notice"],
        revision["version_key"],
        revision["received_at"],
        revision["_id"],
    )
