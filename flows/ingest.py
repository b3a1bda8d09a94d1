"""The ingest flow, on one page: `_ingest`.

It is started in two ways, and does the same in both:

* `ingest_dispatches`, the Prefect flow: what schedules and triggers run, with retries, run history and artifacts.
* `run_ingest`, which `dispatches run` calls. Where a Prefect server is configured (`PREFECT_API_URL`, or a profile), it
  runs the flow. Where none is, or it does not answer, it runs the page without Prefect: a bare flow call would start a
  temporary server, which takes 10 to 19 seconds and then throws away the history that a server is there for.

Nothing depends on the server: the store recognises what is done, keeps the report of every run, and heals what a run
that was killed has left. A server that goes away during a run costs the run its history, not its data.
"""

import datetime as dt
import logging
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Annotated, NoReturn, TypeVar, cast
from uuid import uuid4

import httpx
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.events.clients import PrefectEventsClient
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker
from prefect.runtime import flow_run
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from prefect.utilities.annotations import quote
from pydantic import Field

from flows.batch import Job, Outcome, run_batch
from flows.errors import DispatchesError
from flows.gather import nothing_known, open_sources
from flows.gazetteer.diff import snapshot
from flows.inbox import Closer, make_folders
from flows.inputs import Batch, Request, batches, choose_sources, total_size
from flows.process import load_engine
from flows.settings import load_settings
from flows.store import mask, open_store
from flows.store.entities import settle
from flows.store.files import stored_files
from flows.store.records import save_run, save_snapshot
from flows.store.stories import due, require_current
from flows.tally import Tally, reason_of, report_of
from flows.tasks import artifacts, process_batch, settle_store
from schemas.config import SourceName
from schemas.run import RunReport

FLOW = "ingest-dispatches"
T = TypeVar("T")

OnProgress = Callable[[RunReport, float], None]
"""Takes the report so far, and the share of the input that is done, 0 to 1."""


@dataclass(frozen=True)
class Host:
    """Where a run takes place: under Prefect, or by itself."""

    run_id: str
    submit: Callable[[Batch, Job], Callable[[], Outcome]]
    settle: Callable[[Job], object]
    publish: OnProgress
    in_flight: int | None = None  # None: as many batches as the settings say


@flow(name=FLOW, persist_result=False)
def ingest_dispatches(
    paths: Annotated[
        list[str] | None, Field(description="Files, folders, globs or URLs. None: those of the source.")
    ] = None,
    source: Annotated[SourceName | None, Field(description="A source of sources.yml. None: every one.")] = None,
    force: Annotated[bool, Field(description="Read, process and store again what is stored already.")] = False,
    dry_run: Annotated[bool, Field(description="Process, and store nothing.")] = False,
) -> RunReport:
    """Read dispatches, normalize names, validate, find entities and quotes, and store them.

    Paths without a source count as source `adhoc`. What cannot become a dispatch is kept as a rejection with its
    reasons, and the run goes on. Running the same input again stores nothing twice.
    """
    watch, publish = _watcher.get(), artifacts()

    def both(report: RunReport, share: float) -> None:
        watch(report, share)
        publish(report, share)

    host = Host(
        run_id=str(flow_run.id),
        submit=lambda batch, job: process_batch.submit(_as_it_is(batch), _as_it_is(job)).result,
        settle=lambda job: settle_store(_as_it_is(job)),
        publish=both,
    )
    return _ingest(Request(tuple(paths or ()), source, force, dry_run), host)


def run_ingest(request: Request, on_progress: OnProgress = lambda *_: None) -> RunReport:
    """Ingest now, in this process, and return the report. A Prefect server, if there is one, gets the run history.

    Raises:
        ConfigError: the configuration or the request cannot be used; nothing was done.
        StoreUnavailable: the store does not answer; what is stored is stored, and a repeat does the rest.
    """
    if PREFECT_API_URL.value() and (report := _run_flow(request, on_progress)):
        return report
    host = Host(
        run_id=str(uuid4()),
        submit=lambda batch, job: lambda: run_batch(batch, job),
        settle=lambda job: settle(job.store),
        publish=on_progress,
        in_flight=1,
    )
    with _ended_by_sigterm():
        return _ingest(request, host)


