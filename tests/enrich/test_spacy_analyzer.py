"""A spaCy pipeline as the engine: its labels are mapped, and speech is then found by surface patterns."""

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from flows.enrich import load_analyzer
from flows.enrich.lexicon import Lexicon
from flows.enrich.quotes import find_attributions
from flows.enrich.spacy_analyzer import SpacyAnalyzer, load_labels
from flows.enrich.structure import plain_paragraphs
from flows.errors import ConfigError

TEXT = "Lena Okafor said that the talks would go on.\nShe left for Geneva."
# text, part of speech, relation, head, whether a sentence begins
LINES = {
    "Lena Okafor said that the talks would go on.": (
        [("Lena", "PROPN", "nn", 1, True), ("Okafor", "PROPN", "nsubj", 2, False), ("said", "VERB", "ROOT", 2, False),
         ("that", "SCONJ", "mark", 7, False), ("the", "DET", "det", 5, False), ("talks", "NOUN", "nsubj", 7, False),
         ("would", "AUX", "aux", 7, False), ("go", "VERB", "ccomp", 2, False), ("on", "ADP", "prt", 7, False),
         (".", "PUNCT", "punct", 2, False)],
        [(0, 2, "PERSON")],
    ),
    "She left for Geneva.": (
        [("She", "PRON", "nsubj", 1, True), ("left", "VERB", "ROOT", 1, False), ("for", "ADP", "prep", 1, False),
         ("Geneva", "PROPN", "pobj", 2, False), (".", "PUNCT", "punct", 1, False)],
        [(3, 4, "GPE"), (0, 1, "CARDINAL")],
    ),
}  # fmt: skip


class FakePipeline:
    """What a spaCy pipeline gives for the two lines."""

    meta = {"lang": "en", "name": "fake", "version": "1.0"}
    pipe_names = ("parser", "ner")

    def pipe(self, texts: Iterable[str]) -> Iterator[Any]:
        for text in texts:
            rows, names = LINES[text]
            at = 0
            tokens = []
            for n, (word, pos, dep, _, begins) in enumerate(rows):
                at = text.index(word, at)
                tokens.append(
                    SimpleNamespace(i=n, idx=at, text=word, pos_=pos, dep_=dep, is_sent_start=begins, is_space=False)
                )
                at += len(word)
            for token, (_, _, _, head, _) in zip(tokens, rows, strict=True):
                token.head = tokens[head]
            entities = [Span(tokens[start:end], label) for start, end, label in names]
            yield Doc(tokens, entities)


class Span(list[Any]):
    """Tokens with a label."""

    def __init__(self, tokens: Iterable[Any], label: str) -> None:
        super().__init__(tokens)
        self.label_ = label


class Doc(list[Any]):
    """Tokens with entities."""

    def __init__(self, tokens: Iterable[Any], entities: list[Span]) -> None:
        super().__init__(tokens)
        self.ents = entities


def test_labels_are_mapped() -> None:
    reading = SpacyAnalyzer(FakePipeline(), load_labels()).read(TEXT, plain_paragraphs(TEXT))
    assert [w.text for w in reading.words][:3] == ["Lena", "Okafor", "said"]
    assert [TEXT[w.start : w.end] for w in reading.words] == [w.text for w in reading.words]
    assert reading.sentences == [(0, 10), (10, 15)]
    assert [(n.words, n.type) for n in reading.names] == [((0, 2), "person"), ((13, 14), "place")]
    assert reading.heads[:3] == [1, 2, 2]
    assert reading.relations[0] == "compound"
    assert reading.heads[10:] == [11, 11, 11, 12, 11]


def test_speech_is_found_by_its_surface(lexicon: Lexicon) -> None:
    paragraphs = plain_paragraphs(TEXT)
    reading = SpacyAnalyzer(FakePipeline(), load_labels()).read(TEXT, paragraphs)
    (made,) = find_attributions(TEXT, paragraphs, reading, lexicon)
    assert (made.kind, [TEXT[slice(*span)] for span in made.spans]) == ("indirect", ["the talks would go on"])


def test_the_version_names_the_pipeline() -> None:
    assert SpacyAnalyzer(FakePipeline(), load_labels()).version == "spacy:en_fake-1.0"


def test_what_is_not_installed_is_said() -> None:
    with pytest.raises(ConfigError, match="spaCy"):
        load_analyzer("spacy:no_such_pipeline")
