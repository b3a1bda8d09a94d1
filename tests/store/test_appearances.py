"""Where the words of a quote appeared."""

from types import ModuleType
from typing import Any

import pytest

from flows.store import Store
from flows.store.appearances import appearances, find_quote
from flows.store.documents import quote_documents, revision_document
from flows.store.stories import save_many

SAID = "We will not yield one metre of our land, and we will rebuild every bridge"


@pytest.fixture
def filled(store: Store, make: ModuleType) -> Store:
    def told(story: str, version: float, said: str, **fields: Any) -> Any:
        return make.rich(story, version=version, said=said, **fields)

    save_many(
        store,
        [
            told("1", 1, SAID),
            told("2", 2, SAID.upper(), speaker="Bo Ray"),  # the same words
            told("3", 3, SAID.replace("metre", "inch")),
            told("4", 4, SAID.replace("metre", "inch"), source="other"),
            told("5", 5, SAID.partition(",")[0]),  # shortened
            told("6", 6, "We will rebuild the bridge when one metre of snow is gone"),
            told("7", 7, SAID),
            told("7", 8, "nothing of the kind was said by anybody"),  # a correction: no quote of its past is shown
            make.kill("8", version=2),
            told("8", 1, SAID),
        ],
    )
    return store


def id_of(store: Store, story: str) -> str:
    (quote,) = store.find("quotes", {"story_id": f"wire:{story}"})
    return str(quote["_id"])


def seen(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(document["story_id"], document["match"]) for document in found]


EXACT = [("wire:2", "exact"), ("wire:1", "exact")]
NEAR = [("wire:5", "near"), ("other:4", "near"), ("wire:3", "near")]


def test_the_same_words_come_first_then_the_nearest(filled: Store) -> None:
    """Exact before near, a wording together, the newest first; superseded and killed texts are not shown."""
    found = appearances(filled, id_of(filled, "1"))
    assert seen(found) == EXACT + NEAR
    assert found[0]["speaker"]["entity_id"] == "person:bo-ray"
    assert (found[0]["share"], found[0]["differences"]) == (1, [])
    assert found[3]["differences"] == [{"was": "metre", "now": "inch"}]
    assert found[2]["differences"] == [{"was": "and we will rebuild every bridge", "now": ""}]
    assert all(found[0][field] for field in ("source", "headline", "time", "dispatch_id", "quote_key", "kind", "text"))


def test_a_quote_is_asked_for_by_id_or_key(filled: Store) -> None:
    """A key finds what the id of its newest quote finds; an unknown id or key finds nothing."""
    by_id = appearances(filled, id_of(filled, "2"))
    assert appearances(filled, by_id[0]["quote_key"]) == by_id
    assert appearances(filled, "nothing") == appearances(filled, "") == []
    assert find_quote(filled, "nothing") is None


def test_near_is_near_from_both_sides(filled: Store) -> None:
    """Whichever wording is asked for finds the other ones."""
    for story in ("1", "2", "3", "5"):
        found = dict(seen(appearances(filled, id_of(filled, story))))
        assert set(found) == {"wire:1", "wire:2", "wire:3", "other:4", "wire:5"}
        assert found[f"wire:{story}"] == "exact"


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7])
def test_appearances_are_paged(filled: Store, limit: int) -> None:
    """Pages join to the whole list, without gap or overlap."""
    id = id_of(filled, "1")
    pages = [appearances(filled, id, limit=limit, skip=skip) for skip in range(0, 8, limit)]
    assert [document for page in pages for document in page] == appearances(filled, id)


def test_short_quotes_are_the_same_or_not(store: Store, make: ModuleType) -> None:
    """A few words have no near match: they would find strangers."""
    save_many(
        store,
        [
            make.rich("1", said="We will see"),
            make.rich("2", said="We will see!"),
            make.rich("3", said="We will not see"),
        ],
    )
    assert seen(appearances(store, id_of(store, "1"))) == [("wire:2", "exact"), ("wire:1", "exact")]


def test_what_an_older_version_stored_is_still_found(store: Store, make: ModuleType) -> None:
    """A quote without a key appears where it stands, and nowhere else."""
    (document,) = quote_documents(revision_document(make.rich("1", said=SAID)))
    save_many(store, [make.rich("2", said=SAID.replace("metre", "inch"))])
    store.put("quotes", [document | {"quote_key": "", "quote_bands": []}])
    assert seen(appearances(store, document["_id"])) == [("wire:1", "exact"), ("wire:2", "near")]
