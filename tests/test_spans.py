"""Spans before and after name edits."""

from hypothesis import given
from hypothesis import strategies as st

from flows.spans import SpanMap, apply_edits, undo_edits
from schemas.dispatch import NameEdit


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[NameEdit]]:
    """A raw text, and edits of it that do not overlap."""
    pieces = draw(
        st.lists(st.tuples(st.text(max_size=6), st.text(min_size=1, max_size=6), st.text(max_size=6)), max_size=5)
    )
    raw_text, edits, shift = "", [], 0
    for before, raw, name in pieces:
        raw_text += before
        start = len(raw_text)
        raw_text += raw
        span = (start + shift, start + shift + len(name))
        edits.append(
            NameEdit(raw=raw, name=name, entity_id="place:x", rule="r", raw_span=(start, len(raw_text)), span=span)
        )
        shift += len(name) - len(raw)
    return raw_text + draw(st.text(max_size=6)), edits


@given(edited())
def test_undoing_edits_gives_the_raw_text_back(case: tuple[str, list[NameEdit]]) -> None:
    """Applying and undoing are inverse, and each edit's spans hold its own characters."""
    raw_text, edits = case
    text = apply_edits(raw_text, edits)
    assert undo_edits(text, edits) == raw_text
    for edit in edits:
        assert raw_text[slice(*edit.raw_span)] == edit.raw
        assert text[slice(*edit.span)] == edit.name


@given(edited(), st.data())
def test_a_span_outside_the_edits_keeps_its_characters(case: tuple[str, list[NameEdit]], data: st.DataObject) -> None:
    """A span that touches no edit covers the same characters in both texts."""
    raw_text, edits = case
    text = apply_edits(raw_text, edits)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    raw_start, raw_end = SpanMap(edits).to_raw((start, end))
    assert 0 <= raw_start <= raw_end <= len(raw_text)
    if not any(edit.span[0] <= end and start <= edit.span[1] for edit in edits):
        assert raw_text[raw_start:raw_end] == text[start:end]


def test_a_span_that_cuts_an_edit_is_widened_to_all_of_it() -> None:
    """Half of a replaced name stands for the whole variant."""
    edit = NameEdit(raw="Kiev", name="Kyiv", entity_id="place:kyiv", rule="r", raw_span=(3, 7), span=(3, 7))
    assert SpanMap([edit]).to_raw((4, 6)) == (3, 7)
    longer = NameEdit(raw="Burma", name="Myanmar", entity_id="place:myanmar", rule="r", raw_span=(0, 5), span=(0, 7))
    assert SpanMap([longer]).to_raw((0, 7)) == (0, 5)
    assert SpanMap([longer]).to_raw((7, 9)) == (5, 7)
    assert SpanMap([longer]).to_text((5, 7)) == (7, 9)
