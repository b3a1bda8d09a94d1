"""What both backends promise: `flows/store/interface.py`, point by point."""

import datetime as dt
from typing import Any

import pytest

from flows.store import Store
from flows.store.catalog import COLLECTIONS
from flows.store.words import unaccented

T0 = dt.datetime(2024, 3, 1, 12, 0, 0, 123000, tzinfo=dt.UTC)


def at(minutes: float) -> dt.datetime:
    return T0 + dt.timedelta(minutes=minutes)


def quote(id: str, minute: float = 0, **fields: Any) -> dict[str, Any]:
    """A document that the validator of `quotes` accepts."""
    return {
        "_id": id,
        "kind": "direct",
        "text": "the talks go on",
        "spans": [[0, 1]],
        "raw_spans": [[0, 1]],
        "verbatim": [],
        "cue": None,
        "speaker": None,
        "source": "wire",
        "story_id": "wire:1",
        "dispatch_id": "wire:1@1",
        "headline": None,
        "time": at(minute),
        "entity_ids": [],
        "dateline": [],
        "unaccented": [],
        "quote_key": "k",
        "quote_bands": [],
        **fields,
    }


def said_by(id: str | None) -> dict[str, Any]:
    mention = {"text": "she", "span": [0, 1], "raw_span": [0, 1]}
    return {"entity_id": id, "name": None, "mention": mention, "resolved_by": None}


def original(id: str, **fields: Any) -> dict[str, Any]:
    return {"_id": id, "sha256": id, "index": 0, "chunks": 1, "size": 3, "data": b"\x00\xff ", **fields}


DOCUMENTS = [
    quote("a", 1, entity_ids=["place:kyiv", "person:x"], speaker=said_by("person:x"), kind="mixed"),
    quote("b", 2, entity_ids=["place:kyiv"], speaker=said_by("person:y"), headline="Talks"),
    quote("c", 3, entity_ids=[], speaker=said_by(None), source="other", quote_key="l", quote_bands=["0a", "0b"]),
    quote("d", 3, entity_ids=["person:x"], dateline=["place:kyiv", "place:lviv"], quote_bands=["0b", "12"]),
    quote("24-hex:0123456789abcdef01234567", 4),
]
A, B, C, D, E = (document["_id"] for document in DOCUMENTS)

FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {A, B, C, D, E}),
    ({"kind": "mixed"}, {A}),
    ({"kind": "mixed", "source": "other"}, set()),
    ({"source": {"$in": ["other", "third"]}}, {C}),
    ({"source": {"$in": []}}, set()),
    ({"_id": {"$in": ["a", "zz"]}}, {A}),
    ({"_id": E}, {E}),
    ({"_id": {"$gt": "b"}}, {C, D}),
    ({"headline": None}, {A, C, D, E}),
    ({"headline": {"$in": [None, "Talks"]}}, {A, B, C, D, E}),
    # Membership in an array, with and without an index.
    ({"entity_ids": "place:kyiv"}, {A, B}),
    ({"entity_ids": {"$in": ["place:kyiv", "person:x"]}}, {A, B, D}),
    ({"entity_ids": "nobody"}, set()),
    ({"dateline": "place:lviv"}, {D}),
    ({"dateline": {"$in": ["place:lviv", "place:kyiv"]}}, {D}),
    ({"quote_bands": {"$in": ["0a", "12", "ff"]}}, {C, D}),
    ({"quote_bands": {"$in": ["0b"]}, "source": "wire"}, {D}),
    ({"quote_bands": "12"}, {D}),  # a string, though it looks like a number
    ({"quote_key": "l"}, {C}),
    ({"quote_key": {"$in": ["l", "m"]}}, {C}),
    # A path into an embedded document.
    ({"speaker.entity_id": "person:y"}, {B}),
    ({"speaker.entity_id": {"$in": ["person:x", "person:y"]}}, {A, B}),
    # Ranges of time, half-open, to the millisecond.
    ({"time": {"$gte": at(2), "$lt": at(3)}}, {B}),
    ({"time": {"$gt": at(2), "$lte": at(3)}}, {C, D}),
    ({"time": at(2)}, {B}),
    ({"time": {"$gte": at(2) + dt.timedelta(milliseconds=1)}}, {C, D, E}),
    # The same moment in another zone.
    ({"time": at(2).astimezone(dt.timezone(dt.timedelta(hours=5)))}, {B}),
    ({"entity_ids": "person:x", "kind": "direct", "time": {"$lt": at(9)}}, {D}),
]


