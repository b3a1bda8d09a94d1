"""`reprocess`: what it tells, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Run = Callable[..., Result]


@pytest.fixture
def stored(dispatches: Run, project: Path) -> Run:
    """The command, after a run that stored two dispatches, one of them about Kiew."""
    (project / "desk" / "fair.txt").write_text("A Fair\nBERLIN (AP) -- The fair in Kiew ended, said Sergei Lavrov.\n")
    assert dispatches("run", "--source", "desk").exit_code == 0
    return dispatches


def edit(project: Path, old: str = "variants: [Kiev]", new: str = "variants: [Kiev, Kiew]") -> None:
    """Edit the gazetteer."""
    path = project / "config" / "gazetteer" / "names.yml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_an_edit(stored: Run, project: Path) -> None:
    """What an edit touches is made again, and told by entry; the second time there is nothing to do."""
    edit(project)
    result = stored("reprocess")
    assert result.exit_code == 0
    lines = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    assert lines["compared"] == "2 dispatches made with another gazetteer or model"
    assert lines["touched"] == "1, of 1 that the index gave for edited names"
    assert lines["by"] == "place:kyiv 1"
    assert lines["changed"] == "1; 0 came out the same"
    (found,) = json.loads(stored("search", "fair", "--json").stdout)
    assert "The fair in Kyiv ended" in found["text"]
    again = stored("reprocess", "--outdated")
    assert (again.exit_code, "nothing to do" in again.stderr) == (0, True)


def test_json(stored: Run, project: Path) -> None:
    """--json prints what was found and the run report, and nothing else."""
    from flows.reprocess import Reprocessed

    edit(project)
    got = json.loads(stored("reprocess", "--json").stdout)
    assert got["found"]["entries"] == {"place:kyiv": 1}
    assert got["run"].pop("totals") == {"read": 1, "stored": 1, "unchanged": 0, "superseded": 0, "rejected": 0}
    assert Reprocessed.model_validate(got).run.flow == "reprocess-dispatches"
    assert [run["flow"] for run in json.loads(stored("runs", "--json").stdout)] == [
        "reprocess-dispatches",
        "ingest-dispatches",
    ]


def test_dry_run(stored: Run, project: Path) -> None:
    """A dry run says what would change, and changes nothing."""
    edit(project)
    result = stored("reprocess", "--dry-run")
    assert "nothing was stored" in result.stderr
    assert json.loads(stored("reprocess", "--json").stdout)["run"]["stored"] == 1


def test_a_spelling_without_a_capital(stored: Run, project: Path) -> None:
    """Where an edit touches everything, the reason is told."""
    edit(project, "variants: [Odessa]", "variants: [Odessa]\n  aliases: [pearl of the sea]")
    assert "place:odesa has a spelling without a capital letter" in stored("reprocess").stdout


def test_all(stored: Run) -> None:
    """--all makes everything again: after an edit of what no version tells, such as the cue verbs."""
    assert json.loads(stored("reprocess", "--all", "--json").stdout)["run"]["read"] == 2


def test_scope(stored: Run, project: Path) -> None:
    """--source and --since narrow what is looked at."""
    edit(project)
    assert json.loads(stored("reprocess", "--since", "2999-01-01", "--json").stdout)["found"]["compared"] == 0
    wrong = stored("reprocess", "--source", "nowhere")
    assert (wrong.exit_code, wrong.stderr) == (2, "error: no dispatch of source 'nowhere' is stored\n")
    assert stored("reprocess", "--since", "soon").exit_code == 2
    assert json.loads(stored("reprocess", "--source", "desk", "--json").stdout)["found"]["touched"] == 1


def test_what_cannot_be_made_again(stored: Run, project: Path) -> None:
    """What cannot be made again is told, and the exit code is 1."""
    from flows.store import open_store

    edit(project)
    store = open_store("news.db")
    (fair,) = [d for d in store.find("revisions") if "Kiew" in d["text"]]
    store.delete("originals", [fair["provenance"]["original"]])
    store.close()
    result = stored("reprocess")
    assert result.exit_code == 1
    assert "original_missing 1; they stay as they were" in result.stdout
    assert "Traceback" not in result.output


def test_empty_store(dispatches: Run, project: Path) -> None:
    """Before the first run there is nothing to reprocess; no store is made."""
    result = dispatches("reprocess")
    assert result.exit_code == 2
    assert "dispatches run" in result.stderr
    assert not (project / "news.db").exists()


def test_where(stored: Run, project: Path) -> None:
    """Only what has this value in this field is looked at; a field that cannot be asked is told."""
    edit(project)
    (found,) = json.loads(stored("search", "fair", "--json").stdout)
    for condition, touched in ((f"story_id={found['story_id']}", 1), ("story_id=desk:other", 0), ("signal=kill", 0)):
        got = json.loads(stored("reprocess", "--dry-run", "--where", condition, "--json").stdout)
        assert got["found"]["touched"] == touched
    for wrong in ("story_id", "text=x", "status=usable"):
        result = stored("reprocess", "--where", wrong)
        assert result.exit_code == 2
        assert "FIELD=VALUE" in result.stderr
