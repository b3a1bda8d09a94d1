"""What a run reads, and how it is cut into batches."""

from pathlib import Path

import pytest

from flows.errors import ConfigError
from flows.gather import open_sources
from flows.inputs import Request, batches, choose_sources, total_size
from flows.settings import load_settings
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
    ],
)
def test_wrong_requests(tmp_config: Path, request_: Request, message: str) -> None:
    """A source that is not there, and a password in a path, are refused before anything is done."""
    with pytest.raises(ConfigError, match=message) as caught:
        choose_sources(request_, load_settings())
    assert "secret" not in str(caught.value)


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
