"""Convert corpora of tagged names to the JSON lines that `corpora.py` reads.

    python -m training.convert docred FILE... > CORPORA/ner/train-docred.jsonl
    python -m training.convert uner FILE... > CORPORA/ner/train-uner-pud.jsonl
    python -m training.convert crossner FILE... > CORPORA/ner/train-crossner-more.jsonl

Where the files are had stands in CORPORA.md. What a corpus says of a type that the project has not, or of which it does
not say enough, becomes `UNSURE`: nothing is learned from those words.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from flows.gazetteer import load_gazetteer

Name = tuple[int, int, str]  # words, half-open, and the label
_DOCRED = {"PER": "PERSON", "ORG": "ORG", "LOC": "LOC", "MISC": "UNSURE", "TIME": "", "NUM": ""}
UNER = {"PER": "PERSON", "ORG": "ORG", "LOC": "LOC", "OTH": "UNSURE"}
CROSSNER = {
    **dict.fromkeys(("person", "scientist", "writer", "musicalartist", "researcher"), "PERSON"),
    **dict.fromkeys(("organisation", "university", "band", "politicalparty"), "ORG"),
    **dict.fromkeys(("location", "country"), "LOC"),
    **dict.fromkeys(("book", "poem", "song", "album"), "WORK"),
    "event": "EVENT",
}
_FOLLOWERS = re.compile(r"^\w+(?:ist|ian|ish|ese|ic)s?$")


def peoples() -> frozenset[str]:
    """Return the names of peoples and the adjectives of places and peoples in the gazetteer."""
    found: set[str] = set()
    for entry in load_gazetteer(Path("config/gazetteer"), "ap").entries.values():
        forms = [*entry.adjectives, *entry.people]
        if entry.type == "group":
            forms += [entry.name, *entry.aliases]
        found.update(str(form) for form in forms)
    return frozenset(found)


def read_docred(path: Path, groups: frozenset[str]) -> Iterator[dict[str, object]]:
    """Yield the documents of DocRED's JSON: `sents` of tokens, `vertexSet` of mentions.

    It takes peoples for places ("a German racer"), and articles into names ("the United States").
    """
    for document in json.loads(path.read_text(encoding="utf-8")):
        words = [word.strip() or "." for sentence in document["sents"] for word in sentence]
        begins = [0]
        for sentence in document["sents"]:
            begins.append(begins[-1] + len(sentence))
        names: list[Name] = []
        for mention in (mention for entity in document["vertexSet"] for mention in entity):
            start, end = (begins[mention["sent_id"]] + at for at in mention["pos"])
            start += words[start].lower() in ("the", "a", "an") and end - start > 1
            label = _DOCRED[mention["type"]]
            form = " ".join(words[start:end])
            if label and label != "PERSON" and form in groups:
                label = "NORP"
            elif label and (words[start].islower() or (label == "ORG" and _FOLLOWERS.search(form))):
                label = "UNSURE"  # "chairman", "president of the United States"; "Communists", "Christian"
            names.append((start, end, label))
        yield _example(words, names, document["title"])


def read_columns(
    path: Path, labels: dict[str, str], groups: frozenset[str], word: int, label: int
) -> Iterator[dict[str, object]]:
    """Yield the sentences of a file with a word a line, its label (B-, I- or O) in a column behind it."""
    for number, block in enumerate(re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip())):
        rows = [line.split("\t") for line in block.split("\n") if line and not line.startswith("# ")]
        words, kinds = [row[word] for row in rows], [row[label] for row in rows]
        names: list[Name] = []
        for at, kind in enumerate(kinds):
            if kind.startswith("B-"):
                end = at + 1
                while end < len(kinds) and kinds[end].startswith("I-"):
                    end += 1
                of = labels.get(kind[2:], "UNSURE")
                if of == "UNSURE" and " ".join(words[at:end]) in groups:
                    of = "NORP"
                inner = words.index(",", at, end) if of == "LOC" and "," in words[at:end] else at
                if inner > at:  # "Denver, Colorado": two places
                    names.append((at, inner, of))
                names.append((inner + (inner > at), end, of))
        covered = {at for start, end, _ in names for at in range(start, end)}
        names += [(at, at + 1, "NORP") for at, form in enumerate(words) if form in groups and at not in covered]
        yield _example(words, names, f"{path.stem}-{number}")


def _example(words: list[str], names: Sequence[Name], source: str) -> dict[str, object]:
    kept: list[Name] = []
    for name in sorted(names, key=lambda n: (n[0], -n[1])):
        if name[2] and not (kept and name[0] < kept[-1][1]):
            kept.append(name)
    return {"words": words, "spaces": spaces(words), "ents": kept, "src": source}


def spaces(words: Sequence[str]) -> list[bool]:
    """Guess after which words white space stood."""
    found, opened = [True] * len(words), False
    for at, word in enumerate(words):
        if word == '"':
            opened = not opened
            found[at if opened else at - 1] = False
        elif word in ("(", "[", "“", "$", "£"):
            found[at] = False
        elif at and (re.fullmatch(r"[.,;:!?%)\]”]|n['’]t|['’](?:s|re|ve|ll|d|m)?", word)):
            found[at - 1] = False
        elif word == "-" and 0 < at < len(words) - 1 and words[at - 1][-1].isalnum() and words[at + 1][0].isalnum():
            found[at - 1] = found[at] = False
    return found


def main() -> None:
    """Convert the files of one kind of corpus to standard output."""
    kind, groups = sys.argv[1], peoples()
    for path in map(Path, sys.argv[2:]):
        examples = (
            read_docred(path, groups)
            if kind == "docred"
            else read_columns(path, UNER, groups, 1, 2)
            if kind == "uner"
            else read_columns(path, CROSSNER, groups, 0, 1)
        )
        for example in examples:
            print(json.dumps(example, ensure_ascii=False))


if __name__ == "__main__":
    main()
