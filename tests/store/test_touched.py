"""Which dispatches have other versions, and which have certain names: by index, on every backend."""

import hashlib
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import pytest

from flows.store import Store
from flows.store.interface import Document
from flows.store.records import load_snapshot, save_snapshot
from flows.store.stories import save_many
from flows.store.touched import GAZETTEER, MODEL, Scope, all_ids, hidden, named, other_versions
from schemas.dispatch import Dispatch

Make = Callable[..., Dispatch]


@pytest.fixture
def made(make: ModuleType) -> Make:
    """Makes a dispatch of a story with this text, and with these versions."""

    def one(story: str, text: str, gazetteer: str = "g1", model: str = "m1", **fields: Any) -> Dispatch:
        dispatch: Dispatch = make.dispatch(story, text, **fields)
        versions = {"gazetteer_version": gazetteer, "model_version": model}
        return dispatch.model_copy(update={"provenance": dispatch.provenance.model_copy(update=versions)})

    return one


def words(*clauses: str) -> frozenset[frozenset[str]]:
    """A condition: of each clause, one of its words."""
    return frozenset(frozenset(clause.split()) for clause in clauses)


def test_other_versions_are_listed_once(store: Store, made: Make) -> None:
    """Every version but the current one is listed, wherever it sorts; model versions likewise."""
    versions = ["a", "c", "c", "d", "f", "f", "0"]
    save_many(store, [made(str(n), "Talks.", version, f"m-{version}") for n, version in enumerate(versions)])
    assert other_versions(store, GAZETTEER, "d") == ["0", "a", "c", "f"]
    assert other_versions(store, GAZETTEER, "none") == ["0", "a", "c", "d", "f"]
    assert other_versions(store, MODEL, "m-f") == ["m-0", "m-a", "m-c", "m-d"]


def test_nothing_is_stored(store: Store) -> None:
    """An empty store has no versions, and no names."""
    assert other_versions(store, GAZETTEER, "d") == []
    assert named(store, {"x": [words("kyiv")]}, {}).by_key == {}
    assert (list(all_ids(store, {})), hidden(store, Scope())) == ([], [])


def test_names_are_found_by_all_their_words(store: Store, made: Make) -> None:
    """A condition wants one word of each of its clauses; a key, one of its conditions."""
    texts = ["Off to Kyiv.", "The KIEV Post wrote.", "Ann Lee and the Post.", "Łódź", "nothing in kyiv", "Kyiv Post"]
    dispatches = [made(str(n), text) for n, text in enumerate(texts)]
    save_many(store, dispatches)
    ids = [dispatch.id for dispatch in dispatches]
    found = named(store, {
        "kyiv": [words("kyiv"), words("lodz")],
        "post": [words("kyiv kiev", "post")],
        "lee": [words("lee", "ann", "post")],
        "none": [words("lee", "kyiv")],
    }, {})  # fmt: skip
    assert found.by_key == {"kyiv": {ids[0], ids[3], ids[5]}, "post": {ids[1], ids[5]}, "lee": {ids[2]}}
    assert ids[4] not in found.looked_up


def test_names_within_a_filter(store: Store, made: Make) -> None:
    """Version, source and time narrow what is found."""
    dispatches = [
        made("1", "Kyiv", "g1"),
        made("2", "Kyiv", "g2"),
        made("3", "Kyiv", "g1", source="other"),
        made("4", "Kyiv", "g1", version=60),
    ]
    save_many(store, dispatches)
    ids = [dispatch.id for dispatch in dispatches]

    def found(where: dict[str, Any]) -> set[str]:
        return named(store, {"kyiv": [words("kyiv")]}, where).by_key.get("kyiv", set())

    assert found({GAZETTEER: "g1"}) == {ids[0], ids[2], ids[3]}
    assert found(Scope("wire").filter() | {GAZETTEER: "g1"}) == {ids[0], ids[3]}
    assert dispatches[3].published_at
    assert found(Scope(since=dispatches[3].published_at).filter()) == {ids[3]}
    assert set(all_ids(store, Scope("wire").filter())) == {ids[0], ids[1], ids[3]}


def test_many_names_and_pages(store: Store, made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """More words than fit in one question, and more ids than in one page."""
    monkeypatch.setattr("flows.store.touched._PAGE", 7)
    monkeypatch.setattr("flows.store.touched._WORDS", 5)
    dispatches = [made(str(n), f"Town{n} and Country") for n in range(30)]
    save_many(store, dispatches)
    found = named(store, {str(n): [words(f"town{n}", "country")] for n in range(40)}, {})
    assert found.by_key == {str(n): {dispatch.id} for n, dispatch in enumerate(dispatches)}
    assert sorted(all_ids(store, {})) == sorted(dispatch.id for dispatch in dispatches)


def test_what_cannot_be_seen_is_listed(store: Store, made: Make, make: ModuleType) -> None:
    """Embargoed and withheld stories are in no index of words: their current revisions are listed."""
    until = make.minutes(9999)
    dispatches = [
        made("1", "Kyiv", status="embargoed", embargoed_until=until),
        made("2", "Kyiv", status="withheld"),
        made("3", "Kyiv"),
        made("4", "Kyiv", status="embargoed", embargoed_until=make.minutes(1)),  # over before it was received
    ]
    save_many(store, dispatches)
    assert {document["_id"] for document in hidden(store, Scope())} == {dispatches[0].id, dispatches[1].id}
    assert hidden(store, Scope("other")) == []
    assert {document["provenance"]["gazetteer_version"] for document in hidden(store, Scope("wire"))} == {"g1"}


def test_other_documents_are_not_read(store: Store, made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what the index does not give, nothing is read; of the rest, the id and the words."""
    save_many(store, [made(str(n), "Kyiv" if n % 10 == 0 else "Oslo") for n in range(50)])
    read: list[tuple[int, Sequence[str]]] = []
    find = store.find

    def counting(collection: str, *args: Any, **more: Any) -> list[Document]:
        found = find(collection, *args, **more)
        read.append((len(found), more.get("fields") or ()))
        return found

    monkeypatch.setattr(store, "find", counting)
    assert len(named(store, {"kyiv": [words("kyiv")]}, {GAZETTEER: "g1"}).by_key["kyiv"]) == 5
    assert read == [(5, ["dispatch_id"]), (5, ["name_tokens"])]


def test_a_snapshot_is_kept_once_by_its_version(store: Store) -> None:
    """A snapshot is found by the beginning of its digest, and made only if it is not there."""
    content = b"names and contexts"
    version = hashlib.sha256(content).hexdigest()[:16]
    assert load_snapshot(store, version) is None
    calls: list[int] = []

    def make_it() -> bytes:
        calls.append(1)
        return content

    save_snapshot(store, version, make_it)
    save_snapshot(store, version, make_it)
    assert (load_snapshot(store, version), len(calls), store.count("originals")) == (content, 1, 1)
    assert load_snapshot(store, "0" * 16) is None


def test_a_damaged_snapshot_is_as_good_as_none(store: Store) -> None:
    """What is not what it was when it was kept is not compared with."""
    content = b"names"
    sha = hashlib.sha256(content).hexdigest()
    save_snapshot(store, sha[:16], lambda: content)
    (document,) = store.find("originals")
    store.put("originals", [document | {"data": b"junk"}])
    assert load_snapshot(store, sha[:16]) is None
