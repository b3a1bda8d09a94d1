"""What an edit of the gazetteer can touch: two versions compared, and the words by which its dispatches are found.

A dispatch can come out differently under another gazetteer only if one of these stands in it, for names are found by
their spellings, and judged by what is said in the entries of those found:

* a spelling that an entry has gained or lost, where nothing else in the entry has changed;
* any spelling of an entry, old or new, where more has changed: its name (also by another house style), country,
  evidence, homonyms, role, ...; remarks touch nothing;
* a given name that has become known, or known for another gender, with the people in the gazetteer.

An edited `contexts.yml` can touch every dispatch.

A spelling is looked for by those of its words that have a capital letter. Of each, one of several may stand in the raw
text: the word itself, or a word of a variant that is rewritten to it: `Kyiv Post` may have been printed `Kiev Post`.
Names printed without their capitals are not found in a text, and so they are not looked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from flows.gazetteer.compiled import REWRITTEN, Form, Gazetteer, canonical
from flows.gazetteer.fold import capitalized
from flows.gazetteer.forms import entry_forms
from flows.gazetteer.load import content
from schemas.gazetteer import Contexts, Entry, Style

Clause = frozenset[str]
"""Words of which one must stand in a dispatch."""

Condition = frozenset[Clause]
"""Clauses that must all be met."""

# Fields that do nothing but make spellings, and those that do nothing. Whatever is in neither is taken for more.
_SPELLINGS = frozenset(
    {"variants", "former", "aliases", "adjectives", "derived", "surname_variants", "given_variants", "keep"}
)
_ANYTHING = ""  # a variant without a capital letter: no word tells that it was printed
_REMARKS = frozenset({"note", "authority", "since", "until"})
_PARTS: TypeAdapter[tuple[Style, Contexts, tuple[Entry, ...]]] = TypeAdapter(tuple[Style, Contexts, tuple[Entry, ...]])


@dataclass(frozen=True)
class Snapshot:
    """The gazetteer as it was when dispatches were made with it."""

    style: Style
    contexts: Contexts
    entries: Mapping[str, Entry]


@dataclass(frozen=True)
class Changes:
    """What differs between two gazetteers: which dispatches an entry touches, and why all are, where that is so."""

    entries: Mapping[str, tuple[Condition, ...]]  # entry id -> a dispatch is touched that meets one of these
    everything: str | None = None


def snapshot(gazetteer: Gazetteer) -> bytes:
    """Return what `read_snapshot` takes. Its SHA-256 begins with the gazetteer's version."""
    return content(gazetteer.style, gazetteer.contexts, gazetteer.entries.values())


def read_snapshot(data: bytes) -> Snapshot | None:
    """Return the snapshot in these bytes; None if the entries of that time had another shape."""
    try:
        style, contexts, entries = _PARTS.validate_json(data)
    except ValidationError:
        return None
    return Snapshot(style, contexts, {entry.id: entry for entry in entries})


def changes(old: Snapshot, gazetteer: Gazetteer) -> Changes:
    """Return what differs between a former gazetteer and this one."""
    new = Snapshot(gazetteer.style, gazetteer.contexts, gazetteer.entries)
    if old.contexts != new.contexts:
        return Changes({}, "the contexts in which names stay were edited")
    countries, given_names = (_countries(old), _countries(new)), (_given_names(old), _given_names(new))
    instead = _rewritten(old, new)
    touched: dict[str, tuple[Condition, ...]] = {}
    for id in sorted(old.entries.keys() | new.entries.keys()):
        before, after = old.entries.get(id), new.entries.get(id)
        more = _meaning(before, old, countries[0]) != _meaning(after, new, countries[1])
        if before == after and not more:
            continue
        was, is_ = _forms(before, old.style), _forms(after, new.style)
        edited = was | is_ if more else was ^ is_
        conditions = {condition for form in edited for condition in _conditions(form, was | is_, instead)}
        if more:
            conditions |= {_all_of(words, instead) for words in _beside_forms(before, after, *given_names) if words}
        if frozenset() in conditions:
            return Changes({}, f"{id} has a spelling without a capital letter, which no index holds")
        if conditions:
            touched[id] = _fewest(conditions)
    return Changes(touched)


