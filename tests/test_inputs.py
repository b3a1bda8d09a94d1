"""What a run reads, and how it is cut into batches."""

from pathlib import Path

import pytest

from flows.errors import ConfigError
from flows.gather import open_sources
from flows.inputs import Request, batches, check_paths, choose_sources, total_size
from flows.settings import load_settings
from schemas.config import Source
from schemas.raw import Payload


def payload(size: int) -> Payload:
    return Payload(source="desk", uri="x", format="text", data=b"x" * size, original="0")


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        ([1, 1, 1], [[1, 1, 1]]),
        ([1, 1, 1, 1], [[1, 1, 1], [1]]),  # at most three items
        ([6, 6], [[6], [6]]),  # at most ten bytes
        ([1, 50, 1], [[1], [50], [1]]),  # what is larger than a batch is one
    ],
)
def test_batches(sizes: list[int], expected: list[list[int]]) -> None:
    """A batch has at most so many items and bytes, and nothing is lost between two of them."""
    made = list(batches(map(payload, sizes), 3, 10))
    assert [[len(item.data or b"") for item in batch.items] for batch in made] == expected
    assert [batch.size for batch in made] == list(map(sum, expected))
    assert [batch.number for batch in made] == list(range(1, len(made) + 1))


def test_batches_are_received_in_order() -> None:
    """Every batch counts as received later than the one before, to the millisecond."""
    times = [batch.received_at for batch in batches(map(payload, [1] * 50), 1, 10)]
    assert len({time.isoformat(timespec="milliseconds") for time in times}) >= 49
    assert times == sorted(times)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request(), {"desk": None}),
        (Request(source="desk"), {"desk": None}),
        (Request(("a.txt",)), {"adhoc": ("a.txt",)}),
        (Request(("a.txt",), "adhoc"), {"adhoc": ("a.txt",)}),
        (Request(("a.txt",), "desk"), {"desk": ("a.txt",)}),
    ],
)
def test_choose_sources(tmp_config: Path, request_: Request, expected: dict[str, tuple[str, ...] | None]) -> None:
    """Paths go before those of the source; without paths and source, every source is read."""
    settings = load_settings()
    chosen = choose_sources(request_, settings)
    assert {name: source.paths for name, source in chosen.items()} == {
        name: paths or settings.sources[name].paths for name, paths in expected.items()
    }


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (Request(source="dsek"), r"no source 'dsek' \(configured: desk\)"),
        (Request(("a.txt",), "dsek"), "no source 'dsek'"),
        (Request(source="adhoc"), "no source 'adhoc'"),
        (Request(("ftp://me:secret@host/x",)), r"ftp://me:\*\*\*@host/x: .*no password"),
        (Request(("https://host/x?token=secret",)), r"https://host/x\?token=\*\*\*: .*no password"),
        (Request(("ftp://host/x",)), "ftp:// is not read; there are file, http, https, s3, gs, sftp, and local paths"),
        (Request(("https://host/x?key=${NO_SUCH_KEY}",)), "NO_SUCH_KEY is not set"),
    ],
)
def test_wrong_requests(tmp_config: Path, request_: Request, message: str) -> None:
    """A source that is not there, and a password in a path, are refused before anything is done."""
    with pytest.raises(ConfigError, match=message) as caught:
        choose_sources(request_, load_settings())
    assert "secret" not in str(caught.value)


def test_a_missing_extra(tmp_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not installed is told before anything is done, with what to type; a schedule may be for another place."""
    monkeypatch.setattr("flows.inputs.missing_extra", lambda path: "s3" if path.startswith("s3:") else None)
    with pytest.raises(ConfigError, match=r"s3://b/k: needs the extra `s3`.*pip install '\.\[s3\]'"):
        choose_sources(Request(("s3://b/k",)), load_settings())
    check_paths({"desk": Source(paths=("s3://b/k", "https://host/${NO_SUCH}"))})


def test_passwords_in_the_environment(tmp_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that stands for a password is no password."""
    monkeypatch.setenv("DESK_PASSWORD", "secret")
    paths = ("https://me:${DESK_PASSWORD}@host/x", "https://host/x?token=${DESK_PASSWORD}&page=1")
    assert choose_sources(Request(paths), load_settings())["adhoc"].paths == paths


def test_paths_given_by_hand_are_no_inbox(tmp_config: Path, tmp_path: Path) -> None:
    """What becomes of stored files is said of the source's own, not of what is named on the command line."""
    source = f"{{paths: [in], when_stored: move, done: {tmp_path / 'done'}, settle_seconds: 5, encoding: cp1251}}"
    (tmp_config / "sources.yml").write_text(f"sources: {{desk: {source}}}\n")
    settings = load_settings()
    assert choose_sources(Request(source="desk"), settings)["desk"].when_stored == "move"
    chosen = choose_sources(Request(("a.txt",), "desk"), settings)["desk"]
    assert (chosen.when_stored, chosen.done, chosen.settle_seconds, chosen.encoding) == ("leave", None, 0, "cp1251")


def test_no_sources(tmp_config: Path) -> None:
    """With no sources and no paths there is nothing to run."""
    (tmp_config / "sources.yml").write_text("sources: {}\n")
    with pytest.raises(ConfigError, match="no paths were given"):
        choose_sources(Request(), load_settings())


def test_total_size(tmp_config: Path, tmp_path: Path) -> None:
    """The size is that of all files in folders and matches; what is not there counts nothing."""
    (tmp_path / "in" / "a.txt").write_bytes(b"12345")
    (tmp_path / "in" / "b.txt").write_bytes(b"67")
    settings = load_settings()
    assert total_size(choose_sources(Request(), settings)) == 7
    assert total_size(choose_sources(Request((f"{tmp_path}/in/*.txt", "nowhere")), settings)) == 7


def test_open_sources(tmp_config: Path, tmp_path: Path) -> None:
    """Inputs carry the name of their source."""
    (tmp_path / "in" / "a.txt").write_text("A Headline\nText.\n")
    found = [item for item in open_sources(load_settings().sources, 1000) if isinstance(item, Payload)]
    assert [item.source for item in found] == ["desk"]
