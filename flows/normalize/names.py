"""Names: every variant replaced by its canonical spelling, with both spans on record, or left with the reason why.

`decide` finds the variants and judges each; `normalize_names` applies what is to change. The result is a fixed point:
a text normalized twice is the text normalized once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from flows.gazetteer import Form, Gazetteer, Hit
from flows.gazetteer.compiled import REWRITTEN
from flows.gazetteer.evidence import Surroundings, homonym
from flows.gazetteer.fold import Folded, fold
from flows.gazetteer.forms import person_parts
from flows.normalize import contexts
from flows.spans import SpanMap, apply_edits
from schemas.dispatch import NameEdit, Span
from schemas.gazetteer import Entry

_SPACES = re.compile(r"\s+")
_MOST_ROUNDS = 4  # an edit may bring about another one; more rounds than two have not been seen


class _ById:
    """An entry as the key of a cache: the same object, the same key (its lists make an entry itself unhashable)."""

    __slots__ = ("entry",)

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.entry is self.entry

    def __hash__(self) -> int:
        return hash(self.entry.id)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one variant found in a text."""

    start: int
    end: int
    raw: str
    form: Form
    name: str | None  # what replaces it; None: it stays
    reason: str | None  # why it stays


def normalize_names(text_raw: str, gazetteer: Gazetteer) -> tuple[str, tuple[NameEdit, ...]]:
    """Return the text with canonical names, and the edits that lead there and back."""
    edits: tuple[NameEdit, ...] = ()
    text = text_raw
    for _ in range(_MOST_ROUNDS):
        found = _edits(text, decide(text, gazetteer))
        if not found:
            break
        edits = _compose(text_raw, edits, found)
        text = apply_edits(text_raw, edits)
    return text, edits


def decide(text: str, gazetteer: Gazetteer) -> list[Decision]:
    """Return a decision for every variant in the text, in order."""
    folded = Folded(text)
    hits = gazetteer.rewritable.hits(text, folded)
    if not hits:
        return []
    around = Surroundings(text, folded, gazetteer)
    decisions: list[Decision] = []
    for hit in hits:
        decisions.append(_in_company(_judge(hit, around), decisions[-1] if decisions else None, text))
    return decisions


def _in_company(decision: Decision, before: Decision | None, text: str) -> Decision:
    """Names talked about as names come in company: `also transliterated as Gaddafi or Qaddafi`."""
    if decision.name is None or before is None or before.name or not (before.reason or "").startswith("name/"):
        return decision
    joined = text[before.end : decision.start] in (" or ", " and ", ", ", ", or ", ", and ", "/")
    if not joined or before.form.entry_id != decision.form.entry_id:
        return decision
    return replace(decision, name=None, reason=before.reason)


def _judge(hit: Hit, around: Surroundings) -> Decision:
    raw = around.text[hit.start : hit.end]
    stays = [form for form in hit.forms if form.kind == "keep"]
    # An entry that bears the whole phrase goes before another's phrase: Kirovograd region -> Kirovohrad region.
    if stays and not any(form.kind != "keep" and form.entry_id != stays[0].entry_id for form in hit.forms):
        return Decision(hit.start, hit.end, raw, stays[0], None, f"{stays[0].reason}/{stays[0].text}")
    forms = [form for form in hit.forms if form.kind in REWRITTEN and form.target]
    if not forms:
        return Decision(hit.start, hit.end, raw, hit.forms[0], None, f"entry/{hit.forms[0].entry_id}")  # a longer name
    rivals = {
        form.entry_id for form in hit.forms if form.kind != "keep" and not (form.kind in REWRITTEN and form.target)
    }
    form, reason = _choose(forms, hit, around)
    if form.entry_id not in rivals and rivals:
        reason = reason or f"homonym/{min(rivals)}"
    reason = reason or _stays(form, hit, around)
    if reason:
        return Decision(hit.start, hit.end, raw, form, None, reason)
    return Decision(hit.start, hit.end, raw, form, _as_printed(form.target or raw, raw, hit, around), None)


