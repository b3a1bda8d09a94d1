"""How a document lies in the SQLite file, and how a filter becomes SQL. No connection here.

The tables have the layout of neosqlite, so that a consumer may open the file with its PyMongo-like API: per collection
a table `(id, _id, data)` with the document as JSON, datetimes as `{"$date": ...}`. Beside them stand, under names that
neosqlite takes for internal ones:

* `_neosqlite_dispatches_keys`: one row per document and value of a field in `catalog.KEYS`, with the document's time:
  SQLite has no index over the members of an array, and this one is in the order in which they are asked for;
* `<collection>_words_fts`: the words of the searched texts, and the name tokens.
"""

# ruff: noqa: S608 - what SQL is made of are names of the catalog, and paths, quoted; values are parameters.

import base64
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from flows.store.catalog import COLLECTIONS, INDEXES, KEY_TIME, KEYS, PLAIN, TEXTS, TOKENS, values_at
from flows.store.interface import Document, Filter, Sort
from flows.store.words import fold

KEYS_TABLE = "_neosqlite_dispatches_keys"
_RANGE = {"$gte": ">=", "$gt": ">", "$lte": "<=", "$lt": "<"}
_ARRAYS = {"entity_ids", "place_ids", "speaker_ids", "quote_bands", "names", "keys", TOKENS, PLAIN}
# Fields that are known to hold no array, and whose expression is indexed.
_SCALARS = {(c, f) for c in COLLECTIONS for index in INDEXES[c] for f, _ in index.fields if f not in _ARRAYS}

Where = tuple[str, list[Any]]


def _storable(value: object) -> object:
    if isinstance(value, dt.datetime):
        return {"$date": value.astimezone(dt.UTC).isoformat(timespec="milliseconds")}
    if isinstance(value, bytes):
        return {"__neosqlite_binary__": True, "data": base64.b64encode(value).decode(), "subtype": 0}
    raise TypeError(f"no place for {type(value).__name__} in a document")


def _revived(value: dict[str, Any]) -> Any:
    if "$date" in value:
        return dt.datetime.fromisoformat(value["$date"])
    if "__neosqlite_binary__" in value:
        return base64.b64decode(value["data"])
    return value


def encode(value: object) -> str:
    """A document, or a value in it, as JSON."""
    return orjson.dumps(value, default=_storable, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


def decode(data: str) -> Any:
    """The inverse of `encode`."""
    return json.loads(data, object_hook=_revived)


def parameter(value: object) -> Any:
    """A scalar as SQLite compares it with what `json_extract` gives."""
    if isinstance(value, bool):
        return int(value)
    return encode(value) if isinstance(value, dt.datetime) else value


def path(field: str) -> str:
    """A dotted path as a JSON path, quoted for SQL."""
    return "'$" + "".join(f'."{part}"' for part in field.replace('"', "").replace("'", "").split(".")) + "'"


def milliseconds(moment: dt.datetime) -> int:
    """A time as an integer that sorts as it does."""
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(milliseconds=1)


def moment(number: int) -> dt.datetime:
    """The inverse of `milliseconds`."""
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=number)


def key_rows(collection: str, document: Document, number: int) -> list[tuple[str, str, int, int]]:
    """The rows of a document in the table of keys."""
    time = document.get(KEY_TIME.get(collection, ""))
    if not isinstance(time, dt.datetime):
        return []
    return [
        (f"{collection}.{field}", str(value), milliseconds(time), number)
        for field in KEYS.get(collection, ())
        for value in values_at(document, field)
    ]


def word_row(collection: str, document: Document, number: int) -> tuple[int, str, str]:
    """The row of a document in the table of words."""
    texts = " ".join(document.get(field) or "" for field in TEXTS[collection])
    return number, fold(texts), " ".join(document.get(TOKENS, ()))


def schema() -> list[str]:
    """The statements that make tables and indexes."""
    columns = "field TEXT, value TEXT, time INTEGER, doc INTEGER, PRIMARY KEY (field, value, time, doc)"
    statements = [f"CREATE TABLE IF NOT EXISTS {KEYS_TABLE} ({columns}) WITHOUT ROWID"]
    for collection in COLLECTIONS:
        # neosqlite would type `_id` JSONB, of numeric affinity: "12e345" and "0012" would lose themselves as numbers.
        columns = "id INTEGER PRIMARY KEY AUTOINCREMENT, _id TEXT NOT NULL UNIQUE, data TEXT NOT NULL"
        statements.append(f"CREATE TABLE IF NOT EXISTS {collection} ({columns})")
        for index in INDEXES[collection]:
            if (collection, index.fields[0][0]) not in _SCALARS or index.fields[0][0] in KEYS.get(collection, ()):
                continue
            terms = ", ".join(f"json_extract(data, {path(field)})" for field, _ in index.fields)
            only = f" WHERE json_extract(data, {path(index.only[0])}) = {int(index.only[1])}" if index.only else ""
            statements.append(f"CREATE INDEX IF NOT EXISTS {collection}__{index.name} ON {collection} ({terms}){only}")
        if collection in TEXTS:
            columns = "words, tokens, detail=column, tokenize='unicode61 remove_diacritics 0'"
            statements.append(f"CREATE VIRTUAL TABLE IF NOT EXISTS {collection}_words_fts USING fts5({columns})")
    return statements


