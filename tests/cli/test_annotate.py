"""`annotate`: JSON lines in input order, without store or Prefect."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Run = Callable[..., Result]


def records(result: Result) -> list[dict[str, object]]:
    """The JSON lines of a result."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_dispatch(dispatches: Run) -> None:
    """A dispatch is one line with its names changed and its quotes attributed; the exit code is 0."""
    result = dispatches("annotate", "desk/good.txt")
    assert result.exit_code == 0
    (record,) = records(result)
    assert record.pop("record") == "dispatch"
    from schemas.dispatch import Dispatch

    made = Dispatch.model_validate(record)
    assert [(edit.raw, edit.name) for edit in made.names][:1] == [("KIEV", "KYIV")]
    assert made.source == "adhoc"


def test_bad_inputs(dispatches: Run, bad_folder: Path) -> None:
    """What cannot be read is a rejection with its reason among the good ones; the exit code is 1."""
    result = dispatches("annotate", str(bad_folder))
    assert result.exit_code == 1
    got = [record.get("reason", "dispatch") for record in records(result)]
    assert got == ["invalid_json", "empty", "dispatch", "too_large", "binary"]
    assert "Traceback" not in result.output
    assert result.stderr == "1 dispatch, 4 rejections\n"


def test_rejection_shape(dispatches: Run) -> None:
    """A rejection is the model's own fields and its kind; a missing file is one."""
    result = dispatches("annotate", "nowhere.txt")
    assert result.exit_code == 1
    (record,) = records(result)
    assert record.pop("record") == "rejection"
    from schemas.rejection import Rejection

    assert Rejection.model_validate(record).reason == "not_found"


def test_order(dispatches: Run, project: Path) -> None:
    """Records come in the order of the arguments and of the lines in a file."""
    (project / "a.jsonl").write_text("".join(f'{{"id": "{n}", "text": "KIEV -- {n}"}}\n' for n in range(12)))
    result = dispatches("annotate", "a.jsonl", "desk/good.txt", "a.jsonl")
    ids = [str(record["story_id"]) for record in records(result)]
    numbered = [f"adhoc:{n}" for n in range(12)]
    assert ids[:12] == ids[13:] == numbered


def test_stdin(dispatches: Run) -> None:
    """A dash reads the standard input, whose URI is `stdin`."""
    result = dispatches("annotate", "-", input='{"id": "7", "text": "All is well in Kiev."}\n{"id": "8"}\n')
    first, second = records(result)
    assert first["provenance"]["uri"] == "stdin#line 1"  # type: ignore[index]
    assert second["record"] == "rejection"
    assert second["uri"] == "stdin"


def test_source(dispatches: Run) -> None:
    """A source gives its name to the records."""
    (record,) = records(dispatches("annotate", "desk/good.txt", "--source", "desk"))
    assert record["source"] == "desk"


def test_impossible_source(dispatches: Run) -> None:
    """A name that no source can have is refused in one line."""
    result = dispatches("annotate", "desk/good.txt", "--source", "My Desk")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: --source")


def test_needs_neither_store_nor_prefect(project: Path) -> None:
    """Prefect and the store's drivers are not even imported, and no store is made."""
    code = (
        "import sys; from flows.cli import app\n"
        "try: app(['annotate', 'desk/good.txt'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'prefect', 'pymongo', 'neosqlite', 'sqlite3'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
    assert not (project / "news.db").exists()


def test_streams(project: Path) -> None:
    """The first record is printed before the second input is complete."""
    import os

    os.mkfifo(project / "pipe")
    command = [sys.executable, "-c", "from flows.cli import main; main()", "annotate", "desk/good.txt", "pipe"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["record"] == "dispatch"
            assert process.poll() is None
        finally:
            process.kill()
