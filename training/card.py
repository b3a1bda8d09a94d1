"""The model card: scores, calibration, speed and licences of the shipped weights, from the files of a measurement.

    python -m training.card --weights DIR --scores FILE

It writes `CARD.md` beside the weights and their hash into `model.json`.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).parent / "CARD.template.md"


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def names_table(scores: dict[str, Any]) -> str:
    """Return the table of names: sets down, types across."""
    types = ("all", "person", "organization", "place", "group", "event", "weapon", "work")
    rows = ["| set | " + " | ".join(types) + " |", "|---|" + "---|" * len(types)]
    for name in ("test-gmb", "test-wikigold", "test-uner-ewt", "dispatches/dev"):
        cells = [f"{scores[name][t]['F1']:.1f}" if t in scores[name] else "" for t in types]
        rows.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def parse_table(scores: dict[str, Any]) -> str:
    """Return the table of the parse."""
    columns = ("LAS", "LAS with subtypes", "UAS", "UPOS", "words", "sentences")
    rows = ["| set | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
    rows += [
        f"| {name} | " + " | ".join(f"{scores[name][c]:.1f}" for c in columns) + " |"
        for name in ("gum-news", "ewt-test")
    ]
    return "\n".join(rows)


def reliability_table(rows: list[dict[str, float]]) -> str:
    """Return the reliability table."""
    lines = ["| confidence | names | mean confidence | right |", "|---|---|---|---|"]
    lines += [
        f"| {r['from']:.2f} to {r['to']:.2f} | {r['names']:.0f} | {r['confidence']:.3f} | {r['right']:.3f} |"
        for r in rows
    ]
    return "\n".join(lines)


def main() -> None:
    """Write the card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--scores", type=Path, required=True)
    arguments = parser.parse_args()
    about = json.loads((arguments.weights / "model.json").read_text(encoding="utf-8"))
    scores = json.loads(arguments.scores.read_text(encoding="utf-8"))
    about["sha256"] = digest(arguments.weights / "model.onnx")
    (arguments.weights / "model.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    card = TEMPLATE.read_text(encoding="utf-8")
    values = {
        "version": about["version"], "sha256": about["sha256"],
        "names": names_table(scores), "parse": parse_table(scores),
        "reliability": reliability_table(about["reliability"]),
        "megabytes": f"{(arguments.weights / 'model.onnx').stat().st_size / 1e6:.1f}",
    }  # fmt: skip
    for key, value in values.items():
        card = card.replace("{{" + key + "}}", value)
    (arguments.weights / "CARD.md").write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main()
