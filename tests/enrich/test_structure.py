"""Paragraphs, sentences and quotation marks, by the surface of the text alone."""

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flows.enrich.structure import paragraphs, plain_paragraphs, quoted_parts
from schemas.dispatch import Dispatch

CASES = yaml.load((Path(__file__).parents[1] / "cases/quotes-marks.yml").read_bytes(), Loader=yaml.CSafeLoader)


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_marks_are_paired_by_their_surroundings(text: str, expected: list[str]) -> None:
    """What stands between the outermost marks is that of the table; apostrophes and inches open nothing."""
    assert [text[part.start : part.end] for part in quoted_parts(text, 0, len(text))] == expected


def test_a_quotation_left_open_goes_on_to_the_mark_that_closes_it_in_the_next_paragraph() -> None:
    """A mark is missing before the second paragraph; where nothing closes, the loss ends with the paragraph."""
    text = '"We have learned a lot.\n\nIt was a day to remember." He left. "Good night," he said.'
    assert [[text[p.start : p.end] for p in found.quoted] for found in plain_paragraphs(text)] == [
        ["We have learned a lot."], ["It was a day to remember.", "Good night,"],
    ]  # fmt: skip
    lost = '"We have learned a lot.\n\nHe left. "Good night," he said.'
    assert [[lost[p.start : p.end] for p in found.quoted] for found in plain_paragraphs(lost)][1] == ["Good night,"]


def test_a_quotation_that_the_next_paragraph_opens_again_goes_on_to_the_end_of_its_own() -> None:
    """The wires open each paragraph of a long quotation and close the last; a lost mark costs a sentence at most."""
    text = "He said, “It was late. We left.\n“And nobody came.” He left."
    for found in (
        plain_paragraphs(text),
        paragraphs(Dispatch.model_construct(text=text, headline=None, byline=None, dateline=None)),
    ):
        assert [[text[p.start : p.end] for p in part.quoted] for part in found] == [
            ["It was late. We left."], ["And nobody came."],
        ]  # fmt: skip
    lost = "He said, “It was late. We left.\nNobody came."
    assert [lost[p.start : p.end] for p in plain_paragraphs(lost)[0].quoted] == ["It was late."]


@pytest.mark.parametrize(
    ("headline", "bare"),
    [("UPDATE 2-Ship Sinks", "Ship Sinks"), ("Ship Sinks", "Ship Sinks"), ("KILL: Ship Sinks", "Ship Sinks"),
     ("Ship Sinks (CORRECTED)", "Ship Sinks"), ("UPDATE 2-", "UPDATE 2-")],
)  # fmt: skip
def test_marks_of_the_desk_are_no_part_of_a_headline(headline: str, bare: str) -> None:
    text = f"{headline}\nIt rained."
    head, _ = paragraphs(Dispatch.model_construct(text=text, headline=headline, byline=None, dateline=None))
    assert text[head.start : head.end] == bare


def test_a_slug_above_the_headline_is_none_and_the_headline_is_one() -> None:
    text = "BC-Ferry,1st Ld-Writethru\nShip Sinks\nIt rained."
    made = Dispatch.model_construct(
        text=text, headline="Ship Sinks", byline=None, dateline=None, slugline="BC-Ferry,1st Ld-Writethru"
    )
    assert [(text[part.start : part.end], part.is_head) for part in paragraphs(made)] == [
        ("Ship Sinks", True), ("It rained.", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "left_out"),
    [
        ("(Reporting by Ann Lee in Rome; Editing by Bob Tan)", True),
        ("[Additional reporting by Ann Lee.]", True),
        ("Reporting by Ann Lee; Editing by Bob Tan", True),
        ("Reporting by Ann Lee in the Herald had shown that the dam was cracked. It was closed.", False),
        ("The Associated Press contributed to this report.", True),
        ("Norpress writers Ann Lee in Lima and Bob Tan in Rome contributed to this story.", True),
        ("Heavy rain contributed to this.", False),
        ("(The Herald stopped.)", False),
    ],
)
def test_credits_are_no_part_of_the_text(line: str, left_out: bool) -> None:
    """Who wrote and edited a dispatch stands below it, and nobody in it spoke."""
    text = f"It rained.\n{line}"
    found = paragraphs(Dispatch.model_construct(text=text, headline=None, byline=None, dateline=None))
    assert [text[part.start : part.end] for part in found] == ["It rained.", *([] if left_out else [line])]


@given(text=st.text(alphabet="ab .,!?\n'\"“”‘’«»„`-", max_size=120))
def test_quotations_lie_in_their_paragraph_and_do_not_overlap(text: str) -> None:
    """Whatever the marks: quotations are in order, apart, inside their paragraph, and within their own marks."""
    for paragraph in plain_paragraphs(text):
        edges = [paragraph.start]
        for part in paragraph.quoted:
            assert (
                part.outer_start <= part.start <= part.end <= part.outer_end
            )  # a quotation that goes on opens nothing
            edges += [part.outer_start, part.outer_end]
        edges.append(paragraph.end)
        assert edges == sorted(edges)
        assert all(one[1] <= two[0] for one, two in pairwise(paragraph.sentences))


@pytest.mark.parametrize("unit", ['"', "“", "”", "'", "‘", "‘ ", "``", "“a” ", "'a' ", "‘a. ", "‘A b c.’ ", "said. "])
def test_nothing_but_marks_takes_linear_time(unit: str) -> None:
    """100,000 characters of one mark are cut up in a few seconds."""
    text = unit * (100_000 // len(unit))
    start = time.process_time()
    assert plain_paragraphs(text)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("unit", ['"', "“", "”", "'", "‘", "’", "«", "»", "“”", "“ ", "“a", '"a" ', "‘a’", "“'‘\"”"])
def test_marks_that_stand_closer_than_words_quote_nothing(unit: str) -> None:
    """A flood costs no memory either: nothing is kept of it, and the paragraph behind it is read as ever."""
    text = unit * (4_000 // len(unit)) + "\n“It rained,” he said."
    *flood, last = plain_paragraphs(text)
    assert not any(paragraph.quoted for paragraph in flood)
    assert [text[part.start : part.end] for part in last.quoted] == ["It rained,"]


def test_many_short_quotations_in_a_paragraph_are_quotations() -> None:
    """It is how close marks stand that tells ornament from speech, not how many there are."""
    text = "“No way.” " * 400
    (paragraph,) = plain_paragraphs(text)
    assert len(paragraph.quoted) == 400


def test_a_line_without_words_is_no_paragraph(annotate: Callable[[str], Dispatch]) -> None:
    dispatch = annotate("It rained.\n* * *\n----\n“\nIt snowed.")
    assert [dispatch.text[p.start : p.end] for p in paragraphs(dispatch) if not p.is_head] == [
        "It rained.", "It snowed."
    ]  # fmt: skip


def test_two_single_marks_open_and_close() -> None:
    """Some papers print ''We wait,'' for “We wait,”; behind ``, '' closes."""
    text = "''We wait,'' he said. ``It is late,'' she said. ''Go,'' he said."
    (paragraph,) = plain_paragraphs(text)
    assert [text[part.start : part.end] for part in paragraph.quoted] == ["We wait,", "It is late,", "Go,"]