@pytest.mark.parametrize(
    ("filter", "expected"), FILTERS, ids=lambda value: "" if isinstance(value, set) else str(value)
)
def test_a_filter_finds_what_matches(store: Store, filter: dict[str, Any], expected: set[str]) -> None:
    store.put("quotes", DOCUMENTS)
    assert {document["_id"] for document in store.find("quotes", filter)} == expected
    assert store.count("quotes", filter) == len(expected)
    in_time = store.find("quotes", filter, sort=[("time", -1)])
    assert [document["_id"] for document in in_time] == sorted(
        expected, key=lambda found: ({d["_id"]: d["time"] for d in DOCUMENTS}[found], found), reverse=True
    )


def test_documents_come_back_as_they_were_put(store: Store) -> None:
    store.put("quotes", DOCUMENTS)
    assert store.get("quotes", [A, E, "zz"]) == {A: DOCUMENTS[0], E: DOCUMENTS[4]}
    assert store.get("quotes", []) == {}
    moment = store.get("quotes", [A])[A]["time"]
    assert moment.utcoffset() == dt.timedelta(0)
    assert moment.microsecond == 123000
    hostile = quote("q\"uo'te", text='NUL \x00, "quotes", \\ and \U0001f5de', source="$date", headline="{}")
    store.put("quotes", [hostile])
    assert store.get("quotes", [hostile["_id"]]) == {hostile["_id"]: hostile}
    assert store.find("quotes", {"source": "$date"}) == [hostile]


def test_ids_that_look_like_numbers_stay_apart(store: Store) -> None:
    ids = ["1234567890e12345", "9234567890e12345", "12", "0012", "12.0", "0x0c"]
    store.put("originals", [original(id) for id in ids])
    assert set(store.get("originals", ids)) == set(ids)
    assert {document["_id"] for document in store.find("originals")} == set(ids)


def test_bytes_come_back(store: Store) -> None:
    store.put("originals", [original("x", data=bytes(range(256)))])
    assert bytes(store.get("originals", ["x"])["x"]["data"]) == bytes(range(256))


def test_sort_limit_and_skip_page_without_gap_or_overlap(store: Store) -> None:
    store.put("quotes", DOCUMENTS)
    pages = [store.find("quotes", sort=[("time", -1)], limit=2, skip=skip) for skip in (0, 2, 4, 6)]
    assert [[document["_id"] for document in page] for page in pages] == [[E, D], [C, B], [A], []]
    up = store.find("quotes", sort=[("kind", 1), ("time", 1)], limit=3)
    assert [document["_id"] for document in up] == [B, C, D]
    assert [d["_id"] for d in store.find("quotes", sort=[("headline", 1), ("_id", -1)], limit=2)] == [D, C]
    about = store.find("quotes", {"entity_ids": "place:kyiv"}, sort=[("time", -1)], limit=1, skip=1)
    assert [document["_id"] for document in about] == [A]


def test_fields_are_chosen(store: Store) -> None:
    store.put("quotes", DOCUMENTS)
    (document,) = store.find("quotes", {"_id": "a"}, fields=["time", "entity_ids", "speaker"])
    assert document == {name: DOCUMENTS[0][name] for name in ("_id", "time", "entity_ids", "speaker")}
    assert store.get("quotes", ["b"], ["headline"]) == {"b": {"_id": "b", "headline": "Talks"}}
    assert store.find("quotes", sort=[("time", 1)], limit=1, fields=["kind"]) == [{"_id": "a", "kind": "mixed"}]


def test_put_replaces_the_whole_document(store: Store) -> None:
    store.put("quotes", DOCUMENTS)
    store.put("quotes", [quote("a", 9, entity_ids=["place:lviv"], text="another")])
    store.put("quotes", [])
    assert store.get("quotes", ["a"])["a"] == quote("a", 9, entity_ids=["place:lviv"], text="another")
    assert store.count("quotes") == len(DOCUMENTS)
    assert store.count("quotes", {"entity_ids": "place:kyiv"}) == 1
    assert store.search("quotes", "another")[0]["_id"] == "a"
    assert len(store.search("quotes", "talks")) == len(DOCUMENTS) - 1


def test_insert_new_leaves_what_is_there(store: Store) -> None:
    assert store.insert_new("quotes", [quote("a"), quote("b")]) == {"a", "b"}
    assert store.insert_new("quotes", [quote("b", text="x"), quote("c"), quote("a", text="x")]) == {"c"}
    assert store.insert_new("quotes", []) == set()
    assert {document["text"] for document in store.find("quotes")} == {"the talks go on"}


