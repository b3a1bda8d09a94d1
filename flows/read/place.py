"""A place: a file somewhere, and what is told about it without reading it."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TypeVar

T = TypeVar("T")

PAUSES = (0.5, 2.0)  # seconds before another attempt
MOST_BYTES = 4 * 1024**3  # of a file that is fetched before it is read
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """A file that can be read. Two places with the same URI and the same stamp have the same content."""

    uri: str  # as it is recorded: no password, nothing of the environment
    # These may hold values of the environment.
    open: Callable[[], BinaryIO] = field(repr=False)  # raises OSError or PlaceError
    path: str = field(repr=False)  # on its file system
    root: str = field(repr=False)  # the folder that it was found in
    stamp: str | None = None  # None: only reading it tells whether it has changed
    modified: float | None = None  # seconds since 1970
    size: int = 0
    remote: Any = field(default=None, repr=False)  # its fsspec file system; None: a local file, or a web page


class PlaceError(Exception):
    """A place that cannot be listed or read, with the reason code of its refusal."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def scheme(path: str) -> str | None:
    """Return the scheme of a URL, in lower case; None for a local path."""
    found = _SCHEME.match(path)
    return found[1].lower() if found else None


def variables(path: str) -> list[str]:
    """Return the names in a path that stand for values of the environment: `${TOKEN}`."""
    return _VARIABLE.findall(path)


def fill(path: str, environ: Mapping[str, str]) -> str:
    """Return the path with the values of the environment, of which nothing is recorded; unknown names stay."""
    return _VARIABLE.sub(lambda match: environ.get(match[1], match[0]), path)


def patiently(work: Callable[[], T], may_pass: Callable[[Exception], bool]) -> T:
    """Do the work, and do it again after a failure that may pass."""
    for pause in PAUSES:
        try:
            return work()
        except Exception as error:
            if not may_pass(error):
                raise
        time.sleep(pause)
    return work()
