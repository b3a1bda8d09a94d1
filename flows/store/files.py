"""Which files are stored as a whole, and how they looked then: what an archive of a million need not be read again for.

`files` has one small document per file: `_id` (a hash of its source and URI), `source`, `stamp` (its size and times, or
the server's tag, and how it was read), `dispatches` (how many it gave) and `seen_at`. Of a file with a rejection there
is none: it is read again, and a raised limit or a mended reader takes it then.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

from flows.store.interface import Store


@dataclass(frozen=True)
class StoredFile:
    """A file all of which is stored."""

    id: str
    source: str
    stamp: str
    dispatches: int


def file_id(source: str, uri: str) -> str:
    """Return the id of a file."""
    return sha256(f"{source}\0{uri}".encode()).hexdigest()[:24]


def stored_files(store: Store, stamps: Mapping[str, str]) -> dict[str, int]:
    """Of these files, those that look as they did when all of them was stored, and the number of their dispatches.

    Args:
        store: Where.
        stamps: File id -> its stamp now.
    """
    found = store.get("files", list(stamps), ["stamp", "dispatches"])
    return {id: document["dispatches"] for id, document in found.items() if document["stamp"] == stamps[id]}


def save_files(store: Store, files: Collection[StoredFile], now: dt.datetime) -> None:
    """Remembers that all of these files is stored."""
    moment = now.replace(microsecond=now.microsecond // 1000 * 1000)
    documents = [
        {"_id": file.id, "source": file.source, "stamp": file.stamp, "dispatches": file.dispatches, "seen_at": moment}
        for file in files
    ]
    store.put("files", documents)
