"""Another engine: an installed spaCy pipeline, its labels mapped by `spacy_labels.yml`.

It gives sentences, parse and names; reported speech is then found by surface patterns, and nothing is linked.
"""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from flows.enrich.reading import NameRead, Reading
from flows.enrich.structure import Paragraph
from flows.enrich.words import Word
from flows.errors import ConfigError
from schemas.base import Model
from schemas.dispatch import EntityType

_LABELS = Path(__file__).with_name("spacy_labels.yml")
_SURE = 0.75  # pipelines do not say how sure they are; about the precision of the large ones on news


class Labels(Model):
    """What the labels of a pipeline are called here: `spacy_labels.yml`."""

    types: dict[str, EntityType]
    relations: dict[str, str]


def load_labels() -> Labels:
    """Return the labels of spaCy's English pipelines."""
    return Labels.model_validate(yaml.safe_load(_LABELS.read_text("utf-8")))


class SpacyAnalyzer:
    """Reads texts with a spaCy pipeline, a paragraph at a time."""

    def __init__(self, pipeline: Any, labels: Labels) -> None:
        meta = pipeline.meta
        self.version = f"spacy:{meta.get('lang', '')}_{meta.get('name', '')}-{meta.get('version', '')}"
        self._pipeline = pipeline
        self._labels = labels

    def read(self, text: str, paragraphs: Sequence[Paragraph]) -> Reading:
        """Return the reading of the paragraphs of a text."""
        words: list[Word] = []
        numbers: list[int] = []
        sentences: list[tuple[int, int]] = []
        tags: list[str] = []
        heads: list[int] = []
        relations: list[str] = []
        names: list[NameRead] = []
        docs = self._pipeline.pipe(text[p.start : p.end] for p in paragraphs)
        for number, (paragraph, doc) in enumerate(zip(paragraphs, docs, strict=True)):
            at: dict[int, int] = {}
            tokens = [token for token in doc if not token.is_space]
            for token in tokens:
                at[token.i] = len(words)
                start = paragraph.start + token.idx
                words.append(Word(start, start + len(token.text), token.text))
                numbers.append(number)
            for token in tokens:
                tags.append(token.pos_)
                heads.append(at.get(token.head.i, at[token.i]))
                relations.append(self._labels.relations.get(token.dep_, token.dep_))
            first = [at[t.i] for t in tokens if t.is_sent_start or t.i == tokens[0].i]
            sentences += zip(first, [*first[1:], len(words)], strict=True)
            for entity in doc.ents:
                inside = [at[token.i] for token in entity if token.i in at]
                type = self._labels.types.get(entity.label_)
                if type and inside:
                    names.append(NameRead((inside[0], inside[-1] + 1), type, _SURE))
        return Reading(words, numbers, sentences, tags, heads, relations, names, reports=None)


def load_pipeline(name: str) -> SpacyAnalyzer:
    """Return the analyzer of an installed pipeline.

    Raises:
        ConfigError: spaCy or the pipeline is not installed, or it has no parser.
    """
    try:
        spacy = import_module("spacy")
    except ImportError:
        raise ConfigError(
            "engine: spaCy is not installed; install the extra: pip install 'dispatches[spacy]'"
        ) from None
    try:
        pipeline = spacy.load(name)
    except OSError:
        raise ConfigError(f"engine: there is no spaCy pipeline {name!r} installed") from None
    if not {"parser", "senter", "sentencizer"} & set(pipeline.pipe_names):
        raise ConfigError(f"engine: the spaCy pipeline {name!r} finds no sentences (no parser)")
    return SpacyAnalyzer(pipeline, load_labels())
