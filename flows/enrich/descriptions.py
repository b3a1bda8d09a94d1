"""Descriptions: `the secretary of state`, `the bank`, `the Lebanese officer` -> the one entity that they fit."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from flows.enrich.lexicon import Lexicon
from flows.enrich.mentions import Found, Names
from flows.enrich.page import Page
from flows.enrich.reading import Range
from flows.enrich.titles import CALLED, is_person_noun, noun_phrase
from flows.gazetteer import Gazetteer
from schemas.dispatch import Span

_DEFINITE = frozenset(["the", "this", "that"])
_OWNED = frozenset(["its", "their", "his", "her"])  # its mayor: an office, no kin
_AHEAD = frozenset([*_DEFINITE, *_OWNED, "a", "an"])  # before one whom the lead describes and a later paragraph names
_AGED = re.compile(r"\d{1,3}-year-old\b")
_AGE = re.compile(r", (\d{1,3})[,.]")
_CALLED_WITHIN = 90  # characters before a name
_TAIL = 4  # words of the end of an organization's name
_TELLING = frozenset(["nmod", "acl", "flat", "appos", "compound"])
_SURE_LINK = 0.95  # a link this sure is believed without more
_LINK = 0.5  # and one this sure among several that fit
_CALLED_SO = 0.9
_BY_ROLE, _BY_BODY, _BY_AGE, _ONLY_ONE, _LATER = 0.85, 0.85, 0.85, 0.7, 0.75  # how sure an answer is, by what it goes
Link = tuple[str | None, float] | None


def described_words(page: Page, named: Iterable[tuple[Range, str]], names: Names, lexicon: Lexicon) -> dict[int, str]:
    """Return the words of titles and appositions that go with a name: word -> entity.

    `Kremlin *spokesman* Dmitry Peskov`, `Ann Lee, a *baker*`, `Sobyanin is the *mayor*`.
    """
    found: dict[int, str] = {}
    if not page.parsed:
        return found
    heads: dict[int, str] = {}
    for words, key in named:
        head = page.head_of(words)
        heads[head] = key
        if (called := _called(page, words)) is not None and names.entities[key].type == "person":
            found.setdefault(called, key)
        if (noun := _noun_before(page, words)) is not None and _may_be(
            page.words[noun].text, names.entities[key], lexicon
        ):
            found.setdefault(noun, key)
        elif page.relation(head) in ("appos", "flat") and page.tags[page.heads[head]] in ("NOUN", "PROPN"):
            found.setdefault(page.heads[head], key)
        elif (
            page.relation(head) == "nsubj"
            and page.tags[page.heads[head]] == "NOUN"
            and names.entities[key].type == "person"
        ):
            found.setdefault(page.heads[head], key)  # a predicate noun
    for word, head in enumerate(page.heads):
        if head in heads and word != head and page.tags[word] in ("NOUN", "PROPN"):
            title = (
                word < head
                and page.relation(word) in ("compound", "nmod", "flat")
                and page.relations[word] != "nmod:poss"
            )
            title = title and names.entities[heads[head]].type == "person"
            if page.relation(word) == "appos" or title:
                found.setdefault(word, heads[head])
    for word, key in list(found.items()):  # `the juror, a retired dentist named Ann Lee, ...`
        head = page.heads[word]
        beside = page.relation(word) == "appos" and page.tags[head] == "NOUN" and names.entities[key].type == "person"
        if beside and is_person_noun(page.words[head].text.lower(), lexicon):
            found.setdefault(head, key)
    return found


def _called(page: Page, words: Range) -> int | None:
    """Return the noun that a name names: `a teacher who gave his name only as Joseph`, `a guard named Obuya`."""
    end = page.words[words[0]].start
    match = CALLED.search(page.text, max(0, end - _CALLED_WITHIN), end)
    noun = page.words_of((match.start(), end))[0] - 1 if match else -1
    return noun if noun >= 0 and page.tags[noun] == "NOUN" else None


def _noun_before(page: Page, words: Range) -> int | None:
    """Return the noun that a name explains: `The agency, Norpress, said`, `told the agency Norpress`."""
    first = words[0]
    if (noun := page.noun_before_comma(words)) is not None:
        return noun
    definite = first >= 2 and page.tags[first - 1] == "NOUN" and page.words[first - 2].text.lower() == "the"
    return first - 1 if definite else None


def _may_be(noun: str, found: Found, lexicon: Lexicon) -> bool:
    """Tell whether a noun describes what an entity is: an agency, a deputy; not the city in which somebody speaks."""
    if found.type == "person":
        return is_person_noun(noun.lower(), lexicon)
    return found.type == "organization" and noun.lower() in lexicon.generic


class Descriptions:
    """Who may be described by which noun, of those that the text has named so far."""

    def __init__(
        self, page: Page, names: Names, gazetteer: Gazetteer, lexicon: Lexicon, described: dict[int, str]
    ) -> None:
        self.page = page
        self.names = names
        self.gazetteer = gazetteer
        self.lexicon = lexicon
        self._introduced: set[str] = set()
        self._last: dict[str, None] = {}  # those named, whoever was named last behind the others
        self._by_role: dict[str, set[str]] = defaultdict(set)  # noun -> people
        self._by_word: dict[str, set[str]] = defaultdict(set)  # word of a name -> organizations
        self._companies: set[str] = set()  # organizations that are no court, university, party ...
        self._bodies = frozenset(word for words in lexicon.generic.values() for word in words) | lexicon.public_bodies
        self._public = {noun for noun, words in lexicon.generic.items() if words} | lexicon.public_nouns
        self._by_tail: dict[str, set[str]] = defaultdict(set)  # end of a name -> organizations: sheriff's office
        self._own_nouns: dict[str, set[str]] = defaultdict(set)  # entity -> nouns that described it in the text
        for word, key in described.items():
            noun = page.words[word].text.lower()
            self._own_nouns[key].add(lexicon.abbreviations.get(noun, noun))  # Gen. Rivas is the general
        self._in_all: dict[str, set[str]] = defaultdict(set)  # noun -> people, named so far or later
        self._aged: dict[str, set[str]] = defaultdict(set)  # age -> people
        for key, found in names.entities.items():
            if found.type == "person":
                for noun in self._nouns(key):
                    self._in_all[noun].add(key)
                for (_, end), _, _ in found.mentions:
                    if match := _AGE.match(page.text, end):
                        self._aged[match[1]].add(key)

    def introduce(self, key: str) -> None:
        """Note that an entity has been named."""
        self._last.pop(key, None)
        self._last[key] = None
        if key in self._introduced:
            return
        self._introduced.add(key)
        found = self.names.entities[key]
        if found.type == "person":
            for noun in self._nouns(key):
                self._by_role[noun].add(key)
        elif found.type == "organization":
            if self._bodies.isdisjoint(found.name.split()) and self._public.isdisjoint(self._own_nouns.get(key, ())):
                self._companies.add(key)
            for word in found.name.split():
                self._by_word[word].add(key)
            for noun in self._own_nouns.get(key, ()):
                self._by_word[noun].add(key)
            for tail in _tails(found.name):
                self._by_tail[tail].add(key)
            for noun in self._nouns_of_kind(key):
                self._by_word[noun].add(key)

    def _nouns_of_kind(self, key: str) -> Iterator[str]:
        """Yield the nouns that stand for one kind of organization only, that of an entry of the gazetteer."""
        entry = self.gazetteer.entries.get(key)
        if entry is None:
            return
        for noun, kinds in self.lexicon.kinds.items():
            if kinds == {entry.kind} and entry.kind != "company" and (entry.kind != "media" or noun in entry.evidence):
                yield noun

    def _is_followed(self, key: str, noun: str) -> bool:
        """Tell whether an organization of which nothing is known was named since one that a noun fits by its kind only.

        `Fidesz lost to Vidravia. The party said ...`: Vidravia may be one, too.
        """
        if noun not in self._nouns_of_kind(key) or noun in self._own_nouns.get(key, ()):
            return False
        named = list(self._last)
        since = named[named.index(key) + 1 :] if key in self._last else []
        told = self.lexicon.generic.keys()
        return any(
            other in self._companies and other not in self.gazetteer.entries and told.isdisjoint(self._own_nouns[other])
            for other in since
        )  # fmt: skip

    def _may_be_called(self, key: str, noun: str) -> bool:
        """Tell whether the gazetteer's kind of an organization, if it has one, fits a noun."""
        entry = self.gazetteer.entries.get(key)
        return entry is None or entry.kind is None or entry.kind in self.lexicon.kinds.get(noun, (entry.kind,))

    def _nouns(self, key: str) -> set[str]:
        """Return the nouns that describe a person in the dispatch, and the head of the role."""
        own = {noun for noun in self._own_nouns.get(key, ()) if is_person_noun(noun, self.lexicon)}
        return own | _role_noun(self.names.entities[key])

    def ahead(self, noun: int, *, headline: bool) -> tuple[Span, str, float] | None:
        """Return the person whom a headline or a lead describes, and whom a later paragraph names.

        `Judge Stops Demolition / A judge ruled on Monday ... / Judge Ann Lee said ...`: the one judge of the dispatch.
        """
        page = self.page
        if not page.parsed or page.words[noun].text.lower() in self.lexicon.kin:
            return None
        words = noun_phrase(page, noun)
        first = page.words[words[0]].text.lower()
        if first not in _AHEAD and not headline:
            return None
        keys = self._few(self._in_all.get(page.words[noun].text.lower()))
        end = self._end(noun)
        if len(keys) != 1 or not self._is_complete(noun, end):
            return None
        key = next(iter(keys))
        modifiers = [page.words[at].text for at in range(words[0] + (first in _AHEAD), noun)]
        if not self._agree(modifiers, self.names.entities[key]):
            return None
        return (page.words[words[0]].start, page.words[end - 1].end), key, _LATER

    def aged(self, word: int) -> tuple[Span, str, float] | None:
        """Return the one person of an age: `the 29-year-old said`, where `Ann Lee, 29,` was named."""
        page = self.page
        start = page.words[word].start
        if not (match := _AGED.match(page.text, start)) or word == 0 or page.words[word - 1].text.lower() != "the":
            return None
        after = page.words_of(match.span())[1]
        if after < len(page.words) and page.tags[after] in ("NOUN", "ADJ", "PROPN"):
            return None  # `the 29-year-old baker`
        keys = self._few(self._aged.get(page.words[word].text))
        if len(keys) != 1 or not keys <= self._introduced:
            return None
        return (page.words[word - 1].start, match.end()), next(iter(keys)), _BY_AGE

    def entity(self, noun: int, link: Link) -> tuple[Span, str, float] | None:
        """Return the entity that the description headed by a noun stands for, its span, and how sure that is."""
        page = self.page
        if not page.parsed:
            return None
        if by_name := self._by_end_of_name(noun):
            return by_name
        words = noun_phrase(page, noun)
        first = page.words[words[0]].text.lower()
        lower = page.words[noun].text.lower()
        inside = self._organization_in(words, noun)
        if inside and self._is_called(inside[0], noun):
            return (page.words[words[0]].start, page.words[noun].end), inside[1], _CALLED_SO
        owned = first in _OWNED and lower not in self.lexicon.kin and lower in self._by_role
        if (first not in _DEFINITE and not owned) or words[1] - words[0] < 2:
            return None
        end = self._end(noun)
        answer = self._fitting(words, noun, lower, link, complete=self._is_complete(noun, end))
        if answer is None:
            return None
        key, confidence = answer
        if inside and key != inside[1] and self.names.entities[key].type != "person":
            return None  # `the Reuters news agency` is not the other agency of the dispatch
        return (page.words[words[0]].start, page.words[end - 1].end), key, confidence

    def _organization_in(self, words: Range, noun: int) -> tuple[Span, str] | None:
        """Return the last organization that is named within a description, before its noun; not as a possessor."""
        page = self.page
        inside = self.names.at(page.words[words[0]].start, page.words[noun].start)
        named = [(span, key) for span, key in inside if self.names.entities[key].type == "organization"]
        if not named or page.text[named[-1][0][1] : named[-1][0][1] + 1] in ("'", "’"):
            return None
        return named[-1]

    def _is_called(self, name: Span, noun: int) -> bool:
        """Tell whether the words from a name to a noun say what the name is: `the Interfax | news agency |`."""
        said = " ".join(self.page.text[name[1] : self.page.words[noun].end].split())
        return said in self.lexicon.behind_names and self._is_complete(noun, noun + 1)

    def _by_end_of_name(self, noun: int) -> tuple[Span, str, float] | None:
        """Return the organization whose name ends with a description: `the sheriff's office`, `the central bank`."""
        page = self.page
        for first in range(noun, max(0, noun - _TAIL), -1):
            if page.words[first - 1].text.lower() == "the":
                span = page.words[first].start, page.words[noun].end
                printed = page.text[slice(*span)].lower()
                keys = self._few(self._by_tail.get(printed))
                if (
                    len(keys) == 1
                    and self._is_complete(noun, noun + 1)
                    and self.lexicon.generic.get(printed) != frozenset()
                ):
                    return (page.words[first - 1].start, span[1]), next(iter(keys)), _BY_BODY
                return None
        return None

    def _end(self, noun: int) -> int:
        """Return the word behind a description: behind `state` in `the secretary of state`."""
        page = self.page
        for size in (4, 3):
            if noun + size <= len(page.words):
                printed = page.text[page.words[noun].start : page.words[noun + size - 1].end].lower()
                if printed in self.lexicon.titles:
                    return noun + size
        return noun + 1

    def _is_complete(self, noun: int, end: int) -> bool:
        """Tell whether nothing follows that tells which one is meant: `the governor of Kano`, `the man who ran`."""
        page = self.page
        stop = page.sentence(noun)[1]
        behind = page.words[end].text.lower() if end < stop else "."
        if end < stop and page.tags[end] in ("NOUN", "PROPN") and page.heads[noun] >= end:
            return False  # `the union man`
        return behind not in ("of", "to", "for", "who", "whose", "that", "-") and not (
            end < stop
            and page.heads[end] == noun
            and page.relation(end) in ("nmod", "acl", "flat", "appos", "compound")
        )

    def _fitting(self, words: Range, noun: int, lower: str, link: Link, *, complete: bool) -> tuple[str, float] | None:
        modifiers = [self.page.words[at].text for at in range(words[0] + 1, noun)]
        linked, sure = link or (None, 0.0)
        told = {other for other in self._own_nouns.get(linked or "", ()) if other in self.lexicon.generic}
        if told and lower in self.lexicon.generic and lower not in told:
            linked, sure = None, 0.0  # `the newspaper Nepszava` is not the party
        fitting = self._by_role.get(lower) or set().union(
            *(self._by_role.get(noun, ()) for noun in self.lexicon.also.get(lower, ()))
        )
        people = {key for key in self._few(fitting) if self._agree(modifiers, self.names.entities[key])}
        if people and complete:
            # no captain is an organization, and a justice is no general where somebody else is one
            other = (
                linked is not None
                and linked not in people
                and (self.names.entities[linked].type != "person" or bool(self._nouns(linked)))
            )
            return self._choose(people, None if other else linked, sure, _BY_ROLE)
        if complete and lower in self.lexicon.generic and all(self._is_plain(word) for word in modifiers):
            wanted = self.lexicon.generic[lower]
            bodies = {key for word in (*wanted, lower) for key in self._few(self._by_word.get(word))}
            if len(bodies) == 1 and linked not in bodies and self._is_followed(next(iter(bodies)), lower):
                return None
            if bodies:
                return self._choose(bodies, linked, sure, _BY_BODY)
            if not wanted and not any(word[0].isupper() for word in modifiers):
                any_ = {key for key in self._companies if self._may_be_called(key, lower)}
                others = linked and linked not in any_ and sure >= _LINK
                return None if others else self._choose(any_, linked, sure, _ONLY_ONE)
        if complete and linked and sure >= _SURE_LINK and self._is_of_kind(lower, self.names.entities[linked]):
            return linked, 0.9 * sure
        return None

    def _few(self, keys: set[str] | None) -> set[str]:
        return keys if keys and len(keys) <= 20 else set()

    def _choose(self, keys: set[str], linked: str | None, sure: float, confidence: float) -> tuple[str, float] | None:
        if linked in keys and linked and sure >= _LINK:
            return linked, max(confidence, sure)
        if len(keys) == 1 and not (linked and sure >= _SURE_LINK):
            return next(iter(keys)), confidence
        return None

    def _agree(self, modifiers: list[str], found: Found) -> bool:
        """Tell whether the words before the noun fit a person: parts of the role, or of the country.

        A prime minister is never called `the minister`, nor a vice president `the president`.
        """
        role = (found.role or "").lower().split()
        own = {word.lower() for word in modifiers}
        if any(word in self.lexicon.telling and word not in own for word in role):
            return False
        return all(word.lower() in role or self._is_of_country(word, found) for word in modifiers)

    def _is_of_country(self, word: str, found: Found) -> bool:
        forms = self.gazetteer.known.forms_of(word)
        countries = {self.gazetteer.country_name(self.gazetteer.entries[form.entry_id].country) for form in forms}
        return bool(found.country) and found.country in countries

    def _is_plain(self, word: str) -> bool:
        """A word that tells nothing apart: `the central bank`, `the Chinese group`."""
        return word[0].isupper() or word.lower() in ("central", "state", "rights", "aid", "-", "news")

    def _is_of_kind(self, noun: str, found: Found) -> bool:
        """Tell whether a link from a noun is believed: of people there are too many, and the noun says too little."""
        if noun in self.lexicon.generic:
            return found.type == "organization"
        return found.type == "place" and noun in self.lexicon.places


def _role_noun(found: Found) -> set[str]:
    """Return the noun that heads a role: minister, secretary."""
    words = (found.role or "").lower().partition(" of ")[0].split()
    return {words[-1]} if words else set()


def _tails(name: str) -> set[str]:
    """Return the ends of an organization's name, in lower case, and of what stands before `of` or `for` in it."""
    head = re.split(r" (?:of|for) ", name)[0]
    ends: set[str] = set()
    for words in (name.lower().split(), head.lower().split()):
        ends.update(" ".join(words[at:]) for at in range(max(0, len(words) - _TAIL), len(words)))
    return ends - {name.lower()} if head == name else ends
