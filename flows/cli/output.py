"""Where output goes: data to stdout, everything else to stderr; tables on a terminal, whole lines in a pipe."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

_PIPE_WIDTH = 100_000  # in a pipe nothing is wrapped or cut

# Control characters, and those that reorder what is printed after them: a dispatch must not steer the terminal.
_HARMFUL = {code: "\ufffd" for code in (*range(0x20), 0x7F, *range(0x80, 0xA0), *range(0x202A, 0x202F),
                                        *range(0x2066, 0x206A)) if chr(code) not in "\t\n\r"}  # fmt: skip
_HARMFUL[ord("\r")] = ""


def stdout() -> Console:
    """Return the console for data."""
    return _console(stderr=False)


def stderr() -> Console:
    """Return the console for everything else."""
    return _console(stderr=True)


class _Console(Console):
    """Leaves a closed pipe to the application, which ends silently and well; Rich would exit with 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def _console(*, stderr: bool) -> Console:
    console = _Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if console.is_terminal:
        return console
    return _Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=_PIPE_WIDTH, color_system=None)


def print_parts(parts: Iterable[RenderableType]) -> None:
    """Print parts below each other to stdout; in a pipe without the blanks that fill a table's last column."""
    console = stdout()
    if console.is_terminal:
        for part in parts:
            console.print(part)
        return
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    write("".join(f"{line.rstrip()}\n" for line in capture.get().split("\n")[:-1]).encode())


def complain(error: object) -> None:
    """Print an error, in one line where it has one."""
    stderr().print(Text.assemble(("error: ", "bold red"), printable(str(error))))


def note(message: object) -> None:
    """Print a remark."""
    stderr().print(message if isinstance(message, Text) else Text(printable(str(message)), "dim"))


def printable(text: str) -> str:
    """Return the text without what could steer a terminal; but for carriage returns, one character for one."""
    return text.translate(_HARMFUL)


def print_json(value: Any) -> None:
    """Print a value as JSON: a list with an element a line, anything else indented."""
    import orjson

    if isinstance(value, list):
        body = b",\n".join(orjson.dumps(element) for element in value)
        data = b"[" + body + b"]\n"
    else:
        data = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    write(data)


def write(data: bytes) -> None:
    """Write bytes to stdout and flush."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def table(columns: Iterable[str], rows: Iterable[Iterable[object]], *, right: Iterable[str] = ()) -> Table:
    """Return a table of plain values. A column that may wrap ends with `~`; the others are kept whole."""
    made = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    numbers = set(right)
    for column in columns:
        name = column.rstrip("~")
        made.add_column(name, no_wrap=name == column, overflow="fold", justify="right" if name in numbers else "left")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(printable(shown(cell))) for cell in row))
    return made


def shown(value: object) -> str:
    """Return a value as people read it: no `None`, times to the minute in UTC, thousands apart."""
    import datetime as dt

    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return `1 name`, `2 names`, `1,000 entities`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def quoted(text: str, verbatim: Sequence[str], kind: str) -> str:
    """Return a quote's words on one line; each part of a direct one in its quotation marks."""
    parts = [f"“{part}”" for part in verbatim] if kind == "direct" else []
    return " ".join(" ".join(parts or [text]).split())


def words_said(text: str, verbatim: Sequence[str], kind: str) -> Text:
    """Return a quote's words for a terminal; indirect speech in italics."""
    return Text(printable(quoted(text, verbatim, kind)), "italic" if kind == "indirect" else "")


def documents_as_json(documents: Iterable[Mapping[str, Any]]) -> None:
    """Print documents of the store as a JSON list."""
    print_json([dict(document) for document in documents])
