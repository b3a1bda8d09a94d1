"""The application: help, exit codes, pipes, interruption, and a quick start."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Run = Callable[..., Result]
MAIN = [sys.executable, "-c", "from flows.cli import main; main()"]
COMMANDS = [
    ["run"], ["annotate"], ["search"], ["quotes"], ["entities"], ["show"], ["runs"], ["rejections", "list"],
    ["rejections", "show"], ["rejections", "replay"], ["rejections", "discard"], ["export"], ["reprocess"], ["names"],
    ["check"], ["schema"], ["serve"], ["trigger"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help(dispatches: Run, command: list[str]) -> None:
    """The help of every command has an example of it, and offers JSON."""
    result = dispatches(*command, "--help")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    assert "Example: " in text
    assert f"dispatches {' '.join(command)}" in text.partition("Example: ")[2]
    assert "--json" in text


def test_help_names_all_commands(dispatches: Run) -> None:
    """`--help` lists every command."""
    shown = dispatches("--help").stdout
    assert all(command[0] in shown for command in COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["annotate"], ["run", "--nonsense"], ["schema", "nonsense"]])
def test_usage_errors(dispatches: Run, arguments: list[str]) -> None:
    """Wrong usage exits with 2."""
    assert dispatches(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("settings.toml", "batch_size = 0\n", "batch_size"),
        ("settings.toml", "batch_size = \n", "not TOML"),
        ("sources.yml", "sources: {desk: {path: [x]}}\n", "sources.desk.path"),
        ("sources.yml", "sources: [\n", "not YAML"),
        ("gazetteer/names.yml", "- {id: place:kyiv, name: Kyiv}\n", "names.yml:1"),
    ],
)
def test_config_errors(dispatches: Run, project: Path, file: str, content: str, said: str) -> None:
    """A wrong configuration is told with its place, without a traceback; the exit code is 2."""
    (project / "config" / file).write_text(content)
    result = dispatches("annotate", "desk/good.txt")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_no_config(dispatches: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing config folder is told with what to do."""
    monkeypatch.setenv("DISPATCHES_CONFIG", "nowhere")
    result = dispatches("check")
    assert result.exit_code == 2
    assert "DISPATCHES_CONFIG" in result.output


def test_unreachable_store(dispatches: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that does not answer exits with 3; its password is not printed."""
    uri = "mongodb://writer:hunter2@127.0.0.1:1/?serverSelectionTimeoutMS=100"
    monkeypatch.setenv("DISPATCHES_STORE", uri)
    result = dispatches("quotes")
    assert result.exit_code == 3
    assert result.stderr.startswith("error: mongodb://writer:***@127.0.0.1:1/")
    assert "hunter2" not in result.output


def test_closed_pipe(project: Path) -> None:
    """A reader that leaves early (`| head -1`) is no error and brings no message."""
    lines = "".join(f'{{"id": "{n}", "text": "KIEV -- {"word " * 500}{n}"}}\n' for n in range(300))
    (project / "many.jsonl").write_text(lines)
    with subprocess.Popen([*MAIN, "annotate", "many.jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) == 0
        assert process.stderr.read() == b""


def test_interruption(project: Path) -> None:
    """Ctrl-C ends with one line and the exit code 130."""
    os.mkfifo(project / "pipe")
    # A shell that starts the tests in the background has its children ignore the signal.
    heard = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {MAIN[-1]}"
    command = [*MAIN[:-1], heard, "annotate", "desk/good.txt", "pipe"]
    with subprocess.Popen(command, stdout=-1, stderr=-1, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        try:
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130
    assert said == "error: interrupted\n"


def test_start_is_quick() -> None:
    """Showing the help imports neither Prefect nor the stages nor a driver."""
    code = (
        "import sys; from flows.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'prefect', 'pymongo', 'sqlite3', 'pydantic', 'ahocorasick', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
