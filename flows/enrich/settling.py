"""Settling: the types of names that the engine read differently in a dispatch, or with doubt."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from flows.enrich.lexicon import Lexicon
from flows.enrich.mentions import Spotted
from flows.enrich.page import Page
from schemas.dispatch import EntityType

LEGAL_FORM = re.compile(
    r",? (?:Inc|Corp|Co|Ltd|Plc|PLC|LLC|AG|SA|S\.A|NV|N\.V|SE|GmbH|AB|ASA|Oyj|SpA|S\.p\.A|Corporation|Company|Limited"
    r"|Incorporated|Group|Holdings?)\.?$"
)
_WHERE = re.compile(r"\b(?:in|at|near|from|to|of|around|outside|the) $", re.IGNORECASE)
_UNSURE = 0.75  # below, a type is not believed against that of a short form
_CERTAIN = 0.9  # from which on a type is believed against the surname of a person of the dispatch
_SURELY_PERSON = 0.97  # from which on a person is one, whatever the noun before says


def settle_types(page: Page, spotted: Sequence[Spotted], lexicon: Lexicon) -> None:
    """One name has one type in a dispatch: the one that the engine is surest of, over all places where it stands."""
    _settle_by_apposition(page, spotted, lexicon)
    text = page.text
    votes: dict[str, dict[EntityType, float]] = defaultdict(lambda: defaultdict(float))
    firms: set[str] = set()
    for name in spotted:
        printed = text[slice(*name.span)]
        votes[printed][name.type] += name.confidence
        if name.type == "organization" and (bare := LEGAL_FORM.sub("", printed)) != printed:
            firms.add(bare)
    for name in spotted:
        if name.entry_id is None and (other := _told_by_short_form(text, name, votes)):
            name.type = other
            votes[text[slice(*name.span)]][other] += 1
    surnames: dict[str, int] = {}  # where the first person who bears it is named
    for name in spotted:
        words = text[slice(*name.span)].split()
        if name.type == "person" and len(words) > 1:
            surnames.setdefault(words[-1], name.span[0])
    for name in spotted:
        printed = text[slice(*name.span)]
        types = votes[printed]
        best = max(types, key=lambda kind: types[kind])
        if name.entry_id is None and printed in firms and name.confidence < _CERTAIN:
            name.type = "organization"  # `Alfort`, where Alfort AB is named
            continue
        if (
            name.entry_id is None
            and types[best] > (1.0 if _is_one(types, printed, surnames) else 1.5) * types[name.type]
        ):
            name.type = best
        if (
            name.entry_id is None
            and printed in surnames
            and (
                name.confidence < _CERTAIN
                or (name.type == "place" and surnames[printed] < name.span[0] and not _is_where(text, name.span[0]))
            )
        ):
            name.type = "person"  # `Blinken would fly`, where Antony Blinken is named: no place of that name


def _settle_by_apposition(page: Page, spotted: Sequence[Spotted], lexicon: Lexicon) -> None:
    """Take for an organization what is said to be one: `The paper, [Al Sabah al Jadid], ...`.

    Args:
        spotted: all names; changed in place.
    """
    for name in spotted:
        first, end = name.words
        if name.type != "person" or name.entry_id is not None or name.confidence >= _SURELY_PERSON or first < 2:
            continue
        between_commas = page.words[first - 1].text == "," and page.words[end : end + 1] and page.words[end].text == ","
        if between_commas and page.tags[first - 2] == "NOUN" and page.words[first - 2].text in lexicon.generic:
            name.type = "organization"


def _told_by_short_form(text: str, name: Spotted, votes: Mapping[str, Mapping[EntityType, float]]) -> EntityType | None:
    """Return what an unsure long name is by its surname: `Priya Raman`, where `Raman` alone is a person for certain."""
    words = text[slice(*name.span)].split()
    if (
        name.type == "person"
        or name.confidence >= _UNSURE
        or len(words) not in (2, 3)
        or not text[name.span[0]].isupper()
    ):
        return None
    alone = votes.get(words[-1], {})
    return "person" if alone.get("person", 0.0) >= _CERTAIN and len(alone) == 1 else None


def _is_one(types: Mapping[EntityType, float], printed: str, surnames: Mapping[str, int]) -> bool:
    """Tell whether a word that was read as a person and as a place is but one: nobody bears it behind a given name."""
    return set(types) == {"person", "place"} and printed not in surnames and " " not in printed


def _is_where(text: str, start: int) -> bool:
    return bool(_WHERE.search(text[max(0, start - 10) : start]))
