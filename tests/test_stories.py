"""Revisions, kills, embargoes and languages from the bytes to the collections."""

import datetime as dt
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from flows.batch import Job, run_batch
from flows.ingest import run_ingest
from flows.inputs import Batch, Request
from flows.process import load_engine
from flows.settings import load_settings
from flows.store import Store, open_store
from flows.store.entities import settle
from schemas.raw import Payload

NOW = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
HEADLINE = "Ferry aground off Lindholm with 40 aboard"
BODY = (
    "KIEV (Dispatches) -- A ferry ran aground off Lindholm on Tuesday with 40 people aboard, the guard said.\n"
    "“We are waiting for the tide,” Sergei Lavrov said.\n"
    "Two tugs were on their way from Arvika, where it had left the pier an hour before in thick fog."
)
OTHER = "TARSK (Dispatches) -- Farmers around Tarsk have begun to bring in rye three weeks late, Ada Berg said."
ITEM = """<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="tag:wire.example,2024:F1" version="{version}"
  standard="NewsML-G2" standardversion="2.10" conformance="power" xml:lang="en">
  <itemMeta><itemClass qcode="icls:text"/><provider literal="wire.example"/>
    <versionCreated>{created}</versionCreated><pubStatus qcode="stat:{status}"/></itemMeta>
  <contentMeta><slugline>LINDHOLM-FERRY/ (CORRECTED)</slugline><headline>CORRECTED-{headline}</headline></contentMeta>
  <contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">
    <head><title/></head><body>{body}</body></html></inlineXML></contentSet>
</newsItem>
"""


@pytest.fixture
def store(tmp_config: Path) -> Iterator[Store]:
    """The configured store."""
    opened = open_store(load_settings().store)
    opened.prepare()
    yield opened
    opened.close()


@pytest.fixture
def job(store: Store) -> Job:
    """A run on it."""
    return Job("run", load_engine(load_settings()), store, force=False, dry_run=False)


def payload(text: str, format: str = "text") -> Payload:
    """Make a payload."""
    data = text.encode()
    return Payload(source="desk", uri="in", format=format, data=data, original=sha256(data).hexdigest())


def arrive(job: Job, *payloads: Payload) -> dict[str, int]:
    """Take payloads in, one minute after the other; what became of them."""
    counts: dict[str, int] = {}
    for number, item in enumerate(payloads):
        tally = run_batch(Batch(number, (item,), 0, NOW + dt.timedelta(minutes=number)), job)
        for name, count in tally.sources["desk"]:
            counts[name] = counts.get(name, 0) + count
        settle(job.store)
    assert counts["read"] == sum(counts[name] for name in ("stored", "unchanged", "superseded", "rejected"))
    return {name: count for name, count in counts.items() if count}


def shown(store: Store) -> list[dict[str, Any]]:
    """The dispatches, with what matters here."""
    names = ("status", "signal", "text", "quotes", "entities", "headline", "revision")
    return [{name: document[name] for name in names} for document in store.find("dispatches")]


def usable_and_canceled() -> list[Payload]:
    """An item, and the same item canceled: no text, a headline that still says CORRECTED, a smaller version number."""
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY.split("\n"))
    usable = ITEM.format(
        version=978, created="2024-05-01T09:43:34Z", status="usable", headline=HEADLINE, body=paragraphs
    )
    canceled = ITEM.format(
        version=154, created="2024-05-01T10:34:45Z", status="canceled", headline=HEADLINE, body="<p/>"
    )
    return [payload(usable, "newsmlg2"), payload(canceled, "newsmlg2")]


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, 0, 1, 0)])
def test_a_canceled_item_ends_as_a_tombstone(order: tuple[int, ...], job: Job) -> None:
    """In either order, and at every repetition."""
    pair = usable_and_canceled()
    counts = arrive(job, *(pair[number] for number in order))
    (document,) = shown(job.store)
    assert (document["status"], document["signal"], document["text"]) == ("killed", "kill", "")
    assert document["quotes"] == document["entities"] == []
    assert job.store.find("quotes") == job.store.find("entities") == []
    assert job.store.count("revisions") == 2
    assert counts["stored"] == 2 - (order[0] == 1)


def test_text_wires_have_stories_too(job: Job) -> None:
    """Without an id: an update, a repetition and a kill of the same story, by their marks and words."""
    update = f"UPDATE 1-{HEADLINE}\n(Adds that all are ashore)\n{BODY}\nBy evening all were ashore."
    first = payload(f"{HEADLINE}\n{BODY}")
    again = payload(f"RPT-{HEADLINE}\n(Repeats for more clients)\n{BODY}")
    assert arrive(job, first, again, payload(update)) == {"read": 3, "stored": 2, "unchanged": 1}
    (document,) = shown(job.store)
    assert (document["signal"], document["revision"]) == ("update", 3)
    assert job.store.count("quotes") == len(document["quotes"]) > 0
    kill = payload(f"KILL: {HEADLINE}\nEditors: Kill mandatory. The story is withdrawn.")
    assert arrive(job, kill, first) == {"read": 2, "stored": 1, "unchanged": 1}
    (document,) = shown(job.store)
    assert (document["status"], document["text"]) == ("killed", "")
    assert job.store.find("quotes") == job.store.find("entities") == []


def test_an_embargo_holds_until_a_run_after_its_end(tmp_config: Path, store: Store, no_server: None) -> None:
    """Neither text nor quotes are shown before; the next run shows them, whatever it reads."""
    inbox = tmp_config.parent / "in"
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    note = f"(Embargoed until {ends:%H:%M} GMT, {ends:%B} {ends.day}, {ends.year})"
    (inbox / "a.txt").write_text(f"{HEADLINE}\n{note}\n{BODY}")
    (inbox / "b.txt").write_text(f"Harvest late\n(Embargoed until noon)\n{OTHER}")
    assert run_ingest(Request()).stored == 2
    assert store.find("dispatches") == store.find("quotes") == store.find("entities") == []
    (held,) = store.find("revisions", {"status": "embargoed"})
    assert held["embargoed_until"] == ends.replace(second=0, microsecond=0)
    assert store.count("revisions", {"status": "withheld"}) == 1  # noon, but of which day?
    store.patch("revisions", [held["_id"]], {"embargoed_until": dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)})
    (inbox / "a.txt").unlink()
    run_ingest(Request())
    (document,) = store.find("dispatches")
    assert (document["dispatch_id"], document["status"]) == (held["_id"], "usable")
    assert store.count("quotes") > 0
    assert store.count("entities") > 0


def test_what_is_not_english_is_stored_and_not_enriched(job: Job) -> None:
    """Names are normalized where the gazetteer knows them; entities and quotes are not looked for."""
    german = (
        "Fähre vor Lindholm auf Grund gelaufen\nBERLIN (dpa) - Die Fähre war am Dienstag mit 40 Menschen an Bord auf "
        "Grund gelaufen, sagte ein Sprecher der Küstenwache.\n„Niemand ist verletzt“, sagte er der Zeitung Kiev."
    )
    assert arrive(job, payload(german), payload(f"{HEADLINE}\n{BODY}")) == {"read": 2, "stored": 2}
    by_language = {document["language"]: document for document in job.store.find("dispatches")}
    assert (by_language["de"]["enriched"], by_language["en"]["enriched"]) == (False, True)
    assert by_language["de"]["entities"] == by_language["de"]["quotes"] == []
    assert by_language["de"]["text"].endswith("Kyiv.")
    assert by_language["en"]["entities"]
