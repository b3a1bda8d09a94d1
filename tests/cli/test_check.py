"""`check`: all problems with file and line, and whether the store answers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Run = Callable[..., Result]


def test_all_well(dispatches: Run, project: Path) -> None:
    """A right configuration exits with 0, and no store is made by looking for it."""
    result = dispatches("check")
    assert result.exit_code == 0, result.output
    assert not (project / "news.db").exists()
    assert {finding["level"] for finding in json.loads(dispatches("check", "--json").stdout)["findings"]} == {"ok"}


def test_gazetteer_problems(dispatches: Run, project: Path) -> None:
    """Every problem of the gazetteer is told with file and line; the exit code is 2."""
    text = "- {id: place:a, name: A, type: place}\n- {id: place:a, name: B, type: place}\n- {id: place:c, nam: C}\n"
    (project / "config" / "gazetteer" / "more.yml").write_text(text)
    result = dispatches("check")
    assert result.exit_code == 2
    assert "gazetteer/more.yml:2: " in result.stdout
    assert "gazetteer/more.yml:3: " in result.stdout
    got = json.loads(dispatches("check", "--json").stdout)
    assert got["ok"] is False
    assert {finding["line"] for finding in got["findings"] if finding["level"] == "error"} == {2, 3}


def test_settings_and_gazetteer_together(dispatches: Run, project: Path) -> None:
    """A wrong setting does not hide a wrong gazetteer."""
    (project / "config" / "settings.toml").write_text("batch_sise = 3\n")
    (project / "config" / "gazetteer" / "more.yml").write_text("- 3\n")
    result = dispatches("check")
    assert result.exit_code == 2
    assert "batch_sise" in result.stdout
    assert "more.yml:1" in result.stdout


def test_missing_inputs_are_a_warning(dispatches: Run, project: Path) -> None:
    """A source with nothing to read is a warning: its files may come later."""
    (project / "config" / "sources.yml").write_text("sources: {desk: {paths: ['later/*.txt']}}\n")
    result = dispatches("check")
    assert result.exit_code == 0
    assert "later/*.txt" in result.stdout


def test_wrong_schedule(dispatches: Run, project: Path) -> None:
    """A cron line that Prefect would refuse is an error, with the source's name."""
    (project / "config" / "sources.yml").write_text("sources: {desk: {paths: [desk], cron: 'sometimes'}}\n")
    result = dispatches("check")
    assert result.exit_code == 2
    assert "desk" in result.stdout


def test_unreachable_store(dispatches: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that does not answer exits with 3, its password masked."""
    monkeypatch.setenv("DISPATCHES_STORE", "mongodb://me:hunter2@127.0.0.1:1/?serverSelectionTimeoutMS=100")
    result = dispatches("check")
    assert result.exit_code == 3
    assert "me:***@127.0.0.1:1" in result.stdout
    assert "hunter2" not in result.output


def test_a_store_of_no_known_kind(dispatches: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The URI of another database is no file path; its password is masked, by `check` and by any query."""
    monkeypatch.setenv("DISPATCHES_STORE", "postgres://me:hunter2@host/db")
    for command in ("check", "runs"):
        result = dispatches(command)
        assert result.exit_code == 2
        assert "postgres://me:***@host/db: no store of this kind" in result.output
        assert "hunter2" not in result.output


def test_a_variable_that_is_no_setting(dispatches: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelled variable would change nothing, and is a warning."""
    monkeypatch.setenv("DISPATCHES_BATCHSIZE", "7")
    result = dispatches("check")
    assert result.exit_code == 0
    assert "DISPATCHES_BATCHSIZE in the environment is no setting" in result.stdout


def test_an_engine_that_is_not_installed(dispatches: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an error of the configuration, told before a run needs it."""
    monkeypatch.setenv("DISPATCHES_ENGINE", "spacy:no_such_pipeline")
    result = dispatches("check")
    assert result.exit_code == 2
    assert "engine" in result.stdout


def test_bytes_that_are_no_text(dispatches: Run, project: Path) -> None:
    """A configuration file that is not UTF-8 is told in one line."""
    (project / "config" / "sources.yml").write_bytes(b"sources: {desk: {paths: [\xff]}}\n")
    result = dispatches("check")
    assert result.exit_code == 2
    assert "sources.yml: not YAML" in result.stdout
    assert "byte string" not in result.stdout


def test_a_store_of_before(dispatches: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dispatches that another version made are counted, with the command that makes them again; then none are."""
    with monkeypatch.context() as patch:
        patch.setattr("flows.process.RULES_VERSION", "rules-0")
        assert dispatches("run").exit_code == 0
    result = dispatches("check")
    assert result.exit_code == 0
    assert "made by another version" in result.stdout
    assert "dispatches reprocess" in result.stdout
    assert dispatches("reprocess").exit_code == 0
    assert "made by another version" not in dispatches("check").stdout
