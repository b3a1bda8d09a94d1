"""Reprocessing: what an edit touches is made again, and nothing else."""

import importlib.util
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from flows import remake as remake_module
from flows import reprocess
from flows.batch import Job, run_batch
from flows.errors import ConfigError, DispatchesError, StoreUnavailable
from flows.inputs import Batch
from flows.process import load_engine
from flows.reprocess import Request, run_reprocess
from flows.settings import load_settings
from flows.store import Store, open_store
from flows.store.entities import settle
from flows.store.records import save_snapshot
from flows.store.touched import Scope
from schemas.raw import Payload

GAZETTEER = """
- {id: place:ukraine, name: Ukraine, type: place, kind: country, country: UA, adjectives: [Ukrainian]}
- {id: place:kyiv, name: Kyiv, type: place, kind: capital, country: UA, variants: [VARIANTS]}
- {id: person:sergey-lavrov, name: Sergey Lavrov, type: person, country: RU, given_variants: [Sergei]}
"""
TEXTS = {
    "kiev": 'Talks\nKIEV, Ukraine (AP) -- Sergei Lavrov arrived.\n"We are waiting," Lavrov said.\n',
    "kiew": "Fair\nKIEW (AP) -- The fair in Kiew ended. Kyiv was glad.\n",
    "oslo": "Snow\nOSLO (AP) -- Snow fell.\n",
    "rome": "Sun\nROME (AP) -- The sun shone, Ann Lee said.\n",
}


@pytest.fixture(params=["embedded", "mongomock"])
def store(request: pytest.FixtureRequest, tmp_config: Path, tmp_path: Path, monkeypatch: Any) -> Iterator[Store]:
    """An empty store of either kind, which reprocessing opens; the gazetteer rewrites Kiev."""
    edit(tmp_config, "Kiev")
    if request.param == "embedded":
        opened = open_store(str(tmp_path / "news.db"))
    else:
        path = Path(__file__).parent / "store" / "conftest.py"
        spec = importlib.util.spec_from_file_location("store_conftest", path)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        opened = module.MongomockStore(module.mongomock.MongoClient(tz_aware=True), "t", "mock", transactional=False)
        monkeypatch.setattr(reprocess, "open_store", lambda *_: opened)
        monkeypatch.setattr(opened, "close", lambda: None)
    opened.prepare()
    yield opened
    opened.close()


def edit(config: Path, variants: str) -> None:
    """Write the gazetteer with these variants of Kyiv."""
    (config / "gazetteer" / "names.yml").write_text(GAZETTEER.replace("VARIANTS", variants))


def payload(data: bytes, item: str | None = None, source: str = "desk", format: str = "jsonl") -> Payload:
    return Payload(source=source, uri="in/a.jsonl", item=item, format=format, data=data,
                   original=sha256(data).hexdigest())  # fmt: skip


def ingest(store: Store, *items: Payload, snapshot: bool = True) -> None:
    """Store these inputs with the gazetteer as it is now."""
    engine = load_engine(load_settings())
    if snapshot:
        save_snapshot(store, engine.gazetteer.version, lambda: reprocess.snapshot(engine.gazetteer))
    now = reprocess._now()
    run_batch(Batch(1, items, 0, now), Job("first", engine, store, force=False, dry_run=False))
    settle(store)


def ingest_all(store: Store, **more: Any) -> None:
    lines = (json.dumps({"id": id, "text": text}).encode() for id, text in TEXTS.items())
    ingest(store, *(payload(line, f"line {number}") for number, line in enumerate(lines, 1)), **more)


def contents(store: Store, *, provenance: bool = False) -> dict[str, Any]:
    """What is in the collections, run ids, and unless they are wanted the versions, aside."""
    passing = {"run_id"} if provenance else {"provenance"}

    def clean(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: clean(inner) for key, inner in value.items() if key not in passing}
        return [clean(inner) for inner in value] if isinstance(value, list) else value

    names = ("dispatches", "revisions", "quotes", "entities")
    return {name: {d["_id"]: clean(d) for d in store.find(name)} for name in names}


