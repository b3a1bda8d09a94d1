"""The store in one SQLite file: no server, several processes at once. The layout is told in `embedded_sql.py`.

neosqlite 1.17 can read this file, but does not write it: with an index on an array field its membership filters
silently find nothing, its `_id` column takes `12e345` for a number (SQLite 3.45 and later), and 2,800 inserts a second
are too few. Our own statements are fewer than the guards against that would be.
"""

# ruff: noqa: D102, S608 - the methods are told in `interface.py`; what SQL is made of are names of the catalog.

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from flows.store import embedded_sql as sql
from flows.store.catalog import KEY_TIME, KEYS, NEWEST, PLAIN, TEXTS, TOKENS
from flows.store.embedded_file import BUSY_SECONDS, EmbeddedFile
from flows.store.interface import Document, Filter, Sort, Store, Tally
from flows.store.words import matches, parse_query

_PAGE = 500
_MANY = 2000


class EmbeddedStore(Store):
    """A store in the SQLite file at `path`, which is made if it is not there."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self._file = EmbeddedFile(path, busy_seconds)
        self.location = self._file.location

    def ping(self) -> None:
        self._file.rows("SELECT 1 FROM sqlite_master")

    def prepare(self) -> None:
        self._file.adopt()

    def transaction(self) -> AbstractContextManager[None]:
        return self._file.transaction()

    def sync(self) -> None:
        # With `synchronous = NORMAL` the log reaches the disk at a checkpoint; another process may be at one already.
        self._file.rows("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        self._file.close()

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
        source, params, rest = sql.driver(collection, filter, sort)
        clause, values = sql.where(collection, rest)
        order = sql.order(sort, "k.time" if params else None)
        page = f" LIMIT {limit or -1} OFFSET {skip}" if limit or skip else ""
        if not sort:
            rows = self._file.rows(f"SELECT {_columns(fields)} FROM {source} WHERE {clause}{page}", [*params, *values])
            return [_document(row[0], fields) for row in rows]
        # Numbers first: a sorter would carry the documents along.
        rows = self._file.rows(f"SELECT d.id FROM {source} WHERE {clause}{order}{page}", [*params, *values])
        return list(self._numbered(collection, [row[0] for row in rows], fields))

    def _numbered(self, collection: str, numbers: list[int], fields: Sequence[str] = ()) -> Iterator[Document]:
        """The documents in the rows with these numbers, in this order."""
        for start in range(0, len(numbers), _PAGE):
            part = numbers[start : start + _PAGE]
            among = ",".join(map(str, part))
            rows = self._file.rows(f"SELECT id, {_columns(fields)} FROM {collection} WHERE id IN ({among})")
            found = dict(rows)
            yield from (_document(found[number], fields) for number in part if number in found)

    def count(self, collection: str, filter: Filter | None = None) -> int:
        clause, params = sql.where(collection, filter)
        return int(self._file.rows(f"SELECT count(*) FROM {collection} WHERE {clause}", params)[0][0])

    def tally(self, collection: str, field: str, values: Collection[str]) -> dict[str, Tally]:
        rows = self._file.rows(
            f"SELECT value, count(*), min(time), max(time) FROM {sql.KEYS_TABLE} "
            "WHERE field = ? AND value IN (SELECT value FROM json_each(?)) GROUP BY value",
            [f"{collection}.{field}", sql.encode(list(values))],
        )
        return {value: Tally(count, sql.moment(first), sql.moment(last)) for value, count, first, last in rows}

    def search(
        self, collection: str, query: str, filter: Filter | None = None, *, limit: int = 0, skip: int = 0
    ) -> list[Document]:
        phrases = parse_query(query)
        if not phrases:
            return []
        (words, params), (clause, values) = sql.candidates(collection, phrases), sql.where(collection, filter)
        common = self._file.rows(f"SELECT 1 FROM {collection} WHERE {words} LIMIT 1 OFFSET {_MANY}", params)
        # Of many candidates it is quicker to look up each document, in the order of time, among them: hence the `+`.
        statement = f"SELECT id FROM {collection} WHERE {'+' if common else ''}{words} AND {clause}{sql.order(NEWEST)}"
        if all(len(phrase) == 1 for phrase in phrases):
            # The index folds and splits as `words.py` does: single words need no second look.
            numbers = self._file.rows(f"{statement} LIMIT {limit or -1} OFFSET {skip}", [*params, *values])
            return list(self._numbered(collection, [number for (number,) in numbers]))
        numbers = self._file.rows(statement, [*params, *values])
        found: list[Document] = []
        for document in self._numbered(collection, [number for (number,) in numbers]):
            if matches((document.get(field) for field in TEXTS[collection]), phrases):
                found.append(document)
                if limit and len(found) == skip + limit:
                    break
        return found[skip:]

    # ---- writing

    def put(self, collection: str, documents: Sequence[Document]) -> None:
        statement = (
            f"INSERT INTO {collection} (_id, data) VALUES (?, ?) "
            "ON CONFLICT (_id) DO UPDATE SET data = excluded.data RETURNING id"
        )

        latest = {document["_id"]: document for document in documents}

        def work() -> None:
            self._file.unindex(collection, sql.encode(list(latest)))
            execute = self._file.db.execute
            numbers = [execute(statement, (id, sql.encode(it))).fetchall()[0][0] for id, it in latest.items()]
            self._file.index(collection, list(zip(numbers, latest.values(), strict=True)))

        if latest:
            self._file.write(work)

    def insert_new(self, collection: str, documents: Sequence[Document]) -> set[str]:
        statement = f"INSERT INTO {collection} (_id, data) VALUES (?, ?) ON CONFLICT (_id) DO NOTHING RETURNING id"

        def work() -> set[str]:
            inserted = [
                (number, document)
                for document in documents
                for (number,) in self._file.db.execute(statement, (document["_id"], sql.encode(document))).fetchall()
            ]
            self._file.index(collection, inserted)
            return {document["_id"] for _, document in inserted}

        return self._file.write(work) if documents else set()

    def patch(self, collection: str, ids: Collection[str], fields: Document) -> None:
        indexed = {KEY_TIME.get(collection), *(key.split(".")[0] for key in KEYS.get(collection, ()))}
        if collection in TEXTS:
            indexed |= {PLAIN, TOKENS, *TEXTS[collection]}
        if indexed & set(fields):
            with self.transaction():
                self.put(collection, [document | fields for document in self.get(collection, ids).values()])
            return
        pairs = "".join(f", {sql.path(field)}, json(?)" for field in fields)
        statement = (
            f"UPDATE {collection} SET data = json_set(data{pairs}) WHERE _id IN (SELECT value FROM json_each(?))"
        )
        params = [*(sql.encode(value) for value in fields.values()), sql.encode(list(ids))]
        if ids and fields:
            self._file.write(lambda: self._file.db.execute(statement, params))

    def delete(self, collection: str, ids: Collection[str]) -> None:
        def work() -> None:
            self._file.unindex(collection, sql.encode(list(ids)))
            statement = f"DELETE FROM {collection} WHERE _id IN (SELECT value FROM json_each(?))"
            self._file.db.execute(statement, [sql.encode(list(ids))])

        if ids:
            self._file.write(work)


def _columns(fields: Sequence[str]) -> str:
    """The document, or an array of its id and these fields, as JSON."""
    return "json_extract(data, '$._id'" + "".join(f", {sql.path(f)}" for f in fields) + ")" if fields else "data"


def _document(data: str, fields: Sequence[str]) -> Document:
    value = sql.decode(data)
    document: Document = dict(zip(("_id", *fields), value, strict=True)) if fields else value
    return document
