"""Models as documents, and back."""

import datetime as dt
from types import ModuleType

from flows.store.documents import (
    dispatch_document,
    quote_documents,
    rejection_document,
    revision_document,
    run_document,
    to_dispatch,
    to_rejection,
    to_run,
)
from schemas.rejection import Rejection, RejectionError
from schemas.run import Counts, RunReport


def test_a_dispatch_comes_back_exactly(make: ModuleType) -> None:
    dispatch = make.rich("1", embargoed_until=make.minutes(5), subjects=["a", "b"], urgency=3)
    assert to_dispatch(revision_document(dispatch)) == dispatch
    assert to_dispatch(revision_document(make.kill("1"))) == make.kill("1")
    day = {"text": "Friday", "date": dt.date(2024, 3, 1), "span": (0, 6), "raw_span": (0, 6)}
    dated = make.rich("1", when=[day], first_created_at=make.minutes(-5), rights="All rights reserved", version=3)
    assert to_dispatch(revision_document(dated)) == dated


def test_a_dispatch_that_an_older_version_stored_can_be_shown(make: ModuleType) -> None:
    """What was not known then is empty; `dispatches reprocess` finds it."""
    document = revision_document(make.rich("1"))
    older = {name: value for name, value in document.items() if name not in ("when", "repairs", "rights", "enriched")}
    assert to_dispatch(older).when == ()


def test_times_are_utc_and_to_the_millisecond(make: ModuleType) -> None:
    zone = dt.timezone(dt.timedelta(hours=-5))
    local = dt.datetime(2024, 3, 1, 23, 59, 59, 123999, tzinfo=zone)
    document = revision_document(make.dispatch().model_copy(update={"published_at": local}))
    assert (
        document["published_at"] == document["version_key"] == dt.datetime(2024, 3, 2, 4, 59, 59, 123000, tzinfo=dt.UTC)
    )
    assert document["published_at"].utcoffset() == dt.timedelta(0)


def test_a_dispatch_document_is_flat_where_it_is_queried(make: ModuleType) -> None:
    revision = revision_document(make.rich("1", "Kiev talks\nKYIV -- “talks in Kyiv go on,” Ann Lee said in Zürich."))
    document = dispatch_document(revision)
    assert document
    assert document["_id"] == "wire:1"
    assert document["dispatch_id"] == revision["_id"]
    assert document["entity_ids"] == ["person:ann-lee", "place:kyiv"]
    assert document["place_ids"] == ["place:kyiv"]
    assert document["speaker_ids"] == ["person:ann-lee"]
    assert document["name_tokens"] == ["ann", "kiev", "kyiv", "lee", "zurich"]
    assert document["time"] == make.minutes(0)
    assert not {"settled", "current", "version_key", "released", "touched"} & set(document)


def test_a_killed_story_is_a_tombstone(make: ModuleType) -> None:
    text_kept_by_the_feed = make.rich("1").model_copy(update={"status": "killed", "signal": "kill"})
    revision = revision_document(text_kept_by_the_feed)
    document = dispatch_document(revision)
    assert document
    assert (document["status"], document["headline"]) == ("killed", "Talks in Kyiv")
    assert document["text"] == document["text_raw"] == ""
    emptied = ("names", "entities", "quotes", "entity_ids", "place_ids", "speaker_ids", "name_tokens", "unaccented")
    assert [document[name] for name in emptied] == [[]] * len(emptied)
    assert document["dateline"] is None
    assert quote_documents(revision) == []
    assert to_dispatch(revision).text


def test_an_embargoed_or_withheld_story_is_absent(make: ModuleType) -> None:
    for fields in ({"status": "withheld"}, {"status": "embargoed"}, {"embargoed_until": make.minutes(500)}):
        revision = revision_document(make.rich("1", **({"status": "embargoed"} | fields)))
        assert dispatch_document(revision) is None
        assert quote_documents(revision) == []
        released = dispatch_document(revision | {"released": True})
        assert (released is None) == (revision["status"] == "withheld")
    over = revision_document(make.rich("1", status="embargoed", embargoed_until=make.minutes(1)))
    assert dispatch_document(over)


def test_a_quote_can_be_read_alone(make: ModuleType) -> None:
    revision = revision_document(make.rich("1"))
    (quote,) = quote_documents(revision)
    assert quote["_id"] == revision["quotes"][0]["id"]
    assert quote["speaker"]["entity_id"] == "person:ann-lee"
    assert quote["entity_ids"] == ["place:kyiv"]  # about whom; the speaker's own name stands outside
    assert (quote["headline"], quote["dateline"], quote["time"]) == ("Talks in Kyiv", ["place:kyiv"], make.minutes(0))


def test_rejections_and_runs_come_back(make: ModuleType) -> None:
    rejection = Rejection(
        id="r1",
        stage="read",
        reason="empty",
        errors=(RejectionError(loc="input", type="empty", message="no text"),),
        source="wire",
        uri="file:///1",
        first_seen=make.minutes(0),
        last_seen=make.minutes(1),
    )
    assert to_rejection(rejection_document(rejection)) == rejection
    counts = Counts(read=3, stored=2, rejected=1)
    report = RunReport(
        run_id="run-1",
        flow="ingest-dispatches",
        state="running",
        started_at=make.minutes(0),
        sources={"wire": counts},
        seconds_by_stage={"read": 0.5},
        **counts.model_dump(),
    )
    assert to_run(run_document(report)) == report
    assert run_document(report)["totals"]["read"] == 3
