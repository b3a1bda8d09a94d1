"""Datelines in the forms that wires print them.

`MOSCOW (Dispatches) --`, `KIEV, Ukraine (AP) —`, `BEIRUT/THE HAGUE, March 7 (Reuters) -`,
`BUENOS AIRES, Argentina (AP) _`, `Jan 3 (Reuters) -`, `Berlin (dpa) -`, `MOSCOW, March 4. /TASS/.`, `NEW DELHI:`.
A town in capitals carries it; without an agency a date, a region or a known place must confirm it: a sentence in
capitals is none.
"""

import datetime as dt
import re
from dataclasses import dataclass

from flows.gazetteer import Gazetteer
from schemas.dispatch import DatelinePlace, EntityType
from schemas.gazetteer import Entry

# In English, and as Spanish, French, Italian, Portuguese and German wires write them: `Madrid, 4 ene (EFE).-`
_MONTHS = {
    1: r"Jan(?:uary|\.)?|ene(?:ro|\.)?|janv(?:ier|\.)?|gen(?:naio|\.)?|janeiro|Januar",
    2: r"Feb(?:ruary|\.)?|feb(?:rero)?|f[ée]vr(?:ier|\.)?|febbraio|fev(?:ereiro|\.)?|Februar",
    3: r"Mar(?:ch|\.)?|marzo|mars|março|März",
    4: r"Apr(?:il|\.)?|abr(?:il|\.)?|avr(?:il|\.)?|aprile",
    5: r"May|mayo?|mai|maggio|maio|Mai",
    6: r"June?\.?|junio|juin|giu(?:gno|\.)?|junho|Juni",
    7: r"July?\.?|julio|juil(?:let|\.)?|lug(?:lio|\.)?|julho|Juli",
    8: r"Aug(?:ust|\.)?|ago(?:sto|\.)?|août",
    9: r"Sept?(?:ember|\.)?|sep(?:tiembre|t)?|set(?:tembre|embro|\.)?",
    10: r"Oct(?:ober|\.)?|oct(?:ubre|obre)?|ott(?:obre|\.)?|out(?:ubro|\.)?|Okt(?:ober|\.)?",
    11: r"Nov(?:ember|\.)?|nov(?:iembre|embre|embro)?",
    12: r"Dec(?:ember|\.)?|dic(?:iembre|embre|\.)?|d[ée]c(?:embre|\.)?|dez(?:embro|\.)?|Dez(?:ember|\.)?",
}
_MONTH = "(?i:" + "|".join(_MONTHS.values()) + r")(?![^\W\d_])"
DATE = rf"(?:{_MONTH}\s+\d{{1,2}}(?:,?\s+\d{{4}})?\b|\d{{1,2}}\.?\s+{_MONTH}(?:\s+\d{{4}})?)"
_UPPER = r"[^\W\d_a-zß-öø-ÿ]"  # an upper-case letter, or one of a script without case
_CAPS_WORD = rf"{_UPPER}(?:{_UPPER}|[.'’ʼ`-](?={_UPPER}))*\.?"
_CAPS = rf"{_CAPS_WORD}(?:[ \u00a0](?:{_CAPS_WORD}|\d{{1,2}}\b))*"
_REGION_WORD = r"(?:[^\W\d_][\w.'’-]*)"
_REGION = rf"{_REGION_WORD}(?:[ \u00a0]{_REGION_WORD}){{0,3}}"
_PLACE = rf"{_CAPS}(?:,[ \u00a0](?!{DATE}){_REGION})?"
_PLACES = rf"{_PLACE}(?:\s*(?:/|\band\b|\bAND\b|;)\s*{_PLACE}){{0,3}}"
_MIXED_TOWN = r"[^\W\d_a-z][\w.'’-]+(?:[ -][^\W\d_][\w.'’-]*){0,4}(?:,[ ][^\W\d_a-z][\w. ]{2,30})?"
_MIXED = rf"{_MIXED_TOWN}(?:/{_MIXED_TOWN}){{0,2}}"
# Agencies whose names are not in capitals, for datelines that are not either: `Washington (Irving) --` is none.
_AGENCIES = frozenset(
    [
        "dpa",
        "afp",
        "apa",
        "ots",
        "epd",
        "Reuters",
        "Dispatches",
        "Xinhua",
        "Interfax",
        "Kyodo",
        "Yonhap",
        "Bloomberg",
        "Ukrinform",
        "Bernama",
        "Antara",
        "Anadolu",
        "Tass",
        "Belga",
        "Ansa",
        "Lusa",
        "Ritzau",
    ]
)
# Lower-case names of agencies stand in lower case in their own datelines: `Berlin (dpa) -`.
_AGENCY = (
    r"(?:\((?P<agency>(?:[^\W\d_a-z]|(?:dpa|afp|apa|ots|epd)\b)[\w &/'’-]{0,40}(?<!Photo))\)"
    r"|/(?P<slashed>[A-Z][\w .-]{1,20})/)"
)
_DASH = r"(?:\s*(?:--+|[—–]|-(?=\s)|_(?=\s)|=(?=\s)))"
_FULL = re.compile(
    rf"(?:(?P<places>{_PLACES})(?:,?\s+(?P<date>{DATE})[.,]?|,|--)?|(?P<only_date>{DATE}))"
    rf"\s*{_AGENCY}(?:,?\s+(?P<late_date>{DATE}))?(?P<end>{_DASH}|\.-?|:(?=\s))"
)
_MIXED_FULL = re.compile(rf"(?P<places>{_MIXED}),?(?:\s+(?P<date>{DATE}))?\s+{_AGENCY}(?:\.-|{_DASH})")
# `Washington, Mar 7 (PTI) The ...`, `HAVANA, March 7 (ACN) The ...`: a date and an agency, and no dash
_NO_DASH = re.compile(
    rf"(?P<places>{_MIXED}|{_PLACES}),\s+(?P<date>{DATE})\s+\((?P<agency>[A-Z]{{3,8}})\)(?=\s+[^\W\d_a-z])"
)
# `SYDNEY, March 7 AAP - ...`, `KIEV. March 4. KAZINFORM - ...`
_NO_BRACKETS = re.compile(rf"(?P<places>{_PLACES})[.,]\s+(?P<date>{DATE})\.?\s+(?P<agency>[A-Z]{{3,12}}){_DASH}")
# `(ANSA) - ROME, MAR 4 - ...`
_AGENCY_FIRST = re.compile(rf"{_AGENCY}{_DASH}\s*(?P<places>{_PLACES})(?:,?\s+(?P<date>{DATE}))?{_DASH}")
_ONLY_AGENCY = re.compile(rf"{_AGENCY}{_DASH}")
_BARE = re.compile(rf"(?P<places>{_PLACES})(?:,?\s+(?P<date>{DATE})[.,]?)?(?P<end>{_DASH}|:(?=\s))")
_SMALL = {"of", "the", "and", "on", "in", "near", "de", "la", "del", "al", "el", "at", "aboard", "with", "off", "over"}


