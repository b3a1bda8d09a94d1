"""A file -> payloads: one, or one for each line of JSON lines, each element of a JSON array, each row of a table."""

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import BinaryIO

import orjson

from flows.read.detect import READERS, detect
from flows.read.fields import separator
from flows.read.refuse import refuse
from schemas.raw import Payload, Refusal

_SPACE = b" \t\r\n\xef\xbb\xbf"
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)  # no line of such a text ends in one byte


@dataclass(frozen=True)
class Origin:
    """What the payloads of a source have in common."""

    source: str
    format: str  # a reader's name, or `auto`
    encoding: str | None
    max_bytes: int
    fields: Mapping[str, str] = field(default_factory=dict)  # field -> key or column


def split(file: BinaryIO, head: bytes, uri: str, name: str, origin: Origin) -> Iterator[Payload | Refusal]:
    """Yield the payloads of a file.

    Args:
        file: what is read, from its beginning.
        head: its first bytes.
        uri: where it was found.
        name: its name, if it has one: the content tells the format, the name only JSON from text.
        origin: source and limits.
    """
    format = detect(head, name) if origin.format == "auto" else origin.format
    if format not in READERS:
        data = file.read(origin.max_bytes)
        why = f"this is {format}, which no reader takes"
        kept = None if file.read(1) else data
        yield refuse("unsupported_format", why, source=origin.source, uri=uri, data=kept)
    elif format in ("jsonl", "ninjs"):
        yield from _json(file, head, uri, format, origin)
    elif format == "table" and not head.startswith(_WIDE):
        yield from _rows(file, uri, origin)
    else:
        data = file.read(origin.max_bytes + 1)
        yield too_large(origin, uri) if len(data) > origin.max_bytes else _payload(data, uri, None, format, origin)


def _json(file: BinaryIO, head: bytes, uri: str, format: str, origin: Origin) -> Iterator[Payload | Refusal]:
    if not _is_one_document(head):
        for number, line in enumerate(_bounded_lines(file, origin.max_bytes), 1):
            item = f"line {number}"
            if line is None:
                yield too_large(origin, uri, item)
            elif line.strip(_SPACE):
                yield _payload(line.rstrip(b"\r\n"), uri, item, format, origin)
        return
    data = file.read(origin.max_bytes + 1)
    if len(data) > origin.max_bytes:
        yield too_large(origin, uri)
    else:
        for number, element in _elements(data):
            yield _payload(element, uri, f"item {number}" if number else None, format, origin)


def _is_one_document(head: bytes) -> bool:
    """Tell a JSON document over several lines, or an array, from JSON lines: its first line is no whole object."""
    first, newline, rest = head.lstrip(_SPACE).partition(b"\n")
    goes_on = bool(newline) and first.rstrip()[-1:] in (b"{", b"[", b",", b":") and not rest.startswith(b'{"')
    return first.startswith(b"[") or goes_on


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the elements of a JSON array, numbered, or the data as they are; what is wrong the reader tells."""
    try:
        value = orjson.loads(data.lstrip(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        value = None
    if isinstance(value, list) and value:
        yield from ((number, orjson.dumps(element)) for number, element in enumerate(value, 1))
    else:
        yield 0, data


def _rows(file: BinaryIO, uri: str, origin: Origin) -> Iterator[Payload | Refusal]:
    """Yield a payload for each row of a table: the header row and the row."""
    csv.field_size_limit(max(csv.field_size_limit(), origin.max_bytes + 1))
    taken = _Lines(_bounded_lines(file, origin.max_bytes), origin.max_bytes)
    try:
        header = next((line for line in taken if line.strip()), "")
    except OverflowError:
        yield too_large(origin, uri, "header")
        return
    head = taken.bytes()
    number, told = 0, False
    while not taken.ended:
        try:
            for row in csv.reader(taken, delimiter=separator(header)):
                number += 1
                data = taken.bytes()
                if any(map(str.strip, row)):
                    told = True
                    yield _payload(head + data, uri, f"row {number}", "table", origin)
        except (OverflowError, csv.Error):  # a quotation mark without its other, or a line too long: go on behind it
            number, told = number + 1, True
            taken.bytes()
            yield too_large(origin, uri, f"row {number}")
    if not told:  # there is nothing but a header row: the reader refuses it
        yield _payload(head, uri, None, "table", origin)


class _Lines:
    """Lines as text of one character a byte, as far as a row may be long; the bytes that were taken are at hand."""

    def __init__(self, lines: Iterator[bytes | None], most: int) -> None:
        self.ended = False
        self._lines = lines
        self._most = most
        self._taken: list[bytes] = []
        self._size = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            line = next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        self._size += self._most if line is None else len(line)
        if line is None or self._size > self._most:
            raise OverflowError
        self._taken.append(line)
        return line.decode("latin-1")

    def bytes(self) -> bytes:
        """Return the bytes of the lines that were taken since this was asked for last."""
        data = b"".join(self._taken)
        self._taken.clear()
        self._size = 0
        return data


def _bounded_lines(file: BinaryIO, max_bytes: int) -> Iterator[bytes | None]:
    """Yield the lines with their ends; None stands for a line above the limit, which is skipped in pieces."""
    while line := file.readline(max_bytes + 2):
        if len(line.rstrip(b"\r\n")) <= max_bytes:
            yield line
            continue
        while not line.endswith(b"\n") and (line := file.readline(max_bytes)):
            pass
        yield None


def _payload(data: bytes, uri: str, item: str | None, format: str, origin: Origin) -> Payload:
    return Payload(
        source=origin.source, uri=uri, item=item, format=format, encoding=origin.encoding,
        fields=dict(origin.fields), data=data,
        original=sha256(data).hexdigest(),
    )  # fmt: skip


def too_large(origin: Origin, uri: str, item: str | None = None) -> Refusal:
    """Return the refusal of what is above the limit."""
    limit = "the limit `max_input_bytes` of config/settings.toml; it was not kept"
    why = f"larger than {origin.max_bytes:,} bytes, {limit}"
    return refuse("too_large", why, source=origin.source, uri=uri, item=item)
