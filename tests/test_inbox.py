"""What becomes of files whose items are stored."""

import errno
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from flows import inbox, ingest
from flows.batch import run_batch
from flows.errors import ConfigError, StoreUnavailable
from flows.gather import Ended
from flows.inbox import Closer, delete, move
from flows.ingest import run_ingest
from flows.inputs import Batch, Request
from flows.read.place import Place, PlaceError
from flows.read.places import find_places
from flows.store import Store, open_store
from schemas.config import Source
from schemas.run import Counts

OLD = (1_709_294_400, 1_709_294_400)  # 2024-03-01 12:00:00 UTC
STAMPED = "20240301T120000"


def only(path: Path | str) -> Place:
    """The one file there."""
    (place,) = find_places(str(path), "desk", {})
    assert isinstance(place, Place)
    return place


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file in a folder of a folder."""
    found = tmp_path / "in" / "sub" / "a.xml"
    found.parent.mkdir(parents=True)
    found.write_text("one")
    os.utime(found, OLD)
    return found


class TestMove:
    """Moving one file."""

    def test_it_keeps_its_name_and_its_folder(self, file: Path, tmp_path: Path) -> None:
        """Of a walked folder, the folders within are made again; a glob gives names alone."""
        move(only(tmp_path / "in"), str(tmp_path / "done"))
        assert (tmp_path / "done" / "sub" / "a.xml").read_text() == "one"
        assert not file.exists()
        file.write_text("two")
        move(only(tmp_path / "in" / "**" / "*.xml"), str(tmp_path / "done"))
        assert (tmp_path / "done" / "a.xml").read_text() == "two"

    def test_names_that_are_taken(self, file: Path, tmp_path: Path) -> None:
        """Nothing in the folder is overwritten: the time goes into the name, then a number."""
        for text in ("one", "two", "three", "four"):
            file.write_text(text)
            os.utime(file, OLD)
            move(only(file), str(tmp_path / "done"))
        assert {path.name: path.read_text() for path in (tmp_path / "done").iterdir()} == {
            "a.xml": "one", f"a.{STAMPED}.xml": "two", f"a.{STAMPED}.2.xml": "three", f"a.{STAMPED}.3.xml": "four",
        }  # fmt: skip

    def test_what_has_changed_since_it_was_read_stays(self, file: Path, tmp_path: Path) -> None:
        """A file that was written to, or replaced by another of the same date and size, has not been read."""
        place = only(file)
        file.write_text("more")
        with pytest.raises(PlaceError, match="changed"):
            move(place, str(tmp_path / "done"))
        place = only(file)
        other = file.with_name("b.xml")
        other.write_text("MORE")
        os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
        other.rename(file)
        with pytest.raises(PlaceError, match="changed"):
            delete(place)
        assert file.read_text() == "MORE"
        assert not list((tmp_path / "done").iterdir())

    def test_what_comes_in_its_place_at_that_instant_is_put_back(
        self, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A feed that replaces the file between the look and the move does not lose the new one, twice over."""
        for newer in (None, "three"):
            file.write_text("one")
            place, rename, calls = only(file), os.rename, []

            def racing(old: str, new: str) -> None:
                calls.append(old)  # noqa: B023
                if len(calls) == 1:  # noqa: B023
                    (tmp_path / "new").write_text("two")
                    rename(tmp_path / "new", old)  # noqa: B023
                rename(old, new)  # noqa: B023
                if len(calls) == 1 and newer:  # noqa: B023
                    file.write_text(newer)  # noqa: B023

            with monkeypatch.context() as patch, pytest.raises(PlaceError, match="in its place"):
                patch.setattr(os, "rename", racing)
                move(place, str(tmp_path / "done"))
            texts = sorted(path.read_text() for path in file.parent.iterdir())
            assert texts == (["two"] if newer is None else ["three", "two"])
            assert not list((tmp_path / "done").iterdir())
            for path in file.parent.iterdir():
                path.unlink()

    def test_to_another_disk(self, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where a file cannot be renamed to, it is copied, and deleted when the copy is complete."""

        def other_disk(old: str, new: str) -> None:
            raise OSError(errno.EXDEV, "Invalid cross-device link")

        monkeypatch.setattr(os, "rename", other_disk)
        move(only(file), str(tmp_path / "done"))
        done = tmp_path / "done" / "a.xml"
        assert (done.read_text(), done.stat().st_mtime, file.exists()) == ("one", OLD[0], False)

    def test_what_fails_leaves_no_trace(self, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file that cannot be moved stays, and nothing empty is left under its name."""

        def refused(old: str, new: str) -> None:
            raise OSError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(os, "rename", refused)
        for act in (lambda: move(only(file), str(tmp_path / "done")), lambda: delete(only(file))):
            with pytest.raises(OSError, match="denied"):
                act()
        assert file.read_text() == "one"
        assert not list((tmp_path / "done").iterdir())

    def test_links_stay(self, file: Path, tmp_path: Path) -> None:
        """A link would lead nowhere from another folder."""
        link = tmp_path / "link"
        link.symlink_to(file)
        with pytest.raises(PlaceError, match="link"):
            move(only(link), str(tmp_path / "done"))
        assert link.is_symlink()

    def test_remote(self) -> None:
        """On a server the same holds."""
        system = fsspec.filesystem("memory")
        try:
            for text in (b"one", b"two"):
                system.pipe("/in/sub/a.xml", text)
                move(only("memory://in"), "memory://done")
            names = sorted(system.find("/done"))
            assert [system.cat(name) for name in reversed(names)] == [b"one", b"two"]
            assert (names[1], len(names)) == ("/done/sub/a.xml", 2)
            system.pipe("/in/b.xml", b"one")
            place = only("memory://in/b.xml")
            system.pipe("/in/b.xml", b"more")
            for act in (lambda: move(place, "memory://done"), lambda: delete(place)):
                with pytest.raises(PlaceError, match="changed"):
                    act()
            delete(only("memory://in/b.xml"))
            assert not system.exists("/in/b.xml")
        finally:
            system.rm("/", recursive=True)


class TestCloser:
    """Which files are seen to."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        opened = open_store(str(tmp_path / "news.db"))
        yield opened
        opened.close()

    @staticmethod
    def batch(number: int, *ended: tuple[int, Ended]) -> Batch:
        return Batch(number, (), 0, inbox.dt.datetime.now(inbox.dt.UTC), ended=ended)

    def test_a_file_over_several_batches(self, file: Path, store: Store) -> None:
        """It is remembered when its last batch is stored, with the dispatches of all."""
        closer = Closer(store, {"desk": Source(paths=("x",))})
        closer.close(self.batch(1), {0: Counts(read=2, stored=2)})
        assert store.count("files") == 0
        closer.close(self.batch(2, (0, Ended("desk", only(file), "s"))), {0: Counts(read=1, unchanged=1)})
        (remembered,) = store.find("files")
        assert (remembered["stamp"], remembered["dispatches"], remembered["source"]) == ("s", 3, "desk")

    def test_after_a_batch_that_failed(self, file: Path, store: Store) -> None:
        """What ends in a later batch may have begun in the failed one: nothing is seen to any more."""
        closer = Closer(store, {"desk": Source(paths=("x",), when_stored="delete")})
        closer.close(self.batch(1), {0: Counts(read=1, stored=1)})
        closer.close(self.batch(3, (0, Ended("desk", only(file), "s"))), {0: Counts(read=1, stored=1)})
        closer.close(self.batch(4, (1, Ended("desk", only(file), "s"))), {1: Counts(read=1, stored=1)})
        assert file.exists()

    @pytest.mark.parametrize(
        ("when_stored", "counts", "fields", "remembered", "there"),
        [
            ("leave", Counts(read=1, stored=1), {}, True, True),
            ("leave", Counts(read=2, stored=1, rejected=1), {}, False, True),
            ("leave", Counts(read=1, stored=1), {"stamp": None}, False, True),
            ("move", Counts(read=1, stored=1), {}, False, False),
            ("move", Counts(read=1, rejected=1), {"kept": False}, False, False),
            ("move", Counts(read=1, rejected=1), {"whole": False, "kept": False}, False, True),
            ("delete", Counts(read=1, rejected=1), {}, False, False),
            ("delete", Counts(read=1, rejected=1), {"kept": False}, False, True),  # the only copy of it
        ],
    )
    def test_fates(
        self, file: Path, store: Store, tmp_path: Path, when_stored: Any, counts: Counts, fields: dict[str, Any],
        remembered: bool, there: bool,
    ) -> None:  # fmt: skip
        """A file is remembered if all of it is stored, goes if all of it is kept, and stays if it could not be read."""
        done = str(tmp_path / "done") if when_stored == "move" else None
        closer = Closer(store, {"desk": Source(paths=("x",), when_stored=when_stored, done=done)})
        ended = Ended(**{"source": "desk", "place": only(file), "stamp": "s", **fields})
        closer.close(self.batch(1, (0, ended), (1, Ended("desk", None, None))), {0: counts})
        assert (store.count("files") == 1, file.exists()) == (remembered, there)

    def test_the_store_is_safe_before_anything_goes(
        self, file: Path, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The store is on the disk first; one that does not answer leaves the file."""

        def gone() -> None:
            raise StoreUnavailable("gone")

        monkeypatch.setattr(store, "sync", gone)
        closer = Closer(store, {"desk": Source(paths=("x",), when_stored="delete")})
        with pytest.raises(StoreUnavailable):
            closer.close(self.batch(1, (0, Ended("desk", only(file), "s"))), {0: Counts(read=1, stored=1)})
        assert file.exists()

    def test_what_stays_is_told(self, file: Path, store: Store, caplog: pytest.LogCaptureFixture) -> None:
        """A file that cannot be taken away is named, and costs no other; what another run took is no news."""
        link = file.with_name("link")
        link.symlink_to(file)
        gone = only(file.parent / "a.*")
        ended = [(number, Ended("desk", place, "s")) for number, place in enumerate([gone, *[only(link)] * 9])]
        file.unlink()
        closer = Closer(store, {"desk": Source(paths=("x",), when_stored="delete")})
        closer.close(self.batch(1, *ended), {number: Counts(read=1, stored=1) for number in range(9)})
        assert caplog.record_tuples[0] == (
            "flows.inbox", logging.WARNING, f"{link} is stored, and stays where it is: it is a link",
        )  # fmt: skip
        assert len(caplog.records) == 5


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"when_stored": "move"}, "go together"),
        ({"done": "x"}, "go together"),
        ({"when_stored": "delete", "paths": ["https://a/b"]}, "http"),
        ({"when_stored": "move", "done": "x", "paths": ["s3://a/b"]}, "same server"),
        ({"when_stored": "move", "done": "sftp://b/x", "paths": ["sftp://a/b"]}, "same server"),
        ({"settle_seconds": -1}, "greater than or equal"),
    ],
)
def test_wrong_inboxes(fields: dict[str, Any], message: str) -> None:
    """What cannot be done is refused with the configuration."""
    with pytest.raises(ValueError, match=message):
        Source.model_validate({"paths": ["in"], **fields})


