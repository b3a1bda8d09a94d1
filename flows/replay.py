"""Rejected inputs, processed again from their kept bytes, without the source: after a setting or a reader was mended.

What is stored now is `replayed`; what is rejected again stays open, with its present reasons and one attempt more. Safe
to repeat: what a run that was killed has stored is recognised.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from uuid import uuid4

from flows.batch import Job, run_batch
from flows.errors import DispatchesError, Unavailable
from flows.inputs import Batch
from flows.process import load_engine
from flows.read.detect import HEAD, detect
from flows.read.files import open_bytes
from flows.read.split import Origin
from flows.settings import Settings
from flows.store import Store
from flows.store.entities import settle
from flows.store.interface import Document
from flows.store.records import load_original, save_run
from flows.tally import Tally, reason_of, report_of
from schemas.base import Model
from schemas.raw import Payload, Refusal
from schemas.run import RunReport

FLOW = "replay-rejections"
_PART = re.compile(r"(line|item|row) \d+")  # how parts are called that have bytes of their own
_JSON = re.compile(rb'\s*[{\["\dtfn-]')
_WIDE = (b"\xff\xfe", b"\xfe\xff")

OnProgress = Callable[[RunReport, float], None]
"""Takes the report so far, and the share that is done, 0 to 1."""


class Replayed(Model):
    """What became of rejections that were replayed."""

    replayed: tuple[str, ...] = ()  # ids: stored now
    rejected: tuple[str, ...] = ()  # rejected again
    not_kept: tuple[str, ...] = ()  # their bytes are not in the store
    run: RunReport


def replay(
    ids: Sequence[str], store: Store, settings: Settings, on_progress: OnProgress = lambda _report, _share: None
) -> Replayed:
    """Process rejected inputs again, and store what comes of them.

    Args:
        ids: of rejections.
        store: where they are.
        settings: how sources are read now.
        on_progress: is told how far it is.

    Raises:
        Unavailable: the store does not answer; a repeat does the rest.
    """
    engine = load_engine(settings)
    job = Job(str(uuid4()), engine, store, force=False, dry_run=False)
    report = RunReport(
        run_id=job.run_id, flow=FLOW, state="running", started_at=_now(),
        gazetteer_version=engine.gazetteer.version, model_version=engine.model_version,
    )  # fmt: skip
    fates: dict[str, list[str]] = {"replayed": [], "rejected": [], "not_kept": []}
    tally = Tally()
    try:
        store.prepare()
        save_run(store, report)
        settle(store)  # what a run that was killed has left
        for number, id in enumerate(ids, 1):
            for rejection in store.get("rejections", [id]).values():
                fate, part = _replay_one(rejection, number, job, settings)
                fates[fate].append(id)
                tally += part
            on_progress(report_of(report, tally), number / len(ids))
        settle(store)
        report = report_of(report, tally, state="completed", finished_at=_now())
        save_run(store, report)
    except BaseException as error:
        with suppress(Exception):  # the store may be what failed
            save_run(
                store,
                report_of(report, tally, state="failed", message=reason_of(error, settings.store), finished_at=_now()),
            )
        raise
    return Replayed(**{fate: tuple(found) for fate, found in fates.items()}, run=report)


def _replay_one(rejection: Document, number: int, job: Job, settings: Settings) -> tuple[str, Tally]:
    id = rejection["_id"]
    try:
        data = load_original(job.store, str(rejection["original"]))
    except Unavailable:
        raise
    except DispatchesError:  # it was not kept: too large, or never read
        return "not_kept", Tally()
    items = tuple(_inputs(rejection, data, settings))
    # Received when it was first seen: that is its place among the revisions of its story.
    made = run_batch(Batch(number, items, len(data), rejection["first_seen"]), job)
    if id in made.rejections:
        job.store.patch("rejections", [id], {"attempts": rejection["attempts"] + 1, "status": "open"} | _seen())
        return "rejected", made
    job.store.patch("rejections", [id], {"status": "replayed"})
    return "replayed", made


def _inputs(rejection: Document, data: bytes, settings: Settings) -> Iterator[Payload | Refusal]:
    """Yield what is in the bytes of a rejection, read as its source is read now."""
    name, uri, item = rejection["source"], rejection["uri"], rejection["item"]
    source = settings.sources.get(name)
    format, encoding = (source.format, source.encoding) if source else ("auto", None)
    fields = {str(field): key for field, key in source.fields.items()} if source else {}
    part = _PART.fullmatch(item or "")
    kind = part[1] if part else None
    if kind == "line" or (kind == "item" and _JSON.match(data)) or (kind == "row" and not data.startswith(_WIDE)):
        if format == "auto":
            told = detect(data[:HEAD], uri)
            format = "table" if kind == "row" else "ninjs" if told == "ninjs" else "jsonl"
        yield Payload(
            source=name, uri=uri, item=item, format=format, encoding=encoding, fields=fields, data=data,
            original=rejection["original"],
        )  # fmt: skip
    else:
        yield from open_bytes(data, uri, Origin(name, format, encoding, settings.tuning.max_input_bytes, fields))


def _seen() -> Document:
    now = _now()
    return {"last_seen": now.replace(microsecond=now.microsecond // 1000 * 1000)}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
