"""Speakers: from the words of an attribution to the entity that spoke. No answer is better than a wrong one."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.enrich.attribution import Attribution
from flows.enrich.mentions import Names
from flows.enrich.reading import Range, Reading
from flows.enrich.structure import Paragraph
from schemas.dispatch import ResolvedBy, Span

_PRONOUN = re.compile(r"(?:he|she|it|they|who|him|her|them|his|their|its)", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"(?:i|we|me|us|my|our)", re.IGNORECASE)
_SPEAKING = ("person", "organization", "place")
# Relations by which a name stands for the noun above it: `spokesman Dmitry Peskov`, `the master, Hendrick Obuya`.
_SAME = frozenset(["flat", "appos", "nmod:desc", "nmod:unmarked", "flat:name", "dep"])
# What stands before the name of an organization that it describes: `the website Novaya Volna`.
_DESCRIBED = re.compile(r"(?:[Tt]he|[Aa]n?) [a-z]+ ")
_APART = "of|for|to|from|with|at|near|by|in|on|about|against|under|behind|and|or"
_SURE = 0.5  # from which on a reference is taken


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who spoke: the entity and how it was found, or neither for an unnamed speaker."""

    mention: Span | None
    entity_id: str | None
    resolved_by: ResolvedBy | None


def resolve_speakers(
    text: str, paragraphs: Sequence[Paragraph], attributions: Sequence[Attribution], reading: Reading, names: Names
) -> list[Resolved]:
    """Return the speaker of each attribution, in order."""
    look = _Look(text, reading, names)
    starts = [paragraph.start for paragraph in paragraphs]
    resolved: list[Resolved] = []
    for attribution in attributions:
        if attribution.speaker is None:
            resolved.append(_carried(starts, paragraphs, attribution, attributions, resolved))
        elif _FIRST_PERSON.fullmatch(text[slice(*attribution.speaker)]):
            resolved.append(_of_outer(attribution, attributions, resolved))
        else:
            resolved.append(_resolve(look, attribution.speaker))
    return resolved


class _Look:
    """Names and words by where they stand."""

    def __init__(self, text: str, reading: Reading, names: Names) -> None:
        self.text = text
        self.reading = reading
        self.names = names
        self.word_starts = [word.start for word in reading.words]
        self.spans = sorted(names.spans)
        self.span_starts = [span[0] for span, _ in self.spans]
        self.references = sorted((span, *found) for span, found in names.references.items())
        self.reference_starts = [span[0] for span, _, _ in self.references]

    def words(self, span: Span) -> Range:
        """Return the words that a span touches."""
        first = bisect_right(self.word_starts, span[0]) - 1
        if first < 0 or self.reading.words[first].end <= span[0]:
            first += 1
        return first, bisect_left(self.word_starts, span[1])

    def names_in(self, span: Span) -> Iterator[tuple[Span, str]]:
        """Yield the names within a span, in order."""
        for at in range(bisect_left(self.span_starts, span[0]), len(self.spans)):
            inner, key = self.spans[at]
            if inner[0] >= span[1]:
                return
            if inner[1] <= span[1]:
                yield inner, key

    def name_around(self, span: Span) -> tuple[Span, str] | None:
        """Return the person's or organization's name of which a span is a part."""
        at = bisect_right(self.span_starts, span[0]) - 1
        if at < 0:
            return None
        outer, key = self.spans[at]
        inside = outer[0] <= span[0] and span[1] <= outer[1] and outer != span
        return (outer, key) if inside and self.names.entities[key].type in ("person", "organization") else None

    def references_in(self, span: Span) -> Iterator[tuple[Span, str, float]]:
        """Yield pronouns and descriptions within a span with what they stand for."""
        for at in range(bisect_left(self.reference_starts, span[0]), len(self.references)):
            if self.references[at][0][0] >= span[1]:
                return
            yield self.references[at]

    def top(self, words: Range) -> int:
        """Return the word of a range that the others hang on."""
        for word in range(*words):
            head = self.reading.heads[word]
            if (head == word or not words[0] <= head < words[1]) and self.reading.tags[word] not in ("PUNCT", "ADP"):
                return word
        return words[1] - 1

    def leads_to(self, word: int, top: int, words: Range) -> bool:
        """Tell whether a word names what the top word does: it is that word, or stands beside it as its name."""
        for _ in range(6):
            if word == top:
                return True
            if self.reading.relations[word] not in _SAME:
                return False
            word = self.reading.heads[word]
            if not words[0] <= word < words[1]:
                return False
        return False


