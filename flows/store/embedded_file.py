"""The SQLite file of the embedded store: opened, laid out, locked for writing; SQLite's errors become ours."""

# ruff: noqa: S608 - what SQL is made of are names of the catalog.

import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from flows.errors import ConfigError, StoreUnavailable
from flows.store import embedded_sql as sql
from flows.store.catalog import KEYS, TEXTS
from flows.store.interface import Document

T = TypeVar("T")

APPLICATION = 0x44495350  # "DISP": this file is ours
LAYOUT = zlib.crc32("\n".join(["1", *sql.schema(), repr(KEYS)]).encode()) & 0x7FFFFFFF
BUSY_SECONDS = 10.0
_ATTEMPTS = 3


class EmbeddedFile:
    """One connection to the file, shared by the threads of this process; the file is shared by processes."""

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self.location = str(path)
        self._busy = busy_seconds
        self._lock = threading.RLock()
        self._depth = 0
        if sqlite3.sqlite_version_info < (3, 35):
            raise ConfigError(
                f"SQLite {sqlite3.sqlite_version} is too old for the embedded store: 3.35 or newer, please"
            )
        if path.is_dir():
            raise ConfigError(f"{path}: is a folder; the store is a file, or a mongodb:// URI")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"{path.parent}: cannot be made for the store: {error.strerror}") from error
        self.db = self._guard(self._open)
        try:
            self.adopt()
        except BaseException:
            self.db.close()
            raise

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.location, timeout=self._busy, isolation_level=None, check_same_thread=False)
        try:
            if db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                # neosqlite rewrites a file with another auto_vacuum when it opens it.
                db.execute("PRAGMA auto_vacuum = INCREMENTAL")
                db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA cache_size = -65536")
        except BaseException:
            db.close()
            raise
        return db

    def _guard(self, work: Callable[[], T]) -> T:
        """Runs `work`, and again while the file is locked."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return work()
            except sqlite3.OperationalError as error:
                locked = "locked" in str(error) or "busy" in str(error)
                if locked and attempt < _ATTEMPTS and not self._depth:
                    time.sleep(0.05 * attempt)
                    continue
                hint = (
                    "another process holds it; try again" if locked else "see that its folder is writable and not full"
                )
                raise StoreUnavailable(f"{self.location}: {error}; {hint}") from error
            except sqlite3.DatabaseError as error:
                raise ConfigError(f"{self.location}: {error}; name another file, or restore this one") from error
        raise AssertionError("unreachable")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A write lock on the file until the end, then all or nothing; part of the transaction under way, if any."""
        with self._lock:
            if not self._depth:
                self._guard(lambda: self.db.execute("BEGIN IMMEDIATE"))
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._guard(lambda: self.db.execute("COMMIT"))
            except BaseException:
                if self._depth == 1 and self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    def write(self, work: Callable[[], T]) -> T:
        """Runs `work` in a transaction."""
        with self.transaction():
            return self._guard(work)

    def rows(self, statement: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""

        def read() -> list[tuple[Any, ...]]:
            with self._lock:
                return self.db.execute(statement, params).fetchall()

        return self._guard(read)

    def adopt(self) -> None:
        """Makes the layout in a new file, and makes it anew in one of another version."""
        if self.rows("PRAGMA user_version")[0][0] != LAYOUT:
            self.write(self._lay_out)

    def _lay_out(self) -> None:
        objects = self.db.execute("SELECT type, name FROM sqlite_master").fetchall()
        if objects and self.db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
            raise ConfigError(f"{self.location}: is the database of another program; name another file")
        if self.db.execute("PRAGMA user_version").fetchone()[0] == LAYOUT:
            return  # another process was faster
        for kind, name in objects:
            if kind == "index" and "__" in name:
                self.db.execute(f"DROP INDEX {name}")
            elif kind == "table" and (name == sql.KEYS_TABLE or name.endswith("_words_fts")):
                self.db.execute(f"DROP TABLE {name}")
        for statement in sql.schema():
            self.db.execute(statement)
        for collection in KEYS if objects else ():
            last = 0
            page = f"SELECT id, data FROM {collection} WHERE id > ? ORDER BY id LIMIT 500"
            while rows := self.db.execute(page, [last]).fetchall():
                self.index(collection, [(number, sql.decode(data)) for number, data in rows])
                last = rows[-1][0]
        self.db.execute(f"PRAGMA application_id = {APPLICATION}")
        self.db.execute(f"PRAGMA user_version = {LAYOUT}")

    def index(self, collection: str, documents: Sequence[tuple[int, Document]]) -> None:
        """Adds what is kept beside documents, given with the numbers of their rows: keys and words."""
        if collection in KEYS:
            keys = [row for number, document in documents for row in sql.key_rows(collection, document, number)]
            self.db.executemany(f"INSERT OR IGNORE INTO {sql.KEYS_TABLE} VALUES (?, ?, ?, ?)", keys)
        if collection in TEXTS:
            # All at once: between two statements on other tables FTS5 would write out each row by itself.
            self.db.executemany(
                f"INSERT INTO {collection}_words_fts (rowid, words, tokens) VALUES (?, ?, ?)",
                (sql.word_row(collection, document, number) for number, document in documents),
            )

    def unindex(self, collection: str, listed: str) -> None:
        """Removes what is kept beside the documents with these ids (a JSON array): before they change or go."""
        if collection not in KEYS:
            return
        statement = f"SELECT id, data FROM {collection} WHERE _id IN (SELECT value FROM json_each(?))"
        documents = self.db.execute(statement, [listed]).fetchall()
        keys = [row for number, data in documents for row in sql.key_rows(collection, sql.decode(data), number)]
        self.db.executemany(f"DELETE FROM {sql.KEYS_TABLE} WHERE (field, value, time, doc) = (?, ?, ?, ?)", keys)
        if collection in TEXTS:
            numbers = [(number,) for number, _ in documents]
            self.db.executemany(f"DELETE FROM {collection}_words_fts WHERE rowid = ?", numbers)

    def close(self) -> None:
        """Ends the connection."""
        with self._lock:
            self.db.close()
