"""read: places -> payloads (bytes) -> raw dispatches.

`open_inputs` walks files, folders, globs and archives and yields payloads; `parse` turns one payload into raw
dispatches. Whatever cannot be read is a `Refusal` with all its reasons, never an exception, and the walk goes on.
"""

from collections.abc import Sequence

from flows.read import anpa, feed, html, iptc7901, jsonl, mail, newsml1, newsmlg2, ninjs, nitf, table, text
from flows.read.files import open_inputs
from flows.read.repair import repaired
from schemas.raw import Payload, RawDispatch, Refusal

__all__ = ["open_inputs", "parse"]

_READERS = {
    "text": text.read, "jsonl": jsonl.read, "iptc7901": iptc7901.read, "anpa": anpa.read, "nitf": nitf.read,
    "newsml1": newsml1.read, "newsmlg2": newsmlg2.read, "ninjs": ninjs.read, "feed": feed.read, "html": html.read,
    "mail": mail.read, "table": table.read,
}  # fmt: skip


def parse(payload: Payload) -> Sequence[RawDispatch | Refusal]:
    """Return the raw dispatches in a payload, repaired, and what in it became none; at the least one of either."""
    return [_finished(each) if isinstance(each, RawDispatch) else each for each in _READERS[payload.format](payload)]


def _finished(raw: RawDispatch) -> RawDispatch:
    return repaired(raw.model_copy(update={"withheld": True}) if raw.status == "withheld" else raw)
