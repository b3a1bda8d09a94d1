"""Reprocessing: stored dispatches are made again from `originals`, without the source.

What is outdated: a dispatch that was made with another gazetteer, in which an entry that touches it is not what it is
now, or with another model. One whose names no edit touches stays as it is, with the gazetteer version it was made with
in its provenance: made again, it would come out the same.

Every run keeps its gazetteer among the originals, so that a later one can be compared with it (`flows.gazetteer.diff`)
and what an edit touches be found by the index on words (`flows.store.touched`). Where it is missing, all dispatches of
that version count as touched.

A dispatch keeps its id, the time it was received, and its place among the revisions; superseded revisions stay as they
were made. One that cannot be made again stays as it is, and is recorded as a rejection. A run that was killed is
repeated: what it has done is not outdated any more.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Annotated
from uuid import uuid4

from prefect import flow, get_run_logger
from prefect.runtime import flow_run
from pydantic import AwareDatetime, Field

from flows.batch import Job
from flows.errors import ConfigError, DispatchesError
from flows.gazetteer.diff import Changes, changes, read_snapshot, snapshot
from flows.process import Engine, load_engine
from flows.remake import remake
from flows.settings import load_settings
from flows.store import Store, open_store
from flows.store.entities import settle
from flows.store.order import chunks
from flows.store.records import load_snapshot, save_run, save_snapshot
from flows.store.touched import GAZETTEER, MODEL, Scope, all_ids, hidden, named, other_versions
from flows.tally import Tally, reason_of, report_of
from schemas.base import Model
from schemas.config import SourceName
from schemas.run import RunReport

FLOW = "reprocess-dispatches"
_UNKNOWN = "what the gazetteer was then is not in the store"

OnProgress = Callable[[RunReport, float], None]
"""Takes the report so far, and the share that is done, 0 to 1."""


@dataclass(frozen=True)
class Request:
    """What to reprocess: in the scope, what is outdated, or everything."""

    scope: Scope = field(default_factory=Scope)
    everything: bool = False
    dry_run: bool = False


class Touched(Model):
    """What was found to be made again, and how."""

    compared: int = Field(0, description="Dispatches made with another gazetteer or model than the current ones.")
    looked_up: int = Field(0, description="Of these, those that the index gave for a word of an edited name.")
    touched: int = Field(0, description="Dispatches to be made again.")
    entries: dict[str, int] = Field({}, description="Edited entry -> dispatches it touches.")
    whole: dict[str, str] = Field({}, description="Version -> why all its dispatches are touched.")


class Reprocessed(Model):
    """A run of reprocessing. In the run report, `stored` came out differently, `unchanged` the same."""

    found: Touched
    run: RunReport


@flow(name=FLOW, persist_result=False)
def reprocess_dispatches(
    source: Annotated[SourceName | None, Field(description="Only dispatches of this source.")] = None,
    since: Annotated[AwareDatetime | None, Field(description="Only dispatches from this time on.")] = None,
    everything: Annotated[bool, Field(description="Not only what is outdated.")] = False,
    dry_run: Annotated[bool, Field(description="Process, and store nothing.")] = False,
) -> Reprocessed:
    """Make dispatches again that an edited gazetteer or a newer model touches, from their originals."""
    done = run_reprocess(Request(Scope(source, since), everything, dry_run), run_id=str(flow_run.id))
    counts = ", ".join(f"{number} {what}" for what, number in done.run.totals)
    get_run_logger().info("Of %d compared, %d touched: %s", done.found.compared, done.found.touched, counts)
    return done


def run_reprocess(
    request: Request, on_progress: OnProgress = lambda _report, _share: None, run_id: str | None = None
) -> Reprocessed:
    """Reprocess now, in this process.

    Raises:
        ConfigError: the configuration or the request cannot be used; nothing was done.
        StoreUnavailable: the store does not answer; what is stored is stored, and a repeat does the rest.
    """
    settings = load_settings()
    with closing(open_store(settings.store, settings.tuning.database)) as store:
        _check(request.scope, store)
        engine = load_engine(settings)
        job = Job(run_id or str(uuid4()), engine, store, force=True, dry_run=request.dry_run)
        report = RunReport(
            run_id=job.run_id, flow=FLOW, state="running", started_at=_now(), dry_run=request.dry_run,
            gazetteer_version=engine.gazetteer.version, model_version=engine.model_version,
        )  # fmt: skip
        tally = Tally()
        try:
            if not request.dry_run:
                store.prepare()
                save_run(store, report)
                save_snapshot(store, engine.gazetteer.version, lambda: snapshot(engine.gazetteer))
                settle(store)  # what a run that was killed has left
            ids, found = find_touched(store, engine, request)
            for number, part in enumerate(chunks(ids, settings.tuning.batch_size)):
                on_progress(report_of(report, tally), number * settings.tuning.batch_size / len(ids))
                tally += remake(part, job)
            if not request.dry_run:
                settle(store)
            report = report_of(report, tally, state="completed", finished_at=_now())
            if not request.dry_run:
                save_run(store, report)
        except BaseException as error:
            reason = reason_of(error, settings.store)
            if not request.dry_run:
                with suppress(Exception):  # the store may be what failed
                    save_run(store, report_of(report, tally, state="failed", message=reason, finished_at=_now()))
            if isinstance(error, Exception) and reason not in (str(error), f"{type(error).__name__}: {error}"):
                raise DispatchesError(reason) from None  # it held a password
            raise
        on_progress(report, 1.0)
        return Reprocessed(found=found, run=report)


def find_touched(store: Store, engine: Engine, request: Request) -> tuple[list[str], Touched]:
    """Return the ids of the revisions to be made again, and how they were found."""
    scope, gazetteer = request.scope, engine.gazetteer
    ids: set[str] = set()
    compared, looked_up, entries, whole = 0, 0, Counter[str](), dict[str, str]()
    for version in other_versions(store, GAZETTEER, gazetteer.version):
        among = scope.filter() | {GAZETTEER: version}
        if not (number := store.count("dispatches", among)):
            continue
        compared += number
        edited = _edited(store, version, engine)
        if edited.everything:
            whole[version] = edited.everything
            ids.update(all_ids(store, among))
            continue
        hits = named(store, edited.entries, among)
        looked_up += len(hits.looked_up)
        for entry, touched in hits.by_key.items():
            entries[entry] += len(touched)
            ids |= touched
    for version in other_versions(store, MODEL, engine.model_version):
        among = scope.filter() | {MODEL: version}
        if number := store.count("dispatches", among):
            compared += store.count("dispatches", among | {GAZETTEER: gazetteer.version})
            whole[version] = f"{number} made with another model"
            ids.update(all_ids(store, among))
    # No index tells the words of what is not to be seen yet; there is little of it.
    for revision in hidden(store, scope):
        made = revision["provenance"]
        old = (made["gazetteer_version"], made["model_version"]) != (gazetteer.version, engine.model_version)
        compared += old
        ids.update({revision["_id"]} if old or request.everything else ())
    if request.everything:
        ids.update(all_ids(store, scope.filter()))
    found = Touched(
        compared=compared, looked_up=looked_up, touched=len(ids), entries=dict(entries.most_common()), whole=whole
    )
    return sorted(ids), found


def _edited(store: Store, version: str, engine: Engine) -> Changes:
    """What was edited since a version."""
    data = load_snapshot(store, version)
    old = read_snapshot(data) if data else None
    return changes(old, engine.gazetteer) if old else Changes({}, _UNKNOWN)


def _check(scope: Scope, store: Store) -> None:
    if scope.source and not store.find("revisions", {"source": scope.source}, limit=1, fields=["source"]):
        raise ConfigError(f"no dispatch of source {scope.source!r} is stored")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
