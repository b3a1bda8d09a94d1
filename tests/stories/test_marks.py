"""Marks of headlines and slugs: tables of (text, what is left of it, what the marks say)."""

import pytest

from flows.stories.marks import read_headline, read_slug


@pytest.mark.parametrize(
    ("headline", "bare", "kinds"),
    [
        ("Oil slips", "Oil slips", set()),
        ("UPDATE 1-Oil slips", "Oil slips", {"update"}),
        ("UPDATE 2 - Oil slips", "Oil slips", {"update"}),
        ("CORRECTED-UPDATE 2-Oil slips", "Oil slips", {"correction", "update"}),
        ("CORRECTED (OFFICIAL)-Oil slips", "Oil slips", {"correction"}),
        ("REFILE-Oil slips", "Oil slips", {"correction"}),
        ("WRAPUP 3-Oil slips", "Oil slips", {"update"}),
        ("WRITETHRU: Oil slips", "Oil slips", {"update"}),
        ("RPT-Oil slips", "Oil slips", {"repeat"}),
        ("KILL: Oil slips", "Oil slips", {"kill"}),
        ("BULLETIN KILL-Oil slips", "Oil slips", {"kill"}),
        ("Story withdrawn: Oil slips", "Oil slips", {"kill"}),
        ("ADVISORY-Oil slips", "Oil slips", {"advisory"}),
        ("URGENT - Oil slips", "Oil slips", {"label"}),
        ("Update: Ferry found", "Ferry found", {"update"}),
        ("Ferry found (UPDATE 2)", "Ferry found", {"update"}),
        ("Ferry found, 1st Ld-Writethru", "Ferry found", {"update"}),
        ("Ferry found -- CORRECTED", "Ferry found", {"correction"}),
        ("Updated talks go on", "Updated talks go on", set()),  # words, no marks
        ("LEAD-acid batteries gain", "LEAD-acid batteries gain", set()),
        ("Kill switch: how it works", "Kill switch: how it works", set()),
        ("ANALYSIS-Why oil slips", "ANALYSIS-Why oil slips", set()),  # another item, not a version
        ("", "", set()),
        (None, "", set()),
    ],
)
def test_marks_of_headlines(headline: str | None, bare: str, kinds: set[str]) -> None:
    """A mark is told by its capitals and what parts it from the headline."""
    assert read_headline(headline) == (bare, kinds)


@pytest.mark.parametrize(
    ("slug", "bare", "kinds"),
    [
        ("BC-EU--Lindholm-Ferry, 3rd Ld-Writethru, 0872", "EU--Lindholm-Ferry", {"update"}),
        ("BC-Ferry,1st Ld,250", "Ferry", {"update"}),
        ("BC-Ferry, KILL", "Ferry", {"kill"}),
        ("LINDHOLM-FERRY/ (UPDATE 1, PIX, CORRECTED)", "LINDHOLM-FERRY", {"update", "label", "correction"}),
        ("am-ferry", "ferry", set()),
        ("LINDHOLM-FERRY", "LINDHOLM-FERRY", set()),
        (None, "", set()),
    ],
)
def test_marks_of_slugs(slug: str | None, bare: str, kinds: set[str]) -> None:
    """A slug loses its cycle, its marks and its word count."""
    assert read_slug(slug) == (bare, kinds)
