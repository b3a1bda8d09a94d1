"""What `check` finds wrong in a gazetteer, and where."""

from pathlib import Path

import pytest

from flows.gazetteer import Problem, read_entries
from flows.gazetteer.check import check

UKRAINE = "- {id: place:ukraine, name: Ukraine, type: place, kind: country, country: UA, adjectives: [Ukrainian]}\n"


def problems(folder: Path, text: str) -> list[Problem]:
    """Check one file with Ukraine in its first line."""
    (folder / "names.yml").write_text(UKRAINE + text, encoding="utf-8")
    sources = read_entries(folder)
    assert not sources.problems
    return check(sources)


def listed(*entries: str) -> str:
    """Return entries as YAML, one a line; a line with leading spaces belongs to the entry before."""
    return "".join(entry + "\n" if entry.startswith(" ") else f"- {entry}\n" for entry in entries)


def test_a_sound_gazetteer_has_no_problems(tmp_path: Path) -> None:
    """Variants, phrases, homonyms with evidence, relatives of one name and former names are all well."""
    text = """
- id: place:odesa
  name: Odesa
  type: place
  country: UA
  variants: [Odessa]
  keep: {title: [Odessa File], phrase: [Odesa Mama]}
  homonyms: [{name: "Odessa, Texas", evidence: [Texas]}]
- {id: place:dnipro, name: Dnipro, type: place, country: UA, former: [{name: Dnepropetrovsk, until: 2016}]}
- {id: person:a-gadhafi, name: Moammar Gadhafi, type: person, surname_variants: [Qaddafi], distinctive: true}
- {id: person:b-gadhafi, name: Seif Gadhafi, type: person, surname_variants: [Qaddafi]}
"""
    assert problems(tmp_path, text) == []