def _as_printed(target: str, raw: str, hit: Hit, around: Surroundings) -> str:
    """Return the canonical name in the capitals and with the spaces of the variant it replaces.

    `KIEV` gives `KYIV`; `Sisi` at the head of a sentence gives `El-Sissi`; a line break inside a name stays one.
    """
    if hit.upper:
        target = target.upper()
    elif target[0].islower() and raw[0].isupper() and around.begins_sentence(hit.start):
        target = target[0].upper() + target[1:]
    spaces, words = _SPACES.findall(raw), target.split(" ")
    if len(spaces) == len(words) - 1 and any(space != " " for space in spaces):
        target = "".join(word + space for word, space in zip(words, [*spaces, ""], strict=True))
    return target


def _stays(form: Form, hit: Hit, around: Surroundings) -> str | None:
    """Return the reason why a variant stays, or None when it is to change."""
    entry = around.gazetteer.entries[form.entry_id]
    if found := contexts.inside_address(around.text, hit.start, hit.end):
        return found
    if found := contexts.named(around, hit.start, hit.end) or contexts.title(around, hit.start):
        return found
    if not hit.upper and (found := contexts.beside_canonical(around, form, hit.start, hit.end)):
        return found
    if entry.type == "place":
        found = contexts.ship(around, hit.start, hit.end) or contexts.surname(around, hit.start)
        found = found or contexts.other_state(around, entry, hit.end)
        found = found or contexts.historic(around, form, hit.start)
    return found or homonym(around, entry, hit.start, hit.end)


def _choose(forms: Sequence[Form], hit: Hit, around: Surroundings) -> tuple[Form, str | None]:
    """Choose among the entries that share a spelling; a bare surname needs its full name in the dispatch."""
    surnames = [form for form in forms if form.kind == "surname"]
    if len(surnames) < len(forms):
        others = [form for form in forms if form.kind != "surname"]
        doubt = len({form.target for form in others}) > 1
        return others[0], "homonym/two entries share this spelling" if doubt else None
    named = [form for form in surnames if _full_name_stands(form, around)]
    if len(named) == 1:
        return named[0], _other_given_name(named[0], hit, around)
    candidates = named or [form for form in surnames if around.gazetteer.entries[form.entry_id].distinctive]
    if not candidates:
        return surnames[0], "person/no full name in the dispatch"
    if not named and (stranger := _stranger(candidates[0], around)):
        return candidates[0], f"person/{stranger}"
    if len({form.target for form in candidates}) > 1:
        return candidates[0], "person/two people share this surname"
    return candidates[0], _other_given_name(candidates[0], hit, around)


def _full_name_stands(form: Form, around: Surroundings) -> bool:
    """Tell whether the dispatch names this person in full, in any spelling."""
    entry = around.gazetteer.entries[form.entry_id]
    return around.has_any(_full_names(_ById(entry), around.gazetteer.name(entry.id)))


@lru_cache(maxsize=1 << 13)
def _full_names(entry: _ById, name: str) -> tuple[str, ...]:
    """Return the spellings of a person's full name."""
    person = entry.entry
    given, surname, first = person_parts(person, name)
    combined = [
        f"{b} {a}" if first else f"{a} {b}"
        for a in (given, *person.given_variants)
        for b in (surname, *person.surname_variants)
    ]
    others = (text for text in (*person.variants, *person.aliases) if " " in text)
    return (name, *person.styles.values(), *others, *combined)


def _stranger(form: Form, around: Surroundings) -> str | None:
    """Return the given name of somebody else who bears this surname in the dispatch: Boris Zelensky, the baker."""
    own = _own_given_names(form.entry_id, around.gazetteer)
    for match in re.finditer(rf"([^\W\d_]+)\s{re.escape(form.text)}(?!\w)", around.text):
        if match[1] in contexts.given_names(around.gazetteer) and fold(match[1]) not in own:
            return match[1]
    return None


