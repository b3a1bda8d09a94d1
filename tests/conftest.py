"""What tests of several modules share: a small configuration of their own, and a Prefect server for those that ask."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]

GAZETTEER = """
- {id: place:ukraine, name: Ukraine, type: place, kind: country, country: UA, adjectives: [Ukrainian]}
- {id: place:kyiv, name: Kyiv, type: place, kind: capital, country: UA, variants: [Kiev]}
- {id: person:sergey-lavrov, name: Sergey Lavrov, type: person, country: RU, given_variants: [Sergei]}
"""


@pytest.fixture
def tmp_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's configuration with a tiny gazetteer, one source `desk` that reads `in`, and an embedded store."""
    config = tmp_path / "config"
    shutil.copytree(PROJECT / "config", config)
    shutil.rmtree(config / "gazetteer")
    (config / "gazetteer").mkdir()
    (config / "gazetteer" / "names.yml").write_text(GAZETTEER)
    (config / "sources.yml").write_text(f"sources:\n  desk: {{paths: [{tmp_path / 'in'}]}}\n")
    (tmp_path / "in").mkdir()
    monkeypatch.setenv("DISPATCHES_CONFIG", str(config))
    monkeypatch.setenv("DISPATCHES_STORE", str(tmp_path / "news.db"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return config


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[str]:
    """The API address of a Prefect server that lives as long as the session. Ask for `prefect` instead."""
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        url = PREFECT_API_URL.value()
        assert url
        # Hidden again: other tests of the session have no server.
        with temporary_settings({PREFECT_API_URL: None, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            yield url


@pytest.fixture
def prefect(prefect_server: str) -> Iterator[str]:
    """A Prefect server is configured during the test; its API address."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: prefect_server}):
        yield prefect_server


@pytest.fixture
def no_server() -> Iterator[None]:
    """No Prefect server is configured during the test, whatever the environment says."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: None}):
        yield
