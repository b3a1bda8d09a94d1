"""The parts of ninjs, as models: what stands inside of a news object of ninjs 2 and 3, and what all versions share.

`ninjs_models` says more.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

Kind = Literal["text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning"]
PubStatus = Literal["usable", "withheld", "canceled"]
Integer = Annotated[int, BeforeValidator(lambda v: int(v) if isinstance(v, float) and v.is_integer() else v)]
Urgency = Annotated[Integer, Field(ge=1, le=9)]
Percent = Annotated[Integer, Field(ge=0, le=100)]
_ZONE = r"(Z|[+-](2[0-3]|[01][0-9]):[0-5][0-9])?"
_TIME = rf"T(2[0-3]|[01][0-9]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?{_ZONE}"
Truncated = Annotated[
    str,
    StringConstraints(
        pattern=rf"^-?([1-9][0-9]*)?[0-9]{{4}}(-(1[0-2]|0[1-9])(-(3[01]|0[1-9]|[12][0-9])({_TIME})?)?)?$"
    ),
]


class Part(BaseModel):
    """An object of the format: its own properties only, of their own types, and none that is null."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, alias_generator=to_camel, validate_by_alias=True
    )

    def one_of(self, *names: str) -> bool:
        """Tell whether just one of these fields is there."""
        return len(self.model_fields_set.intersection(names)) == 1


_SHAPES = {"Point": 1, "MultiPoint": 2, "LineString": 2, "MultiLineString": 3, "Polygon": 3, "MultiPolygon": 4}


def is_geojson(value: object, depth: int = 0) -> bool:
    """Tell whether this is an object of GeoJSON: a geometry, a feature, or a collection of these."""
    if not isinstance(value, dict) or depth > 20:
        return False
    kind = value.get("type")
    if kind in ("GeometryCollection", "FeatureCollection"):
        inside = value.get("geometries" if kind == "GeometryCollection" else "features")
        return isinstance(inside, list) and all(is_geojson(each, depth + 1) for each in inside)
    if kind == "Feature":
        shape = value.get("geometry")
        return "properties" in value and (shape is None or is_geojson(shape, depth + 1))
    return isinstance(kind, str) and kind in _SHAPES and _nested(value.get("coordinates"), _SHAPES[kind])


def _nested(value: object, depth: int) -> bool:
    if not isinstance(value, list):
        return False
    if depth == 1:
        return len(value) >= 2 and all(type(number) in (int, float) for number in value)
    return all(_nested(each, depth - 1) for each in value)


class Address(Part):
    """A postal address."""

    lines: list[str] = []
    locality: str = ""
    area: str = ""
    postal_code: str = ""
    country: str = ""


class Contact(Part):
    """A way to reach someone."""

    type: str = ""
    role: str = ""
    lang: str = ""
    name: str = ""
    value: str = ""
    address: Address = Address()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if not self.one_of("value", "address"):
            raise ValueError("contact information has either `value` or `address`")
        return self


class Concept(Part):
    """A person, event, object, genre, source or the like."""

    id: str = ""
    name: str = ""
    rel: str = ""
    role: str = ""
    uri: str = ""
    literal: str = ""
    contact_info: list[Contact] = []


class Subject(Part):
    """A subject."""

    name: str = ""
    rel: str = ""
    uri: str = ""
    literal: str = ""
    creator: str = ""
    relevance: Percent = 0
    confidence: Percent = 0


class Symbol(Part):
    """A financial symbol."""

    ticker: str = ""
    exchange: str = ""
    symbol_type: str = ""
    symbol: str = ""


class Organisation(Concept):
    """An organisation."""

    symbols: list[Symbol] = []


class Place(Concept):
    """A place."""

    geo_json: dict[str, Any] = Field({}, alias="geoJSON")

    @model_validator(mode="after")
    def _geometry(self) -> Self:
        if "geo_json" in self.model_fields_set and not is_geojson(self.geo_json):
            raise ValueError("`geoJSON` is no GeoJSON object")
        return self


class Content(Part):
    """A headline, a body or a description."""

    role: str = ""
    content_type: str = ""
    char_count: float = 0
    word_count: float = 0
    value: str


class Point(Part):
    """A point of interest in a picture."""

    x: Integer = 0
    y: Integer = 0


