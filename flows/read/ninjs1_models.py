"""The rules of IPTC's JSON Schemas for ninjs 1 (to 1.8), as models. Names of 2 and 3 are in `ninjs_models`."""

import re
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from flows.read.ninjs_parts import Part, Percent, Point, PubStatus, Standard, TrustIndicator, Urgency

M = TypeVar("M", bound=BaseModel)
_EXTENDED = re.compile(r"(?:description|body|headline)_[a-zA-Z0-9_]")  # as in the schemas, the end is not looked at
_GEOMETRY = re.compile(r"geometry_[a-zA-Z0-9_]")


def _only(model: M, pattern: re.Pattern[str]) -> M:
    unknown = [key for key in model.model_extra or {} if not pattern.match(key)]
    if unknown:
        raise ValueError(f"the format has no such property: {', '.join(unknown[:20])[:200]}")
    return model


class Ninjs1Part(Part):
    """An object of ninjs 1, whose names are written as they are."""

    model_config = ConfigDict(alias_generator=str)


class Address1(Ninjs1Part):
    """A postal address."""

    lines: list[str] = []
    locality: str = ""
    area: str = ""
    postalcode: str = ""
    country: str = ""


class Contact1(Ninjs1Part):
    """A way to reach someone."""

    type: str = ""
    role: str = ""
    lang: str = ""
    name: str = ""
    value: str = ""
    address: Address1 = Address1()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if not self.one_of("value", "address"):
            raise ValueError("contact information has either `value` or `address`")
        return self


class Symbol1(Ninjs1Part):
    """A financial symbol."""

    ticker: str = ""
    exchange: str = ""
    symboltype: str = ""
    symbol: str = ""


class Concept1(Ninjs1Part):
    """A person, organisation, subject, event, object, genre or source."""

    name: str = ""
    rel: str = ""
    scheme: str = ""
    code: str = ""
    creator: str = ""
    relevance: Percent = 0
    confidence: Percent = 0
    symbols: list[Symbol1] = []
    contactinfo: list[Contact1] = []


class Place1(Concept1):
    """A place, with geometries of any name."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, dict[str, Any]]

    @model_validator(mode="after")
    def _known(self) -> Self:
        return _only(self, _GEOMETRY)


class Rendition1(Ninjs1Part):
    """A rendition of pictures and the like."""

    href: str = ""
    mimetype: str = ""
    title: str = ""
    height: float = 0
    width: float = 0
    sizeinbytes: float = 0
    duration: float = 0
    format: str = ""
    aspectratio: str = ""
    videocodec: str = ""
    framerate: float = 0
    poi: Point = Point()
    transportprotocol: str = ""
    scantype: Literal["progressive", "interlaced"] = "progressive"
    bitrate: str = ""
    resources: list[dict[str, str]] = []
    extensions: dict[str, str] = {}


class Rights1(Ninjs1Part):
    """Rights, linked or written out."""

    langid: str = ""
    linkedrights: str = ""
    encodedrights: str = ""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if not self.one_of("linkedrights", "encodedrights"):
            raise ValueError("rights information is either linked or encoded")
        return self


class Source1(Ninjs1Part):
    """The kind of a digital source."""

    name: str = ""
    uri: str = ""
    literal: str = ""


Key = Annotated[str, StringConstraints(pattern="^[a-zA-Z0-9_]")]


class Ninjs1(Ninjs1Part):
    """A news object of ninjs 1. Further `headline_…`, `body_…` and `description_…` are strings."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str]

    uri: str
    type: Literal["text", "audio", "video", "picture", "graphic", "composite", "component"] = "text"
    mimetype: str = ""
    representationtype: Literal["complete", "incomplete"] = "complete"
    profile: str = ""
    version: str = ""
    firstcreated: str = ""
    versioncreated: str = ""
    contentcreated: str = ""
    contentdigitised: str = ""
    embargoed: str = ""
    pubstatus: PubStatus = "usable"
    urgency: Urgency = 0  # none
    copyrightholder: str = ""
    copyrightnotice: str = ""
    usageterms: str = ""
    ednote: str = ""
    language: str = ""
    person: list[Concept1] = []
    organisation: list[Concept1] = []
    place: list[Place1] = []
    subject: list[Concept1] = []
    event: list[Concept1] = []
    object: list[Concept1] = []
    infosource: list[Concept1] = []
    title: str = ""
    byline: str = ""
    headline: str = ""
    slugline: str = ""
    located: str = ""
    charcount: float = 0
    wordcount: float = 0
    renditions: dict[Key, Rendition1] = {}
    associations: dict[Key, "Ninjs1"] = {}
    altids: dict[str, Any] = {}
    trustindicator: list[TrustIndicator] = []
    standard: Standard = Field(Standard(), alias="$standard")
    genre: list[Concept1] = []
    expires: str = ""
    rightsinfo: Rights1 = Rights1.model_construct()
    digitalsourcetype: Source1 = Source1()

    @model_validator(mode="after")
    def _known(self) -> Self:
        return _only(self, _EXTENDED)
