"""Archives and compressed files on the way in."""

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.read import archives, files, open_inputs
from flows.read.archives import Limits
from schemas.raw import Payload, Refusal

TEXT = b"Bridge reopens\nTARNWICK (Nordhaven) -- The bridge reopened on Tuesday.\n"
LINES = b'{"id": "a", "text": "Talks."}\n{"id": "b", "text": "Tea."}\n'


def found_in(path: Path, max_bytes: int = 1_000_000) -> list[tuple[str, str]]:
    """The URI behind the name of the file, and the data or the reason why there are none."""
    made = []
    for each in open_inputs([str(path)], source="desk", max_bytes=max_bytes):
        place = each.uri.removeprefix(str(path)) + (f"#{each.item}" if each.item else "")
        made.append((place, each.reason if isinstance(each, Refusal) else each.data.decode("latin-1")))
    return made


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(*members: tuple[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_files_are_opened(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """Whatever they are called; several streams in one file are read one after the other."""
    (tmp_path / "x.dat").write_bytes(pack(LINES) + pack(LINES))
    assert [place for place, _ in found_in(tmp_path / "x.dat")] == ["#line 1", "#line 2", "#line 3", "#line 4"]


def test_members_are_inputs(tmp_path: Path) -> None:
    """Each member is read as a file is; folders and hidden files are passed over."""
    members = (("a.txt", TEXT), ("sub/b.jsonl", LINES), (".hidden", TEXT), ("__MACOSX/c.txt", TEXT), ("dir/", b""))
    expected = ["!a.txt", "!sub/b.jsonl#line 1", "!sub/b.jsonl#line 2"]
    for name, data in (("x.zip", zipped(*members)), ("x.tar", tarred(*members[:4]))):
        (tmp_path / name).write_bytes(data)
        assert [place for place, _ in found_in(tmp_path / name)] == expected
    (tmp_path / "x.tgz").write_bytes(gzip.compress(tarred(*members[:4])))
    assert [place for place, _ in found_in(tmp_path / "x.tgz")] == expected


def test_archives_in_archives(tmp_path: Path) -> None:
    """They are opened too, so far as the limit of depth."""
    inner = zipped(("a.txt", TEXT))
    (tmp_path / "x.tar.xz").write_bytes(lzma.compress(tarred(("in.zip", inner), ("b.txt.gz", gzip.compress(TEXT)))))
    assert found_in(tmp_path / "x.tar.xz") == [("!in.zip!a.txt", TEXT.decode()), ("!b.txt.gz", TEXT.decode())]
    for _ in range(9):
        inner = gzip.compress(inner)
    (tmp_path / "deep.gz").write_bytes(inner)
    assert found_in(tmp_path / "deep.gz") == [("", "archive_too_deep")]


def test_names_are_labels(tmp_path: Path) -> None:
    """A name that climbs out of the archive, or holds odd characters, names nothing outside of it."""
    (tmp_path / "x.zip").write_bytes(zipped(("../../etc/passwd", TEXT), ("/abs\n.txt", TEXT)))
    assert [place for place, _ in found_in(tmp_path / "x.zip")] == ["!../../etc/passwd", "!/abs\ufffd.txt"]
    (tmp_path / "x.tar").write_bytes(tarred(("\udcff.txt", TEXT)))
    ((place, _),) = found_in(tmp_path / "x.tar")
    place.encode()


def test_links_and_devices_are_refused(tmp_path: Path) -> None:
    """They are not followed, and what stands beside them is read."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"link{kind.decode()}")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("a.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT))
    (tmp_path / "x.tar").write_bytes(out.getvalue())
    assert [what for _, what in found_in(tmp_path / "x.tar")] == ["archive_link"] * 4 + [TEXT.decode()]
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as zipped_link:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        zipped_link.writestr(link, "/etc/passwd")
        zipped_link.writestr("a.txt", TEXT)
    assert [what for _, what in found_in(tmp_path / "x.zip")] == ["archive_link", TEXT.decode()]


def limit(monkeypatch: pytest.MonkeyPatch, **values: int) -> None:
    monkeypatch.setattr(files, "Limits", lambda: Limits(**values))


def test_bombs_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What gives too many bytes for its size is left there; what came before is read."""
    limit(monkeypatch, free=100_000)
    bomb = zipped(("a.txt", TEXT), ("b.txt", b"0" * 10_000_000), ("c.txt", TEXT))
    (tmp_path / "x.zip").write_bytes(bomb)
    assert found_in(tmp_path / "x.zip", 100_000_000) == [("!a.txt", TEXT.decode()), ("", "archive_ratio")]
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"0\n" * 5_000_000))
    assert found_in(tmp_path / "x.gz", 100_000_000) == [("", "archive_ratio")]
    (tmp_path / "y.gz").write_bytes(gzip.compress(gzip.compress(b"0\n" * 5_000_000)))
    assert found_in(tmp_path / "y.gz", 100_000_000) == [("", "archive_ratio")]


def test_limits_of_size_and_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is in a file counts together."""
    (tmp_path / "x.tar").write_bytes(tarred(*((f"{n}.txt", TEXT) for n in range(9))))
    limit(monkeypatch, members=3)
    assert [what for _, what in found_in(tmp_path / "x.tar")] == [TEXT.decode()] * 3 + ["archive_too_many"]
    limit(monkeypatch, total=len(TEXT) * 2)
    assert [what for _, what in found_in(tmp_path / "x.tar")] == [TEXT.decode()] * 2 + ["archive_too_large"]
    (tmp_path / "y.tar").write_bytes(tarred(("in.zip", zipped(("a.txt", TEXT)))))
    limit(monkeypatch, nested_zip=50)
    assert found_in(tmp_path / "y.tar") == [("", "archive_too_large")]


def test_a_member_above_the_limit_costs_one_member(tmp_path: Path) -> None:
    """It is refused as a file is, and the next is read."""
    (tmp_path / "x.zip").write_bytes(zipped(("a.txt", b"x" * 2000), ("b.txt", TEXT)))
    assert found_in(tmp_path / "x.zip", 1000) == [("!a.txt", "too_large"), ("!b.txt", TEXT.decode())]


def test_encrypted_and_odd_members(tmp_path: Path) -> None:
    """What cannot be opened is refused by itself."""
    data = bytearray(zipped(("a.txt", TEXT), ("b.txt", TEXT)))
    first = data.index(b"PK\x01\x02")
    data[first + 8] |= 1  # encrypted, says the directory
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 10] = 99  # a method that nobody knows
    (tmp_path / "x.zip").write_bytes(data)
    assert found_in(tmp_path / "x.zip") == [("!a.txt", "archive_encrypted"), ("!b.txt", "archive_damaged")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.gz", gzip.compress(TEXT * 500)[:-40]),
        ("x.bz2", bz2.compress(bytes(range(256)) * 500)[:-40]),
        ("x.xz", lzma.compress(TEXT * 500)[:-40]),
        ("x.zip", zipped(("a.txt", TEXT))[:-40]),
        ("x.tar", tarred(("a.txt", TEXT * 50))[:700]),
    ],
)
def test_damaged_archives_are_refused(tmp_path: Path, name: str, data: bytes) -> None:
    """An archive that breaks off is told as such, and is no text."""
    (tmp_path / name).write_bytes(data)
    assert {what for _, what in found_in(tmp_path / name)} == {"archive_damaged"}


def test_a_damaged_member_costs_one_member(tmp_path: Path) -> None:
    """In a zip the members do not depend on each other."""
    data = bytearray(zipped(("a.txt", TEXT * 3), ("b.txt", TEXT)))
    data[40:44] = b"\xff\xff\xff\xff"
    (tmp_path / "x.zip").write_bytes(data)
    assert found_in(tmp_path / "x.zip") == [("!a.txt", "archive_damaged"), ("!b.txt", TEXT.decode())]


def test_a_header_of_a_gigabyte_is_not_believed(tmp_path: Path) -> None:
    """A tar may say that the name of a member is very long; nothing of that length is read."""
    info = tarfile.TarInfo("././@PaxHeader")
    info.type, info.size = tarfile.XHDTYPE, 10**9
    (tmp_path / "x.tar").write_bytes(info.tobuf() + b"\0" * 10240)
    assert found_in(tmp_path / "x.tar") == [("", "archive_damaged")]


def test_xz_that_asks_for_too_much_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dictionary above the limit is refused."""
    monkeypatch.setattr(archives, "_LZMA_MEMORY", 1_000_000)
    (tmp_path / "x.xz").write_bytes(lzma.compress(TEXT, preset=9))
    assert found_in(tmp_path / "x.xz") == [("", "archive_damaged")]


def test_empty_archives(tmp_path: Path) -> None:
    """They are refused as empty: every input ends somewhere."""
    (tmp_path / "x.zip").write_bytes(zipped())
    (tmp_path / "x.gz").write_bytes(gzip.compress(b""))
    (tmp_path / "x.bz2").write_bytes(bz2.compress(b""))
    assert found_in(tmp_path / "x.zip") == [("", "empty")]
    for name in ("x.gz", "x.bz2"):  # a file without bytes: the reader of texts refuses it
        ((_, data),) = found_in(tmp_path / name)
        assert data == ""


def test_office_files_are_no_archives(tmp_path: Path) -> None:
    """They are refused as what they are, not member by member."""
    (tmp_path / "x.docx").write_bytes(zipped(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")))
    assert found_in(tmp_path / "x.docx") == [("", "unsupported_format")]


def test_a_directory_of_many_gigabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory of a zip is read as a whole, so its size is looked at first."""
    monkeypatch.setattr(archives, "_MOST_DIRECTORY", 50)
    (tmp_path / "x.zip").write_bytes(zipped(("a.txt", TEXT), ("b.txt", TEXT)))
    assert found_in(tmp_path / "x.zip") == [("", "archive_too_many")]


def test_text_that_begins_like_an_archive(tmp_path: Path) -> None:
    """A text may begin with the letters of an archive."""
    for text in (b"BZh91 is the road to Tarnwick.", b"PK won the vote."):
        (tmp_path / "x.txt").write_bytes(text)
        ((_, data),) = found_in(tmp_path / "x.txt")
        assert data == text.decode()


INNER = zipped(("a.txt", TEXT), ("b.jsonl", LINES))
PACKED = [  # made once: they hold the time at which they were made
    INNER, gzip.compress(INNER), bz2.compress(TEXT), lzma.compress(LINES), tarred(("a.zip", INNER), ("b", TEXT)),
    gzip.compress(tarred(("a.txt.gz", gzip.compress(TEXT)), mode="w")),
]  # fmt: skip


@given(data=st.data())
@settings(deadline=None, max_examples=150)
def test_no_archive_is_too_odd(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Archives with some of their bytes changed give payloads or refusals, never an exception."""
    packed = data.draw(st.sampled_from(PACKED))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(packed)))
        packed = packed[:at] + data.draw(st.binary(max_size=6)) + packed[at + data.draw(st.integers(0, 6)) :]
    path = tmp_path_factory.getbasetemp() / "fuzzed"
    path.write_bytes(packed)
    found = list(open_inputs([str(path)], source="desk", max_bytes=1_000_000))
    assert found
    for each in found:
        assert isinstance(each, Payload | Refusal)
        each.uri.encode()


def test_overlapping_members_count_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zip whose directory names one member a thousand times is a bomb too."""
    limit(monkeypatch, free=100_000)
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(b"0" * 200_000) + body.flush()
    crc = zlib.crc32(b"0" * 200_000)
    sizes = struct.pack("<III", crc, len(packed), 200_000)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", 1, 0) + b"a" + packed
    entry = b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes
    entry += struct.pack("<HHHHHII", 1, 0, 0, 0, 0, 0, 0) + b"a"
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1000, 1000, len(entry) * 1000, len(local), 0)
    (tmp_path / "x.zip").write_bytes(local + entry * 1000 + end)
    assert [what for _, what in found_in(tmp_path / "x.zip")][-1] in ("archive_ratio", "archive_damaged")
