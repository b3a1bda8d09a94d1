"""The stores that the conformance suite runs on: mongomock, the embedded file, and a server where there is one."""

import importlib.util
import os
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import mongomock
import mongomock.collection
import pymongo
import pytest

from flows.store import Store, open_store
from flows.store.catalog import COLLECTIONS, NEWEST
from flows.store.contributions import contributions
from flows.store.mongo import MongoStore
from flows.store.words import words

HERE = Path(__file__).parent
SERVER = os.environ.get("MONGODB_URI")


def _shim_mongomock() -> None:
    """The bulk writes of mongomock 4.3 do not know the `sort` argument that PyMongo 4.11 and later pass."""
    builder = mongomock.collection.BulkOperationBuilder
    for name in ("add_update", "add_replace"):
        if hasattr(builder, name):
            original = getattr(builder, name)

            def without_sort(self: Any, *args: Any, original: Any = original, **options: Any) -> Any:
                options.pop("sort", None)
                return original(self, *args, **options)

            setattr(builder, name, without_sort)


_shim_mongomock()


class MongomockStore(MongoStore):
    """The Mongo class on mongomock, which has neither validators nor text search."""

    def prepare(self) -> None:
        """Does nothing."""

    def _candidates(self, collection: str, wanted: Any, filter: Any) -> Iterator[Any]:
        for document in self.find(collection, filter, sort=NEWEST):
            if set(wanted) <= {word for field in ("headline", "text") for word in words(document.get(field) or "")}:
                yield document


Opener = Callable[[], Store]


@pytest.fixture(params=["mongomock", "embedded", pytest.param("server", marks=pytest.mark.server)])
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of store."""
    if request.param == "server" and not SERVER:
        pytest.skip("MONGODB_URI is not set")
    return str(request.param)


@pytest.fixture
def opener(backend: str, tmp_path: Path) -> Iterator[Opener]:
    """Opens new stores of one kind, each empty."""
    opened: list[Store] = []
    names: list[str] = []

    def fresh() -> Store:
        name = f"test_{uuid.uuid4().hex[:12]}"
        if backend == "mongomock":
            client: Any = mongomock.MongoClient(tz_aware=True)
            store: Store = MongomockStore(client, name, "mongomock", transactional=False)
        elif backend == "embedded":
            store = open_store(str(tmp_path / "deep" / "folder" / f"{name}.db"))
        else:
            store = open_store(str(SERVER), name)
            names.append(name)
        store.prepare()
        opened.append(store)
        return store

    yield fresh
    for store in opened:
        store.close()
    if names:
        client = pymongo.MongoClient(SERVER)
        for name in names:
            client.drop_database(name)
        client.close()


@pytest.fixture
def store(opener: Opener) -> Store:
    """An empty store."""
    return opener()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Store]:
    """An empty embedded store."""
    opened = open_store(str(tmp_path / "dispatches.db"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def make() -> ModuleType:
    """The module `factories.py`."""
    spec = importlib.util.spec_from_file_location("store_factories", HERE / "factories.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def snapshot() -> Callable[[Store], dict[str, Any]]:
    """All collections of a store, as one value."""

    def take(store: Store) -> dict[str, Any]:
        return {name: {d["_id"]: d for d in store.find(name)} for name in COLLECTIONS}

    return take


@pytest.fixture(scope="session")
def recount() -> Callable[[Store], dict[str, Any]]:
    """What `entities` ought to be, counted from all dispatches and quotes in the plainest way."""

    def count(store: Store) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for dispatch in sorted(store.find("dispatches"), key=lambda d: (d["time"], d["_id"])):
            for id, said in contributions(dispatch).items():
                empty = {"role": None, "country": None, "as_of": {"role": None, "country": None}}
                entity = found.setdefault(id, {"_id": id, "names": [], "dispatch_count": 0, "quote_count": 0, **empty})
                entity.setdefault("first_seen", dispatch["time"])
                entity |= {"last_seen": dispatch["time"], "type": said.type}
                entity["dispatch_count"] += 1
                entity["names"] = sorted({*entity["names"], *said.names})
                for fact in ("name", "role", "country"):
                    if (value := getattr(said, fact)) is not None:
                        entity[fact] = value
                        entity["as_of"][fact] = {"time": dispatch["time"], "story_id": dispatch["_id"]}
        for quote in store.find("quotes"):
            if quote["speaker"] and (id := quote["speaker"]["entity_id"]) in found:
                found[id]["quote_count"] += 1
        return found

    return count


@pytest.fixture(scope="session")
def masked() -> Callable[[BaseException], str]:
    """Everything that a traceback of an error would show, its causes included."""

    def text(error: BaseException) -> str:
        shown: list[str] = []
        now: BaseException | None = error
        while now is not None:
            shown.append(f"{type(now).__name__}: {now} {re.sub(' +', ' ', repr(now.args))}")
            now = now.__cause__ or now.__context__
        return "\n".join(shown)

    return text
