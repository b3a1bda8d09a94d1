"""The model of the package: sound readings of any text, the same whatever stands in other windows."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.enrich.model import Model, load_model
from flows.enrich.reading import Reading
from flows.enrich.structure import plain_paragraphs
from flows.enrich.windows import LONGEST, make_windows
from flows.enrich.words import split_words
from training.card import digest

WEIGHTS = Path(__file__).parents[2] / "flows/enrich/weights"
TEXT = (
    "Envoys Meet in Rain\n"
    "The talks will go on, Foreign Minister Lena Okafor said on Tuesday. “We have not left the room,” she told"
    " reporters.\n"
    "The United Nations declined to comment."
)


@pytest.fixture(scope="module")
def model() -> Model:
    """Return the model of the package."""
    return load_model()


def read(model: Model, text: str) -> Reading:
    """Return the reading of a plain text."""
    return model.read(text, plain_paragraphs(text))


def check(reading: Reading) -> None:
    """Assert that a reading is sound."""
    count = len(reading.words)
    assert len(reading.tags) == len(reading.heads) == len(reading.relations) == len(reading.paragraph_of) == count
    at = 0
    for start, end in reading.sentences:
        assert start == at < end
        assert len({reading.paragraph_of[word] for word in range(start, end)}) == 1
        at = end
    assert at == count
    assert all(0 <= head < count for head in reading.heads)
    for name in reading.names:
        assert 0 <= name.words[0] < name.words[1] <= count
        assert 0 <= name.confidence <= 1
    for report in reading.reports or ():
        for words in (report.cue, *([report.source] if report.source else []), *report.content):
            assert 0 <= words[0] < words[1] <= count
    assert all(0 <= target < word < count for word, (target, _) in reading.links.items())


def test_a_text_is_read(model: Model) -> None:
    reading = read(model, TEXT)
    check(reading)
    names = {" ".join(w.text for w in reading.words[slice(*n.words)]): n.type for n in reading.names}
    assert names == {"Lena Okafor": "person", "United Nations": "organization"}
    cues = [" ".join(w.text for w in reading.words[slice(*r.cue)]) for r in reading.reports or ()]
    assert cues == ["said", "told"]
    she = next(n for n, word in enumerate(reading.words) if word.text == "she")
    assert reading.words[reading.links[she][0]].text in ("Lena", "Okafor")


def test_what_stands_in_other_windows_changes_nothing(model: Model) -> None:
    filler = "The committee will meet again in the spring to discuss the harbor. " * 25
    alone, behind = read(model, TEXT), read(model, f"{filler}\n{TEXT}")
    shift = len(behind.words) - len(alone.words)
    assert [n.words for n in alone.names] == [
        (a - shift, b - shift) for a, b in (n.words for n in behind.names) if a >= shift
    ]
    assert list(alone.tags) == list(behind.tags[shift:])


def test_every_word_is_fresh_in_one_window(model: Model) -> None:
    text = "The mayor of the town said that the bridge would stay closed until the river falls; " * 200
    lines = [split_words(text[:5000]), split_words(TEXT), split_words("One two three.")]
    seen: list[int] = []
    for window in make_windows(lines, text, model._tokenizer):
        assert len(window.ids) <= LONGEST
        seen += range(window.start + window.fresh, window.start + window.size)
    assert seen == list(range(sum(map(len, lines))))


@pytest.mark.parametrize(
    "text", ["", "\n \n", "x", "“", "said " * 400, "a" * 5000, "\U0001f600 \u200b\ufeff é" * 30, "- " * 900]
)
def test_odd_texts(model: Model, text: str) -> None:
    check(read(model, text))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300))
def test_any_text(model: Model, text: str) -> None:
    check(read(model, text))


def test_the_weights_are_those_of_the_card() -> None:
    about = json.loads((WEIGHTS / "model.json").read_text(encoding="utf-8"))
    card = (WEIGHTS / "CARD.md").read_text(encoding="utf-8")
    assert digest(WEIGHTS / "model.onnx") == about["sha256"]
    assert about["sha256"] in card
    assert about["version"] in card
    assert (WEIGHTS / "model.onnx").stat().st_size <= 25_000_000
