"""Entities: the tables of cases, and what holds for every text."""

from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from compact import Compact, compact
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.enrich.entities import Found, Names, find_names
from flows.enrich.lexicon import Lexicon
from flows.enrich.reading import ReportRead
from flows.gazetteer import Gazetteer

TABLES = sorted((Path(__file__).parents[1] / "cases").glob("entities*.yml"))
CASES = [
    pytest.param(case, id=f"{table.stem}: {case['text'][:60]}")
    for table in TABLES
    for case in yaml.load(table.read_bytes(), Loader=yaml.CSafeLoader)
]


def found_in(made: Compact, gazetteer: Gazetteer, lexicon: Lexicon, least: float = 0.5) -> Names:
    """Return the entities of a text with its reading."""
    dispatch: Any = SimpleNamespace(text=made.text)
    return find_names(dispatch, made.paragraphs, made.reading, gazetteer, lexicon, least=least)


def printed(text: str, entity: Found) -> list[str]:
    """Return the mentions of an entity as printed, a pronoun or description in brackets."""
    return [
        text[slice(*span)] if kind in ("name", "alias") else f"[{text[slice(*span)]}]"
        for span, kind, _ in entity.mentions
    ]


def _tuple(value: Any) -> Any:
    """Return lists, and lists in them, as tuples."""
    return tuple(map(_tuple, value)) if isinstance(value, list) else value


@pytest.mark.parametrize("case", CASES)
def test_entities_are_those_of_the_table(case: dict[str, Any], gazetteer: Gazetteer, lexicon: Lexicon) -> None:
    """Type, canonical name, role, country and mentions are those of the table, and there are no other entities."""
    links = {int(word): tuple(to) for word, to in case.get("links", {}).items()}
    reports = [ReportRead(*(_tuple(part) for part in report)) for report in case.get("reports", ())]
    made = compact(case["text"], head=case.get("head", ""), parse=case.get("parse", ""), links=links, reports=reports)
    found = found_in(made, gazetteer, lexicon, case.get("least", 0.5))
    described = any(len(expected) > 3 for expected in case["entities"])
    listed = [
        [entity.type, entity.name, *([entity.role, entity.country] if described else []), printed(made.text, entity)]
        for entity in sorted(found.entities.values(), key=lambda entity: entity.mentions[0][0])
    ]
    assert listed == case["entities"]


TYPES = st.sampled_from(["person", "organization", "place", "group", "event", "weapon", "work"])
NAMES = st.sampled_from(
    ["Ann Lee", "Lee", "China", "Bank of China", "OSCE", "Sergei Lavrov", "Lavrov", "Russian", "the Fed", "X."]
)
PIECES = st.one_of(
    st.builds(
        lambda kind, sure, name: f"{{{kind}?{sure}:{name}}}", TYPES, st.sampled_from(["0.2", "0.6", "0.97"]), NAMES
    ),
    st.sampled_from(
        ["he", "said", ",", "the minister", "“", "”", ".", "\n", "President", "(", ")", "who", "China", "of"]
    ),
)


@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(PIECES, min_size=1, max_size=25))
def test_mentions_lie_in_the_text_and_belong_to_one_entity(
    pieces: list[str], gazetteer: Gazetteer, lexicon: Lexicon
) -> None:
    """Whatever is read: no name has two owners, none overlaps another, none is below the least confidence."""
    made = compact(" ".join(pieces))
    found = found_in(made, gazetteer, lexicon)
    taken: list[tuple[int, int]] = []
    for key, entity in found.entities.items():
        assert key == entity.id
        assert entity.mentions
        for (start, end), kind, confidence in entity.mentions:
            assert 0 <= start < end <= len(made.text)
            assert 0.5 <= confidence <= 1
            if kind in ("name", "alias"):
                taken.append((start, end))
    taken.sort()
    assert all(one[1] <= two[0] for one, two in pairwise(taken))
    assert all(key in found.entities for key, _ in found.references.values())
    assert all(key in found.entities for _, key in found.spans)
