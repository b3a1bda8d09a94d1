"""Entities: types, roles, countries, and the mentions joined to one entity."""

from collections.abc import Callable

import pytest

from schemas.dispatch import Dispatch, Entity


def named(dispatch: Dispatch, name: str) -> Entity:
    """Return the entity of a name."""
    (entity,) = [entity for entity in dispatch.entities if entity.name == name]
    return entity


@pytest.mark.parametrize(
    ("text", "name", "kind", "role", "country"),
    [
        ("Russian Foreign Minister Sergei Lavrov left.", "Sergei Lavrov", "person", "Foreign Minister", "Russia"),
        ("Kremlin spokesman Dmitry Peskov agreed.", "Dmitry Peskov", "person", "spokesman", "Russia"),
        ("British Defense Secretary Ben Wallace left.", "Ben Wallace", "person", "Defense Secretary", "United Kingdom"),
        ("Sen. Richard Blumenthal of Connecticut left.", "Richard Blumenthal", "person", "senator", "United States"),
        ("Col. Anna Brandt was there.", "Anna Brandt", "person", "colonel", None),  # nobody the gazetteer knows
        ("The talks moved to Vienna on Monday.", "Vienna", "place", None, "Austria"),
        ("Javelin missiles were unloaded.", "FGM-148 Javelin", "weapon", None, None),
        ("The Belarusian defense ministry replied.", "Belarusian Defense Ministry", "organization", None, "Belarus"),
        ("Ukrainian troops advanced.", "Ukrainians", "group", None, "Ukraine"),
    ],
)  # fmt: skip
def test_an_entity_has_type_role_and_country(
    text: str, name: str, kind: str, role: str | None, country: str | None, annotate: Callable[[str], Dispatch]
) -> None:
    """Office and country are read off the words before a name, else taken from the gazetteer."""
    entity = named(annotate(text), name)
    assert (entity.type, entity.role, entity.country) == (kind, role, country)


def test_surnames_join_the_full_name(annotate: Callable[[str], Dispatch]) -> None:
    """A bare surname is the one person in the dispatch who bears it."""
    entity = named(annotate("Anna Brandt came. Brandt left at noon, and Brandt’s car followed."), "Anna Brandt")
    assert [mention.text for mention in entity.mentions] == ["Anna Brandt", "Brandt", "Brandt"]


def test_two_bearers_of_a_surname_are_kept_apart(annotate: Callable[[str], Dispatch]) -> None:
    """With two Brandts in the dispatch, a bare Brandt is neither."""
    dispatch = annotate("Anna Brandt met Peter Brandt. Brandt left at noon.")
    assert [len(named(dispatch, name).mentions) for name in ("Anna Brandt", "Peter Brandt")] == [1, 1]


def test_the_dateline_is_no_mention(annotate: Callable[[str], Dispatch]) -> None:
    """Place and agency of the dateline belong to the dateline."""
    dispatch = annotate("It rained.")
    assert dispatch.entities == ()
    assert dispatch.dateline is not None
    assert [place.entity_id for place in dispatch.dateline.places] == ["place:paris"]


@pytest.mark.parametrize("text", ["The patriot sang.", "Patriot games were played.", "It was grand."])
def test_what_nothing_speaks_for_is_no_entity(text: str, annotate: Callable[[str], Dispatch]) -> None:
    """Common words are no weapons and no countries."""
    assert annotate(text).entities == ()
