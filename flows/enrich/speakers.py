"""Speakers: from the words of an attribution to the entity that spoke. No answer is better than a wrong one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flows.enrich.entities import Found, Names
from flows.enrich.quotes import Attribution
from flows.enrich.structure import Paragraph
from schemas.dispatch import ResolvedBy, Span

_PRONOUN = re.compile(r"(?:he|she|it|they|who)", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\b(?:of|for|to|from|with|at|near|by|in|on|about|against|under|behind|called|named)\s", re.IGNORECASE
)
_REACH = 3  # paragraphs looked back for what a pronoun stands for
_SPEAKING = ("person", "organization", "place", "group")


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who spoke: the entity and how it was found, or neither for an unnamed speaker."""

    mention: Span | None
    entity_id: str | None
    resolved_by: ResolvedBy | None


def resolve_speakers(
    text: str, paragraphs: Sequence[Paragraph], attributions: Sequence[Attribution], names: Names
) -> list[Resolved]:
    """Return the speaker of each attribution, in order."""
    resolved: list[Resolved] = []
    for attribution in attributions:
        resolved.append(_resolve(text, paragraphs, attribution, attributions, resolved, names))
    return resolved


def _resolve(
    text: str, paragraphs: Sequence[Paragraph], attribution: Attribution, attributions: Sequence[Attribution],
    before: Sequence[Resolved], names: Names,
) -> Resolved:  # fmt: skip
    span = attribution.speaker
    if span is None:
        return _carried(paragraphs, attribution, attributions, before)
    phrase = text[slice(*span)]
    if _PRONOUN.fullmatch(phrase):
        key = _antecedent(text, paragraphs, span, attributions, before, names)
        return Resolved(span, key, "pronoun" if key else None)
    inside = [(s, k) for s, k in names.at(*span) if names.entities[k].type in _SPEAKING]
    inside = [(s, k) for s, k in inside if not _PREPOSITION.search(text[span[0] : s[0]])]  # `a lawmaker close to X`
    people = [(s, k) for s, k in inside if names.entities[k].type == "person" and not _possessive(text, s[1])]
    if len({key for _, key in inside}) > 1 and re.search(r"\b(?:and|or)\b", phrase):
        return Resolved(span, None, None)  # `Russia and Ukraine agreed`: two speakers have no one id
    if people:
        at, key = people[0] if attribution.main_subject else people[-1]
        by: ResolvedBy = "name" if " " in text[slice(*at)] else "surname"
        return Resolved((span[0], at[1]), key, by)
    if inside and inside[-1][0][1] == span[1]:
        at, key = inside[-1]
        by = "name" if names.entities[key].name == text[slice(*at)] else "alias"
        if names.entities[key].type != "group":
            return Resolved(span, key, by)
    found = _nominal(phrase, names, span[0])
    return Resolved(span, found, "title" if found else None)


def _possessive(text: str, end: int) -> bool:
    return text[end : end + 2] in ("'s", "’s") or text[end - 1 : end + 1] in ("s'", "s’")


def _carried(
    paragraphs: Sequence[Paragraph], attribution: Attribution, attributions: Sequence[Attribution],
    before: Sequence[Resolved],
) -> Resolved:  # fmt: skip
    """A quotation without a cue goes on with the speaker of the one before it, in this paragraph or the last."""
    start = attribution.spans[0][0]
    number = next(i for i, p in enumerate(paragraphs) if p.start <= start <= p.end)
    for earlier, answer in zip(reversed(attributions[: len(before)]), reversed(before), strict=True):
        at = earlier.spans[-1][1]
        near = paragraphs[max(0, number - 1)].start
        if at >= near and answer.mention is not None:
            return Resolved(answer.mention, answer.entity_id, "carried")
        break
    return Resolved(None, None, None)


def _antecedent(
    text: str, paragraphs: Sequence[Paragraph], span: Span, attributions: Sequence[Attribution],
    before: Sequence[Resolved], names: Names,
) -> str | None:  # fmt: skip
    pronoun = text[slice(*span)].lower()
    number = next(i for i, p in enumerate(paragraphs) if p.start <= span[0] <= p.end)
    oldest = paragraphs[max(0, number - _REACH)].start
    if pronoun == "who":
        near = [key for (_, end), key in names.spans if 0 <= span[0] - end <= 2]
        return near[-1] if near and _fits(pronoun, names.entities[near[-1]]) else None
    for attribution, answer in zip(reversed(attributions[: len(before)]), reversed(before), strict=True):
        said_at = (attribution.cue or attribution.spans[0])[0]
        if said_at < oldest:
            break
        if answer.entity_id and _fits(pronoun, names.entities[answer.entity_id]):
            later = [k for (s, _), k in names.spans if said_at < s < paragraphs[number].start
                     and _fits(pronoun, names.entities[k]) and _is_subject(s, paragraphs)]  # fmt: skip
            return later[-1] if later else answer.entity_id
        if answer.entity_id is None and answer.mention and pronoun in ("he", "she"):
            return None  # an unnamed speaker came between: the pronoun may well be theirs
    if pronoun == "they":
        return None  # officials, a crowd, a couple: a name near by says nothing
    for paragraph in reversed(paragraphs[max(0, number - _REACH) : number + 1]):
        fitting = [
            k
            for (s, _), k in names.at(paragraph.start, min(paragraph.end, span[0]))
            if _fits(pronoun, names.entities[k])
        ]
        if fitting:
            return fitting[0] if len(set(fitting)) == 1 or paragraph.end < span[0] else None
    return None


def _is_subject(start: int, paragraphs: Sequence[Paragraph]) -> bool:
    """Tell whether a name begins its sentence, as subjects do."""
    return any(0 <= start - s < 3 for p in paragraphs for s, _ in p.sentences)


def _fits(pronoun: str, entity: Found) -> bool:
    if pronoun == "he":
        return entity.type == "person" and entity.gender != "f"
    if pronoun == "she":
        return entity.type == "person" and entity.gender != "m"
    if pronoun == "who":
        return entity.type == "person"
    if pronoun == "it":
        return entity.type == "organization" or entity.type == "place"
    return entity.type in ("organization", "group")


def _nominal(phrase: str, names: Names, before: int) -> str | None:
    """`the minister`, `the Kremlin spokesman`: the one person in the dispatch so far with such an office."""
    match = re.fullmatch(r"the (?:[\w.-]+ ){0,2}?([a-z]+)", phrase, re.IGNORECASE)
    if not match:
        return None
    noun = match[1].lower()
    holders = {
        key
        for key, entity in names.entities.items()
        if entity.type == "person" and entity.role and entity.mentions[0][0][0] < before
        and entity.role.lower().split()[-1] == noun
    }  # fmt: skip
    return holders.pop() if len(holders) == 1 else None
