"""`runs` and `rejections`: what the pipeline did, and what it could not do."""

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.text import Text

from flows.cli.access import one_by_prefix, opened
from flows.cli.options import Json, OnlySource, Skip
from flows.cli.output import counted, documents_as_json, note, print_json, print_parts, printable, shown, stdout, table
from flows.errors import ConfigError

Status = StrEnum("Status", ["open", "replayed", "discarded"])
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="At most so many.")]


def runs(limit: Limit = 20, as_json: Json = False) -> None:
    """List the runs, the last one first: when, how they ended, and what became of every input."""
    from flows.settings import load_settings
    from flows.store.queries import find_runs

    with opened(load_settings()) as store:
        found = find_runs(store, limit)
    if as_json:
        documents_as_json(found)
        return
    if not found:
        note("no run yet; type `dispatches run PATH`")
        return
    totals = ("read", "stored", "unchanged", "superseded", "rejected")
    rows = [
        (run["started_at"], _state(run), _seconds(run), *(run[total] for total in totals), run["quotes"], run["_id"])
        for run in found
    ]
    columns = ("started", "state", "seconds", *totals, "quotes", "run~")
    print_parts([table(columns, rows, right=("seconds", *totals, "quotes"))])
    for run in found:
        if run["message"]:
            note(f"{run['_id']}: {run['message']}")


def list_rejections(
    reason: Annotated[
        str | None, typer.Option("--reason", help="Only this code: empty, binary, invalid_json, ...")
    ] = None,
    status: Annotated[Status | None, typer.Option("--status", help="Only those of this status.")] = None,
    source: OnlySource = None,
    limit: Limit = 50,
    skip: Skip = 0,
    as_json: Json = False,
) -> None:
    """List what was rejected, and the first reason of each."""
    from flows.settings import load_settings
    from flows.store.queries import find_rejections

    with opened(load_settings()) as store:
        found = find_rejections(
            store, status=status and status.value, reason=reason, source=source, limit=limit, skip=skip
        )
    if as_json:
        documents_as_json(found)
        return
    if not found:
        note("no rejections" + (" of this kind" if reason or status or source else ": every input was stored"))
        return
    rows = [(d["_id"][:8], d["reason"], d["status"], d["last_seen"], _where(d), _why(d)) for d in found]
    print_parts([table(("id", "reason", "status", "last seen", "where~", "why~"), rows)])
    note(f"{counted(len(found), 'rejection')}; all reasons of one: dispatches rejections show {found[0]['_id'][:8]}")


def show_rejection(
    id: Annotated[str, typer.Argument(metavar="ID", help="Id of the rejection, or how it begins.")],
    as_json: Json = False,
) -> None:
    """Show a rejection with all its reasons."""
    from flows.settings import load_settings

    with opened(load_settings()) as store:
        found = one_by_prefix(store, "rejections", id)
    if found is None:
        raise ConfigError(f"no rejection has the id {id!r}; see `dispatches rejections list`")
    if as_json:
        print_json(found)
        return
    console = stdout()
    facts = [
        ("id", found["_id"]), ("where", _where(found)), ("source", found["source"]), ("stage", found["stage"]),
        ("reason", found["reason"]), ("status", found["status"]), ("attempts", found["attempts"]),
        ("first seen", found["first_seen"]), ("last seen", found["last_seen"]),
        ("original", found["original"] or "not kept: the bytes were not read"),
    ]  # fmt: skip
    for name, value in facts:
        console.print(Text.assemble((f"{name:<11} ", "bold"), printable(shown(value))), soft_wrap=True)
    for number, error in enumerate(found["errors"], 1):
        console.print()
        head = Text.assemble((f"{number}. {printable(error['loc'])}", "bold"), f"  {printable(error['type'])}")
        console.print(head, soft_wrap=True)
        console.print(Text(printable(error["message"])), soft_wrap=not console.is_terminal)
        if error["input"]:
            console.print(Text(f"found: {printable(error['input'])}", "dim"), soft_wrap=not console.is_terminal)


def _where(rejection: dict[str, Any]) -> str:
    return f"{rejection['uri']}#{rejection['item']}" if rejection["item"] else str(rejection["uri"])


def _why(rejection: dict[str, Any]) -> str:
    errors = rejection["errors"]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{errors[0]['message']}{more}" if errors else ""


def _state(run: dict[str, Any]) -> Text:
    colour = {"completed": "green", "failed": "red"}.get(run["state"], "yellow")
    return Text(run["state"] + (" (dry)" if run["dry_run"] else ""), colour)


def _seconds(run: dict[str, Any]) -> str:
    if not run["finished_at"]:
        return ""
    return f"{(run['finished_at'] - run['started_at']).total_seconds():.1f}"
