"""`serve` and `trigger`: scheduled and ad-hoc runs, by a Prefect server."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from flows.cli.options import Json
from flows.cli.output import note, print_json, print_parts, printable, table
from flows.errors import ConfigError

if TYPE_CHECKING:
    from schemas.config import Source


def serve(as_json: Json = False) -> None:
    """Serve the schedules of config/sources.yml until Ctrl-C; needs a Prefect server (PREFECT_API_URL).

    Every source is a deployment of its name; one without a schedule, and `adhoc`, run when they are triggered.
    """
    from flows.deploy import serve as serve_deployments
    from flows.inputs import ADHOC
    from flows.settings import load_settings

    settings = load_settings()
    planned = [(name, _schedule(source), list(source.paths)) for name, source in sorted(settings.sources.items())]
    if ADHOC not in settings.sources:
        planned.append((ADHOC, None, []))

    if as_json:
        print_json([{"name": name, "schedule": schedule, "paths": paths} for name, schedule, paths in planned])
    else:
        rows = [
            (name, schedule or "when triggered", ", ".join(paths) or "given with the trigger")
            for name, schedule, paths in planned
        ]
        print_parts([table(("deployment", "runs", "paths~"), rows)])
    serve_deployments(settings, lambda: note("serving; stop with Ctrl-C; run one now: dispatches trigger NAME"))


def trigger(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The deployment: a source's name, or adhoc.")],
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--param", "-p", metavar="KEY=VALUE", help="A parameter: paths (may be repeated), force, dry_run."
        ),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the end; the exit code is 1 if it failed.")] = False,
    as_json: Json = False,
) -> None:
    """Start a run of a served deployment now; the server checks its parameters."""
    parameters = _parameters(parameter or [])
    from flows.deploy import trigger as trigger_run
    from flows.settings import load_settings

    run = trigger_run(name, parameters, load_settings(), wait=wait)
    if as_json:
        print_json(run.model_dump(mode="json"))
    else:
        lines = [("run", run.name), ("id", run.run_id), ("state", run.state), ("why", run.message), ("page", run.url)]
        print_parts(Text.assemble((f"{what:<6} ", "bold"), printable(value)) for what, value in lines if value)
    if wait and not run.completed:
        raise typer.Exit(1)


def _parameters(pairs: list[str]) -> dict[str, Any]:
    """Return the parameters: JSON values as such, other text as text; `paths`, and what is repeated, as a list."""
    import orjson

    found: dict[str, Any] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals or not key:
            raise ConfigError(f"-p {pair}: write KEY=VALUE, as in -p force=true")
        value: Any = text
        if key != "paths" or text.startswith("["):
            try:
                value = orjson.loads(text)
            except orjson.JSONDecodeError:
                value = text
        if key == "paths" or key in found:
            before = found.get(key, [])
            value = [
                *(before if isinstance(before, list) else [before]),
                *(value if isinstance(value, list) else [value]),
            ]
        found[key] = value
    return found


def _schedule(source: "Source") -> str | None:
    if source.cron:
        return f"{source.cron} ({source.timezone})"
    return f"every {source.every_seconds:g} s" if source.every_seconds else None
