"""Scores of the whole pipeline on marked-up dispatches: names, reported speech and who spoke.

    python -m training.score_pipeline [--every N]

The held-out dispatches are read as raw text by the stages of the pipeline, gazetteer and rules included; what comes out
is compared in characters of the raw text. Names in the dateline are the dateline's, and left out.
"""

import argparse
import datetime as dt
import hashlib
import json
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from flows.process import Engine, load_engine, process, read
from flows.settings import load_settings
from schemas.dispatch import Dispatch, Span
from schemas.raw import Payload, RawDispatch
from training.corpora import MARKED, split_dispatches, walk
from training.score_quotes import Said, count, f1, match

Name = tuple[int, int, str]


@dataclass
class Gold:
    """What is marked in a dispatch, in characters."""

    text: str
    names: set[Name] = field(default_factory=set)
    of_entity: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    quotes: list[Said] = field(default_factory=list)


def read_gold(file: Path) -> Gold:
    """Return what is marked in a file."""
    pieces: list[str] = []
    found: list[tuple[str, int, int, dict[str, str]]] = []
    walk(ET.fromstring(file.read_text(encoding="utf-8")), pieces, found)  # noqa: S314 - files of our own
    body = "".join(pieces)
    shift = len(body) - len(body.lstrip("\n"))
    gold = Gold(body.strip("\n"))
    parts: dict[str, list[Span]] = defaultdict(list)
    about: dict[str, dict[str, str]] = {}
    for tag, start, end, attributes in sorted(found, key=lambda f: (f[1], -f[2])):
        span = start - shift, end - shift
        if tag in MARKED:
            gold.names.add((*span, MARKED[tag]))
        if (tag in MARKED or tag == "ref") and attributes.get("id"):
            gold.of_entity[attributes["id"]].append(span)
        if tag == "q":
            parts[attributes["id"]].append(span)
            about.setdefault(attributes["id"], attributes)
    for key, spans in parts.items():
        by = about[key].get("by")
        gold.quotes.append(Said(about[key].get("kind", ""), tuple(spans), by if by in gold.of_entity else None))
    return gold


def annotate(text: str, engine: Engine) -> Dispatch:
    """Return the finished dispatch of a raw text."""
    data = text.encode()
    payload = Payload(
        source="desk", uri="held-out", format="text", data=data, original=hashlib.sha256(data).hexdigest()
    )
    (raw,) = read(payload)
    assert isinstance(raw, RawDispatch), raw
    made = process(payload, raw, engine, now=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert isinstance(made, Dispatch), made
    return made


def measure(files: list[Path], engine: Engine) -> dict[str, float]:
    """Return F1 of names per type and of quotes per kind, and the share of speakers that are right, in per cent."""
    names: Counter[str] = Counter()
    quotes: Counter[str] = Counter()
    for file in files:
        gold = read_gold(file)
        made = annotate(gold.text, engine)
        head = made.dateline.span[1] if made.dateline else 0
        begin = made.dateline.span[0] if made.dateline else 0
        wanted = {n for n in gold.names if not begin <= n[0] < head}
        seen = {(*m.raw_span, e.type) for e in made.entities for m in e.mentions if m.kind in ("name", "alias")}
        for key, items in (("gold", wanted), ("found", seen), ("right", wanted & seen)):
            names.update(f"{type} {key}" for *_, type in items)
            names[f"all {key}"] += len(items)
        _count_quotes(quotes, gold, made)
    scores = {f"names {t}": _f1(names, t) for t in ("all", *dict.fromkeys(MARKED.values()))}
    scores |= {f"quotes {kind}": f1(quotes, kind) for kind in ("all", "direct", "mixed", "indirect")}
    answered = quotes["speakers"] - quotes["speakers none"]
    scores["speakers right"] = 100 * quotes["speakers right"] / max(1, quotes["speakers"])
    scores["speakers right of those answered"] = 100 * quotes["speakers right"] / max(1, answered)
    return {key: round(value, 1) for key, value in scores.items()}


def _f1(names: Counter[str], type: str) -> float:
    return 200 * names[f"{type} right"] / max(1, names[f"{type} gold"] + names[f"{type} found"])


def _count_quotes(total: Counter[str], gold: Gold, made: Dispatch) -> None:
    found = [
        Said(quote.kind, quote.raw_spans, quote.speaker.entity_id if quote.speaker else None) for quote in made.quotes
    ]
    spans = {e.id: [m.raw_span for m in e.mentions] for e in made.entities}
    right = dict(match(gold.text, gold.quotes, found))
    renamed = list(found)
    for i, j in right.items():  # an entity found is the one marked if they share a mention
        by, own = gold.quotes[i].speaker, found[j].speaker
        if by and own and any(s < e and a < b for a, e in spans.get(own, ()) for s, b in gold.of_entity[by]):
            renamed[j] = Said(found[j].kind, found[j].spans, by)
    count(total, gold.text, gold.quotes, renamed)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take every so manieth dispatch")
    arguments = parser.parse_args()
    files = split_dispatches()[1][:: arguments.every]
    print(json.dumps(measure(files, load_engine(load_settings())), indent=1))


if __name__ == "__main__":
    main()