def _own_given_names(entry_id: str, gazetteer: Gazetteer) -> set[str]:
    entry = gazetteer.entries[entry_id]
    given = person_parts(entry, gazetteer.name(entry.id))[0]
    return {fold(name) for name in (*given.split(), *entry.given_variants)}


def _other_given_name(form: Form, hit: Hit, around: Surroundings) -> str | None:
    """A bare surname behind somebody else's given name is somebody else's: Igor Zelensky, the dancer."""
    before = around.text[max(0, hit.start - 30) : hit.start]
    word = before.split()[-1] if before.endswith((" ", "\u00a0")) and before.split() else ""
    if word not in contexts.given_names(around.gazetteer):
        return None
    return None if fold(word) in _own_given_names(form.entry_id, around.gazetteer) else f"person/{word}"


def _edits(text: str, decisions: Sequence[Decision]) -> list[NameEdit]:
    """Turn decisions into edits in the coordinates of `text`; an edit covers the words that change, not the others."""
    edits: list[NameEdit] = []
    shift = 0
    for decision in decisions:
        if decision.name is None or decision.name == decision.raw:
            continue
        (start, end), name = _words_that_change(decision)
        raw = text[start:end]
        span = (start + shift, start + shift + len(name))
        shift += len(name) - len(raw)
        edits.append(
            NameEdit(raw=raw, name=name, entity_id=decision.form.entry_id, rule=decision.form.rule,
                     raw_span=(start, end), span=span)
        )  # fmt: skip
    return edits


def _words_that_change(decision: Decision) -> tuple[Span, str]:
    """Leave out common words at both ends: in `Volodymyr Zelensky` the edit is `Zelensky` -> `Zelenskyy`."""
    start, end, raw, name = decision.start, decision.end, decision.raw, decision.name or ""
    while (cut := _first_word(raw)) and name.startswith(cut) and len(cut) < len(name):
        start, raw, name = start + len(cut), raw[len(cut) :], name[len(cut) :]
    while (cut := _last_word(raw)) and name.endswith(cut) and len(cut) < len(name):
        end, raw, name = end - len(cut), raw[: -len(cut)], name[: -len(cut)]
    return (start, end), name


def _first_word(text: str) -> str:
    """Return the first word with the space behind it, or nothing when there is one word."""
    match = re.match(r"\S+\s+(?=\S)", text)
    return match[0] if match else ""


def _last_word(text: str) -> str:
    match = re.search(r"(?<=\S)\s+\S+$", text)
    return match[0] if match else ""


def _compose(text_raw: str, first: Sequence[NameEdit], second: Sequence[NameEdit]) -> tuple[NameEdit, ...]:
    """Return the edits that lead from the raw text to what `second` makes of the result of `first`."""
    if not first:
        return tuple(second)
    to_raw = SpanMap(first)
    pieces: list[tuple[Span, str, NameEdit]] = [(e.raw_span, e.name, e) for e in first]
    middle = apply_edits(text_raw, first)
    to_middle = SpanMap(first)
    for edit in second:
        raw_span = to_raw.to_raw(edit.raw_span)
        wide = to_middle.to_text(raw_span)
        name = middle[wide[0] : edit.raw_span[0]] + edit.name + middle[edit.raw_span[1] : wide[1]]
        pieces = [p for p in pieces if p[0][1] <= raw_span[0] or p[0][0] >= raw_span[1]]
        pieces.append((raw_span, name, edit))
    composed: list[NameEdit] = []
    shift = 0
    for (start, end), name, edit in sorted(pieces, key=lambda piece: piece[0]):
        raw = text_raw[start:end]
        if raw == name:
            continue
        composed.append(replace_edit(edit, raw=raw, name=name, raw_span=(start, end), start=start + shift))
        shift += len(name) - len(raw)
    return tuple(composed)


def replace_edit(edit: NameEdit, *, raw: str, name: str, raw_span: Span, start: int) -> NameEdit:
    """Return the edit with other characters and spans, under the same rule."""
    return edit.model_copy(update={"raw": raw, "name": name, "raw_span": raw_span, "span": (start, start + len(name))})
