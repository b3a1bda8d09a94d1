"""Doubtful names: what the engine is not sure of, and what else in the dispatch speaks for it.

`Khathide` read with doubt is the Lindiwe Khathide of the dispatch; whatever is said to have spoken is a name.
"""

from collections import defaultdict
from collections.abc import Sequence

from flows.enrich.lexicon import Lexicon
from flows.enrich.mentions import Spotted
from flows.enrich.page import Page
from flows.gazetteer.fold import fold
from schemas.dispatch import EntityType

_TITLED = 0.6  # how sure one is whose title stands before, if the engine saw at least a hint of a person
_HINT = 0.25
_KNOWN = 0.9  # from which on a surname vouches for the full name that the engine passed over
_LONGEST = 3  # words before a surname
_VOUCHED = 0.75  # how sure a name is that another one of the dispatch vouches for
_SPEAKS = 0.1  # what is added for one that speaks
_TOLD = 0.55  # from which on a report counts
_SHORTEST = 4  # letters of a short form, unless it was read as a person's


def full_names(page: Page, spotted: Sequence[Spotted], lexicon: Lexicon) -> list[Spotted]:
    """Return full names that the engine passed over, of people whom the dispatch calls by surname elsewhere.

    `Its spokesman, Cmdr. | Tremaine Quick |, said ...`, then `Quick said`: given names hang together with the surname.
    """
    words, text = page.words, page.text
    surnames = {
        text[slice(*name.span)] for name in spotted
        if name.type == "person" and name.confidence >= _KNOWN and name.words[1] - name.words[0] == 1
    }  # fmt: skip
    whole = {text[slice(*name.span)].split()[-1] for name in spotted if name.words[1] - name.words[0] > 1}
    wanted = surnames - whole
    taken = {word for name in spotted for word in range(*name.words)}
    found: list[Spotted] = []
    for last in range(1, len(words)) if wanted and page.parsed else ():
        first = last
        while (
            words[last].text in wanted and last - first < _LONGEST and _is_given(page, first - 1, last, taken, lexicon)
        ):
            first -= 1
        if first < last and last not in taken:
            found.append(Spotted(page.span_of((first, last + 1)), (first, last + 1), "person", _VOUCHED))
    return found


def _is_given(page: Page, word: int, last: int, taken: set[int], lexicon: Lexicon) -> bool:
    """Tell whether a word is a given name before a surname."""
    printed = page.words[word].text
    if word < 0 or word in taken or page.tags[word] != "PROPN" or not printed[0].isupper() or printed.isupper():
        return False
    if page.text[page.words[word].end : page.words[word + 1].start] != " ":
        return False
    if printed in lexicon.courtesy or printed.lower() in lexicon.titles or printed.lower() in lexicon.nouns:
        return False
    flat = page.relation(last) == "flat" and page.heads[last] <= word  # on the given name, or on the title before it
    return flat or page.heads[word] in range(word + 1, last + 1)


def vouch(page: Page, spotted: Sequence[Spotted], lexicon: Lexicon, least: float) -> None:
    """Raise the confidence of doubtful names for which the dispatch vouches.

    Args:
        spotted: all names, in order; changed in place.
        least: the confidence from which on a name is none of the doubtful.
    """
    text = page.text
    doubtful = [name for name in spotted if name.confidence < least and name.entry_id is None]
    if not doubtful:
        return
    short = _short_forms(page, [name for name in spotted if name.confidence >= least])
    speaking = _speaking(page)
    for name in doubtful:
        printed = text[slice(*name.span)]
        types = short.get(fold(printed), set())
        told = len(printed) >= _SHORTEST or (name.type == "person" and "person" in types)  # Lee, Xi
        if len(types) == 1 and printed[:1].isupper() and told:
            name.type, name.confidence = next(iter(types)), _VOUCHED
        elif name.type in ("person", "organization") and name.words in speaking and not printed.isupper():
            name.confidence += _SPEAKS
        if name.type == "person" and name.confidence >= _HINT and _is_titled(page, name, lexicon):
            name.confidence = max(name.confidence, _TITLED)


def _is_titled(page: Page, name: Spotted, lexicon: Lexicon) -> bool:
    """Tell whether a title stands before a name of two words and more: `race director Ann de la Tour told`."""
    first, end = name.words
    printed = page.text[slice(*name.span)]
    if first == 0 or end - first < 2 or not printed[0].isupper() or printed.isupper():
        return False
    before = page.words[first - 1].text
    return page.text[page.words[first - 1].end : name.span[0]] == " " and before.lower() in lexicon.titles


def _short_forms(page: Page, sure: Sequence[Spotted]) -> dict[str, set[EntityType]]:
    """Return what the people and organizations of a dispatch may be called for short, folded, with their types.

    A person by the last words (Le Bozec, Bozec) or the first (Lee Jae Myung: Lee), an organization by the first ones
    (Halvard Motors: Halvard).
    """
    short: dict[str, set[EntityType]] = defaultdict(set)
    for name in sure:
        if name.type not in ("person", "organization"):
            continue
        words = fold(page.text[slice(*name.span)]).split()
        person = name.type == "person"
        parts = [words[at:] if person else words[:at] for at in range(1, len(words))]
        for part in [*parts, words[:1]] if person and parts else parts:
            if len("".join(part)) > 1:
                short[" ".join(part)].add(name.type)
    return short


def _speaking(page: Page) -> set[tuple[int, int]]:
    """Return the sources of reports that are a name and nothing else, an article apart."""
    sources = [report.source for report in page.reading.reports or () if report.source and report.confidence >= _TOLD]
    found: set[tuple[int, int]] = set()
    for first, end in sources:
        article = page.words[first].text.lower() == "the" and end - first > 1
        if page.tags[end - 1] == "PROPN":
            found.add((first + article, end))
    return found