def _meaning(entry: Entry | None, within: Snapshot, countries: Mapping[str, str]) -> object:
    """What an entry says beside its spellings, its country's name included: it is written to every entity."""
    if entry is None:
        return None
    country = countries.get(entry.country or "")
    return canonical(entry, within.style), country, entry.model_dump(exclude=set(_SPELLINGS | _REMARKS))


def _countries(within: Snapshot) -> dict[str, str]:
    named = (entry for kind in ("territory", "country") for entry in within.entries.values() if entry.kind == kind)
    return {entry.country: canonical(entry, within.style) for entry in named if entry.country}


def _given_names(within: Snapshot) -> dict[str, str | None]:
    """Given name -> the gender of all who bear it: by such names people are told who are not in the gazetteer."""
    genders: dict[str, set[str | None]] = {}
    for entry in within.entries.values():
        if entry.type == "person":
            genders.setdefault(entry.name.partition(" ")[0], set()).add(entry.gender)
    return {name: found.pop() if len(found) == 1 else None for name, found in genders.items()}


def _beside_forms(
    before: Entry | None, after: Entry | None, old: Mapping[str, str | None], new: Mapping[str, str | None]
) -> Iterator[set[str]]:
    """The words that a person's entry works on beside its spellings: a given name, and the name that the id tells."""
    for entry in (before, after):
        if entry and entry.type == "person":
            given = entry.name.partition(" ")[0]
            if (given in old, old.get(given)) != (given in new, new.get(given)):
                yield capitalized(given)
            # Who is not in the gazetteer gets an id made of the name printed, which may be this one.
            yield set(entry.id.partition(":")[2].split("-")) - {""}


def _forms(entry: Entry | None, style: Style) -> frozenset[Form]:
    return frozenset(entry_forms(entry, style)) if entry else frozenset()


def _conditions(form: Form, of_entry: Iterable[Form], instead: Mapping[str, Clause]) -> Iterator[Condition]:
    """The conditions under which this spelling may stand in a dispatch; an empty one: no words tell."""
    if form.kind != "keep":
        yield _all_of(capitalized(form.text), instead)
        return
    # A phrase in which a name stays is found in any case (`battle of Kiev`), but the name in it has its capitals.
    words = capitalized(form.text.title())
    names = [own for other in of_entry if other.kind != "keep" and (own := capitalized(other.text)) <= words and own]
    for name in names or [{word} for word in words] or [words]:
        yield _all_of(name, instead)


def _all_of(words: Iterable[str], instead: Mapping[str, Clause]) -> Condition:
    clauses = (_alternatives(word, instead) for word in words)
    return frozenset(clause for clause in clauses if _ANYTHING not in clause)


def _alternatives(word: str, instead: Mapping[str, Clause]) -> Clause:
    """The words of which one stands in the raw text where this one stands in the normalized text."""
    found, left = {word}, [word]
    while left:  # an edit may bring about another one
        more = instead.get(left.pop(), frozenset()) - found
        found.update(more)
        left.extend(more)
    return frozenset(found)


def _rewritten(old: Snapshot, new: Snapshot) -> dict[str, Clause]:
    """Word of a canonical name -> a word of each variant that is rewritten to it, of those that lack the word."""
    instead: dict[str, set[str]] = {}
    entries = [(entry, new.style) for entry in new.entries.values()]
    entries += [(e, old.style) for e in old.entries.values() if old.style != new.style or new.entries.get(e.id) != e]
    for entry, style in entries:
        for form in entry_forms(entry, style):
            if form.target and form.kind in REWRITTEN:
                printed, target = capitalized(form.text), capitalized(form.target)
                rarest = max(printed - target or printed, key=lambda word: (len(word), word), default=_ANYTHING)
                for word in target - printed:
                    instead.setdefault(word, set()).add(rarest)
    return {word: frozenset(words) for word, words in instead.items()}


def _fewest(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The conditions without those that another one covers: who is named in full is named by the surname, too."""
    kept: list[Condition] = []
    for condition in sorted(conditions, key=lambda c: (len(c), -sum(map(len, c)), sorted(map(sorted, c)))):
        if not any(all(any(part <= whole for part in condition) for whole in other) for other in kept):
            kept.append(condition)
    return tuple(kept)
