"""Institutions in lower case, by their country: `the Belarusian defense ministry`."""

import re

from flows.enrich.joining import slug
from flows.enrich.mentions import Found, Names
from flows.gazetteer import Gazetteer

_CONFIDENCE = 0.9
_BODY = re.compile(
    r" (?P<body>(?:(?:defen[cs]e|foreign|interior|health|finance|economy|energy|justice|agriculture|transport|culture"
    r"|trade|education|labor|labour|emergencies|industry|information) ministry|parliament|central bank|general staff"
    r"|embassy|security service|border guard service|air force|navy|coast guard))"
    r"(?! (?:spokes|official|source|chief|adviser|aide|minister|building|employee|staff|worker|lawmaker|statement"
    r"|report|member))\b"
)


def take_institutions(text: str, names: Names, gazetteer: Gazetteer) -> None:
    """Add the state bodies that stand in lower case behind the name of a people."""
    for (start, end), key in list(names.spans):
        country = key.replace("group:", "place:", 1)
        if not key.startswith("group:") or country not in gazetteer.entries:
            continue
        if match := _BODY.match(text, end):
            name = f"{text[start:end]} {match['body'].title()}"
            own = f"organization:{slug(name)}"
            home = gazetteer.country_name(gazetteer.entries[country].country)
            found = names.entities.setdefault(own, Found(own, name, "organization", country=home))
            found.mentions.append(((start, match.end()), "nominal", _CONFIDENCE))
            names.spans.append(((start, match.end()), own))
    names.spans.sort()
