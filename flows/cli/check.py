"""`check`: tells whether the configuration is right, line by line, and whether the store answers."""

import glob
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from flows.cli.access import is_missing_file
from flows.cli.options import Json
from flows.cli.output import counted, print_json, printable, stdout
from flows.errors import ConfigError, Unavailable

if TYPE_CHECKING:
    from flows.settings import Settings
    from schemas.gazetteer import Style


@dataclass(frozen=True)
class Finding:
    """One line of the result. `level` is `ok`, `warning`, `error`, or `unreachable` for the store."""

    what: str
    level: str
    message: str
    file: str | None = None
    line: int | None = None


def check(as_json: Json = False) -> None:
    """Check settings, sources, cue verbs, roles, gazetteer and engine, ping the store, and look how old its content is.

    The exit code is 2 when something in the configuration is wrong, 3 when the store does not answer.
    """
    findings = _findings()
    levels = {finding.level for finding in findings}
    if as_json:
        print_json({"ok": levels <= {"ok", "warning"}, "findings": [asdict(finding) for finding in findings]})
    else:
        console = stdout()
        for finding in findings:
            console.print(_line(finding), soft_wrap=True)
    if "error" in levels:
        raise typer.Exit(2)
    if "unreachable" in levels:
        raise typer.Exit(3)


def _findings() -> list[Finding]:
    from flows.settings import load_settings

    try:
        settings = load_settings()
    except ConfigError as error:
        return [Finding("settings", "error", str(error)), *_gazetteer()]
    verbs = sum(len(forms) for forms in settings.cue_verbs.verbs.values())
    return [
        Finding("settings", "ok", f"{settings.config}/settings.toml and the environment"),
        *_unknown_variables(),
        *_sources(settings),
        Finding("cue verbs", "ok", counted(verbs, "verb")),
        Finding("roles", "ok", counted(len(settings.roles.titles), "title")),
        *_gazetteer(settings.tuning.style),
        *_engine_and_store(settings),
    ]


def _unknown_variables() -> Iterator[Finding]:
    """Tell variables that look like settings and are none: a misspelled one would silently change nothing."""
    from flows.settings import CONFIG_VARIABLE, Tuning

    known = {CONFIG_VARIABLE, *(f"DISPATCHES_{name.upper()}" for name in Tuning.model_fields)}
    for name in sorted(os.environ):
        if name.upper().startswith("DISPATCHES_") and name.upper() not in known:
            yield Finding("settings", "warning", f"{name} in the environment is no setting, and changes nothing")


def _sources(settings: "Settings") -> list[Finding]:
    """Judge schedules as `serve` does, and look whether there is anything where a source is read."""
    found = [
        Finding("source", "warning", f"{name}: nothing at {path} (relative paths start from {Path.cwd()})")
        for name, source in settings.sources.items()
        for path in source.paths
        if "://" not in path and not Path(path).exists() and not glob.glob(path, recursive=True)
    ]
    from flows.inputs import check_paths

    try:
        check_paths(settings.sources, os.environ)
    except ConfigError as error:
        return [Finding("sources", "error", str(error)), *found]
    if any(source.cron or source.every_seconds for source in settings.sources.values()):
        from flows.deploy import deployments  # Prefect, which will run the schedules, knows what it accepts

        try:
            deployments(settings)
        except ConfigError as error:
            return [Finding("sources", "error", str(error)), *found]
    return [Finding("sources", "ok", counted(len(settings.sources), "source")), *found]


def _gazetteer(style: "Style" = "ap") -> list[Finding]:
    from flows.gazetteer import read_entries
    from flows.gazetteer.check import check as check_entries
    from flows.settings import config_folder

    folder = config_folder() / "gazetteer"
    try:
        sources = read_entries(folder)
    except (ConfigError, OSError) as error:
        return [Finding("gazetteer", "error", str(error))]
    found = [
        Finding("gazetteer", "warning" if p.severity == "warning" else "error", p.message, f"{folder}/{p.file}", p.line)
        for p in sources.problems or check_entries(sources, style)
    ]
    if not any(finding.level == "error" for finding in found):
        files = len({file for file, _ in sources.lines.values()})
        found.insert(
            0,
            Finding(
                "gazetteer", "ok", f"{counted(len(sources.entries), 'entry', 'entries')} in {counted(files, 'file')}"
            ),
        )
    return found


def _engine_and_store(settings: "Settings") -> list[Finding]:
    from flows.enrich import load_analyzer
    from flows.process import model_version

    try:
        version = model_version(load_analyzer(settings.tuning.engine))
    except ConfigError as error:
        return [Finding("engine", "error", str(error)), *_store(settings, None)]
    return [Finding("engine", "ok", version), *_store(settings, version)]


def _store(settings: "Settings", model_version: str | None) -> Iterator[Finding]:
    """Tell whether the store answers, and whether what is in it was made by what is installed now."""
    from flows.store import mask, open_store
    from flows.store.touched import MODEL, other_versions

    place = mask(settings.store)
    try:
        if is_missing_file(settings.store):
            yield Finding("store", "ok", f"{place}, which the first run will make")
            return
        store = open_store(settings.store, settings.tuning.database)
        try:
            store.ping()
            yield Finding("store", "ok", place)
            others = other_versions(store, MODEL, model_version) if model_version else []
            old = sum(store.count("dispatches", {MODEL: version}) for version in others)
            if old:
                made = f"{counted(old, 'dispatch', 'dispatches')} made by another version of the model or its rules"
                yield Finding("store", "warning", f"{made}; `dispatches reprocess` makes them again")
        finally:
            store.close()
    except Unavailable as error:
        yield Finding("store", "unreachable", str(error))
    except ConfigError as error:
        yield Finding("store", "error", str(error))


_SIGNS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "error": ("✗", "red"), "unreachable": ("✗", "red")}


def _line(finding: Finding) -> Text:
    sign, colour = _SIGNS[finding.level]
    where = f"{finding.file}:{finding.line}: " if finding.line else f"{finding.file}: " if finding.file else ""
    return Text.assemble(
        (f"{sign} ", f"bold {colour}"), (f"{finding.what:<10} ", "bold"), printable(where), printable(finding.message)
    )