@pytest.mark.usefixtures("no_server")
class TestRuns:
    """Whole runs on an inbox."""

    @pytest.fixture
    def folder(self, tmp_config: Path, tmp_path: Path) -> Path:
        """Twenty dispatches, two in one file, and an empty file; stored files go to `done` within the folder."""
        inside = tmp_path / "in"
        configured = f"{{paths: [{inside}], when_stored: move, done: {inside / 'done'}}}"
        (tmp_config / "sources.yml").write_text(f"sources:\n  desk: {configured}\n")
        for number in range(18):
            (inside / f"{number:02}.txt").write_text(f"KIEV (AP) -- Talks number {number} went on.\n")
        (inside / "two.jsonl").write_text('{"id": "a", "text": "Talks."}\n{"id": "b", "text": "More talks."}\n')
        (inside / "zero.txt").write_text("")
        return inside

    def test_stored_files_are_moved(self, folder: Path, tmp_path: Path) -> None:
        """Dispatches and rejections are stored, the files moved; the next run finds nothing, and later files."""
        report = run_ingest(Request())
        assert (report.read, report.stored, report.rejected) == (21, 20, 1)
        assert [path.name for path in folder.iterdir()] == ["done"]
        assert len(list((folder / "done").iterdir())) == 20
        assert run_ingest(Request()).read == 0
        (folder / "zero.txt").write_text("KIEV (AP) -- Something happened.\n")
        assert run_ingest(Request()).stored == 1
        assert len(list((folder / "done").iterdir())) == 21

    def test_a_dry_run_moves_nothing(self, folder: Path) -> None:
        """Nor does a run of paths that are given by hand."""
        run_ingest(Request(dry_run=True))
        run_ingest(Request((str(folder),), "desk"))
        assert not (folder / "done").exists()
        assert len(list(folder.iterdir())) == 20

    def test_a_store_that_fails_leaves_the_files(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of a batch that could not be stored no file goes, nor of those after it; a repeat takes them."""
        monkeypatch.setenv("DISPATCHES_BATCH_SIZE", "5")

        def failing(batch: Batch, job: Any) -> Any:
            if batch.number == 2:
                raise StoreUnavailable("gone")
            return run_batch(batch, job)

        with monkeypatch.context() as patch, pytest.raises(StoreUnavailable):
            patch.setattr(ingest, "run_batch", failing)
            run_ingest(Request())
        assert len(list((folder / "done").iterdir())) == 5
        assert len(list(folder.glob("*.*"))) == 15
        report = run_ingest(Request())
        assert (report.read, report.stored) == (16, 15)
        assert [path.name for path in folder.iterdir()] == ["done"]

    def test_a_folder_that_cannot_be_made(self, folder: Path) -> None:
        """It is told before anything is read."""
        (folder / "done").write_text("a file")
        with pytest.raises(ConfigError, match=r"sources\.desk\.done"):
            run_ingest(Request())

    @pytest.mark.parametrize("call", [2, 5, 9, 28])
    def test_killed_at_any_instant_and_repeated(self, folder: Path, tmp_path: Path, call: int) -> None:
        """However far a killed run came, the repeat has all dispatches in the store and all files in `done`, once."""
        program = (
            "import os, signal\n"
            "from flows import batch, inbox\n"
            "from flows.ingest import Request, run_ingest\n"
            "calls = 0\n"
            "def deadly(function):\n"
            "    def called(*args, **more):\n"
            "        global calls\n"
            "        calls += 1\n"
            f"        if calls == {call}: os.kill(os.getpid(), signal.SIGKILL)\n"
            "        return function(*args, **more)\n"
            "    return called\n"
            "for module, name in ((batch, 'save_originals'), (batch, 'save_many'), (batch, 'save_rejections'),\n"
            "                     (inbox, 'save_files'), (inbox, '_reserve')):\n"
            "    setattr(module, name, deadly(getattr(module, name)))\n"
            "inbox.os.rename = deadly(inbox.os.rename)\n"
            "run_ingest(Request())\n"
        )
        env = {**os.environ, "DISPATCHES_BATCH_SIZE": "12", "DO_NOT_TRACK": "1"}
        env.pop("PREFECT_API_URL", None)
        assert subprocess.run([sys.executable, "-c", program], env=env, check=False).returncode == -9
        before = {path.name for path in folder.glob("*.*")}
        assert before or call > 40
        assert run_ingest(Request()).state == "completed"
        assert [path.name for path in folder.iterdir()] == ["done"]
        done = [path for path in (folder / "done").iterdir() if path.name == "zero.txt" or path.stat().st_size]
        assert len(done) == 20
        store = open_store(str(tmp_path / "news.db"))
        assert (store.count("dispatches"), store.count("rejections")) == (20, 1)
        store.close()


@pytest.mark.usefixtures("no_server")
def test_an_archive_is_not_read_again(tmp_config: Path, tmp_path: Path) -> None:
    """A second run opens only what is new or was rejected, and counts as before; `--force` reads everything."""
    for number in range(5):
        (tmp_path / "in" / f"{number}.jsonl").write_text(
            f'{{"text": "Talks {number}."}}\n{{"text": "More {number}."}}\n'
        )
    (tmp_path / "in" / "empty.txt").write_text("")
    for path in (tmp_path / "in").iterdir():
        os.utime(path, OLD)
    first = run_ingest(Request())
    assert (first.read, first.stored, first.rejected, first.passed_over) == (11, 10, 1, 0)
    (tmp_path / "in" / "3.jsonl").write_text('{"text": "News."}\n')
    second = run_ingest(Request())
    assert (second.read, second.unchanged, second.stored, second.rejected, second.passed_over) == (10, 8, 1, 1, 4)
    assert second.sources["desk"].unchanged == 8
    forced = run_ingest(Request(force=True))
    assert (forced.read, forced.stored, forced.passed_over) == (10, 9, 0)
    dry = run_ingest(Request(dry_run=True))
    assert (dry.read, dry.unchanged) == (10, 9)
