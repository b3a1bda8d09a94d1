"""The compiled gazetteer: every spelling with what it means, found in a text in one pass (Aho-Corasick).

Two automata: `rewritable` holds the spellings that may change and whatever protects one (a phrase in which it stays,
a longer name that contains it); `known` holds every spelling of every entry, for finding entities.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import ahocorasick

from flows.gazetteer.fold import Folded, fold, plain, without_ignored
from schemas.gazetteer import Contexts, Entry, Style

FormKind = Literal[
    "name", "variant", "former", "style", "full", "surname", "derived", "alias", "adjective", "people", "keep"
]
REWRITTEN: frozenset[FormKind] = frozenset({"variant", "former", "style", "full", "surname", "derived"})


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling of an entry."""

    text: str
    entry_id: str
    kind: FormKind
    target: str | None = None  # what replaces it; None: it is recognised, never rewritten
    reason: str | None = None  # for `keep`: dish, history, ...
    until: int | None = None  # for `former`: the year of the renaming

    @property
    def rule(self) -> str:
        """The stable id of this rule: `place:kyiv/variant/Kiev`."""
        kind = f"keep/{self.reason}" if self.kind == "keep" else self.kind
        return f"{self.entry_id}/{kind}/{self.text}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A spelling found: where it stands in the original text, and the forms it may be."""

    start: int
    end: int
    forms: tuple[Form, ...]
    upper: bool  # printed in capitals where the form is not


@dataclass(frozen=True)
class Gazetteer:
    """The compiled gazetteer. Equal `version`, equal behaviour."""

    version: str
    style: Style
    entries: dict[str, Entry]
    contexts: Contexts
    rewritable: "Matcher"
    known: "Matcher"
    countries: dict[str, Entry] = field(repr=False)  # country code -> its entry

    def name(self, entry_id: str) -> str:
        """Return the canonical name of an entry in the house style in force."""
        return canonical(self.entries[entry_id], self.style)

    def country_name(self, code: str | None) -> str | None:
        """Return the canonical name of a country by its ISO 3166-1 alpha-2 code."""
        entry = self.countries.get(code or "")
        return canonical(entry, self.style) if entry else None


class Matcher:
    """Finds forms in a text: all that stand between boundaries and in a case that names are printed in."""

    def __init__(self, forms: Iterable[Form]) -> None:
        by_fold: dict[str, list[Form]] = {}
        for form in forms:
            folded = fold(form.text)
            if folded:
                by_fold.setdefault(folded, []).append(form)
        self._automaton = ahocorasick.Automaton()
        for folded, same in by_fold.items():
            plains = tuple(dict.fromkeys(plain(form.text) for form in same))
            self._automaton.add_word(folded, (len(folded), tuple(same), plains))
        if by_fold:
            self._automaton.make_automaton()
        self.size = len(by_fold)

    def forms_of(self, text: str) -> tuple[Form, ...]:
        """Return the forms of exactly this name, whatever its case and diacritics."""
        found = self._automaton.get(fold(text), None) if self.size else None
        return found[1] if found else ()

    def hits(self, text: str, folded: Folded | None = None) -> list[Hit]:
        """Return the longest hits, leftmost first, without overlaps."""
        found = sorted(self._all_hits(text, folded or Folded(text)), key=lambda hit: (hit.start, -hit.end))
        kept: list[Hit] = []
        done = 0
        for hit in found:
            if hit.start >= done:
                kept.append(hit)
                done = hit.end
        return kept

    def _all_hits(self, text: str, folded: Folded) -> Iterator[Hit]:
        if not self.size:
            return
        haystack = folded.text
        size = len(haystack)
        for last, (length, forms, plains) in self._automaton.iter(haystack):
            first, behind = last - length + 1, last + 1
            # Cheap boundary test first: most candidates end here ("iran" in "Tirana").
            if first and _in_word(haystack[first - 1]):
                continue
            if behind < size and _in_word(haystack[behind]) and haystack[last] != "'":
                continue
            if behind + 1 < size and haystack[behind] == "'" and not _possessive(haystack, behind):
                continue
            start, end = folded.raw_start(first), folded.raw_end(behind)
            printed = text[start:end]
            if printed in plains:
                yield Hit(start, end, forms, upper=False)
                continue
            seen = plain(without_ignored(printed))
            # A phrase in which a variant stays may be printed in any case: the Battle of Kiev, the battle of Kiev.
            matching = tuple(form for form in forms if form.kind == "keep" or _as_printed(seen, plain(form.text)))
            if matching:
                yield Hit(start, end, matching, upper=False)
            elif seen.isupper() and sum(char.isalpha() for char in seen) > 1:
                # All capitals: a headline or a dateline (KIEV). A single phrase in lower case is no name (POLISH).
                yield Hit(start, end, forms, upper=True)


def canonical(entry: Entry, style: Style) -> str:
    """Return the canonical name of an entry in a house style."""
    return entry.styles.get(style, entry.name)


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _possessive(text: str, apostrophe: int) -> bool:
    """Tell whether the apostrophe ends a word or makes a possessive: `Kiev's`, `'Kiev'`; not `d'Ivoire`."""
    rest = text[apostrophe + 1 : apostrophe + 3]
    if not rest or not rest[0].isalpha():
        return True
    return rest[0] == "s" and (len(rest) == 1 or not rest[1].isalnum())


def _as_printed(seen: str, form: str) -> bool:
    """Tell whether a name may be printed in this case: as the form, or with its small words capitalized."""
    if seen == form:
        return True
    if len(seen) != len(form):
        return False
    for a, b, before in zip(seen, form, " " + form, strict=False):
        if a != b and not (a.isupper() and a.lower() == b and not before.isalnum()):
            return False
    return True
