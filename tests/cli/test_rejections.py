"""`rejections replay` and `rejections discard`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

Run = Callable[..., Result]


@pytest.fixture
def rejected(dispatches: Run, bad_folder: Path) -> Run:
    """The command, after a run that rejected four inputs."""
    (bad_folder / "moscow.txt").write_bytes("Мэр сказал, что".encode("cp1251") * 9)
    assert dispatches("run", str(bad_folder)).exit_code == 1
    return dispatches


def statuses(dispatches: Run) -> dict[str, tuple[str, int]]:
    """Reason -> status and attempts."""
    found = json.loads(dispatches("rejections", "list", "--json").stdout)
    return {rejection["reason"]: (rejection["status"], rejection["attempts"]) for rejection in found}


def test_replay_after_a_setting_was_mended(rejected: Run, project: Path, bad_folder: Path) -> None:
    """The source's declared encoding is used, the source itself is not: its file may be gone."""
    (bad_folder / "moscow.txt").unlink()
    declared = "sources: {adhoc: {paths: [desk], encoding: cp1251}}\n"
    (project / "config" / "sources.yml").write_text(declared)
    result = rejected("rejections", "replay", "--reason", "undecodable", "--json")
    assert result.exit_code == 0, result.output
    got = json.loads(result.stdout)
    assert (len(got["replayed"]), got["rejected"], got["not_kept"]) == (1, [], [])
    assert (got["run"]["stored"], got["run"]["state"], got["run"]["flow"]) == (1, "completed", "replay-rejections")
    assert statuses(rejected)["undecodable"] == ("replayed", 1)
    assert len(json.loads(rejected("search", "Мэр", "--json").stdout)) == 1
    assert rejected("rejections", "replay", "--reason", "undecodable").exit_code == 0
    assert json.loads(rejected("runs", "--json").stdout)[1]["_id"] == got["run"]["run_id"]


def test_replay_of_what_is_still_wrong(rejected: Run) -> None:
    """It stays open with one attempt more; what was not kept is told; the exit code is 1."""
    result = rejected("rejections", "replay", "--all")
    assert result.exit_code == 1
    assert "rejected again" in result.stdout
    assert "not kept" in result.stdout
    assert statuses(rejected) == {
        "empty": ("open", 2), "binary": ("open", 2), "invalid_json": ("open", 2), "undecodable": ("open", 2),
        "too_large": ("open", 1),
    }  # fmt: skip


def test_replay_by_id(rejected: Run) -> None:
    """Ids, or how they begin, are taken; the same one twice counts once."""
    (found,) = json.loads(rejected("rejections", "list", "--reason", "empty", "--json").stdout)
    got = json.loads(rejected("rejections", "replay", found["_id"], found["_id"][:8], "--json").stdout)
    assert got["rejected"] == [found["_id"]]
    assert statuses(rejected)["empty"] == ("open", 2)


def test_discard(rejected: Run, bad_folder: Path) -> None:
    """What is discarded stays discarded when it is met again, and is not replayed."""
    result = rejected("rejections", "discard", "--source", "adhoc")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "5 rejections discarded" in result.stderr
    rejected("run", str(bad_folder))
    assert {status for status, _ in statuses(rejected).values()} == {"discarded"}
    assert json.loads(rejected("rejections", "replay", "--all", "--json").stdout)["run"]["read"] == 0
    assert json.loads(rejected("rejections", "discard", "--all", "--json").stdout) == {"discarded": []}


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["nothing", "--all"]])
@pytest.mark.parametrize("command", ["replay", "discard"])
def test_wrong_choices(rejected: Run, command: str, arguments: list[str]) -> None:
    """Neither is done to all by mistake, nor to what is not there."""
    result = rejected("rejections", command, *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")


def test_parts_are_replayed_as_parts(dispatches: Run, project: Path) -> None:
    """A line of JSON lines and a row of a table come back under their own place, whatever their bytes look like."""
    (project / "x.jsonl").write_text('{"id": "a", "text": "Talks."}\nno JSON at all\n{"id": "b", "text": 5}\n')
    (project / "x.csv").write_text("id,text\n1,\n2,Talks went on.\n")
    dispatches("run", "x.jsonl", "x.csv")
    before: list[dict[str, Any]] = json.loads(dispatches("rejections", "list", "--json").stdout)
    assert {rejection["item"] for rejection in before} == {"line 2", "line 3", "row 1"}
    got = json.loads(dispatches("rejections", "replay", "--all", "--json").stdout)
    assert (len(got["rejected"]), got["replayed"], got["run"]["read"]) == (3, [], 3)
    after = json.loads(dispatches("rejections", "list", "--json").stdout)
    same = ("_id", "item", "reason", "uri", "original")
    assert sorted([r[name] for name in same] for r in after) == sorted([r[name] for name in same] for r in before)
