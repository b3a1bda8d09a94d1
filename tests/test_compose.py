"""`docker-compose.yml` is safe as it is: nothing is open, nothing is public, nothing has a known password."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

FILE = Path(__file__).parents[1] / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SECRETS = {"MONGO_ROOT_PASSWORD", "MONGO_PIPELINE_PASSWORD", "MONGO_CONSUMER_PASSWORD", "POSTGRES_PASSWORD"}


def test_mongodb_asks_for_a_password() -> None:
    """MongoDB runs with authentication, and has a root user from the beginning."""
    assert "--auth" in SERVICES["mongo"]["command"]
    assert "MONGO_INITDB_ROOT_PASSWORD" in SERVICES["mongo"]["environment"]


def test_consumers_can_only_read() -> None:
    """Two users are made in an empty database: the pipeline's, and a read-only one."""
    script = COMPOSE["configs"]["mongo-users"]["content"]
    pattern = r'user: process\.env\.(\w+),.*?roles: \[\{ role: "(\w+)", db: "dispatches" \}(.*?)\]'
    roles = re.findall(pattern, script, re.DOTALL)
    admin = ', { role: "dbAdmin", db: "dispatches" }'  # validators are changed by `collMod`
    assert roles == [("PIPELINE_USER", "readWrite", admin), ("CONSUMER_USER", "read", "")]
    assert "$" not in script  # Compose would fill it in
    assert SERVICES["mongo"]["configs"] == [{"source": "mongo-users", "target": "/docker-entrypoint-initdb.d/users.js"}]


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_local(name: str) -> None:
    """What is published is published on the loopback address alone."""
    for port in SERVICES[name].get("ports", []):
        assert str(port).startswith("127.0.0.1:")
    assert SERVICES[name].get("network_mode") != "host"


def test_no_default_secrets() -> None:
    """Every secret comes from the environment, and without one nothing starts."""
    assert set(re.findall(r"\$\{(\w+):\?set \1 in \.env\}", FILE.read_text())) == SECRETS
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            secrets = re.findall(r"\$\{(\w*PASSWORD\w*)([^}]*)\}", str(value))
            assert all(rest.startswith(":?") for _, rest in secrets)
            if "PASSWORD" in name:
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value)
            assert not re.search(r"://[^:/@]+:[^$@/][^@/]*@", re.sub(r"\$\{\w+:-\w+\}", "user", str(value)))


@pytest.mark.parametrize("name", SERVICES)
def test_health_and_restart(name: str) -> None:
    """Every service is checked, comes back after a crash, and waits until what it needs is healthy."""
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["restart"] == "unless-stopped"
    assert all(needed["condition"] == "service_healthy" for needed in service.get("depends_on", {}).values())


def test_data_survives() -> None:
    """Both databases keep their data in named volumes."""
    assert SERVICES["mongo"]["volumes"] == ["mongo-data:/data/db"]
    assert SERVICES["postgres"]["volumes"] == ["postgres-data:/var/lib/postgresql/data"]
    assert set(COMPOSE["volumes"]) == {"mongo-data", "postgres-data"}


@pytest.mark.parametrize("name", ["prefect", "flows"])
def test_own_image(name: str) -> None:
    """The image is built from the lock file, and runs without root and without capabilities."""
    service = SERVICES[name]
    dockerfile = service["build"]["dockerfile_inline"].splitlines()
    assert "RUN pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.lock" in dockerfile
    assert dockerfile[-1] == "USER dispatches"
    for line in dockerfile:
        if line.startswith("COPY"):
            assert all((FILE.parent / source).exists() for source in line.split()[1:-1]), line
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_flows_are_served() -> None:
    """The flows are served from the mounted configuration, which they cannot change; nothing is reported to anyone."""
    flows = SERVICES["flows"]
    assert flows["command"] == ["dispatches", "serve"]
    assert flows["volumes"] == ["./config:/app/config:ro", "${INBOX:-./inbox}:/app/inbox:${INBOX_MODE:-ro}"]
    assert flows["environment"]["PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"] == "false"
    assert SERVICES["prefect"]["environment"]["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"


def compose() -> list[str] | None:
    """The command, if it is new enough for configs with content."""
    for command in (["docker-compose"], ["docker", "compose"]):
        if shutil.which(command[0]):
            asked = subprocess.run([*command, "version", "--short"], capture_output=True, text=True, check=False)
            found = re.match(r"v?(\d+)\.(\d+)", asked.stdout.strip())
            if found and (int(found[1]), int(found[2])) >= (2, 23):
                return command
    return None


@pytest.mark.skipif(compose() is None, reason="Docker Compose 2.23 or newer is not installed")
@pytest.mark.parametrize("missing", [None, *sorted(SECRETS)])
def test_docker_compose_config(missing: str | None) -> None:
    """Docker Compose accepts the file with all secrets, and names the one that is missing."""
    command = compose()
    assert command
    env = {name: value for name, value in os.environ.items() if name not in SECRETS}
    env |= {name: "x" for name in SECRETS if name != missing}
    done = subprocess.run(
        [*command, "--file", str(FILE), "--env-file", os.devnull, "config", "--quiet"],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if missing is None:
        assert (done.returncode, done.stderr) == (0, "")
    else:
        assert done.returncode != 0
        assert f"set {missing} in .env" in done.stderr
