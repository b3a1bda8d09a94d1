"""Which reader takes an input: told by its first bytes; a file's name only decides between JSON and text."""

import codecs
import re
from pathlib import PurePath

from flows.read import anpa, feed, html, iptc7901, mail, newsml1, newsmlg2, ninjs, nitf, table

HEAD = 8192  # bytes that are looked at
_SPACE = b" \t\r\n\xef\xbb\xbf"
_JSON_NAMES = (".jsonl", ".ndjson", ".json")
_WIDE = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
# What no reader takes: the bytes it begins with, and what it is.
_OTHERS = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"), (b"\xff\xd8\xff", "a JPEG image"), (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"), (b"II*\0", "a TIFF image"), (b"MM\0*", "a TIFF image"), (b"8BPS", "a Photoshop image"),
    (b"%PDF-", "a PDF document"), (b"{\\rtf", "an RTF document"), (b"%!PS", "a PostScript document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"), (b"ID3", "audio"), (b"fLaC", "audio"),
    (b"OggS", "audio or video"), (b"\x1aE\xdf\xa3", "video"), (b"\0\0\1\0", "an icon"), (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"), (b"SQLite format 3\0", "a SQLite database"), (b"PAR1", "a Parquet table"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive, which is not opened"),
    (b"Rar!\x1a\x07", "a RAR archive, which is not opened"),
    (b"\x28\xb5\x2f\xfd", "data compressed by zstd, which are not opened"),
    (b"\x1f\x9d", "data compressed by compress, which are not opened"), (b"MSCF", "a cabinet, which is not opened"),
)  # fmt: skip
_PACKED = re.compile(rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|mimetypeapplication|_rels/|META-INF/)", re.DOTALL)
_XML = re.compile(rb"(?:<\?xml[\s?]|<!DOCTYPE\s|<!--|<(?:[\w.-]+:)?[A-Za-z_][\w.-]*(?:\s+[\w:.-]+\s*=|\s*/?>))")


def detect(head: bytes, uri: str) -> str:
    """Return the name of the reader; or, where none takes it, what it is: `a PDF document`.

    Args:
        head: the first bytes, some thousands or all.
        uri: its name, which tells between JSON and text where the content does not.
    """
    if other := unreadable(head):
        return other
    narrow = _narrow(head)
    if _looks_like_json(narrow, uri):
        return "ninjs" if ninjs.looks_like(narrow) else "jsonl"
    for name, looks_like in _CANDIDATES:
        if looks_like(narrow):
            return name
    return "XML of another kind" if _XML.match(narrow.lstrip(_SPACE)) else "text"


def unreadable(head: bytes) -> str | None:
    """Return what an input is that no reader takes and no archive, by the bytes it begins with."""
    for magic, what in _OTHERS:
        if head.startswith(magic) and (not magic.isalnum() or b"\0" in head):  # a text may begin with these letters
            return what
    if head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return "an image" if head[8:12] == b"WEBP" else "audio or video"
    if head[4:8] == b"ftyp":
        return "video or an image"
    if head[:2] == b"BM" and len(head) > 26 and head[6:10] == b"\0\0\0\0" and head[26:28] == b"\x01\0":
        return "a BMP image"
    if _PACKED.match(head):
        return "an Office document or a package"
    return None


def _narrow(head: bytes) -> bytes:
    """Return the bytes in UTF-8 where a byte-order mark says that they are UTF-16 or UTF-32."""
    for mark, codec in _WIDE:
        if head.startswith(mark):
            return head[: len(head) // 4 * 4].decode(codec, errors="ignore").encode("utf-8", "ignore")
    return head


def _looks_like_json(head: bytes, uri: str) -> bool:
    """JSON begins with a brace; a name that promises JSON needs one at the head of some line."""
    begin = head.lstrip(_SPACE)
    if begin[:1] == b"{" or (begin[:1] == b"[" and begin[1:].lstrip(_SPACE)[:1] == b"{"):
        return True
    return PurePath(uri).suffix.lower() in _JSON_NAMES and (b"\n{" in head or begin[:1] in (b"[", b'"'))


# The readers in the order in which they are asked; `text` takes what is left.
_CANDIDATES = (
    ("nitf", nitf.looks_like), ("newsml1", newsml1.looks_like), ("newsmlg2", newsmlg2.looks_like),
    ("feed", feed.looks_like), ("html", html.looks_like), ("mail", mail.looks_like),
    ("iptc7901", iptc7901.looks_like), ("anpa", anpa.looks_like), ("table", table.looks_like),
)  # fmt: skip
READERS = frozenset({"text", "jsonl", "ninjs", *(name for name, _ in _CANDIDATES)})
