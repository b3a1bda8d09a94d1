"""Doubtful names: what the engine is not sure of, and what else in the dispatch speaks for it.

`Khathide` read with doubt is the Lindiwe Khathide of the dispatch; whatever is said to have spoken is a name.
"""

from collections import defaultdict
from collections.abc import Sequence

from flows.enrich.mentions import Spotted
from flows.enrich.page import Page
from flows.gazetteer.fold import fold
from schemas.dispatch import EntityType

_VOUCHED = 0.75  # how sure a name is that another one of the dispatch vouches for
_SPEAKS = 0.1  # what is added for one that speaks
_TOLD = 0.55  # from which on a report counts
_SHORTEST = 4  # letters of a short form, unless it was read as a person's


def vouch(page: Page, spotted: Sequence[Spotted], least: float) -> None:
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
