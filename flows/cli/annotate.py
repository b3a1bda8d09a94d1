"""`annotate`: every stage but the store, one JSON object a line."""

import datetime as dt
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.output import counted, note, write
from flows.errors import ConfigError

if TYPE_CHECKING:
    from flows.settings import Settings
    from schemas.raw import Payload, Refusal


def annotate(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Files, folders, globs or URLs; - is the standard input.")
    ],
    source: Annotated[
        str, typer.Option("--source", help="The source they belong to; a configured one tells how to read.")
    ] = "adhoc",
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines; they are printed in any case.")] = False,  # noqa: ARG001
) -> None:
    """Print dispatches with names, entities and quotes; store nothing.

    One JSON object a line, in input order: {"record": "dispatch", ...} or {"record": "rejection", ...}.
    Needs neither a store nor Prefect. The exit code is 1 when something was rejected.
    """
    from flows.inputs import check_paths
    from flows.process import load_engine, process, read
    from flows.settings import load_settings
    from flows.validate import reject
    from schemas.config import Source
    from schemas.dispatch import Dispatch
    from schemas.raw import Payload, Refusal
    from schemas.rejection import Rejection

    _check_source(source)
    check_paths({source: Source(paths=tuple(paths))}, os.environ)
    settings = load_settings()
    engine = load_engine(settings)
    made = rejected = 0
    for payload in _payloads(paths, source, settings):
        now = dt.datetime.now(dt.UTC)
        for raw in read(payload):
            record: Dispatch | Rejection
            if isinstance(raw, Refusal):
                record = reject(raw, now)
            else:
                assert isinstance(payload, Payload)  # what was refused already gives a refusal
                record = process(payload, raw, engine, now=now)
            made += isinstance(record, Dispatch)
            rejected += isinstance(record, Rejection)
            kind = "dispatch" if isinstance(record, Dispatch) else "rejection"
            write(f'{{"record":"{kind}",{record.model_dump_json()[1:]}\n'.encode())
    if rejected:
        note(f"{counted(made, 'dispatch', 'dispatches')}, {counted(rejected, 'rejection')}")
        raise typer.Exit(1)
    if not made:
        note("nothing to read there: an empty folder?")


def _check_source(name: str) -> None:
    from pydantic import TypeAdapter, ValidationError

    from schemas.config import SourceName

    try:
        TypeAdapter(SourceName).validate_python(name)
    except ValidationError:
        raise ConfigError(f"--source: {name!r} cannot name a source: lower-case letters, digits, - and _") from None


def _payloads(paths: Sequence[str], source: str, settings: "Settings") -> "Iterator[Payload | Refusal]":
    """Yield the payloads of the paths; those of the standard input have the URI `stdin`."""
    from flows.read import open_inputs

    configured = settings.sources.get(source)
    for path in paths:
        name = _copy_of_stdin() if path == "-" else path
        try:
            for payload in open_inputs(
                [name],
                source=source,
                max_bytes=settings.tuning.max_input_bytes,
                format=configured.format if configured else "auto",
                encoding=configured.encoding if configured else None,
                environ=os.environ,
            ):
                yield payload.model_copy(update={"uri": "stdin"}) if path == "-" else payload
        finally:
            if path == "-":
                os.unlink(name)


def _copy_of_stdin() -> str:
    """Copy the standard input to a temporary file, since telling its format needs a second look; return its name."""
    with tempfile.NamedTemporaryFile(prefix="dispatches-", delete=False) as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return file.name
