"""What is wrong in the gazetteer beyond its shape: spellings that collide, contexts that never apply, dead phrases.

`check` answers with problems, each with the file and line of the spelling. An *error* means that a text would be
changed wrongly, or that an editor's rule can do nothing though it was meant to; a *warning* is merely dead weight.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import get_args

from flows.gazetteer.compiled import REWRITTEN, Form, Gazetteer, Matcher
from flows.gazetteer.evidence import own_evidence
from flows.gazetteer.fold import fold
from flows.gazetteer.forms import entry_forms, person_parts
from flows.gazetteer.load import Problem, Sources, compile_entries
from schemas.gazetteer import Entry, Style


def check(sources: Sources, style: Style = "ap") -> list[Problem]:
    """Return what is wrong with the entries that could be read, in the order of the files."""
    state = _State(sources, style)
    found = [
        *_collisions(state),
        *_namesakes(state),
        *_distinctive(state),
        *_contradictions(state),
        *_homonyms(state),
        *_keep(state),
        *_without_effect(state),
        *_dates_and_countries(state),
    ]
    return sorted(set(found), key=lambda problem: (problem.file, problem.line, problem.message))


@dataclass(frozen=True)
class _State:
    """The entries with all their forms, grouped once for all the checks."""

    sources: Sources
    style: Style

    @cached_property
    def entries(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.sources.entries}

    @cached_property
    def by_fold(self) -> dict[str, list[Form]]:
        """Every form but the phrases, by what the matcher compares."""
        grouped: dict[str, list[Form]] = defaultdict(list)
        for entry in self.sources.entries:
            for form in entry_forms(entry, self.style):
                if form.kind != "keep":
                    grouped[fold(form.text)].append(form)
        return grouped

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return compile_entries(self.sources.entries, self.sources.contexts, self.style)

    def at(self, form: Form, message: str, severity: str = "error") -> Problem:
        """Return a problem at the line of a form; of a combined name, at the line of its surname."""
        file, line = self.sources.line_of(form.entry_id, form.text)
        if form.kind == "full":
            file, line = self.sources.line_of(form.entry_id, form.text.split()[-1])
        return Problem(file, line, f"{form.entry_id}: {message}", severity)

    def in_entry(self, entry: Entry, spelling: str, message: str, severity: str = "error") -> Problem:
        return Problem(*self.sources.line_of(entry.id, spelling), f"{entry.id}: {message}", severity)

    def declared(self, spelling: str, *entry_ids: str) -> bool:
        """Tell whether one of these entries declares another bearer of the spelling."""
        homonyms = (other.name for entry_id in entry_ids for other in self.entries[entry_id].homonyms)
        return any(fold(spelling) in fold(name) for name in homonyms)

    def where(self, entry_id: str) -> str:
        return "{} ({}:{})".format(entry_id, *self.sources.lines[entry_id])


def _collisions(state: _State) -> Iterator[Problem]:
    """A spelling that is to change, but is another entry's as well."""
    for forms in state.by_fold.values():
        changing = [form for form in forms if form.target and form.kind in REWRITTEN and form.kind != "surname"]
        if not changing or len({form.entry_id for form in forms}) == 1:
            continue
        for form, other in combinations(changing, 2):
            if form.entry_id == other.entry_id or form.target == other.target:
                continue
            if not state.declared(form.text, form.entry_id, other.entry_id):
                yield state.at(other, f"“{other.text}” is a {form.kind} of {state.where(form.entry_id)} too, and "
                                      "neither declares the other as a homonym")  # fmt: skip
        for form in changing:
            for other in forms:
                if other.entry_id != form.entry_id and not (other.target and other.kind in REWRITTEN):
                    yield from _not_to_change(state, form, other)


def _not_to_change(state: _State, form: Form, other: Form) -> Iterator[Problem]:
    """A spelling that would change, but that another entry holds to be right: it always stays."""
    if state.declared(form.text, form.entry_id, other.entry_id):
        return
    where = state.where(other.entry_id)
    if other.kind != "name":
        what = "the surname" if other.kind == "surname" else f"an {other.kind}" if other.kind[0] == "a" else other.kind
        yield state.at(form, f"“{form.text}” never changes: it is {what} of {where}", "warning")
    elif any(back.entry_id == other.entry_id and back.target for back in state.by_fold[fold(form.target or "")]):
        yield state.at(form, f"“{form.text}” and “{form.target}” change into each other: see {where}")
    else:
        more = [form.text for forms in state.by_fold.values() for form in forms
                if form.entry_id == other.entry_id and form.target == other.text]  # fmt: skip
        chain = f", so that “{more[0]}” would change twice" if more else ""
        yield state.at(form, f"“{form.text}” is the canonical name of {where}{chain}")


def _namesakes(state: _State) -> Iterator[Problem]:
    """Two entries with the same name or alias, which nothing tells apart: neither is recognised."""
    for forms in state.by_fold.values():
        for kind in ("name", "alias"):
            same = [form for form in forms if form.kind == kind]
            if kind == "alias" and any(form.kind == "name" for form in forms):
                continue  # the one whose name it is, is recognised
            for form, other in combinations(same, 2):
                if form.entry_id != other.entry_id and not state.declared(form.text, form.entry_id, other.entry_id):
                    yield state.at(other, f"“{other.text}” is the {kind} of {state.where(form.entry_id)} too, and "
                                          "neither declares the other as a homonym", "warning")  # fmt: skip


