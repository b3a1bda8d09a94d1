"""Schedules and deployments, from `config/sources.yml`; and runs that are triggered by hand.

A deployment per source, by its name, on its schedule; and `adhoc`, without one, for paths given with a trigger. They
are deployed by module path, and run as processes of the one that serves them: it needs no port of its own.
"""

import datetime as dt
import os
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from prefect import serve as serve_deployments
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, FlowRun, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.schedules import Cron, Interval, Schedule
from prefect.settings import PREFECT_API_URL
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType
from pydantic import ValidationError

from flows.errors import ConfigError, ServerUnavailable
from flows.ingest import FLOW, ingest_dispatches
from flows.inputs import ADHOC, check_paths
from flows.settings import Settings
from flows.store import mask
from schemas.base import Model
from schemas.config import Source

_POLL = 1.0  # seconds between two looks at a run that is waited for


class Triggered(Model):
    """A run that was triggered, as the server last described it."""

    run_id: str
    name: str
    state: str
    message: str | None = None
    completed: bool = False
    url: str | None = None


def serve(settings: Settings, on_ready: Callable[[], None] = lambda: None) -> None:
    """Deploy every source and `adhoc`, and run what is scheduled or triggered, until interrupted.

    Args:
        settings: sources and their schedules.
        on_ready: is called when the server has answered.

    Raises:
        ConfigError: a schedule cannot be used.
        ServerUnavailable: no Prefect server is configured, or it does not answer.
    """
    planned = deployments(settings)
    with _server() as client:
        for deployment in planned:
            _heal(client, str(deployment.name))
        on_ready()
        os.environ.setdefault("DO_NOT_TRACK", "1")  # for the processes of the runs
        with warnings.catch_warnings():
            # Prefect's own, on SIGTERM; it stops in order all the same.
            warnings.filterwarnings("ignore", "coroutine 'Runner.astop' was never awaited", RuntimeWarning)
            serve_deployments(*planned, print_starting_message=False)


def _heal(client: SyncPrefectClient, name: str) -> None:
    """Clear what a process that was killed while it served has left: runs that run no more, and the slot they hold.

    A server that was restarted meanwhile would hold the slot for ever, and drop every scheduled run of the source. Only
    one process serves a server's deployments; should there be another, its runs go on, and the store takes both.
    """
    try:
        deployment = client.read_deployment_by_name(f"{FLOW}/{name}")
    except ObjectNotFound:
        return
    runs = client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment.id])),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.CANCELLING]))
        ),
    )
    for run in runs:
        client.set_flow_run_state(run.id, Crashed(message="The process that served it is gone."), force=True)
    limit = deployment.global_concurrency_limit
    if limit and limit.active_slots:
        client.update_global_concurrency_limit(limit.name, GlobalConcurrencyLimitUpdate(active_slots=0))


def deployments(settings: Settings) -> list[RunnerDeployment]:
    """Return what `serve` deploys.

    Raises:
        ConfigError: a schedule or a path cannot be used; the message names it.
    """
    check_paths(settings.sources)  # no password may reach the server
    planned: list[RunnerDeployment] = []
    for name, source in sorted(settings.sources.items()):
        try:
            planned.append(_deployment(name, source, settings))
        except ValueError as error:  # a ValidationError is one, too
            why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
            raise ConfigError(f"{settings.config / 'sources.yml'}: sources.{name}: {why}") from None
    if ADHOC not in settings.sources:
        planned.append(_deployment(ADHOC, None, settings))
    return planned


def trigger(name: str, parameters: dict[str, Any], settings: Settings, *, wait: bool = False) -> Triggered:
    """Start a run of a served deployment, with these parameters over its own; wait for its end, if asked to.

    Raises:
        ConfigError: there is no such deployment, or the server refuses the parameters; the message says why.
        ServerUnavailable: no Prefect server is configured, or it does not answer.
    """
    paths = parameters.get("paths")
    if isinstance(paths, list) and paths:
        check_paths({ADHOC: Source(paths=tuple(map(str, paths)))})  # no password may reach the server
    with _server() as client:
        try:
            deployment = client.read_deployment_by_name(f"{FLOW}/{name}")
        except ObjectNotFound:
            raise ConfigError(f"no deployment {name!r}; `dispatches serve` deploys {_names(settings)}") from None
        known = (deployment.parameter_openapi_schema or {}).get("properties", {})
        if unknown := sorted(set(parameters) - set(known)):
            raise ConfigError(f"no parameter {', '.join(unknown)}; there are: {', '.join(known)}")
        try:
            run = client.create_flow_run_from_deployment(deployment.id, parameters=parameters)
        except PrefectHTTPStatusError as error:
            raise ConfigError(f"the server refuses the parameters: {_detail(error)}") from None
        while wait and not (run.state and run.state.is_final()):
            time.sleep(_POLL)
            run = client.read_flow_run(run.id)
        return _triggered(run)


def _deployment(name: str, source: Source | None, settings: Settings) -> RunnerDeployment:
    schedule = _schedule(source) if source else None
    about = f"paths {', '.join(source.paths)}" if source else "paths given with the trigger"
    return RunnerDeployment.from_flow(
        ingest_dispatches,
        name,
        schedule=schedule,
        parameters={"source": name} if source else {},
        description=f"Ingests {about} into {mask(settings.store)}.",
        tags=["dispatches", f"source:{name}"],
        # One run of a source at a time. A scheduled run that meets another is dropped: the next reads what it would
        # have read, and a server that was down does not run all that it missed. A run that was asked for is kept.
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1,
            collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW if schedule else ConcurrencyLimitStrategy.ENQUEUE,
        )
        if source
        else None,
        # By module: a file path would put flows/ itself on the path, and load its modules twice.
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _schedule(source: Source) -> Schedule | None:
    if source.cron and source.every_seconds:
        raise ValueError("`cron` and `every_seconds` exclude each other")
    if source.cron:
        return Cron(source.cron, timezone=source.timezone)
    return Interval(dt.timedelta(seconds=source.every_seconds)) if source.every_seconds else None


@contextmanager
def _server() -> Iterator[SyncPrefectClient]:
    """Give a client of the configured server, which answers; its failures become ours."""
    url = PREFECT_API_URL.value()
    if not url:
        raise ServerUnavailable(
            "no Prefect server is configured: start one (`prefect server start`) and set "
            "PREFECT_API_URL=http://127.0.0.1:4200/api"
        )
    gone = f"the Prefect server at {mask(url)} does not answer"
    with get_client(sync_client=True, httpx_settings={"timeout": 10.0}) as client:
        if (problem := client.api_healthcheck()) is not None:
            raise ServerUnavailable(f"{gone} ({type(problem).__name__}): is it running, is PREFECT_API_URL right?")
        try:
            yield client
        except httpx.TransportError as error:
            raise ServerUnavailable(f"{gone} any more ({type(error).__name__})") from None


def _detail(error: PrefectHTTPStatusError) -> str:
    try:
        detail = error.response.json().get("detail") or error.response.json()
    except ValueError:
        detail = error.response.text
    return str(detail)


def _names(settings: Settings) -> str:
    return ", ".join(sorted({*settings.sources, ADHOC}))


def _triggered(run: FlowRun) -> Triggered:
    state = run.state
    ui = (PREFECT_API_URL.value() or "").removesuffix("/api")
    return Triggered(
        run_id=str(run.id),
        name=run.name,
        state=state.name or state.type.value if state else "unknown",
        message=state.message if state else None,
        completed=bool(state and state.is_completed()),
        url=f"{mask(ui)}/runs/flow-run/{run.id}",
    )