def texts(store: Store) -> dict[str, str]:
    return {document["_id"]: document["text"] for document in store.find("dispatches")}


def counting(store: Store, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts the documents read as a whole; all reading goes through `find`."""
    read: Counter[str] = Counter()
    plain = type(store).find

    def find(self: Store, collection: str, *args: Any, **more: Any) -> Any:
        found = plain(self, collection, *args, **more)
        if not more.get("fields") or "text" in more["fields"] or "text_raw" in more["fields"]:
            read.update(f"{collection} {document.get('story_id', '')}".strip() for document in found)
        return found

    monkeypatch.setattr(type(store), "find", find)
    return read


def test_an_added_variant(store: Store, tmp_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variant added to an entry: only the dispatch that contains it is read and made again, and its text changes."""
    ingest_all(store)
    before = contents(store, provenance=True)
    edit(tmp_config, "Kiev, Kiew")
    with monkeypatch.context() as patch:
        read = counting(store, patch)
        done = run_reprocess(Request())
    assert {what for what in read if what.startswith(("dispatches", "revisions"))} == {"revisions desk:kiew"}
    assert read["originals"] == 2  # the snapshot, and the dispatch
    assert done.found.model_dump() == {
        "compared": 4, "looked_up": 1, "touched": 1, "entries": {"place:kyiv": 1}, "whole": {},
    }  # fmt: skip
    assert done.run.totals.model_dump() == {"read": 1, "stored": 1, "unchanged": 0, "superseded": 0, "rejected": 0}
    after = contents(store, provenance=True)
    assert texts(store)["desk:kiew"] == "Fair\nKYIV (AP) -- The fair in Kyiv ended. Kyiv was glad.\n"
    made = after["dispatches"].pop("desk:kiew")
    old = before["dispatches"].pop("desk:kiew")
    assert after["dispatches"] == before["dispatches"]
    same = ("dispatch_id", "received_at", "revision", "revises", "content_hash", "text_raw", "time")
    assert {name: made[name] for name in same} == {name: old[name] for name in same}
    changed = {name for name in made["provenance"] if made["provenance"][name] != old["provenance"][name]}
    assert changed == {"gazetteer_version"}
    assert made["provenance"]["uri"] == "in/a.jsonl#line 2"
    assert before["entities"]["place:kyiv"]["names"] == ["Kyiv"]
    assert after["entities"]["place:kyiv"]["names"] == ["KIEW", "Kiew", "Kyiv"]
    assert store.count("revisions", {"settled": False}) == 0


def test_it_ends_as_if_ingested_so(store: Store, tmp_config: Path) -> None:
    """Whatever was stored with the former gazetteer ends as if it had been ingested with the new one."""
    edit(tmp_config, "Kiew")
    ingest_all(store)
    wanted = contents(store)
    for name in ("dispatches", "revisions", "quotes", "entities"):
        store.delete(name, [document["_id"] for document in store.find(name)])
    edit(tmp_config, "Kiev")
    ingest_all(store)
    assert _timeless(contents(store)) != _timeless(wanted)
    edit(tmp_config, "Kiew")
    run_reprocess(Request())
    assert _timeless(contents(store)) == _timeless(wanted)


def _timeless(value: Any) -> Any:
    times = {"received_at", "time", "version_key", "first_seen", "last_seen", "as_of"}
    if isinstance(value, dict):
        return {key: _timeless(inner) for key, inner in value.items() if key not in times}
    return [_timeless(inner) for inner in value] if isinstance(value, list) else value


def test_an_edit_undone(store: Store, tmp_config: Path) -> None:
    """An edit that is undone gives back the former collections."""
    ingest_all(store)
    before = contents(store, provenance=True)
    edit(tmp_config, "Kiev, Kiew")
    run_reprocess(Request())
    assert contents(store, provenance=True) != before
    edit(tmp_config, "Kiev")
    done = run_reprocess(Request())
    assert (done.found.compared, done.found.touched, done.run.stored) == (1, 1, 1)
    assert contents(store, provenance=True) == before


def test_nothing_to_do(store: Store, tmp_config: Path) -> None:
    """With the gazetteer unchanged there is nothing to do; after a run there is nothing left to do."""
    ingest_all(store)
    assert run_reprocess(Request()).found.compared == 0
    edit(tmp_config, "Kiev, Kiew")
    run_reprocess(Request())
    again = run_reprocess(Request())
    assert (again.found.compared, again.found.touched, again.run.read) == (3, 0, 0)


def test_what_comes_out_the_same(store: Store, tmp_config: Path) -> None:
    """What is touched and comes out the same is counted as unchanged, and not made again the next time."""
    ingest_all(store)
    before = contents(store)
    path = tmp_config / "gazetteer" / "names.yml"
    path.write_text(path.read_text().replace("variants: [Kiev]", "variants: [Kiev], evidence: [river]"))
    done = run_reprocess(Request())
    assert (done.found.touched, done.run.stored, done.run.unchanged) == (2, 0, 2)
    assert contents(store) == before
    assert run_reprocess(Request()).found.touched == 0


def test_dry_run(store: Store, tmp_config: Path) -> None:
    """A dry run counts what would change, and stores nothing."""
    ingest_all(store)
    before, originals = contents(store, provenance=True), store.count("originals")
    edit(tmp_config, "Kiev, Kiew")
    done = run_reprocess(Request(dry_run=True))
    assert (done.found.touched, done.run.stored) == (1, 1)
    assert contents(store, provenance=True) == before
    assert (store.count("originals"), store.count("runs")) == (originals, 0)


def test_a_missing_snapshot(store: Store, tmp_config: Path) -> None:
    """What the gazetteer was is not known: all dispatches of that version are made again, and the user is told."""
    ingest_all(store, snapshot=False)
    edit(tmp_config, "Kiev, Kiew")
    done = run_reprocess(Request())
    assert (done.found.touched, done.run.stored, done.run.unchanged) == (4, 1, 3)
    assert list(done.found.whole.values()) == ["what the gazetteer was then is not in the store"]


def test_edited_contexts(store: Store, tmp_config: Path) -> None:
    """Edited contexts touch everything."""
    ingest_all(store)
    (tmp_config / "gazetteer" / "contexts.yml").write_text("historic: [World War II]\n")
    done = run_reprocess(Request())
    assert (done.found.touched, done.run.unchanged) == (4, 4)
    assert "contexts" in str(done.found.whole)


def test_another_model(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another model made is made again."""
    ingest_all(store)
    (one,) = store.find("dispatches", {"_id": "desk:rome"})
    for name in ("dispatches", "revisions"):
        id = one["_id"] if name == "dispatches" else one["dispatch_id"]
        store.patch(name, [id], {"provenance": one["provenance"] | {"model_version": "rules-0"}})
    done = run_reprocess(Request())
    assert (done.found.compared, done.found.touched, done.run.unchanged) == (1, 1, 1)
    assert done.found.whole == {"rules-0": "1 made with another model"}
    assert run_reprocess(Request()).found.compared == 0


def test_scope(store: Store, tmp_config: Path) -> None:
    """Source and time narrow what is made again; a source of which nothing is stored is an error."""
    ingest_all(store)
    ingest(store, payload(json.dumps({"text": TEXTS["kiew"]}).encode(), source="wire"))
    edit(tmp_config, "Kiev, Kiew")
    done = run_reprocess(Request(Scope("wire")))
    assert (done.found.compared, list(done.run.sources)) == (1, ["wire"])
    assert run_reprocess(Request(Scope(since=reprocess._now()))).found.compared == 0
    assert run_reprocess(Request()).found.touched == 1
    with pytest.raises(ConfigError, match="no dispatch of source 'nope' is stored"):
        run_reprocess(Request(Scope("nope")))


def test_everything(store: Store) -> None:
    """Everything is made again where that is asked for, whatever its versions."""
    ingest_all(store)
    done = run_reprocess(Request(everything=True))
    assert (done.found.compared, done.found.touched, done.run.unchanged) == (0, 4, 4)


def test_history_stays(store: Store, tmp_config: Path) -> None:
    """Of a story with several revisions the current one is made again, in its place; the former stay as they were."""
    lines = (
        {"id": "s", "text": f"Fair\nKIEW (AP) -- No. {n}.\n", "published_at": f"2024-01-0{n}T00:00Z"} for n in (1, 2, 3)
    )
    items = [payload(json.dumps(line).encode()) for line in lines]
    ingest(store, *items)
    before = {document["_id"]: document for document in store.find("revisions")}
    edit(tmp_config, "Kiev, Kiew")
    assert run_reprocess(Request()).found.touched == 1
    after = {document["_id"]: document for document in store.find("revisions")}
    places = ("revision", "revises", "current", "version_key", "received_at")
    assert [{n: d[n] for n in places} for d in after.values()] == [{n: d[n] for n in places} for d in before.values()]
    assert sorted((d["revision"], "KYIV" in d["text"]) for d in after.values()) == [(1, False), (2, False), (3, True)]


def test_embargoed(store: Store, tmp_config: Path) -> None:
    """What is not to be seen yet is made again too, and stays hidden."""
    line = {"id": "e", "text": TEXTS["kiew"], "status": "embargoed", "embargoed_until": "2199-01-01T00:00Z"}
    ingest(store, payload(json.dumps(line).encode()))
    edit(tmp_config, "Kiev, Kiew")
    done = run_reprocess(Request())
    assert (done.found.compared, done.run.read) == (1, 1)
    assert store.count("dispatches") == 0
    assert "KYIV" in store.find("revisions")[0]["text"]


def test_killed(store: Store, tmp_config: Path) -> None:
    """A killed story has no words that an edit could touch; made again, it stays a tombstone."""
    ingest(
        store, payload(json.dumps({"id": "k", "text": TEXTS["kiew"], "signal": "kill", "status": "killed"}).encode())
    )
    edit(tmp_config, "Kiev, Kiew")
    assert run_reprocess(Request()).found.touched == 0
    run_reprocess(Request(everything=True))
    (document,) = store.find("dispatches")
    assert (document["status"], document["text"]) == ("killed", "")


def several(payload: Payload) -> list[Any]:
    """A reader of inputs with several items."""
    from schemas.raw import RawDispatch

    return [
        RawDispatch(text_raw=item["text"], encoding="utf-8", feed_id=item["id"], item=f"item {number}")
        for number, item in enumerate(json.loads(payload.data), 1)
    ]


def test_an_input_of_several_items(store: Store, tmp_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dispatch finds its own item in an input that holds several; the input is read once."""
    monkeypatch.setitem(several_readers(), "several", several)
    data = json.dumps([{"id": id, "text": f"{text}Also in Kiew."} for id, text in TEXTS.items()]).encode()
    ingest(store, payload(data, format="several"))
    places = {document["_id"]: document["provenance"]["uri"] for document in store.find("revisions")}
    assert sorted(places.values()) == [f"in/a.jsonl#item {number}" for number in (1, 2, 3, 4)]
    edit(tmp_config, "Kiev, Kiew")
    calls: list[str] = []
    load = remake_module.load_original
    monkeypatch.setattr(remake_module, "load_original", lambda s, sha: calls.append(sha) or load(s, sha))
    assert run_reprocess(Request()).run.stored == 4
    assert len(calls) == 1
    assert {document["_id"]: document["provenance"]["uri"] for document in store.find("revisions")} == places
    assert all("Also in Kyiv." in text for text in texts(store).values())


def several_readers() -> dict[str, Any]:
    from flows import read

    return read._READERS


def test_a_reader_that_tells_more(store: Store, tmp_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An item that has another id since its reader tells more is known by its story and text; it keeps its id."""
    data = json.dumps([{"id": "a", "text": TEXTS["kiew"]}]).encode()
    with monkeypatch.context() as patch:
        patch.setitem(several_readers(), "several", several)
        ingest(store, payload(data, format="several"))
    (before,) = store.find("revisions")

    def wiser(payload: Payload) -> list[Any]:
        return [raw.model_copy(update={"urgency": 3}) for raw in several(payload)]

    monkeypatch.setitem(several_readers(), "several", wiser)
    edit(tmp_config, "Kiev, Kiew")
    assert run_reprocess(Request()).run.stored == 1
    (after,) = store.find("revisions")
    assert (after["_id"], after["content_hash"], after["urgency"]) == (before["_id"], before["content_hash"], 3)


@pytest.mark.parametrize("how", ["gone", "damaged", "reads differently", "cannot be read", "no reader"])
def test_what_cannot_be_made_again(store: Store, tmp_config: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """A dispatch that cannot be made again stays as it is, with its rejection; the others are made again."""
    ingest_all(store)
    ingest(store, payload(json.dumps({"id": "lost", "text": TEXTS["kiew"]}).encode(), "line 9"))
    (lost,) = store.find("revisions", {"story_id": "desk:lost"})
    sha = lost["provenance"]["original"]
    if how == "gone":
        store.delete("originals", [sha])
    elif how == "damaged":
        store.put("originals", [store.get("originals", [sha])[sha] | {"data": b"junk"}])
    else:
        jsonl = several_readers()["jsonl"]

        def changed(payload: Payload) -> Any:
            if payload.original != sha:
                return jsonl(payload)
            if how == "no reader":
                raise KeyError(payload.format)
            other = b"{" if how == "cannot be read" else b'{"id": "lost", "text": "Other."}'
            return jsonl(payload.model_copy(update={"data": other}))

        monkeypatch.setitem(several_readers(), "jsonl", changed)
    edit(tmp_config, "Kiev, Kiew")
    for attempt in (1, 2):  # it is tried again by the next run
        done = run_reprocess(Request())
        assert (done.run.read, done.run.rejected) == (3 - attempt, 1)
    (rejection,) = store.find("rejections")
    assert rejection["reason"] == ("original_missing" if how in ("gone", "damaged") else "not_in_original")
    assert (rejection["uri"], rejection["item"], rejection["original"]) == ("in/a.jsonl", "line 9", sha)
    assert store.find("revisions", {"story_id": "desk:lost"}) == [lost]
    assert "KYIV" in texts(store)["desk:kiew"]


def test_a_refused_document(store: Store, tmp_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that the store refuses costs no other."""
    from flows.store.interface import DocumentError

    ingest_all(store)
    save_many = remake_module.save_many

    def picky(store: Store, dispatches: list[Any], *, replace: bool = False, **more: Any) -> Any:
        if any("Fair" in dispatch.text for dispatch in dispatches):
            raise DocumentError("too fair")
        return save_many(store, dispatches, replace=replace, **more)

    monkeypatch.setattr(remake_module, "save_many", picky)
    edit(tmp_config, "Kiew")
    done = run_reprocess(Request())
    assert (done.run.stored, done.run.rejected, done.run.rejected_by_reason) == (1, 1, {"refused_by_store": 1})
    assert "KIEW" in texts(store)["desk:kiew"]


def test_failure_and_repeat(store: Store, tmp_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that fails in between says so in its report; a repeat does the rest, and the collections are the same."""
    monkeypatch.setenv("DISPATCHES_BATCH_SIZE", "1")
    ingest_all(store)
    edit(tmp_config, "Kiew")
    remake, calls = reprocess.remake, []

    def failing(ids: list[str], job: Job) -> Any:
        calls.append(ids)
        if len(calls) == 2:
            raise StoreUnavailable("gone")
        return remake(ids, job)

    with monkeypatch.context() as patch, pytest.raises(StoreUnavailable):
        patch.setattr(reprocess, "remake", failing)
        run_reprocess(Request())
    (failed,) = store.find("runs")
    assert (failed["state"], failed["message"], failed["read"]) == ("failed", "gone", 1)
    assert run_reprocess(Request()).run.read == 1
    assert texts(store)["desk:kiev"].startswith("Talks\nKIEV")
    assert texts(store)["desk:kiew"].startswith("Fair\nKYIV")
    assert store.count("revisions", {"settled": False}) == 0


def test_killed_at_any_write(store: Store, tmp_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is stopped at any write, and repeated, ends in the same collections as one that was not."""
    ingest_all(store)
    edit(tmp_config, "Kiew")
    originals = {d["_id"]: d for name in ("originals",) for d in store.find(name)}
    before = {name: store.find(name) for name in ("dispatches", "revisions", "quotes", "entities")}
    run_reprocess(Request())
    wanted = contents(store, provenance=True)
    names = ("put", "insert_new", "patch", "delete")
    plain = {name: getattr(type(store), name) for name in names}
    for stop in range(1, 60):
        for name, documents in before.items():
            store.delete(name, [document["_id"] for document in store.find(name)])
            store.put(name, documents)
        assert set(originals) <= {document["_id"] for document in store.find("originals")}
        written = [0]

        def dying(name: str, written: list[int] = written, stop: int = stop) -> Callable[..., Any]:
            def method(self: Store, *args: Any) -> Any:
                written[0] += 1
                if written[0] >= stop:
                    raise KeyboardInterrupt
                return plain[name](self, *args)

            return method

        with monkeypatch.context() as patch:
            for name in names:
                patch.setattr(type(store), name, dying(name))
            try:
                run_reprocess(Request())
            except KeyboardInterrupt:
                pass
            else:
                assert stop > 8
                break
        run_reprocess(Request())
        assert contents(store, provenance=True) == wanted, stop
    else:
        pytest.fail("the run has more writes than were tried")


def test_killed_and_repeated(tmp_config: Path, tmp_path: Path) -> None:
    """A process that is killed outright loses nothing: the next run does the rest."""
    edit(tmp_config, "Kiev")
    store = open_store(str(tmp_path / "news.db"))
    store.prepare()
    lines = (json.dumps({"id": str(n), "text": f"Fair\nOSLO (AP) -- No. {n} in Kiew.\n"}).encode() for n in range(40))
    ingest(store, *map(payload, lines))
    edit(tmp_config, "Kiev, Kiew")
    program = (
        "from flows.reprocess import Request, run_reprocess\n"
        "run_reprocess(Request(), lambda report, share: print(report.read, flush=True))\n"
    )
    env = {**os.environ, "DISPATCHES_BATCH_SIZE": "1", "DO_NOT_TRACK": "1"}
    with subprocess.Popen([sys.executable, "-c", program], env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout
        while process.stdout.readline().strip() != b"9":
            assert process.poll() is None
        process.kill()
        process.communicate(timeout=60)
    left = sum("Kiew" in text for text in texts(store).values())
    assert 0 < left < 40
    assert run_reprocess(Request()).run.read in (left, left + 1)
    assert not any("Kiew" in text for text in texts(store).values())
    (kyiv,) = store.find("entities", {"_id": "place:kyiv"})
    assert (kyiv["names"], kyiv["dispatch_count"]) == (["Kiew", "Kyiv"], 40)
    store.close()


def test_no_password_in_the_report(store: Store, tmp_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password in an error's text is masked, in the report and in what is raised."""
    uri = "mongodb://me:secret@host/db"
    ingest_all(store)
    edit(tmp_config, "Kiew")
    monkeypatch.setenv("DISPATCHES_STORE", uri)
    monkeypatch.setattr(reprocess, "open_store", lambda *_: store)
    monkeypatch.setattr(store, "close", lambda: None)

    def failing(*_: object) -> None:
        raise ValueError(f"odd: {uri}")

    monkeypatch.setattr(reprocess, "remake", failing)
    with pytest.raises(DispatchesError, match=r"odd: mongodb://me:\*\*\*@host/db"):
        run_reprocess(Request())
    (run,) = store.find("runs")
    assert "secret" not in str(run)


@pytest.mark.prefect
def test_as_a_flow(prefect: str, tmp_config: Path, tmp_path: Path) -> None:
    """The flow does the same, under the id of its run."""
    edit(tmp_config, "Kiev")
    store = open_store(str(tmp_path / "news.db"))
    store.prepare()
    ingest_all(store)
    edit(tmp_config, "Kiev, Kiew")
    done = reprocess.reprocess_dispatches()
    assert (done.found.touched, done.run.stored) == (1, 1)
    (run,) = store.find("runs")
    assert (run["_id"], run["flow"]) == (done.run.run_id, "reprocess-dispatches")
    store.close()
