"""Corpora of tagged names in their own forms -> the JSON lines that training reads."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from training.convert import CROSSNER, UNER, read_columns, read_docred, spaces

GROUPS = frozenset(["German", "Danes"])


def _names(example: dict[str, Any]) -> list[tuple[str, str]]:
    return [(" ".join(example["words"][start:end]), label) for start, end, label in example["ents"]]


def test_documents_with_mentions(tmp_path: Path) -> None:
    """Articles are no part of a name, peoples no places, numbers no names; followers and the rest are not told."""
    sentences = [["The", "German", "racer", "Uwe", "Holm", "left", "the", "Baltic", "in", "1992", "."],
                 ["Marxists", "of", "Norpress", "filmed", "Low", "Tide", "."]]  # fmt: skip

    def mention(number: int, start: int, end: int, type: str) -> dict[str, Any]:
        return {"sent_id": number, "pos": [start, end], "type": type}

    entities = [[mention(0, 1, 2, "LOC")], [mention(0, 3, 5, "PER")], [mention(0, 6, 8, "LOC")],
                [mention(0, 9, 10, "TIME")], [mention(1, 0, 1, "ORG")], [mention(1, 2, 3, "ORG")],
                [mention(1, 4, 6, "MISC")]]  # fmt: skip
    file = tmp_path / "a.json"
    file.write_text(json.dumps([{"title": "Holm", "sents": sentences, "vertexSet": entities}]), encoding="utf-8")
    (example,) = read_docred(file, GROUPS)
    assert _names(example) == [
        ("German", "NORP"), ("Uwe Holm", "PERSON"), ("Baltic", "LOC"), ("Marxists", "UNSURE"), ("Norpress", "ORG"),
        ("Low Tide", "UNSURE"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "labels", "columns", "expected"),
    [
        (
            "# text = Danes in Denver\n1\tDanes\tO\n2\tin\tO\n3\tDenver\tB-LOC\n4\t,\tI-LOC\n5\tColorado\tI-LOC",
            UNER, (1, 2), [("Danes", "NORP"), ("Denver", "LOC"), ("Colorado", "LOC")],
        ),
        (
            "Uwe\tB-scientist\nHolm\tI-scientist\nwon\tO\nthe\tO\nBohr\tB-award\nPrize\tI-award\n",
            CROSSNER, (0, 1), [("Uwe Holm", "PERSON"), ("Bohr Prize", "UNSURE")],
        ),
    ],
)  # fmt: skip
def test_columns(
    lines: str, labels: dict[str, str], columns: tuple[int, int], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    """Types that the project has not are not told; a town and its state are two places."""
    file = tmp_path / "a.txt"
    file.write_text(lines, encoding="utf-8")
    (example,) = read_columns(file, labels, GROUPS, *columns)
    assert _names(example) == expected


def test_white_space_is_guessed() -> None:
    """Tokens apart: marks stand with their words, and a hyphen between two."""
    words = re.split(" ", 'He said , " wait " ( twice ) in a two - year , $ 5 deal .')
    text = "".join(word + " " * space for word, space in zip(words, spaces(words), strict=True)).strip()
    assert text == 'He said, "wait" (twice) in a two-year, $5 deal.'
