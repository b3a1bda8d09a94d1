"""What an engine reads in a text: words, sentences, parse, names, marks of reported speech, references.

This is the seam between an analyzer (`model`, `spacy_analyzer`) and what is made of it (`entities`, `coreference`, `quotes`).
Words are counted through the whole text; a range of words is half-open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from flows.enrich.structure import Paragraph
from flows.enrich.words import Word
from schemas.dispatch import EntityType

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class NameRead:
    """A name in the text: its words, its type, and how sure the analyzer is (0 to 1, calibrated)."""

    words: Range
    type: EntityType
    confidence: float


@dataclass(frozen=True, slots=True)
class ReportRead:
    """Reported speech: its cue, the words that name its source, and the parts of its content."""

    cue: Range
    source: Range | None
    content: tuple[Range, ...]
    confidence: float


@dataclass(frozen=True)
class Reading:
    """Everything an analyzer says about a text. What it does not know is empty; reports that it does not look for: None."""

    words: Sequence[Word]
    paragraph_of: Sequence[int]  # per word, the number of its paragraph
    sentences: Sequence[Range]  # in order; a sentence never runs over the end of a paragraph
    tags: Sequence[str]  # universal parts of speech: NOUN, PROPN, VERB ...
    heads: Sequence[int]  # per word, its head; a root is its own
    relations: Sequence[str]  # Universal Dependencies: nsubj, obj, nmod:poss ...
    names: Sequence[NameRead] = ()
    reports: Sequence[ReportRead] | None = ()
    speech: Sequence[Range] = ()  # reported content, cue or no cue
    links: dict[int, tuple[int, float]] = field(default_factory=dict)
    # word that refers (pronoun, head of a description) -> a word of what it refers to, and how sure


class Analyzer(Protocol):
    """What reads texts. One method; `version` stands in every dispatch's provenance."""

    version: str

    def read(self, text: str, paragraphs: Sequence[Paragraph]) -> Reading:
        """Return the reading of the paragraphs of a text."""
