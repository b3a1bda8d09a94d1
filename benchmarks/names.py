"""Names: throughput against `re` alternation and spaCy's PhraseMatcher, precision and recall on the tables, start-up.

    python benchmarks/names.py [TEXT]

TEXT is a file of English news text (the samples, many times over, unless given). spaCy is measured if it is installed.
"""

import re
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from flows.gazetteer import Gazetteer, load_gazetteer
from flows.gazetteer.compiled import REWRITTEN
from flows.gazetteer.forms import entry_forms
from flows.normalize.names import normalize_names

ROOT = Path(__file__).parents[1]
GAZETTEER = ROOT / "config/gazetteer"
CHUNK = 4_000  # characters: the length of a dispatch


def corpus() -> list[str]:
    """Return dispatches of about 4 kB, some 5 MB in all."""
    if len(sys.argv) > 1:
        text = Path(sys.argv[1]).read_text(encoding="utf-8", errors="replace")[:5_000_000]
    else:
        samples = [path.read_bytes().decode("utf-8", "replace") for path in sorted((ROOT / "tests/samples").iterdir())]
        text = "\n".join(samples)
        text *= 5_000_000 // len(text)
    return [text[at : at + CHUNK] for at in range(0, len(text), CHUNK)]


def timed(name: str, size: int, work: Any) -> float:
    """Run a piece of work, print its rate, and return its seconds."""
    started = time.perf_counter()
    found = work()
    seconds = time.perf_counter() - started
    print(f"{name:44} {size / seconds / 1e6:8.2f} MB/s   {found:>9,} found")
    return seconds


def rates(gazetteer: Gazetteer) -> None:
    """Compare finders of the same spellings on the same text."""
    texts = corpus()
    size = sum(len(text.encode()) for text in texts)
    print(f"{size / 1e6:.1f} MB in {len(texts):,} texts; {gazetteer.rewritable.size:,} spellings, one core\n")
    timed("the whole stage (normalize_names)", size, lambda: sum(len(normalize_names(t, gazetteer)[1]) for t in texts))
    timed("finding alone (Aho-Corasick, boundaries)", size,
          lambda: sum(len(gazetteer.rewritable.hits(t)) for t in texts))  # fmt: skip
    words = sorted(
        {f.text for e in gazetteer.entries.values() for f in entry_forms(e, gazetteer.style)
         if f.kind == "keep" or (f.kind in REWRITTEN and f.target)}, key=len, reverse=True,
    )  # fmt: skip
    few = texts[: max(1, len(texts) // 250)]
    few_size = sum(len(text.encode()) for text in few)
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b")
    timed("re alternation", few_size, lambda: sum(len(pattern.findall(text)) for text in few))
    try:
        import spacy
        from spacy.matcher import PhraseMatcher
    except ImportError:
        print("spaCy's PhraseMatcher: not measured, spaCy is not installed")
        return
    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab)
    matcher.add("names", [nlp.make_doc(word) for word in words])
    some = texts[: max(1, len(texts) // 10)]
    timed("spaCy PhraseMatcher, with tokenizing", sum(len(text.encode()) for text in some),
          lambda: sum(len(matcher(nlp.make_doc(text))) for text in some))  # fmt: skip


def accuracy(styles: dict[str, Gazetteer]) -> None:
    """Count right, wrong and missed changes over the tables of cases."""
    right = wrong = missed = cases = 0
    for table in sorted((ROOT / "tests/cases/names").glob("*.yml")):
        for case in yaml.load(table.read_bytes(), Loader=yaml.CSafeLoader):
            cases += 1
            text = case.get("stays") or case["text"]
            expected = case.get("stays") or case["expected"]
            got, _ = normalize_names(text, styles[case.get("style", "ap")])
            changed, wanted = got != text, expected != text
            right += changed and got == expected
            wrong += changed and got != expected
            missed += wanted and got != expected
    print(f"\n{cases} cases: {right} changed rightly, {wrong} wrongly, {missed} not as expected")
    print(f"precision {right / (right + wrong):.3f}, recall {right / (right + missed):.3f}")


def start_up() -> None:
    """Time loading the compiled gazetteer."""
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        load_gazetteer(GAZETTEER)
        seconds.append(time.perf_counter() - started)
    print(f"\nstart-up from the cache: median {sorted(seconds)[2]:.3f} s")


if __name__ == "__main__":
    compiled = {style: load_gazetteer(GAZETTEER, style) for style in ("ap", "un")}  # type: ignore[arg-type]
    rates(compiled["ap"])
    accuracy(compiled)
    start_up()
