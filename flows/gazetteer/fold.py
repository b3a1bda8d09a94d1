"""Folding: the form of a text in which spellings are compared, one character for one character.

Lower case; no diacritics; one kind of apostrophe, hyphen and space; no soft hyphens, zero-width characters,
combining marks or carriage returns. `text` offsets are kept, or given back by a map where characters were left out.
"""

import re
import unicodedata
from bisect import bisect_left
from functools import lru_cache

_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
# Soft hyphen, zero-width characters, byte-order mark, combining diacritics, carriage return: "Ki\u00adev" is Kiev.
_IGNORED = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u0300-\u036f\r]+")
_LETTERS = {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "İ": "I", "ħ": "h", "Ħ": "H"}
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = "\u2018\u2019\u02bc\u02b9\u02bb\u2032\u00b4`"
_HYPHENS = "\u2010\u2011\u2212"


class _Plain(dict[int, str]):
    """Characters and their ASCII-like counterparts, one for one; worked out when they are first met."""

    def __missing__(self, code: int) -> str:
        self[code] = made = _plain(chr(code))
        return made


def _plain(char: str) -> str:
    """Return the ASCII-like counterpart of a character, or the character itself; always one character."""
    if char in _LETTERS:
        return _LETTERS[char]
    if char in _APOSTROPHES:
        return "'"
    if char in _HYPHENS:
        return "-"
    if char.isspace():
        return " "
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isalpha() else char


_PLAIN = _Plain()


def plain(text: str) -> str:
    """Return the text with diacritics, apostrophes, hyphens and spaces made plain; case and length are kept."""
    text = text.replace("\n", " ").replace("\t", " ").replace("`", "'")
    return text if text.isascii() else _NON_ASCII.sub(lambda match: match[0].translate(_PLAIN), text)


def without_ignored(text: str) -> str:
    """Return the text without the characters that folding leaves out."""
    return _IGNORED.sub("", text)


class Folded:
    """A folded text that knows where its characters stood: `text` is what to search, `raw` maps an offset back."""

    __slots__ = ("_gaps", "_shifts", "text")

    def __init__(self, original: str) -> None:
        self._gaps: list[int] = []  # offsets in the folded text behind which characters were left out
        self._shifts: list[int] = []  # how many characters were left out up to there
        kept = original
        if _IGNORED.search(original):
            removed = 0
            for match in _IGNORED.finditer(original):
                self._gaps.append(match.start() - removed)
                removed += match.end() - match.start()
                self._shifts.append(removed)
            kept = without_ignored(original)
        self.text = plain(kept).lower()

    def raw_start(self, offset: int) -> int:
        """Return the offset in the original of the character at this offset."""
        at = bisect_left(self._gaps, offset + 1) - 1
        return offset + (self._shifts[at] if at >= 0 else 0)

    def raw_end(self, offset: int) -> int:
        """Return the offset in the original behind the character before this offset."""
        return self.raw_start(offset - 1) + 1 if offset else 0


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Return the folded form of a name; names come again and again."""
    return Folded(text).text


def capitalized(text: str) -> set[str]:
    """Return the words that have a capital letter, folded: a name is made of them, however it is printed."""
    words = set(_WORD.findall(plain(without_ignored(text))))
    return {word.lower() for word in words if word != word.lower()}
