"""Unknown spellings close to known ones: a question for an editor, never applied.

A capitalized word is *unknown* when no spelling of the gazetteer contains it and the text does not use it in lower
case. It is *close* when one letter separates it from a known spelling (two in long words), an exchange of neighbours
counting as one, or when it is a known spelling with letters of another alphabet in it (Lukashenkо with a Cyrillic о).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from flows.gazetteer.compiled import Form, Gazetteer
from flows.gazetteer.fold import fold
from flows.gazetteer.forms import entry_forms

_SHORTEST, _LONG, _LONGEST_RUN = 7, 10, 4  # letters of a word that may be judged; of one that may differ twice; words
_KINDS_FIRST = ("name", "surname", "adjective", "people", "style", "variant", "full", "derived", "alias", "former")
_WORD = re.compile(r"[^\W\d_][\w'’‘-]*[\w]")
_POSSESSIVE = re.compile(r"['’]s?$")
# Letters of other alphabets that look like Latin ones: somebody typed them on the wrong keyboard, or on purpose.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһкмтвнАЕОРСУХІЈЅКМТВНΑΒΕΖΗΙΚΜΝΟΡΤΥΧοι",
    "aeopcyxijsdhkmtbhAEOPCYXIJSKMTBHABEZHIKMNOPTYXoi",
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A spelling that may be meant for a name: where it stands, and what would stand there."""

    span: tuple[int, int]
    raw: str
    entry_id: str
    name: str
    score: float  # 0 to 1, by the letters that agree


class Spellings:
    """The known spellings, ordered for being compared with unknown ones; made once for a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.words = {fold(name) for name in gazetteer.contexts.given_names}  # words of which a name may be made
        self.forms: dict[str, Form] = {}
        for entry in gazetteer.entries.values():
            for form in entry_forms(entry, gazetteer.style):
                folded = fold(form.text)
                self.words.update(_WORD.findall(folded))
                known = self.forms.get(folded)
                bare = form.kind == "surname" and not entry.distinctive  # Johnston is no misspelt Johnson
                if form.kind != "keep" and not bare and (known is None or _rank(form) < _rank(known)):
                    self.forms[folded] = form
        # By first letter and number of words, as neither is mistaken often; what is short is close to everything.
        self.alike: dict[tuple[str, int], list[str]] = defaultdict(list)
        for folded in self.forms:
            if len(folded) >= _SHORTEST - 1 and not folded.isdigit():
                self.alike[folded[0], folded.count(" ")].append(folded)


def suggest(text: str, gazetteer: Gazetteer, spellings: Spellings | None = None) -> list[Suggestion]:
    """Return what the unknown names in a text may be meant for, in order and without overlaps."""
    spellings = spellings or Spellings(gazetteer)
    # A bare surname is no name yet: Kim Jung Un.
    hits = [hit for hit in gazetteer.known.hits(text) if any(form.kind != "surname" for form in hit.forms)]
    taken = [(hit.start, hit.end) for hit in hits]
    lower = {word for word in _WORD.findall(text) if word.islower()}
    found: list[Suggestion] = []
    for start, end in _candidates(text, taken):
        raw = text[start:end]
        if found and start < found[-1].span[1]:
            continue
        form, score = _closest(raw, spellings, lower)
        if form and not (_behind_given_name(text, start, gazetteer) and not form.entry_id.startswith("person:")):
            found.append(Suggestion((start, end), raw, form.entry_id, form.target or form.text, round(score, 3)))
    return found


def _behind_given_name(text: str, start: int, gazetteer: Gazetteer) -> bool:
    """Tell whether a word is somebody's surname: Gary Ackerman is not the town of Akkerman."""
    before = text[max(0, start - 30) : start].split()
    return bool(before) and before[-1] in gazetteer.contexts.given_names


def _candidates(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield capitalized words outside known names, and runs of them; the longer before the shorter."""
    words = [(m.start(), _POSSESSIVE.sub("", m[0])) for m in _WORD.finditer(text) if m[0][0].isupper()]
    spans = [(start, start + len(word)) for start, word in words]
    for i, (start, _) in enumerate(spans):
        ends = [spans[i][1]]
        for at, end in spans[i + 1 : i + _LONGEST_RUN]:
            if text[ends[-1] : at] != " ":
                break
            ends.append(end)
        for end in reversed(ends):
            if not any(a < end and start < b for a, b in taken):
                yield start, end


def _closest(raw: str, spellings: Spellings, lower: set[str]) -> tuple[Form | None, float]:
    latin = fold(raw.translate(_LOOKALIKES))
    if latin != fold(raw) and latin.isascii() and latin in spellings.forms:
        return spellings.forms[latin], 1.0
    words = latin.split()
    if len(latin) < _SHORTEST or all(word in spellings.words for word in words) or latin in lower:
        return None, 0.0
    most = 2 if len(latin) >= _LONG and len(words) == 1 else 1
    choices = spellings.alike.get((latin[0], len(words) - 1), [])
    found = process.extract(latin, choices, scorer=OSA.distance, score_cutoff=most, limit=5)
    near = [(known, distance) for known, distance, _ in found if not _inflected(latin, known)]
    if not near:
        return None, 0.0
    known, distance = min(near, key=lambda pair: (pair[1], _rank(spellings.forms[pair[0]])))
    return spellings.forms[known], 1 - distance / max(len(latin), len(known))


def _inflected(word: str, known: str) -> bool:
    """Tell whether one is the other with an ending: a plural, an adjective, another form of a surname."""
    return word.startswith(known) or known.startswith(word)


def _rank(form: Form) -> int:
    return _KINDS_FIRST.index(form.kind) if form.kind in _KINDS_FIRST else len(_KINDS_FIRST)
