"""Where inputs lie: folders, globs, object stores, and the web."""

import errno
import gzip
import os
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import fsspec
import pytest

from flows.read import open_inputs, place, web
from flows.read.place import Place, PlaceError, fill, scheme, variables
from flows.read.places import find_places, missing_extra
from schemas.raw import Payload, Refusal


def told(*paths: str, environ: dict[str, str] | None = None, skip: str | None = None) -> list[str]:
    """The URIs of the files of some paths, or the reasons why there are none."""
    found = [found for path in paths for found in find_places(path, "desk", environ or {}, skip)]
    return [item.uri if isinstance(item, Place) else item.reason for item in found]


def content(*paths: str, environ: dict[str, str] | None = None) -> list[bytes | str]:
    """The bytes of the payloads of some paths, or the reasons why there are none."""
    found = open_inputs(paths, source="desk", max_bytes=1_000_000, environ=environ or {})
    return [item.data if isinstance(item, Payload) else item.reason for item in found]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause before another attempt."""
    monkeypatch.setattr(place, "PAUSES", (0.0, 0.0))


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a.txt", None), ("/a://b", None), ("C:\\news", None), ("S3://b/k", "s3"), ("https://x", "https"), ("://x", None)],
)
def test_a_scheme_is_told_from_a_local_path(path: str, expected: str | None) -> None:
    """Only what begins like a URL is one."""
    assert scheme(path) == expected


def test_values_of_the_environment_are_filled_in() -> None:
    """`${NAME}` stands for a value; a name without one stays."""
    assert variables("sftp://me:${A}@h/${B}/$C") == ["A", "B"]
    assert fill("sftp://me:${A}@h/${B}/$C", {"A": "x", "C": "y"}) == "sftp://me:x@h/${B}/$C"


class TestLocal:
    """Local files."""

    def test_an_empty_folder_has_no_inputs(self, tmp_path: Path) -> None:
        """A folder in which nothing is yet is no error; one that is not there is."""
        assert told(str(tmp_path)) == []
        (tmp_path / "sub").mkdir()
        assert told(str(tmp_path), f"file://{tmp_path}") == []
        assert told(str(tmp_path / "none"), str(tmp_path / "*.txt")) == ["not_found", "not_found"]

    def test_a_folder_that_may_not_be_looked_into(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is in it is not said to be missing."""

        def refused(path: str) -> os.stat_result:
            raise PermissionError(errno.EACCES, "Permission denied", path)

        monkeypatch.setattr(os, "lstat", refused)
        assert told(str(tmp_path / "closed" / "a.txt")) == ["unreadable"]

    def test_what_is_no_file_is_told(self, tmp_path: Path) -> None:
        """A pipe in a folder would be waited for without end; a link to nothing cannot be read."""
        os.mkfifo(tmp_path / "a")
        (tmp_path / "b").symlink_to(tmp_path / "nowhere")
        (tmp_path / "c").write_text("x")
        assert told(str(tmp_path)) == ["unreadable", "unreadable", str(tmp_path / "c")]

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
    def test_a_folder_that_cannot_be_listed_is_told(self, tmp_path: Path) -> None:
        """It is not passed over in silence, and the rest is read."""
        (tmp_path / "closed").mkdir(mode=0)
        (tmp_path / "open").mkdir()
        (tmp_path / "open" / "a").write_text("x")
        assert told(str(tmp_path)) == ["unreadable", str(tmp_path / "open" / "a")]

    def test_the_folder_of_stored_files_is_left_out(self, tmp_path: Path) -> None:
        """Where files are moved to is not read again, in a walk or a glob."""
        for name in ("a.txt", "done/b.txt", "done/sub/c.txt", "donewell/d.txt"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("x")
        expected = [str(tmp_path / "a.txt"), str(tmp_path / "donewell" / "d.txt")]
        assert told(str(tmp_path), skip=str(tmp_path / "done")) == expected
        assert told(f"{tmp_path}/**/*.txt", skip=f"{tmp_path}/x/../done") == expected

    def test_a_name_in_another_encoding_is_text_all_the_same(self, tmp_path: Path) -> None:
        """Bytes that are no UTF-8 are shown as such; the file is read."""
        name = os.path.join(os.fsencode(tmp_path), b"caf\xe9.txt")
        try:
            with open(name, "wb") as file:
                file.write(b"A text.")
        except OSError:
            pytest.skip("the file system takes only UTF-8")
        assert told(str(tmp_path)) == [f"{tmp_path}/caf\\xe9.txt"]
        assert content(str(tmp_path)) == [b"A text."]

    def test_the_stamp_changes_with_the_file(self, tmp_path: Path) -> None:
        """Another content, another file under the same date, and another date give another stamp; reading does not."""
        file = tmp_path / "a.txt"

        def stamp() -> str | None:
            (found,) = find_places(str(file), "desk", {})
            assert isinstance(found, Place)
            found.open().close()
            return found.stamp

        file.write_text("one")
        os.utime(file, ns=(1, 1))
        stamps = [stamp()]
        assert stamp() == stamps[0]
        other = tmp_path / "b.txt"
        other.write_text("two")
        os.utime(other, ns=(1, 1))
        other.rename(file)
        stamps.append(stamp())
        file.write_text("three")
        stamps.append(stamp())
        assert len(set(stamps)) == 3


@pytest.fixture
def memory() -> Iterator[Any]:
    """A file system of fsspec's, in memory."""
    system = fsspec.filesystem("memory")
    yield system
    system.rm("/", recursive=True)


class TestRemote:
    """What is reached through fsspec, by its file system in memory."""

    def test_folders_and_globs(self, memory: Any) -> None:
        """A folder is walked as a local one is: files first, by name, hidden ones passed over."""
        for name in ("/in/b.txt", "/in/a.txt", "/in/.hidden", "/in/sub/c.txt", "/in/done/d.txt", "/in/a[1].txt"):
            memory.pipe(name, f"text of {name}".encode())
        walked = ["memory://in/a.txt", "memory://in/a[1].txt", "memory://in/b.txt", "memory://in/sub/c.txt"]
        assert told("memory://in", skip="memory://in/done") == walked
        assert told("memory://in/") == [*walked[:3], "memory://in/done/d.txt", walked[3]]
        assert told("memory://in/*.txt") == walked[:3]
        assert told("memory://in/a[1].txt") == walked[1:2]
        assert told("memory://nowhere", "memory://in/*.xml") == ["not_found", "not_found"]
        memory.makedirs("/empty")
        assert told("memory://empty") == []

    def test_files_are_read_as_local_ones_are(self, memory: Any) -> None:
        """Archives are opened; what is refused is refused for the same reasons."""
        memory.pipe("/in/a.txt.gz", gzip.compress(b"A text."))
        memory.pipe("/in/b.txt", b"B text.")
        memory.pipe("/in/c.pdf", b"%PDF-1.7 \x00\x01")
        assert content("memory://in") == [b"A text.", b"B text.", "unsupported_format"]

    def test_an_attempt_that_fails_is_repeated(self, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """What breaks off is fetched again from its beginning, and nothing comes twice."""
        memory.pipe("/a.txt", b"A text.")
        opened, calls = type(memory).open, []

        def flaky(self: Any, *args: Any, **more: Any) -> Any:
            calls.append(1)
            if len(calls) % 4:
                raise ConnectionResetError("at byte 7, with token=secret")
            return opened(self, *args, **more)

        monkeypatch.setattr(type(memory), "open", flaky)
        calls.append(1)  # as if one more had failed
        assert content("memory://a.txt") == [b"A text."]
        assert len(calls) == 4
        (refusal,) = open_inputs(["memory://a.txt"], source="desk", max_bytes=99)
        assert isinstance(refusal, Refusal)
        assert (refusal.reason, refusal.uri) == ("unreachable", "memory://a.txt")
        assert "ConnectionResetError" in refusal.errors[0].message
        assert "secret" not in repr(refusal)

    @pytest.mark.parametrize(
        ("error", "reason"),
        [
            (PermissionError("no"), "forbidden"),
            (FileNotFoundError("gone"), "not_found"),
            (RuntimeError("x"), "unreachable"),
        ],
    )
    def test_a_place_that_cannot_be_read_is_a_refusal(
        self, memory: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
    ) -> None:
        """Whatever a backend raises becomes a reason, in listing and in reading; the rest is read."""
        memory.pipe("/in/a.txt", b"A text.")
        memory.pipe("/in/b.txt", b"B text.")
        opened = type(memory).open

        def failing(self: Any, name: str, *args: Any, **more: Any) -> Any:
            if name.endswith("a.txt"):
                raise error
            return opened(self, name, *args, **more)

        with monkeypatch.context() as patch:
            patch.setattr(type(memory), "open", failing)
            assert content("memory://in") == [reason, b"B text."]
        with monkeypatch.context() as patch:
            opened = type(memory).info
            patch.setattr(type(memory), "info", failing)
            assert content("memory://in/a.txt", "memory://in/b.txt") == [reason, b"B text."]

    def test_too_large_to_be_fetched(self, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file above the limit is left where it is."""
        from flows.read import remote

        memory.pipe("/a.txt", b"x" * 11)
        monkeypatch.setattr(remote, "MOST_BYTES", 10)
        assert content("memory://a.txt") == ["too_large"]

    def test_a_missing_extra_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The extra bears the name of the scheme."""

        def missing(protocol: str) -> Any:
            raise ImportError(protocol)

        monkeypatch.setattr(fsspec, "get_filesystem_class", missing)
        assert missing_extra("s3://bucket/key") == "s3"
        assert missing_extra("memory://x") is None
        assert missing_extra("a.txt") is None


class Site(ThreadingHTTPServer):
    """A web server for one test; `answers` maps a path to (status, headers, body), or to several of them in turn."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = {}
        self.asked: list[tuple[str, str]] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def _answer(self) -> None:
        self.server.asked.append((self.command, self.path))
        answers = self.server.answers.get(self.path) or [(404, {}, b"")]
        status, headers, body = answers.pop(0) if len(answers) > 1 and self.command == "GET" else answers[0]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_GET = do_HEAD = _answer  # noqa: N815 - the names are the library's

    def log_message(self, *args: Any) -> None:
        """Be silent."""


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server on this machine."""
    server = Site()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class TestWeb:
    """Web pages and feeds."""

    def test_a_url_is_one_file(self, site: Site) -> None:
        """It is read under its URL, compressed or not, with a query or without."""
        site.answers["/a.txt"] = [(200, {}, b"A text.")]
        site.answers["/feed?page=2"] = [(200, {"Content-Encoding": "gzip"}, gzip.compress(b"B text."))]
        assert content(f"{site.url}/a.txt", f"{site.url}/feed?page=2") == [b"A text.", b"B text."]
        assert told(f"{site.url}/feed?page=2") == [f"{site.url}/feed?page=2"]

    def test_redirections_are_followed(self, site: Site) -> None:
        """The URI stays the one of the configuration; going in circles ends."""
        site.answers["/old"] = [(301, {"Location": "/new"}, b"")]
        site.answers["/new"] = [(200, {}, b"A text.")]
        site.answers["/round"] = [(302, {"Location": "/round"}, b"")]
        (payload,) = open_inputs([f"{site.url}/old"], source="desk", max_bytes=99)
        assert isinstance(payload, Payload)
        assert (payload.uri, payload.data) == (f"{site.url}/old", b"A text.")
        assert content(f"{site.url}/round") == ["unreachable"]

    @pytest.mark.parametrize(
        ("status", "reason", "attempts"),
        [(404, "not_found", 1), (410, "not_found", 1), (401, "forbidden", 1), (403, "forbidden", 1),
         (418, "unreachable", 1), (204, "unreachable", 1), (503, "unreachable", 3), (429, "unreachable", 3)],
    )  # fmt: skip
    def test_a_status_becomes_a_reason(self, site: Site, status: int, reason: str, attempts: int) -> None:
        """What may pass is asked for again, the rest is not."""
        site.answers["/x"] = [(status, {}, b"")]
        assert content(f"{site.url}/x") == [reason]
        assert [command for command, _ in site.asked].count("GET") == attempts

    def test_what_passes_is_read(self, site: Site) -> None:
        """A server that is busy, and one that breaks off, are asked again."""
        site.answers["/x"] = [(503, {}, b""), (200, {"Content-Length": "99"}, b"A t"), (200, {}, b"A text.")]
        assert content(f"{site.url}/x") == [b"A text."]

    @pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "http://no-such-host.invalid/x", "http://", "http://a:b/"])
    def test_a_server_that_is_not_there_is_a_refusal(self, url: str) -> None:
        """It is told, and nothing is raised."""
        assert content(url) == ["unreachable"]

    def test_limits(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        """An endless page, or one that takes for ever, is left."""
        site.answers["/x"] = [(200, {}, b"x" * 100)]
        with monkeypatch.context() as patch:
            patch.setattr(web, "MOST_BYTES", 10)
            assert content(f"{site.url}/x") == ["too_large"]
        monkeypatch.setattr(web, "_LONGEST", -1.0)
        assert content(f"{site.url}/x") == ["unreachable"]

    def test_a_password_is_sent_and_not_recorded(self, site: Site) -> None:
        """`${NAME}` in a URL is filled for the server alone."""
        site.answers["/x?key=hunter2"] = [(200, {}, b"A text.")]
        url = f"{site.url}/x?key=${{KEY}}"
        (payload,) = open_inputs([url], source="desk", max_bytes=99, environ={"KEY": "hunter2"})
        assert isinstance(payload, Payload)
        assert (payload.uri, payload.data) == (url, b"A text.")
        (found,) = find_places(f"{site.url}/y?key=${{KEY}}", "desk", {"KEY": "hunter2"})
        assert "hunter2" not in repr(found)
        (refusal,) = open_inputs(
            [f"{site.url}/y?key=${{KEY}}"], source="desk", max_bytes=99, environ={"KEY": "hunter2"}
        )
        assert "hunter2" not in repr(refusal)

    def test_the_stamp_is_the_servers(self, site: Site) -> None:
        """A tag, or else a date; without either, and where HEAD is not answered, there is none."""

        def stamp(path: str) -> str | None:
            (found,) = find_places(f"{site.url}{path}", "desk", {})
            assert isinstance(found, Place)
            return found.stamp

        site.answers["/tag"] = [(200, {"ETag": '"1"', "Last-Modified": "Fri, 01 Mar 2024 12:00:00 GMT"}, b"xy")]
        site.answers["/date"] = [(200, {"Last-Modified": "Fri, 01 Mar 2024 12:00:00 GMT"}, b"xy")]
        site.answers["/odd"] = [(200, {"Last-Modified": "yesterday", "Content-Length": "2"}, b"xy")]
        site.answers["/none"] = [(200, {}, b"xy")]
        site.answers["/post"] = [(405, {"ETag": '"1"'}, b"")]
        stamps = [stamp(path) for path in ("/tag", "/date", "/odd", "/none", "/post")]
        assert stamps == ['2-"1"', "2-Fri, 01 Mar 2024 12:00:00 GMT", "2-yesterday", None, None]


def test_attempts_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the last attempt the failure is raised; one that cannot pass is raised at once."""
    calls: list[int] = []

    def failing() -> None:
        calls.append(1)
        raise PlaceError("x", "no")

    for may_pass, attempts in ((True, 3), (False, 1)):
        calls.clear()
        answer: Callable[[Exception], bool] = lambda _error, may_pass=may_pass: may_pass  # noqa: E731
        with pytest.raises(PlaceError):
            place.patiently(failing, answer)
        assert len(calls) == attempts
