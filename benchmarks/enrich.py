"""Measure the language model and the enrich stage: words a second on one core, load time, memory.

    python benchmarks/enrich.py [DISPATCHES]

Texts are the held-out dispatches of `training/`, read as the pipeline reads them.
"""

import json
import resource
import sys
import time
from collections.abc import Callable

from flows.enrich import enrich
from flows.enrich.model import load_model
from flows.enrich.quotes import find_attributions
from flows.enrich.structure import paragraphs
from flows.process import load_engine
from flows.settings import load_settings
from training.corpora import split_dispatches
from training.score_pipeline import annotate, read_gold


def best(work: Callable[[], object], times: int = 3) -> float:
    """Return the seconds of processor time, all threads together, of the fastest of several runs."""
    seconds = []
    for _ in range(times):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return min(seconds)


def main(count: int) -> None:
    begun = time.perf_counter()
    model = load_model()
    load = time.perf_counter() - begun
    engine = load_engine(load_settings())
    made = [annotate(read_gold(file).text, engine) for file in split_dispatches()[1][:count]]
    parts = [paragraphs(dispatch) for dispatch in made]
    readings = [model.read(d.text, p) for d, p in zip(made, parts, strict=True)]
    words = sum(len(reading.words) for reading in readings)
    stages: dict[str, Callable[[], object]] = {
        "model": lambda: [model.read(d.text, p) for d, p in zip(made, parts, strict=True)],
        "quotes": lambda: [
            find_attributions(d.text, p, r, engine.lexicon) for d, p, r in zip(made, parts, readings, strict=True)
        ],
        "enrich": lambda: [enrich(d, engine.gazetteer, engine.lexicon, engine.analyzer) for d in made],
    }
    figures: dict[str, float] = {"words": words, "load model, s": round(load, 3)}
    figures |= {f"{name}, words/s": round(words / best(work)) for name, work in stages.items()}
    figures["resident at its peak, MB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 84)