class Resource(Part):
    """A component of a rendition."""

    role: str = ""
    title: str = ""
    language: str = ""
    content_type: str = ""


class Picture(Part):
    """What renditions of pictures and the like have in all versions."""

    href: str = ""
    title: str = ""
    width: float = 0
    height: float = 0
    size_in_bytes: float = 0
    duration: float = 0
    format: str = ""
    aspect_ratio: str = ""
    video_codec: str = ""
    frame_rate: float = 0
    poi: Point = Point()
    transport_protocol: str = ""
    scan_type: Literal["progressive", "interlaced"] = "progressive"
    bitrate: str = ""
    extensions: dict[str, str] = {}


class Rendition(Picture):
    """A rendition."""

    name: str
    content_type: str = ""
    resources: list[Resource] = []


class AltId(Part):
    """Another id."""

    role: str = ""
    value: str = ""


class TrustIndicator(Part):
    """A link to a document about trust."""

    scheme: str = ""
    code: str = ""
    role: str = ""
    title: str = ""
    href: str = ""


class Standard(Part):
    """The standard and its version."""

    name: str = ""
    version: str = ""
    schema_: str = Field("", alias="schema")


class Rights(Part):
    """Rights, linked or written out."""

    lang_id: str = ""
    linked_rights: str = ""
    encoded_rights: str = ""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if not self.one_of("linked_rights", "encoded_rights"):
            raise ValueError("rights information is either linked or encoded")
        return self


class News(Part):
    """What a news object has in all versions; which kinds there are, each says."""

    uri: str
    type: str = "text"
    profile: str = ""
    version: str = ""
    first_created: str = ""
    version_created: str = ""
    content_created: str = ""
    content_digitised: str = ""
    embargoed_until: str = ""
    pub_status: PubStatus = "usable"
    urgency: Urgency = 0  # none
    copyright_holder: str = ""
    copyright_notice: str = ""
    usage_terms: str = ""
    ed_note: str = ""
    language: str = ""
    title: str = ""
    slugline: str = ""
    located: str = ""
    standard: Standard = Standard()
    expires: str = ""


class Rule(Part):
    """How an event recurs."""

    frequency: Literal["secondly", "minutely", "hourly", "daily", "weekly", "monthly", "yearly"] = "daily"
    interval: Integer = 0
    until: str = ""
    count: Integer = 0


class Recurrence(Part):
    """When an event recurs."""

    recurrence_dates: Truncated | list[Truncated] = []
    recurrence_rules: list[Rule] = []


class Dates(Part):
    """The dates of an event or of planned coverage."""

    start_date: str = ""
    end_date: str = ""
    expected_start_date: Truncated = ""
    expected_end_date: Truncated = ""
    expected_duration: str = ""
    recurrence: Recurrence = Recurrence()

    @model_validator(mode="after")
    def _one_start_or_end(self) -> Self:
        if not (self.one_of("start_date", "expected_start_date") or self.one_of("end_date", "expected_end_date")):
            raise ValueError("there is either a start or an expected start, or the same of an end")
        return self


class EventDetails(Part):
    """An event."""

    event_status: str = ""
    planned_coverage_status: str = ""
    dates: Dates = Dates.model_construct()
    organiser: Organisation = Organisation()


class Reference(Part):
    """An order number or the like."""

    name: str = ""
    value: str = ""


class Commissioned(Part):
    """Who commissioned coverage."""

    by: str = ""
    on: str = ""
    references: list[Reference] = []


class Audience(Part):
    """For whom coverage is planned."""

    audience: str = ""
    significance: Integer = 0


class Count(Part):
    """How many items are planned."""

    range_from: Integer = 0
    range_to: Integer = 0


class Coverage(Part):
    """Planned coverage."""

    uri: str = ""
    title: str = ""
    pub_status: PubStatus = "usable"
    type: Kind = "text"
    commissioned: Commissioned = Commissioned()
    dates: Dates = Dates.model_construct()
    audiences: list[Audience] = []
    excl_audience: list[str] = []
    ed_note: str = ""
    urgency: Urgency = 5
    language: str = ""
    item_count: Count = Count()
    word_count: Integer = 0
    renditions: list[Rendition] = []
