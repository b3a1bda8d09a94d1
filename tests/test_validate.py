"""Identity, validation and rejections."""

import datetime as dt

from flows.validate import identify, reject, validate
from schemas.dispatch import Dispatch
from schemas.raw import Normalized, Payload, RawDispatch, Refusal
from schemas.rejection import RejectionError

NOW = dt.datetime(2024, 3, 7, 12, 0, 0, 123_456, tzinfo=dt.UTC)
PAYLOAD = Payload(source="desk", uri="in/a.txt", item="line 3", format="jsonl", data=b"{}", original="0" * 64)


def raw(**fields: object) -> RawDispatch:
    """Make a raw dispatch."""
    return RawDispatch(**{"text_raw": "Talks go on.", "encoding": "utf-8", **fields})  # type: ignore[arg-type]


def made(source: RawDispatch) -> Dispatch | Refusal:
    """Validate a raw dispatch."""
    normalized = Normalized(headline=None, byline=None, ed_note=None, dateline=None, text=source.text_raw, names=())
    return validate(PAYLOAD, source, normalized, received_at=NOW, run_id="r", pipeline_version="1",
                    gazetteer_version="g", model_version="m")  # fmt: skip


def test_the_same_content_has_the_same_ids() -> None:
    """Ids depend on source, feed id and content alone."""
    assert identify(raw(feed_id="a"), "desk") == identify(raw(feed_id="a", encoding="cp1252"), "desk")
    assert identify(raw(feed_id="a"), "desk")[0] == "desk:a"


def test_another_text_of_a_story_is_another_revision() -> None:
    """The story stays, the revision's id changes."""
    one, other = identify(raw(feed_id="a"), "desk"), identify(raw(feed_id="a", text_raw="Talks ended."), "desk")
    assert one[0] == other[0]
    assert one[2] != other[2]


def test_odd_feed_ids_go_by_a_hash() -> None:
    """An id that is a path with spaces, or very long, cannot do harm as a key."""
    for odd in ("../../etc/pass wd", "$where", "x" * 500, "a\nb"):
        story = identify(raw(feed_id=odd), "desk")[0]
        assert story.startswith("desk:")
        assert len(story) == len("desk:") + 24


def test_what_the_feed_says_is_carried_over_in_utc() -> None:
    """Times are kept in UTC, to the millisecond that the store keeps."""
    berlin = dt.timezone(dt.timedelta(hours=1))
    dispatch = made(raw(version_created=dt.datetime(2024, 3, 7, 13, 0, tzinfo=berlin), urgency=3))
    assert isinstance(dispatch, Dispatch)
    assert dispatch.published_at == dt.datetime(2024, 3, 7, 12, 0, tzinfo=dt.UTC)
    assert dispatch.received_at.microsecond == 123_000
    assert dispatch.provenance.uri == "in/a.txt#line 3"


def test_a_wrong_field_is_a_reason() -> None:
    """A refusal of this stage says which field is wrong, how, and its value."""
    refusal = made(raw(urgency=12))
    assert isinstance(refusal, Refusal)
    assert (refusal.stage, refusal.reason) == ("validate", "invalid_fields")
    assert [(error.loc, error.type, error.input) for error in refusal.errors] == [("urgency", "less_than_equal", "12")]


def test_the_same_bad_input_is_the_same_rejection() -> None:
    """A rejection's id depends on place and bytes, not on the time."""
    error = RejectionError(loc="input", type="empty", message="nothing")
    refusal = Refusal(stage="read", reason="empty", errors=(error,), source="desk", uri="a", original="1")
    later = NOW + dt.timedelta(days=1)
    assert reject(refusal, NOW).id == reject(refusal, later).id
    assert reject(refusal, NOW).id != reject(refusal.model_copy(update={"original": "2"}), NOW).id
