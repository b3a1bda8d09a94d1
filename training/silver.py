"""Silver: running text without marks -> the parse and the names that several fitted networks agree on.

    python -m training.silver --runs DIR [DIR ...] --text FILE --out FILE [--every N]

Reads a paragraph a line and writes a JSON line for every few of them, which `training.fit --silver` reads. The
networks' probabilities are averaged; where they stay unsure, the word teaches nothing.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from flows.enrich.decode import Scores, decode_heads, name_ranges, sentence_starts, softmax
from flows.enrich.words import split_words
from training.corpora import NAME_TYPES, Text
from training.encoder import encoder_folder
from training.examples import Window, batches, collate, pieces_of, windows
from training.network import Network
from training.runs import load_run

TOGETHER = 4  # paragraphs of one text
SURE = 0.6  # the probability of a label or a head from which on it is written
LONGEST = 256  # sub-tokens of a window
NEVER = np.float32(-1e4)
OPENING = 7  # the casing class of an opening mark


def read_plain(lines: Sequence[str], id: str) -> Text:
    """Return paragraphs as a text without layers."""
    text = Text("silver", id, [], [], [])
    for line in lines:
        words = split_words(line)
        for number, word in enumerate(words):
            last = number + 1 == len(words)
            text.words.append(word.text)
            text.spaces.append(last or words[number + 1].start > word.end)
            text.breaks.append(number == 0)
    return text


def label(networks: Sequence[Network], texts: Sequence[Text], tokenizer: Tokenizer) -> Iterator[dict[str, object]]:
    """Yield every window with what the networks read in it."""
    cut = [w for text in texts for w in windows(text, [len(p) for p in pieces_of(tokenizer, text.words)], LONGEST)]
    for group in batches(cut, 4000, random.Random(0)):
        batch = collate(group, tokenizer, networks[0].labels)
        with torch.no_grad():
            outs = [n(batch.ids, batch.cases, batch.first, batch.last, batch.word_cases, batch.mask) for n in networks]
        for row, window in enumerate(group):
            size = window.end - window.start
            own = [{k: v[row, :size].numpy() for k, v in out.items() if k != "speech"} for out in outs]
            opens = (batch.word_cases[row, :size] == OPENING).tolist()
            yield _labelled(networks, window, own, opens)


def _labelled(
    networks: Sequence[Network], window: Window, outs: Sequence[dict[str, Scores]], opens: Sequence[bool]
) -> dict[str, object]:
    text, start, end = window.text, window.start, window.end
    size = end - start
    forms, breaks = text.words[start:end], [n for n in range(size) if text.breaks[start + n] or not n]
    starts = sentence_starts(np.mean([out["sentence"] for out in outs], 0), breaks, forms, opens)
    number = np.searchsorted(starts, np.arange(size), side="right")
    elsewhere = np.where(number[:, None] == number[None], 0, NEVER)  # as when fitted
    arcs = np.log(np.mean([softmax(out["arc"][:, :size] + elsewhere) for out in outs], 0) + 1e-9)
    heads = decode_heads(arcs, starts)
    relations = np.mean([_relations(n, out, heads) for n, out in zip(networks, outs, strict=True)], 0)
    tags = np.mean([softmax(out["tag"]) for out in outs], 0)
    names = np.mean([softmax(out["name"]) for out in outs], 0)
    labels = networks[0].labels
    sure = np.exp(arcs[np.arange(size), heads]) >= SURE
    return {
        "words": forms,
        "spaces": text.spaces[start:end],
        "breaks": [n in breaks for n in range(size)],
        "sentences": [n in starts for n in range(size)],
        "tags": [labels.tags[n] if p >= SURE else "" for n, p in zip(tags.argmax(1), tags.max(1), strict=True)],
        "heads": [int(head) if known else -1 for head, known in zip(heads, sure, strict=True)],
        "relations": [
            labels.relations[n] if p >= SURE and known else ""
            for n, p, known in zip(relations.argmax(1), relations.max(1), sure, strict=True)
        ],
        "ents": [(s, e, NAME_TYPES[kind]) for (s, e), kind, _ in name_ranges(names)],
        "unsure": np.flatnonzero(names.max(1) < SURE).tolist(),
    }


def _relations(network: Network, out: dict[str, Scores], heads: np.ndarray) -> Scores:
    with torch.no_grad():
        scores = network.relations(*(torch.tensor(x)[None] for x in (out["rel_word"], out["rel_head"], heads)))
    return softmax(scores[0].numpy())


def main() -> None:
    """Read the arguments, label and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, nargs="+", required=True)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--every", type=int, default=3, help="read one text of so many")
    arguments = parser.parse_args()
    lines = arguments.text.read_text(encoding="utf-8").splitlines()
    step = TOGETHER * arguments.every
    texts = [read_plain(lines[at : at + TOGETHER], f"silver-{at}") for at in range(0, len(lines), step)]
    tokenizer = Tokenizer.from_file(str(encoder_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    networks = [load_run(run) for run in arguments.runs]
    with arguments.out.open("w", encoding="utf-8") as file:
        for made in label(networks, texts, tokenizer):
            file.write(json.dumps(made) + "\n")


if __name__ == "__main__":
    main()
