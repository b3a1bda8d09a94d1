"""Speakers: from the words of an attribution to the entity that spoke. No answer is better than a wrong one."""

import re
from collections.abc import Sequence

from flows.enrich.attribution import Attribution
from flows.enrich.continuation import carried
from flows.enrich.lexicon import Lexicon
from flows.enrich.lookup import Look
from flows.enrich.mentions import Names
from flows.enrich.page import Page
from flows.enrich.reading import Reading
from flows.enrich.resolved import Resolved
from flows.enrich.structure import Paragraph
from flows.enrich.titles import CALLED
from schemas.dispatch import ResolvedBy, Span

_PRONOUN = re.compile(r"(?:he|she|it|they|who|which|him|her|them|his|their|its)", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"(?:i|we|me|us|my|our)", re.IGNORECASE)
_SPEAKING = ("person", "organization", "place")
_APART = re.compile(
    r"\b(?:of|for|to|from|with|at|near|by|in|on|about|against|under|behind|and|or|as|than|among|who|whose)\s",
    re.IGNORECASE,
)
_AND = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?\s*$")
_OWNS = re.compile(r"['’]s?\s")  # behind a name: `Vance's deputy`
# What stands before the name of an organization or place that it describes: `the website Novaya Volna`.
_DESCRIBED = re.compile(r"(?:(?:the|an?) )?(?:[A-Za-z]?[a-z-]+ )*")
_ISSUED = re.compile(r"\b(?:by|from) (?:the |an? )?(?:[a-z-]+ )*$")
_BETWEEN = re.compile(r"(?: who [^,;.“”\"]{1,80})?, ")  # what may stand before a name between commas
_QUOTED = re.compile(r"[“”\"«»]")
_BESIDE = frozenset(["conj", "parataxis", "root"])
_DEEP = 6  # heads that are climbed from a name
_PERSON_ENDINGS = ("ist", "man", "woman", "person", "ator")  # fewer than for titles: these decide who speaks
_SURE = 0.5  # from which on a reference is taken


def resolve_speakers(
    text: str, paragraphs: Sequence[Paragraph], attributions: Sequence[Attribution], reading: Reading, names: Names,
    lexicon: Lexicon,
) -> list[Resolved]:  # fmt: skip
    """Return the speaker of each attribution, in order."""
    look = Look(Page(text, reading), names)
    starts = [paragraph.start for paragraph in paragraphs]
    resolved: list[Resolved] = []
    for attribution in attributions:
        if attribution.speaker is None:
            resolved.append(carried(look, starts, attribution, attributions, resolved))
        elif _FIRST_PERSON.fullmatch(text[slice(*attribution.speaker)]):
            resolved.append(_of_outer(attribution, attributions, resolved))
        else:
            resolved.append(_Source(look, lexicon, attribution.speaker).resolve())
    return resolved


