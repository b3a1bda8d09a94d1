"""Scores of entities: names, who is joined with whom, references, and coreference.

    python -m training.score_entities CORPORA EVAL [--weights FOLDER]

reads `CORPORA/dispatches/dev.jsonl` and `EVAL/gum_news_entities.jsonl`, and prints:

* names: precision, recall and F1 of span and type (mentions of kind name or alias), per type, and a reliability table;
* joined: B3 of people and of organizations, by the ids of the markup;
* references: of the pronouns and descriptions that stand for an entity, how many were answered, and how many rightly;
* coreference: MUC, B3 and CEAF-e of the mentions of people, places and organizations that are names or third-person
  pronouns, and how many links of a pronoun to a person are right.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flows.enrich.antecedents import PRONOUNS
from flows.enrich.entities import Names, find_names
from flows.enrich.lexicon import Lexicon
from flows.enrich.structure import Paragraph, paragraphs, plain_paragraphs
from flows.gazetteer import Gazetteer
from flows.normalize.header import parse_header
from schemas.dispatch import Span
from training.score_coreference import b_cubed, ceaf_e, clusters_of, f1, muc, total

NAMED = ("person", "organization", "place")
Parts = tuple[float, float, float, float]


@dataclass
class Reader:
    """What turns a text into entities."""

    analyzer: Any  # what has a method `read`
    gazetteer: Gazetteer
    lexicon: Lexicon

    def names(self, dispatch: Any, parts: list[Paragraph]) -> Names:
        """Return the entities of a dispatch."""
        return find_names(dispatch, parts, self.analyzer.read(dispatch.text, parts), self.gazetteer, self.lexicon)

    def dispatch(self, text: str) -> Any:
        """Return a text with its head read, its spelling left alone."""
        head = parse_header(text, self.gazetteer)
        span = head.dateline and SimpleNamespace(span=(head.dateline.start, head.dateline.end))
        return SimpleNamespace(
            text=text,
            headline=head.headline,
            byline=head.byline,
            slugline=head.slugline,
            ed_note=head.ed_note,
            dateline=span,
        )


@dataclass
class Tally:
    """What was counted over a set of dispatches."""

    right: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    reliability: dict[int, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0, 0.0, 0.0]))
    joined: dict[str, list[Parts]] = field(default_factory=lambda: defaultdict(list))
    references: Counter[tuple[str, str]] = field(default_factory=Counter)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


# --- marked-up dispatches --------------------------------------------------------------------------------------------


def score_dispatches(reader: Reader, path: Path) -> Tally:
    """Return what was counted in a file of marked-up dispatches."""
    tally = Tally()
    for marked in _lines(path):
        dispatch = reader.dispatch(marked["text"])
        parts = paragraphs(dispatch)
        names = reader.names(dispatch, parts)
        spans = [(part.start, part.end) for part in parts]
        gold = [e for e in marked["entities"] if any(s <= e["start"] and e["end"] <= end for s, end in spans)]
        _count(marked, gold, names, tally)
    return tally


def _count(marked: dict[str, Any], gold: list[dict[str, Any]], names: Names, tally: Tally) -> None:
    found = {
        (*span, entity.type): (entity.id, confidence)
        for entity in names.entities.values()
        for span, kind, confidence in entity.mentions
        if kind in ("name", "alias")
    }
    wanted = {(e["start"], e["end"], e["type"]): e["id"] for e in gold}
    tally.gold.update(type for *_, type in wanted)
    for mention, (_, confidence) in found.items():
        tally.found[mention[2]] += 1
        tally.right[mention[2]] += mention in wanted
        row = tally.reliability[min(9, int(confidence * 10))]
        row[:] = [row[0] + 1, row[1] + (mention in wanted), row[2] + confidence]
    for type in ("person", "organization"):
        ids = {mention: id for mention, id in wanted.items() if id and mention[2] == type}
        own = {mention: key for mention, (key, _) in found.items() if mention in ids}
        tally.joined[type].append(b_cubed(clusters_of(ids), clusters_of(own)))
    owners: dict[str, set[str]] = defaultdict(set)  # entity -> ids of the markup that its names have
    for mention, (key, _) in found.items():
        owners[key].add(wanted.get(mention) or "")
    for reference in marked["references"]:
        span = (reference["start"], reference["end"])
        kind = "pronoun" if reference["text"].lower() in PRONOUNS else "description"
        tally.references[kind, "all"] += 1
        if answer := names.references.get(span):
            tally.references[kind, "answered"] += 1
            tally.references[kind, "right"] += reference["id"] in owners[answer[0]]


def show_dispatches(tally: Tally) -> Iterator[str]:
    """Yield the lines of a report."""
    for type in sorted(tally.gold):
        yield _row(
            type, f1(tally.right[type], tally.gold[type], tally.right[type], tally.found[type]), tally.gold[type]
        )
    right = tally.right.total()
    yield _row("all", f1(right, tally.gold.total(), right, tally.found.total()), tally.gold.total())
    for type, parts in tally.joined.items():
        yield _row(f"joined {type} B3", f1(*total(parts)))
    for kind in ("pronoun", "description"):
        asked, answered, right = (tally.references[kind, part] for part in ("all", "answered", "right"))
        yield f"{kind}: {asked} asked, {answered} answered, {100 * right / max(1, answered):.1f} % of them rightly"
    for tenth, (count, kept, confidence) in sorted(tally.reliability.items()):
        yield f"confidence {tenth / 10:.1f}: {count:5.0f} names, {confidence / count:.3f} said, {kept / count:.3f} so"


def _row(name: str, scores: tuple[float, float, float], count: int | None = None) -> str:
    precision, recall, f = scores
    return f"{name:<24} P {precision:5.1f}  R {recall:5.1f}  F1 {f:5.1f}" + (f"  n={count}" if count else "")


# --- GUM news --------------------------------------------------------------------------------------------------------


def score_gum(reader: Reader, path: Path) -> Iterator[str]:
    """Yield the lines of a report on a file of documents with coreference."""
    parts: dict[str, list[Parts]] = defaultdict(list)
    links: Counter[str] = Counter()
    for document in _lines(path):
        dispatch: Any = SimpleNamespace(text=document["text"])
        names = reader.names(dispatch, plain_paragraphs(document["text"]))
        gold = gold_mentions(document)
        found = {_aligned(span, gold): key for span, key in mentions_of(names)}
        wanted = {span: mention["chain"] for span, mention in gold.items()}
        for name, measure in (("MUC", muc), ("B3", b_cubed), ("CEAF-e", ceaf_e)):
            parts[name].append(measure(clusters_of(wanted), clusters_of(found)))
        _count_links(names, gold, document, links)
    for name, documents in parts.items():
        yield _row(name, f1(*total(documents)))
    asked, answered, right = links["asked"], links["answered"], links["right"]
    yield f"pronoun to person: {asked} asked, {answered} answered, {100 * right / max(1, answered):.1f} % rightly"


def gold_mentions(document: dict[str, Any]) -> dict[Span, dict[str, Any]]:
    """Return the mentions that are names of people, places and organizations, or third-person pronouns for them."""
    types: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in document["entities"]:
        types[mention["chain"]][mention["type"]] += 1
    chosen: dict[Span, dict[str, Any]] = {}
    for mention in document["entities"]:
        if types[mention["chain"]].most_common(1)[0][0] in NAMED:
            pronoun = mention["text"].lower() in PRONOUNS
            if pronoun or mention["named"]:
                chosen[mention["start"], mention["end"]] = {**mention, "pronoun": pronoun}
    return chosen


def mentions_of(names: Names) -> list[tuple[Span, str]]:
    """Return the names and pronouns found of people, places and organizations."""
    return [
        (span, entity.id)
        for entity in names.entities.values()
        if entity.type in NAMED
        for span, kind, _ in entity.mentions
        if kind != "nominal"
    ]


def _aligned(span: Span, gold: Iterable[Span]) -> Span:
    """Return the smallest gold mention around a name (there, titles and appositions are part of it), else the name."""
    around = [other for other in gold if other[0] <= span[0] and span[1] <= other[1]]
    return min(around, key=lambda other: other[1] - other[0], default=span)


def _count_links(names: Names, gold: dict[Span, dict[str, Any]], document: dict[str, Any], links: Counter[str]) -> None:
    """Count the pronouns for a person who is named: answered, and answered with that person.

    Whose a name is, the smallest mention around it tells, of all that are marked: `Pan-democrat Gary Fan of the Neo
    Democrats` counts for no name there, and names Gary Fan.
    """
    marked = {(mention["start"], mention["end"]): mention for mention in document["entities"]}
    chains: dict[str, set[str]] = defaultdict(set)
    named: set[str] = set()
    for span, key in names.spans:
        mention = marked.get(_aligned(span, marked))
        if mention and mention["text"].lower() not in PRONOUNS:
            chains[key].add(mention["chain"])
            named.add(mention["chain"])
    for span, mention in gold.items():
        if mention["pronoun"] and mention["type"] == "person":
            answer = names.references.get(span)
            links["asked"] += mention["chain"] in named
            links["answered"] += answer is not None
            links["right"] += answer is not None and mention["chain"] in chains[answer[0]]


def main() -> None:
    """Print the scores."""
    from flows.enrich.model import load_model
    from flows.process import load_engine
    from flows.settings import load_settings

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("eval", type=Path)
    parser.add_argument("--weights", type=Path)
    arguments = parser.parse_args()
    loaded = load_engine(load_settings())
    reader = Reader(load_model(arguments.weights), loaded.gazetteer, loaded.lexicon)
    report = [*show_dispatches(score_dispatches(reader, arguments.corpora / "dispatches/dev.jsonl"))]
    report += score_gum(reader, arguments.eval / "gum_news_entities.jsonl")
    print("\n".join(report))


if __name__ == "__main__":
    main()
