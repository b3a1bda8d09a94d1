"""A text with its reading, ready for questions: which words a span covers, what heads them, what stands before them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from flows.enrich.reading import Range, Reading
from schemas.dispatch import Span


class Page:
    """A text and its reading. Layers that the engine does not know are filled with blanks."""

    def __init__(self, text: str, reading: Reading) -> None:
        size = len(reading.words)
        self.text = text
        self.reading = reading
        self.words = reading.words
        self.tags: Sequence[str] = reading.tags or [""] * size
        self.heads: Sequence[int] = reading.heads or range(size)
        self.relations: Sequence[str] = reading.relations or [""] * size
        self.parsed = bool(reading.heads) and bool(reading.relations)
        self._starts = [word.start for word in reading.words]
        self._sentence_starts = [first for first, _ in reading.sentences] or [0]

    def words_of(self, span: Span) -> Range:
        """Return the words that a span touches."""
        first = bisect_right(self._starts, span[0]) - 1
        if first < 0 or self.words[first].end <= span[0]:
            first += 1
        return first, max(first, bisect_left(self._starts, span[1]))

    def span_of(self, words: Range) -> Span:
        """Return the span of a range of words."""
        return self.words[words[0]].start, self.words[words[1] - 1].end

    def head_of(self, words: Range) -> int:
        """Return the word of a range that hangs on a word outside of it; without a parse, the last one."""
        if self.parsed:
            for at in range(*words):
                if not words[0] <= self.heads[at] < words[1] or self.heads[at] == at:
                    return at
        return words[1] - 1

    def sentence_of(self, word: int) -> int:
        """Return the number of the sentence of a word."""
        return bisect_right(self._sentence_starts, word) - 1

    def sentence(self, word: int) -> Range:
        """Return the words of the sentence of a word."""
        if not self.reading.sentences:
            return 0, len(self.words)
        return self.reading.sentences[self.sentence_of(word)]

    def relation(self, word: int) -> str:
        """Return the relation of a word without its subtype: `nmod` for `nmod:poss`."""
        return self.relations[word].partition(":")[0]

    def is_subject(self, word: int) -> bool:
        """Tell whether a word is the subject of a clause; without a parse, whether it begins its sentence."""
        if self.parsed:
            if self.relation(word) in ("appos", "flat", "conj"):  # `his father, Refat, said`; `Ann and Bob said`
                word = self.heads[word]
            return self.relation(word) in ("nsubj", "csubj")
        return word - self.sentence(word)[0] < 3

    def noun_before_comma(self, words: Range) -> int | None:
        """Return the noun behind which a name stands between commas: `The agency, Norpress, said`."""
        first, end = words
        if first < 2 or end >= len(self.words) or self.tags[first - 2] != "NOUN":
            return None
        return first - 2 if self.words[first - 1].text == self.words[end].text == "," else None

    def told_sentences(self, quotes: Sequence[Span]) -> list[int]:
        """Return, per sentence, how many up to it the narrator tells: those of a quotation are no distance to him."""
        told, at = [0], 0
        for first, stop in self.reading.sentences:
            start, end = self.words[first].start, self.words[stop - 1].end
            while at < len(quotes) and quotes[at][1] < end:
                at += 1
            told.append(told[-1] + (at == len(quotes) or not (quotes[at][0] <= start and end <= quotes[at][1])))
        return told[1:] or [0]
