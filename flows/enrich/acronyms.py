"""Acronyms: `Organization for Security and Cooperation in Europe (OSCE)`, and OSCE alone thereafter."""

import re
from collections.abc import Iterable, Sequence

from flows.enrich.mentions import Spotted

_ACRONYM = re.compile(r"(?:[A-Z][A-Za-z]?[A-Z&-]*[A-Z][A-Z0-9-]*s?|[A-Z][a-z]{2}[A-Z]|(?:[A-Z]\.){2,})")  # MoD, PvdA
_OPENS = re.compile(
    r" ?\((?:the |or |known as |an acronym for )?[\"“‘']?|,? (?:or|known as|abbreviated as)(?: the)? [\"“‘']?",
    re.IGNORECASE,
)
_SMALL = frozenset(["of", "and", "the", "for", "in", "on", "to", "at", "de", "la", "des", "du", "et", "&", "a", "an"])
_WORD = re.compile(r"[^\W_]+")


def initials(name: str) -> set[str]:
    """Return the letters that a name may be shortened to: with its small words and without them."""
    words = _WORD.findall(name)
    if len(words) < 2:
        return set()
    all_words = "".join(word[0] for word in words).upper()
    without = "".join(word[0] for word in words if word.lower() not in _SMALL).upper()
    return {letters for letters in (all_words, without) if len(letters) > 1}


def is_acronym(name: str) -> bool:
    """Tell whether a name is written as an acronym: `OSCE`, `U.N.`, `MoD`."""
    return len(name) <= 10 and _ACRONYM.fullmatch(name) is not None


def letters(acronym: str) -> str:
    """Return the capitals of an acronym."""
    return "".join(char for char in acronym if char.isupper())


def bound_in_parentheses(text: str, names: Sequence[Spotted]) -> dict[int, int]:
    """Return which names are acronyms of the name before them (or, for `OSCE (Organization ...)`, behind them).

    Returns:
        number of the acronym in `names` -> number of its long form.
    """
    bound: dict[int, int] = {}
    for at in range(1, len(names)):
        one, two = names[at - 1], names[at]
        gap = text[one.span[1] : two.span[0]]
        behind = text[two.span[1] : two.span[1] + 2].lstrip("\"”’'")[:1]
        if len(gap) > 24 or not _OPENS.fullmatch(gap) or behind not in ((")",) if "(" in gap else (",", ".", ")")):
            continue
        if one.type != "organization" or two.type != "organization":
            continue
        first, second = text[slice(*one.span)], text[slice(*two.span)]
        if is_acronym(second) and _stands_for(letters(second), first):
            bound[at] = at - 1
        elif is_acronym(first) and _stands_for(letters(first), second):
            bound[at - 1] = at
    return bound


def _stands_for(capitals: str, name: str) -> bool:
    """Tell whether letters in parentheses may stand for a name: its initials, or letters of it in order.

    Behind a longer name they stand for it in another language, too: `National Union of Crews (SNCV)`,
    `the Workers' Party (PT)`.
    """
    if capitals in initials(name) or (len(capitals) > 1 and len(_WORD.findall(name)) > 1):
        return True
    rest = iter(name.upper())
    return name[:1].upper() == capitals[:1] and all(char in rest for char in capitals)


def by_initials(capitals: str, long_forms: Iterable[str]) -> str | None:
    """Return the one long form that has these initials; None if there is none, or another."""
    found = {name for name in long_forms if capitals in initials(name)}
    return found.pop() if len(found) == 1 else None
