"""Text repair, each step of it recorded: what a wire broke on the way, and nothing that somebody wrote.

In this order: mojibake (ftfy), control characters, soft hyphens, and words that an old wire hyphenated at the end of a
line. A step records every place that it changed, with the characters that stood there, so that `undo` gives the text as
decoded back; the bytes are kept in `originals` besides.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from flows.read.hyphens import mended
from schemas.dispatch import Repair, RepairStep, TextEdit
from schemas.raw import RawDispatch

_FIELDS = ("text_raw", "headline", "byline", "slugline", "ed_note", "rights")
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]+")
_SOFT = re.compile("\xad+(?:\r?\n[ \t]*)?")  # at the end of a line it stood for a break inside of a word
_PIECE = re.compile("[^\n]{1,20000}")  # a line, or a piece of a long one
# Of more than one byte come more than one character; cp1252 read as Latin-1 gives C1 controls, and `à` may be `Ã `.
_SUSPECT = re.compile("[^\0-\x7f]{2}|[\x80-\x9f]|[\xc2\xc3\xe0] ")
_MOST_LOOKED_AT = 400_000  # characters in which mojibake is looked for; a megabyte takes some seconds
_MOST_EDITS = 5_000  # told one by one; more are told as one
Change = tuple[int, int, str]  # start, end, and what replaces it


def repaired(raw: RawDispatch) -> RawDispatch:
    """Return the raw dispatch with its text and its fields repaired, and all that was done in `repairs`."""
    repairs: list[Repair] = []
    changed: dict[str, str | None] = {}
    for name in _FIELDS:
        if text := getattr(raw, name):
            steps = [*_repair(name, text)]
            if steps:
                repairs += [repair for repair, _ in steps]
                changed[name] = steps[-1][1] or (None if name != "text_raw" else "")
    return raw.model_copy(update={**changed, "repairs": tuple(repairs)}) if repairs else raw


def undo(text: str, repairs: Iterable[Repair]) -> str:
    """Return the text before these repairs, which were made one after the other."""
    for repair in reversed(list(repairs)):
        parts, at = [], 0
        for edit in repair.edits:
            parts += [text[at : edit.span[0]], edit.raw]
            at = edit.span[1]
        text = "".join([*parts, text[at:]])
    return text


def _repair(name: str, text: str) -> Iterator[tuple[Repair, str]]:
    """Yield the steps that change a text, and the text after each."""
    for step, changes in _STEPS:
        found = [*changes(text)]
        if found:
            text, edits = _apply(text, found)
            yield Repair(field=name, step=step, edits=edits), text


def _apply(text: str, changes: list[Change]) -> tuple[str, tuple[TextEdit, ...]]:
    if len(changes) > _MOST_EDITS:
        changes = [_as_one(text, changes)]
    parts, edits, at, size = list[str](), list[TextEdit](), 0, 0
    for start, end, replacement in changes:
        parts += [text[at:start], replacement]
        size += start - at
        edits.append(TextEdit(raw=text[start:end], span=(size, size + len(replacement))))
        size += len(replacement)
        at = end
    return "".join([*parts, text[at:]]), tuple(edits)


def _as_one(text: str, changes: list[Change]) -> Change:
    """Return many changes as one, from the beginning of the first to the end of the last."""
    parts, at = list[str](), changes[0][0]
    for start, end, replacement in changes:
        parts += [text[at:start], replacement]
        at = end
    return changes[0][0], at, "".join(parts)


def _mojibake(text: str) -> Iterator[Change]:
    """Find lines whose characters are bytes of another encoding: `AÃ±o` for `Año`."""
    if text.isascii():
        return
    import ftfy

    left = _MOST_LOOKED_AT
    for piece in _PIECE.finditer(text):
        if left > 0 and _SUSPECT.search(piece[0]):
            left -= len(piece[0])
            better = ftfy.fix_encoding(piece[0])
            if better != piece[0]:
                same = _common(piece[0], better)
                behind = _common(piece[0][same:][::-1], better[same:][::-1])
                yield piece.start() + same, piece.end() - behind, better[same : len(better) - behind]


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _control(text: str) -> Iterator[Change]:
    """Find control characters: framing of a wire, NUL bytes. A page or line feed of print ends a line."""
    for found in _CONTROL.finditer(text):
        yield found.start(), found.end(), "\n" if "\f" in found[0] or "\v" in found[0] else ""


def _soft_hyphen(text: str) -> Iterator[Change]:
    for found in _SOFT.finditer(text) if "\xad" in text else ():
        yield found.start(), found.end(), ""


_STEPS: tuple[tuple[RepairStep, Callable[[str], Iterable[Change]]], ...] = (
    ("mojibake", _mojibake), ("control", _control), ("soft_hyphen", _soft_hyphen), ("line_hyphen", mended),
)  # fmt: skip
