"""read: places -> payloads (bytes) -> raw dispatches.

`open_inputs` walks files, folders and globs and yields payloads; `parse` turns one payload into raw dispatches.
Whatever cannot be read is a `Refusal` with all its reasons, never an exception, and the walk goes on.
"""

from collections.abc import Sequence

from flows.read import jsonl, text
from flows.read.files import open_inputs
from schemas.raw import Payload, RawDispatch, Refusal

__all__ = ["open_inputs", "parse"]

_READERS = {"text": text.read, "jsonl": jsonl.read}


def parse(payload: Payload) -> Sequence[RawDispatch | Refusal]:
    """Return the raw dispatches in a payload, and what in it became none; at the least one of either."""
    return _READERS[payload.format](payload)
