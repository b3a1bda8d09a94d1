"""Embargoes that a text tells of: `EMBARGOED UNTIL 0001 GMT, MARCH 5`, `(Hold for release at 6 a.m. EST Tuesday.)`.

The end of an embargo counts only where its time, its zone and its day are told: a time without a zone could be hours
off. An embargo whose end is not told for certain holds without an end.
"""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from flows.normalize.dateline import DATE, read_date
from schemas.raw import Embargo

# Not the word alone: `EU backs oil embargo` is a headline.
_WORDS = re.compile(
    r"\bembargo(?:ed)?(?:\s*:|\s+(?:until|till|for\s+(?:release|publication|use|\d)|to\s+\d))|^\W*embargoed\W*$"
    r"|\bhold for release\b|\bnot for (?:publication|release|use) (?:before|until)\b",
    re.IGNORECASE | re.MULTILINE,
)
_LIFTED = re.compile(r"\bembargo\b[^.\n]{0,40}\b(?:lifted|expired|passed|over)\b|\bno embargo\b", re.IGNORECASE)
# Zones with one meaning on the wires. EST is the zone of New York in summer too, where a desk writes it so.
_ZONES = {
    "GMT": "UTC", "UTC": "UTC", "Z": "UTC", "ET": "America/New_York", "EST": "Etc/GMT+5", "EDT": "Etc/GMT+4",
    "CT": "America/Chicago", "CDT": "Etc/GMT+5", "MT": "America/Denver", "MST": "Etc/GMT+7", "MDT": "Etc/GMT+6",
    "PT": "America/Los_Angeles", "PST": "Etc/GMT+8", "PDT": "Etc/GMT+7", "CET": "Etc/GMT-1", "CEST": "Etc/GMT-2",
    "EET": "Etc/GMT-2", "EEST": "Etc/GMT-3", "JST": "Etc/GMT-9",
}  # fmt: skip
_TIME = re.compile(
    r"\b(?:(?P<hour>\d{1,2})(?:[:.h]?(?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?|(?P<word>midnight|noon))\s*"
    rf"\(?(?P<zone>{'|'.join(_ZONES)})\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\b(?P<day>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", re.IGNORECASE)
_DAYS = ["mon", "tues", "wednes", "thurs", "fri", "satur", "sun"]
_LOOKED_AT = 300  # characters behind the word


def find_embargo(head: str, near: dt.datetime | None) -> Embargo | None:
    """Return the embargo that the head of a text tells of, or None.

    Args:
        head: headline, slug and notes: what stands before the body.
        near: when the dispatch was created, for a day without a year and for weekdays.
    """
    word = _WORDS.search(head)
    if word is None or _LIFTED.search(head):
        return None
    return Embargo(until=_end(head[word.start() : word.end() + _LOOKED_AT], near))


def _end(told: str, near: dt.datetime | None) -> dt.datetime | None:
    time, date = _TIME.search(told), re.search(DATE, told)
    if time is None:
        return None
    zone = ZoneInfo(_ZONES[time["zone"].upper()])
    day = read_date(date[0], near) if date else _weekday(told, near)
    moment = _clock(time)
    return dt.datetime.combine(day, moment, zone).astimezone(dt.UTC) if day and moment else None


def _clock(match: re.Match[str]) -> dt.time | None:
    if match["word"]:
        # Midnight belongs to two days: which one is meant is not told.
        return dt.time(12) if match["word"].lower() == "noon" else None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"][0].lower() == "p" else 0)
    elif match["minute"] is None:
        return None  # `7 GMT` may be the end of a date
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None


def _weekday(told: str, near: dt.datetime | None) -> dt.date | None:
    """The next such day, today included: an embargo ends after it was sent."""
    match = _WEEKDAY.search(told)
    if match is None or near is None:
        return None
    ahead = (_DAYS.index(match["day"].lower()) - near.weekday()) % 7
    return near.date() + dt.timedelta(days=ahead)
