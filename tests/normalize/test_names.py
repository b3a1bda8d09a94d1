"""Names: the tables of cases, and what must hold for any text."""

from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.gazetteer import Gazetteer, load_gazetteer
from flows.gazetteer.load import compile_entries
from flows.normalize.names import decide, normalize_names
from flows.spans import apply_edits, undo_edits
from schemas.gazetteer import Contexts, Entry, Style

ROOT = Path(__file__).parents[2]
TABLES = sorted((ROOT / "tests/cases/names").glob("*.yml"))
CASES = [
    pytest.param(case, id=f"{table.stem}-{number}")
    for table in TABLES
    for number, case in enumerate(yaml.load(table.read_bytes(), Loader=yaml.CSafeLoader), 1)
]
# Cases that are known to fail, with the reason; the test fails when one of them passes.
KNOWN = {
    "They met at the Hotel Bombay on Odessa Street in Manchester.": "a hotel's own name is told by nothing in the data",
    "The label sells a scent called Rangoon Nights.": "a brand that the gazetteer does not know",
    "Peking Prince won the 3:40 at Ascot.": "a racehorse that the gazetteer does not know",
}


@pytest.fixture(scope="module")
def styles() -> dict[Style, Gazetteer]:
    """The shipped gazetteer, compiled for both house styles."""
    folder = ROOT / "config/gazetteer"
    return {"ap": load_gazetteer(folder, "ap"), "un": load_gazetteer(folder, "un")}


@pytest.mark.parametrize("case", CASES)
def test_names_are_normalized_as_an_editor_would(case: dict[str, str], styles: dict[Style, Gazetteer]) -> None:
    """Each text of the tables becomes what is expected, or stays."""
    text = case.get("stays") or case["text"]
    expected = case.get("stays") or case["expected"]
    result, edits = normalize_names(text, styles[case.get("style", "ap")])  # type: ignore[index]
    if text in KNOWN:
        assert result != expected, "this case passes now: take it out of KNOWN"
        pytest.xfail(KNOWN[text])
    assert result == expected
    assert undo_edits(result, edits) == text


def test_the_tables_are_large_enough() -> None:
    """There are 300 cases or more, a third of which must not change."""
    cases = [case.values[0] for case in CASES]
    assert len(cases) >= 300
    assert sum("stays" in case for case in cases) >= len(cases) / 3


VARIANTS = ["Kiev", "KIEV", "Kiev's", "Kiev-based", "Odessa", "Odessa, Texas", "Vladimir Zelensky", "Zelensky", "Burma",
            "chicken Kiev", "Bombay", "Ki\u00adev", "Lugansk", "Gaddafi", "Muammar Gaddafi", "Leningrad in 1943",
            "Sisi", "al Qaeda", "Nur\u00a0Sultan", "Peking", "www.kiev.ua", "Kyiv", "Macedonia"]  # fmt: skip
mixed_texts = st.lists(
    st.one_of(
        st.sampled_from(VARIANTS), st.text(max_size=8), st.sampled_from([" ", ". ", ", ", "\n", "“", "”", "\u0301"])
    ),
    max_size=12,
).map("".join)


@settings(max_examples=500, deadline=None)
@given(text=mixed_texts)
def test_any_text_can_be_undone(text: str, styles: dict[Style, Gazetteer]) -> None:
    """Applying the edits gives the text, undoing them the raw text; they are ordered and do not overlap."""
    result, edits = normalize_names(text, styles["ap"])
    assert apply_edits(text, edits) == result
    assert undo_edits(result, edits) == text
    for edit in edits:
        assert text[slice(*edit.raw_span)] == edit.raw
        assert result[slice(*edit.span)] == edit.name
        assert edit.raw != edit.name
    for one, other in pairwise(edits):
        assert one.raw_span[1] <= other.raw_span[0]
        assert one.span[1] <= other.span[0]


@settings(max_examples=500, deadline=None)
@given(text=mixed_texts)
def test_normalizing_twice_changes_nothing(text: str, styles: dict[Style, Gazetteer]) -> None:
    """A normalized text has nothing left to change."""
    result, _ = normalize_names(text, styles["ap"])
    again, edits = normalize_names(result, styles["ap"])
    assert again == result
    assert edits == ()


@settings(max_examples=200, deadline=None)
@given(name=st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=8), text=mixed_texts)
def test_an_added_entry_changes_text_only_on_record(name: str, text: str) -> None:
    """Whatever entry is added, a text differs from the raw one by its edits alone."""
    entry = Entry(id="place:new", name=name.title() + "a", type="place", variants=(name.title(), "Kiev"))
    gazetteer = compile_entries([entry], Contexts())
    raw = f"{text} {name.title()} and Kiev"
    result, edits = normalize_names(raw, gazetteer)
    assert undo_edits(result, edits) == raw
    assert (result == raw) == (not edits)


def test_every_decision_has_a_rule_or_a_reason(styles: dict[Style, Gazetteer]) -> None:
    """An editor is told by which rule a name changes, and why another one stays."""
    decisions = decide("Kiev is no chicken Kiev, and Odessa, Texas, is not in Ukraine.", styles["ap"])
    assert [(d.raw, d.name, d.reason) for d in decisions] == [
        ("Kiev", "Kyiv", None),
        ("chicken Kiev", None, "dish/chicken Kiev"),
        ("Odessa, Texas", None, "entry/place:odessa-texas"),
    ]
    assert decisions[0].form.rule == "place:kyiv/variant/Kiev"
