"""The whole run, without Prefect and with it."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows import ingest
from flows.batch import run_batch
from flows.errors import ConfigError, DispatchesError, StoreUnavailable
from flows.ingest import run_ingest
from flows.inputs import Batch, Request
from flows.store import Store, open_store
from flows.tally import Tally
from schemas.run import RunReport

GOOD = 'Talks Go On\nKIEV, Ukraine (AP) -- Sergei Lavrov arrived.\n"We are waiting," Lavrov said.\n'


def another(number: int) -> str:
    """Return a dispatch unlike the others: like texts would be versions of one story."""
    words = hashlib.sha256(str(number).encode()).hexdigest()
    names = [words[at : at + 6].translate(str.maketrans("0123456789", "ghijklmnop")).title() for at in range(0, 60, 6)]
    return (
        f"{names[0]} {names[1]} Opens in {names[2]}\n"
        f"KIEV, Ukraine (AP) -- {names[3]} {names[4]} {number} met {names[5]} in {names[6]}.\n"
        f'"We are {names[7]} and {names[8]}," {names[9]} said.\n'
    )


@pytest.fixture
def inbox(tmp_config: Path, tmp_path: Path) -> Path:
    """A folder with an empty file, binary junk, a huge line, broken JSON, and three good dispatches."""
    folder = tmp_path / "in"
    (folder / "empty.txt").write_bytes(b"")
    (folder / "junk.bin").write_bytes(bytes(range(256)) * 9)
    (folder / "huge.jsonl").write_text('{"id": "h", "text": "' + "x" * 9_000_000 + '"}\n{"id": "b", "text": "Fine."}\n')
    (folder / "broken.jsonl").write_text('{"id": "c", "text": \n{"id": "d", "text": "Good news."}\n')
    (folder / "good.txt").write_text(GOOD)
    return folder


@pytest.fixture
def store(tmp_config: Path, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(str(tmp_path / "news.db"))
    yield opened
    opened.close()


def contents(store: Store) -> dict[str, Any]:
    """What is in the collections, run ids and times of receipt aside."""
    passing = {"run_id", "received_at", "first_seen", "last_seen", "time", "version_key", "as_of"}

    def clean(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: clean(inner) for key, inner in value.items() if key not in passing}
        return [clean(inner) for inner in value] if isinstance(value, list) else value

    names = ("dispatches", "revisions", "quotes", "entities", "rejections", "originals")
    return {name: sorted(map(clean, store.find(name)), key=lambda document: str(document["_id"])) for name in names}


@pytest.mark.usefixtures("no_server")
class TestWithoutPrefect:
    """No server is configured: the run needs none."""

    def test_run_and_repeat(self, inbox: Path, store: Store) -> None:
        """The good is stored, the rest rejected with its reasons; a repeat stores nothing."""
        first = run_ingest(Request())
        assert first.state == "completed"
        assert first.totals.model_dump() == {"read": 7, "stored": 3, "unchanged": 0, "superseded": 0, "rejected": 4}
        assert first.rejected_by_reason == {"empty": 1, "binary": 1, "too_large": 1, "invalid_json": 1}
        before = contents(store)
        second = run_ingest(Request())
        assert second.totals.model_dump() == {"read": 7, "stored": 0, "unchanged": 3, "superseded": 0, "rejected": 4}
        assert contents(store) == before
        assert {run["state"] for run in store.find("runs")} == {"completed"}
        assert {run["_id"] for run in store.find("runs")} == {first.run_id, second.run_id}
        assert store.count("revisions", {"settled": False}) == 0

    def test_progress(self, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Progress rises to 1, with the report so far; the last one is the report."""
        monkeypatch.setenv("DISPATCHES_BATCH_SIZE", "2")
        seen: list[tuple[RunReport, float]] = []
        report = run_ingest(Request(), lambda report, share: seen.append((report, share)))
        assert [part.read for part, _ in seen] == [2, 4, 6, 7, 7]
        assert [share for _, share in seen] == sorted(share for _, share in seen)
        assert seen[-1] == (report, 1.0)

    def test_dry_run(self, inbox: Path, store: Store) -> None:
        """A dry run stores nothing, not even its report."""
        report = run_ingest(Request(dry_run=True))
        assert (report.stored, report.rejected, report.dry_run) == (3, 4, True)
        assert store.count("runs") + store.count("revisions") + store.count("rejections") == 0

    def test_adhoc_paths(self, inbox: Path) -> None:
        """Paths without a source count as source `adhoc`."""
        report = run_ingest(Request((str(inbox / "good.txt"),)))
        assert list(report.sources) == ["adhoc"]

    def test_unknown_source(self, tmp_config: Path) -> None:
        """A source that is not configured is an error of the request."""
        with pytest.raises(ConfigError, match="no source 'nope'"):
            run_ingest(Request(source="nope"))

    def test_failure_is_reported(self, inbox: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """A run that fails says why in its report, with what was done before; a repeat does the rest."""
        monkeypatch.setenv("DISPATCHES_BATCH_SIZE", "2")
        calls: list[int] = []

        def failing(batch: Batch, job: Any) -> Tally:
            calls.append(batch.number)
            if batch.number == 3:
                raise StoreUnavailable("the store is gone")
            return run_batch(batch, job)

        with monkeypatch.context() as patch, pytest.raises(StoreUnavailable):
            patch.setattr(ingest, "run_batch", failing)
            run_ingest(Request())
        assert calls == [1, 2, 3]
        (run,) = store.find("runs")
        assert (run["state"], run["message"], run["read"]) == ("failed", "the store is gone", 4)
        assert run_ingest(Request()).state == "completed"
        assert store.count("revisions") == 3

    def test_no_password_in_the_report(self, inbox: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """A password in an error's text is masked, in the report and in what is raised."""
        uri = "mongodb://me:secret@host/db"
        monkeypatch.setenv("DISPATCHES_STORE", uri)
        monkeypatch.setattr(ingest, "open_store", lambda location, database: store)
        monkeypatch.setattr(store, "close", lambda: None)

        def failing(*args: object) -> None:
            raise ValueError(f"odd: {uri}")

        monkeypatch.setattr(ingest, "run_batch", failing)
        with pytest.raises(DispatchesError, match=r"odd: mongodb://me:\*\*\*@host/db") as caught:
            run_ingest(Request())
        assert caught.value.__cause__ is None
        (run,) = store.find("runs")
        assert run["message"] == "ValueError: odd: mongodb://me:***@host/db"

    @pytest.mark.parametrize(("number", "code", "state"), [
        (signal.SIGTERM, 143, "failed"), (signal.SIGINT, 130, "failed"), (signal.SIGKILL, -9, "running"),
    ])  # fmt: skip
    def test_stopped_and_repeated(
        self, inbox: Path, store: Store, monkeypatch: pytest.MonkeyPatch, number: int, code: int, state: str
    ) -> None:
        """A run that is stopped, however, and then repeated ends in the same collections as one that was not."""
        for copy in range(40):
            (inbox / f"more-{copy}.txt").write_text(another(copy))
        program = (
            "import signal, sys\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "from flows.ingest import Request, run_ingest\n"
            "try: run_ingest(Request(), lambda report, share: print(report.read, flush=True))\n"
            "except KeyboardInterrupt: sys.exit(130)\n"
        )
        env = {**os.environ, "DISPATCHES_BATCH_SIZE": "1", "DO_NOT_TRACK": "1"}
        env.pop("PREFECT_API_URL", None)
        with subprocess.Popen([sys.executable, "-c", program], env=env, stdout=subprocess.PIPE) as process:
            assert process.stdout
            while process.stdout.readline().strip() != b"15":
                assert process.poll() is None
            process.send_signal(number)
            process.communicate(timeout=60)
        assert process.returncode == code
        assert [run["state"] for run in store.find("runs")] == [state]
        assert 0 < store.count("revisions") < 43
        assert run_ingest(Request()).state == "completed"
        interrupted = contents(store)
        undisturbed = open_store(str(inbox.parent / "other.db"))
        monkeypatch.setenv("DISPATCHES_STORE", str(inbox.parent / "other.db"))
        run_ingest(Request())
        assert contents(undisturbed) == interrupted
        undisturbed.close()

    def test_two_at_once(self, inbox: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two processes that ingest the same folder at once leave the same collections as one."""
        for copy in range(20):
            (inbox / f"more-{copy}.txt").write_text(another(copy))
        program = "from flows.ingest import Request, run_ingest; run_ingest(Request())"
        env = {**os.environ, "DISPATCHES_BATCH_SIZE": "3", "DO_NOT_TRACK": "1"}
        env.pop("PREFECT_API_URL", None)
        both = [subprocess.Popen([sys.executable, "-c", program], env=env) for _ in range(2)]
        assert [process.wait(60) for process in both] == [0, 0]
        together = contents(store)
        monkeypatch.setenv("DISPATCHES_STORE", str(inbox.parent / "other.db"))
        run_ingest(Request())
        alone = open_store(str(inbox.parent / "other.db"))
        assert contents(alone) == together
        alone.close()


def results(fates: list[int | Exception], most: int) -> tuple[list[int], list[int], Exception | None]:
    """Run `_results` on batches that end so; what was submitted, what came out, and what was raised."""
    submitted: list[int] = []

    def submit(batch: Any) -> Any:
        submitted.append(batch)

        def result() -> Any:
            fate = fates[batch - 1]
            if isinstance(fate, Exception):
                raise fate
            return fate

        return result

    came: list[int] = []
    try:
        for _, part in ingest._results(range(1, len(fates) + 1), submit, most):  # type: ignore[arg-type]
            came.append(part)  # type: ignore[arg-type]
    except StoreUnavailable as error:
        return submitted, came, error
    return submitted, came, None


def test_results_after_a_failure() -> None:
    """After a failure nothing is submitted, and what is under way is still counted."""
    gone = StoreUnavailable("gone")
    assert results([10, 20, 30], 2) == ([1, 2, 3], [10, 20, 30], None)
    assert results([10, gone, 30, 40], 2) == ([1, 2, 3], [10, 30], gone)
    assert results([gone, 20, 30], 1) == ([1], [], gone)


@pytest.mark.prefect
class TestWithPrefect:
    """A server is configured: the run is a flow run there."""

    def test_history(self, prefect: str, inbox: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """The flow run has the report's id, its parameters, its tasks, and its report as an artifact; no secret."""
        from prefect.client.orchestration import get_client
        from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

        monkeypatch.setenv("DISPATCHES_BATCH_SIZE", "3")
        seen: list[float] = []
        report = run_ingest(Request((str(inbox),), force=True), lambda report, share: seen.append(share))
        assert (report.stored, report.rejected) == (3, 4)
        assert seen[-1] == 1.0
        with get_client(sync_client=True) as client:
            run = client.read_flow_run(report.run_id)  # type: ignore[arg-type]
            assert run.state and run.state.is_completed()
            assert run.parameters == {"paths": [str(inbox)], "source": None, "force": True, "dry_run": False}
            mine = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
            artifacts = {artifact.key: artifact.data for artifact in client.read_artifacts(artifact_filter=mine)}
        assert "| adhoc | 7 | 3 | 0 | 0 | 4 |" in str(artifacts["ingest-report"])
        assert store.find("runs")[0]["_id"] == report.run_id

    def test_same_collections(self, prefect: str, inbox: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """With Prefect and without, the same input ends in the same collections."""
        from prefect.settings import PREFECT_API_URL, temporary_settings

        run_ingest(Request())
        monkeypatch.setenv("DISPATCHES_STORE", str(inbox.parent / "other.db"))
        with temporary_settings({PREFECT_API_URL: None}):
            run_ingest(Request())
        other = open_store(str(inbox.parent / "other.db"))
        assert contents(other) == contents(store)
        other.close()

    def test_failure(self, prefect: str, inbox: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """A flow that fails raises what failed, once, and reports it."""

        def failing(*args: object) -> None:
            raise StoreUnavailable("no luck")

        monkeypatch.setattr(ingest, "due", failing)
        with pytest.raises(StoreUnavailable, match="no luck"):
            run_ingest(Request())
        (run,) = store.find("runs")
        assert (run["state"], run["message"]) == ("failed", "no luck")

    def test_server_lost_at_the_end(self, prefect: str, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A server that is gone when the flow ends does not take the report with it."""
        flow = ingest.ingest_dispatches

        def lost(*args: Any) -> None:
            flow(*args)
            raise ConnectionError("gone")

        monkeypatch.setattr(ingest, "ingest_dispatches", lost)
        assert run_ingest(Request()).state == "completed"

    def test_server_lost_on_the_way(
        self, prefect: str, inbox: Path, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A run that ends because the server is gone is done again without it: what it stored is recognised."""

        def lost(*args: object) -> None:
            raise httpx.ConnectError("gone")

        with monkeypatch.context() as patch:
            patch.setattr(ingest, "settle_store", lost)
            report = run_ingest(Request())
        assert report.state == "completed"
        assert sorted(run["state"] for run in store.find("runs")) == ["completed", "failed"]
        assert store.count("revisions", {"settled": False}) == 0

    def test_server_that_does_not_answer(self, inbox: Path, store: Store, caplog: pytest.LogCaptureFixture) -> None:
        """A configured server that does not answer is named in a warning, and the run goes on without it."""
        from prefect.settings import PREFECT_API_URL, temporary_settings

        started = time.monotonic()
        with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
            assert run_ingest(Request()).state == "completed"
        assert "http://127.0.0.1:9/api does not answer" in caplog.text
        assert time.monotonic() - started < 15
        assert store.count("runs") == 1
