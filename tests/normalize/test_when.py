"""Days named relative to the day of a dispatch."""

import datetime as dt

import pytest

from flows.normalize.when import find_days
from flows.spans import SpanMap
from schemas.dispatch import NameEdit

TUESDAY = dt.date(2022, 1, 18)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Moscow on Tuesday rejected new talks.", [18]),  # the day of the dispatch
        ("Berg said Monday that talks go on.", [17]),
        ("In a visit to Kyiv on Monday, senators promised arms.", [17]),  # the verb behind it
        ("Talks will be held on Friday.", [21]),
        ("The ministry announced that Berg would fly Wednesday.", [19]),
        ("He was expected to be released Friday.", [21]),  # a plan in the past is a plan
        ("She was killed by soldiers on Sunday.", [16]),
        ("It is to open on Thursday.", [20]),
        ("A blast on Saturday killed two.", [15]),
        ("Monday's vote failed.", [17]),
        ("They met last Friday and again yesterday.", [14, 17]),
        ("He arrives tomorrow; the shops closed today.", [19, 18]),
        ("“I will go tomorrow,” he said yesterday.", [17]),  # tomorrow counts from when he said it
        ("The Friday meeting", []),  # behind or ahead: not told
        ("Ministers meet on Thursday in Vienna.", []),
        ("Every Monday they met.", []),
        ("Next Tuesday they meet.", []),  # this week's or the next one's
        ("It opened on Wednesday, March 5.", []),  # has a date of its own
        ("Mondays were quiet, and Tuesday-to-Friday hours changed.", []),
        ("No day at all.", []),
    ],
)
def test_a_day_is_a_date_where_the_text_is_certain(text: str, days: list[int]) -> None:
    """Weekdays lie behind or ahead as the verb says; else they are left out."""
    assert [when.date for when in find_days(text, TUESDAY, SpanMap(()))] == [dt.date(2022, 1, day) for day in days]


def test_a_text_without_a_day_has_none() -> None:
    """Nothing is counted from a day that is not known."""
    assert find_days("Moscow on Tuesday rejected talks yesterday.", None, SpanMap(())) == ()


def test_a_day_has_its_place_in_both_texts() -> None:
    """The spans lead to the word, before and after a name edit."""
    raw, text = "Kharkov was hit on Tuesday.", "Kharkiv was hit on Tuesday."
    edit = NameEdit(raw="Kharkov", name="Kharkiv", entity_id="p", rule="r", raw_span=(0, 7), span=(0, 7))
    (when,) = find_days(text, TUESDAY, SpanMap((edit,)))
    assert text[slice(*when.span)] == raw[slice(*when.raw_span)] == when.text == "Tuesday"
