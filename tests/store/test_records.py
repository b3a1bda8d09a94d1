"""Original bytes, rejections, runs."""

import hashlib
import random
from types import ModuleType

import pytest

from flows.errors import DispatchesError
from flows.store import Store
from flows.store.queries import find_rejections, find_runs
from flows.store.stories import load_original, save_originals, save_rejections, save_run
from schemas.rejection import Rejection, RejectionError
from schemas.run import RunReport


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_originals_come_back_small_empty_and_large(store: Store) -> None:
    large = random.Random(1).randbytes(17_000_000)  # compresses to more than a document of MongoDB holds
    contents = {sha(content): content for content in (b"", b"KYIV\r\n\x00\xff", b"a" * 9_000_000, large)}
    save_originals(store, contents)
    assert store.count("originals") == 6
    save_originals(store, contents)
    assert store.count("originals") == 6
    for name, content in contents.items():
        assert load_original(store, name) == content


def test_an_original_that_is_missing_or_damaged_is_told(store: Store) -> None:
    with pytest.raises(DispatchesError, match="no original"):
        load_original(store, sha(b"x"))
    save_originals(store, {sha(b"x"): b"y"})
    with pytest.raises(DispatchesError, match="damaged"):
        load_original(store, sha(b"x"))


def test_a_head_without_its_tail_is_never_seen(store: Store) -> None:
    large = random.Random(2).randbytes(9_000_000)
    save_originals(store, {sha(large): large})
    store.delete("originals", [sha(large)])  # as if the process had died before the head
    save_originals(store, {sha(large): large})
    assert load_original(store, sha(large)) == large


def rejection(make: ModuleType, seen: float, **fields: object) -> Rejection:
    values = {
        "id": "r1",
        "stage": "read",
        "reason": "empty",
        "errors": (RejectionError(loc="input", type="empty", message="no text"),),
        "source": "wire",
        "uri": "file:///1",
        "first_seen": make.minutes(seen),
        "last_seen": make.minutes(seen),
    }
    return Rejection.model_validate(values | fields)


def test_a_rejection_met_again_keeps_its_past(store: Store, make: ModuleType) -> None:
    save_rejections(store, [rejection(make, 1)])
    store.patch("rejections", ["r1"], {"status": "discarded", "attempts": 3})
    save_rejections(store, [rejection(make, 5, reason="binary"), rejection(make, 4, id="r2")])
    first, second = find_rejections(store)
    assert (first["_id"], first["status"], first["attempts"], first["reason"]) == ("r1", "discarded", 3, "binary")
    assert (first["first_seen"], first["last_seen"]) == (make.minutes(1), make.minutes(5))
    assert second["_id"] == "r2"
    assert [found["_id"] for found in find_rejections(store, status="open", reason="empty")] == ["r2"]
    save_rejections(store, [rejection(make, 2)])
    assert find_rejections(store, limit=1)[0]["last_seen"] == make.minutes(5)


def test_a_run_is_kept_once(store: Store, make: ModuleType) -> None:
    for number, state in ((1, "running"), (2, "running"), (1, "completed")):
        started = make.minutes(number)
        save_run(store, RunReport(run_id=f"run-{number}", flow="ingest", state=state, started_at=started))
    assert [(run["_id"], run["state"]) for run in find_runs(store)] == [("run-2", "running"), ("run-1", "completed")]
    assert len(find_runs(store, limit=1)) == 1
