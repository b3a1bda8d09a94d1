"""What an export of a collection has in its columns, told by the collection's schema: the same for every document."""

from collections.abc import Mapping
from typing import Any

from flows.store.interface import Document
from flows.store.validators import validator

EXPORTED = ("dispatches", "revisions", "quotes", "entities", "rejections", "runs")


def columns(collection: str) -> Mapping[str, Document]:
    """Column -> its part of the collection's `$jsonSchema`, in the order of the model."""
    properties: Mapping[str, Document] = validator(collection)["properties"]
    return properties


def row(collection: str, document: Document) -> list[Any]:
    """The values of a document in these columns; None where it has none."""
    return [document.get(name) for name in columns(collection)]
