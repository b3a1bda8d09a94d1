"""Which stored dispatches were made with other versions, and which of them have certain names: told by the indexes.

No document is read but for its id, and of those that the index gives for a word, the other words. Ids are those of
current revisions; what was superseded stays as it was made.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flows.store.interface import Document, Filter, Store
from flows.store.order import chunks

GAZETTEER = "provenance.gazetteer_version"
MODEL = "provenance.model_version"
_LAST = "\U0010ffff"
_WORDS = 200
_PAGE = 5000

Condition = frozenset[frozenset[str]]
"""Of each inner set, one word must be among the `name_tokens`."""


@dataclass(frozen=True)
class Scope:
    """Which dispatches are looked at."""

    source: str | None = None
    since: dt.datetime | None = None
    where: tuple[tuple[str, str | int], ...] = ()  # fields that dispatches and revisions have, and their values

    def filter(self, time: str = "time") -> dict[str, object]:
        """The filter for a collection that has its time in this field."""
        found: dict[str, object] = {"source": self.source} if self.source else {}
        return found | dict(self.where) | ({time: {"$gte": self.since}} if self.since else {})


@dataclass
class Named:
    """Dispatches that have certain names."""

    by_key: dict[str, set[str]] = field(default_factory=dict)  # key -> ids
    looked_up: set[str] = field(default_factory=set)  # ids that the index gave for a word


def other_versions(store: Store, path: str, current: str) -> list[str]:
    """The versions in an indexed field of `dispatches` beside the current one: two look-ups for each, none for more."""
    found: list[str] = []
    gaps = [("", current), (current, _LAST)]
    while gaps:
        low, high = gaps.pop()
        for document in store.find("dispatches", {path: {"$gt": low, "$lt": high}}, limit=1, fields=["provenance"]):
            version = document["provenance"][path.partition(".")[2]]
            found.append(version)
            gaps += [(low, version), (version, high)]
    return sorted(found)


def all_ids(store: Store, filter: Filter) -> Iterator[str]:
    """The ids of the current revisions in `dispatches` that match."""
    after = ""
    by_id = [("_id", 1)]
    while page := store.find(
        "dispatches", {**filter, "_id": {"$gt": after}}, sort=by_id, limit=_PAGE, fields=["dispatch_id"]
    ):
        yield from (document["dispatch_id"] for document in page)
        after = page[-1]["_id"]


def hidden(store: Store, scope: Scope) -> list[Document]:
    """The current revisions that are not in `dispatches`: embargoed and withheld ones, with their provenance."""
    waiting = {"status": {"$in": ["embargoed", "withheld"]}, "released": False, "current": True}
    return store.find("revisions", waiting | scope.filter("version_key"), fields=["provenance"])


def named(store: Store, conditions: Mapping[str, Sequence[Condition]], filter: Filter) -> Named:
    """The dispatches that meet a condition of a key.

    Args:
        store: Where.
        conditions: Key -> conditions, none of them empty, of which one must be met.
        filter: What else must hold.
    """
    by_word: dict[str, list[tuple[str, Condition]]] = {}
    for key, alternatives in conditions.items():
        for condition in alternatives:
            for word in _rarest(condition):
                by_word.setdefault(word, []).append((key, condition))
    result = Named()
    for words in chunks(sorted(by_word), _WORDS):
        ids = {
            document["_id"]: document["dispatch_id"]
            for document in store.find("dispatches", {**filter, "name_tokens": {"$in": words}}, fields=["dispatch_id"])
        }
        result.looked_up.update(ids.values())
        asked = {word: by_word[word] for word in words}
        for part in chunks(ids, 1000):
            for document in store.get("dispatches", part, ["name_tokens"]).values():
                for key in _met(asked, set(document["name_tokens"])):
                    result.by_key.setdefault(key, set()).add(ids[document["_id"]])
    return result


def _met(asked: Mapping[str, Iterable[tuple[str, Condition]]], tokens: set[str]) -> set[str]:
    """The keys of which these tokens meet a condition."""
    return {
        key
        for word in tokens & asked.keys()
        for key, condition in asked[word]
        if all(not tokens.isdisjoint(clause) for clause in condition)
    }


def _rarest(condition: Condition) -> frozenset[str]:
    """The clause to ask the index for: of few words, and of long ones, which are rarer."""
    return min(condition, key=lambda clause: (sum(0.1 ** len(word) for word in clause), sorted(clause)))
