"""Which reader takes an input."""

from pathlib import Path

import pytest

from flows.read.detect import HEAD, READERS, detect

CASES = Path(__file__).parents[1] / "cases"
FORMATS = ("iptc7901", "anpa", "nitf", "newsml1", "newsmlg2", "ninjs", "feed", "html", "mail", "table")
FOUND = [
    (path, format) for format in FORMATS for path in sorted((CASES / format).iterdir()) if ".expected." not in path.name
]
# Cases that have nothing in them by which their format could be told.
STRANGE = {"no-text-column.csv": "text", "broken-mime.eml": "mail"}


@pytest.mark.parametrize(("path", "format"), FOUND, ids=[f"{format}/{path.name}" for path, format in FOUND])
def test_the_content_tells_the_reader(path: Path, format: str) -> None:
    """Every case of every format is told by its content, whatever it is called."""
    data = path.read_bytes()
    for name in ("input", "input.txt", "input.xml", "input.jpg"):
        assert detect(data[:HEAD], name) == STRANGE.get(path.name, format)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"", "text"),
        (b"Talks On\nKIEV (AP) -- Talks went on.\n", "text"),
        (b"<Talks On> went on", "text"),
        (b"<b>Text</b> with a mark", "XML of another kind"),
        (b'<?xml version="1.0"?><config/>', "XML of another kind"),
        (b"\xff\xfe" + '<?xml version="1.0"?><rss version="2.0"><channel/></rss>'.encode("utf-16-le"), "feed"),
        (b"\xfe\xff" + '{"uri": "urn:x"}'.encode("utf-16-be"), "ninjs"),
        (b'{"id": 1, "text": "x"}', "jsonl"),
        (b'[{"id": 1, "text": "x"}]', "jsonl"),
        (b'{"what": "ever"}', "jsonl"),
        (b"[1] is a footnote", "text"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"%PDF-1.4", "a PDF document"),
        (b"RIFF\0\0\0\0WAVE", "audio or video"),
        (b"\0\0\0\x20ftypisom", "video or an image"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive, which is not opened"),
        (b"ID3 is a format, GIF89a another.", "text"),
        (b"MSCF fell on Monday.", "text"),
    ],
)
def test_detect(head: bytes, expected: str) -> None:
    """The first bytes tell it; what no reader takes is named."""
    assert detect(head, "input") == expected


def test_a_name_only_tells_json_from_text() -> None:
    """Broken JSON is text, unless its name says that JSON was meant."""
    head = b'broken\n{"id": 1, "text": "x"}\n'
    assert (detect(head, "x.txt"), detect(head, "x.jsonl")) == ("text", "jsonl")
    assert detect(b"Talks went on.", "x.jsonl") == "text"
    assert detect(b"Talks went on.", "x.xml") == "text"


def test_every_reader_can_be_told() -> None:
    """No reader is missing from detection."""
    assert {*FORMATS, "text", "jsonl"} == READERS
