"""Bytes to text: strict UTF-8, then the encoding that the source declares, then cp1252 with a flag.

Guessing is worse than a flag: detectors call short cp1252 wire text gb18030 or big5hkscs. A byte-order mark is
believed. What is no text at all is refused.
"""

import codecs

from schemas.rejection import RejectionError

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
# Wires frame their messages with SOH, STX, ETX, EOT, SYN, US, SO and the like; those are no sign of binary data.
_FRAMING = bytes([0x01, 0x02, 0x03, 0x04, 0x07, 0x0E, 0x0F, 0x11, 0x13, 0x14, 0x16, 0x17, 0x1A, 0x1B, 0x1F, 0x7F])
_WHITE = b"\t\n\r\f\v"
_CONTROL = bytes(set(range(0x20)) - set(_FRAMING) - set(_WHITE))
_MOST_CONTROL = 0.01  # share of control bytes above which data is binary
_MOST_FOREIGN = 0.3  # share of bytes above 0x7F above which cp1252 is a wrong guess: Russian in cp1251, say


def decode(data: bytes, declared: str | None = None) -> tuple[str, str] | RejectionError:
    """Return the text and how it was decoded, or the reason why the bytes are no text.

    The second value names the codec, with `+replaced` where bytes had no character and became U+FFFD.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _strictly(data, codec) or _not_text(
                "undecodable", f"a byte-order mark says {codec}, the rest does not"
            )
    if b"\0" in data:
        return _not_text("binary", "the input holds NUL bytes: it is no text")
    if len(data.translate(None, _CONTROL)) < (1 - _MOST_CONTROL) * len(data):
        return _not_text("binary", "the input is full of control bytes: it is no text")
    found = _strictly(data, "utf-8") or (_strictly(data, declared) if declared else None)
    if found:
        return found
    foreign = len(data) - len(data.translate(None, bytes(range(0x80, 0x100))))
    if foreign > _MOST_FOREIGN * len(data):
        return _not_text("undecodable", "neither UTF-8 nor plausibly cp1252; declare `encoding` in config/sources.yml")
    return _strictly(data, "cp1252") or (data.decode("cp1252", errors="replace"), "cp1252+replaced")


def _strictly(data: bytes, codec: str) -> tuple[str, str] | None:
    try:
        return data.decode(codec), codec
    except UnicodeDecodeError:
        return None


def _not_text(kind: str, message: str) -> RejectionError:
    return RejectionError(loc="input", type=kind, message=message)
