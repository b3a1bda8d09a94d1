"""Quotes: what is made of the reports of an engine, and what the shipped model finds; the tables of cases."""

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from compact import compact
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import reported

from flows.enrich.attribution import Attribution
from flows.enrich.lexicon import Lexicon
from flows.enrich.quotes import find_attributions
from flows.enrich.reading import Reading, ReportRead
from flows.enrich.structure import plain_paragraphs
from flows.enrich.words import split_words
from schemas.dispatch import Dispatch, Span

FOLDER = Path(__file__).parents[1] / "cases"


def _expected_to_fail(case: dict[str, Any]) -> list[pytest.MarkDecorator]:
    """Return the mark of a case that the model may read wrongly, with the reason that the table gives."""
    return [pytest.mark.xfail(reason=case["xfail"], strict=False)] if "xfail" in case else []


WIRE = [
    pytest.param(case, id=f"{name}: {case['text'][:60]}", marks=_expected_to_fail(case))
    for name in ("", "-direct", "-mixed", "-indirect", "-not-speech", "-cues", "-speakers")
    for case in yaml.load((FOLDER / f"quotes{name}.yml").read_bytes(), Loader=yaml.CSafeLoader)
]
READINGS = yaml.load((FOLDER / "quotes-readings.yml").read_bytes(), Loader=yaml.CSafeLoader)


@pytest.mark.parametrize("case", READINGS, ids=[case["text"][:60] for case in READINGS])
def test_reports_become_quotes(case: dict[str, Any], lexicon: Lexicon) -> None:
    """Kind, parts, verbatim words, cue and source are those of the table."""
    made = reported(case["text"], case.get("arcs", ""), case.get("tags", ""))
    found = find_attributions(made.text, made.paragraphs, made.reading, lexicon)

    def cut(spans: tuple[Span, ...]) -> list[str]:
        return [made.text[slice(*span)] for span in spans]

    assert [
        [a.kind, cut(a.spans), cut(a.verbatim), *(span and made.text[slice(*span)] for span in (a.cue, a.speaker))]
        for a in found
    ] == case["quotes"]


@pytest.mark.parametrize("case", WIRE)
def test_reported_speech_is_found_with_its_speaker(case: dict[str, Any], annotate: Callable[[str], Dispatch]) -> None:
    """Kind, content, cue and speaker are those of the table (`*`: any), and nothing else is called speech."""
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
    if "quotes" not in case:
        found = found[-1:] if "last" in case else found[:1]
    expected = case["quotes"] if "quotes" in case else [case.get("last", case.get("first"))]
    seen = [
        ["*" if wanted == "*" else value for value, wanted in zip(one, other, strict=True)]
        for one, other in zip(found, expected, strict=False)
    ]
    assert [*seen, *found[len(seen) :]] == expected


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


PIECES = st.sampled_from(
    [
        "It",
        "rained",
        "said",
        "Ann",
        "Lee",
        ",",
        ".",
        "“",
        "”",
        '"',
        "‘",
        "’",
        "'",
        "``",
        "''",
        "\n",
        ":",
        "that",
        "U.S.",
    ]
)


@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(PIECES, min_size=1, max_size=40), data=st.data())
def test_quotes_lie_in_the_text_in_order_whatever_is_read(
    pieces: list[str], data: st.DataObject, lexicon: Lexicon
) -> None:
    """Any reading of any text: spans inside the text, in order, not overlapping; verbatim words inside them."""
    text = " ".join(pieces)
    plain = compact(text)
    count = len(plain.reading.words)
    if not count:
        return
    word = st.integers(0, count - 1)
    ranges = st.tuples(word, word).map(lambda pair: (min(pair), max(pair) + 1))
    reports = data.draw(
        st.lists(
            st.builds(
                ReportRead, ranges, st.none() | ranges, st.lists(ranges, max_size=3).map(tuple), st.floats(0.3, 1)
            ),
            max_size=4,
        )
    )
    # a tree for each sentence: every word hangs on its first one
    heads = [0] * count
    for start, end in plain.reading.sentences:
        heads[start:end] = [start] * (end - start)
    relations = data.draw(
        st.lists(st.sampled_from(["nsubj", "obj", "ccomp", "mark", "det"]), min_size=count, max_size=count)
    )
    parse = " ".join(f"X:{relation}:{head}" for relation, head in zip(relations, heads, strict=True))
    made = compact(text, parse=parse, reports=reports, speech=sorted(data.draw(st.lists(ranges, max_size=3))))
    for attribution in find_attributions(made.text, made.paragraphs, made.reading, lexicon):
        check(made.text, attribution)


def test_a_quotation_over_many_paragraphs_is_one(lexicon: Lexicon) -> None:
    """Every paragraph opens it again and none closes it: one attribution, a part for each paragraph."""
    parse = " ".join(f"X:root:{word}" for word in range(2100))
    made = compact("“It was so wet then.\n" * 300, parse=parse, reports=[], speech=[(0, 2100)])
    (found,) = find_attributions(made.text, made.paragraphs, made.reading, lexicon)
    assert len(found.spans) == 300
    assert found.verbatim == found.spans


def check(text: str, found: Attribution) -> None:
    """Assert what holds for every attribution."""
    assert found.spans
    for start, end in (*found.spans, *found.verbatim, *filter(None, (found.cue, found.speaker))):
        assert 0 <= start < end <= len(text)
    assert all(one[1] <= two[0] for one, two in pairwise(found.spans))
    assert all(any(s <= start and end <= e for s, e in found.spans) for start, end in found.verbatim)
    assert bool(found.verbatim) == (found.kind != "indirect")
    assert found.kind != "direct" or found.verbatim == found.spans


@pytest.mark.parametrize("unit", ["“", '" ', "“a b c.” ", "said ", "said\n", "“It rained,” she said. "])
def test_a_flood_takes_linear_time(unit: str, lexicon: Lexicon) -> None:
    """50,000 characters of marks, or of cues that report each other, are done in seconds."""
    text = unit * (50_000 // len(unit))
    paragraphs = plain_paragraphs(text)
    words = split_words(text)
    count = len(words)
    starts = [paragraph.start for paragraph in paragraphs]
    number = -1
    paragraph_of = []
    for word in words:
        while number + 1 < len(starts) and starts[number + 1] <= word.start:
            number += 1
        paragraph_of.append(max(0, number))
    sentences = [(at, min(at + 50, count)) for at in range(0, count, 50)]
    reports = [
        ReportRead((at, at + 1), None, ((at + 1, min(at + 9, count)),), 0.9)
        for at in range(count - 1)
        if words[at].text == "said"
    ]
    reading = Reading(words, paragraph_of, sentences, ["X"] * count, list(range(count)), ["root"] * count,
                      reports=reports, speech=[(0, count)])  # fmt: skip
    start = time.process_time()
    find_attributions(text, paragraphs, reading, lexicon)
    assert time.process_time() - start < 5
