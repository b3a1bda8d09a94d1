"""What Prefect adds to the plain functions: retries, run history, artifacts, an asset. No logic of our own here.

Tasks run in threads of the flow's process and share its engine and its store. Threads do not make processing faster;
they let one batch wait for the store while another is processed. To use many machines, run one flow per source.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from prefect import Task, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_progress_artifact, update_progress_artifact
from prefect.assets import materialize
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from flows.batch import Job, Outcome, run_batch
from flows.errors import Unavailable
from flows.inputs import Batch
from flows.store.entities import settle
from schemas.run import Counts, RunReport

RETRY_DELAYS = [2.0, 6.0, 18.0]  # seconds; a replica set takes about twelve to elect another primary
_BETWEEN = 1.0  # seconds between two signs of progress


def _may_pass(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Retry what may pass; anything else would fail again."""
    return isinstance(state.data, Unavailable)


# No cache and no kept results: the store knows what is done.
@task(
    name="process-batch", task_run_name="batch-{batch.number}", retries=len(RETRY_DELAYS),
    retry_delay_seconds=RETRY_DELAYS, retry_jitter_factor=0.5, retry_condition_fn=_may_pass,
    cache_policy=NO_CACHE, persist_result=False,
)  # fmt: skip
def process_batch(batch: Batch, job: Job) -> Outcome:
    """Process and store a batch. Pass both arguments quoted, or Prefect looks for futures in every dispatch."""
    return run_batch(batch, job)


@materialize(
    "dispatches://store", name="settle-store", retries=len(RETRY_DELAYS), retry_delay_seconds=RETRY_DELAYS,
    retry_jitter_factor=0.5, retry_condition_fn=_may_pass, cache_policy=NO_CACHE, persist_result=False,
)  # fmt: skip
def settle_store(job: Job) -> int:
    """Bring the entities up to date with what the run stored: the store's collections are materialized."""
    return settle(job.store)


def artifacts() -> Callable[[RunReport, float], None]:
    """Return what publishes a report on the server: its progress while it runs, at the end the report itself.

    A server that is gone costs the run its artifacts, and nothing else.
    """
    logger = get_run_logger()
    bar: UUID | None = None
    last = 0.0  # when the server was last told, or infinity: it does not listen

    def tell(what: Callable[..., Any], *args: Any, **more: Any) -> Any:
        nonlocal last
        try:
            last = time.monotonic()
            return what(*args, **more)
        except Exception as error:  # noqa: BLE001 - whatever Prefect's client fails with, the run does not need it
            last = float("inf")
            logger.warning("The Prefect server takes no artifacts (%s); the run goes on", type(error).__name__)
            return None

    def publish(report: RunReport, share: float) -> None:
        nonlocal bar
        if report.state != "running":
            logger.info("Ingest %s: %s", report.state, ", ".join(f"{n} {what}" for what, n in report.totals))
            tell(create_markdown_artifact, markdown(report), key="ingest-report", description=f"Run {report.run_id}")
        elif time.monotonic() - last > _BETWEEN and bar is None:
            bar = tell(create_progress_artifact, 100 * share, key="ingest-progress", description="Share of the input")
        elif time.monotonic() - last > _BETWEEN:
            tell(update_progress_artifact, bar, 100 * share)
        if report.state == "completed" and bar is not None:
            tell(update_progress_artifact, bar, 100.0)

    return publish


def markdown(report: RunReport) -> str:
    """Return the report as it is shown in the Prefect UI."""
    seconds = (report.finished_at - report.started_at).total_seconds() if report.finished_at else 0.0
    fields = list(Counts.model_fields)
    rows = [[name, *(getattr(counts, field) for field in fields)] for name, counts in sorted(report.sources.items())]
    rows.append(["**all**", *(getattr(report, field) for field in fields)])
    found = (
        f"{report.names} names changed, {report.entities} entities, {report.quotes} quotes, "
        f"{report.quotes_with_speaker} of them with a named speaker, in {seconds:.1f} seconds."
    )
    parts = [
        f"## Ingest {report.state}{', a dry run: nothing was stored' if report.dry_run else ''}",
        f"**{report.message}**" if report.message else "",
        _table(["source", *fields], rows),
        found,
        f"{report.passed_over} unchanged files were not read again." if report.passed_over else "",
        f"{report.waiting} files may still be written, and wait." if report.waiting else "",
        _table(["rejected for", "count"], sorted(report.rejected_by_reason.items())) if report.rejected else "",
        _table(["rejected by stage", "count"], sorted(report.rejected_by_stage.items())) if report.rejected else "",
        _table(["stage", "seconds"], [(stage, f"{spent:.2f}") for stage, spent in report.seconds_by_stage.items()]),
        f"Gazetteer `{report.gazetteer_version}`, model `{report.model_version}`, run `{report.run_id}`.",
    ]
    return "\n\n".join(part for part in parts if part)


def _table(head: list[str], rows: Iterable[Sequence[object]]) -> str:
    lines: list[Sequence[object]] = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
