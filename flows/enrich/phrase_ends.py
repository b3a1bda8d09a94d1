"""Ends of phrases: where a stretch of words breaks off inside a phrase of the parse, it is carried to the phrase's end.

`a Homeland | Security Department official` is one noun phrase; `a package that | would help Kyiv` one clause.
"""

from flows.enrich.reading import Range, Reading

# Relations of a word to a head behind it, at which a phrase cannot end: `a |official`, `that |would help`.
_OPEN = frozenset(
    ["det", "amod", "compound", "nummod", "nmod:poss", "case", "mark", "aux", "aux:pass", "cop", "cc", "nsubj",
     "nsubj:pass", "expl", "det:predet", "cc:preconj"]
)  # fmt: skip
_WHOLE = frozenset(["case", "mark", "nsubj", "nsubj:pass", "aux", "aux:pass", "cop", "expl", "cc"])
_SOURCE_ENDS = frozenset(["NOUN", "PROPN", "PRON", "NUM", "ADJ", "SYM", "X"])


class PhraseEnds:
    """The edges of the subtrees of a reading."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._edges = list(range(len(reading.words)))
        for word in range(len(self._edges)):
            above = reading.heads[word]
            while self._edges[above] < word:
                self._edges[above] = word
                if reading.heads[above] == above:
                    break
                above = reading.heads[above]

        self._begins = list(range(len(reading.words)))
        for word in reversed(range(len(self._begins))):
            above = reading.heads[word]
            while self._begins[above] > word:
                self._begins[above] = word
                if reading.heads[above] == above:
                    break
                above = reading.heads[above]

    def subtree(self, word: int) -> Range:
        """Return the words from the first to the last that hang on a word."""
        return self._begins[word], self._edges[word] + 1

    def top(self, words: Range) -> int:
        """Return the first of some words that hangs on none of the others."""
        start, end = words
        heads = self._reading.heads
        return next((w for w in range(start, end) if heads[w] == w or not start <= heads[w] < end), start)

    def content(self, words: Range) -> Range:
        """Return reported words carried on to the end of the phrase in which they break off."""
        start, end = words
        for _ in range(4):
            head, relation = self._reading.heads[end - 1], self._reading.relations[end - 1]
            if head < end or relation not in _OPEN:
                break
            end = (self._edges[head] if relation in _WHOLE else head) + 1
        return start, end

    def source(self, words: Range) -> Range:
        """Return the words that name a source, carried on to the noun they lead to, and without verbs behind it."""
        start, end = words
        tags, heads, relations = self._reading.tags, self._reading.heads, self._reading.relations
        while end - start > 1 and tags[end - 1] in ("AUX", "VERB", "ADP", "ADV", "SCONJ", "CCONJ") and end - 1 > start:
            end -= 1
        for _ in range(4):
            head = heads[end - 1]
            if not end <= head < end + 4 or relations[end - 1] not in (
                "det",
                "amod",
                "compound",
                "nummod",
                "nmod:poss",
            ):
                break
            end = head + 1
        return start, end
