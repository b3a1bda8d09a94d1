"""Titles: office and country of a person, by the words before the name and the apposition behind it.

`Russian Foreign Minister Sergei Lavrov`, `Moscow Mayor Sergei Sobyanin`, `the bakery owner Maria Lopez`;
`Wissam Abi Rached, the Lebanese officer who ...`, `Ann Lee, 58, a baker`, `Ann Lee, a spokeswoman for the ministry`.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

from flows.enrich.lexicon import Gender, Lexicon
from flows.enrich.mentions import Found, Names
from flows.enrich.page import Page
from flows.enrich.reading import Range
from flows.gazetteer import Gazetteer
from schemas.dispatch import Span

_LONGEST = 5  # words of a title: under secretary of state for
_LOOKED_AT = 12  # mentions of a person at which a title is sought
_REACH = 12  # words of an apposition
_POSSESSIVE = re.compile(r"['’]s?\s*$")
_TIES = frozenset(["appos", "compound", "flat", "nmod", "nsubj"])
_LONGEST_ACRONYM = 4  # letters
_DETERMINERS = frozenset(["a", "an", "the", "its", "his", "her", "their", "this", "that", "one"])
_CLOSING = frozenset([",", ".", "”", '"', "—", "--"])
_NOMINAL = frozenset(["DET", "ADJ", "NOUN", "PROPN", "NUM", "PART", "PRON", "PUNCT"])


@dataclass(frozen=True, slots=True)
class Office:
    """What is said about a person beside the name: the office, and whose it is (an entity id)."""

    role: str | None
    owner: str | None
    gender: Gender | None = None


class Titles:
    """Reads offices off a page."""

    def __init__(self, page: Page, names: Names, gazetteer: Gazetteer, lexicon: Lexicon) -> None:
        self.page = page
        self.names = names
        self.gazetteer = gazetteer
        self.lexicon = lexicon
        self._starts = [span[0] for span, _ in names.spans]
        self._ends = [span[1] for span, _ in names.spans]  # names do not overlap: in order as well

    def describe(self, entity: Found) -> None:
        """Give a person the role, country and gender that the dispatch tells; the first telling place counts."""
        role: str | None = None
        country: str | None = None
        for span, kind, _ in entity.mentions[:_LOOKED_AT]:
            if kind not in ("name", "alias"):
                continue
            for office in (self.before(span), self.behind(span)):
                entity.gender = entity.gender or office.gender
                role = role or office.role
                if office.owner and not country:
                    country = self._country(office.owner)
            if role and country:
                break
        entity.role = role or entity.role
        entity.country = entity.country or country

    # --- before the name ---

    def before(self, span: Span) -> Office:
        """Return what the words directly before a name say: `British Defense Secretary`, `Mrs.`."""
        page = self.page
        first = page.words_of(span)[0]
        begin, gender = first, None
        end: int | None = None
        while begin > 0:
            if (size := self._title_before(begin, end is not None)) == 0:
                break
            word = page.words[begin - 1].text
            if size == 1 and word in self.lexicon.courtesy:
                gender = gender or self.lexicon.courtesy[word]
            elif end is None:
                end = begin
            begin -= size
        if end is None:
            return self._shared(span, gender) or self._front(span, first, gender)
        while begin < end and page.words[begin].text in self.lexicon.courtesy:
            begin += 1
        text = page.text[page.words[begin].start : page.words[end - 1].end]
        owner = self._owner_before(page.words[begin].start)
        return Office(self._role(text), owner, gender or self._gender(text))

    def _shared(self, span: Span, gender: Gender | None) -> Office | None:
        """Return the office that a name shares with one before it: `Justices Elena Prado and | Victor Nunez |`."""
        page = self.page
        head = page.head_of(page.words_of(span))
        if not page.parsed or page.relation(head) != "conj":
            return None
        start = page.words[page.heads[head]].start
        at = bisect_left(self._ends, start + 1)
        if at >= len(self._starts) or not self._starts[at] <= start < span[0]:
            return None
        first = self.names.spans[at]
        if self.names.entities[first[1]].type != "person":
            return None
        before = page.words_of(first[0])[0] - 1
        if before < 0 or self._singular(page.words[before].text) is None:
            return None
        office = self.before(first[0])
        return Office(office.role, office.owner, gender or office.gender) if office.role else None

    def _singular(self, printed: str) -> str | None:
        """Return a title in the plural as one: `Justices` -> `Justice`, `Sens.` -> `Sen.`."""
        point = "." if printed.endswith(".") else ""
        bare = printed.removesuffix(".")
        one = (f"{bare[:-3]}y" if bare.endswith("ies") else bare[:-1]) + point
        if not bare.endswith("s") or printed.lower() in self.lexicon.titles:
            return None
        return one if one.lower() in self.lexicon.titles or one.lower() in self.lexicon.nouns else None

    def _title_before(self, word: int, more: bool) -> int:
        """Return how many words directly before a word are a title (or, before a title, what goes with one)."""
        page = self.page
        if page.words[word - 1].text in self.lexicon.courtesy:
            return 1
        if self._is_named(word - 1) or page.reading.paragraph_of[word - 1] != page.reading.paragraph_of[word]:
            return 0
        stop = page.words[word - 1].end
        if not page.text[stop : page.words[word].start].isspace():
            hyphen = page.text[stop : page.words[word].start]
            if hyphen or page.words[word - 1].text == "-":
                return 0
        for size in range(min(_LONGEST, word), 0, -1):
            start = page.words[word - size].start
            printed = page.text[start:stop]
            if len(printed) < 50 and " ".join(printed.lower().split()) in self.lexicon.titles:
                return size
            if (
                len(printed) < 50
                and (one := self._singular(printed))
                and " ".join(one.lower().split()) in self.lexicon.titles
            ):
                return size
        last = page.words[word - 1].text
        if last.lower() in self.lexicon.modifiers and (more or self._is_common(word - 1)):
            return 1 if more else 0
        if self._is_office(word - 1, word) or (more and self._belongs(word - 1, word)):
            return 1
        return 0

    def _is_common(self, word: int) -> bool:
        return self.page.tags[word] in ("NOUN", "ADJ")

    def _is_office(self, word: int, name: int) -> bool:
        """A common noun tied to the name behind it is an office or a trade, unless it is kin: `the baker Ann Lee`."""
        page = self.page
        printed = page.words[word].text
        lower = printed.lower()
        if not page.parsed or page.tags[word] != "NOUN" or not printed.isalpha():
            return False
        if lower in self.lexicon.kin or lower in self.lexicon.generic:
            return False
        if lower.endswith("s") and not lower.endswith("ss") and self._singular(printed) is None:
            return False  # `Court orders Rivas jailed`
        tied = page.heads[word] in range(name, name + 4) and page.relation(word) in _TIES
        return tied or (page.relation(name) in ("appos", "flat") and page.heads[name] == word)

    def _belongs(self, word: int, title: int) -> bool:
        """A noun before an office is a part of it: `state television presenter`, `Human Rights Commissioner`."""
        page = self.page
        if (
            not page.parsed
            or page.relations[word] not in ("compound", "amod")
            or page.tags[word] not in ("NOUN", "PROPN")
        ):
            return False
        return title <= page.heads[word] <= title + 4

    def _front(self, span: Span, first: int, gender: Gender | None) -> Office:
        """`The Lebanese officer, Wissam Abi Rached, said`: the name is the apposition."""
        page = self.page
        words = page.words_of(span)
        head = page.head_of(words)
        noun = page.heads[head] if page.parsed and page.relation(head) == "appos" else head
        if noun >= first and first > 1 and page.words[first - 1].text == ",":  # between commas, by its surface
            closes = words[1] < len(page.words) and page.words[words[1]].text in _CLOSING
            noun = first - 2 if closes and page.words[first - 2].text.lower() in self.lexicon.nouns else noun
        if noun >= first or first - noun > _REACH or page.tags[noun] not in ("NOUN", "PROPN", ""):
            return Office(None, None, gender)
        office = self._phrase(noun)
        return Office(office.role, office.owner, gender or office.gender)

    # --- behind the name ---

    def behind(self, span: Span) -> Office:
        """Return what an apposition behind a name says: `, 58, a baker`, `, a spokeswoman for the ministry`."""
        page = self.page
        last = page.words_of(span)[1]
        if last >= len(page.words) or page.words[last].text != ",":
            return self._of_place(last)
        last += 1
        if last + 1 < len(page.words) and page.words[last].text.isdigit() and page.words[last + 1].text == ",":
            last += 2  # an age
        stop = min(page.sentence(last - 1)[1], last + _REACH)
        if last >= stop:
            return Office(None, None)
        named = set(range(*page.words_of(span)))
        if page.parsed:
            for at in range(last, stop):
                if page.relation(at) == "appos" and page.heads[at] in named and page.tags[at] in ("NOUN", "PROPN"):
                    return Office(None, None) if self._is_named(at) else self._phrase(at)
        start = last + 1 if page.words[last].text.lower() in _DETERMINERS else last
        for at in range(start, min(stop, start + 5)):
            word = page.words[at]
            if not word.text[0].isalpha() and word.text != "-":
                break
            if (end := self._title_at(at, stop)) and (at > last or start > last or word.text[0].islower()):
                return self._phrase(end - 1, begin=at)
        return Office(None, None)

    def _title_at(self, word: int, stop: int) -> int | None:
        """Return the word behind a title that begins at a word."""
        page = self.page
        for size in range(min(_LONGEST, stop - word), 0, -1):
            printed = page.text[page.words[word].start : page.words[word + size - 1].end]
            if " ".join(printed.lower().split()) in self.lexicon.titles or (
                size == 1 and printed in self.lexicon.nouns
            ):
                return word + size
        return None

    def _of_place(self, behind: int) -> Office:
        """`Senator Richard Blumenthal of Connecticut`: the place tells the country."""
        page = self.page
        if behind + 1 < len(page.words) and page.words[behind].text == "of":
            return Office(None, self._named_at(behind + 1, {"place"}))
        return Office(None, None)

    # --- a description ---

    def _phrase(self, noun: int, begin: int | None = None) -> Office:
        """Return the office that a noun heads, and whose it is: `the Lebanese officer`, `mayor of Kyiv`."""
        page = self.page
        if page.words[noun].text.lower() in self.lexicon.kin:
            return Office(None, None, self._gender(page.words[noun].text))
        if not self._is_person_noun(noun):
            return Office(None, None)
        first = noun if begin is None else begin
        while first > 0 and not self._is_named(first - 1) and self._goes_with(first - 1, noun):
            first -= 1
        end = self._title_at(noun, min(len(page.words), noun + _LONGEST)) or noun + 1
        role = page.text[page.words[first].start : page.words[end - 1].end]
        return Office(self._role(role), self._owner(first, end), self._gender(role))

    def _goes_with(self, word: int, noun: int) -> bool:
        page = self.page
        if page.words[word].text.lower() in self.lexicon.modifiers or page.words[word].text == "-":
            return True
        inner = word < page.heads[word] < noun and page.relations[word] in ("compound", "amod")  # human rights chief
        return (page.parsed and (inner or (page.heads[word] == noun and page.relations[word] == "compound"))) or (
            " ".join(page.text[page.words[word].start : page.words[noun].end].lower().split()) in self.lexicon.titles
        )  # fmt: skip

    def _is_person_noun(self, noun: int) -> bool:
        return is_person_noun(self.page.words[noun].text.lower(), self.lexicon)

    def _owner(self, first: int, end: int) -> str | None:
        """Whose office it is: the people or place before it, or behind `of`, `for`, `at`, `from`."""
        page = self.page
        for at in range(first - 1, max(-1, first - 4), -1):
            if key := self._named_at(at, {"group", "place", "organization"}):
                return key
            if page.tags[at] not in ("ADJ", "NOUN", "PART", "ADV", "") or page.words[at].text in (",", "."):
                break
        if end < len(page.words) and page.words[end].text.lower() in ("of", "for", "at", "from", "in", "to"):
            for at in range(end + 1, min(len(page.words), end + 4)):
                if key := self._named_at(at, {"group", "place", "organization"}):
                    return key
        return None

    def _owner_before(self, offset: int) -> str | None:
        """Return the name directly before a title: `Russian Foreign Minister`, `Germany's former chancellor`."""
        at = bisect_left(self._starts, offset) - 1
        if at < 0:
            return None
        gap = self.page.text[self._ends[at] : offset] if offset - self._ends[at] < 24 else "far"
        gap = _POSSESSIVE.sub("", gap.rstrip()).strip()
        return self.names.spans[at][1] if not gap or gap in self.lexicon.modifiers else None

    # --- look-ups ---

    def _is_named(self, word: int) -> bool:
        return self._named_at(word, None) is not None

    def _named_at(self, word: int, types: set[str] | None) -> str | None:
        """Return the entity whose name stands at a word, if it is of these types."""
        start = self.page.words[word].start
        at = bisect_left(self._ends, start + 1)
        if at < len(self._starts) and self._starts[at] <= start:
            key = self.names.spans[at][1]
            return key if types is None or self.names.entities[key].type in types else None
        return None

    def _country(self, key: str) -> str | None:
        entry = self.gazetteer.entries.get(key) or self.gazetteer.entries.get(key.replace("group:", "place:", 1))
        return self.gazetteer.country_name(entry.country) if entry else self.names.entities[key].country

    def _gender(self, title: str) -> Gender | None:
        words = title.lower().split()
        return self.lexicon.gender_of(words[-1]) if words else None

    def _role(self, printed: str) -> str:
        """Return the office as printed, spelled out: `Sen.` -> `senator`, `A SPOKESMAN` -> `spokesman`."""
        words = printed.split()
        plain = " ".join(words[1:] if len(words) > 1 and words[0].lower() in _DETERMINERS else words)
        if one := self._singular(plain.rpartition(" ")[2]):
            plain = plain[: len(plain) - len(plain.rpartition(" ")[2])] + one
        if plain.isupper() and len(plain) > _LONGEST_ACRONYM:  # but CEO
            plain = plain.lower()
        known = self.lexicon.abbreviations
        rest, _, last = plain.rpartition(" ")
        if last.lower() in known and plain.lower() not in known and rest and not rest.endswith("."):
            plain = rest  # `former army commander Gen. Paulo Rivas`
        return known.get(plain.lower(), plain)


# What stands between a noun and the name of whom it describes: a guard [named] Obuya
CALLED = re.compile(
    r"\b(?:(?:nick)?named|called|identified(?: only)? as"
    r"|who (?:gave|identified|introduced|would give|asked|wanted)\b[^.;“”\"]{0,50}?(?: as| name,)(?: only| just)?) $"
)
_PERSON_ENDINGS = ("ist", "man", "woman", "person", "er", "or", "ian", "ant", "ee")


def is_person_noun(noun: str, lexicon: Lexicon) -> bool:
    """Tell whether a noun in lower case names a person."""
    return noun in lexicon.nouns or noun.endswith(_PERSON_ENDINGS)


def noun_phrase(page: Page, noun: int) -> Range:
    """Return the words of a description up to its head: determiner, adjectives and nouns before it."""
    first = noun
    begin = page.sentence(noun)[0]
    while first > begin:
        before = first - 1
        tied = page.heads[before] == noun or (page.heads[before] > before and page.heads[before] <= noun)
        if not (
            page.parsed
            and tied
            and page.tags[before] in ("DET", "ADJ", "NOUN", "PROPN", "NUM", "PART", "PRON", "PUNCT")
        ):
            break
        if page.words[before].text in (",", "“", '"', "(", ";", ":", "—", "--", "”"):
            break
        first = before
        if page.tags[before] == "DET" or page.words[before].text.lower() in _DETERMINERS:
            break
    return first, noun + 1