FLAWS = {
    "a spelling that two entries change": (
        ["{id: place:a, name: Aa, type: place, variants: [Kiev]}",
         "{id: place:b, name: Bb, type: place, variants: [Kiev]}"],
        (3, "place:b: “Kiev” is a variant of place:a (names.yml:2) too, and neither declares the other as a homonym"),
    ),
    "a variant that is another's name": (
        ["{id: place:a, name: Aa, type: place}", "{id: place:b, name: Bb, type: place, variants: [Aa]}"],
        (3, "place:b: “Aa” is the canonical name of place:a (names.yml:2)"),
    ),
    "a change that brings about another": (
        ["{id: place:a, name: Aa, type: place, variants: [Ab]}",
         "{id: place:b, name: Bb, type: place, variants: [Aa]}"],
        (3, "place:b: “Aa” is the canonical name of place:a (names.yml:2), so that “Ab” would change twice"),
    ),
    "a cycle": (
        ["{id: place:a, name: Aa, type: place, variants: [Bb]}",
         "{id: place:b, name: Bb, type: place, variants: [Aa]}"],
        (2, "place:a: “Bb” and “Aa” change into each other: see place:b (names.yml:3)"),
    ),
    "derived words that collide": (
        ["{id: place:a, name: Aa, type: place, derived: {Aan: [An]}}",
         "{id: place:b, name: Bb, type: place, derived: {Ba: [An]}}"],
        (3, "place:b: “An” is a derived of place:a (names.yml:2) too, and neither declares the other as a homonym"),
    ),
    "combined names that collide": (
        ["{id: person:a, name: Ann Foo, type: person, given_variants: [Anne], surname_variants: [Fu]}",
         "{id: person:b, name: Anna Fou, type: person, given_variants: [Anne], surname_variants: [Fu]}"],
        (3, "person:b: “Anne Fu” is a full of person:a (names.yml:2) too, and neither declares the other as a homonym"),
    ),
    "a surname that is not distinctive": (
        ["{id: person:a, name: Ann Foo, type: person, surname_variants: [Fu], distinctive: true}",
         "{id: person:b, name: Bob Fu, type: person}"],
        (2, "person:a: “Fu” is not distinctive: person:b (names.yml:3) bears it too"),
    ),
    "a spelling that is recognised and changed": (
        ["{id: place:a, name: Aa, type: place, variants: [Kiev], aliases: [Kiev]}"],
        (2, "place:a: “Kiev” is alias and variant: it changes all the same"),
    ),
    "a homonym that is never thought of": (
        ["{id: place:a, name: Aa, type: place, country: UA,",
         "   homonyms: [{name: 'Odessa, Texas', evidence: [Texas]}]}"],
        (3, "place:a: the homonym “Odessa, Texas” contains no spelling of this entry"),
    ),
    "homonyms without any evidence": (
        ["{id: place:a, name: Aa, type: place, homonyms: [{name: 'Aa, the other'}]}"],
        (2, "place:a: there is evidence neither for it nor for its homonyms"),
    ),
    "an unknown country": (
        ["{id: place:a, name: Aa, type: place, country: XX}"],
        (2, "place:a: no entry has the country XX"),
    ),
    "an unknown country that alone tells a homonym apart": (
        ["{id: place:a, name: Aa, type: place, country: UA, homonyms: [{name: 'Aa, over there', country: XX}]}"],
        (2, "place:a: no entry has the country XX"),
    ),
    "a former name that is still to be given up": (
        ["{id: place:a, name: Aa, type: place,", "   former: [{name: Old, until: 2999}]}"],
        (3, "place:a: the former name “Old” lasts until 2999"),
    ),
    "a former name that ends before it begins": (
        ["{id: place:a, name: Aa, type: place, former: [{name: Old, since: 1990, until: 1980}]}"],
        (2, "place:a: the former name “Old” ends before it begins"),
    ),
    "a surname that is no part of the name": (
        ["{id: person:a, name: Ann Foo, type: person, surname: Fu}"],
        (2, "person:a: the surname “Fu” is no part of the name"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("entries", "expected"), FLAWS.values(), ids=FLAWS)
def test_an_error_is_found_in_its_line(entries: list[str], expected: tuple[int, str], tmp_path: Path) -> None:
    """What would change a text wrongly, or do nothing though it was meant to, is an error."""
    found = problems(tmp_path, listed(*entries))
    assert expected in [(p.line, p.message) for p in found if p.severity == "error"]


DEAD_WEIGHT = {
    "a dead phrase": ("keep: {dish: [chicken Keiv]}", "dead phrase: “chicken Keiv” contains no spelling"),
    "a phrase that stands twice": (
        "keep: {dish: [Kiev cake], title: [kiev cake]}",
        "“kiev cake” stands already in dish",
    ),
    "a variant found anyway": ("aliases: [al-Kiev, Al-Kiev]", "“Al-Kiev” in aliases is found as “al-Kiev” anyway"),
    "the name as its variant": ("variants: [Kyïv]", "the variant “Kyïv” is the name itself"),
}


@pytest.mark.parametrize(("field", "message"), DEAD_WEIGHT.values(), ids=DEAD_WEIGHT)
def test_dead_weight_is_a_warning(field: str, message: str, tmp_path: Path) -> None:
    """What does nothing is a warning, in the line of the spelling."""
    text = f"- id: place:kyiv\n  name: Kyiv\n  type: place\n  derived: {{Kyivan: [Kiev]}}\n  {field}\n"
    (found,) = problems(tmp_path, text)
    assert message in found.message
    assert (found.line, found.severity) == (6, "warning")


def test_a_given_name_without_effect_is_a_warning(tmp_path: Path) -> None:
    """A given name is combined with surnames; the canonical one, or one beside no given name, makes nothing new."""
    text = listed(
        "{id: person:a, name: Ann Foo, type: person, given_variants: [Ann]}",
        "{id: person:b, name: Bob, type: person, given_variants: [Rob]}",
    )
    assert [p.message for p in problems(tmp_path, text)] == [
        "person:a: the given_variant “Ann” has no effect",
        "person:b: the given_variant “Rob” has no effect",
    ]


@pytest.mark.parametrize(
    ("homonyms", "severities"), [("", ["warning"]), (", homonyms: [{name: 'BNP, the other', evidence: [other]}]", [])]
)
def test_two_bearers_of_a_name_are_told_apart_or_warned_of(
    homonyms: str, severities: list[str], tmp_path: Path
) -> None:
    """A name or acronym of two entries is recognised as neither, unless one declares the other."""
    found = problems(
        tmp_path,
        listed(
            "{id: organization:a, name: Aa, type: organization, aliases: [BNP]}",
            f"{{id: organization:b, name: Bb, type: organization, aliases: [BNP]{homonyms}}}",
        ),
    )
    assert [p.severity for p in found] == severities


def test_a_spelling_that_another_holds_right_never_changes(tmp_path: Path) -> None:
    """A variant that is another entry's alias stays wherever it stands; the editor is told."""
    text = listed(
        "{id: place:a, name: Aa, type: place, variants: [Congo]}",
        "{id: place:b, name: Bb, type: place, aliases: [Congo]}",
    )
    (found,) = problems(tmp_path, text)
    assert found.message == "place:a: “Congo” never changes: it is an alias of place:b (names.yml:3)"
    assert found.severity == "warning"