def _resolve(look: _Look, span: Span) -> Resolved:
    phrase = look.text[slice(*span)]
    if _PRONOUN.fullmatch(phrase):
        by: ResolvedBy = "relative" if phrase.lower() == "who" else "pronoun"
        for _, key, sure in look.references_in(span):
            if sure >= _SURE:
                return Resolved(span, key, by)
        return Resolved(span, None, None)
    words = look.words(span)
    if words[0] >= words[1]:
        return Resolved(span, None, None)
    top = look.top(words)
    fitting = [(inner, key) for inner, key in look.names_in(span) if look.names.entities[key].type in _SPEAKING]
    named = []
    for inner, key in fitting:
        own = look.words(inner)
        if own[0] <= top < own[1] or look.leads_to(look.top(own), top, words) or _ends_with(look, inner, key, span):
            named.append((inner, key))
    around = look.name_around(span)
    if around and not fitting:
        return Resolved(around[0], around[1], _how(look, *around))
    people = [(inner, key) for inner, key in named if look.names.entities[key].type == "person"]
    chosen = people or named
    if len(chosen) > 1 and not look.text[chosen[0][0][1] : chosen[-1][0][0]].strip(" ."):
        chosen = chosen[-1:]  # one name that was read as two: `K. | R. Iyengar`
    if len({key for _, key in chosen}) > 1:
        return Resolved(span, None, None)  # `Russia and Ukraine agreed`: two speakers have no one id
    if _others(look, top, words, chosen):
        return Resolved(span, None, None)
    if chosen:
        inner, key = chosen[0]
        return Resolved(span, key, _how(look, inner, key))
    behind = _apposed(look, top, words)
    if behind:
        return Resolved(span, behind, "title")
    for inner, key, sure in look.references_in(span):
        if sure >= _SURE and inner[1] > look.reading.words[top].start >= inner[0]:
            return Resolved(span, key, "nominal")
    return Resolved(span, None, None)


def _ends_with(look: _Look, inner: Span, key: str, span: Span) -> bool:
    """A name at the end, behind titles only: `Russian Foreign Minister Sergei Lavrov`, whatever the parse says."""
    if inner[1] != span[1]:
        return False
    before = look.text[span[0] : inner[0]]
    if look.names.entities[key].type != "person":
        return look.names.entities[key].type == "organization" and bool(_DESCRIBED.fullmatch(before))
    if before.count(",") == 1 and before[:1] in "AaTt":
        before = before.partition(",")[2]  # `A spokesman for the military government, Maj. Gen. Zaw Min Tun`
    return not re.search(rf"\b(?:{_APART})\s", before) and not (
        re.search(r"['’]s?\s*$", before)
    )  # fmt: skip


def _others(look: _Look, top: int, words: Range, chosen: Sequence[tuple[Span, str]]) -> bool:
    """Tell whether somebody else is named beside the top word: `Lavrov and his Belarusian counterpart`."""
    if not chosen:
        return False
    for word in range(*words):
        if look.reading.relations[word] == "conj" and look.reading.heads[word] == top:
            at = look.reading.words[word]
            return not any(inner[0] <= at.start < inner[1] for inner, _ in chosen)
    return False


def _apposed(look: _Look, top: int, words: Range) -> str | None:
    """Return the person named right behind a description: `the harbor master, Hendrick Obuya, said`."""
    for word in range(words[1], min(words[1] + 4, len(look.reading.words))):
        if look.reading.relations[word] in ("appos", "flat") and look.reading.heads[word] == top:
            at = look.reading.words[word]
            for inner, key in look.names_in((at.start, at.end + 60)):
                if inner[0] == at.start and look.names.entities[key].type == "person":
                    return key
    return None


def _how(look: _Look, inner: Span, key: str) -> ResolvedBy:
    printed, entity = look.text[slice(*inner)], look.names.entities[key]
    if printed == entity.name:
        return "name"
    if entity.type == "person":
        return "name" if " " in printed else "surname"
    return "alias"


def _of_outer(attribution: Attribution, attributions: Sequence[Attribution], before: Sequence[Resolved]) -> Resolved:
    """`I said to him` inside a quotation: whoever is quoted."""
    mention = attribution.speaker
    assert mention is not None
    for outer, answer in zip(attributions, before, strict=False):
        if any(start <= mention[0] < end for start, end in outer.spans):
            return Resolved(mention, answer.entity_id, "pronoun" if answer.entity_id else None)
    return Resolved(mention, None, None)


def _carried(
    starts: Sequence[int], paragraphs: Sequence[Paragraph], attribution: Attribution,
    attributions: Sequence[Attribution], before: Sequence[Resolved],
) -> Resolved:  # fmt: skip
    """A quotation without a cue goes on with the speaker of the one before it, in this paragraph or the last."""
    if attribution.cue is not None or not before:
        return Resolved(None, None, None)
    number = bisect_right(starts, attribution.spans[0][0]) - 1
    last, answer = attributions[len(before) - 1], before[-1]
    if last.spans[-1][1] >= paragraphs[max(0, number - 1)].start and answer.mention is not None:
        return Resolved(answer.mention, answer.entity_id, "carried")
    return Resolved(None, None, None)
