"""`export`: a collection as JSON lines, CSV or Parquet, for consumers without MongoDB."""

import csv
import datetime as dt
import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from typing import Annotated, Any, BinaryIO

import typer

from flows.cli.access import opened
from flows.cli.options import Json, OnlySource, Since, Until, moment
from flows.cli.output import counted, note, print_json
from flows.errors import ConfigError

Collection = StrEnum("Collection", ["dispatches", "revisions", "quotes", "entities", "rejections", "runs"])
Format = StrEnum("Format", ["jsonl", "csv", "parquet"])
_DISPATCHES, _JSONL = Collection("dispatches"), Format("jsonl")
_ROWS = 1000  # documents that are written at once
# The field of a collection that `--since` and `--until` are about.
_TIMES = {"dispatches": "time", "revisions": "version_key", "quotes": "time", "entities": "last_seen",
          "rejections": "last_seen", "runs": "started_at"}  # fmt: skip
Documents = Iterable[dict[str, Any]]


def export(
    collection: Annotated[Collection, typer.Argument(help="What to export.")] = _DISPATCHES,
    format: Annotated[Format, typer.Option("--format", help="JSON lines, CSV, or Parquet.")] = _JSONL,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Instead of the standard output.")
    ] = None,
    source: OnlySource = None,
    since: Since = None,
    until: Until = None,
    as_json: Json = False,
) -> None:
    """Write a collection as JSON lines, CSV or Parquet, in the order of its ids.

    Fields are those of `dispatches schema`, with the store's own. In CSV, lists and objects are JSON in their cell;
    Parquet has their types, needs the extra `parquet`, and --output. A file appears when it is complete. --json prints
    how many were written, to go with --output.
    """
    from flows.settings import load_settings
    from flows.store.queries import iterate

    if output is None and (as_json or format == "parquet"):
        raise ConfigError("--output FILE is needed: this does not go with data on the standard output")
    if source is not None and collection in ("entities", "runs"):
        raise ConfigError(f"--source: {collection} belong to no source")
    if format == "parquet":
        _need_pyarrow()
    period = {"$gte": moment(since, "--since"), "$lt": moment(until, "--until", whole_day=True)}
    period = {operator: value for operator, value in period.items() if value}
    filter: dict[str, Any] = {"source": source} if source else {}
    filter |= {_TIMES[collection]: period} if period else {}
    written = 0
    with opened(load_settings()) as store, _sink(output) as file:

        def counting() -> Iterator[dict[str, Any]]:
            nonlocal written
            for document in iterate(store, collection, filter):
                written += 1
                yield document

        {"jsonl": _jsonl, "csv": _csv, "parquet": _parquet}[format](collection, counting(), file)
    if as_json:
        print_json({"collection": collection, "documents": written, "file": output})
    elif output is not None or not written:
        note(f"{counted(written, 'document')} of {collection}" + (f" in {output}" if output else ""))


@contextmanager
def _sink(output: str | None) -> Iterator[BinaryIO]:
    """Give the standard output, or a file that gets its name when all is written."""
    if output is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = f"{output}.part"
    try:
        with open(part, "wb") as file:
            yield file
        os.replace(part, output)
    except OSError as error:
        raise ConfigError(f"--output {output}: {error.strerror}") from None
    finally:
        if os.path.exists(part):
            os.unlink(part)


def _jsonl(_collection: str, documents: Documents, file: BinaryIO) -> None:
    import orjson

    option = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z
    file.writelines(orjson.dumps(document, option=option) for document in documents)


def _csv(collection: str, documents: Documents, file: BinaryIO) -> None:
    from flows.store.columns import columns, row

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns(collection))
    for document in documents:
        writer.writerow([_cell(value) for value in row(collection, document)])
        file.write(text.getvalue().encode())
        text.seek(0)
        text.truncate()
    file.write(text.getvalue().encode())  # the head, where there is no document


def _cell(value: Any) -> Any:
    import orjson

    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, list | dict):
        return orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()
    return str(value).lower() if isinstance(value, bool) else value


def _need_pyarrow() -> None:
    try:
        import pyarrow as pa  # noqa: F401
    except ImportError:
        raise ConfigError("--format parquet needs the extra `parquet`: pip install '.[parquet]'") from None


def _parquet(collection: str, documents: Documents, file: BinaryIO) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    from flows.store.columns import columns

    fields = columns(collection)
    schema = pa.schema([(name, _type(part, pa)) for name, part in fields.items()])
    coming = iter(documents)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while chunk := list(islice(coming, _ROWS)):
            rows = [{name: _arrow(document.get(name), part) for name, part in fields.items()} for document in chunk]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))


def _kind(part: dict[str, Any]) -> str:
    types = part.get("bsonType", "string")
    return next(kind for kind in ([types] if isinstance(types, str) else types) if kind != "null")


def _type(part: dict[str, Any], pa: Any) -> Any:
    """Return the Arrow type of a part of a schema; an object whose keys are data is JSON."""
    kind = _kind(part)
    if kind == "object" and part.get("properties"):
        return pa.struct([(name, _type(inner, pa)) for name, inner in part["properties"].items()])
    if kind == "array":
        inner = part.get("items", {})
        return pa.list_(_type(inner[0] if isinstance(inner, list) else inner, pa))
    simple = {"int": pa.int64(), "double": pa.float64(), "bool": pa.bool_(), "date": pa.timestamp("ms", tz="UTC")}
    return simple.get(kind, pa.string())


def _arrow(value: Any, part: dict[str, Any]) -> Any:
    """Return a value as its Arrow type wants it."""
    kind = _kind(part)
    if value is None:
        return None
    if kind == "object" and part.get("properties"):
        return {name: _arrow(value.get(name), inner) for name, inner in part["properties"].items()}
    if kind == "object":
        import orjson

        return orjson.dumps(value).decode()
    if kind == "array":
        inner = part.get("items", {})
        return [_arrow(element, inner[0] if isinstance(inner, list) else inner) for element in value]
    return value
