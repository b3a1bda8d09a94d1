"""From entries to forms: every spelling that an entry stands for, and what each one means."""

from collections.abc import Iterator

from flows.gazetteer.compiled import Form, FormKind, canonical
from flows.gazetteer.fold import fold
from schemas.gazetteer import Entry, Style


def entry_forms(entry: Entry, style: Style) -> Iterator[Form]:
    """Yield every form of an entry under a house style. A form that differs in diacritics alone is never rewritten."""
    name = canonical(entry, style)
    yield Form(name, entry.id, "name")
    if fold(entry.name) != fold(name):
        yield Form(entry.name, entry.id, "style", name)
    for other in entry.styles.values():
        yield _rewrite(other, entry, "style", name)
    for variant in entry.variants:
        yield _rewrite(variant, entry, "variant", name)
    for former in entry.former:
        yield Form(former.name, entry.id, "former", name, until=former.until)
    for word, variants in entry.derived.items():
        yield Form(word, entry.id, "adjective")
        for variant in variants:
            yield _rewrite(variant, entry, "derived", word)
    for kind, texts in _recognised(entry):
        for text in texts:
            yield Form(text, entry.id, kind)
    for reason, phrases in entry.keep.items():
        for phrase in phrases:
            yield Form(phrase, entry.id, "keep", reason=reason)
    if entry.type == "person":
        yield from _person_forms(entry, name)


def person_parts(entry: Entry, name: str) -> tuple[str, str, bool]:
    """Split a person's name into given name and surname, and tell whether the surname comes first (Xi Jinping)."""
    words = name.split()
    size = len(entry.surname.split()) if entry.surname else 1
    first = bool(entry.surname) and entry.name.startswith(f"{entry.surname} ")
    if first:
        return " ".join(words[size:]), " ".join(words[:size]), True
    return " ".join(words[:-size]), " ".join(words[-size:]), False


def _recognised(entry: Entry) -> tuple[tuple[FormKind, tuple[str, ...]], ...]:
    return ("alias", entry.aliases), ("adjective", entry.adjectives), ("people", entry.people)


def _rewrite(text: str, entry: Entry, kind: FormKind, target: str) -> Form:
    return Form(text, entry.id, "alias") if fold(text) == fold(target) else Form(text, entry.id, kind, target)


def _person_forms(entry: Entry, name: str) -> Iterator[Form]:
    """Combine the given names with the surnames: Vladimir Zelensky -> Volodymyr Zelenskyy; and the bare surnames."""
    given, surname, surname_first = person_parts(entry, name)
    for variant in entry.surname_variants:
        yield _rewrite(variant, entry, "surname", surname)
    yield Form(surname, entry.id, "surname")
    if not given:
        return
    for first in (given, *entry.given_variants):
        for last in (surname, *entry.surname_variants):
            if (first, last) != (given, surname):
                full = f"{last} {first}" if surname_first else f"{first} {last}"
                yield _rewrite(full, entry, "full", name)
