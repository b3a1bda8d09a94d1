"""Corpora: files of several kinds -> texts in words with whatever layers of gold they carry."""

import json
from pathlib import Path

from training.corpora import NAME_TYPES, read_silver


def test_silver_texts_carry_parse_and_names_and_tell_what_is_unsure(tmp_path: Path) -> None:
    made = {
        "words": ["Ann", "Lee", "left", "Lima", "."], "spaces": [True, True, True, False, True],
        "breaks": [True, False, False, False, False], "sentences": [True, False, False, False, False],
        "tags": ["PROPN", "PROPN", "VERB", "", "PUNCT"], "heads": [2, 0, 2, -1, 2],
        "relations": ["nsubj", "flat", "root", "", "punct"], "ents": [[0, 2, "person"]], "unsure": [3],
    }  # fmt: skip
    file = tmp_path / "news.jsonl"
    file.write_text(json.dumps(made) + "\n", encoding="utf-8")
    (text,) = read_silver(file)
    assert (text.words, text.heads, text.tags) == (made["words"], made["heads"], made["tags"])
    assert text.names == [(0, 2, "person")]
    assert text.name_types == NAME_TYPES
    assert text.unsure == {3}
    assert text.reports is None  # what is said, nobody has marked
