"""The stream of inputs: what is read, what is passed over, what waits."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from flows import gather
from flows.gather import Ended, Passed, Waiting, nothing_known, open_sources
from flows.inputs import batches
from flows.store.files import file_id
from schemas.config import Source
from schemas.raw import Payload, Refusal

OLD = (1_700_000_000, 1_700_000_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file of one dispatch, one of two, one that is empty; none was written just now."""
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "a.txt").write_text("A text.")
    (inside / "b.jsonl").write_text('{"text": "B text."}\n{"text": "B2 text."}\n')
    (inside / "c.pdf").write_bytes(b"%PDF-1.7 \0" + b"x" * 200)
    for path in inside.iterdir():
        os.utime(path, OLD)
    return inside


def stream(folder: Path, known: gather.Known = nothing_known, **fields: object) -> list[str]:
    """The stream of a source, in words."""
    source = Source.model_validate({"paths": [str(folder)], **fields})
    said = []
    for element in open_sources({"desk": source}, 100, known):
        if isinstance(element, Payload | Refusal):
            said.append(Path(element.uri).name if isinstance(element, Payload) else element.reason)
        elif isinstance(element, Ended):
            flags = [name for name in ("whole", "kept") if not getattr(element, name)]
            said.append(" ".join(["end", *(f"not {flag}" for flag in flags)]))
        else:
            said.append(type(element).__name__.lower())
    return said


def test_a_file_ends_behind_its_items(folder: Path) -> None:
    """A path without files is nobody's item; what of a file is not kept is told."""
    expected = ["a.txt", "end", "b.jsonl", "b.jsonl", "end", "unsupported_format", "end not kept"]
    assert stream(folder) == expected
    assert stream(folder / "none") == ["not_found", "end"]
    (folder / "a.txt").unlink()
    (folder / "a.txt").symlink_to("nowhere")
    assert stream(folder)[:2] == ["unreadable", "end"]


def test_a_file_that_cannot_be_read_is_not_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails on the way says nothing about the content."""

    def broken(path: str) -> object:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("flows.read.local._open", broken)
    assert stream(folder)[:2] == ["unreadable", "end not whole not kept"]


def test_known_files_are_passed_over(folder: Path) -> None:
    """They are not opened; another date, another way to read, or a write just now, and they are read."""
    seen: dict[str, str] = {}
    reads = []

    def known(stamps: Mapping[str, str]) -> dict[str, int]:
        reads.append(len(stamps))
        same = {id: 2 for id, stamp in stamps.items() if seen.get(id) == stamp}
        seen.update(stamps)
        return same

    first = stream(folder, known)
    assert stream(folder, known) == ["passed"] * 3
    assert set(seen) == {file_id("desk", str(path)) for path in folder.iterdir()}
    assert stream(folder, known, encoding="cp1251") == first
    assert stream(folder, known, encoding="cp1251", cron="1 * * * *") == ["passed"] * 3
    os.utime(folder / "a.txt", (OLD[0] + 1, OLD[0] + 1))
    assert stream(folder, known, encoding="cp1251") == ["a.txt", "end", "passed", "passed"]
    os.utime(folder / "a.txt")
    assert reads[-1] == 3
    assert stream(folder, known, encoding="cp1251") == ["a.txt", "end", "passed", "passed"]
    assert reads[-1] == 2  # a file that was written just now may be written again, and look the same


def test_files_of_an_inbox_are_not_passed_over(folder: Path, tmp_path: Path) -> None:
    """What is stored is to go away: it is read, recognised, and taken away."""

    def all_known(stamps: Mapping[str, str]) -> dict[str, int]:
        return dict.fromkeys(stamps, 1)

    assert stream(folder, all_known, when_stored="delete")[0] == "a.txt"
    assert stream(folder, all_known, when_stored="move", done=str(tmp_path / "done"))[0] == "a.txt"
    assert stream(folder, all_known) == ["passed"] * 3


def test_an_inbox_that_is_empty(folder: Path) -> None:
    """A pattern that matches nothing is the rule there, and a mistake elsewhere."""
    assert stream(folder / "*.xml", when_stored="delete") == []
    assert stream(folder / "*.xml") == ["not_found", "end"]
    assert stream(folder / "none", when_stored="delete") == ["not_found", "end"]


def test_files_that_may_still_be_written_wait(folder: Path) -> None:
    """A file that was changed within `settle_seconds` is left for a later run."""
    os.utime(folder / "b.jsonl", (time.time() - 50, time.time() - 50))
    expected = ["a.txt", "end", "waiting", "unsupported_format", "end not kept"]
    assert stream(folder, settle_seconds=60) == expected
    assert len(stream(folder, settle_seconds=40)) == 7


def test_the_store_is_asked_for_many_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost between two questions."""
    monkeypatch.setattr(gather, "_ASKED", 3)
    for number in range(7):
        (tmp_path / f"{number}.txt").write_text("A text.")
        os.utime(tmp_path / f"{number}.txt", OLD)
    asked = []

    def known(stamps: Mapping[str, str]) -> dict[str, int]:
        asked.append(len(stamps))
        return dict.fromkeys(stamps, 1)

    assert stream(tmp_path, known) == ["passed"] * 7
    assert asked == [3, 3, 1]


def test_batches_tell_their_files(folder: Path) -> None:
    """Each item has the number of its file, and a file ends in the batch of its last item."""
    source = Source(paths=(str(folder),))
    made = list(batches(open_sources({"desk": source}, 100), 2, 1000))
    assert [batch.files for batch in made] == [(0, 1), (1, 2)]
    assert [[number for number, _ in batch.ended] for batch in made] == [[0], [1, 2]]


def test_batches_of_passed_files() -> None:
    """Files that are passed over make batches too, so that there is progress; none is lost."""
    many = [Passed("desk", 1, 10)] * 25_000
    made = list(batches([*many, Waiting("desk")], 500, 1000))
    assert [len(batch.passed) for batch in made] == [10_000, 10_000, 5_000]
    assert sum(batch.size for batch in made) == 250_000
    assert [batch.waiting for batch in made] == [0, 0, 1]
    assert [batch.number for batch in made] == [1, 2, 3]
    assert [len(batch.passed) for batch in batches([Passed("a", 1, 99), Ended("a", None, None)], 1, 1)] == [1]
