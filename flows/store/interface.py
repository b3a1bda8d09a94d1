"""The narrow interface that both backends share. Whatever is not described here is not used, and not promised.

A document is a dict of JSON values, aware datetimes and bytes; its `_id` is a string. A filter maps a field, or a
dotted path into embedded documents, to a scalar or to operators:

* a scalar: the field equals it, or, where the field is an array of scalars, contains it; None (not with a path): the
  field is null or absent;
* `{"$in": [...]}`: equals or contains one of them;
* `{"$gte" | "$gt" | "$lte" | "$lt": value}`: on datetimes, numbers and strings.

Datetimes are kept in UTC and to the millisecond, as in BSON. Every method is safe to repeat, and raises only what
`flows.errors` and this module define; no message ever holds a password.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from flows.errors import DispatchesError, StoreUnavailable

Document = dict[str, Any]
Filter = Mapping[str, Any]
Sort = Sequence[tuple[str, int]]


class Conflict(StoreUnavailable):
    """Another process changed the same documents in the meantime: run the transaction again."""


class DocumentError(DispatchesError):
    """The store refuses a document: it is too large, or against the collection's schema."""


class Tally(NamedTuple):
    """How many documents have a value, and the first and the last `time` among them."""

    number: int
    first: dt.datetime
    last: dt.datetime


class Store(Protocol):
    """Collections of documents, somewhere."""

    location: str
    """Where the store is; the password masked."""

    def ping(self) -> None:
        """Raises StoreUnavailable unless the store answers."""

    def prepare(self) -> None:
        """Makes collections, validators and indexes where they are missing. Two processes may do so at once."""

    def get(self, collection: str, ids: Collection[str], fields: Sequence[str] = ()) -> dict[str, Document]:
        """The documents with these ids, by id; the missing ones are left out. `fields` as in `find`."""
        found = self.find(collection, {"_id": {"$in": list(ids)}}, fields=fields) if ids else []
        return {document["_id"]: document for document in found}

    def find(
        self,
        collection: str,
        filter: Filter | None = None,
        *,
        sort: Sort = (),
        limit: int = 0,
        skip: int = 0,
        fields: Sequence[str] = (),
    ) -> list[Document]:
        """The documents that match.

        Args:
            collection: Its name.
            filter: See above; none means all.
            sort: Pairs of field and 1 or -1; `_id` breaks ties, in the direction of the last pair.
            limit: At most so many; 0 means all.
            skip: Leave out the first so many.
            fields: Top-level fields to return beside `_id`; none means all.
        """

    def count(self, collection: str, filter: Filter | None = None) -> int:
        """How many documents match."""

    def tally(self, collection: str, field: str, values: Collection[str]) -> dict[str, Tally]:
        """Value -> its tally over the documents that have (or contain) it in `field`; values with none are left out.

        The collection's documents have a `time`, and `field` is one of its `catalog.KEYS`.
        """

    def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Inserts the documents, or replaces those with the same `_id`."""

    def insert_new(self, collection: str, documents: Sequence[Document]) -> set[str]:
        """Inserts those whose `_id` is not there yet; the ids actually inserted. Not for use in a transaction."""

    def patch(self, collection: str, ids: Collection[str], fields: Document) -> None:
        """Sets these top-level fields on the documents with these ids; missing documents stay missing."""

    def delete(self, collection: str, ids: Collection[str]) -> None:
        """Deletes the documents with these ids."""

    def search(
        self, collection: str, query: str, filter: Filter | None = None, *, limit: int = 0, skip: int = 0
    ) -> list[Document]:
        """The documents whose text has all words of the query, newest first. `words.py` tells what a match is."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, where the backend can; else each write stands alone. Raises Conflict to be run again.

        A transaction within a transaction is part of the outer one.
        """

    def sync(self) -> None:
        """What was written so far survives a loss of power, too: before a source's own copy is taken away."""

    def close(self) -> None:
        """Ends the connection."""
