"""What a word is, and when a text matches a search: the same for every backend.

A word is a run of letters and digits. Case and diacritics do not count (`Zürich` = `ZURICH`). A query matches if each
of its words occurs as a whole word in one of the text fields; words in "quotation marks", and those joined by
punctuation (`U.S.`, `cease-fire`), must follow each other.

The indexes of the backends only propose candidates; `matches` decides.
"""

import re
import unicodedata
from collections.abc import Iterable

from flows.gazetteer.fold import capitalized

# The combining marks that writing adds to letters: Latin, Greek, Cyrillic, Hebrew points, Arabic vowel signs.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]"
)
_WORD = re.compile(r"[^\W_]+")
_PHRASE = re.compile(r'"([^"]*)"|([^\s"]+)')
_CURLY = str.maketrans("“”„«»", '"""""')


def fold(text: str) -> str:
    """Lower case, without diacritics."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text.lower())))


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(fold(text))


def name_tokens(text: str) -> list[str]:
    """The distinct words that have a capital letter, folded as the gazetteer folds names, sorted."""
    return sorted(capitalized(text))


def unaccented(*texts: str | None) -> list[str]:
    """The distinct folded words that differ from their lower-case form, sorted.

    They stand in the text index beside the text, so that a server whose index knows no diacritics finds them too.
    """
    found: set[str] = set()
    for text in texts:
        if text and not text.isascii():
            for word in _forms(text):
                if not word.isascii() and (folded := fold(word)) != word.lower():
                    found.update(_WORD.findall(folded))
    return sorted(found)


def _forms(text: str) -> set[str]:
    """The distinct words as written; composed first, for a loose accent would end a word."""
    return set(_WORD.findall(text if text.isascii() else unicodedata.normalize("NFC", text)))


def parse_query(query: str) -> list[tuple[str, ...]]:
    """The phrases of a query: each a tuple of folded words that must follow each other; none: nothing to search for."""
    parts = (quoted or single for quoted, single in _PHRASE.findall(query.translate(_CURLY)))
    return [phrase for part in parts if (phrase := tuple(words(part)))]


def matches(texts: Iterable[str | None], phrases: Iterable[tuple[str, ...]]) -> bool:
    """Does every phrase occur in one of the texts?"""
    haystack = " | ".join(" " + " ".join(words(text)) + " " for text in texts if text)
    return all(f" {' '.join(phrase)} " in haystack for phrase in phrases)
