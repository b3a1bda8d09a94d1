"""Makes collections, validators and indexes in a MongoDB database: only what is missing or different."""

from typing import Any

from pymongo import IndexModel, errors
from pymongo.database import Database

from flows.store.catalog import COLLECTIONS, INDEXES, PLAIN, TEXTS
from flows.store.interface import Document
from flows.store.validators import validator, without

_TEXT_INDEX = "words"
_EXISTS = 48
_UNKNOWN_KEYWORD = {9, 115}
_OTHER_OPTIONS = {85, 86}


def lay_out(database: Database[Document]) -> None:
    """Brings the database to the layout of this version. Safe to repeat, and for two processes at once."""
    present = {info["name"]: info.get("options", {}) for info in database.list_collections()}
    for collection in COLLECTIONS:
        schema = validator(collection)
        # Some compatible servers know fewer keywords; they check the rest of the schema.
        lenient = without(schema, "additionalProperties")
        if present.get(collection, {}).get("validator") not in ({"$jsonSchema": schema}, {"$jsonSchema": lenient}):
            try:
                _validate(database, collection, schema)
            except errors.OperationFailure as error:
                if error.code not in _UNKNOWN_KEYWORD:
                    raise
                _validate(database, collection, lenient)
        _index(database, collection)


def _validate(database: Database[Document], collection: str, schema: Document) -> None:
    """Makes the collection with its validator, or gives a present one the validator."""
    options: Any = {"validator": {"$jsonSchema": schema}, "validationLevel": "strict", "validationAction": "error"}
    try:
        database.create_collection(collection, check_exists=False, **options)
    except errors.OperationFailure as error:
        if error.code != _EXISTS:
            raise
        database.command("collMod", collection, **options)


def _index(database: Database[Document], collection: str) -> None:
    """Makes the indexes of a collection."""
    models = [
        IndexModel(
            list(index.fields),
            name=index.name,
            **({"partialFilterExpression": dict([index.only])} if index.only else {}),
        )
        for index in INDEXES[collection]
    ]
    if collection in TEXTS:
        weights = {**TEXTS[collection], PLAIN: 1}
        models.append(
            IndexModel(
                [(field, "text") for field in weights],
                name=_TEXT_INDEX,
                weights=weights,
                default_language="none",
                # Without this, the field `language` of a dispatch ("en-GB") would choose a stemmer, or be refused.
                language_override="text_index_language",
            )
        )
    if not models:
        return
    try:
        database[collection].create_indexes(models)
    except errors.OperationFailure as error:
        if error.code not in _OTHER_OPTIONS:
            raise
        # An older version made an index of this name with other fields.
        database[collection].drop_indexes()
        database[collection].create_indexes(models)
