"""`$jsonSchema` validators, made from the Pydantic models: MongoDB itself refuses what the schemas do not allow."""

from functools import cache
from typing import Any

from pydantic import BaseModel

from flows.store.interface import Document
from schemas.dispatch import Dispatch, Quote
from schemas.rejection import Rejection
from schemas.run import RunReport

_STRING: Document = {"bsonType": "string"}
_OPTIONAL: Document = {"bsonType": ["string", "null"]}
_STRINGS: Document = {"bsonType": "array", "items": {"bsonType": "string"}}
_FLAG: Document = {"bsonType": "bool"}
_DATE: Document = {"bsonType": "date"}
_COUNT: Document = {"bsonType": ["int", "long"], "minimum": 0}
_TYPES: dict[str, str | list[str]] = {
    "string": "string",
    "integer": ["int", "long"],
    "number": ["double", "int", "long", "decimal"],
    "boolean": "bool",
    "array": "array",
    "object": "object",
    "null": "null",
}
_KEPT = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "required")


def convert(schema: Document, definitions: Document) -> Document:
    """A JSON Schema of Pydantic's as MongoDB understands it: BSON types, no references, no annotations.

    Args:
        schema: The schema, or a part of it.
        definitions: What its `$ref`s point to.
    """
    if "$ref" in schema:
        return convert(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        # The models have only "this or null", which needs no alternatives: a keyword applies to its own type.
        (some,) = (convert(part, definitions) for part in schema["anyOf"] if part != {"type": "null"})
        return _nullable(some)
    if "enum" in schema or "const" in schema:
        return {"enum": list(schema.get("enum", [schema.get("const")]))}
    result: Document = {"bsonType": _TYPES[schema["type"]]} if "type" in schema else {}
    if schema.get("format") in ("date-time", "date"):
        return {"bsonType": "date"}
    result |= {keyword: schema[keyword] for keyword in _KEPT if keyword in schema}
    if "properties" in schema:
        result["properties"] = {name: convert(part, definitions) for name, part in schema["properties"].items()}
    if "additionalProperties" in schema:
        extra = schema["additionalProperties"]
        result["additionalProperties"] = extra if isinstance(extra, bool) else convert(extra, definitions)
    if "prefixItems" in schema:
        result["items"] = [convert(part, definitions) for part in schema["prefixItems"]]
    elif "items" in schema:
        result["items"] = convert(schema["items"], definitions)
    return result


def _nullable(schema: Document) -> Document:
    if "enum" in schema:
        return {"enum": [*schema["enum"], None]}
    types = schema["bsonType"]
    return schema | {"bsonType": [*([types] if isinstance(types, str) else types), "null"]}


def _of_model(model: type[BaseModel], without_fields: tuple[str, ...] = (), **extra: Document) -> Document:
    """The schema of a model's documents: less its own id, plus `_id` and other fields; every field must be there."""
    schema = model.model_json_schema(mode="serialization")
    result = convert(schema, schema.get("$defs", {}))
    properties = {name: part for name, part in result["properties"].items() if name not in without_fields}
    return _object({"_id": _STRING, **properties, **extra})


def _object(properties: Document) -> Document:
    return {"bsonType": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


@cache
def validator(collection: str) -> Document:
    """The `$jsonSchema` of a collection. Do not change what it returns."""
    flat = dict.fromkeys(("entity_ids", "place_ids", "speaker_ids", "name_tokens", "unaccented"), _STRINGS)
    flags = dict.fromkeys(("settled", "current", "released"), _FLAG)
    as_of = {"bsonType": ["object", "null"], "properties": {"time": _DATE, "story_id": _STRING}}
    match collection:
        case "revisions":
            words = {"seed": _STRING, "announced": _STRING, "gist": _STRING, "keys": _STRINGS}
            found_by = words | {"traits": {"bsonType": "object"}}
            return _of_model(Dispatch, ("id",), version_key=_DATE, touched=_STRINGS, **flags, **found_by)
        case "dispatches":
            return _of_model(Dispatch, ("id",), dispatch_id=_STRING, time=_DATE, **flat)
        case "quotes":
            about = {
                "source": _STRING,
                "story_id": _STRING,
                "dispatch_id": _STRING,
                "headline": _OPTIONAL,
                "time": _DATE,
            }
            arrays = dict.fromkeys(("entity_ids", "dateline", "unaccented", "quote_bands"), _STRINGS)
            return _of_model(Quote, ("id",), **about, **arrays)
        case "entities":
            described = {"name": _STRING, "type": _STRING, "role": _OPTIONAL, "country": _OPTIONAL, "names": _STRINGS}
            counts = {"first_seen": _DATE, "last_seen": _DATE, "dispatch_count": _COUNT, "quote_count": _COUNT}
            origins = {"as_of": _object(dict.fromkeys(("name", "role", "country"), as_of))}
            return _object({"_id": _STRING, **described, **counts, **origins})
        case "rejections":
            return _of_model(Rejection, ("id",))
        case "runs":
            return _of_model(RunReport, ("run_id",))
        case "originals":
            sizes = {"index": _COUNT, "chunks": _COUNT, "size": _COUNT}
            return _object({"_id": _STRING, "sha256": _STRING, **sizes, "data": {"bsonType": "binData"}})
        case "files":
            told = {"source": _STRING, "stamp": _STRING, "dispatches": _COUNT, "seen_at": _DATE}
            return _object({"_id": _STRING, **told})
    raise ValueError(f"the store has no collection {collection!r}")


def without(schema: Any, keyword: str) -> Any:
    """The schema without a keyword, at any depth; no field may have such a name."""
    if isinstance(schema, dict):
        return {name: without(part, keyword) for name, part in schema.items() if name != keyword}
    return [without(part, keyword) for part in schema] if isinstance(schema, list) else schema
