"""Corpora: files of several kinds -> texts in words with whatever layers of gold they carry."""

import json
from pathlib import Path

from training.corpora import NAME_TYPES, read_conllu, read_silver


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


def test_a_paragraph_begins_where_a_block_within_one_ends(tmp_path: Path) -> None:
    word = "1\t{}\t_\tPROPN\t_\t_\t0\troot\t_\t_\n\n"
    marks = ('# newpar\n# newpar_block = p (3 s) | figure rend:::"A hall (2 s)" (1 s) | caption (1 s)\n', "", "",
             "# newpar\n# newpar_block = p (3 s)\n", "# newpar_block = hi (1 s)\n", "")  # fmt: skip
    file = tmp_path / "news.conllu"
    file.write_text("# newdoc id = one\n" + "".join(m + word.format(f"W{n}") for n, m in enumerate(marks)), "utf-8")
    (text,) = read_conllu(file, "gum")
    assert text.breaks == [True, True, False, True, True, False]
