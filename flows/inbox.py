"""What becomes of a file when all that was in it is stored: it is remembered, moved or deleted, as its source says.

Only a file all of whose batches are stored is seen to, with the rejections and the bytes of what was rejected; a run
that is killed before that reads it again, and finds its dispatches stored. A file that has changed since it was read
stays where it is. So nothing is lost at any instant; the worst is a file in two places.
"""

import datetime as dt
import errno
import itertools
import logging
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from flows.errors import ConfigError
from flows.gather import Ended
from flows.inputs import Batch
from flows.read.local import stamp as local_stamp
from flows.read.place import Place, PlaceError, fill, scheme
from flows.read.places import local_path
from flows.store import Store
from flows.store.files import StoredFile, file_id, save_files
from schemas.config import Source
from schemas.run import Counts

_MOST_TOLD = 5  # files that could not be moved, each in a line of the log


class Closer:
    """Sees to the files of a run, whose batches come in order; a batch that failed is missing among them."""

    def __init__(self, store: Store, sources: Mapping[str, Source]) -> None:
        self._store = store
        self._sources = sources
        self._next = 1  # number of the batch that is expected
        self._counts: dict[int, Counts] = {}  # of the files that go on in the next batch
        self._left = 0

    def close(self, batch: Batch, files: Mapping[int, Counts]) -> None:
        """See to the files that end in a batch, which is stored.

        Args:
            batch: the batch.
            files: number of a file -> what became of its items in this batch.

        Raises:
            Unavailable: the store does not answer.
        """
        if batch.number != self._next:
            return  # one before it failed: a file that ends here may have begun there
        self._next += 1
        for number, counts in files.items():
            begun = self._counts.get(number)
            self._counts[number] = begun + counts if begun else counts
        stored = [(self._counts.pop(number, Counts()), ended) for number, ended in batch.ended]
        files_kept = [file for counts, ended in stored if (file := _remembered(ended, counts, self._sources))]
        save_files(self._store, files_kept, dt.datetime.now(dt.UTC))
        going = [ended for _, ended in stored if _may_go(ended, self._sources)]
        if going:
            self._store.sync()
        for ended in going:
            self._put_away(ended)

    def _put_away(self, ended: Ended) -> None:
        place, source = ended.place, self._sources[ended.source]
        assert place is not None  # `_may_go` has seen to that
        try:
            if source.when_stored == "delete":
                delete(place)
            else:
                move(place, fill(str(source.done), os.environ))
        except FileNotFoundError:
            return  # another run has taken it away
        except (OSError, PlaceError) as error:
            self._left += 1
            if self._left <= _MOST_TOLD:
                why = error.strerror if isinstance(error, OSError) else error
                logging.getLogger(__name__).warning("%s is stored, and stays where it is: %s", place.uri, why)


def _remembered(ended: Ended, counts: Counts, sources: Mapping[str, Source]) -> StoredFile | None:
    """Return what is remembered of a file; None where it goes away, or is to be read again."""
    if ended.place is None or ended.stamp is None or counts.rejected or sources[ended.source].when_stored != "leave":
        return None
    return StoredFile(file_id(ended.source, ended.place.uri), ended.source, ended.stamp, counts.read)


def _may_go(ended: Ended, sources: Mapping[str, Source]) -> bool:
    """Tell whether a file may be moved or deleted: not where it is the only copy of what could not be read."""
    wanted = sources[ended.source].when_stored
    return ended.place is not None and ended.whole and (wanted == "move" or (wanted == "delete" and ended.kept))


def make_folders(sources: Mapping[str, Source]) -> None:
    """Make the folders to which files are moved.

    Raises:
        ConfigError: one cannot be made, or cannot be written to.
    """
    for name, source in sources.items():
        if source.done is None or scheme(source.done) not in (None, "file"):
            continue
        folder = local_path(fill(source.done, os.environ))
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"sources.{name}.done: {folder} cannot be made: {error.strerror}") from None
        if not os.access(folder, os.W_OK | os.X_OK):
            raise ConfigError(f"sources.{name}.done: {folder} cannot be written to")


def move(place: Place, done: str) -> None:
    """Move a file that has been read to the folder `done`, under its name in the folder it was found in.

    Where there is a file of this name, the new one gets its time into its name: `a.20240301T120000.xml`.

    Raises:
        OSError, PlaceError: it cannot be moved, or has changed since it was read; it stays.
    """
    if place.remote is not None:
        _move_remote(place, done)
        return
    inner = os.path.relpath(place.path, place.root or ".") if place.root else os.path.basename(place.path)
    target = os.path.join(local_path(done), inner)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    _unchanged(place)
    reserved = _reserve(_names(target, place.modified))
    try:
        _take(place, reserved)
    except BaseException:
        with suppress(OSError):
            if os.path.getsize(reserved) == 0:
                os.unlink(reserved)
        raise


def delete(place: Place) -> None:
    """Delete a file that has been read.

    Raises:
        OSError, PlaceError: it cannot be deleted, or has changed since it was read; it stays.
    """
    if place.remote is not None:
        from flows.read.remote import remove

        remove(place)
        return
    _unchanged(place)
    folder, name = os.path.split(place.path)
    taken = os.path.join(folder, f".{name}.taken")  # hidden: it is passed over, should the process die now
    _take(place, taken)
    os.unlink(taken)


def _unchanged(place: Place) -> None:
    if os.path.islink(place.path):
        raise PlaceError("left", "it is a link")
    if local_stamp(os.stat(place.path)) != place.stamp:
        raise PlaceError("left", "it has changed since it was read")


def _take(place: Place, target: str) -> None:
    """Rename a file: in one instant it is here no more and there; if it was another by then, it is put back."""
    before = os.stat(place.path)
    try:
        os.rename(place.path, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(place, target)
        return
    after = os.stat(target)
    if (before.st_ino, before.st_size, before.st_mtime_ns) != (after.st_ino, after.st_size, after.st_mtime_ns):
        os.rename(target, _reserve(_names(place.path, None)))
        raise PlaceError("left", "another has come in its place")


def _copy(place: Place, target: str) -> None:
    """Move a file to another disk."""
    shutil.copy2(place.path, target)
    with open(target, "rb+") as file:
        os.fsync(file.fileno())
    _unchanged(place)
    os.unlink(place.path)


def _names(target: str, modified: float | None) -> Iterator[str]:
    """Yield the name that is wanted, and others that may be free."""
    yield target
    stem, ending = os.path.splitext(target)
    stem = f"{stem}.{time.strftime('%Y%m%dT%H%M%S', time.gmtime(modified))}"
    yield stem + ending
    yield from (f"{stem}.{number}{ending}" for number in itertools.count(2))


def _reserve(names: Iterable[str]) -> str:
    """Make an empty file under the first name that is free, and return it: no other process takes it."""
    for name in names:
        with suppress(FileExistsError):
            os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            return name
    raise AssertionError("unreachable")


def _move_remote(place: Place, done: str) -> None:
    from flows.read.remote import rename, strip

    inner = place.path[len(place.root.rstrip("/")) + 1 :] if place.root else place.path.rpartition("/")[2]
    rename(place, _names(f"{strip(place.remote, done)}/{inner}", place.modified))