class _Source:
    """The words that name a speaker."""

    def __init__(self, look: Look, lexicon: Lexicon, span: Span) -> None:
        self.look = look
        self.lexicon = lexicon
        self.span = span
        self.phrase = look.text[slice(*span)]
        self.words = look.page.words_of(span)
        self.top = look.top(self.words)

    def resolve(self) -> Resolved:
        """Return whom the words name."""
        look, span = self.look, self.span
        nobody = Resolved(span, None, None)
        if _PRONOUN.fullmatch(self.phrase):
            return self._pronoun() or nobody
        if self.words[0] >= self.words[1]:
            return nobody
        fitting = [(inner, key) for inner, key in look.names_in(span) if look.type_of(key) in _SPEAKING]
        around = look.name_around(span)
        if around and not fitting:
            return Resolved(around[0], around[1], self._how(*around))
        top = look.page.words[self.top]
        of_name = any(start <= top.start < end for (start, end), _ in fitting)  # the U.S. Geological Survey
        if top.text.lower() in self.lexicon.documents and not of_name:
            if fitting:
                return self._issuer(fitting) or nobody
            if owner := self._owner():
                return Resolved(span, owner, "nominal")
        named = [one for one in fitting if self._may_speak(*one) and self._is_named(*one)]
        people = [(inner, key) for inner, key in named if look.type_of(key) == "person"]
        chosen = people or named
        if len(chosen) > 1 and not look.text[chosen[0][0][1] : chosen[-1][0][0]].strip(" ."):
            chosen = chosen[-1:]  # one name that was read as two: `K. | R. Iyengar`
        if len({key for _, key in chosen}) > 1 or self._others(chosen):
            return nobody  # `Russia and Ukraine agreed`: two speakers have no one id
        if chosen:
            return Resolved(span, chosen[0][1], self._how(*chosen[0]))
        if behind := self._apposed():
            return Resolved(span, behind, "title")
        for inner, key, sure in look.references_in(span):
            if sure >= _SURE and inner[1] > look.page.words[self.top].start >= inner[0]:
                return Resolved(span, key, "nominal")
        return nobody

    def _pronoun(self) -> Resolved | None:
        by: ResolvedBy = "relative" if self.phrase.lower() in ("who", "which") else "pronoun"
        for _, key, sure in self.look.references_in(self.span):
            if sure >= _SURE:
                return Resolved(self.span, key, by)
        return None

    def _issuer(self, fitting: Sequence[tuple[Span, str]]) -> Resolved | None:
        """A poll or a report says what whoever made it says: `a Norfield University poll`, `a study by the council`."""
        page, text = self.look.page, self.look.text
        noun = page.words[self.top]
        issuers: dict[str, Span] = {}
        for inner, key in fitting:
            compound = self.look.type_of(key) == "organization" and text[inner[1] : noun.start].isspace()
            lead = _ISSUED.search(text, noun.end, inner[0])
            if compound or (lead and self._makes(noun.end, lead.start())):
                issuers[key] = inner
        if len(issuers) != 1:
            return None
        (key, inner), = issuers.items()  # fmt: skip
        return Resolved(self.span, key, self._how(inner, key))

    def _owner(self) -> str | None:
        """Return the organization whose a document is, where a description tells: `The university's letter`."""
        look, noun = self.look, self.look.page.words[self.top]
        for inner, key, sure in look.references_in(self.span):
            owns = _OWNS.match(look.text[inner[1] : noun.start]) or look.text[slice(*inner)].lower() in ("its", "their")
            if sure >= _SURE and look.type_of(key) == "organization" and inner[1] <= noun.start and owns:
                return key
        return None

    def _makes(self, start: int, end: int) -> bool:
        """Tell whether what stands between a document and `by` tells of its making: `a poll [released Monday] by`."""
        between = self.look.text[start:end].lower().split()
        verb = next((word for word in between if word.endswith("ed") or word in self.lexicon.making), "")
        return not verb or verb in self.lexicon.making

    def _may_speak(self, inner: Span, key: str) -> bool:
        """Tell whether a name in a description may be the speaker's: not whose official, of what, from where.

        `[Moscow]'s embassy`, `a [White House] official`, `tour guides in [Gettysburg]` name another; in `a spokesman
        for the host, [Ron Vance]` nobody knows which of the two he is.
        """
        page, text = self.look.page, self.look.text
        before, behind = text[self.span[0] : inner[0]], text[inner[1] : self.span[1]]
        if _OWNS.match(behind):
            return False
        after = page.words_of(inner)[1]
        if behind[:1] == " " and after < self.words[1] and page.tags[after] == "NOUN" and behind[1:2].islower():
            return False
        if self.look.type_of(key) == "place":
            return _DESCRIBED.fullmatch(before) is not None and not _APART.search(before)
        comma = before.rfind(",")
        return comma < 0 or not self._is_ambiguous((self.span[0], self.span[0] + comma))

    def _is_ambiguous(self, span: Span) -> bool:
        """Tell whether a name behind a description may be that of somebody in it: `an aide to the judge, Ann Lee`."""
        look, page = self.look, self.look.page
        own = span[0] + len(look.text[slice(*span)]) - len(_OWNS.split(look.text[slice(*span)])[-1])
        if not (apart := _APART.search(look.text, own, span[1])):  # the board of directors' chief is the chief
            return False
        inside = (apart.end(), span[1])
        named = {word for inner, _ in look.names_in(inside) for word in range(*page.words_of(inner))}
        words = (page.words[word].text.lower() for word in range(*page.words_of(inside)) if word not in named)
        return any(map(self._is_person, words))

    def _is_person(self, noun: str) -> bool:
        return noun in self.lexicon.heads or noun.endswith(_PERSON_ENDINGS)

    def _is_named(self, inner: Span, key: str) -> bool:
        """Tell whether a name is that of the source, not of somebody in its description."""
        look, own = self.look, self.look.page.words_of(inner)
        if not look.page.parsed and inner[0] == self.span[0]:
            return look.text[inner[1] : self.span[1]][:1] in ("", ",")
        if look.page.parsed and (own[0] <= self.top < own[1] or look.leads_to(look.top(own), self.top, self.words)):
            return True
        return inner[1] == self.span[1] and self._ends_with(inner, key)

    def _ends_with(self, inner: Span, key: str) -> bool:
        """Tell whether a name stands at the end, behind titles or a comma, whatever the parse says.

        `Russian Foreign Minister Sergei Lavrov`; `One of them, Ann Lee`; `the vessel's owner, Orion Bulk Carriers`;
        `the state regulator, the Cocoa Council`; `The farm lobby Terre Vivante`.
        """
        before = self.look.text[self.span[0] : inner[0]]
        description, comma, titles = before.rpartition(",")
        if self.look.type_of(key) == "person":
            return (
                not (comma and _AND.search(description))
                and not _APART.search(titles)
                and not _POSSESSIVE.search(titles)
            )
        if self.look.type_of(key) == "place":
            return True
        if comma:
            partitive = description.lower().startswith("one of ")
            return titles.strip() in ("", "the") and not _APART.search(description[7 if partitive else 0 :])
        plain = before.lower() if self.phrase.isupper() else before
        return _DESCRIBED.fullmatch(plain) is not None and not _APART.search(plain)

    def _others(self, chosen: Sequence[tuple[Span, str]]) -> bool:
        """Tell whether somebody else is named beside the top word: `Lavrov and his Belarusian counterpart`."""
        page = self.look.page
        for word in range(*self.words):
            joined = word == self.top + 2 and page.words[word - 1].text.lower() == "and"
            if joined or (page.relations[word] == "conj" and page.heads[word] == self.top):
                return not any(inner[0] <= page.words[word].start < inner[1] for inner, _ in chosen)
        return False

    def _apposed(self) -> str | None:
        """Return whoever is named behind a description: `The harbor master, Hendrick Obuya, said`.

        Or in it: `A driver who gave his name as Obuya said`, `One of them, a guard named Obuya, said`.
        """
        look, page = self.look, self.look.page
        if not page.parsed:
            return None
        end, stop = page.words[self.top].end, page.words[page.sentence(self.top)[1] - 1].end
        for inner, key in look.names_in((end, stop)):
            between = look.text[end : inner[0]]
            if _QUOTED.search(between):
                return None
            name = page.head_of(page.words_of(inner))
            beside = look.leads_to(name, self.top, (self.top, len(page.words)))
            beside = beside or (look.text[inner[1] : inner[1] + 1] == "," and bool(_BETWEEN.fullmatch(between)))
            called = CALLED.search(between)
            if not (beside or (called and (called.start() == 1 or self._is_below_top(name)))):
                continue
            person = self._is_person(page.words[self.top].text.lower())
            if look.type_of(key) == "person" or (look.type_of(key) == "organization" and not person):
                comma = between.rfind(",")
                return None if comma > 0 and self._is_ambiguous((end, end + comma)) else key
        return None

    def _is_below_top(self, name: int) -> bool:
        """Tell whether a word hangs, over others, on the top word, and not on somebody beside it."""
        page, word = self.look.page, name
        for _ in range(_DEEP):
            other = page.tags[word] == "NOUN" and page.words[word].text.lower() != "name" and word != name
            if page.relation(word) in _BESIDE or (other and page.relation(word) != "appos"):
                return False  # `a driver who called a lawyer named Obuya`
            word = page.heads[word]
            if word == self.top:
                return True
        return False

    def _how(self, inner: Span, key: str) -> ResolvedBy:
        printed, entity = self.look.text[slice(*inner)], self.look.names.entities[key]
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
