"""`show`: one dispatch with its names, entities and quotes marked, on the terminal or as an HTML page."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.access import as_dispatch, one_by_prefix, opened
from flows.cli.options import Json
from flows.cli.output import note, print_parts, write
from flows.errors import ConfigError


def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="Id of a story or of a revision, or how it begins.")],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page to this file; - is stdout.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a dispatch with its names, entities and quotes marked.

    The id of a story shows its current revision; `search` and `quotes` print ids.
    """
    from flows.settings import load_settings

    with opened(load_settings()) as store:
        document = one_by_prefix(store, "dispatches", id) or one_by_prefix(store, "revisions", id)
    if document is None:
        raise ConfigError(f"no dispatch has the id {id!r}; `dispatches search WORDS` prints ids")
    dispatch = as_dispatch(document)
    if html:
        from flows.cli.page import page

        _write(html, page(dispatch))
    if as_json:
        write(dispatch.model_dump_json(indent=2).encode() + b"\n")
    elif html is None:
        from flows.cli.draw import whole

        print_parts(whole(dispatch))


def _write(file: Path, text: str) -> None:
    if str(file) == "-":
        write(text.encode())
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}") from None
    note(f"written to {file}")
