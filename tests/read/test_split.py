"""One file, many payloads."""

from pathlib import Path

from flows.read import open_inputs, parse
from schemas.raw import Payload, RawDispatch, Refusal


def payloads(path: Path, data: bytes, max_bytes: int = 1000, **options: str) -> list[Payload | Refusal]:
    path.write_bytes(data)
    return list(open_inputs([str(path)], source="desk", max_bytes=max_bytes, **options))


def told(found: list[Payload | Refusal]) -> list[tuple[str | None, str]]:
    return [(each.item, each.reason if isinstance(each, Refusal) else each.format) for each in found]


def test_ninjs_comes_in_lines_arrays_and_documents(tmp_path: Path) -> None:
    """A line, an element and a document are one object each."""
    one = b'{"uri": "urn:x", "headline": "A"}'
    assert told(payloads(tmp_path / "x", one + b"\n\n" + one)) == [("line 1", "ninjs"), ("line 3", "ninjs")]
    assert told(payloads(tmp_path / "x", b"[" + one + b"," + one + b"]")) == [("item 1", "ninjs"), ("item 2", "ninjs")]
    assert told(payloads(tmp_path / "x", b'{"uri": "urn:x",\n "headline": "A"}')) == [(None, "ninjs")]


def test_a_row_is_a_payload(tmp_path: Path) -> None:
    """A table of any length is read row by row: each payload is the header row and a row, breaks in it included."""
    found = payloads(tmp_path / "x", b'id,text\r\n1,"Talks,\r\nand ""tea"""\r\n\r\n2,5" of rain\r\n')
    assert told(found) == [("row 1", "table"), ("row 3", "table")]
    raws = [raw for each in found if isinstance(each, Payload) for raw in parse(each)]
    assert [raw.text_raw for raw in raws if isinstance(raw, RawDispatch)] == ['Talks,\nand "tea"', '5" of rain']


def test_a_row_without_end_costs_what_it_takes(tmp_path: Path) -> None:
    """A quotation mark without its other takes lines up to the limit; then reading goes on."""
    data = b'id,text\n1,Talks.\n2,"no end\n' + b"3,Tea is served.\n" * 100
    found = told(payloads(tmp_path / "x", data, 500))
    assert found[:2] == [("row 1", "table"), ("row 2", "too_large")]
    assert ("row 3", "table") in found


def test_long_rows_and_lines(tmp_path: Path) -> None:
    """One above the limit is refused, and the next is read."""
    data = b"id,text\n1," + b"x" * 5000 + b"\n2,Talks.\n"
    assert told(payloads(tmp_path / "x", data)) == [("row 1", "too_large"), ("row 2", "table")]
    assert told(payloads(tmp_path / "x", b"id,text," + b"x" * 5000)) == [("header", "too_large")]


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    """Nothing is passed over without a word."""
    for data in (b"id,text\n", b"\n\n", b""):
        (payload,) = payloads(tmp_path / "x", data, format="table")
        assert isinstance(payload, Payload)
        (refusal,) = parse(payload)
        assert isinstance(refusal, Refusal)


def test_a_named_format_is_not_asked_for(tmp_path: Path) -> None:
    """A source that names its format is believed."""
    assert told(payloads(tmp_path / "x", b"<p>Text.</p>", format="text")) == [(None, "text")]
    assert told(payloads(tmp_path / "x", b"nr,meldung\n1,x\n", format="table")) == [("row 1", "table")]


def test_a_table_in_utf_16_is_one_payload(tmp_path: Path) -> None:
    """Its lines do not end in one byte."""
    found = payloads(tmp_path / "x", "id,text\n1,Talks.\n2,Tea.\n".encode("utf-16"))
    assert told(found) == [(None, "table")]
    assert isinstance(found[0], Payload)
    assert [raw.item for raw in parse(found[0])] == ["row 1", "row 2"]


def test_what_no_reader_takes_is_named(tmp_path: Path) -> None:
    """The refusal says what it is, and keeps the bytes."""
    (refusal,) = payloads(tmp_path / "x", b"%PDF-1.7 ...")
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.data) == ("unsupported_format", b"%PDF-1.7 ...")
    assert "a PDF document" in refusal.errors[0].message
