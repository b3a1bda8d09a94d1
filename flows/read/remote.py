"""Object stores and servers, through fsspec: `s3://`, `gs://`, `sftp://` -> the files there, by their names.

A file is fetched whole to a temporary one before it is read: a server does not wait while dispatches are processed, and
an attempt that fails is repeated before anything has come of it.
"""

import datetime as dt
import glob
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO, TypeVar, cast

import fsspec

from flows.read.detect import HEAD
from flows.read.place import MOST_BYTES, Place, PlaceError, patiently, scheme
from flows.read.refuse import refuse
from schemas.raw import Refusal

_CHUNK = 1024 * 1024
# Seconds; without them, a host that says nothing is waited for without end. S3 has its own.
_OPTIONS = {"gs": {"requests_timeout": 60}, "sftp": {"timeout": 15, "banner_timeout": 15, "auth_timeout": 30}}
_TAGS = ("etag", "ETag", "generation", "md5Hash")  # of S3, of Google
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "created")
Info = dict[str, Any]
T = TypeVar("T")


def connect(path: str) -> tuple[Any, str]:
    """Return the file system of a URL, and the path on it.

    Raises:
        PlaceError: it cannot be reached.
    """

    def work() -> tuple[Any, str]:
        system, name = fsspec.core.url_to_fs(path, **_OPTIONS.get(str(scheme(path)), {}))
        system.invalidate_cache()  # what a run before has listed
        return system, str(name)

    return _told(work)


def find_remote(written: str, path: str, source: str, skip: str | None = None) -> Iterator[Place | Refusal]:
    """Yield the files of a URL; what cannot be listed is a refusal.

    Args:
        written: the URL as it is recorded.
        path: the same with the values of the environment.
        source: the source they belong to.
        skip: the URL of a folder whose files are not wanted.
    """
    try:
        system, root = connect(path)
        skipped = f"{strip(system, skip)}/" if skip else None
        start = _start(written)
        found = False
        for info in _list(system, root):
            found = True
            if not (skipped and str(info["name"]).startswith(skipped)):
                yield _place(system, info, start, root)
    except PlaceError as error:
        yield refuse(error.reason, str(error), source=source, uri=written)
        return
    if not found and glob.has_magic(root):
        yield refuse("not_found", "no such file, folder or match", source=source, uri=written)


def _list(system: Any, root: str) -> Iterator[Info]:
    if glob.has_magic(root) and not _told(lambda: system.exists(root)):
        matches: dict[str, Info] = _told(lambda: system.glob(root, detail=True))
        yield from (info for _, info in sorted(matches.items()) if info["type"] != "directory")
        return
    info: Info = _told(lambda: system.info(root))
    if info["type"] == "directory":
        yield from _walk(system, root)
    else:
        yield info


def _walk(system: Any, folder: str) -> Iterator[Info]:
    listed: list[Info] = _told(lambda: system.ls(folder, detail=True))
    folders = []
    for info in sorted(listed, key=lambda info: str(info["name"])):
        name = str(info["name"]).rstrip("/")
        if name.rpartition("/")[2].startswith(".") or name == folder.rstrip("/"):  # S3 lists a folder in itself
            continue
        if info["type"] == "directory":
            folders.append(name)
        else:
            yield info
    for name in folders:
        yield from _walk(system, name)


def _start(written: str) -> str:
    """Return how the URIs of a system begin: `s3://`, or `sftp://host`, without the user."""
    kind, _, rest = written.partition("://")
    if kind.lower() != "sftp":
        return f"{kind.lower()}://"
    return f"sftp://{rest.partition('/')[0].rpartition('@')[2]}/"


def _place(system: Any, info: Info, start: str, root: str) -> Place:
    path = str(info["name"])
    size = info.get("size") or 0
    moment = next((info[name] for name in _TIMES if info.get(name)), None)
    # A time in seconds: some systems list it as a number, and tell it of one file as a date.
    tag = next((info[name] for name in _TAGS if info.get(name)), None) or _seconds(moment)
    folder = root if path.startswith(root.rstrip("/") + "/") else path.rpartition("/")[0]
    return Place(
        uri=f"{start}{path.lstrip('/')}", path=path, root=folder, open=partial(_fetch, system, path), size=size,
        stamp=f"{size:x}-{tag}" if tag else None, modified=_seconds(moment), remote=system,
    )  # fmt: skip


def strip(system: Any, url: str) -> str:
    """Return the path of a URL on its file system."""
    return str(system._strip_protocol(url)).rstrip("/")  # noqa: SLF001 - fsspec has no other name for it


def stamp(system: Any, path: str) -> str | None:
    """Return the stamp that a file has now."""
    return _place(system, _told(lambda: system.info(path)), "", "").stamp


def _seconds(moment: object) -> float | None:
    if isinstance(moment, str):
        try:
            moment = dt.datetime.fromisoformat(moment)
        except ValueError:
            return None
    if isinstance(moment, dt.datetime):
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
    return float(moment) if isinstance(moment, int | float) else None


def _fetch(system: Any, path: str) -> BinaryIO:
    return cast(BinaryIO, _told(lambda: _copy(system, path)))


def _copy(system: Any, path: str) -> Any:
    kept = tempfile.TemporaryFile(buffering=HEAD)  # noqa: SIM115 - the reader closes it
    size = 0
    try:
        with system.open(path, "rb") as file:
            while data := file.read(_CHUNK):
                size += len(data)
                if size > MOST_BYTES:
                    raise PlaceError("too_large", f"larger than {MOST_BYTES:,} bytes; it was not fetched")
                kept.write(data)
    except BaseException:
        kept.close()
        raise
    kept.seek(0)
    return kept


def _told(work: Callable[[], T]) -> T:
    """Do the work, again where that may help; every backend has errors of its own, and each becomes a reason."""
    try:
        return patiently(work, lambda error: not isinstance(error, FileNotFoundError | PermissionError | PlaceError))
    except PlaceError:
        raise
    except FileNotFoundError:
        raise PlaceError("not_found", "no such file, folder or match") from None
    except PermissionError as error:
        raise PlaceError("forbidden", f"the server refuses it: {type(error).__name__}") from None
    except Exception as error:  # noqa: BLE001 - their texts may quote what was sent: only the kind is told
        raise PlaceError("unreachable", f"the server did not give it ({type(error).__name__}); try again") from None


def rename(place: Place, names: Iterator[str]) -> None:
    """Give a file that has been read the first of these names that is free.

    Raises:
        PlaceError: it has changed since, or the server does not do it.
    """
    _unchanged(place)
    system = place.remote

    def work() -> None:
        target = next(name for name in names if not system.exists(name))
        system.makedirs(target.rpartition("/")[0], exist_ok=True)
        system.mv(place.path, target)

    _told(work)


def remove(place: Place) -> None:
    """Delete a file that has been read.

    Raises:
        PlaceError: it has changed since, or the server does not do it.
    """
    _unchanged(place)
    _told(lambda: place.remote.rm_file(place.path))


def _unchanged(place: Place) -> None:
    place.remote.invalidate_cache()
    if stamp(place.remote, place.path) != place.stamp:
        raise PlaceError("left", "it has changed since it was read")
