"""The collections, and the indexes that the queries need: one list, from which each backend makes its own."""

from collections.abc import Mapping
from typing import NamedTuple

from flows.store.interface import Document


class Index(NamedTuple):
    """An index: its name, its fields with their directions, and whether it holds only some of the documents."""

    name: str
    fields: tuple[tuple[str, int], ...]
    only: tuple[str, bool] | None = None


COLLECTIONS = ("dispatches", "revisions", "quotes", "entities", "rejections", "runs", "originals", "files")

TIME = ("time", -1)

INDEXES: Mapping[str, tuple[Index, ...]] = {
    "dispatches": (
        Index("entity_time", (("entity_ids", 1), TIME)),
        Index("place_time", (("place_ids", 1), TIME)),
        Index("speaker_time", (("speaker_ids", 1), TIME)),
        Index("source_story", (("source", 1), ("story_id", 1))),
        Index("source_time", (("source", 1), TIME)),
        Index("status_time", (("status", 1), TIME)),
        Index("time", (TIME,)),
        Index("name_tokens", (("name_tokens", 1),)),
        Index("gazetteer_version", (("provenance.gazetteer_version", 1),)),
        Index("model_version", (("provenance.model_version", 1),)),
    ),
    "revisions": (
        Index("source_story", (("source", 1), ("story_id", 1))),
        Index("story", (("story_id", 1),)),
        Index("seed", (("seed", 1),)),
        Index("keys", (("keys", 1),)),
        Index("status_embargo", (("status", 1), ("embargoed_until", 1))),
        Index("unsettled", (("settled", 1),), only=("settled", False)),
        Index("original", (("provenance.original", 1),)),
    ),
    "quotes": (
        Index("speaker_time", (("speaker.entity_id", 1), TIME)),
        Index("entity_time", (("entity_ids", 1), TIME)),
        Index("source_time", (("source", 1), TIME)),
        Index("kind_time", (("kind", 1), TIME)),
        Index("time", (TIME,)),
        Index("story", (("story_id", 1),)),
        Index("dispatch", (("dispatch_id", 1),)),
        Index("key_time", (("quote_key", 1), TIME)),
        Index("bands", (("quote_bands", 1),)),
    ),
    "entities": (
        Index("type_seen", (("type", 1), ("last_seen", -1))),
        Index("country_seen", (("country", 1), ("last_seen", -1))),
        Index("names", (("names", 1),)),
        Index("seen", (("last_seen", -1),)),
    ),
    "rejections": (
        Index("status_seen", (("status", 1), ("last_seen", -1))),
        Index("reason_seen", (("reason", 1), ("last_seen", -1))),
        Index("source_seen", (("source", 1), ("last_seen", -1))),
        Index("seen", (("last_seen", -1),)),
        Index("original", (("original", 1),)),
    ),
    "runs": (Index("started", (("started_at", -1),)),),
    "originals": (Index("sha256", (("sha256", 1), ("index", 1))),),
    "files": (),
}

# Fields of scalars or arrays of scalars by which a collection is queried together with its time.
KEYS: Mapping[str, tuple[str, ...]] = {
    "dispatches": ("entity_ids", "place_ids", "speaker_ids"),
    "quotes": ("speaker.entity_id", "entity_ids", "quote_key", "quote_bands"),
    "revisions": ("keys",),
}
KEY_TIME: Mapping[str, str] = {"dispatches": "time", "quotes": "time", "revisions": "version_key"}

# What a search looks at, with its weight in a server's text index.
TEXTS: Mapping[str, Mapping[str, int]] = {"dispatches": {"headline": 10, "text": 1}, "quotes": {"text": 1}}

# Arrays of folded words that stand in the text index beside the texts.
PLAIN = "unaccented"
TOKENS = "name_tokens"

NEWEST = (("time", -1),)


def values_at(document: Document, path: str) -> list[object]:
    """The scalars at a dotted path into embedded documents: of an array its members, else the one value, if any."""
    value: object = document
    for part in path.split("."):
        if not isinstance(value, dict):
            return []
        value = value.get(part)
    if isinstance(value, list):
        return list(dict.fromkeys(value))
    return [] if value is None else [value]
