"""Measure the shipped model, or one in a folder, as the pipeline runs it: from raw text, in eight bits.

python -m training.evaluate --corpora DIR [--weights DIR] [--json FILE]
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from flows.enrich.model import Model, load_model
from flows.enrich.reading import Reading
from flows.enrich.structure import plain_paragraphs
from training.corpora import Range, Text, read_conllu, read_tagged

Score = dict[str, float]


def prf(right: int, found: int, gold: int) -> float:
    """Return F1 in per cent."""
    return 200 * right / (found + gold) if found + gold else 0.0


def printed(text: Text) -> tuple[str, list[Range]]:
    """Return a text in characters, a paragraph a line, and where its words stand."""
    out, spans, at = [], [], 0
    for number, word in enumerate(text.words):
        if text.breaks[number] and number:
            out.append("\n")
            at += 1
        spans.append((at, at + len(word)))
        out.append(word)
        at += len(word)
        if text.spaces[number] and number + 1 < len(text.words) and not text.breaks[number + 1]:
            out.append(" ")
            at += 1
    return "".join(out), spans


def read(model: Model, text: str) -> Reading:
    """Return the reading of a plain text."""
    return model.read(text, plain_paragraphs(text))


def score_names(model: Model, texts: Iterable[Text]) -> dict[str, Score]:
    """Return F1 per type and for all, over the types that were looked for."""
    right, found, gold = Counter[str](), Counter[str](), Counter[str]()
    for text in texts:
        body, spans = printed(text)
        reading = read(model, body)
        wanted = {(spans[s][0], spans[e - 1][1], t) for s, e, t in text.names or ()}
        seen = {
            (reading.words[n.words[0]].start, reading.words[n.words[1] - 1].end, n.type)
            for n in reading.names
            if n.type in text.name_types
        }
        for counter, items in ((gold, wanted), (found, seen), (right, wanted & seen)):
            counter.update(t for *_, t in items)
            counter["all"] += len(items)
            counter["span"] += len({i[:2] for i in items})
        right["span"] += len({i[:2] for i in wanted} & {i[:2] for i in seen}) - len({i[:2] for i in wanted & seen})
    return {t: {"F1": prf(right[t], found[t], gold[t]), "gold": gold[t]} for t in gold}


def score_parse(model: Model, texts: Iterable[Text]) -> Score:
    """Return LAS, UAS, tags, words and sentences (F1 from raw text, subtypes of relations left out in LAS)."""
    count = Counter[str]()
    for text in texts:
        assert text.heads and text.relations and text.tags and text.sentences
        body, spans = printed(text)
        reading = read(model, body)
        own = [(w.start, w.end) for w in reading.words]
        at = {span: n for n, span in enumerate(spans)}
        count["gold"] += len(spans)
        count["found"] += len(own)
        starts = [n for n, x in enumerate(text.sentences) if x]
        gold_sentences = {
            (spans[s][0], spans[e - 1][1]) for s, e in zip(starts, [*starts[1:], len(spans)], strict=True)
        }
        own_sentences = {(own[s][0], own[e - 1][1]) for s, e in reading.sentences}
        count["gold s"] += len(gold_sentences)
        count["found s"] += len(own_sentences)
        count["right s"] += len(gold_sentences & own_sentences)
        for n, span in enumerate(own):
            if span not in at:
                continue
            g = at[span]
            count["words"] += 1
            count["tags"] += reading.tags[n] == text.tags[g]
            if own[reading.heads[n]] == spans[text.heads[g]]:
                count["uas"] += 1
                count["las"] += reading.relations[n].split(":")[0] == text.relations[g].split(":")[0]
                count["las:sub"] += reading.relations[n] == text.relations[g]
    both = count["found"], count["gold"]
    return {
        "LAS": prf(count["las"], *both), "LAS with subtypes": prf(count["las:sub"], *both), "UAS": prf(count["uas"], *both),
        "UPOS": prf(count["tags"], *both), "words": prf(count["words"], *both),
        "sentences": prf(count["right s"], count["found s"], count["gold s"]),
    }  # fmt: skip


def dispatch_texts(file: Path) -> Iterable[tuple[str, set[tuple[int, int, str]]]]:
    """Yield text and named spans of a JSON lines file of marked-up dispatches."""
    for line in file.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        yield data["text"], {(e["start"], e["end"], e["type"]) for e in data["entities"]}


def score_dispatches(model: Model, file: Path) -> dict[str, Score]:
    """Return F1 of names per type in marked-up dispatches."""
    right, found, gold = Counter[str](), Counter[str](), Counter[str]()
    for body, wanted in dispatch_texts(file):
        reading = read(model, body)
        seen = {(reading.words[n.words[0]].start, reading.words[n.words[1] - 1].end, n.type) for n in reading.names}
        for counter, items in ((gold, wanted), (found, seen), (right, wanted & seen)):
            counter.update(t for *_, t in items)
            counter["all"] += len(items)
    return {t: {"F1": prf(right[t], found[t], gold[t]), "gold": gold[t]} for t in gold}


def measure(model: Model, corpora: Path) -> dict[str, object]:
    """Return every score."""
    news = [t for p in sorted((corpora / "gum-news").glob("*.conllu")) for t in read_conllu(p, "gum-news")]
    scores: dict[str, object] = {"version": model.version}
    for name in ("test-gmb", "test-wikigold", "test-uner-ewt"):
        scores[name] = score_names(model, read_tagged(corpora / f"ner/{name}.jsonl", name))
    scores["dispatches/dev"] = score_dispatches(model, corpora / "dispatches/dev.jsonl")
    scores["gum-news"] = score_parse(model, news)
    scores["ewt-test"] = score_parse(model, read_conllu(corpora / "ud/ewt-test.conllu", "ewt"))
    return scores


def main() -> None:
    """Read the arguments, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=None)
    parser.add_argument("--json", type=Path, default=None)
    arguments = parser.parse_args()
    scores = measure(load_model(arguments.weights), arguments.corpora)
    for name, score in scores.items():
        print(name, _line(score))
    if arguments.json:
        arguments.json.write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


def _line(score: object) -> str:
    if not isinstance(score, dict):
        return str(score)
    return ", ".join(f"{k} {v['F1'] if isinstance(v, dict) else v:.1f}" for k, v in score.items())


if __name__ == "__main__":
    main()
