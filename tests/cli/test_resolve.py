"""From what people type to canonical names."""

from pathlib import Path

import pytest

from flows.cli.resolve import canonical_search
from flows.gazetteer import load_gazetteer


@pytest.mark.parametrize(
    ("typed", "queries", "told"),
    [
        ("Kiev talks", ("Kyiv talks",), ("Kiev → Kyiv",)),
        ("kiev talks", ("Kyiv Talks",), ("Kiev → Kyiv",)),
        ('"in Kiev"', ('"in Kyiv"',), ("Kiev → Kyiv",)),
        ("Kyiv talks", ("Kyiv talks",), ()),
        ("grain", ("grain",), ()),
        ("chicken Kiev", ("chicken Kiev",), ()),  # a dish: the stored texts have it as it is
        ("Odessa port", ("Odessa port", "Odesa port"), ("Odessa → Odesa, or Odessa",)),  # which one, no context tells
    ],
)
def test_canonical_search(project: Path, typed: str, queries: tuple[str, ...], told: tuple[str, ...]) -> None:
    """Variants are searched under their canonical names, doubtful ones under both, and the change is told."""
    search = canonical_search(typed, load_gazetteer(project / "config" / "gazetteer"))
    assert (search.queries, search.changed) == (queries, told)
