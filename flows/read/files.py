"""From places to payloads: files, folders, globs and URLs, in a stable order and read in bounded memory.

Archives are opened on the way (`archives`), and a file gives one payload or many (`split`). What cannot be read,
is above a limit or of a format that no reader takes is a refusal. A member's URI is `archive.zip!member`.
"""

import io
import os
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import BinaryIO, cast

from flows.read.archives import DAMAGED, BadMember, LimitError, Limits, Member, Meter, archive_kind, members
from flows.read.detect import HEAD, unreadable
from flows.read.place import Place, PlaceError
from flows.read.places import find_places
from flows.read.refuse import refuse
from flows.read.split import Origin, split
from schemas.raw import Payload, Refusal

_PACKED_NAMES = (".gz", ".bz2", ".xz")


def open_inputs(
    paths: Iterable[str], *, source: str, max_bytes: int, format: str = "auto", encoding: str | None = None,
    fields: Mapping[str, str] | None = None, environ: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Payload | Refusal]:  # fmt: skip
    """Yield the payloads of files, folders, globs and URLs, in the order of their names.

    Args:
        paths: what to read. A folder is walked; hidden files in it are passed over.
        source: the name of the source they belong to.
        max_bytes: the largest text, line or document that is read.
        format: a reader's name, or `auto`: told by the content.
        encoding: what the source declares.
        fields: field -> its key or column, in JSON lines and tables.
        environ: the environment, from which `${NAME}` in a path is filled.
    """
    origin = Origin(source, format, encoding, max_bytes, fields or {})
    for path in paths:
        for place in find_places(path, source, environ):
            if isinstance(place, Refusal):
                yield place
            else:
                yield from open_place(place, origin)


def open_place(place: Place, origin: Origin) -> Iterator[Payload | Refusal]:
    """Yield the payloads of one file."""
    try:
        with place.open() as file:
            yield from _open(cast(io.BufferedReader, file), place.uri, origin, Limits())
    except PlaceError as error:
        yield refuse(error.reason, str(error), source=origin.source, uri=place.uri)
    except OSError as error:
        why = f"cannot be read: {error.strerror or error}"
        yield refuse("unreadable", why, source=origin.source, uri=place.uri)


def open_bytes(data: bytes, uri: str, origin: Origin) -> Iterator[Payload | Refusal]:
    """Yield the payloads of a file whose bytes are at hand."""
    raw = cast(io.RawIOBase, io.BytesIO(data))
    yield from _open(io.BufferedReader(raw, buffer_size=HEAD), uri, origin, Limits())


def _open(file: io.BufferedReader, uri: str, origin: Origin, limits: Limits) -> Iterator[Payload | Refusal]:
    """Yield the payloads of a file, an archive or not."""
    head = file.peek(HEAD)[:HEAD]
    if archive_kind(head) is None or unreadable(head):
        yield from split(cast(BinaryIO, file), head, uri, uri, origin)
        return
    size = None
    if file.seekable():
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
    try:
        yield from _inside(file, uri, uri, origin, Meter(size, limits), 0)
    except LimitError as error:
        yield refuse(error.reason, f"{error}; the rest of it is not read", source=origin.source, uri=uri)


def _inside(
    file: io.BufferedReader, uri: str, name: str, origin: Origin, meter: Meter, depth: int
) -> Iterator[Payload | Refusal]:
    """Yield the payloads of a stream that may be an archive.

    Args:
        file: the stream.
        uri: where it is: `archive.zip!member`.
        name: its own name, without the ending of the compression that was taken off.
        origin: source and limits of an input.
        meter: what came out of the file so far.
        depth: archives that are open around it.
    """
    head = file.peek(HEAD)[:HEAD]
    kind = archive_kind(head)
    if kind is None or unreadable(head):
        yield from split(cast(BinaryIO, file), head, uri, name, origin)
        return
    if depth >= meter.limits.depth:
        why = f"more than {meter.limits.depth} archives in one another"
        yield refuse("archive_too_deep", why, source=origin.source, uri=uri)
        return
    count = 0
    try:
        for member in members(kind, file, meter, nested=depth > 0):
            count += 1
            yield from _member(member, uri, name, origin, meter, depth)
    except DAMAGED as error:
        why = f"the {kind} archive cannot be read to its end: {error or type(error).__name__}"
        yield refuse("archive_damaged", why, source=origin.source, uri=uri)
        return
    if not count:
        yield refuse("empty", f"there is no file in the {kind} archive", source=origin.source, uri=uri)


def _member(
    member: Member | BadMember, uri: str, name: str, origin: Origin, meter: Meter, depth: int
) -> Iterator[Payload | Refusal]:
    inner = f"{uri}!{member.name}" if member.name else uri
    if isinstance(member, BadMember):
        yield refuse(member.reason, member.message, source=origin.source, uri=inner)
        return
    stem, ending = os.path.splitext(name)
    own = member.name or (stem if ending.lower() in _PACKED_NAMES else name)
    try:
        yield from _inside(member.file, inner, own, origin, meter, depth + 1)
    except DAMAGED as error:
        why = f"cannot be read to its end: {error or type(error).__name__}"
        yield refuse("archive_damaged", why, source=origin.source, uri=inner)
