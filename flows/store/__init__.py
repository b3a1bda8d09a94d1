"""The store: where dispatches, quotes, entities and everything about them are kept, and asked for.

`open_store` gives a `Store` (`interface.py`): MongoDB (`mongo.py`) or one file (`embedded.py`). What is written is in
`documents.py`, how in `stories.py`, what can be asked in `queries.py`.
"""

from pathlib import Path

from flows.store.interface import Store
from flows.store.location import is_server, mask

__all__ = ["Store", "mask", "open_store"]


def open_store(location: str, database: str = "dispatches") -> Store:
    """Opens a store; `prepare` makes its collections and indexes.

    Args:
        location: A `mongodb://` or `mongodb+srv://` URI, or the path of a file, which is made if it is not there.
        database: MongoDB database, unless the URI names one.

    Raises:
        ConfigError: The URI or the file cannot be used.
        StoreUnavailable: The file is locked. A server is asked later, by the first use.
    """
    # Imported here: each backend loads its driver.
    if is_server(location):
        from flows.store.mongo import connect

        return connect(location, database)
    from flows.store.embedded import EmbeddedStore

    return EmbeddedStore(Path(location).expanduser())
