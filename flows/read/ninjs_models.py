"""The rules of IPTC's JSON Schemas for ninjs 2 (to 2.4) and 3 (to 3.3), as models; ninjs 1 has models of its own.

ninjs 2 has the shape of ninjs 3 with names in lower case; `spell` writes these as ninjs 3 does, so that one model
serves both. Dates are not checked here: the schemas' `format` is a note, and IPTC's own tests let other dates pass.
"""

import re
from typing import Any, Literal

from flows.read.ninjs_parts import (
    AltId,
    Concept,
    Content,
    Coverage,
    EventDetails,
    Kind,
    News,
    Organisation,
    Place,
    Rendition,
    Rights,
    Subject,
    TrustIndicator,
)

_MOST_DEPTH = 60  # of objects in objects that are renamed
# Names of ninjs 3 that ninjs 2 writes in lower case.
_CAMEL = (
    "representationType", "firstCreated", "versionCreated", "contentCreated", "contentDigitised", "pubStatus", "edNote",
    "copyrightHolder", "copyrightNotice", "usageTerms", "contentType", "charCount", "wordCount", "contactInfo",
    "altIds", "postalCode", "symbolType", "geoJSON", "infoSources", "sizeInBytes", "aspectRatio", "videoCodec",
    "frameRate", "transportProtocol", "scanType", "trustIndicators", "rightsInfo", "langId", "linkedRights",
    "encodedRights", "digitalSourceType", "eventDetails", "plannedCoverage", "eventStatus", "plannedCoverageStatus",
)  # fmt: skip
LOWER = {name.lower(): name for name in _CAMEL} | {"embargoed": "embargoedUntil"}
_SPELLED = {name: lower for lower, name in LOWER.items()}


class Ninjs(News):
    """A news object of ninjs 2 or 3."""

    type: Kind = "text"
    representation_type: Literal["full", "partial"] = "full"
    descriptions: list[Content] = []
    bodies: list[Content] = []
    headlines: list[Content] = []
    people: list[Concept] = []
    organisations: list[Organisation] = []
    places: list[Place] = []
    subjects: list[Subject] = []
    events: list[Concept] = []
    event_details: EventDetails = EventDetails()
    planned_coverage: list[Coverage] = []
    objects: list[Concept] = []
    info_sources: list[Concept] = []
    by: str = ""
    renditions: list[Rendition] = []
    associations: list["Association"] = []
    alt_ids: list[AltId] = []
    trust_indicators: list[TrustIndicator] = []
    genres: list[Concept] = []
    rights_info: Rights = Rights.model_construct()
    digital_source_type: Concept = Concept()


class Association(Ninjs):
    """A news object that goes with another."""

    name: str
    rel: str = ""


def spell(value: Any, depth: int = 0) -> Any:
    """Return an object of ninjs 2 with its names as ninjs 3 writes them; names of ninjs 3 in it become unknown ones."""
    if depth >= _MOST_DEPTH:
        return value
    if isinstance(value, dict):
        return {_spelled(key): spell(inside, depth + 1) for key, inside in value.items()}
    return [spell(inside, depth + 1) for inside in value] if isinstance(value, list) else value


def _spelled(name: str) -> str:
    return LOWER.get(name) or (f"{name}?" if name in _SPELLED else name)


def unspell(loc: str) -> str:
    """Return the place of an error in ninjs 2, its names as they stand there."""
    return re.sub(r"[A-Za-z?]+", lambda name: _SPELLED.get(name[0], name[0].rstrip("?")), loc)
