"""Two processes that write at once end in the same collections as one."""

import importlib.util
import os
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pymongo
import pytest

from flows.errors import StoreUnavailable
from flows.store import Store, open_store
from flows.store.stories import save_many, settle

WRITER = Path(__file__).parent / "writer.py"


@pytest.fixture
def shared(backend: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Location and database of a store that processes can share."""
    if backend == "mongomock":
        pytest.skip("mongomock lives in one process")
    if backend == "embedded":
        yield str(tmp_path / "shared.db"), "dispatches"
        return
    location, name = os.environ["MONGODB_URI"], f"test_{uuid.uuid4().hex[:12]}"
    yield location, name
    client: Any = pymongo.MongoClient(location)
    client.drop_database(name)
    client.close()


def start(location: str, database: str, seed: int) -> "subprocess.Popen[str]":
    command = [sys.executable, str(WRITER), location, database, str(seed)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=WRITER.parents[2]
    )


def test_two_processes_end_as_one(
    shared: tuple[str, str], opener: Callable[[], Store], snapshot: Any, recount: Any
) -> None:
    writers = [start(*shared, seed) for seed in (1, 2)]
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n", writer.communicate()
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, errors = writer.communicate(timeout=60)
        assert writer.returncode == 0, errors
    alone = opener()
    save_many(alone, load_writer().dispatches())
    settle(alone)
    with closing(open_store(*shared)) as both:
        found, expected = snapshot(both), snapshot(alone)
        assert found.pop("originals").keys() == {"1".zfill(64), "2".zfill(64), "same".zfill(64)}
        expected.pop("originals")
        assert found == expected
        assert found["entities"] == recount(both)


def test_a_run_killed_at_any_instant_and_repeated_ends_as_one(
    shared: tuple[str, str], opener: Callable[[], Store], snapshot: Any
) -> None:
    chance = random.Random(7)
    for seed in (1, 2):
        for _ in range(3):
            writer = start(*shared, seed)
            assert writer.stdout
            assert writer.stdout.readline() == "ready\n", writer.communicate()
            assert writer.stdin
            writer.stdin.write("go\n")
            writer.stdin.flush()
            time.sleep(chance.uniform(0, 0.3))
            writer.kill()
            writer.communicate()
    alone = opener()
    with closing(open_store(*shared)) as store:
        for one in (store, alone):
            settle(one)
            save_many(one, load_writer().dispatches())
            settle(one)
        found, expected = snapshot(store), snapshot(alone)
    assert found | {"originals": {}} == expected


def load_writer() -> Any:
    """The module `writer.py`."""
    spec = importlib.util.spec_from_file_location("store_writer", WRITER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_file_that_stays_locked_is_unavailable(tmp_path: Path, make: ModuleType) -> None:
    from flows.store.embedded import EmbeddedStore

    holder, waiter = (EmbeddedStore(tmp_path / "x.db", busy_seconds=0.05) for _ in range(2))
    with holder.transaction():
        holder.put("originals", [])
        with pytest.raises(StoreUnavailable, match="another process holds it"):
            save_many(waiter, [make.rich()])
        assert waiter.count("dispatches") == 0  # reading goes on
    assert save_many(waiter, [make.rich()]) == ["stored"]
    holder.close()
    waiter.close()
