"""Another engine: an installed spaCy pipeline, its labels mapped by `config`-like data below.

It gives sentences, parse and names; reported speech is then found by surface patterns, and nothing is linked.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from flows.enrich.reading import NameRead, Reading
from flows.enrich.structure import Paragraph
from flows.enrich.words import Word
from flows.errors import ConfigError
from schemas.dispatch import EntityType

# OntoNotes labels, as the pipelines of spaCy have them, and the four labels of CoNLL.
TYPES: dict[str, EntityType] = {
    "PERSON": "person", "PER": "person", "ORG": "organization", "GPE": "place", "LOC": "place", "FAC": "place",
    "NORP": "group", "EVENT": "event", "WORK_OF_ART": "work",
}  # fmt: skip
_SURE = 0.75  # pipelines do not say how sure they are; about the precision of the large ones on news
# ClearNLP relations, as the English pipelines of spaCy have them, in those of Universal Dependencies.
RELATIONS = {"nsubjpass": "nsubj:pass", "auxpass": "aux:pass", "dobj": "obj", "poss": "nmod:poss", "relcl": "acl:relcl",
             "ROOT": "root", "nn": "compound", "attr": "obj", "prep": "obl", "pobj": "nmod"}  # fmt: skip


class SpacyAnalyzer:
    """Reads texts with a spaCy pipeline, a paragraph at a time."""

    def __init__(self, pipeline: Any) -> None:
        meta = pipeline.meta
        self.version = f"spacy:{meta.get('lang', '')}_{meta.get('name', '')}-{meta.get('version', '')}"
        self._pipeline = pipeline

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
                relations.append(RELATIONS.get(token.dep_, token.dep_))
            first = [at[t.i] for t in tokens if t.is_sent_start or t.i == tokens[0].i]
            sentences += zip(first, [*first[1:], len(words)], strict=True)
            for entity in doc.ents:
                inside = [at[token.i] for token in entity if token.i in at]
                if entity.label_ in TYPES and inside:
                    names.append(NameRead((inside[0], inside[-1] + 1), TYPES[entity.label_], _SURE))
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
    return SpacyAnalyzer(pipeline)
