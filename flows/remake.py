"""Stored dispatches, made again from their originals by the same stages, and stored in their own place."""

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from flows.batch import Job
from flows.errors import DispatchesError, Unavailable
from flows.process import Seconds, process, read
from flows.store.documents import STORE_FIELDS, revision_document, seed_of
from flows.store.interface import Document, DocumentError
from flows.store.records import load_original, save_rejections
from flows.store.stories import save_many
from flows.tally import Tally, content, counts
from flows.validate import identify, reject
from schemas.dispatch import Dispatch
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import Rejection, RejectionError, Stage

# What a dispatch keeps, and what tells of the run: no part of what may come out differently.
_ASIDE = {"_id", "content_hash", "provenance", "received_at", *STORE_FIELDS}


@dataclass
class _Ledger:
    """What has come of it so far."""

    made: list[Dispatch] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)  # ids of those that came out differently
    rejections: list[Rejection] = field(default_factory=list)
    seconds: Seconds = field(default_factory=dict)


def remake(ids: Sequence[str], job: Job) -> Tally:
    """Make revisions again, and return what became of them: `stored` if it came out differently, else `unchanged`.

    A revision that cannot be made again stays as it is, and is counted as rejected. Safe to repeat.

    Raises:
        Unavailable: the store does not answer.
    """
    ledger = _Ledger()
    documents = job.store.get("revisions", ids)
    for _, same in groupby(sorted(documents.values(), key=_source_of), key=_source_of):
        _remake_from_one(list(same), job, ledger)
    started = time.perf_counter()
    outcomes = ["stored"] * len(ledger.made) if job.dry_run else _save(job, ledger)
    if not job.dry_run:
        save_rejections(job.store, ledger.rejections)
    ledger.seconds["store"] = time.perf_counter() - started
    fates = [(rejection.source, "rejected") for rejection in ledger.rejections]
    for dispatch, outcome in zip(ledger.made, outcomes, strict=True):
        same_again = outcome == "stored" and dispatch.id not in ledger.changed
        fates += [] if outcome == "rejected" else [(dispatch.source, "unchanged" if same_again else outcome)]
    new = [d for d, o in zip(ledger.made, outcomes, strict=True) if o != "rejected" and d.id in ledger.changed]
    return Tally(sources=counts(fates), seconds_by_stage=ledger.seconds, **content(new, ledger.rejections))


def _source_of(document: Document) -> tuple[str, str, str, str]:
    """What the items of one input have in common: it is read once for all of them."""
    made = document["provenance"]
    return made["original"], document["source"], made["reader"], made["encoding"]


def _remake_from_one(documents: list[Document], job: Job, ledger: _Ledger) -> None:
    """Make all revisions that were in one input."""
    try:
        data = load_original(job.store, documents[0]["provenance"]["original"])
    except Unavailable:
        raise
    except DispatchesError as error:
        ledger.rejections += [_refused(d, "read", "original_missing", str(error)) for d in documents]
        return
    found = read(_payload(documents[0], data), ledger.seconds)
    by_id, by_text = _index(found, documents[0]["source"])
    faults = [refusal for refusal in found if isinstance(refusal, Refusal)]
    for document in documents:
        # A reader that tells more than it did gives another id; the text tells that it is the same item.
        raw = by_id.get(document["_id"]) or by_text.get((seed_of(document["_id"]), document["text_raw"]))
        if raw is None:
            why = "its original reads differently now; `dispatches run --force` on the source stores what it gives"
            why = f"its original cannot be read any more: {faults[0].errors[0].message}" if faults else why
            ledger.rejections.append(_refused(document, "read", "not_in_original", why))
        else:
            _remake_one(document, raw, data, job, ledger)


def _remake_one(document: Document, raw: RawDispatch, data: bytes, job: Job, ledger: _Ledger) -> None:
    received = document["received_at"]
    made = process(_payload(document, data), raw, job.engine, now=received, run_id=job.run_id, seconds=ledger.seconds)
    if isinstance(made, Rejection):
        ledger.rejections.append(made.model_copy(update={"first_seen": _now(), "last_seen": _now()}))
        return
    uri = document["provenance"]["uri"]
    provenance = made.provenance.model_copy(update={"uri": uri})
    kept = {"id": document["_id"], "content_hash": document["content_hash"], "provenance": provenance}
    made = made.model_copy(update=kept)
    ledger.made.append(made)
    if any(document.get(name) != value for name, value in revision_document(made).items() if name not in _ASIDE):
        ledger.changed.add(made.id)


def _index(
    found: Iterable[RawDispatch | Refusal], source: str
) -> tuple[dict[str, RawDispatch], dict[tuple[str, str], RawDispatch]]:
    """The items of an input, by dispatch id, and by story id and text."""
    by_id: dict[str, RawDispatch] = {}
    by_text: dict[tuple[str, str], RawDispatch] = {}
    for raw in found:
        if isinstance(raw, RawDispatch):
            story_id, _, id = identify(raw, source)
            by_id.setdefault(id, raw)
            by_text.setdefault((story_id, raw.text_raw), raw)
    return by_id, by_text


def _payload(document: Document, data: bytes) -> Payload:
    """The input of a revision, as it was read then."""
    made = document["provenance"]
    uri, _, item = made["uri"].partition("#")
    return Payload(
        source=document["source"], uri=uri, item=item or None, format=made["reader"], data=data,
        encoding=_codec(made["encoding"]), original=made["original"],
    )  # fmt: skip


def _codec(encoding: str) -> str | None:
    """The encoding to declare, so that the bytes are decoded as they were."""
    name = encoding.partition("+")[0]
    try:
        "".encode(name)
    except LookupError:
        return None
    return name


def _save(job: Job, ledger: _Ledger) -> list[str]:
    try:
        return list(save_many(job.store, ledger.made, replace=True, days=job.engine.story_days))
    except DocumentError:
        return list(_one_by_one(job, ledger))


def _one_by_one(job: Job, ledger: _Ledger) -> Iterator[str]:
    """A document that the store refuses must not cost the others."""
    for dispatch in ledger.made:
        try:
            yield from save_many(job.store, [dispatch], replace=True, days=job.engine.story_days)
        except DocumentError as error:
            document = {"source": dispatch.source, "provenance": dispatch.provenance.model_dump()}
            ledger.rejections.append(_refused(document, "store", "refused_by_store", str(error)))
            yield "rejected"


def _refused(document: Document, stage: Stage, reason: str, message: str) -> Rejection:
    uri, _, item = document["provenance"]["uri"].partition("#")
    error = RejectionError(loc="input", type=reason, message=message)
    refusal = Refusal(
        stage=stage, reason=reason, errors=(error,), source=document["source"], uri=uri, item=item or None,
        original=document["provenance"]["original"],
    )  # fmt: skip
    return reject(refusal, _now())


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
