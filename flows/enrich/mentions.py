"""Shapes of what is found: names as they stand in the text, and the entities they are put together to."""

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import islice

from flows.enrich.lexicon import Gender
from flows.enrich.reading import Range
from flows.gazetteer import Form
from schemas.dispatch import EntityType, MentionKind, Span


@dataclass(slots=True)
class Spotted:
    """A name in the text, before it is known whose it is."""

    span: Span
    words: Range
    type: EntityType
    confidence: float
    entry_id: str | None = None  # the gazetteer's entry, where it is certain
    kind: MentionKind = "name"
    forms: tuple[Form, ...] = ()  # surnames of the gazetteer that it may be
    derived: bool = False  # the people of the entry: Russian, Democrats
    read: bool = True  # the engine read it as a name; else the gazetteer alone speaks for it


@dataclass
class Found:
    """An entity while it is being put together. A mention is its span, its kind, and how sure it is (0 to 1)."""

    id: str
    name: str
    type: EntityType
    role: str | None = None
    country: str | None = None
    gender: Gender | None = None
    mentions: list[tuple[Span, MentionKind, float]] = field(default_factory=list)


@dataclass
class Names:
    """The entities of a dispatch, and whose each stretch of text is."""

    entities: dict[str, Found]
    spans: list[tuple[Span, str]]  # span of a name -> entity id, in order
    references: dict[Span, tuple[str, float]] = field(default_factory=dict)
    # span of a pronoun or a description -> entity id, and how sure

    def at(self, start: int, end: int) -> list[tuple[Span, str]]:
        """Return the names that lie within a stretch of the text."""
        first = bisect_left(self.spans, ((start, start), ""))
        found: list[tuple[Span, str]] = []
        for span, key in islice(self.spans, first, None):
            if span[0] >= end:
                break
            if span[1] <= end:
                found.append((span, key))
        return found
