"""Datelines: the table of cases."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.gazetteer import Gazetteer, load_gazetteer
from flows.normalize.dateline import find_dateline
from flows.normalize.header import parse_header

ROOT = Path(__file__).parents[2]
CASES = yaml.load((ROOT / "tests/cases/datelines.yml").read_bytes(), Loader=yaml.CSafeLoader)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """The shipped gazetteer."""
    return load_gazetteer(ROOT / "config/gazetteer")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_datelines_are_read_in_every_form(case: dict[str, Any], gazetteer: Gazetteer) -> None:
    """Each line has the places, the agency and the date expected, or is none."""
    found = parse_header(case["text"], gazetteer).dateline
    if case.get("none"):
        assert found is None
        return
    assert found is not None
    assert case["text"][found.start : found.end] == case["raw"]
    assert [place.name for place in found.places] == (case.get("places") or [])
    assert found.agency == case.get("agency")
    date = case.get("date")
    assert found.date == (dt.date.fromisoformat(date) if isinstance(date, str) else date)
    assert case["text"][found.end :].lstrip().startswith(case["body"])


@pytest.mark.parametrize(
    ("near", "year"),
    [(dt.datetime(2024, 1, 2, tzinfo=dt.UTC), 2023), (dt.datetime(2023, 12, 31, tzinfo=dt.UTC), 2023), (None, None)],
)
def test_a_date_without_a_year_takes_the_nearest(
    near: dt.datetime | None, year: int | None, gazetteer: Gazetteer
) -> None:
    """`Dec. 31` in a dispatch of 2 January is last year's; with nothing to go by there is no date."""
    found = find_dateline("KYIV, Dec. 31 (Dispatches) -- Sirens", 0, gazetteer, near)
    assert found is not None
    assert found.date == (dt.date(year, 12, 31) if year else None)
