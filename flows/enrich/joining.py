"""Joining: names in the text -> entities. One entity has one id, whatever it is called in the dispatch.

The gazetteer's entries come first, then long names before short ones: `Blinken` is the one Blinken of the dispatch,
`Haneul` is Haneul Neuro, `OSCE` the organization with these initials. Two that fit equally well are none.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from flows.enrich.acronyms import bound_in_parentheses, initials, is_acronym, letters
from flows.enrich.doubtful import vouch
from flows.enrich.lexicon import Gender, Lexicon
from flows.enrich.mentions import Found, Names, Spotted
from flows.enrich.page import Page
from flows.enrich.settling import LEGAL_FORM, settle_types
from flows.gazetteer import Gazetteer
from flows.gazetteer.fold import fold, plain
from schemas.dispatch import EntityType, MentionKind
from schemas.gazetteer import Entry

_PARTICLES = frozenset(
    ["al", "bin", "bint", "de", "del", "della", "der", "den", "di", "dos", "da", "du", "el", "ibn", "la", "le", "van",
     "von", "ter", "ten", "zu", "abu", "abi", "ben", "al-", "el-", "dela", "das", "do", "st.", "san", "mac"]
)  # fmt: skip
_SUFFIXES = frozenset(["jr", "jr.", "sr", "sr.", "ii", "iii", "iv"])
_AGAIN = (
    2  # whoever is told in full so often is not the one of two who is called by surname, if the other one was before
)
_LONGEST_NAME = 7  # words of a name that are looked at
_TOKEN = re.compile(r"[^\s]+")


class Joiner:
    """The entities of one dispatch while its names are joined to them."""

    def __init__(self, page: Page, gazetteer: Gazetteer, lexicon: Lexicon, least: float, body: int = 0) -> None:
        """Make it ready for a page; `body` is the first word behind the headline."""
        self.page = page
        self._body = body
        self.gazetteer = gazetteer
        self.lexicon = lexicon
        self.least = least
        self.names = Names({}, [])
        self._called: set[str] = set()  # entity ids of those who have been called by surname
        self._told_in_full = Counter[str]()  # entity id -> how often the body has the whole name
        self._printed: dict[str, Counter[str]] = defaultdict(Counter)  # entity id -> its names as printed

    def join(self, spotted: Sequence[Spotted]) -> Names:
        """Return the entities that these names make."""
        text = self.page.text
        vouch(self.page, spotted, self.lexicon, self.least)
        spotted = [name for name in spotted if name.confidence >= self.least or name.forms]
        settle_types(self.page, spotted, self.lexicon)
        acronyms = bound_in_parentheses(text, spotted)
        self._correct_entries(spotted, acronyms)
        owners: dict[int, str | None] = {}
        for at, name in enumerate(spotted):
            if at not in acronyms and name.entry_id:
                owners[at] = entry = self._entry(name)
                if name.type == "person":
                    self._printed[entry][self._printed_name(name)] += 1
        self._people(spotted, owners)
        self._others(spotted, owners, acronyms)
        self._short_forms(spotted, owners, acronyms)
        for at, name in enumerate(spotted):
            if (owner := owners.get(at)) and name.confidence >= self.least:
                found = self.names.entities[owner]
                printed = text[slice(*name.span)]
                kind: MentionKind = "alias" if is_acronym(printed) and found.name != printed else name.kind
                found.mentions.append((name.span, kind, name.confidence))
                self.names.spans.append((name.span, owner))
        self._name_entities()
        return self.names

    def _correct_entries(self, spotted: Sequence[Spotted], acronyms: dict[int, int]) -> None:
        """Believe the letters in parentheses against a name that others bear in other countries.

        `the Labour Party (PvdA)` is not Britain's.
        """
        for at, long_form in acronyms.items():
            printed, name = self._printed_name(spotted[at]), self._printed_name(spotted[long_form])
            entry = self.gazetteer.entries.get(spotted[long_form].entry_id or "")
            forms = {form.entry_id for form in self.gazetteer.known.forms_of(printed)}
            if entry is None or entry.country is None or entry.id in forms or letters(printed) in initials(name):
                continue
            for other in spotted:
                if other.entry_id == entry.id and self._printed_name(other) == name:
                    other.entry_id = spotted[at].entry_id

    def _short_forms(self, spotted: Sequence[Spotted], owners: dict[int, str | None], acronyms: dict[int, int]) -> None:
        """Give acronyms to the organization that the dispatch binds them to, wherever they stand."""
        bound: dict[str, str | None] = {}
        for at, long_form in acronyms.items():
            owners[at] = bound[self._printed_name(spotted[at])] = owners.get(long_form)
        for at, name in enumerate(spotted) if bound else ():
            if (printed := self._printed_name(name)) in bound:
                owners[at] = bound[printed]

    # --- the gazetteer's ---

    def _entry(self, name: Spotted) -> str:
        entry = self.gazetteer.entries[name.entry_id or ""]
        key = entry.id
        if name.derived:
            key = f"group:{entry.id.partition(':')[2]}"
        if key not in self.names.entities:
            self.names.entities[key] = self._of_entry(key, entry, name)
        return key

    def _of_entry(self, key: str, entry: Entry, name: Spotted) -> Found:
        canonical = self.gazetteer.name(entry.id)
        if name.derived:
            printed = self.page.text[slice(*name.span)]
            plural = next((people for people in entry.people if people.endswith(("s", "men"))), None)
            canonical = plural or next(iter(entry.people), None) or printed
        return Found(key, canonical, "group" if name.derived else entry.type, role=entry.role,
                     country=self.gazetteer.country_name(entry.country), gender=entry.gender)  # fmt: skip

    # --- people ---

    def _people(self, spotted: Sequence[Spotted], owners: dict[int, str | None]) -> None:
        """Full names first; then surnames and given names to the one person who bears them."""
        full: dict[str, str] = {}  # folded full name without initials -> entity id
        for key, found in self.names.entities.items():
            if found.type == "person":
                full.setdefault(_plain_name(found.name), key)
        short: list[int] = []
        people = [at for at, name in enumerate(spotted) if name.type == "person" and at not in owners]
        ends: set[str] = set()  # `Abi Rached` is the end of `Wissam Abi Rached`
        for at in sorted(people, key=lambda at: -len(_parts(self._printed_name(spotted[at])))):
            name = spotted[at]
            printed = self._printed_name(name)
            words = [fold(word) for word in _parts(printed)]
            if len(words) < 2 or name.forms or " ".join(words) in ends:
                short.append(at)
                continue
            ends.update(" ".join(words[first:]) for first in range(1, len(words) - 1))
            own = full.get(_plain_name(printed)) or self._born(name, words[0], full) or self._new("person", printed)
            full[_plain_name(printed)] = owners[at] = own
            self._printed[own][printed] += 1
        for at in people:
            if (owner := owners.get(at)) and spotted[at].words[0] >= self._body:
                self._told_in_full[owner] += 1
        bearers, given = self._bearers()
        first_at = self._first_places(spotted, owners)
        for at in sorted(short):
            owners[at] = owner = self._bearer(spotted[at], bearers, given, first_at)
            if owner and fold(_without_suffix(self._printed_name(spotted[at]))) in bearers:
                self._called.add(owner)
            if self._is_introduced(spotted[at], bearers):
                given[fold(self._printed_name(spotted[at]))] = []  # from here on another one is called so
            if owners[at] is None and not self._is_shared(spotted[at], bearers, given):
                owners[at] = self._lone(spotted[at])

    def _born(self, name: Spotted, given: str, full: dict[str, str]) -> str | None:
        """Return whose birth name a name is: `Ruth Kellerman ... Born | Ruth Applebaum | in Ohio, she ...`."""
        first = name.words[0]
        if first == 0 or self.page.words[first - 1].text.lower() != "born":
            return None
        return _only(key for other, key in full.items() if other.split()[0] == given)

    def _printed_name(self, name: Spotted) -> str:
        return re.sub(r"\s+", " ", self.page.text[slice(*name.span)])

    def _first_places(self, spotted: Sequence[Spotted], owners: dict[int, str | None]) -> dict[str, int]:
        places: dict[str, int] = {}
        for at, name in enumerate(spotted):
            if key := owners.get(at):
                places.setdefault(key, name.span[0])
        return places

    def _bearers(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Return who is called by which surname, and by which given name (folded)."""
        surnames: dict[str, list[str]] = defaultdict(list)
        given: dict[str, list[str]] = defaultdict(list)
        inners: dict[str, list[str]] = defaultdict(list)  # `Undurraga` of Ximena Undurraga Prat
        for key, found in self.names.entities.items():
            if found.type != "person":
                continue
            for surname in _surnames(found, self.gazetteer.entries.get(key), self._printed[key]):
                surnames[surname].append(key)
            for inner in _inner_names((found.name, *self._printed[key])):
                inners[inner].append(key)
            printed = [_parts(name) for name in (found.name, *self._printed[key])]
            for first in {fold(words[0]) for words in printed if len(words) > 1 or key in self.gazetteer.entries}:
                if first not in self.lexicon.titles:
                    given[first].append(key)
        for inner, keys in inners.items():
            surnames.setdefault(inner, keys)
        return surnames, given

    def _bearer(
        self, name: Spotted, surnames: dict[str, list[str]], given: dict[str, list[str]], first_at: dict[str, int]
    ) -> str | None:
        """Return the one person of the dispatch whom a surname or given name means; two are none, but for context."""
        printed = fold(_without_suffix(self._printed_name(name)))
        keys = surnames.get(printed) or surnames.get(_bare(printed)) or given.get(printed) or []
        if len(keys) > 1 and (gender := self._courtesy(name)):
            keys = [key for key in keys if self._gender(key) == gender] or [
                key for key in keys if self._gender(key) is None
            ]
        if len(keys) > 1:  # the second bearer of a surname comes later in the dispatch
            introduced = [key for key in keys if first_at.get(key, 0) < name.span[0]]
            keys = introduced if len(introduced) == 1 and len(keys) == 2 else keys
        if len(keys) > 1 and printed in surnames:
            keys = [key for key in keys if self._told_in_full[key] < _AGAIN and key in self._called]
        if len(keys) != 1 or self._is_introduced(name, surnames):
            return None
        if (gender := self._courtesy(name)) and self._gender(keys[0]) not in (gender, None):
            return None  # Mrs. Brandt is not Peter Brandt
        return keys[0]

    def _is_introduced(self, name: Spotted, surnames: dict[str, list[str]]) -> bool:
        """Tell whether a given name is a person's first: `two sons, one of whom, | Petr |, is`, `his son | Petr |`."""
        if fold(_without_suffix(self._printed_name(name))) in surnames:
            return False
        page, (first, end) = self.page, name.words
        before = page.words[first - 1].text if first else ""
        after = page.words[end].text if end < len(page.words) else ""
        return before.lower() in self.lexicon.kin or (before == "," == after)

    def _is_shared(self, name: Spotted, surnames: dict[str, list[str]], given: dict[str, list[str]]) -> bool:
        printed = fold(_without_suffix(self._printed_name(name)))
        return len({*surnames.get(printed, ()), *given.get(printed, ())}) > 1 and not self._courtesy(name)

    def _courtesy(self, name: Spotted) -> Gender | None:
        """Return the gender that a courtesy title before a name tells: `Mrs. Brandt`."""
        before = self.page.text[max(0, name.span[0] - 12) : name.span[0]].split()
        return self.lexicon.courtesy.get(before[-1]) if before else None

    def _gender(self, key: str) -> Gender | None:
        found = self.names.entities[key]
        return found.gender

    def _lone(self, name: Spotted) -> str | None:
        """A surname or given name without a full one in the dispatch: the gazetteer's, where it is distinctive."""
        entries = self.gazetteer.entries
        known = {form.entry_id for form in name.forms if form.kind == "surname" and entries[form.entry_id].distinctive}
        if len(known) == 1 and len({form.entry_id for form in name.forms}) == 1:
            name.entry_id = known.pop()
            return self._entry(name)
        if name.confidence < self.least:
            return None
        return self._new("person", self._printed_name(name))

    # --- all others ---

    def _others(self, spotted: Sequence[Spotted], owners: dict[int, str | None], acronyms: dict[int, int]) -> None:
        rest = [
            at for at, name in enumerate(spotted) if at not in owners and at not in acronyms and name.type != "person"
        ]
        long_first = sorted(rest, key=lambda at: -len(_TOKEN.findall(self._printed_name(spotted[at]))))
        same: dict[tuple[str, str], str] = {}
        begins: dict[str, set[str]] = defaultdict(set)  # beginnings and ends of the names of organizations
        short: dict[str, set[str]] = defaultdict(set)  # initials
        for key, found in self.names.entities.items():
            self._remember(key, found.type, found.name, same, begins, short)
        own_forms = {
            (owner, self._printed_name(spotted[at]))
            for at, owner in owners.items()
            if owner and spotted[at].type == "organization"
        }
        for owner, printed in sorted(own_forms):
            self._remember(owner, "organization", printed, same, begins, short)
        for at in long_first:
            name = spotted[at]
            printed = self._printed_name(name)
            known = same.get((name.type, _plain_body(printed)))
            if known is None and name.type == "organization":
                known = _only(short.get(letters(printed)) if is_acronym(printed) else begins.get(_plain_body(printed)))
            own = known or self._new(name.type, printed)
            if known is None:
                self._remember(own, name.type, printed, same, begins, short)
            owners[at] = own
            self._printed[own][printed] += 1

    def _remember(
        self, key: str, type: EntityType, name: str, same: dict[tuple[str, str], str], begins: dict[str, set[str]],
        short: dict[str, set[str]],
    ) -> None:  # fmt: skip
        """Note by which names an entity may be called from now on."""
        plain = _plain_body(name)
        same.setdefault((type, plain), key)
        if type == "group":
            same.setdefault((type, plain.removesuffix("s")), key)
            same.setdefault((type, f"{plain}s"), key)
        if type != "organization":
            return
        words = plain.split()
        for count in range(1, min(len(words), _LONGEST_NAME)):
            first, last = " ".join(words[:count]), " ".join(words[count:])
            if len(first) > 2 and first not in _EMPTY and first.title() not in self.lexicon.bodies:
                begins[first].add(key)
            if len(last) > 2 and last not in _EMPTY:
                begins[last].add(key)
        for letters_of in initials(name):
            short[letters_of].add(key)

    # --- new entities and their names ---

    def _new(self, type: EntityType, printed: str) -> str:
        name = printed.title() if printed.isupper() and not is_acronym(printed) else printed
        key = f"{type}:{slug(name)}"
        if key not in self.names.entities:
            gender = self._by_given_name(name) if type == "person" else None
            self.names.entities[key] = Found(key, name, type, gender=gender)
        return key

    def _by_given_name(self, name: str) -> Gender | None:
        """Return the gender that a given name tells: Émile and Emile, Jean-Luc by Jean."""
        words = _parts(name)
        given = words[0].partition("-")[0]
        genders = self.lexicon.genders
        return (genders.get(given) or genders.get(plain(given))) if len(words) > 1 else None

    def _name_entities(self) -> None:
        """Drop what has no mention left."""
        self.names.spans.sort()
        entities = self.names.entities
        self.names.entities = {key: found for key, found in entities.items() if found.mentions}


