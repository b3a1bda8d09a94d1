"""Acronyms: what a name may be shortened to, and what is written as an acronym."""

import pytest

from flows.enrich.acronyms import initials, is_acronym, letters


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("World Grain Board", {"WGB"}),
        ("Organization for Security and Cooperation in Europe", {"OFSACIE", "OSCE"}),  # with small words and without
        ("Gazprom", set()),  # one word has no initials
        ("International Committee of the Red Cross", {"ICOTRC", "ICRC"}),
    ],
)
def test_initials_are_read_with_and_without_small_words(name: str, expected: set[str]) -> None:
    """Both are used: OSCE leaves the small words out, the MoD does not."""
    assert initials(name) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("OSCE", True), ("U.N.", True), ("MoD", True), ("NLAWs", True), ("Gazprom", False), ("He", False), ("X", False)],
)
def test_an_acronym_is_told_by_its_capitals(printed: str, expected: bool) -> None:
    """Short, and of capitals, but for a letter or two."""
    assert is_acronym(printed) is expected


def test_the_letters_of_an_acronym_are_its_capitals() -> None:
    """Full stops and small letters are left out."""
    assert [letters(name) for name in ("U.N.", "MoD", "OSCE")] == ["UN", "MD", "OSCE"]
