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
    """Return the raw dispatches in a payload, repaired, and what in it became none; at the least one of either.

    JSON lines under their own keys, `{"id": ..., "text": ...}`, are not repaired: programs count in them.
    """
    as_given = payload.format == "jsonl" and not payload.fields
    found = _READERS[payload.format](payload)
    return [_finished(each, as_given=as_given) if isinstance(each, RawDispatch) else each for each in found]


def _finished(raw: RawDispatch, *, as_given: bool) -> RawDispatch:
    raw = raw.model_copy(update={"withheld": True}) if raw.status == "withheld" else raw
    return raw if as_given else repaired(raw)