@dataclass(frozen=True, slots=True)
class Found:
    """A dateline found at an offset of the raw text."""

    start: int
    end: int
    places: tuple[DatelinePlace, ...]
    agency: str | None
    date: dt.date | None


def find_dateline(
    text: str, start: int, gazetteer: Gazetteer, near: dt.datetime | None = None, *, below_byline: bool = False
) -> Found | None:
    """Return the dateline that begins at `start`, or None.

    Args:
        near: when the dispatch was created; the year of a date without one is the year that brings it nearest.
        below_byline: a byline stands above; then a town that nobody knows is one (`HARTWELL — The council voted`).
    """
    stop = min(len(text), start + 200)
    match = _FULL.match(text, start, stop) or _mixed(text, start, stop, gazetteer)
    match = match or _NO_BRACKETS.match(text, start, stop) or _AGENCY_FIRST.match(text, start, stop)
    if match is None and (alone := _ONLY_AGENCY.match(text, start, stop)) and _is_agency(alone["agency"]):
        match = alone  # `(Reuters) -`, as web sites print it
    if match is None:
        match = _BARE.match(text, start, stop)
        if match is None or not _confirmed(match, gazetteer, below_byline=below_byline):
            return None
    groups = match.groupdict()
    date = groups.get("date") or groups.get("only_date") or groups.get("late_date")
    printed = groups.get("places")
    return Found(
        start=start,
        end=match.end(),
        places=tuple(_places(printed, gazetteer)) if printed else (),
        agency=groups.get("agency") or groups.get("slashed"),
        date=read_date(date, near) if date else None,
    )


def _confirmed(match: re.Match[str], gazetteer: Gazetteer, *, below_byline: bool) -> bool:
    """A dateline without an agency: `WASHINGTON —`, `NEW DELHI:`, `HARTWELL, Ga. —`; not `WALLACE:`, `BREAKING —`."""
    places = _places(match["places"], gazetteer)
    known = bool(places) and all(place.entity_id for place in places)
    told = ":" not in match["end"] and (bool(match["date"]) or below_byline or _has_region(match["places"], gazetteer))
    if not known and (not told or match["date"]):
        return told
    if len(match["places"]) < 3:
        return False  # `US —` is no town
    # `WASHINGTON -- a city of monuments -- woke`, `GAZA: A HISTORY` go on as no first sentence does
    behind = match.string[match.end() :].lstrip().split(None, 2)
    return not behind or not (
        behind[0][0].islower() or (len(behind) > 1 and behind[1].isupper() and len(behind[1]) > 3)
    )


