"""What only the embedded file promises."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import neosqlite
import pytest

from flows.store import Store, open_store
from flows.store.embedded_sql import KEYS_TABLE
from flows.store.stories import save_many, settle


def test_neosqlite_reads_the_file(embedded: Store, make: ModuleType) -> None:
    save_many(embedded, [make.rich("1"), make.rich("2", version=5)])
    settle(embedded)
    expected = {
        name: embedded.find(name, sort=[("_id", 1)]) for name in ("dispatches", "quotes", "entities", "revisions")
    }
    embedded.close()
    database: Any = neosqlite.Connection(embedded.location)
    for name, documents in expected.items():
        assert sorted(database[name].find(), key=lambda d: d["_id"]) == documents
    assert [d["_id"] for d in database["dispatches"].find({"source": "wire"}).sort("time", -1)] == ["wire:2", "wire:1"]
    assert database["dispatches"].count_documents({"entity_ids": "place:kyiv"}) == 2
    assert KEYS_TABLE not in database.list_collection_names()
    assert not [name for name in database.list_collection_names() if "_fts" in name]
    database.close()
    again = open_store(embedded.location)
    assert again.find("entities", sort=[("_id", 1)]) == expected["entities"]
    again.close()


def test_another_layout_is_made_anew(tmp_path: Path, make: ModuleType) -> None:
    path = tmp_path / "x.db"
    store = open_store(str(path))
    save_many(store, [make.rich("1"), make.rich("2")])
    store.close()
    with closing(sqlite3.connect(path)) as old, old:  # as an older version might have left it
        old.execute(f"DELETE FROM {KEYS_TABLE}")
        old.execute("DROP TABLE dispatches_words_fts")
        old.execute("DROP INDEX dispatches__time")
        old.execute("PRAGMA user_version = 1")
    store = open_store(str(path))
    assert len(store.search("dispatches", "minister kyiv lee")) == 0
    assert len(store.search("dispatches", "kyiv lee")) == 2
    assert store.tally("dispatches", "entity_ids", ["place:kyiv"])["place:kyiv"].number == 2
    assert save_many(store, [make.rich("1", version=2, role="Premier", said="talks in Kyiv went on")]) == ["stored"]
    store.close()


def test_queries_use_indexes(embedded: Store) -> None:
    db = embedded._file.db  # type: ignore[attr-defined]
    from flows.store import embedded_sql as sql

    for collection, filter, sort in (
        ("revisions", {"settled": False}, ()),
        ("revisions", {"story_id": {"$in": ["a", "b"]}}, ()),
        ("revisions", {"source": "wire", "story_id": "a"}, ()),
        ("dispatches", {"source": "wire"}, [("time", -1)]),
        ("dispatches", {}, [("time", -1)]),
        ("dispatches", {"entity_ids": "a"}, [("time", -1)]),
        ("quotes", {"speaker.entity_id": "a"}, [("time", -1)]),
        ("quotes", {"story_id": {"$in": ["a"]}}, ()),
        ("dispatches", {"name_tokens": {"$in": ["kiev"]}}, ()),
        ("dispatches", {"provenance.gazetteer_version": "g"}, ()),
        ("dispatches", {"_id": {"$in": ["a"]}}, ()),
    ):
        source, params, rest = sql.driver(collection, filter, sort)
        clause, values = sql.where(collection, rest)
        order = sql.order(sort, "k.time" if params else None)
        plan = db.execute(f"EXPLAIN QUERY PLAN SELECT d.id FROM {source} WHERE {clause}{order}", [*params, *values])
        steps = [row[3] for row in plan.fetchall()]
        assert not [step for step in steps if step in ("SCAN d", f"SCAN {collection}")], (filter, steps)


def test_threads_share_a_store(embedded: Store, make: ModuleType) -> None:
    def work(number: int) -> None:
        for turn in range(5):
            save_many(embedded, [make.rich(f"{number}-{turn}"), make.rich("shared", version=turn)])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    settle(embedded)
    assert embedded.count("dispatches") == 21
    assert embedded.get("entities", ["place:kyiv"])["place:kyiv"]["dispatch_count"] == 21


def test_a_search_for_a_common_word_is_the_same_search(
    embedded: Store, make: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_many(embedded, [make.rich(str(number), version=number % 7) for number in range(20)])
    queries = ("kyiv", '"talks in kyiv"', "kyiv nowhere")
    few = [embedded.search("dispatches", query, {"source": "wire"}, limit=5, skip=2) for query in queries]
    monkeypatch.setattr("flows.store.embedded._MANY", 3)
    assert [embedded.search("dispatches", query, {"source": "wire"}, limit=5, skip=2) for query in queries] == few
    assert [len(found) for found in few] == [5, 5, 0]
