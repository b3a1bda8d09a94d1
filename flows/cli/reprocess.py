"""`reprocess`: dispatches made again from their originals, where an edited gazetteer or a newer model touches them."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from flows.cli.options import Json, OnlySource, Since, moment
from flows.cli.output import counted, note, print_parts, printable, write
from flows.cli.run import progress
from flows.errors import ConfigError

if TYPE_CHECKING:
    from flows.reprocess import Reprocessed

_MOST_SHOWN = 10
_FIELDS = ("story_id", "language", "signal", "urgency", "slugline", "byline", "subjects")


def reprocess(
    outdated: Annotated[
        bool,
        typer.Option(
            "--outdated/--all",
            help="Only what an edit of the gazetteer or a newer model touches; or all, after other changes.",
        ),
    ] = True,
    source: OnlySource = None,
    since: Since = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="FIELD=VALUE", help=f"Only where it is so; of {', '.join(_FIELDS)}."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything but store.")] = False,
    as_json: Json = False,
) -> None:
    """Make stored dispatches again from their originals, without the source.

    By default only those that the edits of the gazetteer touch, which are found by index, and those made with another
    model. What cannot be made again stays as it is and is kept as a rejection; the exit code is then 1.
    """
    from flows.cli.access import opened
    from flows.settings import load_settings

    start = moment(since, "--since")
    conditions = tuple(_condition(text) for text in where or ())
    with opened(load_settings()):  # there must be a store
        pass
    with progress() as (begin, on_progress):
        from flows.reprocess import Request, run_reprocess  # Prefect: two seconds
        from flows.store.touched import Scope

        begin()
        done = run_reprocess(Request(Scope(source, start, conditions), not outdated, dry_run), on_progress)
    if as_json:
        write(done.model_dump_json(indent=2).encode() + b"\n")
    else:
        _tell(done)
    if done.run.rejected:
        raise typer.Exit(1)


def _condition(text: str) -> tuple[str, str | int]:
    """Return the field and the value of `--where language=en`."""
    field, equals, value = text.partition("=")
    if not equals or field not in _FIELDS:
        raise ConfigError(f"--where {text}: write FIELD=VALUE, with a field of {', '.join(_FIELDS)}")
    return field, int(value) if field == "urgency" and value.isdecimal() else value


def _tell(done: "Reprocessed") -> None:
    found, run = done.found, done.run
    grid = Table.grid(padding=(0, 2, 0, 0))
    made = counted(found.compared, "dispatch", "dispatches")
    grid.add_row("compared", f"{made} made with another gazetteer or model")
    by_index = f", of {found.looked_up:,} that the index gave for edited names" if found.looked_up else ""
    grid.add_row("touched", f"{found.touched:,}{by_index}")
    if found.entries:
        shown = [f"{entry} {number:,}" for entry, number in list(found.entries.items())[:_MOST_SHOWN]]
        more = len(found.entries) - len(shown)
        grid.add_row("by", ", ".join(shown) + (f", and {more:,} more" if more else ""))
    for version, why in found.whole.items():
        grid.add_row("all of", printable(f"{version}: {why}"))
    grid.add_row("changed", f"{run.stored:,}; {run.unchanged:,} came out the same")
    if run.superseded:
        grid.add_row("superseded", f"{run.superseded:,} in the meantime")
    if run.rejected:
        reasons = ", ".join(f"{reason} {number:,}" for reason, number in sorted(run.rejected_by_reason.items()))
        grid.add_row(Text("rejected", "yellow"), f"{reasons}; they stay as they were")
    if not run.dry_run:
        grid.add_row("run", run.run_id)
    print_parts([grid])
    if run.dry_run:
        note("a dry run: nothing was stored; `changed` counts what would have been")
    elif not found.touched:
        note("nothing to do: no edit of the gazetteer and no newer model touches a stored dispatch")