def _has_region(printed: str, gazetteer: Gazetteer) -> bool:
    """Tell whether a known country or state stands behind a town: `METUGE, Mozambique`."""
    _, comma, region = printed.partition(", ")
    return (
        bool(comma)
        and not region.isupper()
        and any(gazetteer.entries[form.entry_id].type == "place" for form in gazetteer.known.forms_of(region.strip()))
    )


def _mixed(text: str, start: int, stop: int, gazetteer: Gazetteer) -> re.Match[str] | None:
    """A dateline in lower case, `Berlin (dpa) -`: its place and its agency must be known."""
    match = _MIXED_FULL.match(text, start, stop) or _NO_DASH.match(text, start, stop)
    if match is None or not (match["date"] or _is_agency(match["agency"])):
        return None
    return match if any(place.entity_id for place in _places(match["places"], gazetteer)) else None


def _is_agency(name: str | None) -> bool:
    return bool(name) and (name in _AGENCIES or name.isupper())  # type: ignore[union-attr]


def _places(printed: str, gazetteer: Gazetteer) -> list[DatelinePlace]:
    places: list[DatelinePlace] = []
    for part in re.split(r"\s*(?:/|\band\b|\bAND\b|;)\s*", printed):
        town, _, region = (piece.strip() for piece in part.partition(","))
        if town.endswith(".") and _known(town, region, gazetteer) is None:
            town = town[:-1]  # MOSCOW. March 4 (Interfax)
        if town == "UNDATED":
            continue
        whole = _known(part, "", gazetteer) if region else None  # `WASHINGTON, D.C.` may be one name
        entry = whole or _known(town, region, gazetteer)
        if entry is None and places and not printed.isupper() and "/" in printed:
            continue  # Frankfurt/Main: a river is no second place
        name = gazetteer.name(entry.id).partition(",")[0] if entry else _title_case(town)
        places.append(DatelinePlace(name=name, entity_id=entry.id if entry else None))
    return places


def _known(town: str, region: str, gazetteer: Gazetteer) -> Entry | None:
    """Return the place meant; a region of another country says that it is another town (`ODESSA, Texas`)."""
    kind: EntityType = "place"
    forms = [form for form in gazetteer.known.forms_of(town) if form.kind not in ("keep", "adjective", "people")]
    entries = [entry for form in forms if (entry := gazetteer.entries[form.entry_id]).type == kind]
    if region:
        regions = [gazetteer.entries[form.entry_id] for form in gazetteer.known.forms_of(region)]
        countries = {entry.country for entry in regions if entry.type == kind and entry.country}
        if countries:
            entries = [entry for entry in entries if entry.country in countries and not _other_state(entry, region)]
    towns = [entry for entry in entries if entry.kind not in ("country", "state", "region")] or entries
    return towns[0] if towns else None


def _other_state(entry: Entry, region: str) -> bool:
    """Tell whether a homonym in the same country is meant: `PORTLAND, Maine`."""
    return any(region in (homonym.name, *homonym.evidence) for homonym in entry.homonyms)


def _title_case(town: str) -> str:
    words = [_capitalized(word) for word in town.split()]
    return " ".join(w.lower() if i and w.lower() in _SMALL else w for i, w in enumerate(words))


def _capitalized(word: str) -> str:
    if not word.isupper():
        return word
    return "".join(part.capitalize() if part.isalpha() else part for part in re.split(r"([-'’.])", word))


def read_date(printed: str, near: dt.datetime | None) -> dt.date | None:
    """Return a printed date (`DATE`); one without a year is the one nearest to `near`, None without that."""
    word = re.sub(r"[\d,\s]|^\.|(?<=\d)\.", "", printed)
    month = next(number for number, names in _MONTHS.items() if re.fullmatch(names, word, re.IGNORECASE))
    numbers = [int(number) for number in re.findall(r"\d+", printed)]
    day = next(number for number in numbers if number < 32)
    years = [number for number in numbers if number > 31]
    if years:
        return _valid(years[0], month, day)
    if near is None:
        return None
    dates = [d for year in (near.year - 1, near.year, near.year + 1) if (d := _valid(year, month, day))]
    return min(dates, key=lambda date: abs(date - near.date()), default=None)


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:  # 31 February: a misprint; the raw dateline is kept
        return None
