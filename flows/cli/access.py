"""The store as the commands open it: by the settings, closed in any case, and with a word where it is still empty."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.errors import ConfigError

if TYPE_CHECKING:
    from flows.settings import Settings
    from flows.store import Store
    from schemas.dispatch import Dispatch


def is_missing_file(place: str) -> bool:
    """Tell whether the store is a file that the first run will make."""
    from flows.store.location import is_server

    return not is_server(place) and not Path(place).expanduser().exists()


@contextmanager
def opened(settings: "Settings") -> "Iterator[Store]":
    """Open the store to be queried.

    Raises:
        ConfigError: the store is a file that is not there yet: a query must not make an empty one.
        StoreUnavailable: it does not answer.
    """
    from flows.store import open_store

    place = settings.store
    if is_missing_file(place):
        raise ConfigError(
            f"nothing has been stored in {place} yet: type `dispatches run PATH`, or set DISPATCHES_STORE"
        )
    store = open_store(place, settings.tuning.database)
    try:
        yield store
    finally:
        store.close()


def one_by_prefix(store: "Store", collection: str, prefix: str) -> dict[str, Any] | None:
    """Return the document whose `_id` is, or alone begins with, the prefix; None when there is none."""
    exact = store.get(collection, [prefix])
    if exact:
        return exact[prefix]
    between = {"$gte": prefix, "$lt": prefix + "\U0010ffff"}
    found = store.find(collection, {"_id": between}, sort=[("_id", 1)], limit=6) if prefix else []
    if len(found) > 1:
        listed = ", ".join(document["_id"] for document in found[:5]) + (", ..." if len(found) > 5 else "")
        raise ConfigError(f"{prefix!r} begins several ids: {listed}")
    return found[0] if found else None


def as_dispatch(document: dict[str, Any]) -> "Dispatch":
    """Return the dispatch in a document of `dispatches` (a tombstone too) or of `revisions`."""
    from flows.store.documents import to_dispatch
    from schemas.dispatch import Dispatch

    fields = {name: value for name, value in document.items() if name in Dispatch.model_fields}
    return to_dispatch({**fields, "_id": document.get("dispatch_id") or document["_id"]})
