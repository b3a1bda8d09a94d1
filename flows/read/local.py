"""Local files: a file, a folder or a glob -> the files there, in the order of their names."""

import glob
import os
import stat
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from flows.read.detect import HEAD
from flows.read.place import Place
from flows.read.refuse import refuse
from schemas.raw import Refusal


def find_local(path: str, source: str, skip: str | None = None) -> Iterator[Place | Refusal]:
    """Yield the files of a path; what cannot be looked at is a refusal.

    Args:
        path: a file, a folder or a glob. A folder is walked: its files, then its folders; links to folders are not
            followed, hidden files and folders are passed over.
        source: the source they belong to.
        skip: a folder whose files are not wanted.
    """
    skipped = os.path.realpath(skip) if skip else None
    if os.path.isdir(path):
        yield from _walk(path, path, source, skipped)
    elif os.path.lexists(path):
        yield _place(path, os.path.dirname(path), source, walked=False)
    elif glob.has_magic(path):
        yield from _matches(path, source, skipped)
    else:
        yield _missing(path, source)


def _missing(path: str, source: str) -> Refusal:
    """Return why nothing is seen at a path: there is nothing, or its folder may not be looked into."""
    try:
        os.lstat(path)
    except PermissionError as error:
        return refuse("unreadable", f"cannot be looked for: {error.strerror}", source=source, uri=_shown(path))
    except (OSError, ValueError):
        pass
    return refuse("not_found", "no such file, folder or match", source=source, uri=_shown(path))


def _walk(folder: str, root: str, source: str, skipped: str | None) -> Iterator[Place | Refusal]:
    if skipped and os.path.realpath(folder) == skipped:
        return
    names, folders = [], []
    try:
        with os.scandir(folder) as entries:  # names alone are kept: the entries of a million files are half a gigabyte
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if not entry.is_dir():
                    names.append(entry.name)
                elif not entry.is_symlink():
                    folders.append(entry.name)
    except OSError as error:
        yield refuse("unreadable", f"cannot be listed: {error.strerror}", source=source, uri=_shown(folder))
    for name in sorted(names):
        yield _place(os.path.join(folder, name), root, source)
    for name in sorted(folders):
        yield from _walk(os.path.join(folder, name), root, source, skipped)


def _matches(pattern: str, source: str, skipped: str | None) -> Iterator[Place | Refusal]:
    found = False
    for name in sorted(glob.iglob(pattern, recursive=True)):
        if os.path.isdir(name):
            continue
        found = True
        folder = os.path.dirname(name)
        if not (skipped and os.path.join(os.path.realpath(folder), "").startswith(os.path.join(skipped, ""))):
            yield _place(name, folder, source)
    if not found:
        yield refuse("not_found", "no such file, folder or match", source=source, uri=_shown(pattern))


def _place(path: str, root: str, source: str, *, walked: bool = True) -> Place | Refusal:
    try:
        told = os.stat(path)
    except OSError as error:
        return refuse("unreadable", f"cannot be read: {error.strerror}", source=source, uri=_shown(path))
    regular = stat.S_ISREG(told.st_mode)
    if walked and not regular:  # reading a pipe would wait for ever; one that is named by itself is meant
        return refuse("unreadable", "a pipe, a device or the like, and no file", source=source, uri=_shown(path))
    return Place(
        uri=_shown(path), path=path, root=root, open=partial(_open, path), size=told.st_size,
        stamp=stamp(told) if regular else None, modified=told.st_mtime if regular else None,
    )  # fmt: skip


def stamp(told: os.stat_result) -> str:
    """Return what changes when a file is written to, or another is put in its place under an old date."""
    return f"{told.st_size:x}-{told.st_mtime_ns:x}-{told.st_ctime_ns:x}"


def _open(path: str) -> BinaryIO:
    return open(path, "rb", buffering=HEAD)


def _shown(path: str) -> str:
    """Return a path as text: a name in another encoding than the system's has bytes that no text holds."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