def test_patch_sets_fields_of_present_documents(store: Store) -> None:
    store.put("quotes", DOCUMENTS)
    new = {"headline": "Ünder “quotes”", "entity_ids": ["place:lviv"], "time": at(30)}
    store.patch("quotes", ["a", "zz"], new)
    store.patch("quotes", [], new)
    assert store.get("quotes", ["a", "zz"]) == {"a": DOCUMENTS[0] | new}
    assert [document["_id"] for document in store.find("quotes", {"entity_ids": "place:lviv"})] == ["a"]
    assert store.find("quotes", sort=[("time", -1)], limit=1)[0]["_id"] == "a"
    store.put("originals", [original("x"), original("y")])
    store.patch("originals", ["x", "y"], {"size": 7})
    assert store.count("originals", {"size": 7}) == 2


def test_delete_removes_documents_and_what_is_found_by_them(store: Store) -> None:
    store.put("quotes", DOCUMENTS)
    store.delete("quotes", ["a", "zz"])
    store.delete("quotes", [])
    assert store.count("quotes") == len(DOCUMENTS) - 1
    assert {document["_id"] for document in store.find("quotes", {"entity_ids": "person:x"})} == {"d"}
    assert len(store.search("quotes", "talks")) == len(DOCUMENTS) - 1


def test_tally_counts_each_value(store: Store) -> None:
    store.put("quotes", DOCUMENTS)
    about = store.tally("quotes", "entity_ids", ["place:kyiv", "person:x", "nobody"])
    assert about == {"place:kyiv": (2, at(1), at(2)), "person:x": (2, at(1), at(3))}
    speakers = store.tally("quotes", "speaker.entity_id", ["person:x", "person:y", "person:z"])
    assert speakers == {"person:x": (1, at(1), at(1)), "person:y": (1, at(2), at(2))}
    assert store.tally("quotes", "entity_ids", []) == {}


SEARCHES: list[tuple[str, list[str]]] = [
    ("kyiv", ["3", "2"]),  # whole words: not Kyivan
    ("KYIV talks", ["2"]),
    ("zurich", ["1"]),  # no diacritics
    ("ZÜRICH cafe", ["1"]),
    ('"old town"', ["1"]),
    ('"town old"', []),
    ("“old town” in", ["1"]),
    ("U.S.", ["2"]),  # joined by punctuation: a phrase
    ("o'neill's", ["2"]),
    ("the", ["3", "2", "1"]),  # no word is too common
    ("talks", ["4", "2"]),
    ('"the', ["3", "2", "1"]),  # a mark left open
    ("-the", ["3", "2", "1"]),
    ('"', []),
    ("", []),
    ("українці", ["4"]),
]


@pytest.mark.parametrize(("query", "expected"), SEARCHES, ids=str)
def test_search_finds_all_words_newest_first(store: Store, query: str, expected: list[str]) -> None:
    texts = {
        "1": "The café in Zürich’s old town",
        "2": "U.S. talks in Kyiv: O'Neill's the man",
        "3": "the KYIV army, the Kyivan army and the town that is old",
        "4": "Talks. Українці́ знають",
    }
    store.put("quotes", [quote(id, int(id), text=text, unaccented=unaccented(text)) for id, text in texts.items()])
    assert [document["_id"] for document in store.search("quotes", query)] == expected
    assert [document["_id"] for document in store.search("quotes", query, limit=1, skip=1)] == expected[1:2]
    early = store.search("quotes", query, {"time": {"$lt": at(3)}, "source": "wire"})
    assert [document["_id"] for document in early] == [id for id in expected if id < "3"]


def test_a_transaction_that_fails_leaves_nothing(store: Store, backend: str) -> None:
    if backend == "mongomock":
        pytest.skip("mongomock has no transactions")
    store.put("quotes", [quote("a")])

    def fail() -> None:
        with store.transaction():
            store.put("quotes", [quote("b")])
            store.delete("quotes", ["a"])
            with store.transaction():
                store.patch("quotes", ["b"], {"headline": "x"})
            assert store.get("quotes", ["b"])["b"]["headline"] == "x"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.find("quotes") == [quote("a")]
    with store.transaction():
        store.put("quotes", [quote("b")])
    assert store.count("quotes") == 2


def test_unknown_names_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="no collection"):
        store.find("qoutes")
    with pytest.raises(ValueError, match="no collection"):
        store.search("qoutes", "word")


def test_prepare_may_be_repeated(store: Store) -> None:
    store.put("quotes", DOCUMENTS)
    store.prepare()
    store.ping()
    assert store.count("quotes") == len(DOCUMENTS)
    assert all(store.count(name) == 0 for name in COLLECTIONS if name != "quotes")