def _distinctive(state: _State) -> Iterator[Problem]:
    """A bare surname that is said to mean one person, but that another entry bears."""
    for forms in state.by_fold.values():
        for form in forms:
            if form.kind != "surname" or not form.target or not state.entries[form.entry_id].distinctive:
                continue
            others = [other for other in forms if other.entry_id != form.entry_id]
            # A relative of the same name is no rival: whoever is meant, the surname is spelled in the same way.
            if rival := next(
                (other for other in others if fold(other.target or other.text) != fold(form.target)), None
            ):
                yield state.at(form, f"“{form.text}” is not distinctive: {state.where(rival.entry_id)} bears it too")


def _contradictions(state: _State) -> Iterator[Problem]:
    """A spelling that one entry both changes and lets stand, or changes into two names."""
    for forms in state.by_fold.values():
        for form, other in combinations(forms, 2):
            if form.entry_id != other.entry_id:
                continue
            first, second = (form, other) if form.target else (other, form)
            if not first.target or {first.kind, second.kind} == {"surname", "name"}:
                continue
            if not second.target and second.text != second.target:
                yield state.at(second, f"“{second.text}” is {second.kind} and {first.kind}: it changes all the same")
            elif second.target and first.target != second.target and "former" not in (first.kind, second.kind):
                yield state.at(second, f"“{second.text}” is to become “{first.target}” and “{second.target}”")


def _homonyms(state: _State) -> Iterator[Problem]:
    """Another bearer that is never thought of, or for whom and against whom nothing can speak."""
    for entry in state.sources.entries:
        if not entry.homonyms:
            continue
        spellings = {fold(form.text) for form in entry_forms(entry, state.style) if form.kind != "keep"}
        for other in entry.homonyms:
            if not any(spelling in fold(other.name) for spelling in spellings):
                yield state.in_entry(
                    entry, other.name, f"the homonym “{other.name}” contains no spelling of this entry"
                )
            if not other.evidence and other.country and other.country not in state.gazetteer.countries:
                yield state.in_entry(entry, other.name, f"no entry has the country {other.country}")
        decidable = any(other.evidence or other.country for other in entry.homonyms)
        if not decidable and not own_evidence(state.gazetteer, entry):
            yield state.in_entry(entry, entry.homonyms[0].name, "there is evidence neither for it nor for its homonyms")


def _keep(state: _State) -> Iterator[Problem]:
    """Phrases that protect nothing, or that stand twice."""
    for entry in state.sources.entries:
        spellings = {fold(form.text) for style in get_args(Style) for form in entry_forms(entry, style)
                     if form.kind != "keep"} if entry.keep else set()  # fmt: skip
        seen: dict[str, str] = {}
        for reason, phrases in entry.keep.items():
            for phrase in phrases:
                folded = fold(phrase)
                if folded in seen:
                    yield state.in_entry(
                        entry, phrase, f"the phrase “{phrase}” stands already in {seen[folded]}", "warning"
                    )
                elif not any(_stands_in(spelling, folded) for spelling in spellings):
                    message = f"dead phrase: “{phrase}” contains no spelling of this entry"
                    yield state.in_entry(entry, phrase, message, "warning")
                seen.setdefault(folded, reason)


def _stands_in(spelling: str, phrase: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(spelling)}(?!\w)", phrase)) if spelling in phrase else False


def _without_effect(state: _State) -> Iterator[Problem]:
    """Spellings that code handles anyway, stand twice, or have nothing to combine with."""
    for entry in state.sources.entries:
        lists = {"variants": entry.variants, "surname_variants": entry.surname_variants,
                 "given_variants": entry.given_variants, "aliases": entry.aliases}  # fmt: skip
        for key, spellings in lists.items():
            for first, second in combinations(spellings, 2):
                if _covers(first, second) or _covers(second, first):
                    extra, covers = (second, first) if _covers(first, second) else (first, second)
                    yield state.in_entry(entry, extra, f"“{extra}” in {key} is found as “{covers}” anyway", "warning")
        names = (entry.name, *entry.styles.values())
        if entry.type != "person":
            for spelling in entry.variants:
                if all(_covers(name, spelling) for name in names):
                    yield state.in_entry(entry, spelling, f"the variant “{spelling}” is the name itself", "warning")
            continue
        parts = [person_parts(entry, name) for name in names]
        for spelling in entry.given_variants:
            if all(not given or fold(spelling) == fold(given) for given, _, _ in parts):
                yield state.in_entry(entry, spelling, f"the given_variant “{spelling}” has no effect", "warning")
        for spelling in entry.surname_variants:
            if all(fold(spelling) == fold(surname) for _, surname, _ in parts):
                yield state.in_entry(entry, spelling, f"the surname_variant “{spelling}” has no effect", "warning")
        if entry.surname and not _stands_in(fold(entry.surname), fold(entry.name)):
            yield state.in_entry(entry, entry.surname, f"the surname “{entry.surname}” is no part of the name")


def _covers(spelling: str, other: str) -> bool:
    """Tell whether whoever looks for one spelling finds the other: `al-Fasher` finds `Al-Fasher`, not so vice versa."""
    if fold(spelling) != fold(other):
        return False
    hits = Matcher([Form(spelling, "place:any", "name")]).hits(other)
    return bool(hits) and not hits[0].upper


def _dates_and_countries(state: _State) -> Iterator[Problem]:
    year = dt.datetime.now(dt.UTC).year
    for entry in state.sources.entries:
        if entry.country and entry.country not in state.gazetteer.countries:
            yield state.in_entry(entry, entry.country, f"no entry has the country {entry.country}")
        for former in entry.former:
            if former.until > year:
                yield state.in_entry(entry, former.name, f"the former name “{former.name}” lasts until {former.until}")
            if former.since is not None and former.since > former.until:
                yield state.in_entry(entry, former.name, f"the former name “{former.name}” ends before it begins")
        if entry.since and entry.until and entry.since > entry.until:
            yield state.in_entry(entry, "until", "it ends before it begins")
