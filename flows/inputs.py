"""What a run reads: the sources of a request, their inputs, and these in batches."""

import datetime as dt
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flows.errors import ConfigError
from flows.gather import Element, Ended, Passed, Waiting
from flows.read.place import Place, scheme, variables
from flows.read.places import SCHEMES, find_places, missing_extra
from flows.settings import Settings
from flows.store import mask
from schemas.config import Source
from schemas.raw import Payload, Refusal

ADHOC = "adhoc"  # the source of paths that are given without one
_MILLISECOND = dt.timedelta(milliseconds=1)
_MOST_PASSED = 10_000  # files in one batch that are not read
_FILLED = re.compile(r":\$\{\w+\}(?=@)|=\$\{\w+\}|\$\{\w+\}")  # `me:${PASSWORD}@host`, `?token=${TOKEN}`


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
    size: int  # bytes, those of passed files included
    received_at: dt.datetime
    files: tuple[int, ...] = ()  # of each item, the number of its file
    ended: tuple[tuple[int, Ended], ...] = ()  # the files whose last item is in this batch
    passed: tuple[Passed, ...] = ()
    waiting: int = 0


def choose_sources(request: Request, settings: Settings) -> dict[str, Source]:
    """Return what a request reads, by the name of the source.

    Raises:
        ConfigError: there is no such source, nothing to read, or a path that cannot be opened or recorded.
    """
    chosen = _chosen(request, settings)
    check_paths(chosen, os.environ)
    return chosen


def _chosen(request: Request, settings: Settings) -> dict[str, Source]:
    configured = settings.sources.get(request.source or ADHOC)
    if request.paths and (configured or request.source in (None, ADHOC)):
        source = configured or Source(paths=request.paths)
        # What becomes of files that are stored is said of the source's own.
        given = {"paths": request.paths, "when_stored": "leave", "done": None, "settle_seconds": 0.0}
        return {request.source or ADHOC: source.model_copy(update=given)}
    if request.source is None and not request.paths and settings.sources:
        return settings.sources
    if request.source is not None and configured:
        return {request.source: configured}
    wrong = f"no source {request.source!r}" if request.source else "no sources, and no paths were given"
    names = ", ".join(sorted(settings.sources)) or "none"
    raise ConfigError(f"{settings.config / 'sources.yml'}: {wrong} (configured: {names})")


def check_paths(sources: Mapping[str, Source], environ: Mapping[str, str] | None = None) -> None:
    """See that paths can be recorded, and opened.

    Args:
        sources: name -> source.
        environ: the environment, where they are to be opened; None: they are opened elsewhere, or later.

    Raises:
        ConfigError: a password in a path, a scheme that is not read, an extra that is not installed, a name that the
            environment does not have.
    """
    for path in (path for source in sources.values() for path in (*source.paths, *filter(None, [source.done]))):
        bare = _FILLED.sub("", path)
        if mask(bare) != bare:
            raise ConfigError(
                f"{mask(path)}: paths are recorded, so they must hold no password; write ${{NAME}} for it, "
                "and set NAME in the environment"
            )
        kind = scheme(path)
        if kind and kind not in SCHEMES:
            raise ConfigError(f"{path}: {kind}:// is not read; there are {', '.join(SCHEMES[:-1])}, and local paths")
        if environ is None:
            continue
        if extra := missing_extra(path):
            raise ConfigError(f"{path}: needs the extra `{extra}`, which is not installed: pip install '.[{extra}]'")
        if unset := [name for name in variables(path) if name not in environ]:
            raise ConfigError(f"{path}: {unset[0]} is not set in the environment")


def batches(inputs: Iterable[Element], most: int, most_bytes: int) -> Iterator[Batch]:
    """Yield the inputs in batches of at most so many items and bytes; a larger item is a batch by itself."""
    gathered, number, file = _Gathered(), 1, 0
    received = dt.datetime.fromtimestamp(0, dt.UTC)
    for element in inputs:
        is_item = isinstance(element, Payload | Refusal)
        length = len(element.data or b"") if isinstance(element, Payload | Refusal) else 0
        over = len(gathered.items) >= most or gathered.size + length > most_bytes
        if (is_item and gathered.items and over) or len(gathered.passed) >= _MOST_PASSED:
            received = max(dt.datetime.now(dt.UTC), received + _MILLISECOND)  # a later batch was received later
            yield gathered.batch(number, received)
            gathered, number = _Gathered(), number + 1
        gathered.add(element, file, length)
        file += isinstance(element, Ended)
    if gathered.items or gathered.ended or gathered.passed or gathered.waiting:
        yield gathered.batch(number, max(dt.datetime.now(dt.UTC), received + _MILLISECOND))


@dataclass
class _Gathered:
    """A batch that is being filled."""

    items: list[Payload | Refusal] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    ended: list[tuple[int, Ended]] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    waiting: int = 0
    size: int = 0

    def add(self, element: Element, file: int, length: int) -> None:
        if isinstance(element, Ended):
            self.ended.append((file, element))
        elif isinstance(element, Passed):
            self.passed.append(element)
        elif isinstance(element, Waiting):
            self.waiting += 1
        else:
            self.items.append(element)
            self.files.append(file)
            self.size += length

    def batch(self, number: int, received_at: dt.datetime) -> Batch:
        size = self.size + sum(passed.size for passed in self.passed)
        return Batch(
            number, tuple(self.items), size, received_at, tuple(self.files), tuple(self.ended), tuple(self.passed),
            self.waiting,
        )  # fmt: skip


def total_size(sources: Mapping[str, Source]) -> int:
    """Return about how many bytes there are to read in local files, for showing progress."""
    return sum(
        place.size
        for name, source in sources.items()
        for path in source.paths
        if scheme(path) in (None, "file")
        for place in find_places(path, name, os.environ, source.done)
        if isinstance(place, Place)
    )
