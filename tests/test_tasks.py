"""What Prefect adds: retries for what may pass, and artifacts that a server may refuse."""

import datetime as dt
from typing import Any

import pytest
from prefect import flow
from prefect.utilities.annotations import quote

from flows import tasks
from flows.errors import ConfigError, StoreUnavailable
from flows.tally import Tally
from schemas.run import Counts, RunReport

NOW = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
REPORT = RunReport(
    run_id="r1", flow="ingest-dispatches", state="completed", started_at=NOW, finished_at=NOW + dt.timedelta(seconds=2),
    read=3, stored=2, rejected=1, sources={"desk": Counts(read=3, stored=2, rejected=1)},
    rejected_by_reason={"empty": 1}, rejected_by_stage={"read": 1}, seconds_by_stage={"read": 0.5}, names=4,
)  # fmt: skip


class Two:
    """Stands for a batch: all that the task itself looks at."""

    number = 2


@pytest.mark.prefect
@pytest.mark.parametrize(
    ("error", "attempts", "passes"),
    [(StoreUnavailable("gone"), 3, True), (ConfigError("wrong"), 1, False), (ValueError("a fault"), 1, False)],
)
def test_retries(prefect: str, monkeypatch: pytest.MonkeyPatch, error: Exception, attempts: int, passes: bool) -> None:
    """A batch is tried again when the store does not answer, and for nothing else."""
    calls: list[int] = []

    def flaky(batch: Any, job: Any) -> Tally:
        calls.append(1)
        if len(calls) < 3:
            raise error
        return Tally(names=7)

    monkeypatch.setattr(tasks, "run_batch", flaky)
    task = tasks.process_batch.with_options(retry_delay_seconds=0)

    @flow
    def one() -> Any:
        return task.submit(quote(Two()), quote(None)).result(raise_on_failure=False)  # type: ignore[call-overload]

    state: Any = one(return_state=True)
    result = state.result(raise_on_failure=False)
    assert len(calls) == attempts
    assert (isinstance(result, Tally) and result.names == 7) is passes


def test_markdown() -> None:
    """The report shows its totals per source, its rejections by reason, and its times."""
    text = tasks.markdown(REPORT)
    assert "| desk | 3 | 2 | 0 | 0 | 1 |" in text
    assert "| empty | 1 |" in text
    assert "| read | 0.50 |" in text
    assert "4 names changed" in text
    assert "in 2.0 seconds" in text


def test_markdown_of_a_failure() -> None:
    """A failed run shows why, and a dry run says that nothing was stored."""
    text = tasks.markdown(REPORT.model_copy(update={"state": "failed", "message": "no store", "dry_run": True}))
    assert "Ingest failed, a dry run" in text
    assert "**no store**" in text


@pytest.mark.prefect
def test_a_server_that_is_gone_costs_the_artifacts_only(prefect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the server takes no artifact, publishing goes on in silence."""
    tried: list[str] = []

    def gone(*args: object, **more: object) -> None:
        tried.append("")
        raise ConnectionError

    monkeypatch.setattr(tasks, "create_progress_artifact", gone)
    monkeypatch.setattr(tasks, "create_markdown_artifact", gone)

    @flow
    def publishing() -> None:
        publish = tasks.artifacts()
        for share in (0.1, 0.5, 0.9):
            publish(REPORT.model_copy(update={"state": "running"}), share)
        publish(REPORT, 1.0)

    publishing()
    assert len(tried) == 2  # progress once, then no more; the report at the end all the same
