"""Validators made from the models."""

from types import ModuleType
from typing import Any

import pytest

from flows.store import Store
from flows.store.catalog import COLLECTIONS
from flows.store.documents import dispatch_document, quote_documents, revision_document
from flows.store.interface import DocumentError
from flows.store.stories import save
from flows.store.validators import validator, without

KNOWN = {"bsonType", "required", "properties", "additionalProperties", "items", "enum", "minimum", "maximum"}


def keywords(schema: Any) -> set[str]:
    """All keywords in a schema; names of properties are not keywords."""
    if isinstance(schema, list):
        return set().union(*map(keywords, schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    below = [part for name, part in schema.items() if name not in ("properties", "enum", "required")]
    return set(schema).union(*map(keywords, [*below, *schema.get("properties", {}).values()]))


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_validator_has_only_keywords_that_mongodb_knows(collection: str) -> None:
    found = keywords(validator(collection))
    assert found <= KNOWN | {"minItems", "maxItems", "minLength", "maxLength", "pattern"}
    assert "additionalProperties" not in keywords(without(validator(collection), "additionalProperties"))


def test_a_validator_has_exactly_the_fields_of_the_documents(make: ModuleType) -> None:
    revision = revision_document(make.rich())
    assert set(revision) == set(validator("revisions")["required"])
    assert set(dispatch_document(revision) or ()) == set(validator("dispatches")["required"])
    assert set(quote_documents(revision)[0]) == set(validator("quotes")["required"])


def test_types_are_converted() -> None:
    fields = validator("revisions")["properties"]
    assert fields["published_at"] == {"bsonType": ["date", "null"]}
    assert fields["received_at"] == {"bsonType": "date"}
    assert fields["urgency"] == {"bsonType": ["int", "long", "null"], "minimum": 1, "maximum": 9}
    assert fields["status"] == {"enum": ["usable", "embargoed", "withheld", "killed"]}
    assert fields["dateline"]["bsonType"] == ["object", "null"]
    assert fields["dateline"]["properties"]["date"] == {"bsonType": ["date", "null"]}
    mention = fields["entities"]["items"]["properties"]["mentions"]["items"]
    assert mention["additionalProperties"] is False
    assert mention["properties"]["span"]["minItems"] == 2


BAD: list[tuple[str, Any]] = [
    ("status", "published"),
    ("text", None),
    ("published_at", "2024-03-01"),
    ("revision", 0),
    ("urgency", 10),
    ("entities", [{"id": "x"}]),
    ("provenance", None),
]


@pytest.mark.parametrize(("field", "value"), BAD, ids=str)
def test_a_server_refuses_what_the_schema_does_not_allow(
    store: Store, make: ModuleType, backend: str, field: str, value: Any
) -> None:
    if backend != "server":
        pytest.skip("validators are the server's")
    bad = revision_document(make.rich()) | {field: value}
    with pytest.raises(DocumentError, match="schema"):
        store.put("revisions", [bad])
    with pytest.raises(DocumentError, match="schema"):
        store.insert_new("revisions", [bad])
    assert store.count("revisions") == 0
    assert save(store, make.rich()) == "stored"
