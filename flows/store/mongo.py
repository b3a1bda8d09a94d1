"""The store in MongoDB: any `mongodb://` or `mongodb+srv://` URI."""

# ruff: noqa: D102 - what the methods do is told in `interface.py`.

import threading
import time
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from bson.codec_options import CodecOptions
from pymongo import MongoClient, ReplaceOne, errors
from pymongo.client_session import ClientSession
from pymongo.collection import Collection as MongoCollection

from flows.store.catalog import COLLECTIONS, NEWEST, TEXTS
from flows.store.interface import Document, Filter, Sort, Store, Tally
from flows.store.location import mask
from flows.store.mongo_errors import ATTEMPTS, DUPLICATE, guarded
from flows.store.mongo_layout import lay_out
from flows.store.words import matches, parse_query

T = TypeVar("T")

_UNKNOWN_COMMIT = "UnknownTransactionCommitResult"


def connect(uri: str, database: str) -> "MongoStore":
    """A store at a URI; nothing is sent yet.

    Args:
        uri: `mongodb://` or `mongodb+srv://`.
        database: Name of the database, unless the URI names one.
    """
    location = mask(uri)

    # What the URI sets stays: PyMongo would prefer the arguments.
    wanted = {"serverSelectionTimeoutMS": 5000, "appname": "dispatches", "retryWrites": True}
    defaults: Any = {name: value for name, value in wanted.items() if name.lower() not in uri.lower()}

    def client() -> MongoClient[Document]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", UserWarning)  # PyMongo passes over an option that it does not know
                return MongoClient(uri, tz_aware=True, **defaults)
        except (ValueError, UserWarning):  # a port or an option; its text may quote the password
            pass
        raise errors.ConfigurationError

    opened = guarded(client, location)
    return MongoStore(opened, opened.get_default_database(database).name, location)


