"""From places to payloads: files, folders and globs, walked in a stable order and read in bounded memory.

A file of JSON lines gives a payload a line, a JSON array one an element, any other file one payload. A file or line
above the limit, a missing file, an unreadable one and one of a format that no reader takes are refusals.
"""

import glob
import os
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import orjson

from flows.read.refuse import refuse
from schemas.raw import Payload, Refusal

_HEAD = 4096  # bytes looked at to tell the format
_SPACE = b" \t\r\n\xef\xbb\xbf"
_MAIL = re.compile(rb"(?:(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID|From|Date|Subject|X-[\w-]+): ?"
                   rb"[^\n]*\n(?:[ \t][^\n]*\n)*){3}", re.IGNORECASE)  # fmt: skip
_JSON_NAMES = (".jsonl", ".ndjson", ".json")


def open_inputs(
    paths: Iterable[str], *, source: str, max_bytes: int, format: str = "auto", encoding: str | None = None
) -> Iterator[Payload | Refusal]:
    """Yield the payloads of files, folders and globs, in the order of their names.

    Args:
        paths: what to read. A folder is walked; hidden files in it are passed over.
        source: the name of the source they belong to.
        max_bytes: the largest text, line or JSON document that is read.
        format: a reader's name, or `auto`: told by the content.
        encoding: what the source declares.
    """
    for path in paths:
        found = False
        for name in _expand(path):
            found = True
            try:
                with open(name, "rb") as file:
                    yield from _payloads(file, name, source, max_bytes, format, encoding)
            except OSError as error:
                why = f"cannot be read: {error.strerror or error}"
                yield refuse("unreadable", why, source=source, uri=name)
        if not found:
            yield refuse("not_found", "no such file, folder or match", source=source, uri=path)


def _expand(path: str) -> Iterator[str]:
    if os.path.isdir(path):
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from (os.path.join(folder, name) for name in sorted(names) if not name.startswith("."))
    elif os.path.exists(path):
        yield path
    elif glob.has_magic(path):
        for name in sorted(glob.iglob(path, recursive=True)):
            if not os.path.isdir(name):
                yield name


def _payloads(
    file: BinaryIO, uri: str, source: str, max_bytes: int, format: str, encoding: str | None
) -> Iterator[Payload | Refusal]:
    head = file.read(_HEAD)
    file.seek(0)
    if format == "auto":
        format = "jsonl" if _looks_like_json(head, uri) else "text"
        if format == "text" and (other := _other_format(head)):
            why = f"this looks like {other}, which no reader takes; wire text and JSON lines are read"
            data = file.read(max_bytes)
            yield refuse("unsupported_format", why, source=source, uri=uri, data=data if not file.read(1) else None)
            return
    if format == "jsonl" and not _is_one_document(head):
        yield from _lines(file, uri, source, max_bytes, encoding)
        return
    data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        yield _too_large(max_bytes, source, uri, None)
    elif format == "jsonl":
        for item, element in _elements(data):
            yield _payload(element, uri, item, source, format, encoding)
    else:
        yield _payload(data, uri, None, source, format, encoding)


def _looks_like_json(head: bytes, uri: str) -> bool:
    """JSON begins with a brace; a name that promises JSON needs one at the head of some line."""
    begin = head.lstrip(_SPACE)
    if begin[:1] == b"{" or (begin[:1] == b"[" and begin[1:].lstrip(_SPACE)[:1] == b"{"):
        return True
    return Path(uri).suffix.lower() in _JSON_NAMES and (b"\n{" in head or begin[:1] in (b"[", b'"'))


def _other_format(head: bytes) -> str | None:
    """Name the format of what is text, but no plain text: markup, mail, framed wire messages."""
    begin = head.lstrip(_SPACE)[:200].lower()
    if begin.startswith((b"<?xml", b"<!doctype", b"<html", b"<rss", b"<feed", b"<nitf", b"<newsml")):
        return "XML or HTML"
    if _MAIL.match(head.lstrip(_SPACE)):
        return "an e-mail message"
    return "a framed wire message (IPTC 7901, ANPA 1312)" if begin.startswith((b"\x01", b"\x16")) else None


def _is_one_document(head: bytes) -> bool:
    """Tell a JSON document over several lines, or an array, from JSON lines: its first line is no whole object."""
    first, newline, _ = head.lstrip(_SPACE).partition(b"\n")
    return first.startswith(b"[") or (bool(newline) and first.strip() == b"{")


def _elements(data: bytes) -> Iterator[tuple[str | None, bytes]]:
    """Yield the elements of a JSON array, or the data as they are; what is wrong with them the reader tells."""
    try:
        value = orjson.loads(data.lstrip(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        value = None
    if isinstance(value, list) and value:
        yield from ((f"item {number}", orjson.dumps(element)) for number, element in enumerate(value, 1))
    else:
        yield None, data


def _lines(file: BinaryIO, uri: str, source: str, max_bytes: int, encoding: str | None) -> Iterator[Payload | Refusal]:
    for number, line in enumerate(_bounded_lines(file, max_bytes), 1):
        item = f"line {number}"
        if line is None:
            yield _too_large(max_bytes, source, uri, item)
        elif line.strip(_SPACE):
            yield _payload(line, uri, item, source, "jsonl", encoding)


def _bounded_lines(file: BinaryIO, max_bytes: int) -> Iterator[bytes | None]:
    """Yield the lines without their ends; None stands for a line above the limit, which is skipped in pieces."""
    while line := file.readline(max_bytes + 1):
        if len(line) <= max_bytes or line.endswith(b"\n"):
            yield line.rstrip(b"\r\n")
            continue
        while (rest := file.readline(max_bytes)) and not rest.endswith(b"\n"):
            pass
        yield None


def _payload(data: bytes, uri: str, item: str | None, source: str, format: str, encoding: str | None) -> Payload:
    return Payload(
        source=source, uri=uri, item=item, format=format, encoding=encoding, data=data,
        original=sha256(data).hexdigest(),
    )  # fmt: skip


def _too_large(max_bytes: int, source: str, uri: str, item: str | None) -> Refusal:
    why = f"larger than {max_bytes:,} bytes, the limit `max_input_bytes` of config/settings.toml; it was not kept"
    return refuse("too_large", why, source=source, uri=uri, item=item)
