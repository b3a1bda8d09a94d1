"""A batch of inputs: read, recognised, processed and stored. Only counts come back. No orchestrator here."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from flows.inputs import Batch
from flows.process import Engine, Seconds, process, read
from flows.store import Store
from flows.store.interface import DocumentError
from flows.store.records import save_originals, save_rejections
from flows.store.stories import known, save_many
from flows.tally import Tally, content, counts
from flows.validate import identify, reject
from schemas.dispatch import Dispatch
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import Rejection, RejectionError
from schemas.run import Counts

_MILLISECOND = dt.timedelta(milliseconds=1)


@dataclass(frozen=True)
class Job:
    """What all batches of a run share."""

    run_id: str
    engine: Engine
    store: Store
    force: bool
    dry_run: bool


class Outcome(Tally):
    """What became of a batch. Added to a tally, it gives a tally."""

    files: dict[int, Counts] = {}  # number of a file -> what became of its items in this batch
    rejections: frozenset[str] = frozenset()  # their ids


@dataclass
class _Ledger:
    """What a batch has come to so far."""

    fates: list[tuple[str, int, str]] = field(default_factory=list)  # source, file and outcome, one for each item
    rejections: list[Rejection] = field(default_factory=list)
    originals: dict[str, bytes] = field(default_factory=dict)
    seconds: Seconds = field(default_factory=dict)

    def reject(self, rejection: Rejection, file: int, data: bytes | None) -> None:
        """Count a rejection, and keep its bytes so that it can be replayed."""
        self.fates.append((rejection.source, file, "rejected"))
        self.rejections.append(rejection)
        if rejection.original and data is not None:
            self.originals[rejection.original] = data


def run_batch(batch: Batch, job: Job) -> Outcome:
    """Process and store a batch, and return what became of it. Safe to repeat after a stop at any point.

    Raises:
        Unavailable: the store does not answer; the next attempt recognises what is done already.
    """
    ledger = _Ledger()
    dispatches: list[Dispatch] = []
    files: list[int] = []  # of each dispatch
    for payload, number, raw, received_at in _fresh(batch, job, ledger):
        made = process(payload, raw, job.engine, now=received_at, run_id=job.run_id, seconds=ledger.seconds)
        if isinstance(made, Rejection):
            ledger.reject(made, number, payload.data)
        else:
            dispatches.append(made)
            files.append(number)
            ledger.originals[payload.original] = payload.data
    started = time.perf_counter()
    outcomes = _store(dispatches, files, job, ledger)
    ledger.seconds["store"] = ledger.seconds.get("store", 0.0) + time.perf_counter() - started
    new = [d for d, outcome in zip(dispatches, outcomes, strict=True) if outcome in ("stored", "superseded")]
    sources = counts((source, outcome) for source, _, outcome in ledger.fates)
    passed: Counter[str] = Counter()
    for file in batch.passed:
        passed[file.source] += file.dispatches
    for source, count in passed.items():
        sources[source] = sources.get(source, Counts()) + Counts(read=count, unchanged=count)
    return Outcome(
        files=counts((file, outcome) for _, file, outcome in ledger.fates),
        rejections=frozenset(rejection.id for rejection in ledger.rejections),
        sources=sources,
        passed_over=len(batch.passed),
        waiting=batch.waiting,
        seconds_by_stage=ledger.seconds,
        **content(new, ledger.rejections),
    )


def _fresh(batch: Batch, job: Job, ledger: _Ledger) -> Iterator[tuple[Payload, int, RawDispatch, dt.datetime]]:
    """Yield what is to be processed, its file, and the time it counts as received; the rest goes into the ledger."""
    found: dict[str, tuple[Payload, int, RawDispatch, str]] = {}  # revision id -> it and its story
    for item, file in zip_longest(batch.items, batch.files, fillvalue=0):
        assert not isinstance(item, int)  # no more files are told than items
        for raw in read(item, ledger.seconds):
            if isinstance(raw, Refusal):
                ledger.reject(reject(raw, batch.received_at), file, raw.data)
                continue
            assert isinstance(item, Payload)  # what was refused already gives a refusal
            story_id, _, dispatch_id = identify(raw, item.source)
            if dispatch_id in found:
                ledger.fates.append((item.source, file, "unchanged"))
            else:
                found[dispatch_id] = (item, file, raw, story_id)
    started = time.perf_counter()
    done = set() if job.force else known(job.store, list(found))
    ledger.seconds["store"] = ledger.seconds.get("store", 0.0) + time.perf_counter() - started
    revisions: Counter[str] = Counter()
    for dispatch_id, (payload, file, raw, story_id) in found.items():
        if dispatch_id in done:
            ledger.fates.append((payload.source, file, "unchanged"))
            continue
        # Revisions of a story without a date of their own are ordered as they were read.
        yield payload, file, raw, batch.received_at + revisions[story_id] * _MILLISECOND
        revisions[story_id] += 1


def _store(dispatches: list[Dispatch], files: list[int], job: Job, ledger: _Ledger) -> list[str]:
    """Store all that the batch came to; return the outcome of each dispatch. A dry run stores nothing."""
    outcomes: list[str] = ["stored"] * len(dispatches)
    if not job.dry_run:
        save_originals(job.store, ledger.originals)  # first: what points at an original always finds it
        outcomes = _save(dispatches, files, job, ledger)
        save_rejections(job.store, ledger.rejections)
    ledger.fates += [
        (dispatch.source, file, outcome)
        for dispatch, file, outcome in zip(dispatches, files, outcomes, strict=True)
        if outcome != "rejected"
    ]
    return outcomes


def _save(dispatches: list[Dispatch], files: list[int], job: Job, ledger: _Ledger) -> list[str]:
    try:
        return list(save_many(job.store, dispatches, replace=job.force, days=job.engine.story_days))
    except DocumentError:
        pass
    outcomes: list[str] = []
    # One by one: a document that the store refuses must not cost the others.
    for dispatch, file in zip(dispatches, files, strict=True):
        try:
            outcomes += save_many(job.store, [dispatch], replace=job.force, days=job.engine.story_days)
        except DocumentError as error:
            outcomes.append("rejected")
            ledger.reject(_refused(dispatch, error), file, None)
    return outcomes


def _refused(dispatch: Dispatch, error: DocumentError) -> Rejection:
    uri, _, item = dispatch.provenance.uri.partition("#")
    why = RejectionError(loc="document", type="refused_by_store", message=str(error))
    refusal = Refusal(
        stage="store", reason="refused_by_store", errors=(why,), source=dispatch.source, uri=uri, item=item or None,
        original=dispatch.provenance.original,
    )  # fmt: skip
    return reject(refusal, dispatch.received_at)