class MongoStore(Store):
    """A store in a database of a MongoDB server. Threads may share it."""

    def __init__(
        self, client: MongoClient[Document], database: str, location: str, transactional: bool | None = None
    ) -> None:
        """Holds a client.

        Args:
            client: Connected or not.
            database: Name of the database.
            location: Shown in messages; masked.
            transactional: Does the server have transactions? None: ask it when the first one is needed.
        """
        self.location = location
        self._client = client
        self._database = client.get_database(database, codec_options=CodecOptions(tz_aware=True))
        self._transactional = transactional
        self._own = threading.local()

    @property
    def _session(self) -> ClientSession | None:
        """The session of this thread's transaction."""
        return getattr(self._own, "session", None)

    def _do(self, work: Callable[[], T]) -> T:
        return guarded(work, self.location, again=self._session is None)

    def _collection(self, name: str) -> MongoCollection[Document]:
        if name not in COLLECTIONS:
            raise ValueError(f"the store has no collection {name!r}")
        return self._database[name]

    def ping(self) -> None:
        self._do(lambda: self._client.admin.command("ping"))

    def prepare(self) -> None:
        self._do(lambda: lay_out(self._database))

    def sync(self) -> None:
        # A write is acknowledged when a majority has it in its journal, unless the URI asks for less.
        return

    def close(self) -> None:
        self._client.close()

    # ---- reading

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
        def work() -> list[Document]:
            cursor = self._collection(collection).find(
                dict(filter or {}), list(fields) or None, limit=limit, skip=skip, session=self._session
            )
            return list(cursor.sort(_whole(sort)) if sort else cursor)

        return self._do(work)

    def count(self, collection: str, filter: Filter | None = None) -> int:
        return self._do(lambda: self._collection(collection).count_documents(dict(filter or {}), session=self._session))

    def tally(self, collection: str, field: str, values: Collection[str]) -> dict[str, Tally]:
        among = {"$in": list(values)}
        pipeline: list[Document] = [
            {"$match": {field: among}},
            {"$project": {"value": f"${field}", "time": 1}},
            {"$unwind": "$value"},
            {"$match": {"value": among}},
            {
                "$group": {
                    "_id": "$value",
                    "count": {"$sum": 1},
                    "first": {"$min": "$time"},
                    "last": {"$max": "$time"},
                }
            },
        ]
        rows = self._do(lambda: list(self._collection(collection).aggregate(pipeline, session=self._session)))
        return {row["_id"]: Tally(row["count"], row["first"], row["last"]) for row in rows}

    def _candidates(self, collection: str, words: Collection[str], filter: Filter) -> Iterator[Document]:
        """The documents that may have all these words, newest first."""
        quoted = " ".join(f'"{word}"' for word in words)
        return self._collection(collection).find({"$text": {"$search": quoted}, **filter}).sort(_whole(NEWEST))

    def search(
        self, collection: str, query: str, filter: Filter | None = None, *, limit: int = 0, skip: int = 0
    ) -> list[Document]:
        phrases = parse_query(query)
        wanted = dict.fromkeys(word for phrase in phrases for word in phrase)

        def work() -> list[Document]:
            found: list[Document] = []
            for document in self._candidates(collection, wanted, filter or {}):
                if matches((document.get(field) for field in TEXTS[collection]), phrases):
                    found.append(document)
                    if limit and len(found) == skip + limit:
                        break
            return found[skip:]

        return self._do(work) if phrases else []

    # ---- writing

    def put(self, collection: str, documents: Sequence[Document]) -> None:
        writes = [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in documents]
        if writes:
            self._do(lambda: self._collection(collection).bulk_write(writes, ordered=False, session=self._session))

    def insert_new(self, collection: str, documents: Sequence[Document]) -> set[str]:
        ids = {document["_id"] for document in documents}

        def work() -> set[str]:
            try:
                self._collection(collection).insert_many(documents, ordered=False)
            except errors.BulkWriteError as error:
                failed = error.details.get("writeErrors", [])
                if any(part["code"] != DUPLICATE for part in failed) or error.details.get("writeConcernErrors"):
                    raise
                return ids - {documents[part["index"]]["_id"] for part in failed}
            return ids

        return self._do(work) if documents else set()

    def patch(self, collection: str, ids: Collection[str], fields: Document) -> None:
        if ids and fields:
            among = {"_id": {"$in": list(ids)}}
            self._do(lambda: self._collection(collection).update_many(among, {"$set": fields}, session=self._session))

    def delete(self, collection: str, ids: Collection[str]) -> None:
        if ids:
            among = {"_id": {"$in": list(ids)}}
            self._do(lambda: self._collection(collection).delete_many(among, session=self._session))

    # ---- transactions

    def _has_transactions(self) -> bool:
        if self._transactional is None:
            hello: Document = self._do(lambda: self._client.admin.command("hello"))
            self._transactional = "setName" in hello or hello.get("msg") == "isdbgrid"
        return self._transactional

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._session is not None or not self._has_transactions():
            yield
            return
        session = self._do(self._client.start_session)
        try:
            session.start_transaction()
            self._own.session = session
            yield
            self._commit(session)
        finally:
            self._own.session = None
            # Aborts what was not committed; an unreachable server aborts by itself.
            _end(session)

    def _commit(self, session: ClientSession) -> None:
        def work() -> None:
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    session.commit_transaction()
                    return
                except errors.PyMongoError as error:
                    # Asking again is harmless: the server knows whether it has committed.
                    if not error.has_error_label(_UNKNOWN_COMMIT) or attempt == ATTEMPTS:
                        raise
                    time.sleep(0.1 * attempt)

        self._do(work)


def _end(session: ClientSession) -> None:
    """Ends a session, whatever the server says."""
    try:
        session.end_session()
    except errors.PyMongoError:
        return


def _whole(sort: Sort) -> list[tuple[str, int]]:
    """The sort with `_id` as its last field, so that pages do not overlap."""
    return [*sort, ("_id", sort[-1][1])] if all(field != "_id" for field, _ in sort) else list(sort)
