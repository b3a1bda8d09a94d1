"""The closing report of a run, what to type next, and the dispatches of the run."""

import shlex
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from flows.cli.output import counted, note, printable, table

if TYPE_CHECKING:
    from flows.store import Store
    from schemas.dispatch import Dispatch
    from schemas.run import Counts, RunReport

_TOTALS = ("read", "stored", "unchanged", "superseded", "rejected")
_MOST_SHOWN = 50


def closing_report(report: "RunReport") -> Iterator[RenderableType]:
    """Yield the report for people: what became of the inputs, and what was found in the new ones."""
    rows = [(name, *_cells(counts)) for name, counts in sorted(report.sources.items())]
    if len(rows) != 1:
        rows.append((Text("all", "bold"), *_cells(report)))
    yield table(("source", *_TOTALS), rows, right=_TOTALS)
    yield Text()
    grid = Table.grid(padding=(0, 2, 0, 0))
    if report.stored + report.superseded:
        grid.add_row("names changed", f"{report.names:,}")
        grid.add_row("entities", f"{report.entities:,}")
        grid.add_row("quotes", f"{report.quotes:,}, {report.quotes_with_speaker:,} of them with a known speaker")
    if report.rejected_by_reason:
        most = sorted(report.rejected_by_reason.items(), key=lambda item: (-item[1], item[0]))[:5]
        grid.add_row(Text("rejected", "yellow"), ", ".join(f"{reason} {number:,}" for reason, number in most))
    if report.passed_over:
        grid.add_row("not read again", counted(report.passed_over, "unchanged file"))
    if report.waiting:
        grid.add_row("waiting", f"{counted(report.waiting, 'file')} that may still be written; a later run takes them")
    grid.add_row("time", _seconds(report))
    grid.add_row("run", report.run_id)
    yield grid


def next_steps(report: "RunReport", store: "Store") -> Iterator[RenderableType]:
    """Yield what to type next, with names from what is stored."""
    steps: list[tuple[str, str]] = []
    if report.rejected:
        steps.append(("dispatches rejections list", "what was rejected, and why"))
    speakers = _speakers(store)
    if speakers:
        steps.append(
            (f"dispatches quotes --speaker {shlex.quote(speakers[0].split()[-1])}", f"what {speakers[0]} said")
        )
        steps.append(("dispatches entities --type person", "who is mentioned, and how often"))
    latest = store.find("dispatches", sort=[("time", -1)], limit=1, fields=["headline"])
    if latest:
        source, _, key = latest[0]["_id"].partition(":")  # the beginning of an id is enough
        steps.append((f"dispatches show {shlex.quote(f'{source}:{key[:12]}')}", "a dispatch with everything marked"))
    if not steps:
        steps.append(("dispatches run --help", "what can be ingested"))
    yield Text("Next", "bold")
    grid = Table.grid(padding=(0, 3, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for command, why in steps:
        grid.add_row(Text(f"  {printable(command)}", "cyan"), Text(printable(why), "dim"))
    yield grid


def dispatches_of(report: "RunReport", store: "Store") -> "Iterator[Dispatch]":
    """Yield the dispatches that the run stored; when it stored none, those of its sources that were there before."""
    from flows.cli.access import as_dispatch
    from flows.store.queries import search_dispatches

    found: Iterable[dict[str, Any]] = store.find(
        "revisions", {"provenance.run_id": report.run_id}, sort=[("version_key", -1)], limit=_MOST_SHOWN
    )
    if not found and report.unchanged:
        note("nothing is new; what is stored from the same sources:")
        found = [
            document for name in report.sources for document in search_dispatches(store, source=name, limit=_MOST_SHOWN)
        ]
    if report.stored + report.superseded > _MOST_SHOWN:
        note(f"the newest {_MOST_SHOWN} of {counted(report.stored + report.superseded, 'dispatch', 'dispatches')}:")
    for document in found:
        yield as_dispatch(document)


def _cells(counts: "Counts") -> tuple[RenderableType | int, ...]:
    rejected = Text(f"{counts.rejected:,}", "bold yellow") if counts.rejected else 0
    return counts.read, counts.stored, counts.unchanged, counts.superseded, rejected


def _seconds(report: "RunReport") -> str:
    if report.finished_at is None:
        return "not finished"
    total = (report.finished_at - report.started_at).total_seconds()
    stages = ", ".join(
        f"{stage} {seconds:.1f}" for stage, seconds in report.seconds_by_stage.items() if seconds >= 0.05
    )
    return f"{total:.1f} s" + (f" ({stages})" if stages else "")


def _speakers(store: "Store") -> list[str]:
    """Return the persons seen last who speak, the one with the most quotes first."""
    fields = ["name", "quote_count", "last_seen"]
    people = store.find("entities", {"type": "person"}, sort=[("last_seen", -1)], limit=200, fields=fields)
    speaking = sorted(people, key=lambda person: (-person["quote_count"], person["name"]))
    return [person["name"] for person in speaking if person["quote_count"]]