def _quoted(terms: Iterable[object], operator: str) -> str:
    """FTS5 terms, joined."""
    return operator.join('"' + str(term).replace('"', "") + '"' for term in terms)


def candidates(collection: str, phrases: Sequence[tuple[str, ...]]) -> Where:
    """Documents that have all words of the phrases."""
    words = dict.fromkeys(word for phrase in phrases for word in phrase)
    table = f"{collection}_words_fts"
    match = "{words} : (" + _quoted(words, " AND ") + ")"
    return f"id IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)", [match]


def _equals(collection: str, field: str, values: Sequence[object]) -> Where:
    """The field is one of the values, or its array contains one."""
    expression = "_id" if field == "_id" else f"json_extract(data, {path(field)})"
    listed = json.dumps([parameter(value) for value in values if value is not None])
    among = "IN (SELECT value FROM json_each(?))"
    if field in KEYS.get(collection, ()) and None not in values:
        return f"id IN (SELECT doc FROM {KEYS_TABLE} WHERE field = ? AND value {among})", [
            f"{collection}.{field}",
            listed,
        ]
    if field == "_id" or (collection, field) in _SCALARS:
        one = len(values) == 1 and values[0] is not None
        # A literal, where SQLite must see that a partial index applies.
        if one and isinstance(values[0], bool):
            return f"{expression} = {int(values[0])}", []
        clause, params = (f"{expression} = ?", [parameter(values[0])]) if one else (f"{expression} {among}", [listed])
    else:
        inside = f"EXISTS (SELECT 1 FROM json_each(data, {path(field)}) WHERE value {among})"
        clause, params = f"({expression} {among} OR {inside})", [listed, listed]
        if field == TOKENS and collection in TEXTS and values and None not in values:
            table = f"{collection}_words_fts"
            clause = f"id IN (SELECT rowid FROM {table} WHERE {table} MATCH ?) AND {clause}"
            params = ["{tokens} : (" + _quoted(values, " OR ") + ")", *params]
    if None in values:
        clause = f"({clause} OR {expression} IS NULL)"
    return clause, params


def where(collection: str, filter: Filter | None) -> Where:
    """The conditions of a filter, and their parameters."""
    if collection not in COLLECTIONS:
        raise ValueError(f"the store has no collection {collection!r}")
    clauses: list[str] = ["1"]
    params: list[Any] = []
    for field, wanted in (filter or {}).items():
        if not isinstance(wanted, dict):
            clause, values = _equals(collection, field, [wanted])
            clauses, params = [*clauses, clause], [*params, *values]
            continue
        for operator, value in wanted.items():
            if operator == "$in":
                clause, values = _equals(collection, field, list(value))
            elif operator in _RANGE:
                expression = "_id" if field == "_id" else f"json_extract(data, {path(field)})"
                clause, values = f"{expression} {_RANGE[operator]} ?", [parameter(value)]
            else:
                raise ValueError(f"the store knows no operator {operator}")
            clauses, params = [*clauses, clause], [*params, *values]
    return " AND ".join(clauses), params


def order(sort: Sort, time: str | None = None) -> str:
    """The ORDER BY clause; `time` is a column that holds the time, if the query has one."""
    if not sort:
        return ""
    columns = {"_id": "_id", **({"time": time} if time else {})}
    terms = [f"{columns.get(f, f'json_extract(data, {path(f)})')} {'ASC' if way > 0 else 'DESC'}" for f, way in sort]
    if all(field != "_id" for field, _ in sort):
        terms.append("_id " + ("ASC" if sort[-1][1] > 0 else "DESC"))
    return " ORDER BY " + ", ".join(terms)


def driver(collection: str, filter: Filter | None, sort: Sort) -> tuple[str, list[Any], Filter]:
    """The table to walk: with a key in the filter and `time` to sort by, the keys in their order, else the documents.

    Returns: the FROM clause, its parameters, and what remains of the filter.
    """
    for field in KEYS.get(collection, ()) if sort and sort[0][0] == "time" else ():
        wanted = (filter or {}).get(field)
        values = list(wanted["$in"]) if isinstance(wanted, dict) and set(wanted) == {"$in"} else [wanted]
        if values and all(isinstance(value, str) for value in values):
            rest = {name: value for name, value in (filter or {}).items() if name != field}
            if len(values) == 1:
                keys, params = f"{KEYS_TABLE} k", [f"{collection}.{field}", values[0]]
                source = f"{keys} CROSS JOIN {collection} d ON d.id = k.doc AND k.field = ? AND k.value = ?"
            else:
                params = [f"{collection}.{field}", json.dumps(values)]
                source = (
                    f"(SELECT DISTINCT doc, time FROM {KEYS_TABLE} WHERE field = ? "
                    f"AND value IN (SELECT value FROM json_each(?))) k CROSS JOIN {collection} d ON d.id = k.doc"
                )
            return source, params, rest
    return f"{collection} d", [], filter or {}
