"""A batch of inputs: read, recognised, processed and stored. Only counts come back. No orchestrator here."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.inputs import Batch
from flows.process import Engine, Seconds, process, read
from flows.store import Store
from flows.store.interface import DocumentError
from flows.store.records import save_originals, save_rejections
from flows.store.stories import known, save_many
from flows.validate import identify, reject
from schemas.base import Model
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


class Tally(Model):
    """What became of inputs, in counts; the fields are those of `RunReport`."""

    sources: dict[str, Counts] = {}
    rejected_by_stage: dict[str, int] = {}
    rejected_by_reason: dict[str, int] = {}
    seconds_by_stage: dict[str, float] = {}
    names: int = 0
    entities: int = 0
    quotes: int = 0
    quotes_with_speaker: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        added: dict[str, Any] = {}
        for name in Tally.model_fields:
            mine, others = getattr(self, name), getattr(other, name)
            added[name] = _merged(mine, others) if isinstance(mine, dict) else mine + others
        return Tally(**added)


@dataclass
class _Ledger:
    """What a batch has come to so far."""

    fates: list[tuple[str, str]] = field(default_factory=list)  # source and outcome, one for each item
    rejections: list[Rejection] = field(default_factory=list)
    originals: dict[str, bytes] = field(default_factory=dict)
    seconds: Seconds = field(default_factory=dict)

    def reject(self, rejection: Rejection, data: bytes | None) -> None:
        """Count a rejection, and keep its bytes so that it can be replayed."""
        self.fates.append((rejection.source, "rejected"))
        self.rejections.append(rejection)
        if rejection.original and data is not None:
            self.originals[rejection.original] = data


def run_batch(batch: Batch, job: Job) -> Tally:
    """Process and store a batch, and return what became of it. Safe to repeat after a stop at any point.

    Raises:
        Unavailable: the store does not answer; the next attempt recognises what is done already.
    """
    ledger = _Ledger()
    dispatches: list[Dispatch] = []
    for payload, raw, received_at in _fresh(batch, job, ledger):
        made = process(payload, raw, job.engine, now=received_at, run_id=job.run_id, seconds=ledger.seconds)
        if isinstance(made, Rejection):
            ledger.reject(made, payload.data)
        else:
            dispatches.append(made)
            ledger.originals[payload.original] = payload.data
    started = time.perf_counter()
    outcomes = _store(dispatches, job, ledger)
    ledger.seconds["store"] = ledger.seconds.get("store", 0.0) + time.perf_counter() - started
    new = [d for d, outcome in zip(dispatches, outcomes, strict=True) if outcome in ("stored", "superseded")]
    return Tally(
        sources=_counts(ledger.fates),
        rejected_by_stage=Counter(rejection.stage for rejection in ledger.rejections),
        rejected_by_reason=Counter(rejection.reason for rejection in ledger.rejections),
        seconds_by_stage=ledger.seconds,
        names=sum(len(dispatch.names) for dispatch in new),
        entities=sum(len(dispatch.entities) for dispatch in new),
        quotes=sum(len(dispatch.quotes) for dispatch in new),
        quotes_with_speaker=sum(bool(q.speaker and q.speaker.entity_id) for d in new for q in d.quotes),
    )


def _fresh(batch: Batch, job: Job, ledger: _Ledger) -> Iterator[tuple[Payload, RawDispatch, dt.datetime]]:
    """Yield what is to be processed and the time it counts as received; the rest goes into the ledger."""
    found: dict[str, tuple[Payload, RawDispatch, str]] = {}  # revision id -> it and its story
    for item in batch.items:
        for raw in read(item, ledger.seconds):
            if isinstance(raw, Refusal):
                ledger.reject(reject(raw, batch.received_at), raw.data)
                continue
            assert isinstance(item, Payload)  # what was refused already gives a refusal
            story_id, _, dispatch_id = identify(raw, item.source)
            if dispatch_id in found:
                ledger.fates.append((item.source, "unchanged"))
            else:
                found[dispatch_id] = (item, raw, story_id)
    started = time.perf_counter()
    done = set() if job.force else known(job.store, list(found))
    ledger.seconds["store"] = ledger.seconds.get("store", 0.0) + time.perf_counter() - started
    revisions: Counter[str] = Counter()
    for dispatch_id, (payload, raw, story_id) in found.items():
        if dispatch_id in done:
            ledger.fates.append((payload.source, "unchanged"))
            continue
        # Revisions of a story without a date of their own are ordered as they were read.
        yield payload, raw, batch.received_at + revisions[story_id] * _MILLISECOND
        revisions[story_id] += 1


def _store(dispatches: list[Dispatch], job: Job, ledger: _Ledger) -> list[str]:
    """Store all that the batch came to; return the outcome of each dispatch. A dry run stores nothing."""
    outcomes: list[str] = ["stored"] * len(dispatches)
    if not job.dry_run:
        save_originals(job.store, ledger.originals)  # first: what points at an original always finds it
        outcomes = _save(dispatches, job, ledger)
        save_rejections(job.store, ledger.rejections)
    ledger.fates += [(d.source, o) for d, o in zip(dispatches, outcomes, strict=True) if o != "rejected"]
    return outcomes


def _save(dispatches: list[Dispatch], job: Job, ledger: _Ledger) -> list[str]:
    try:
        return list(save_many(job.store, dispatches, replace=job.force, days=job.engine.story_days))
    except DocumentError:
        pass
    outcomes: list[str] = []
    for dispatch in dispatches:  # one by one: a document that the store refuses must not cost the others
        try:
            outcomes += save_many(job.store, [dispatch], replace=job.force, days=job.engine.story_days)
        except DocumentError as error:
            outcomes.append("rejected")
            ledger.reject(_refused(dispatch, error), None)
    return outcomes


def _refused(dispatch: Dispatch, error: DocumentError) -> Rejection:
    uri, _, item = dispatch.provenance.uri.partition("#")
    why = RejectionError(loc="document", type="refused_by_store", message=str(error))
    refusal = Refusal(
        stage="store", reason="refused_by_store", errors=(why,), source=dispatch.source, uri=uri, item=item or None,
        original=dispatch.provenance.original,
    )  # fmt: skip
    return reject(refusal, dispatch.received_at)


def _counts(fates: list[tuple[str, str]]) -> dict[str, Counts]:
    by_source: dict[str, Counter[str]] = {}
    for source, outcome in fates:
        by_source.setdefault(source, Counter())[outcome] += 1
    return {source: Counts(**fate, read=fate.total()) for source, fate in by_source.items()}


def _merged(mine: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    return {**mine, **{key: mine[key] + value if key in mine else value for key, value in others.items()}}
