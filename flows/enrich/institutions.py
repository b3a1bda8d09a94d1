"""State bodies by their country: `the Belarusian defense ministry`, `Russia's Foreign Ministry`.

They are organizations of their own, one for each country, whatever they are called: the ministry of the adjective and
that of the possessive are the same.
"""

import re
from bisect import insort
from collections.abc import Iterator

from flows.enrich.joining import slug
from flows.enrich.lexicon import Lexicon
from flows.enrich.mentions import Found, Names
from flows.enrich.page import Page
from flows.gazetteer import Gazetteer
from schemas.dispatch import MentionKind, Span
from schemas.gazetteer import Entry

_CONFIDENCE = 0.9


def take_institutions(page: Page, names: Names, gazetteer: Gazetteer, lexicon: Lexicon) -> None:
    """Add the state bodies that stand behind the name of a people or country, and give them their country.

    `the Foreign Ministry` alone is the one of the dispatch, where there is one.
    """
    of_body: dict[str, set[str]] = {}  # foreign ministry -> those of the dispatch
    own: set[str] = set()
    for span, body, entry in list(_found(page, names, gazetteer, lexicon)):
        printed = page.text[slice(*body)]
        adjective = entry.adjectives[0] if entry.adjectives else gazetteer.name(entry.id)
        key = f"organization:{slug(f'{adjective} {printed}')}"
        own.add(key)
        of_body.setdefault(printed.lower(), set()).add(key)
        if key not in names.entities:
            known = gazetteer.entries.get(key)
            name = gazetteer.name(key) if known else f"{adjective} {_capitalized(printed)}"
            names.entities[key] = Found(key, name, "organization")
        names.entities[key].country = gazetteer.country_name(entry.country)
        _give(names, span, body, key, "name" if printed[0].isupper() else "nominal")
    for old, found in list(names.entities.items()):
        keys = of_body.get(found.name.lower(), set())
        if found.type == "organization" and old not in own and len(keys) == 1:
            for span, _, _ in list(found.mentions):
                _give(names, span, span, next(iter(keys)), "name")
    names.entities = {key: found for key, found in names.entities.items() if found.mentions}


def _capitalized(body: str) -> str:
    """Return the name of a body in the case of a name: `ministry of defense` -> `Ministry of Defense`."""
    return re.sub(r"\b(?:Of|The)\b", lambda small: small[0].lower(), body.title())


def _found(page: Page, names: Names, gazetteer: Gazetteer, lexicon: Lexicon) -> Iterator[tuple[Span, Span, Entry]]:
    """Yield the span of a state body, the span of its name without the country, and the country."""
    for (start, end), key in list(names.spans):
        entry = gazetteer.entries.get(key.replace("group:", "place:", 1))
        if entry is None or entry.kind != "country":
            continue
        match = lexicon.institution_pattern.match(page.text, end)
        if not match or (key.startswith("place:") != bool(match["possessive"])):
            continue
        body = match.span("body")
        if _goes_on(page, body, lexicon):
            continue  # `a Belarusian defense ministry spokesman`
        yield (body if key.startswith("place:") else (start, body[1])), body, entry


def _goes_on(page: Page, body: Span, lexicon: Lexicon) -> bool:
    """Tell whether a noun follows to which the body only belongs."""
    after = page.words_of(body)[1]
    if after >= len(page.words) or page.text[body[1] : page.words[after].start] != " ":
        return False
    return page.tags[after] in ("NOUN", "PROPN") or page.words[after].text.lower() in lexicon.nouns


def _give(names: Names, span: Span, body: Span, key: str, kind: MentionKind) -> None:
    """Give a mention to an entity, and take it from whoever had it, or had a part of it: names do not overlap."""
    sure = _CONFIDENCE
    for other, owner in names.at(*span):
        if owner != key and (
            kind == "name" or (other in (span, body) and names.entities[owner].type == "organization")
        ):
            mentions = names.entities[owner].mentions
            sure = max([sure, *(confidence for at, _, confidence in mentions if at == other)])
            names.entities[owner].mentions = [mention for mention in mentions if mention[0] != other]
            names.spans.remove((other, owner))
    if (span, key) not in names.at(*span):
        insort(names.spans, (span, key))
        names.entities[key].mentions.append((span, kind, sure))
