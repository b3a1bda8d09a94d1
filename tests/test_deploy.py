"""Deployments from the sources, and triggered runs; no process is served here."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from flows.deploy import deployments, serve, trigger
from flows.errors import ConfigError, ServerUnavailable
from flows.settings import load_settings


def write(config: Path, **sources: str) -> None:
    lines = [f"  {name}: {{paths: [in], {more}}}\n" for name, more in sources.items()]
    (config / "sources.yml").write_text("sources:\n" + "".join(lines))


def test_deployments(tmp_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every source is a deployment of its name on its schedule; `adhoc` has none; no password is in any."""
    monkeypatch.setenv("DISPATCHES_STORE", "mongodb://me:secret@host/db")
    write(tmp_config, desk='cron: "5 6 * * *", timezone: Europe/Kyiv', often="every_seconds: 30", rare="")
    made = {deployment.name: deployment for deployment in deployments(load_settings())}
    assert sorted(made) == ["adhoc", "desk", "often", "rare"]
    schedules: dict[str, list[Any]] = {name: [s.schedule for s in d.schedules or []] for name, d in made.items()}
    assert (schedules["desk"][0].cron, schedules["desk"][0].timezone) == ("5 6 * * *", "Europe/Kyiv")
    assert schedules["often"][0].interval == dt.timedelta(seconds=30)
    assert schedules["rare"] == schedules["adhoc"] == []
    assert made["desk"].parameters == {"source": "desk"}
    assert made["adhoc"].parameters == {}
    for deployment in made.values():
        assert deployment.entrypoint == "flows.ingest.ingest_dispatches"
        assert deployment.enforce_parameter_schema
        assert "dispatches" in deployment.tags
        assert "secret" not in deployment.model_dump_json()
    assert made["desk"].concurrency_limit == 1
    assert made["desk"].concurrency_options.collision_strategy == "CANCEL_NEW"  # type: ignore[union-attr]
    assert made["rare"].concurrency_options.collision_strategy == "ENQUEUE"  # type: ignore[union-attr]
    assert made["adhoc"].concurrency_limit is None


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('cron: "every day"', "sources.desk: .*every day"),
        ('cron: "5 6 * * *", timezone: Europe/Kiew', "sources.desk: "),
        ('cron: "5 6 * * *", every_seconds: 3', "exclude each other"),
    ],
)
def test_wrong_schedules(tmp_config: Path, more: str, message: str) -> None:
    """A schedule that cannot be used names its source."""
    write(tmp_config, desk=more)
    with pytest.raises(ConfigError, match=message):
        deployments(load_settings())


def test_no_password_reaches_the_server(tmp_config: Path) -> None:
    """A path of sources.yml that holds one is refused before it is described to the server."""
    (tmp_config / "sources.yml").write_text("sources: {desk: {paths: ['sftp://me:secret@host/x']}}\n")
    with pytest.raises(ConfigError, match=r"sftp://me:\*\*\*@host/x") as caught:
        deployments(load_settings())
    assert "secret" not in str(caught.value)


def test_no_server_is_configured(tmp_config: Path, no_server: None) -> None:
    """Without a server, serving and triggering say how to get one."""
    with pytest.raises(ServerUnavailable, match="prefect server start"):
        serve(load_settings())
    with pytest.raises(ServerUnavailable, match="prefect server start"):
        trigger("desk", {}, load_settings())


def test_server_does_not_answer(tmp_config: Path) -> None:
    """A server that does not answer is named."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}), pytest.raises(ServerUnavailable) as caught:
        trigger("desk", {}, load_settings())
    assert "http://127.0.0.1:9/api does not answer" in str(caught.value)


@pytest.fixture
def deployed(tmp_config: Path, prefect: str) -> None:
    """The deployments are on the server, as `serve` puts them there."""
    for deployment in deployments(load_settings()):
        deployment.apply()


@pytest.mark.prefect
def test_trigger(deployed: None) -> None:
    """A triggered run waits on the server with its parameters over those of the deployment."""
    from prefect.client.orchestration import get_client

    run = trigger("desk", {"force": True}, load_settings())
    with get_client(sync_client=True) as client:
        found = client.read_flow_run(run.run_id)  # type: ignore[arg-type]
    assert found.parameters == {"source": "desk", "force": True}
    assert (run.state, run.completed, run.name) == ("Scheduled", False, found.name)
    assert run.url and run.url.endswith(f"/runs/flow-run/{run.run_id}")


@pytest.mark.prefect
@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("dsek", {}, "no deployment 'dsek'; `dispatches serve` deploys adhoc, desk"),
        ("adhoc", {"path": ["x"]}, "no parameter path; there are: paths, source, force, dry_run"),
        ("adhoc", {"paths": 7}, "the server refuses the parameters: .*'paths'"),
        ("adhoc", {"force": "maybe"}, "the server refuses the parameters: .*'force'"),
        ("adhoc", {"source": "Not A Name"}, "the server refuses the parameters: .*'source'"),
        ("adhoc", {"paths": ["s3://me:secret@host/x"]}, r"s3://me:\*\*\*@host/x: .*no password"),
    ],
)
def test_refused_triggers(deployed: None, name: str, parameters: dict[str, Any], message: str) -> None:
    """What the server would refuse, or should not see, is told in one line."""
    with pytest.raises(ConfigError, match=message) as caught:
        trigger(name, parameters, load_settings())
    assert "\n" not in str(caught.value)


@pytest.mark.prefect
def test_what_a_killed_process_left_is_cleared(deployed: None) -> None:
    """Serving again ends the runs of a process that was killed, and frees the slot that they would hold for ever."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
    from prefect.states import Running

    from flows.deploy import _heal

    run = trigger("desk", {}, load_settings())
    with get_client(sync_client=True) as client:
        limit = client.read_deployment_by_name("ingest-dispatches/desk").global_concurrency_limit
        assert limit
        client.set_flow_run_state(run.run_id, Running(), force=True)
        client.update_global_concurrency_limit(limit.name, GlobalConcurrencyLimitUpdate(active_slots=1))
        _heal(client, "desk")
        _heal(client, "never-deployed")
        state = client.read_flow_run(run.run_id).state  # type: ignore[arg-type]
        assert state and state.is_crashed()
        limit = client.read_deployment_by_name("ingest-dispatches/desk").global_concurrency_limit
        assert limit and limit.active_slots == 0
