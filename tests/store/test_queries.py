"""What can be asked of the store."""

from collections.abc import Iterable
from types import ModuleType
from typing import Any

import pytest

from flows.store import Store
from flows.store import queries as ask
from flows.store.stories import save_many, settle


@pytest.fixture
def filled(store: Store, make: ModuleType) -> Store:
    save_many(
        store,
        [
            make.rich("1", version=1, speaker="Ann Lee"),
            make.rich("2", version=2, speaker="Böb Ray", about="Lviv", country="Ukraine"),
            make.rich("3", version=3, speaker="Ann Lee", about="Lviv", source="other"),
            make.rich("2", version=2.5, speaker="Böb Ray", about="Lviv", said="no talks in Lviv today"),
        ],
    )
    settle(store)
    return store


def stories(documents: Iterable[dict[str, Any]]) -> list[str]:
    return [document.get("story_id", document["_id"]).partition(":")[2] for document in documents]


def test_quotes_are_found_by_speaker_subject_and_words(filled: Store, make: ModuleType) -> None:
    assert stories(ask.find_quotes(filled)) == ["3", "2", "1"]
    assert stories(ask.find_quotes(filled, speaker_ids=["person:ann-lee"])) == ["3", "1"]
    assert stories(ask.find_quotes(filled, about_ids=["place:lviv"])) == ["3", "2"]
    assert stories(ask.find_quotes(filled, about_ids=["place:lviv"], speaker_ids=["person:böb-ray"])) == ["2"]
    assert stories(ask.find_quotes(filled, words="TALKS", kind="direct")) == ["3", "2", "1"]
    assert stories(ask.find_quotes(filled, words="no talks", limit=1)) == ["2"]
    assert stories(ask.find_quotes(filled, words="talks", since=make.minutes(2), until=make.minutes(3))) == ["2"]
    assert stories(ask.find_quotes(filled, source="other")) == ["3"]
    assert stories(ask.find_quotes(filled, kind="indirect")) == []
    assert stories(ask.find_quotes(filled, limit=1, skip=1)) == ["2"]


def test_dispatches_are_found_by_words_places_and_time(filled: Store, make: ModuleType) -> None:
    assert stories(ask.search_dispatches(filled, "bob lviv")) == ["2"]
    assert stories(ask.search_dispatches(filled, '"Talks in Lviv"')) == ["3", "2"]
    assert stories(ask.search_dispatches(filled, "talks", place_ids=["place:kyiv"])) == ["3", "2", "1"]  # the dateline
    assert stories(ask.search_dispatches(filled, entity_ids=["place:lviv"], source="wire")) == ["2"]
    assert stories(ask.search_dispatches(filled, since=make.minutes(1), until=make.minutes(2.5))) == ["1"]
    assert stories(ask.search_dispatches(filled, "nothing")) == []


def test_entities_are_found_by_name_and_kind(filled: Store) -> None:
    def names(**wanted: Any) -> list[str]:
        return [entity["name"] for entity in ask.find_entities(filled, **wanted)]

    assert names(type="place") == ["Lviv", "Kyiv"]
    assert names(name="BOB") == ["Böb Ray"]
    assert names(name="ä") == ["Ann Lee", "Böb Ray"]
    assert names(name="i", limit=1, skip=1) == ["Kyiv"]
    assert names(country="Ukraine") == []  # of the superseded revision
    assert names(ids=["place:kyiv", "place:nowhere"]) == ["Kyiv"]


def test_a_dispatch_and_its_history(filled: Store) -> None:
    shown = ask.get_dispatch(filled, "wire:2")
    assert shown
    assert shown["revision"] == 2
    revision = ask.get_dispatch(filled, shown["revises"])
    assert revision
    assert revision["current"] is False
    assert ask.get_dispatch(filled, "wire:9") is None
    assert [found["revision"] for found in ask.history(filled, "wire:2")] == [2, 1]


def test_all_documents_can_be_walked(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "_PAGE", 2)
    assert [document["_id"] for document in ask.iterate(filled, "dispatches")] == ["other:3", "wire:1", "wire:2"]
    assert stories(ask.iterate(filled, "quotes", {"source": "wire"})) == ["1", "2"]
    assert list(ask.iterate(filled, "runs")) == []
