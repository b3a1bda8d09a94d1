"""What a run reads: the sources of a request, their inputs, and these in batches."""

import datetime as dt
import glob
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from flows.errors import ConfigError
from flows.read import open_inputs
from flows.settings import Settings
from flows.store import mask
from schemas.config import Source
from schemas.raw import Payload, Refusal

ADHOC = "adhoc"  # the source of paths that are given without one
_MILLISECOND = dt.timedelta(milliseconds=1)


@dataclass(frozen=True)
class Request:
    """What to ingest: paths, the paths of a source, or (with neither) those of every configured source."""

    paths: tuple[str, ...] = ()
    source: str | None = None
    force: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class Batch:
    """Inputs that are processed and stored together."""

    number: int
    items: tuple[Payload | Refusal, ...]
    size: int  # bytes
    received_at: dt.datetime


def choose_sources(request: Request, settings: Settings) -> dict[str, Source]:
    """Return what a request reads, by the name of the source.

    Raises:
        ConfigError: there is no such source, nothing to read, or a password in a path.
    """
    for path in request.paths:
        if mask(path) != path:
            raise ConfigError(f"{mask(path)}: paths are recorded, so they must hold no password; use the environment")
    configured = settings.sources.get(request.source or ADHOC)
    if request.paths and (configured or request.source in (None, ADHOC)):
        source = configured or Source(paths=request.paths)
        return {request.source or ADHOC: source.model_copy(update={"paths": request.paths})}
    if request.source is None and not request.paths and settings.sources:
        return settings.sources
    if request.source is not None and configured:
        return {request.source: configured}
    wrong = f"no source {request.source!r}" if request.source else "no sources, and no paths were given"
    names = ", ".join(sorted(settings.sources)) or "none"
    raise ConfigError(f"{settings.config / 'sources.yml'}: {wrong} (configured: {names})")


def open_sources(sources: dict[str, Source], max_bytes: int) -> Iterator[Payload | Refusal]:
    """Yield the inputs of the sources, one source after the other."""
    for name, source in sources.items():
        yield from open_inputs(
            source.paths, source=name, max_bytes=max_bytes, format=source.format, encoding=source.encoding,
            fields={str(field): key for field, key in source.fields.items()},
        )  # fmt: skip


def batches(inputs: Iterable[Payload | Refusal], most: int, most_bytes: int) -> Iterator[Batch]:
    """Yield the inputs in batches of at most so many items and bytes; a larger item is a batch by itself."""
    number, size, items = 1, 0, list[Payload | Refusal]()
    received = dt.datetime.fromtimestamp(0, dt.UTC)
    for item in inputs:
        length = len(item.data or b"")
        if items and (len(items) >= most or size + length > most_bytes):
            received = max(dt.datetime.now(dt.UTC), received + _MILLISECOND)  # a later batch was received later
            yield Batch(number, tuple(items), size, received)
            number, size, items = number + 1, 0, []
        items.append(item)
        size += length
    if items:
        yield Batch(number, tuple(items), size, max(dt.datetime.now(dt.UTC), received + _MILLISECOND))


def total_size(sources: dict[str, Source]) -> int:
    """Return about how many bytes there are to read, for showing progress."""
    total = 0
    for path in (path for source in sources.values() for path in source.paths):
        for name in [path] if os.path.exists(path) else glob.iglob(path, recursive=True):
            with suppress(OSError):
                inside = [os.path.join(folder, file) for folder, _, files in os.walk(name) for file in files]
                total += sum(map(os.path.getsize, inside or [name]))
    return total
