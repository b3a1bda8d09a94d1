"""Names that are no entity, or a weapon: languages, and the ships that a noun before them tells."""

from collections.abc import Sequence

from flows.enrich.lexicon import Lexicon
from flows.enrich.mentions import Spotted
from flows.enrich.page import Page

_LANGUAGE = frozenset(["language", "dialect"])
_TIES = frozenset(["and", "or", ",", "both", "perfect", "some", "little", "only", "no", "good"])
_FAR = 6  # words of an enumeration: in English, French and Dutch
_LONGEST_NOUN = 2  # words: container ship
_ANY_SHIP = 0.97  # from which on a person is one, whatever stands before


def without_things(page: Page, names: Sequence[Spotted], lexicon: Lexicon) -> list[Spotted]:
    """Return names without languages and civilian ships; naval ships become weapons.

    `said in Dutch`, `the tanker Sea Lion`; but `the Dutch`, `in German hands`, `the tanker captain Ann Lee`.
    """
    kept: list[Spotted] = []
    for name in names:
        if is_language(page, name, lexicon):
            continue
        if (noun := _ship_before(page, name, lexicon)) is not None:
            if noun in lexicon.ships:
                continue
            name.type, name.entry_id, name.derived, name.kind = "weapon", None, False, "name"
        kept.append(name)
    return kept


def is_language(page: Page, name: Spotted, lexicon: Lexicon) -> bool:
    """Tell whether the name of a people stands for its language."""
    at, end = name.words
    if name.type != "group" or end - at != 1 or page.words[at].text not in lexicon.languages:
        return False
    if (noun := _noun_behind(page, at)) is not None:
        return noun in _LANGUAGE
    for before in range(at - 1, max(-1, at - 1 - _FAR), -1):
        word = page.words[before].text
        if word.lower() in lexicon.before_languages:
            return True
        if word not in lexicon.languages and word.lower() not in _TIES:
            return False
    return False


def _noun_behind(page: Page, word: int) -> str | None:
    """Return the word before which a name stands as an adjective: `in German hands`, `the Urdu language`."""
    after = word + 1
    if after >= len(page.words) or page.text[page.words[word].end : page.words[after].start] != " ":
        return None
    return page.words[after].text.lower() if page.tags[after] in ("NOUN", "PROPN", "ADJ", "NUM") else None


def _ship_before(page: Page, name: Spotted, lexicon: Lexicon) -> str | None:
    """Return the noun that calls a name a ship: `the ferry Estonia`."""
    first, end = name.words
    if name.type in ("event", "work") or (name.type == "person" and name.confidence >= _ANY_SHIP):
        return None
    if end < len(page.words) and page.tags[end] in ("PROPN", "PART") and page.relation(end) != "case":
        return None
    for size in range(min(_LONGEST_NOUN, first), 0, -1):
        start = page.words[first - size].start
        if page.text[page.words[first - 1].end : page.words[first].start] != " ":
            return None
        noun = " ".join(page.text[start : page.words[first - 1].end].lower().split())
        if noun in lexicon.ships or noun in lexicon.warships:
            return noun
    return None
