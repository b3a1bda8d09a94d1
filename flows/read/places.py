"""Where inputs lie: paths, globs and URLs -> the files there, each told by its URI and its stamp."""

from collections.abc import Iterator, Mapping

from flows.read.local import find_local
from flows.read.place import Place, fill, scheme
from schemas.raw import Refusal

SCHEMES = ("file", "http", "https", "s3", "gs", "sftp", "memory")  # `memory` is fsspec's own, within one process
_EXTRAS = ("s3", "gs", "sftp")


def find_places(
    path: str, source: str, environ: Mapping[str, str], skip: str | None = None
) -> Iterator[Place | Refusal]:
    """Yield the files of a path, in the order of their names; what cannot be looked at is a refusal.

    Args:
        path: a local file, folder or glob, or a URL of one of `SCHEMES`; `${NAME}` in it stands for a value of ...
        environ: ... the environment.
        source: the source they belong to.
        skip: a folder whose files are not wanted: where files go that are stored.
    """
    filled, kind = fill(path, environ), scheme(path)
    if kind is None or kind == "file":
        local = local_path(filled)
        yield from find_local(local, source, local_path(fill(skip, environ)) if skip else None)
    elif kind in ("http", "https"):
        from flows.read.web import find_web

        yield from find_web(path, filled)
    else:
        from flows.read.remote import find_remote

        yield from find_remote(path, filled, source, fill(skip, environ) if skip else None)


def missing_extra(path: str) -> str | None:
    """Return the extra that is not installed, and without which nothing can be read at a URL: `s3`."""
    kind = scheme(path)
    if kind not in _EXTRAS:
        return None
    import fsspec

    try:
        fsspec.get_filesystem_class(kind)
    except ImportError:
        return kind
    return None


def local_path(path: str) -> str:
    """Return a local path, or that of a `file://` URL."""
    return path[len("file://") :] if scheme(path) == "file" else path
