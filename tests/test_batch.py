"""One batch: what is in it, and what becomes of it."""

import datetime as dt
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from flows import batch as batch_module
from flows.batch import Job, run_batch
from flows.errors import StoreUnavailable
from flows.gather import Passed
from flows.inputs import Batch
from flows.process import load_engine
from flows.settings import load_settings
from flows.store import Store, open_store
from flows.store.entities import settle
from flows.store.interface import DocumentError
from flows.store.records import load_original
from flows.store.stories import save_many
from flows.tally import Tally
from schemas.raw import Payload, Refusal
from schemas.rejection import RejectionError
from schemas.run import Counts

NOW = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
TEXT = 'KIEV (AP) -- Sergei Lavrov arrived.\n"We are waiting," Lavrov said.\n'


@pytest.fixture
def job(tmp_config: Path) -> Iterator[Job]:
    settings = load_settings()
    store = open_store(settings.store)
    store.prepare()
    yield Job("run", load_engine(settings), store, force=False, dry_run=False)
    store.close()


def payload(text: str = TEXT, **fields: Any) -> Payload:
    data = json.dumps({"text": text, **fields}).encode()
    return Payload(source="desk", uri="in.jsonl", item=f"line {len(data)}", format="jsonl", data=data,
                   original=sha256(data).hexdigest())  # fmt: skip


def batch(*items: Payload | Refusal, later: int = 0) -> Batch:
    return Batch(1, items, 0, NOW + dt.timedelta(seconds=later))


def total(tally: Tally) -> dict[str, int]:
    return {name: n for name, n in sum(tally.sources.values(), Counts()) if n}


def test_every_item_is_counted(job: Job) -> None:
    """Stored, unchanged and rejected items add up; what is stored has its original."""
    error = RejectionError(loc="input", type="empty", message="nothing in it")
    lost = Refusal(stage="read", reason="empty", errors=(error,), source="other", uri="x", data=b"", original="00")
    tally = run_batch(batch(payload(id="a"), payload(id="a"), payload(text=""), lost), job)
    assert total(tally) == {"read": 4, "stored": 1, "unchanged": 1, "rejected": 2}
    assert tally.sources["other"] == Counts(read=1, rejected=1)
    assert tally.rejected_by_reason == {"empty": 2}
    assert tally.rejected_by_stage == {"read": 2}
    assert tally.names == 2
    assert set(tally.seconds_by_stage) == {"read", "normalize", "validate", "enrich", "store"}
    (found,) = job.store.find("revisions")
    assert load_original(job.store, found["provenance"]["original"]) == payload(id="a").data
    assert job.store.count("rejections") == 2
    assert load_original(job.store, payload(text="").original) == payload(text="").data


def test_files_are_counted(job: Job) -> None:
    """What became of the items of each file, and of the files that were passed over, is told."""
    items = (payload(id="a"), payload(text=""), payload(id="a"), payload(id="b"))
    passed = (Passed("desk", 3, 10), Passed("old", 2, 10))
    made = run_batch(Batch(1, items, 0, NOW, files=(0, 0, 1, 2), passed=passed, waiting=4), job)
    assert {number: counts.model_dump(exclude_defaults=True) for number, counts in made.files.items()} == {
        0: {"read": 2, "stored": 1, "rejected": 1},
        1: {"read": 1, "unchanged": 1},
        2: {"read": 1, "stored": 1},
    }
    assert (made.passed_over, made.waiting) == (2, 4)
    assert made.sources == {
        "desk": Counts(read=7, stored=2, unchanged=4, rejected=1),
        "old": Counts(read=2, unchanged=2),
    }
    assert made.rejections == {rejection["_id"] for rejection in job.store.find("rejections")}
    assert type(Tally() + made) is Tally


