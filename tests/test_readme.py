"""The README: its commands run, its settings exist."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from flows.cli import app
from flows.settings import Tuning

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
COMMANDS = [
    line.partition("   #")[0].strip().removeprefix(".venv/bin/")
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
]
START = [line for line in COMMANDS if line.startswith("dispatches") and "inbox" not in line][:5]


def run(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the README in the project's folder, with the environment's own interpreter."""
    arguments = shlex.split(command)[1:]
    return subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_main_job_and_its_follow_ups_run_as_written(tmp_path: Path) -> None:
    """`make run`'s command fills a store, and what the README says to type next finds something in it."""
    makefile = (ROOT / "Makefile").read_text()
    (job,) = re.findall(r"@\$\(BIN\)/(dispatches run .*)", makefile)
    environment = {"DISPATCHES_STORE": str(tmp_path / "news.db"), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin",
                   "PREFECT_HOME": str(tmp_path / "prefect")}  # fmt: skip
    first = run(job, **environment)
    assert first.returncode == 0, first.stderr
    assert "Kyiv" in first.stdout
    assert len(START) == 5
    for command in START:
        result = run(command, **environment)
        assert result.returncode == 0, f"{command}: {result.stderr}"
        assert result.stdout.strip()


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("dispatches ")])
def test_every_command_of_the_readme_exists(command: str) -> None:
    """No command and no option of the README is made up."""
    words = shlex.split(command)
    group = get_command(app)
    found = group.commands[words[1]]  # type: ignore[attr-defined]
    if hasattr(found, "commands"):
        found = found.commands[words[2]]
    options = {name for parameter in found.params for name in parameter.opts}
    assert {word for word in words if re.fullmatch(r"--?[a-z-]+", word)} <= options


def test_every_command_is_in_the_readme() -> None:
    """What can be typed is mentioned, so that it can be found."""
    for name in get_command(app).commands:  # type: ignore[attr-defined]
        assert re.search(rf"dispatches {name}\b|`{name}`", README) or name in ("entities", "search", "runs"), name


def test_settings_of_the_file_exist() -> None:
    """Every line of settings.toml is a setting."""
    lines = re.findall(r"^(\w+) =", (ROOT / "config/settings.toml").read_text(), re.MULTILINE)
    assert lines
    assert set(lines) <= set(Tuning.model_fields)
