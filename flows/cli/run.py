"""`run`: the ingest flow, now, with a progress bar and a closing report."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from flows.cli.options import Json
from flows.cli.output import note, print_parts, stderr, write

if TYPE_CHECKING:
    from schemas.run import RunReport

_LINE_EVERY = 5.0  # seconds between lines of progress, where there is no terminal


def run(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders, globs or URLs; without any, what config/sources.yml names."),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="The source they belong to, or the source to run.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Read, process and store again what is stored already.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything but store.")] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Show names, entities and quotes of each dispatch of the run.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Ingest dispatches now, and report what became of every input.

    Running the same input again stores nothing twice. What cannot become a dispatch is kept as a rejection with all
    its reasons; the exit code is then 1. --json prints the run report and nothing else.
    """
    with progress() as (begin, on_progress):
        from flows.ingest import run_ingest  # Prefect: two seconds
        from flows.inputs import Request

        begin()
        report = run_ingest(Request(tuple(paths or ()), source, force, dry_run), on_progress)
    if as_json:
        write(report.model_dump_json(indent=2).encode() + b"\n")
    else:
        _tell(report, show)
    if report.rejected:
        raise typer.Exit(1)


def _tell(report: "RunReport", show: bool) -> None:
    from flows.cli.access import opened
    from flows.cli.report import closing_report, dispatches_of, next_steps
    from flows.settings import load_settings

    if report.dry_run:
        print_parts(closing_report(report))
        note("a dry run: nothing was stored; `stored` counts what would have been")
        return
    with opened(load_settings()) as store:
        if show:
            from flows.cli.draw import compact

            for dispatch in dispatches_of(report, store):
                print_parts((compact(dispatch), Text()))
        print_parts((*closing_report(report), Text(), *next_steps(report, store)))


@contextmanager
def progress() -> "Iterator[tuple[Callable[[], None], Callable[[RunReport, float], None]]]":
    """Show progress on stderr: a bar on a terminal, else a line now and then.

    Yields two functions: one to say that the work begins, one that takes the report so far and the share done.
    """
    console = stderr()
    if not console.is_terminal:
        yield lambda: None, _lines()
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        bar = bars.add_task("getting ready", total=None)
        yield (
            lambda: bars.update(bar, description="reading"),
            lambda report, share: bars.update(bar, description=_counts(report), completed=share, total=1.0),
        )


def _lines() -> "Callable[[RunReport, float], None]":
    last = time.monotonic()

    def on_progress(report: "RunReport", share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= _LINE_EVERY:
            last = time.monotonic()
            note(f"{share:4.0%}  {_counts(report)}")

    return on_progress


def _counts(report: "RunReport") -> str:
    text = f"{report.read:,} read"
    return f"{text}, {report.rejected:,} rejected" if report.rejected else text