def test_known_input_is_not_processed(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stored and settled is recognised before any work is done on it."""
    run_batch(batch(payload()), job)
    settle(job.store)
    monkeypatch.setattr(batch_module, "process", None)
    assert total(run_batch(batch(payload()), job)) == {"read": 1, "unchanged": 1}


def test_force(job: Job) -> None:
    """Forced, what is known is processed and stored again."""
    run_batch(batch(payload()), job)
    settle(job.store)
    forced = Job("run2", job.engine, job.store, force=True, dry_run=False)
    assert total(run_batch(batch(payload(), payload(), later=9), forced)) == {"read": 2, "stored": 1, "unchanged": 1}
    assert job.store.count("revisions") == 1
    assert job.store.find("dispatches")[0]["provenance"]["run_id"] == "run2"


def test_dry_run(job: Job) -> None:
    """A dry run counts what would be stored, and stores nothing."""
    dry = Job("run", job.engine, job.store, force=False, dry_run=True)
    tally = run_batch(batch(payload(), payload(text="")), dry)
    assert total(tally) == {"read": 2, "stored": 1, "rejected": 1}
    for collection in ("revisions", "dispatches", "quotes", "originals", "rejections"):
        assert job.store.count(collection) == 0


def test_revisions_without_a_date_keep_their_order(job: Job) -> None:
    """Of the revisions of a story that carry no date, the last one read is current, in a batch and across batches."""
    texts = [f"{TEXT}Version {number}.\n" for number in range(6)]
    run_batch(batch(*(payload(text, id="s") for text in texts[:4])), job)
    assert job.store.find("dispatches")[0]["text_raw"] == texts[3]
    run_batch(batch(*(payload(text, id="s") for text in texts[4:]), later=1), job)
    assert job.store.find("dispatches")[0]["text_raw"] == texts[5]


def test_superseded(job: Job) -> None:
    """A revision that arrives late is stored as history, and counted so."""
    run_batch(batch(payload(id="s", published_at="2024-02-02T00:00:00Z")), job)
    late = payload(TEXT + "Old.\n", id="s", published_at="2024-01-01T00:00:00Z")
    assert total(run_batch(batch(late), job)) == {"read": 1, "superseded": 1}


def test_one_refused_document_costs_no_other(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the store refuses becomes a rejection of the store's stage; the rest of the batch is stored."""

    def picky(store: Store, dispatches: list[Any], *, replace: bool = False, **more: Any) -> list[Any]:
        if any("Odd" in dispatch.text for dispatch in dispatches):
            raise DocumentError("text: too odd")
        return save_many(store, dispatches, replace=replace, **more)

    monkeypatch.setattr(batch_module, "save_many", picky)
    tally = run_batch(batch(payload(id="a"), payload("Odd.\n", id="b"), payload(id="c")), job)
    assert total(tally) == {"read": 3, "stored": 2, "rejected": 1}
    (rejection,) = job.store.find("rejections")
    assert (rejection["stage"], rejection["reason"]) == ("store", "refused_by_store")
    assert rejection["errors"][0]["message"] == "text: too odd"
    assert load_original(job.store, rejection["original"]) == payload("Odd.\n", id="b").data


@pytest.mark.parametrize("function", ["known", "save_originals", "save_many", "save_rejections"])
def test_a_batch_can_be_repeated(job: Job, monkeypatch: pytest.MonkeyPatch, function: str) -> None:
    """A store that fails at any step raises, and the next attempt stores all, once."""

    def fail(*args: object, **more: object) -> None:
        raise StoreUnavailable("gone")

    whole = batch(payload(id="a"), payload(id="b"), payload(text=""))
    with monkeypatch.context() as patch, pytest.raises(StoreUnavailable):
        patch.setattr(batch_module, function, fail)
        run_batch(whole, job)
    assert total(run_batch(whole, job)) == {"read": 3, "stored": 2, "rejected": 1}
    assert job.store.count("revisions") == 2
    assert job.store.count("rejections") == 1


def test_tallies_add_up() -> None:
    """Two tallies add up by source, reason and stage."""
    one = Tally(sources={"a": Counts(read=1, stored=1)}, rejected_by_reason={"x": 1}, names=1)
    two = Tally(sources={"a": Counts(read=2, stored=2), "b": Counts(read=1, rejected=1)}, rejected_by_reason={"y": 1})
    both = one + two
    assert both.sources == {"a": Counts(read=3, stored=3), "b": Counts(read=1, rejected=1)}
    assert both.rejected_by_reason == {"x": 1, "y": 1}
    assert both.names == 1
    assert one + Tally() == one
