"""Calibrate the confidence of names on held-out dispatches: what the model says -> how often it is right.

    python -m training.calibrate --weights DIR

Isotonic regression (pool adjacent violators, Ayer et al. 1955) per type, written into `model.json`. One half of the
held-out dispatches is fitted, the other gives the reliability table.
"""

import argparse
import json
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from flows.enrich.model import Model
from training.corpora import read_dispatch, split_dispatches
from training.evaluate import printed, read

Pair = tuple[float, bool]
_FEW = 150  # a type with fewer names takes the curve of all types together
_BIN = 25
TABLE = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)


def collect(model: Model, files: list[Path]) -> dict[str, list[Pair]]:
    """Return, per type, (confidence, right or wrong) of every name found in marked-up dispatches."""
    found: dict[str, list[Pair]] = defaultdict(list)
    for file in files:
        text = read_dispatch(file)
        body, spans = printed(text)
        gold = {(spans[s][0], spans[e - 1][1], t) for s, e, t in text.names or ()}
        reading = read(model, body)
        for name in reading.names:
            span = reading.words[name.words[0]].start, reading.words[name.words[1] - 1].end, name.type
            found[name.type].append((name.confidence, span in gold))
    return found


def isotonic(pairs: list[Pair]) -> list[list[float]]:
    """Return the points of a rising curve from confidence to the share that is right; at least 25 pairs a step."""
    blocks: list[list[float]] = []  # sum of confidences, number right, count
    for confidence, right in sorted(pairs):
        if blocks and blocks[-1][2] < _BIN:
            blocks[-1][0] += confidence
            blocks[-1][1] += right
            blocks[-1][2] += 1
        else:
            blocks.append([confidence, float(right), 1.0])
        while (
            len(blocks) > 1 and blocks[-1][2] >= _BIN and blocks[-2][1] * blocks[-1][2] >= blocks[-1][1] * blocks[-2][2]
        ):
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    if len(blocks) > 1 and blocks[-1][2] < _BIN:
        last = blocks.pop()
        blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    # one wrong answer more is counted in every step, so that none is certain
    points = [[round(total / count, 4), round(right / (count + 1), 4)] for total, right, count in blocks]
    return [[0.0, 0.0], *points]


def reliability(found: dict[str, list[Pair]]) -> list[dict[str, float]]:
    """Return, per band of confidence: names, mean confidence, share right."""
    pairs = [pair for members in found.values() for pair in members]
    rows = []
    for low, high in pairwise(TABLE):
        inside = [(c, r) for c, r in pairs if low <= c < high]
        if inside:
            rows.append({"from": low, "to": min(high, 1.0), "names": len(inside),
                         "confidence": sum(c for c, _ in inside) / len(inside),
                         "right": sum(r for _, r in inside) / len(inside)})  # fmt: skip
    return rows


def main() -> None:
    """Calibrate the weights in a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    weights = parser.parse_args().weights
    about = json.loads((weights / "model.json").read_text(encoding="utf-8"))
    about["calibration"], about["reliability"] = {}, []
    (weights / "model.json").write_text(json.dumps(about), encoding="utf-8")
    held = split_dispatches()[1]
    found = collect(Model(weights), held[::2])
    everything = isotonic([pair for members in found.values() for pair in members])
    about["calibration"] = {
        type: isotonic(found[type]) if len(found[type]) >= _FEW else everything for type in about["types"]
    }
    (weights / "model.json").write_text(json.dumps(about), encoding="utf-8")
    about["reliability"] = reliability(collect(Model(weights), held[1::2]))
    (weights / "model.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
