"""Embargoes told in words."""

import datetime as dt

import pytest

from flows.normalize.embargo import find_embargo

MONDAY = dt.datetime(2024, 3, 4, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("head", "until"),
    [
        ("EMBARGOED UNTIL 0001 GMT, MARCH 5", "2024-03-05T00:01"),
        ("(Embargoed until 5 March 2024 at 09:30 CET)", "2024-03-05T08:30"),
        ("(Hold for release at 6 a.m. EST Tuesday.)", "2024-03-05T11:00"),
        ("Embargoed until noon ET on March 6", "2024-03-06T17:00"),
        ("Not for publication before 2300 GMT on Monday", "2024-03-04T23:00"),  # today counts
        ("Report on rye\n(EMBARGOED FOR RELEASE: 8:30 p.m. EDT, March 30)", "2024-03-31T00:30"),
        ("EMBARGOED FOR 1100 GMT", None),  # of which day?
        ("Embargoed: 00:01 Tuesday", None),  # in which zone?
        ("Embargoed until midnight GMT, March 5", None),  # at which end of the day?
        ("EMBARGOED UNTIL 7 MARCH", None),
        ("Embargoed until 9:75 GMT, March 5", None),
        ("(Embargoed)", None),
    ],
)
def test_an_embargo_ends_when_time_zone_and_day_are_told(head: str, until: str | None) -> None:
    """Where one of them is not, it holds without an end."""
    found = find_embargo(head, MONDAY)
    assert found is not None
    assert found.until == (until and dt.datetime.fromisoformat(until).replace(tzinfo=dt.UTC))


@pytest.mark.parametrize(
    "head",
    [
        "EU backs oil embargo",
        "Embargo on oil is lifted",
        "UPDATE 1-Cuba calls for end to embargo",
        "Embargoed oil seized",
        "",
    ],
)
def test_embargoes_of_goods_are_none(head: str) -> None:
    """The word alone keeps nothing back."""
    assert find_embargo(head, MONDAY) is None


def test_without_a_date_of_its_own_a_weekday_tells_no_end() -> None:
    """The dispatch must say when it was created."""
    found = find_embargo("EMBARGOED UNTIL 0600 GMT TUESDAY", None)
    assert found is not None
    assert found.until is None
