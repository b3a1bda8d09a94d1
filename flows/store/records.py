"""Writes what accompanies dispatches: original bytes, rejections, runs."""

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence

from flows.errors import DispatchesError, Unavailable
from flows.store.documents import rejection_document, run_document
from flows.store.interface import Document, Filter, Store
from flows.store.order import atomically
from schemas.rejection import Rejection
from schemas.run import RunReport

CHUNK_BYTES = 8_000_000  # a document of MongoDB holds 16 MB


def save_originals(store: Store, originals: Mapping[str, bytes]) -> None:
    """Keeps bytes as received, compressed, each content once.

    Args:
        store: Where.
        originals: SHA-256 -> the bytes.
    """
    present = store.get("originals", list(originals), ["size"])
    heads: list[Document] = []
    for sha, content in originals.items():
        if sha in present:
            continue
        data = zlib.compress(content)
        parts = [data[start : start + CHUNK_BYTES] for start in range(0, len(data), CHUNK_BYTES)]
        shared = {"sha256": sha, "chunks": len(parts), "size": len(content)}
        documents = [
            {"_id": f"{sha}/{number}" if number else sha, **shared, "index": number, "data": part}
            for number, part in enumerate(parts)
        ]
        heads.append(documents[0])
        # The head comes last: where it is, the rest is.
        for document in documents[1:]:
            store.insert_new("originals", [document])
    store.insert_new("originals", heads)


def load_original(store: Store, sha: str) -> bytes:
    """The bytes with this SHA-256.

    Raises:
        DispatchesError: They are not there, or not what they were.
    """
    head = store.get("originals", [sha]).get(sha)
    if head is None:
        raise DispatchesError(f"{store.location}: no original {sha}")
    parts = [head["data"]]
    for number in range(1, head["chunks"]):
        parts += [part["data"] for part in store.get("originals", [f"{sha}/{number}"]).values()]
    try:
        content = zlib.decompress(b"".join(parts))
    except zlib.error:
        content = b""
    if hashlib.sha256(content).hexdigest() != sha:
        raise DispatchesError(f"{store.location}: original {sha} is damaged")
    return content


def save_snapshot(store: Store, version: str, make: Callable[[], bytes]) -> None:
    """Keeps the gazetteer of a version among the originals, once, so that a later one can be compared with it.

    Args:
        store: Where.
        version: How the SHA-256 of the bytes begins.
        make: Gives the bytes; not called if they are there.
    """
    if not store.find("originals", _beginning(version), limit=1, fields=["size"]):
        content = make()
        save_originals(store, {hashlib.sha256(content).hexdigest(): content})


def load_snapshot(store: Store, version: str) -> bytes | None:
    """The bytes that `save_snapshot` keeps under this version; None if they are not there, or damaged."""
    found = store.find("originals", _beginning(version), limit=1, fields=["sha256"])
    try:
        return load_original(store, found[0]["sha256"]) if found else None
    except Unavailable:
        raise
    except DispatchesError:
        return None


def _beginning(version: str) -> Filter:
    return {"_id": {"$gte": version, "$lt": version + "g"}, "index": 0}  # `g` comes after the hexadecimal digits


def save_rejections(store: Store, rejections: Sequence[Rejection]) -> None:
    """Keeps rejections. One met before keeps its first time and attempts; unless discarded, it is open again."""
    new = {rejection.id: rejection_document(rejection) for rejection in rejections}

    def work() -> None:
        for id, old in store.get("rejections", list(new), ["first_seen", "last_seen", "attempts", "status"]).items():
            new[id] |= {name: old[name] for name in ("first_seen", "attempts")}
            new[id]["status"] = "discarded" if old["status"] == "discarded" else "open"
            new[id]["last_seen"] = max(old["last_seen"], new[id]["last_seen"])
        store.put("rejections", list(new.values()))

    atomically(store, work)


def save_run(store: Store, report: RunReport) -> None:
    """Keeps the report of a run, in place of an earlier one of the same run."""
    store.put("runs", [run_document(report)])
