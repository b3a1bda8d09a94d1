"""`run`, and the questions to what it stored."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Run = Callable[..., Result]


@pytest.fixture
def stored(dispatches: Run) -> Run:
    """The command, after a run that stored the good dispatch."""
    assert dispatches("run", "--source", "desk").exit_code == 0
    return dispatches


def test_report(dispatches: Run) -> None:
    """The report tells what became of the inputs and what to type next; the second run finds nothing new."""
    first = dispatches("run", "desk")
    assert first.exit_code == 0
    assert first.stdout.splitlines()[1].split() == ["adhoc", "1", "1", "0", "0", "0"]
    assert "dispatches show adhoc:" in first.stdout
    assert dispatches("run", "desk").stdout.splitlines()[1].split() == ["adhoc", "1", "0", "1", "0", "0"]


def test_json(dispatches: Run) -> None:
    """--json prints the run report, whose totals add up, and nothing else."""
    from schemas.run import RunReport

    got = json.loads(dispatches("run", "desk", "--json").stdout)
    totals = got.pop("totals")
    assert RunReport.model_validate(got).state == "completed"
    assert totals == {"read": 1, "stored": 1, "unchanged": 0, "superseded": 0, "rejected": 0}


def test_bad_folder(dispatches: Run, bad_folder: Path) -> None:
    """The good dispatch is stored, the rest is rejected with reasons; the exit code is 1, without a traceback."""
    result = dispatches("run", str(bad_folder))
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert result.stdout.splitlines()[1].split() == ["adhoc", "5", "1", "0", "0", "4"]
    listed = json.loads(dispatches("rejections", "list", "--json").stdout)
    assert {rejection["reason"] for rejection in listed} == {"empty", "binary", "too_large", "invalid_json"}
    assert len(json.loads(dispatches("search", "talks", "--json").stdout)) == 1


def test_show(dispatches: Run) -> None:
    """--show prints names, entities and quotes of each dispatch, also when they were stored before."""
    for _ in range(2):
        shown = dispatches("run", "--source", "desk", "--show").stdout
        assert "KIEV → KYIV" in shown
        assert "Sergey Lavrov" in shown
        assert "We are now awaiting answers" in shown


def test_dry_run(dispatches: Run) -> None:
    """A dry run reports and stores nothing."""
    result = dispatches("run", "desk", "--dry-run")
    assert result.exit_code == 0
    assert "nothing was stored" in result.stderr
    assert json.loads(dispatches("run", "desk", "--json").stdout)["stored"] == 1


def test_unknown_source(dispatches: Run) -> None:
    """A source that is not configured exits with 2 and names those that are."""
    result = dispatches("run", "--source", "nowhere")
    assert result.exit_code == 2
    assert "desk" in result.stderr


@pytest.mark.parametrize("name", ["Lavrov", "lavrov", "Lavroff", "Sergei Lavroff", "person:sergey-lavrov"])
def test_quotes_by_any_spelling(stored: Run, name: str) -> None:
    """A speaker is found under every spelling, in any case, and by id."""
    found = json.loads(stored("quotes", "--speaker", name, "--json").stdout)
    assert found
    assert {quote["speaker"]["entity_id"] for quote in found} == {"person:sergey-lavrov"}


def test_quotes_options(stored: Run) -> None:
    """Quotes are chosen by kind, words, source and date."""
    said = [
        "--speaker",
        "Lavrov",
        "--kind",
        "direct",
        "--words",
        "awaiting",
        "--source",
        "desk",
        "--since",
        "2020-01-01",
    ]
    assert len(json.loads(stored("quotes", *said, "--json").stdout)) == 1
    assert json.loads(stored("quotes", *said, "--until", "2020-01-02", "--json").stdout) == []
    assert "awaiting answers" in stored("quotes", *said).stdout


def test_unknown_speaker(stored: Run) -> None:
    """A name that nobody has finds nothing, exits with 0, and suggests a similar one."""
    result = stored("quotes", "--speaker", "Lavorv")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "did you mean Sergey Lavrov" in result.stderr


@pytest.mark.parametrize("words", ["Kiev", "kiev", "KIEV", "Kyiv"])
def test_search_under_canonical_names(stored: Run, words: str) -> None:
    """A variant among the search words is replaced by the canonical name, and the user is told."""
    result = stored("search", words, "talks")
    assert "Talks Go On in the Capital" in result.stdout
    assert ("→ kyiv" in result.stderr.lower()) == (words != "Kyiv")


def test_search_options(stored: Run) -> None:
    """Dispatches are found by place and entity; with no words too."""
    assert len(json.loads(stored("search", "--place", "Kiev", "--json").stdout)) == 1
    assert len(json.loads(stored("search", "--entity", "Lavrov", "--json").stdout)) == 1
    nothing = stored("search", "zeppelin")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "try" in nothing.stderr


def test_entities(stored: Run) -> None:
    """Entities are found by name, type and country under any spelling."""
    found = json.loads(stored("entities", "--name", "Lavroff", "--json").stdout)
    assert [entity["_id"] for entity in found] == ["person:sergey-lavrov"]
    assert json.loads(stored("entities", "--type", "weapon", "--json").stdout) == []
    assert "Kyiv" in stored("entities", "--type", "place", "--country", "UA").stdout


def test_show_dispatch(stored: Run, project: Path) -> None:
    """A dispatch is shown by the beginning of its id, marked; as JSON it is the model's; as HTML it is a page."""
    (document,) = json.loads(stored("search", "talks", "--json").stdout)
    start = document["_id"][:10]
    shown = stored("show", start).stdout
    assert "KYIV[KIEV]" in shown
    assert "Who said what" in shown
    from schemas.dispatch import Dispatch

    assert Dispatch.model_validate_json(stored("show", start, "--json").stdout).story_id == document["_id"]
    assert stored("show", start, "--html", "page.html").exit_code == 0
    assert (project / "page.html").read_text().startswith("<!doctype html>")
    assert stored("show", start, "--html", "no/such/folder.html").exit_code == 2


