"""Quotes and their speakers: the table of cases."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.dispatch import Dispatch

CASES = yaml.load((Path(__file__).parents[1] / "cases/quotes.yml").read_bytes(), Loader=yaml.CSafeLoader)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50])
def test_reported_speech_is_found_with_its_speaker(case: dict[str, Any], annotate: Callable[[str], Dispatch]) -> None:
    """Kind, content, cue and speaker are those of the table, and nothing else is called speech."""
    found = [
        [
            quote.kind,
            quote.text,
            quote.cue and quote.cue.text,
            quote.speaker and quote.speaker.mention.text,
            quote.speaker and quote.speaker.name,
        ]
        for quote in annotate(case["text"]).quotes
    ]
    assert found == case["quotes"]


def test_a_quote_keeps_its_id_when_the_text_around_it_changes(annotate: Callable[[str], Dispatch]) -> None:
    """The same words of the same speaker have ids that differ by their story alone."""
    one = annotate("“We will wait,” Sergei Lavrov said.").quotes[0]
    other = annotate("Talks went on. “We will wait,” Sergei Lavrov said.").quotes[0]
    assert one.id.partition("#")[2] == other.id.partition("#")[2]


def test_a_quote_has_one_key_in_any_dispatch(annotate: Callable[[str], Dispatch]) -> None:
    """Another spelling of a name, other marks and another place in the text leave it as it is."""
    one = annotate("“Kiev will wait for the answers,” Sergei Lavrov said.").quotes[0]
    other = annotate('It rained all day. "Kyiv will wait for the answers," Lavrov told reporters.').quotes[0]
    assert one.quote_key == other.quote_key
    assert one.id.endswith(f"#{one.quote_key}")


def test_a_missing_mark_costs_no_more_than_its_paragraph(annotate: Callable[[str], Dispatch]) -> None:
    """An open mark in one paragraph leaves the quotes of the next ones alone."""
    body = "The plan was “bold and the cost high.\nIt rained.\n“We will wait,” Sergei Lavrov said."
    last = annotate(body).quotes[-1]
    assert (last.text, last.speaker and last.speaker.name) == ("We will wait,", "Sergei Lavrov")
