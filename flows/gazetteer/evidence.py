"""Evidence in a text: what speaks for one bearer of a name against another, weighed with the gazetteer's own data."""

import re
from bisect import bisect_right
from functools import lru_cache

from flows.gazetteer.compiled import Gazetteer, Hit
from flows.gazetteer.fold import Folded, fold
from schemas.gazetteer import Entry

_OPENING = "\"'“‘«(["
_LONGEST_SENTENCE = 2000
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z])|\n\s*\n|\n(?=[A-Z\"“])")


class Surroundings:
    """A text with what is needed to judge hits in it, computed once and only when asked for."""

    def __init__(self, text: str, folded: Folded, gazetteer: Gazetteer) -> None:
        self.text = text
        self.folded = folded.text
        self.gazetteer = gazetteer
        self._sentence_ends: list[int] | None = None
        self._known: list[Hit] | None = None
        self._evidence: dict[str, int] = {}
        self._phrases: dict[tuple[str, ...], bool] = {}
        self._speaking: dict[str, int] = {}

    def sentence(self, at: int) -> str:
        """Return the sentence around an offset, by its surface; no more of it than a sentence may have."""
        if self._sentence_ends is None:
            self._sentence_ends = [0, *(m.end() for m in _SENTENCE_END.finditer(self.text)), len(self.text)]
        i = bisect_right(self._sentence_ends, at)
        start, end = self._sentence_ends[i - 1], self._sentence_ends[min(i, len(self._sentence_ends) - 1)]
        return self.text[max(start, at - _LONGEST_SENTENCE) : min(end, at + _LONGEST_SENTENCE)]

    def begins_sentence(self, at: int) -> bool:
        """Tell whether a sentence begins at an offset, opening marks aside."""
        self.sentence(at)
        ends = self._sentence_ends or [0]
        start = ends[bisect_right(ends, at) - 1]
        return at - start <= _LONGEST_SENTENCE and not self.text[start:at].strip(_OPENING + " ")

    def known(self) -> list[Hit]:
        """Return every spelling of the gazetteer in the text."""
        if self._known is None:
            self._known = self.gazetteer.known.hits(self.text)
        return self._known

    def count(self, words: tuple[str, ...]) -> int:
        """Return how often any of these words or phrases stands in the text, whole and in any case."""
        total = 0
        for word in words:
            if word not in self._evidence:
                self._evidence[word] = _count(fold(word), self.folded)
            total += self._evidence[word]
        return total

    def speaking_for(self, entry: Entry) -> int:
        """Return how many other names of the text belong to the country of an entry."""
        if entry.id not in self._speaking:
            self._speaking[entry.id] = sum(1 for hit in self.known() if _speaks_for(self.gazetteer, entry, hit))
        return self._speaking[entry.id]

    def has_any(self, phrases: tuple[str, ...]) -> bool:
        """Tell whether any of these phrases stands in the text, whole and in any case."""
        if phrases not in self._phrases:
            self._phrases[phrases] = any(_count(fold(phrase), self.folded) for phrase in phrases)
        return self._phrases[phrases]


def _count(word: str, text: str) -> int:
    found, at = 0, text.find(word)
    while at >= 0:
        behind = at + len(word)
        if not (at and text[at - 1].isalnum()) and not (behind < len(text) and text[behind].isalnum()):
            found += 1
        at = text.find(word, behind)
    return found


@lru_cache(maxsize=64)
def folded_phrases(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Return the folded forms of phrases."""
    return tuple(fold(phrase) for phrase in phrases)


def ends_with(before: str, phrases: tuple[str, ...]) -> str | None:
    """Return the phrase that a folded text ends with, as whole words; articles and opening marks may follow it."""
    before = before.rstrip(_OPENING + " ")
    before = before.removesuffix(" the").rstrip(_OPENING + " ")
    if not before.endswith(folded_phrases(phrases)):
        return None
    for phrase in folded_phrases(phrases):
        if before.endswith(phrase) and not before[: -len(phrase)][-1:].isalnum():
            return phrase
    return None


def starts_with(behind: str, phrases: tuple[str, ...]) -> str | None:
    """Return the phrase that a folded text starts with, as whole words."""
    if not behind.startswith(folded_phrases(phrases)):
        return None
    for phrase in folded_phrases(phrases):
        if behind.startswith(phrase) and not behind[len(phrase) : len(phrase) + 1].isalnum():
            return phrase
    return None


def homonym(around: Surroundings, entry: Entry, start: int, end: int) -> str | None:
    """Another bearer of the name, or doubt: `Odessa, Texas`. None means that this entry is meant.

    What follows the name decides first; then the evidence in the dispatch is weighed, and a doubt leaves the text
    alone: words for another bearer must be outweighed three to one.
    """
    shared = fold(around.text[start:end])
    rivals = [other for other in entry.homonyms if shared in fold(other.name)]
    if not rivals:  # `Leningrad` is no homonym, though `St. Petersburg` is one
        return None
    behind = fold(around.text[end : end + 40])
    own = own_evidence(around.gazetteer, entry)
    if behind.startswith(", "):
        for other in rivals:
            if starts_with(behind[2:], (*other.evidence, *_own_name(around.gazetteer, other.country))):
                return f"homonym/{other.name}"
        if starts_with(behind[2:], own):
            return None
    for other in rivals:
        before = fold(around.text[max(0, start - 40) : start])
        if ends_with(before, other.evidence):
            return f"homonym/{other.name}"
    sentence = fold(around.sentence(start))
    if any(_count(fold(word), sentence) for word in own) and not any(
        _count(fold(word), sentence) for other in rivals for word in other.evidence
    ):
        return None
    for_own = around.count(own) + around.speaking_for(entry)
    for_others = [(around.count(other.evidence), other.name) for other in rivals]
    strongest, name = max(for_others)
    if for_own == 0:
        return f"homonym/{name}" if strongest else "homonym/no evidence"
    return f"homonym/{name}" if strongest and for_own < 3 * strongest else None


def own_evidence(gazetteer: Gazetteer, entry: Entry) -> tuple[str, ...]:
    """Return the words that speak for an entry: its own evidence, its country's names, adjectives and people."""
    country = gazetteer.countries.get(entry.country or "")
    if country is None:
        return entry.evidence
    if country.id == entry.id:  # a country does not speak for itself
        return (*entry.evidence, *entry.adjectives, *entry.people)
    return (*entry.evidence, *_own_name(gazetteer, entry.country), *country.adjectives, *country.people)


def _own_name(gazetteer: Gazetteer, code: str | None) -> tuple[str, ...]:
    country = gazetteer.countries.get(code or "")
    return (country.name, *country.aliases) if country else ()


def _speaks_for(gazetteer: Gazetteer, entry: Entry, hit: Hit) -> bool:
    """Tell whether a hit is another unambiguous place of the entry's country, or a person or body of it."""
    if len({form.entry_id for form in hit.forms}) != 1:
        return False
    other = gazetteer.entries[hit.forms[0].entry_id]
    if other.id == entry.id or other.homonyms or other.country is None or other.kind in ("country", "territory"):
        return False
    return other.country == entry.country and hit.forms[0].kind not in ("surname", "keep")
