"""`rejections replay` and `rejections discard`: what is to become of what was rejected."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from flows.cli.access import one_by_prefix, opened
from flows.cli.options import Json
from flows.cli.output import counted, note, print_json, print_parts, write
from flows.errors import ConfigError

if TYPE_CHECKING:
    from flows.replay import Replayed
    from flows.store import Store

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="Ids of rejections, or how they begin; open or not.")
]
Reason = Annotated[str | None, typer.Option("--reason", help="All open ones with this code: empty, too_large, ...")]
FromSource = Annotated[str | None, typer.Option("--source", help="All open ones of this source.")]
All = Annotated[bool, typer.Option("--all", help="All open ones.")]


def replay(
    ids: Ids = None, reason: Reason = None, source: FromSource = None, everything: All = False, as_json: Json = False
) -> None:
    """Process rejected inputs again, from the bytes that were kept: the source is not asked.

    Do this when what was wrong has been mended: a setting, a declared encoding, a reader. What is stored now counts as
    replayed; what is rejected again stays open with its present reasons, and the exit code is 1.
    """
    from flows.cli.run import progress
    from flows.settings import load_settings

    settings = load_settings()
    with opened(settings) as store:
        chosen = _chosen(store, ids, reason, source, everything)
        with progress() as (begin, on_progress):
            from flows.replay import replay as replay_all

            begin()
            done = replay_all(chosen, store, settings, on_progress)
    if as_json:
        write(done.model_dump_json(indent=2).encode() + b"\n")
    else:
        _tell(done)
    if done.rejected or done.not_kept:
        raise typer.Exit(1)


def discard(
    ids: Ids = None, reason: Reason = None, source: FromSource = None, everything: All = False, as_json: Json = False
) -> None:
    """Mark rejections as discarded: they have been looked at, and nothing is to be done. They stay in the store."""
    from flows.settings import load_settings

    with opened(load_settings()) as store:
        chosen = _chosen(store, ids, reason, source, everything)
        store.patch("rejections", chosen, {"status": "discarded"})
    if as_json:
        print_json({"discarded": chosen})
    else:
        note(f"{counted(len(chosen), 'rejection')} discarded")


def _chosen(
    store: "Store", ids: list[str] | None, reason: str | None, source: str | None, everything: bool
) -> list[str]:
    """Return the ids that are meant, the oldest first.

    Raises:
        ConfigError: none are named, or one that is not there.
    """
    if bool(ids) == bool(reason or source or everything):
        raise ConfigError("which rejections? name ids, or choose open ones by --reason, --source or --all")
    found: list[str] = []
    for id in ids or ():
        rejection = one_by_prefix(store, "rejections", id)
        if rejection is None:
            raise ConfigError(f"no rejection has the id {id!r}; see `dispatches rejections list`")
        found.append(rejection["_id"])
    if ids:
        return list(dict.fromkeys(found))
    wanted: dict[str, Any] = {"status": "open", "reason": reason, "source": source}
    filter = {name: value for name, value in wanted.items() if value is not None}
    return [d["_id"] for d in store.find("rejections", filter, sort=[("last_seen", 1)], fields=["last_seen"])]


def _tell(done: "Replayed") -> None:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_row("replayed", f"{len(done.replayed):,}; {done.run.stored:,} dispatches stored")
    if done.rejected:
        grid.add_row(Text("rejected again", "yellow"), f"{len(done.rejected):,}")
    if done.not_kept:
        grid.add_row(Text("not kept", "yellow"), f"{len(done.not_kept):,}: run their source again, or discard them")
    grid.add_row("run", done.run.run_id)
    print_parts([grid])
    if done.rejected:
        note(f"why: dispatches rejections show {done.rejected[0][:8]}")