def test_show_unknown(stored: Run) -> None:
    """An unknown id exits with 2 and tells where ids are found."""
    for command in (["show"], ["rejections", "show"]):
        result = stored(*command, "nothing")
        assert result.exit_code == 2
        assert result.stderr.startswith("error: no ")


def test_runs(stored: Run) -> None:
    """Runs are listed with their totals."""
    (run,) = json.loads(stored("runs", "--json").stdout)
    assert run["stored"] == 1
    assert run["_id"] in stored("runs").stdout


def test_rejections(dispatches: Run, bad_folder: Path) -> None:
    """Rejections are listed by reason, and shown with all errors by the beginning of their id."""
    dispatches("run", str(bad_folder))
    (rejection,) = json.loads(dispatches("rejections", "list", "--reason", "empty", "--json").stdout)
    start = rejection["_id"][:8]
    assert start in dispatches("rejections", "list").stdout
    assert "there is no text" in dispatches("rejections", "show", start).stdout
    assert json.loads(dispatches("rejections", "show", start, "--json").stdout)["_id"] == rejection["_id"]


def test_empty_store(dispatches: Run, project: Path) -> None:
    """A question before the first run says what to do, and makes no store."""
    result = dispatches("quotes")
    assert result.exit_code == 2
    assert "dispatches run" in result.stderr
    assert not (project / "news.db").exists()


def test_wrong_date(stored: Run) -> None:
    """A date that is none is told with its option."""
    result = stored("quotes", "--since", "yesterday")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: --since: 'yesterday' is no date")


def test_steering_characters(dispatches: Run, project: Path) -> None:
    """A dispatch cannot steer the terminal."""
    (project / "evil.jsonl").write_text(json.dumps({"id": "e", "text": "Head \x1b[31m\nKIEV -- \x1b]0;x\x07 well."}))
    dispatches("run", "evil.jsonl")
    for command in (["search", "well"], ["show", "adhoc:e"], ["run", "--source", "adhoc", "--show", "evil.jsonl"]):
        assert "\x1b" not in dispatches(*command).stdout
