"""From places to payloads."""

from pathlib import Path

import pytest

from flows.read import open_inputs, parse
from schemas.raw import Payload, RawDispatch, Refusal


def read_all(*paths: str, max_bytes: int = 1_000_000) -> list[RawDispatch | Refusal]:
    """Open and parse everything in some places."""
    found: list[RawDispatch | Refusal] = []
    for payload in open_inputs(paths, source="desk", max_bytes=max_bytes):
        found += [payload] if isinstance(payload, Refusal) else parse(payload)
    return found


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    """Folders are walked, hidden files are passed over."""
    for name in ("b.txt", "a.txt", ".hidden", "sub/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"text of {name}")
    texts = [raw.text_raw for raw in read_all(str(tmp_path)) if isinstance(raw, RawDispatch)]
    assert texts == ["text of a.txt", "text of b.txt", "text of sub/c.txt"]


def test_globs_are_expanded(tmp_path: Path) -> None:
    """A glob reads what matches it, files only."""
    (tmp_path / "a.txt").write_text("first")
    (tmp_path / "a.log").write_text("second")
    (tmp_path / "d.txt").mkdir()
    assert [r.text_raw for r in read_all(str(tmp_path / "*.txt")) if isinstance(r, RawDispatch)] == ["first"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"--- ... ---", "empty"),  # nothing that could be a word
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "unsupported_format"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "unsupported_format"),
        (bytes(range(256)) * 4, "binary"),
        ("Москва".encode("cp1251") * 9, "undecodable"),  # another alphabet in another encoding
        (b"\xff\xfea", "undecodable"),  # half a UTF-16 character
        (b"x" * 1_000_001, "too_large"),
        (b'{"id": 1, "text": "no end', "invalid_json"),
        (b'{"id": 1}', "invalid_fields"),
        (b'{"text": 5, "urgency": 12}', "invalid_fields"),
        (b'{"id": "a", "text": "  "}', "empty"),
        (b'{"text": "half \\ud83d of it"}', "invalid_json"),
        (b"<?xml version='1.0'?><x/>", "unsupported_format"),
        (b"<!DOCTYPE html><html></html>", "empty"),
    ],
)
def test_what_is_no_dispatch_is_refused_with_a_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    """Each input that cannot be read is one refusal with a stable code."""
    (tmp_path / "input").write_bytes(content)
    (refusal,) = read_all(str(tmp_path / "input"))
    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert refusal.errors


def test_all_that_is_wrong_is_told(tmp_path: Path) -> None:
    """A refusal lists every wrong field, not the first."""
    (tmp_path / "x.jsonl").write_text('{"text": 5, "urgency": 12, "published_at": "noon"}')
    (refusal,) = read_all(str(tmp_path / "x.jsonl"))
    assert isinstance(refusal, Refusal)
    assert {error.loc for error in refusal.errors} == {"text", "urgency", "published_at"}


def test_a_missing_place_is_a_refusal() -> None:
    """What is not there is told, and the rest is read."""
    (refusal,) = read_all("/nowhere/at/all")
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "not_found"


def test_one_bad_line_costs_one_line(tmp_path: Path) -> None:
    """The lines around a broken one, and around one above the limit, are read."""
    good = '{"id": "%s", "text": "Talks went on."}\n'
    lines = good % "a" + "{broken\n" + '{"id": "long", "text": "' + "x" * 5000 + '"}\n' + "\n" + good % "b"
    (tmp_path / "x.jsonl").write_text(lines)
    found = read_all(str(tmp_path / "x.jsonl"), max_bytes=1000)
    assert [r.feed_id if isinstance(r, RawDispatch) else r.reason for r in found] == [
        "a", "invalid_json", "too_large", "b",
    ]  # fmt: skip
    assert [r.item for r in found if isinstance(r, Refusal)] == ["line 2", "line 3"]


def test_a_json_document_over_several_lines_is_one_item(tmp_path: Path) -> None:
    """Pretty-printed objects and arrays are read as a whole."""
    (tmp_path / "one.json").write_text('{\n "id": "a",\n "text": "Talks."\n}')
    (tmp_path / "two.json").write_text('[{"id": "b", "text": "Talks."},\n {"id": "c", "text": "Talks."}]')
    assert [r.feed_id for r in read_all(str(tmp_path)) if isinstance(r, RawDispatch)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("“Talks” – Kyïv".encode(), "“Talks” – Kyïv", "utf-8"),
        ("“Talks”".encode("utf-8-sig"), "“Talks”", "utf-8-sig"),
        ("“Talks” went on".encode("cp1252"), "“Talks” went on", "cp1252"),
        ("“Talks” went on".encode("utf-16"), "“Talks” went on", "utf-16"),
        (b"Talks \x81 went on", "Talks \ufffd went on", "cp1252+replaced"),
    ],
)
def test_how_bytes_were_decoded_is_on_record(data: bytes, text: str, encoding: str) -> None:
    """UTF-8 first, then cp1252 with a flag; a byte-order mark is believed."""
    payload = Payload(source="desk", uri="x", format="text", data=data, original="0")
    (raw,) = parse(payload)
    assert isinstance(raw, RawDispatch)
    assert (raw.text_raw, raw.encoding) == (text, encoding)


def test_a_declared_encoding_goes_before_cp1252() -> None:
    """A source that declares its encoding is believed where UTF-8 fails."""
    data = "Мэр сказал".encode("cp1251")
    payload = Payload(source="desk", uri="x", format="text", encoding="cp1251", data=data, original="0")
    (raw,) = parse(payload)
    assert isinstance(raw, RawDispatch)
    assert (raw.text_raw, raw.encoding) == ("Мэр сказал", "cp1251")


def test_a_headline_field_stands_before_the_text(tmp_path: Path) -> None:
    """A headline that the text does not begin with is put before it; the text of `{"id", "text"}` is left as it is."""
    (tmp_path / "x.jsonl").write_text(
        '{"text": "Body.", "headline": "Talks"}\n{"text": "Talks\\nBody.", "headline": "Talks"}\n{"text": " Body. "}'
    )
    texts = [r.text_raw for r in read_all(str(tmp_path / "x.jsonl")) if isinstance(r, RawDispatch)]
    assert texts == ["Talks\nBody.", "Talks\nBody.", " Body. "]
