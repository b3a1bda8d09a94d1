"""Web pages and feeds: `http://` and `https://`. A URL is one file; it is fetched whole before it is read."""

import email.utils
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import BinaryIO, cast

import httpx

from flows.read.detect import HEAD
from flows.read.place import MOST_BYTES, Place, PlaceError, patiently

_TIMEOUT = 30.0  # seconds without a byte
_LONGEST = 900.0  # seconds for one file
_TRANSIENT = (408, 425, 429, 500, 502, 503, 504)
# gzip as it comes is opened by `archives.py`, which knows bombs.
_HEADERS = {"User-Agent": "dispatches (news ingest)", "Accept-Encoding": "gzip"}


class _Passing(PlaceError):
    """What may be better at the next attempt."""


def find_web(written: str, url: str) -> Iterator[Place]:
    """Yield the file at a URL; the server is asked for its stamp.

    Args:
        written: the URL as it is recorded.
        url: the same with the values of the environment.
    """
    tag, modified, size = None, None, 0
    # A server that knows no HEAD, or does not answer: the reading will tell.
    with suppress(httpx.HTTPError, httpx.InvalidURL):
        told = httpx.head(url, headers=_HEADERS, follow_redirects=True, timeout=_TIMEOUT)
        if told.status_code == httpx.codes.OK:
            tag = told.headers.get("etag") or told.headers.get("last-modified")
            modified = _seconds(told.headers.get("last-modified"))
            length = told.headers.get("content-length", "")
            size = int(length) if length.isdecimal() else 0
    yield Place(
        uri=written, path=url, root="", open=partial(_fetch, url), size=size, modified=modified,
        stamp=f"{size:x}-{tag}" if tag else None,
    )  # fmt: skip


def _seconds(date: str | None) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(date).timestamp() if date else None
    except ValueError:
        return None


def _fetch(url: str) -> BinaryIO:
    return patiently(lambda: _copy(url), lambda error: isinstance(error, _Passing))


def _copy(url: str) -> BinaryIO:
    kept = tempfile.TemporaryFile(buffering=HEAD)  # noqa: SIM115 - the reader closes it
    size, deadline = 0, time.monotonic() + _LONGEST
    try:
        with httpx.stream("GET", url, headers=_HEADERS, follow_redirects=True, timeout=_TIMEOUT) as response:
            _check(response.status_code)
            for data in response.iter_raw():
                size += len(data)
                if size > MOST_BYTES:
                    raise PlaceError("too_large", f"larger than {MOST_BYTES:,} bytes; it was not fetched")
                if time.monotonic() > deadline:
                    raise PlaceError("unreachable", f"not complete after {_LONGEST:.0f} seconds")
                kept.write(data)
    except httpx.TransportError as error:
        kept.close()
        raise _Passing("unreachable", f"the server did not give it ({type(error).__name__}); try again") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        kept.close()
        raise PlaceError("unreachable", f"cannot be fetched ({type(error).__name__})") from None
    except BaseException:
        kept.close()
        raise
    kept.seek(0)
    return cast(BinaryIO, kept)


def _check(status: int) -> None:
    if status == httpx.codes.OK:
        return
    kind = _Passing if status in _TRANSIENT else PlaceError
    reason = {401: "forbidden", 403: "forbidden", 404: "not_found", 410: "not_found"}.get(status, "unreachable")
    raise kind(reason, f"the server answers {status} {httpx.codes.get_reason_phrase(status)}".rstrip())