_EMPTY = frozenset(["of", "the", "and", "for", "new", "north", "south", "east", "west", "national", "united", "st"])


def _only(keys: Iterable[str] | None) -> str | None:
    found = set(keys or ())
    return found.pop() if len(found) == 1 else None


def slug(name: str) -> str:
    """Return a name as a part of an id: `Abi Rached` -> `abi-rached`."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "x"


def _parts(name: str) -> list[str]:
    return [word for word in name.split() if fold(word) not in _SUFFIXES] or [name]


def _without_suffix(name: str) -> str:
    return " ".join(_parts(name))


def _plain_name(name: str) -> str:
    """Return a person's name to compare it by: folded, without initials in its middle and `Jr.` behind it."""
    words = [fold(word) for word in _parts(name)]
    inner = [word for word in words[1:-1] if len(word.rstrip(".")) > 1]
    return " ".join([words[0], *inner, words[-1]] if len(words) > 1 else words)


def _plain_body(name: str) -> str:
    """Return the name of an organization (or place) to compare it by: without article and legal form."""
    plain = name.removeprefix("The ").removeprefix("the ")
    while (shorter := LEGAL_FORM.sub("", plain)) != plain and shorter:
        plain = shorter
    return fold(plain).replace(".", "").replace("’", "'")


def _surnames(found: Found, entry: Entry | None, printed: Iterable[str]) -> set[str]:
    """Return by which surnames a person may be called, folded: the last words, and the first where that is the family.

    `Henk van der Berg` is Berg, der Berg, van der Berg; `Heloísa Furtado de Brito` is Furtado de Brito as well.
    """
    if entry and entry.surname:
        own = {fold(surname) for surname in (entry.surname, *entry.surname_variants)}
        return own | {_without_particles(surname) for surname in own}
    surnames = {fold(surname) for surname in entry.surname_variants} if entry else set()
    for name in (found.name, *printed):
        words = [fold(word) for word in _parts(name)]
        if len(words) > 1:
            surnames.update(" ".join(words[at:]) for at in range(1, len(words)))
            surnames.add(_bare(words[-1]))
    return surnames - _PARTICLES


def _without_particles(surname: str) -> str:
    """Return a folded surname without what stands before it: `de moraes` -> `moraes`."""
    words = surname.split()
    while len(words) > 1 and words[0] in _PARTICLES:
        words = words[1:]
    return " ".join(words)


def _inner_names(printed: Iterable[str]) -> set[str]:
    """Return what stands between given name and last name: of two surnames the first is used alone as well."""
    found: set[str] = set()
    for name in printed:
        words = [fold(word) for word in _parts(name)][:_LONGEST_NAME]
        for first in range(1, len(words) - 1):
            found.update(" ".join(words[first:last]) for last in range(first + 1, len(words)) if len(words[first]) > 2)
            found.add(_bare(words[first]))
    return {name for name in found - _PARTICLES if len(name) > 2}


def _bare(word: str) -> str:
    """Return an Arabic name without its article: `al-Harthi` -> `harthi`."""
    return word.removeprefix("al-").removeprefix("el-")
