"""The rules of IPTC's JSON Schemas for ninjs 1 (to 1.8), as models. Names of 2 and 3 are in `ninjs_models`."""

import re
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from flows.read.ninjs_parts import (
    Address,
    Contact,
    News,
    Part,
    Percent,
    Picture,
    Rights,
    Standard,
    Symbol,
    TrustIndicator,
)

M = TypeVar("M", bound=BaseModel)
_EXTENDED = re.compile(r"(?:description|body|headline)_[a-zA-Z0-9_]")  # as in the schemas, the end is not looked at
_GEOMETRY = re.compile(r"geometry_[a-zA-Z0-9_]")


def _only(model: M, pattern: re.Pattern[str]) -> M:
    unknown = [key for key in model.model_extra or {} if not pattern.match(key)]
    if unknown:
        raise ValueError(f"the format has no such property: {', '.join(unknown[:20])[:200]}")
    return model


def _lower(name: str) -> str:
    return name.replace("_", "")


# Names are those of ninjs 3 in lower case; a part of ninjs 1 that ninjs 3 has too differs in them alone.
_NAMES = ConfigDict(alias_generator=_lower)


class Address1(Address):
    """A postal address."""

    model_config = _NAMES


class Contact1(Contact):
    """A way to reach someone."""

    model_config = _NAMES

    address: Address1 = Address1()


class Symbol1(Symbol):
    """A financial symbol."""

    model_config = _NAMES


class Concept1(Part):
    """A person, organisation, subject, event, object, genre or source."""

    model_config = _NAMES

    name: str = ""
    rel: str = ""
    scheme: str = ""
    code: str = ""
    creator: str = ""
    relevance: Percent = 0
    confidence: Percent = 0
    symbols: list[Symbol1] = []
    contact_info: list[Contact1] = []


class Place1(Concept1):
    """A place, with geometries of any name."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, dict[str, Any]]

    @model_validator(mode="after")
    def _known(self) -> Self:
        return _only(self, _GEOMETRY)


class Rendition1(Picture):
    """A rendition."""

    model_config = _NAMES

    mime_type: str = ""
    resources: list[dict[str, str]] = []


class Rights1(Rights):
    """Rights, linked or written out."""

    model_config = _NAMES


class Source1(Part):
    """The kind of a digital source."""

    name: str = ""
    uri: str = ""
    literal: str = ""


Key = Annotated[str, StringConstraints(pattern="^[a-zA-Z0-9_]")]


class Ninjs1(News):
    """A news object of ninjs 1. Further `headline_…`, `body_…` and `description_…` are strings."""

    model_config = ConfigDict(alias_generator=_lower, extra="allow")
    __pydantic_extra__: dict[str, str]

    type: Literal["text", "audio", "video", "picture", "graphic", "composite", "component"] = "text"
    mime_type: str = ""
    representation_type: Literal["complete", "incomplete"] = "complete"
    embargoed_until: str = Field("", alias="embargoed")
    person: list[Concept1] = []
    organisation: list[Concept1] = []
    place: list[Place1] = []
    subject: list[Concept1] = []
    event: list[Concept1] = []
    object: list[Concept1] = []
    info_source: list[Concept1] = []
    byline: str = ""
    headline: str = ""
    char_count: float = 0
    word_count: float = 0
    renditions: dict[Key, Rendition1] = {}
    associations: dict[Key, "Ninjs1"] = {}
    alt_ids: dict[str, Any] = {}
    trust_indicator: list[TrustIndicator] = []
    standard: Standard = Field(Standard(), alias="$standard")
    genre: list[Concept1] = []
    rights_info: Rights1 = Rights1.model_construct()
    digital_source_type: Source1 = Source1()

    @model_validator(mode="after")
    def _known(self) -> Self:
        return _only(self, _EXTENDED)
