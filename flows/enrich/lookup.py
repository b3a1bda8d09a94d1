"""Where names, references and words stand: what the resolution of speakers asks a page."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from flows.enrich.mentions import Names
from flows.enrich.page import Page
from flows.enrich.reading import Range
from schemas.dispatch import EntityType, Span

# Relations by which a name stands for the noun above it: `spokesman Dmitry Peskov`, `the master, Hendrick Obuya`.
_SAME = frozenset(["flat", "appos", "nmod:desc", "nmod:unmarked", "flat:name", "dep"])


class Look:
    """Names and words by where they stand."""

    def __init__(self, page: Page, names: Names) -> None:
        self.page = page
        self.text = page.text
        self.names = names
        self._spans = sorted(names.spans)
        self._starts = [span[0] for span, _ in self._spans]
        self._references = sorted((span, *found) for span, found in names.references.items())
        self._reference_starts = [span[0] for span, _, _ in self._references]

    def type_of(self, key: str) -> EntityType:
        """Return the type of an entity."""
        return self.names.entities[key].type

    def names_in(self, span: Span) -> Iterator[tuple[Span, str]]:
        """Yield the names within a span, in order."""
        for at in range(bisect_left(self._starts, span[0]), len(self._spans)):
            inner, key = self._spans[at]
            if inner[0] >= span[1]:
                return
            if inner[1] <= span[1]:
                yield inner, key

    def name_around(self, span: Span) -> tuple[Span, str] | None:
        """Return the person's or organization's name of which a span is a part."""
        at = bisect_right(self._starts, span[0]) - 1
        if at < 0:
            return None
        outer, key = self._spans[at]
        inside = outer[0] <= span[0] and span[1] <= outer[1] and outer != span
        return (outer, key) if inside and self.type_of(key) in ("person", "organization") else None

    def references_in(self, span: Span) -> Iterator[tuple[Span, str, float]]:
        """Yield pronouns and descriptions that begin within a span, with what they stand for and how sure that is."""
        for at in range(bisect_left(self._reference_starts, span[0]), len(self._references)):
            if self._references[at][0][0] >= span[1]:
                return
            yield self._references[at]

    def top(self, words: Range) -> int:
        """Return the word of a range that the others hang on; without a parse, the last one."""
        for word in range(*words) if self.page.parsed else ():
            head = self.page.heads[word]
            if (head == word or not words[0] <= head < words[1]) and self.page.tags[word] not in ("PUNCT", "ADP"):
                return word
        return words[1] - 1

    def leads_to(self, word: int, top: int, words: Range) -> bool:
        """Tell whether a word names what the top word does: it is that word, or stands beside it as its name."""
        for _ in range(6):
            if word == top:
                return True
            if self.page.relations[word] not in _SAME:
                return False
            word = self.page.heads[word]
            if not words[0] <= word < words[1]:
                return False
        return False
