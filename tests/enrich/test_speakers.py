"""Speakers: the table of cases."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from compact import compact
from test_entities import found_in

from flows.enrich.attribution import Attribution
from flows.enrich.lexicon import Lexicon
from flows.enrich.speakers import resolve_speakers
from flows.gazetteer import Gazetteer

CASES = yaml.load((Path(__file__).parents[1] / "cases" / "speakers.yml").read_bytes(), Loader=yaml.CSafeLoader)
_SOURCE = re.compile(r"\[(\*?)([^\[\]]+)\]")


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:70] for case in CASES])
def test_the_words_of_a_source_name_a_speaker(case: dict[str, Any], gazetteer: Gazetteer, lexicon: Lexicon) -> None:
    """The entity is that of the table, or there is none."""
    marked = _SOURCE.search(case["text"])
    assert marked
    made = compact(_SOURCE.sub(r"\2", case["text"]), parse=case.get("parse", ""))
    words = re.sub(r"\{[a-z]+:([^{}]+)\}", r"\1", marked[2])
    start = made.text.index(words)
    span = start, start + len(words)
    attributions = []
    if speaker := case.get("after"):  # the attribution before
        at = made.text.index(speaker)
        attributions.append(Attribution("direct", ((1, made.text.index("”")),), (), None, (at, at + len(speaker))))
    uncued, cued = Attribution("direct", (span,), (span,), None, None), Attribution("indirect", (), (), None, span)
    attributions.append(uncued if marked[1] else cued)
    names = found_in(made, gazetteer, lexicon)
    answer = resolve_speakers(made.text, made.paragraphs, attributions, made.reading, names, lexicon)[-1]
    found = names.entities[answer.entity_id].name if answer.entity_id else None
    assert found == case["speaker"]
    assert (answer.resolved_by is None) == (answer.entity_id is None)
