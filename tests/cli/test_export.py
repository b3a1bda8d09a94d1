"""`export`: every collection, in every format."""

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from flows.cli.export import Collection
from flows.store.columns import EXPORTED, columns

Run = Callable[..., Result]


@pytest.fixture
def stored(dispatches: Run, project: Path) -> Run:
    """The command, after a run that stored a dispatch and rejected an empty file."""
    (project / "desk" / "empty.txt").write_text("")
    dispatches("run", "--source", "desk")
    return dispatches


def test_collections() -> None:
    """What can be exported is one list, in the store and on the command line."""
    assert tuple(Collection) == EXPORTED


@pytest.mark.parametrize("collection", EXPORTED)
def test_jsonl(stored: Run, collection: str) -> None:
    """A document a line, with all its fields; times as text."""
    result = stored("export", collection)
    assert result.exit_code == 0
    documents = [json.loads(line) for line in result.stdout.splitlines()]
    assert documents
    assert [d["_id"] for d in documents] == sorted(d["_id"] for d in documents)
    assert all(set(document) == set(columns(collection)) for document in documents)


def test_default_and_choice(stored: Run) -> None:
    """Dispatches as JSON lines, of a source and a time."""
    assert stored("export").stdout == stored("export", "dispatches", "--format", "jsonl", "--source", "desk").stdout
    (quote, *_) = [json.loads(line) for line in stored("export", "quotes", "--since", "2020-01-01").stdout.splitlines()]
    assert quote["time"].endswith("Z")
    nothing = stored("export", "quotes", "--until", "2020-01-01")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (0, "", "0 documents of quotes\n")
    assert stored("export", "--source", "none").stdout == ""


@pytest.mark.parametrize("collection", EXPORTED)
def test_csv(stored: Run, collection: str) -> None:
    """A row a document under the same columns; lists and objects are JSON, line ends stay in their cell."""
    documents = [json.loads(line) for line in stored("export", collection).stdout.splitlines()]
    rows = list(csv.DictReader(io.StringIO(stored("export", collection, "--format", "csv").stdout, newline="")))
    assert [row["_id"] for row in rows] == [document["_id"] for document in documents]
    for row, document in zip(rows, documents, strict=True):
        for name, value in document.items():
            if isinstance(value, list | dict):
                assert json.loads(row[name]) == value
            elif isinstance(value, str) and not row[name].endswith("Z"):
                assert row[name] == value
            elif value is None:
                assert row[name] == ""


def test_output(stored: Run, project: Path) -> None:
    """A file is written whole; --json counts."""
    result = stored("export", "quotes", "-o", "quotes.jsonl", "--json")
    lines = (project / "quotes.jsonl").read_text().splitlines()
    assert json.loads(result.stdout) == {"collection": "quotes", "documents": len(lines), "file": "quotes.jsonl"}
    assert lines
    assert not (project / "quotes.jsonl.part").exists()
    assert "in quotes.jsonl" in stored("export", "quotes", "-o", "quotes.jsonl").stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--json"], "--output"),
        (["--format", "parquet"], "--output"),
        (["entities", "--source", "desk"], "no source"),
        (["-o", "no/such/folder/x"], "No such file"),
        (["--since", "noon"], "no date"),
        (["originals"], "originals"),
    ],
)
def test_wrong_usage(stored: Run, arguments: list[str], said: str) -> None:
    """What does not go is told, with exit code 2."""
    result = stored("export", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_parquet_without_its_extra(stored: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named, and no file is made."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = stored("export", "--format", "parquet", "-o", "x.parquet")
    assert result.exit_code == 2
    assert "extra `parquet`" in result.stderr
    assert not list(project.glob("x.parquet*"))


@pytest.mark.parametrize("collection", EXPORTED)
def test_parquet(stored: Run, project: Path, collection: str) -> None:
    """Columns have types: times, lists and structs, not texts."""
    pytest.importorskip("pyarrow")
    from pyarrow import parquet, types

    assert stored("export", collection, "--format", "parquet", "-o", "x.parquet").exit_code == 0
    found = parquet.read_table(project / "x.parquet")
    documents = [json.loads(line) for line in stored("export", collection).stdout.splitlines()]
    assert found.column_names == list(columns(collection))
    assert found.column("_id").to_pylist() == [document["_id"] for document in documents]
    if collection == "quotes":
        assert types.is_timestamp(found.schema.field("time").type)
        assert found.column("spans").to_pylist() == [document["spans"] for document in documents]
        assert found.column("speaker").to_pylist() == [document["speaker"] for document in documents]
