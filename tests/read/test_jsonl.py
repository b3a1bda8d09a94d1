"""JSON lines."""

from collections.abc import Mapping

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.read import parse
from schemas.raw import Payload, RawDispatch, Refusal


def read(value: object, fields: Mapping[str, str] | None = None) -> RawDispatch | Refusal:
    data = value if isinstance(value, bytes) else orjson.dumps(value)
    payload = Payload(source="desk", uri="in", format="jsonl", data=data, original="0", fields=dict(fields or {}))
    (found,) = parse(payload)
    return found


def test_fields() -> None:
    """Each field is understood under its own name; others are left in the original."""
    raw = read({
        "id": 7, "text": "It held.", "headline": "Dam holds", "byline": "Helmi Sarre", "slugline": "dam", "version": 3,
        "language": "en", "urgency": 4, "subjects": ["floods"], "ed_note": "Eds: adds", "rights": "(c) Concordat",
        "published_at": "2025-03-04T09:00:00+01:00", "first_created": "Tue, 04 Mar 2025 07:00:00 GMT",
        "signal": "update", "$where": "1", "a.b": {"$gt": ""},
    })  # fmt: skip
    assert isinstance(raw, RawDispatch)
    assert raw.model_dump(mode="json", exclude_defaults=True) == {
        "text_raw": "Dam holds\nIt held.", "headline": "Dam holds", "byline": "Helmi Sarre", "encoding": "utf-8",
        "feed_id": "7", "version": "3", "version_created": "2025-03-04T08:00:00Z",
        "first_created": "2025-03-04T07:00:00Z", "signal": "update", "rights": "(c) Concordat", "urgency": 4,
        "subjects": ["floods"], "language": "en", "slugline": "dam", "ed_note": "Eds: adds",
    }  # fmt: skip


def test_a_source_names_its_keys() -> None:
    """Keys of objects in objects are named with dots; a key with a dot in it goes before."""
    fields = {"text": "body", "headline": "meta.title", "id": "meta.ids.urn", "subjects": "tags", "language": "x.y"}
    value = {"body": "It held.", "meta": {"title": "Dam", "ids": {"urn": "u:1"}}, "tags": "floods; dams", "x.y": "en"}
    raw = read(value, fields)
    assert isinstance(raw, RawDispatch)
    assert (raw.text_raw, raw.feed_id, raw.subjects, raw.language) == ("Dam\nIt held.", "u:1", ("floods", "dams"), "en")


def test_a_key_that_is_missing_is_told() -> None:
    """The rejection names the field."""
    refusal = read({"content": "It held."}, {"text": "body"})
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, [error.loc for error in refusal.errors]) == ("invalid_fields", ["text"])


@pytest.mark.parametrize(
    ("value", "reason", "locs"),
    [
        (b"{", "invalid_json", ["column 2"]),
        (b"[1]", "invalid_json", ["input"]),
        (b"[" * 100_000, "invalid_json", None),
        (b'{"text": "\\ud83d"}', "invalid_json", None),  # half of a surrogate pair
        (b'{"text": ' + b"[" * 2000 + b"]" * 2000 + b"}", "invalid_json", None),
        ({"id": "a"}, "invalid_fields", ["text"]),
        ({"id": [], "text": 5, "urgency": 11}, "invalid_fields", ["id", "text", "urgency"]),
        ({"text": "x", "published_at": "2025-03-04"}, "invalid_fields", ["published_at"]),  # no zone is assumed
        ({"text": "x", "status": "gone"}, "invalid_fields", ["status"]),
        ({"text": " \n"}, "empty", ["text"]),
    ],
)
def test_refusals(value: object, reason: str, locs: list[str] | None) -> None:
    """All that is wrong is told, with its place."""
    refusal = read(value)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert locs is None or [error.loc for error in refusal.errors] == locs


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "killed", "text": ""}, ("killed", "kill")),
        ({"signal": "kill", "text": ""}, ("killed", "kill")),
        ({"embargoed_until": "2025-03-05T06:00:00Z"}, ("embargoed", "new")),
        ({"embargoed_until": "2025-03-05T06:00:00Z", "status": "withheld"}, ("withheld", "new")),
    ],
)
def test_status(fields: dict[str, str], expected: tuple[str, str]) -> None:
    """A kill needs no text; what has an embargo is embargoed."""
    raw = read({"id": "a", "text": "It held.", **fields})
    assert isinstance(raw, RawDispatch)
    assert (raw.status, raw.signal) == expected


def test_a_headline_that_the_text_begins_with_is_not_doubled() -> None:
    """The first line is compared as a whole: a word that begins it too is no headline."""
    for text, expected in (("Dam\nIt held.\n", "Dam\nIt held.\n"), ("Dam holds.\nYes.", "Dam\nDam holds.\nYes.")):
        raw = read({"text": text, "headline": "Dam"})
        assert isinstance(raw, RawDispatch)
        assert raw.text_raw == expected


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=8,
)
_KEYS = ["id", "text", "headline", "urgency", "subjects", "published_at", "embargoed_until", "status", "signal", "$a.b"]


@given(
    st.dictionaries(st.sampled_from(_KEYS), _VALUES), st.dictionaries(st.sampled_from(_KEYS), st.sampled_from(_KEYS))
)
def test_any_object_is_read_or_refused(value: dict[str, object], fields: dict[str, str]) -> None:
    """Whatever the values are, and however the keys are named."""
    found = read(value, fields)
    found.model_dump_json(exclude={"data"})