def _ingest(request: Request, host: Host) -> RunReport:
    settings = load_settings()
    sources, tuning = choose_sources(request, settings), settings.tuning
    with closing(open_store(settings.store, tuning.database)) as store:
        job = Job(host.run_id, load_engine(settings), store, request.force, request.dry_run)
        report = RunReport(
            run_id=host.run_id, flow=FLOW, state="running", started_at=_now(), dry_run=request.dry_run,
            gazetteer_version=job.engine.gazetteer.version, model_version=job.engine.model_version,
        )  # fmt: skip
        known = nothing_known if request.force else partial(stored_files, store)
        tally, done, total, closer = Tally(), 0, total_size(sources) or 1, Closer(store, sources)
        try:
            if not request.dry_run:
                make_folders(sources)
                store.prepare()
                require_current(store)
                save_run(store, report)
                save_snapshot(store, job.engine.gazetteer.version, lambda: snapshot(job.engine.gazetteer))
                settle(store)  # what a run that was killed has left
                due(store, _now())  # embargoes that have ended
            elements = open_sources(sources, tuning.max_input_bytes, known)
            inputs = batches(elements, tuning.batch_size, tuning.batch_bytes)
            for batch, part in _results(inputs, lambda b: host.submit(b, job), host.in_flight or tuning.max_in_flight):
                tally, done = tally + part, done + batch.size
                if not request.dry_run:
                    closer.close(batch, part.files)
                host.publish(report_of(report, tally), min(done / total, 1.0))
            if not request.dry_run:
                host.settle(job)
            report = report_of(report, tally, state="completed", finished_at=_now())
            if not request.dry_run:
                save_run(store, report)
        except BaseException as error:
            reason = reason_of(error, settings.store)
            report = report_of(report, tally, state="failed", message=reason, finished_at=_now())
            if not request.dry_run:
                with suppress(Exception):  # the store may be what failed
                    save_run(store, report)
            host.publish(report, min(done / total, 1.0))
            if isinstance(error, Exception) and reason not in (str(error), f"{type(error).__name__}: {error}"):
                raise DispatchesError(reason) from None  # it held a password
            raise
        host.publish(report, 1.0)
        return report


def _results(
    inputs: Iterable[Batch], submit: Callable[[Batch], Callable[[], Outcome]], most: int
) -> Iterator[tuple[Batch, Outcome]]:
    """Yield what becomes of the batches, in order, with at most so many under way.

    After a failure nothing more is submitted; what is under way is waited for and counted, then the failure is raised.
    """
    waiting: deque[tuple[Batch, Callable[[], Outcome]]] = deque()
    coming, failure = iter(inputs), None
    while True:
        try:
            while failure is None and len(waiting) < most and (batch := next(coming, None)):
                waiting.append((batch, submit(batch)))
            if not waiting:
                break
            batch, result = waiting.popleft()
            part = result()
        except Exception as error:  # noqa: BLE001 - it is raised at the end
            failure = failure or error
            continue
        yield batch, part
    if failure:
        raise failure


def _as_it_is(value: T) -> T:
    """Hand a value to a task without Prefect looking for futures in it: it would walk through every dispatch."""
    return cast(T, quote(value))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


# ---- the flow, run by hand -------------------------------------------------------------------------------------------

_watcher: ContextVar[OnProgress] = ContextVar("_watcher", default=lambda *_: None)


def _run_flow(request: Request, on_progress: OnProgress) -> RunReport | None:
    """Run the flow with its history on the configured server; None: the server does not answer, run without it."""
    seen: list[RunReport] = []

    def watch(report: RunReport, share: float) -> None:
        seen[:] = [report]
        on_progress(report, share)

    token = _watcher.set(watch)
    try:
        with _quiet_console(), _short_patience():
            with get_client(sync_client=True, httpx_settings={"timeout": 5.0}) as client:
                if (problem := client.api_healthcheck()) is not None:
                    raise problem
            return ingest_dispatches(list(request.paths) or None, request.source, request.force, request.dry_run)
    except DispatchesError:
        raise
    except Exception as error:
        complete = bool(seen) and seen[0].state == "completed"
        if seen and not complete and not isinstance(error, httpx.TransportError):
            raise
        # What a run that the server's end broke off has stored, the run without it will recognise.
        what = "stopped answering; the run is complete" if complete else "does not answer; the run goes on without it"
        url = mask(str(PREFECT_API_URL.value()))
        logging.getLogger(__name__).warning("the Prefect server at %s %s (%s)", url, what, type(error).__name__)
        return seen[0] if complete else None
    finally:
        _watcher.reset(token)


@contextmanager
def _short_patience() -> Iterator[None]:
    """Wait little for a server that is gone: the run does not need it. By default two minutes go by at the end."""
    EventsWorker.set_client_override(PrefectEventsClient, reconnection_attempts=1)
    try:
        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 1}):
            yield
    finally:
        EventsWorker.drain_all(timeout=10)
        APILogWorker.drain_all(timeout=10)
        EventsWorker.set_client_override(None)


@contextmanager
def _quiet_console() -> Iterator[None]:
    """Prefect's log goes to the server; the terminal belongs to the progress bar and the report."""
    handlers = [h for name in (None, "prefect._internal") for h in logging.getLogger(name).handlers]
    ours = [handler for handler in handlers if type(handler).__module__.startswith("prefect.")]
    for handler in ours:
        handler.addFilter(_is_ours)
    raising, logging.raiseExceptions = logging.raiseExceptions, False  # a log that cannot be sent is no news
    try:
        yield
    finally:
        logging.raiseExceptions = raising
        for handler in ours:
            handler.removeFilter(_is_ours)


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.startswith("flows.")


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM ends the run as Ctrl-C does: in order, with its report saved. Prefect does so for the flow."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _exit(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)
