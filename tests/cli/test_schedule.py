"""`serve` and `trigger` without a server, and how parameters are read."""

from collections.abc import Callable

import pytest
from typer.testing import Result

from flows.cli.schedule import _parameters
from flows.errors import ConfigError

Run = Callable[..., Result]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], {}),
        (["force=true"], {"force": True}),
        (["source=desk"], {"source": "desk"}),
        (["paths=a.txt"], {"paths": ["a.txt"]}),
        (["paths=a", "paths=7"], {"paths": ["a", "7"]}),
        (['paths=["a", "b"]'], {"paths": ["a", "b"]}),
        (["source=a=b"], {"source": "a=b"}),
        (["n=1", "n=2"], {"n": [1, 2]}),
    ],
)
def test_parameters(pairs: list[str], expected: dict[str, object]) -> None:
    """Values are JSON where they are, else text; paths are always a list of text."""
    assert _parameters(pairs) == expected


@pytest.mark.parametrize("pair", ["force", "=x", ""])
def test_wrong_parameters(pair: str) -> None:
    """What is no KEY=VALUE is refused."""
    with pytest.raises(ConfigError, match="KEY=VALUE"):
        _parameters([pair])


@pytest.mark.parametrize("command", [["serve"], ["trigger", "desk"]])
def test_no_server(dispatches: Run, command: list[str]) -> None:
    """Without a Prefect server they exit with 3, and say how to start one."""
    result = dispatches(*command)
    assert result.exit_code == 3
    assert "prefect server start" in result.stderr
