"""The main job on a MongoDB server, as a consumer sees the result with PyMongo."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import WriteError

ROOT = Path(__file__).parents[1]
URI = os.environ.get("MONGODB_URI", "")

pytestmark = [pytest.mark.server, pytest.mark.skipif(not URI, reason="MONGODB_URI is not set")]
_OF_A_RUN = {"run_id", "received_at", "time", "version_key", "first_seen", "last_seen", "as_of"}


@pytest.fixture
def news() -> Iterator[Database[dict[str, Any]]]:
    """A database of its own, dropped afterwards."""
    with MongoClient[dict[str, Any]](URI, tz_aware=True) as client:
        name = f"test_{uuid4().hex[:12]}"
        yield client[name]
        client.drop_database(name)


def start(database: str, tmp_path: Path) -> subprocess.Popen[str]:
    """Start `dispatches run tests/samples` on a database."""
    environment = {"DISPATCHES_STORE": URI, "DISPATCHES_DATABASE": database, "HOME": str(tmp_path),
                   "PATH": "/usr/bin:/bin", "DISPATCHES_CONFIG": str(ROOT / "config")}  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-c", "from flows.cli import main; main()", "run", "tests/samples", "--json"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(process: subprocess.Popen[str]) -> None:
    """Wait for a run, which must end well."""
    _, errors = process.communicate(timeout=180)
    assert process.returncode == 0, errors


def timeless(value: Any) -> Any:
    """Return a document without run ids and times."""
    if isinstance(value, dict):
        return {key: timeless(inner) for key, inner in value.items() if key not in _OF_A_RUN}
    return [timeless(inner) for inner in value] if isinstance(value, list) else value


def content(news: Database[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return what consumers read, run ids and times aside."""
    names = ("dispatches", "revisions", "quotes", "entities", "rejections")
    return {name: [timeless(document) for document in news[name].find().sort("_id", 1)] for name in names}


def test_who_said_what_is_a_query(news: Database[dict[str, Any]], tmp_path: Path) -> None:
    """After one run a consumer finds quotes by speaker, entities with counts, and the canonical names."""
    finish(start(news.name, tmp_path))
    assert news.dispatches.count_documents({}) == 12
    quotes = list(news.quotes.find({"speaker.entity_id": "person:sergei-lavrov"}))
    assert {quote["speaker"]["name"] for quote in quotes} == {"Sergei Lavrov"}
    assert any(quote["kind"] == "direct" and quote["verbatim"] for quote in quotes)
    kyiv = news.entities.find_one({"_id": "place:kyiv"})
    assert kyiv is not None
    assert {"Kyiv", "Kiev"} <= set(kyiv["names"])
    assert kyiv["dispatch_count"] == news.dispatches.count_documents({"entity_ids": "place:kyiv"})
    assert news.runs.count_documents({"state": "completed"}) == 1


def test_the_server_itself_holds_schemas_and_indexes(news: Database[dict[str, Any]], tmp_path: Path) -> None:
    """Validators refuse a document of another shape; the queries of consumers have their indexes."""
    finish(start(news.name, tmp_path))
    with pytest.raises(WriteError):
        news.quotes.insert_one({"_id": "x", "kind": "shouted"})
    for name in ("dispatches", "quotes", "entities", "revisions"):
        assert "validator" in news[name].options()
    keys = [list(index["key"]) for index in news.quotes.list_indexes()]
    assert ["speaker.entity_id", "time"] in keys


def test_two_runs_at_once_leave_what_one_leaves(news: Database[dict[str, Any]], tmp_path: Path) -> None:
    """The same folder by two processes at once, and once more, gives the collections of one run."""
    finish(start(news.name, tmp_path))
    once = content(news)
    for name in news.list_collection_names():
        news.drop_collection(name)
    for process in [start(news.name, tmp_path) for _ in range(2)]:
        finish(process)
    assert content(news) == once
    finish(start(news.name, tmp_path))
    assert content(news) == once
