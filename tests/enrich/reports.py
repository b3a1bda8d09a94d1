"""Reports in a compact notation, for tests: what an engine would say about reported speech, written into the text.

`<1:“We will wait,”> <1@Ann Lee> <1=said>.` is one report: content, source (`@`) and cue (`=`) of the same number. A
report inside a report is written inside it. `<1?0.2=said>` is one that the engine is not sure of. Arcs are written
apart, by words: `museum<nsubj<open` (dependent, relation, head); a word without an arc hangs on itself. So are parts of
speech: `museum:NOUN`; a word without one is an X.
"""

import re
from typing import Any

from compact import Compact, compact

from flows.enrich.reading import Range, ReportRead

_OPEN = re.compile(r"<(?P<number>\d)(?:\?(?P<sure>[0-9.]+))?(?P<what>[:@=])")


def reported(marked: str, arcs: str = "", tagged: str = "") -> Compact:
    """Return text and reading of a text with reports; all content is what the engine takes for speech, too."""
    text, found = _unmarked(marked)
    plain = compact(text)
    words = plain.reading.words
    tags, heads, relations = ["X"] * len(words), list(range(len(words))), ["root"] * len(words)
    at = {word.text: number for number, word in reversed(list(enumerate(words)))}
    for arc in arcs.split():
        dependent, relation, head = arc.split("<")
        heads[at[dependent]], relations[at[dependent]] = at[head], relation
    for pair in tagged.split():
        word, _, tag = pair.rpartition(":")
        tags[at[word]] = tag
    parse = " ".join(f"{t}:{r}:{h}" for t, r, h in zip(tags, relations, heads, strict=True))
    by_number: dict[str, dict[str, Any]] = {}
    for number, what, sure, (start, end) in found:
        inside = [n for n, word in enumerate(words) if start <= word.start and word.end <= end]
        report = by_number.setdefault(number, {":": [], "sure": 0.9})
        span: Range = (inside[0], inside[-1] + 1)
        if what == ":":
            report[":"].append(span)
        else:
            report[what] = span
        report["sure"] = sure or report["sure"]
    reports = [
        ReportRead(report["="], report.get("@"), tuple(sorted(report[":"])), report["sure"])
        for report in by_number.values()
        if "=" in report
    ]
    speech = sorted(span for report in by_number.values() for span in report[":"])
    return compact(text, parse=parse, reports=reports, speech=speech)


def _unmarked(marked: str) -> tuple[str, list[tuple[str, str, float, tuple[int, int]]]]:
    pieces: list[str] = []
    opened: list[tuple[str, str, float, int]] = []
    found: list[tuple[str, str, float, tuple[int, int]]] = []
    size = at = 0
    while at < len(marked):
        match = _OPEN.match(marked, at)
        if match:
            opened.append((match["number"], match["what"], float(match["sure"] or 0), size))
            at = match.end()
        elif marked[at] == ">":
            number, what, sure, start = opened.pop()
            found.append((number, what, sure, (start, size)))
            at += 1
        else:
            pieces.append(marked[at])
            size += 1
            at += 1
    assert not opened, f"not closed: {opened}"
    return "".join(pieces), found
