"""What people type -> what the store knows: any spelling of a name -> entity ids, search words -> canonical names."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.gazetteer.fold import fold
from flows.normalize.names import Decision, decide

if TYPE_CHECKING:
    from flows.gazetteer import Gazetteer
    from flows.store import Store

_MOST = 50  # entities that one name may mean


@dataclass(frozen=True)
class Meant:
    """What a name may mean: id -> canonical name."""

    typed: str
    entities: dict[str, str]

    @property
    def remark(self) -> str | None:
        """What the user should be told, or None when the name is taken as it was typed."""
        names = list(self.entities.values())
        if len(names) > 1:
            listed = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
            return f"{self.typed} → any of {len(names)}: {listed}"
        return f"{self.typed} → {names[0]}" if names and names[0] != self.typed else None


def entities_named(typed: str, store: "Store", gazetteer: "Gazetteer", *, type: str | None = None) -> Meant:
    """Return the entities that a name may mean: by id, by any spelling of the gazetteer, by whole words in the store.

    Args:
        typed: `person:sergey-lavrov`, `Lavrov`, `Lavroff`.
        type: only entities of this type.
    """
    from flows.store.queries import find_entities

    typed = " ".join(typed.split())
    if typed in gazetteer.entries:
        return Meant(typed, {typed: gazetteer.name(typed)})
    if by_id := store.get("entities", [typed], ["name"]):
        return Meant(typed, {typed: by_id[typed]["name"]})
    forms = [form for form in gazetteer.known.forms_of(typed) if form.kind != "keep"]
    # A name goes before an adjective or a people: "Polish" is Poland only if nothing is called so.
    plain = [form for form in forms if form.kind not in ("adjective", "people")] or forms
    found = {form.entry_id: gazetteer.name(form.entry_id) for form in plain}
    spellings = {typed, *(form.target for form in plain if form.target)}
    for spelling in sorted(spellings):
        for entity in find_entities(store, name=spelling, limit=_MOST):
            if _has_words(spelling, (entity["name"], *entity["names"])):
                found.setdefault(entity["_id"], entity["name"])
    if type:
        found = {id: name for id, name in found.items() if id.startswith(f"{type}:")}
    return Meant(typed, found)


def _has_words(name: str, texts: Iterable[str]) -> bool:
    """Tell whether the name stands in a text as whole words: Lavrov in `Sergey Lavrov`, not in `Lavrova`."""
    wanted = f" {fold(name)} "
    return any(wanted in f" {fold(text)} " for text in texts)


def similar(typed: str, store: "Store", gazetteer: "Gazetteer") -> list[str]:
    """Return names that look like a name that was not found, to be suggested."""
    from difflib import get_close_matches

    names = {gazetteer.name(id) for id in gazetteer.entries}
    names |= {entity["name"] for entity in store.find("entities", fields=["name"])}
    by_key: dict[str, str] = {}
    for name in sorted(names):
        by_key.setdefault(fold(name), name)
        by_key.setdefault(fold(name.split()[-1]), name)
    return [by_key[key] for key in get_close_matches(fold(typed), by_key, 3, 0.75)]


@dataclass(frozen=True)
class Search:
    """A search: the queries whose results belong together, and the names that were put for others."""

    queries: tuple[str, ...]
    changed: tuple[str, ...]


def canonical_search(words: str, gazetteer: "Gazetteer") -> Search:
    """Return the search with canonical names, since they are what the stored texts have.

    A variant that only its context would decide (Odessa, in Texas or on the Black Sea) is searched under both names.
    """
    decisions = decide(words, gazetteer)
    if not decisions and words == words.lower():  # people search in lower case, names have capitals
        titled = words.title()
        decisions = decide(titled, gazetteer)
        words = titled if decisions else words
    queries = dict.fromkeys(_rewritten(words, decisions, doubtful) for doubtful in (False, True))
    changed = [f"{decision.raw} → {decision.name}" for decision in decisions if decision.name]
    changed += [
        f"{decision.raw} → {decision.form.target}, or {decision.raw}" for decision in decisions if _in_doubt(decision)
    ]
    return Search(tuple(queries), tuple(changed))


def _rewritten(words: str, decisions: list[Decision], doubtful: bool) -> str:
    parts: list[str] = []
    done = 0
    for decision in decisions:
        target = decision.form.target if doubtful and _in_doubt(decision) else decision.name
        if target:
            parts += (words[done : decision.start], target)
            done = decision.end
    return "".join((*parts, words[done:]))


def _in_doubt(decision: "Decision") -> bool:
    """Tell whether a variant stays only because a few words cannot tell who is meant."""
    return bool(decision.name is None and decision.form.target
                and (decision.reason or "").startswith(("homonym/", "person/")))  # fmt: skip
