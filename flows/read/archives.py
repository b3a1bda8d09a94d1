"""Archives and compressed files, opened as they are read: gzip, bzip2, xz, zip and tar, in one another too.

Nothing is written to where a member's name says: names are labels. What comes out is measured while it comes (`Meter`);
an archive that gives more than its limits allow is left there, and what was read of it before stays read.
"""

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Literal, NamedTuple, Protocol, Self

from flows.read.fields import whole

Kind = Literal["gzip", "bzip2", "xz", "zip", "tar"]
HEAD = 512  # bytes that tell the kind
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\x1f\x8b\x08", "gzip"), (b"\xfd7zXZ\0", "xz"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"),
)  # fmt: skip
_BZIP2 = (b"1AY&SY", b"\x17rE8P\x90")  # after `BZh` and a digit: a block, or the end of an empty stream
_CHUNK = 64 * 1024
_LZMA_MEMORY = 256 * 1024 * 1024
_IN_MEMORY = 8 * 1024 * 1024  # of a zip in an archive; a larger one is kept on disk while it is read
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_LONGEST_NAME = 64 * 1024
_LONG_HEADERS = (
    tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK,
)  # fmt: skip
_LABEL = 300
_MOST_DIRECTORY = 256 * 1024 * 1024
# What the standard library raises on damaged archives.
DAMAGED = (
    EOFError, OSError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError, RuntimeError,
    NotImplementedError, struct.error, OverflowError, MemoryError, KeyError, IndexError,
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What one file may come to when it is opened, all that is in it together."""

    total: int = 64 * 1024**3  # bytes
    ratio: int = 250  # bytes out of one byte of the file, ...
    free: int = 16 * 1024**2  # ... beyond these
    members: int = 2_000_000
    depth: int = 4  # archives in one another
    nested_zip: int = 1024**3  # bytes of a zip in an archive, which must be kept whole while it is read


class LimitError(Exception):
    """A limit is exceeded: nothing more of the file is read."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Meter:
    """Counts what comes out of a file, whose size is known or not."""

    def __init__(self, size: int | None, limits: Limits) -> None:
        self.limits = limits
        self._size = size
        self._bytes = self._members = 0

    def add(self, count: int) -> None:
        """Count bytes.

        Raises:
            LimitError: there are too many.
        """
        self._bytes += count
        if self._bytes > self.limits.total:
            raise LimitError("archive_too_large", f"more than {self.limits.total:,} bytes come out of it")
        if self._size is not None and self._bytes > self.limits.free + self.limits.ratio * self._size:
            why = f"more than {self.limits.ratio} bytes come out of each of its {self._size:,} bytes: a bomb, it seems"
            raise LimitError("archive_ratio", why)

    def add_member(self) -> None:
        """Count a member.

        Raises:
            LimitError: there are too many.
        """
        self._members += 1
        if self._members > self.limits.members:
            raise LimitError("archive_too_many", f"more than {self.limits.members:,} members are in it")


class Member(NamedTuple):
    """A file in an archive."""

    name: str  # empty where the archive holds one stream without a name
    file: io.BufferedReader


class BadMember(NamedTuple):
    """What in an archive is no file that can be read."""

    name: str
    reason: str
    message: str


def archive_kind(head: bytes) -> Kind | None:
    """Return what kind of archive begins with these bytes, if any does."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:3] == b"BZh" and head[3:4] in b"123456789" and head[4:10] in _BZIP2:
        return "bzip2"
    return "tar" if _is_tar(head[:512]) else None


def _is_tar(block: bytes) -> bool:
    """Tell a tar by the sum of its first header."""
    if len(block) < 512 or not block[0]:
        return False
    try:
        said = int(block[148:156].strip(b" \0") or b"-", 8)
    except ValueError:
        return False
    return said == sum(block[:148]) + 8 * 0x20 + sum(block[156:])


def members(kind: Kind, file: IO[bytes], meter: Meter, *, nested: bool) -> Iterator[Member | BadMember]:
    """Yield the members of an archive; each must be read before the next is asked for.

    Raises:
        LimitError: the archive gives more than it may.
        Exception: one of `DAMAGED`.
    """
    if kind == "zip" and (nested or not file.seekable()):
        with _kept(file, meter) as kept:
            yield from _zip(kept, meter)
    elif kind == "zip":
        yield from _zip(file, meter)
    elif kind == "tar":
        yield from _tar(file, meter)
    else:
        yield Member("", _metered(_inflated(kind, file), meter))


def _inflated(kind: Kind, file: IO[bytes]) -> "Readable":
    if kind == "gzip":
        return gzip.GzipFile(fileobj=file, mode="rb")
    return bz2.BZ2File(file, "rb") if kind == "bzip2" else io.BufferedReader(_Xz(file), _CHUNK)


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, fewer at the end."""


def _metered(file: Readable, meter: Meter) -> io.BufferedReader:
    return io.BufferedReader(_Metered(file, meter), _CHUNK)


class _Metered(io.RawIOBase):
    """A stream whose bytes are counted."""

    def __init__(self, file: Readable, meter: Meter) -> None:
        self._file = file
        self._meter = meter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        self._meter.add(len(data))
        buffer[: len(data)] = data
        return len(data)


class _Xz(io.RawIOBase):
    """The content of xz, in bounded memory: the standard library's reader takes what the file asks for."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._inner = self._new()

    @staticmethod
    def _new() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while True:
            if self._inner.eof:
                rest = self._inner.unused_data.lstrip(b"\0")
                while not rest:  # streams may follow each other, with zeros between them
                    if not (more := self._file.read(_CHUNK)):
                        return 0
                    rest = more.lstrip(b"\0")
                self._inner, given = self._new(), rest
            else:
                given = self._file.read(_CHUNK) if self._inner.needs_input else b""
                if not given and self._inner.needs_input:
                    raise EOFError("the compressed data end too early")
            data = self._inner.decompress(given, len(buffer))
            if data:
                buffer[: len(data)] = data
                return len(data)


def _kept(file: IO[bytes], meter: Meter) -> IO[bytes]:
    """Return a copy that can be read from its end, as zips must be."""
    kept = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # the caller closes it
    size = 0
    while data := file.read(_CHUNK):
        size += len(data)
        if size > meter.limits.nested_zip:
            kept.close()
            why = f"a zip of more than {meter.limits.nested_zip:,} bytes in an archive; unpack it first"
            raise LimitError("archive_too_large", why)
        kept.write(data)
    kept.seek(0)
    return kept


def _zip(file: IO[bytes], meter: Meter) -> Iterator[Member | BadMember]:
    if _directory_size(file) > _MOST_DIRECTORY:
        raise LimitError("archive_too_many", f"its directory is larger than {_MOST_DIRECTORY:,} bytes")
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            meter.add_member()
            name, mode = label(info.filename), info.external_attr >> 16
            if hidden(name):
                continue
            if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                yield BadMember(name, "archive_link", "a link, a device or the like, and no file; it is not followed")
            elif info.flag_bits & 1:
                yield BadMember(name, "archive_encrypted", "it is encrypted")
            elif info.compress_type not in _ZIP_METHODS:
                yield BadMember(name, "archive_damaged", f"compressed in a way that is not read ({info.compress_type})")
            else:
                try:
                    opened = archive.open(info)
                except DAMAGED as error:
                    yield BadMember(name, "archive_damaged", f"cannot be opened: {error}")
                    continue
                with opened:
                    yield Member(name, _metered(opened, meter))


def _directory_size(file: IO[bytes]) -> int:
    """Return the size of a zip's directory, which is read into memory as a whole."""
    end = file.seek(0, io.SEEK_END)
    file.seek(max(0, end - 65557))
    tail = file.read(65557)
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    size = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    wide = tail.rfind(b"PK\x06\x06")  # of a zip with more than 4 GB
    return int.from_bytes(tail[wide + 40 : wide + 48], "little") if size == 0xFFFFFFFF and wide >= 0 else min(size, end)


class _Header(tarfile.TarInfo):
    """A header of a tar; one that says that another is very long is not believed."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        info = super().frombuf(buf, encoding, errors)
        if info.type in _LONG_HEADERS and info.size > _LONGEST_NAME:
            raise LimitError("archive_damaged", f"a header of {info.size:,} bytes")
        return info


def _tar(file: IO[bytes], meter: Meter) -> Iterator[Member | BadMember]:
    with tarfile.open(fileobj=file, mode="r|", tarinfo=_Header, errorlevel=0) as archive:
        while (info := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]  # it keeps all headers, of a million files too
            if info.isdir():
                continue
            meter.add_member()
            name = label(info.name)
            if hidden(name):
                continue
            opened = archive.extractfile(info) if info.isreg() else None
            if opened is None:
                yield BadMember(name, "archive_link", "a link, a device or the like, and no file; it is not followed")
            else:
                with opened:
                    yield Member(name, _metered(opened, meter))


def label(name: str) -> str:
    """Return the name of a member as it is shown."""
    return whole("".join(char if char.isprintable() else "\ufffd" for char in name[:_LABEL])) or "?"


def hidden(name: str) -> bool:
    """Tell whether a member is hidden: such are passed over, as in folders."""
    parts = name.replace("\\", "/").split("/")
    return "__MACOSX" in parts or any(part.startswith(".") and part.strip(".") for part in parts)
