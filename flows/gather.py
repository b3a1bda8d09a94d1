"""The inputs of sources as one stream: their payloads and refusals, and behind those of each file, that it has ended.

Files that look as they did when all of them was stored are passed over, unread; those that may still be written wait.
"""

import glob
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from flows.read.files import open_place
from flows.read.place import Place
from flows.read.places import find_places
from flows.read.split import Origin
from flows.store.files import file_id
from schemas.config import Source
from schemas.raw import Payload, Refusal

Known = Callable[[Mapping[str, str]], Mapping[str, int]]
"""File id -> its stamp now; gives those that are stored as they are, and the number of their dispatches."""

_ASKED = 1000  # files that the store is asked about at once
_FRESH = 2.0  # seconds: a file may be written to twice within one tick of its clock, and look the same
_PASSING = {"unreadable", "unreachable", "forbidden"}  # refusals that say nothing about the content
_ASIDE = {"paths", "cron", "every_seconds", "timezone", "settle_seconds", "when_stored", "done"}


@dataclass(frozen=True, slots=True)
class Ended:
    """The file whose items came before this has none more."""

    source: str
    place: Place | None  # None: it was no file, but a path at which none could be found
    stamp: str | None  # None: not to be remembered
    whole: bool = True  # it could be read
    kept: bool = True  # of what was refused of it, the bytes are kept


@dataclass(frozen=True, slots=True)
class Passed:
    """A file that is not read: it looks as it did when all of it was stored."""

    source: str
    dispatches: int
    size: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is left for a later run: it may still be written."""

    source: str


Element = Payload | Refusal | Ended | Passed | Waiting


def nothing_known(_stamps: Mapping[str, str]) -> Mapping[str, int]:
    """Every file is read."""
    return {}


def open_sources(
    sources: Mapping[str, Source], max_bytes: int, known: Known = nothing_known, environ: Mapping[str, str] = os.environ
) -> Iterator[Element]:
    """Yield what is in the sources, one source after the other.

    Args:
        sources: name -> source.
        max_bytes: the largest text, line or document that is read.
        known: tells the files that are stored. Of an inbox all files are read: what is stored goes away there.
        environ: the environment, from which `${NAME}` in a path is filled.
    """
    for name, source in sources.items():
        fields = {str(field): key for field, key in source.fields.items()}
        origin = Origin(name, source.format, source.encoding, max_bytes, fields)
        ask = known if source.when_stored == "leave" else nothing_known
        reading = f"{max_bytes} {source.model_dump_json(exclude=_ASIDE)}"
        reading = sha256(reading.encode()).hexdigest()[:8]
        for places in _chunks(_places(name, source, environ)):
            told = [_told(place, name, reading) for place in places]
            stored = ask({id: stamp for id, stamp in told if stamp})
            for place, (id, stamp) in zip(places, told, strict=True):
                if isinstance(place, Waiting):
                    yield place
                elif isinstance(place, Refusal):
                    yield place
                    yield Ended(name, None, None)
                elif id in stored:
                    yield Passed(name, stored[id], place.size)
                elif source.when_stored == "leave" or place.remote or os.path.lexists(place.path):
                    yield from _read(place, origin, stamp)  # else another run has taken it away meanwhile


def _places(name: str, source: Source, environ: Mapping[str, str]) -> Iterator[Place | Refusal | Waiting]:
    for path in source.paths:
        inbox = source.when_stored != "leave" and glob.has_magic(path)  # a pattern that matches nothing: all was stored
        for place in find_places(path, name, environ, source.done):
            if inbox and isinstance(place, Refusal) and place.reason == "not_found":
                continue
            modified = place.modified if isinstance(place, Place) else None
            # A date far in the future is a clock that is wrong, and would wait for ever.
            new = modified is not None and abs(time.time() - modified) < source.settle_seconds
            yield Waiting(name) if new else place


def _read(place: Place, origin: Origin, stamp: str | None) -> Iterator[Element]:
    whole = kept = True
    for item in open_place(place, origin):
        if isinstance(item, Refusal):
            whole, kept = whole and item.reason not in _PASSING, kept and item.data is not None
        yield item
    yield Ended(origin.source, place, stamp, whole, kept)


def _told(place: Place | Refusal | Waiting, source: str, reading: str) -> tuple[str, str | None]:
    """Return the id of a file, and what changes when it does, or the way it is read; None: that cannot be told."""
    if not isinstance(place, Place):
        return "", None
    recent = place.modified is not None and abs(time.time() - place.modified) < _FRESH
    return file_id(source, place.uri), f"{place.stamp} {reading}" if place.stamp and not recent else None


def _chunks(places: Iterator[Place | Refusal | Waiting]) -> Iterator[list[Place | Refusal | Waiting]]:
    chunk: list[Place | Refusal | Waiting] = []
    for place in places:
        chunk.append(place)
        if len(chunk) == _ASKED:
            yield chunk
            chunk = []
    yield chunk
