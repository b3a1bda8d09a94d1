"""Fit the network: all corpora jointly; a head learns where its corpus has gold.

    python -m training.fit --corpora DIR --out DIR [--seed N] [--epochs N]

Resumable: a run that was stopped goes on from its last finished epoch.
"""

import argparse
import json
import math
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - everyone's name for it

from flows.enrich.words import split_words
from flows.gazetteer import load_gazetteer
from training.coined import coin
from training.corpora import NAME_TYPES, Text, read_conllu, read_dispatch, read_silver, read_tagged, split_dispatches
from training.encoder import encoder_folder, encoder_weights
from training.examples import Batch, Window, batches, collate, pieces_of, renamed, shouted, titled, windows
from training.network import Encoder, Labels, Linear, Network
from training.runs import load_run

WEIGHTS = {"tag": 0.5, "sentence": 1.0, "head": 1.0, "relation": 0.7, "name": 2.0, "cue": 1.0, "content": 0.7,
           "speech": 2.5, "link": 0.5}  # fmt: skip
CORPORA = ("ewt", "gum", "pud", "gold", "names", "silver", "dispatches")
SIZES = (256, 256, 128, 64)  # windows, in turn
REPEATS = {"dispatches": 2, "gold": 2, "pud": 2, "names": 0.5}  # how often a corpus is seen in an epoch
ROUNDED = 0.4  # from which share of the steps of a second run on values are rounded as they will be in eight bits
GOLD = ("train-wikigold", "train-re3d", "train-uner-ewt-dev", "train-uner-pud")  # small, and of many hands
AVERAGED, DECAY = 0.75, 0.995  # from which share of the steps on the weights are averaged, and how slowly
SHOUTED, TITLED = 0.05, 0.03  # shares of the windows without parse in capitals, and in the casing of headlines


def load_corpora(folder: Path, silver: Sequence[Path] = ()) -> dict[str, list[Text]]:
    """Return the training texts of each corpus."""
    texts: dict[str, list[Text]] = {corpus: [] for corpus in CORPORA}
    texts["pud"] = list(read_conllu(folder / "ud/pud.conllu", "pud"))
    texts["ewt"] = [t for part in ("train", "dev") for t in read_conllu(folder / f"ud/ewt-{part}.conllu", "ewt")]
    for path in sorted((folder / "gum").glob("*.conllu")):
        texts["gum"] += read_conllu(path, "gum")
    for path in sorted((folder / "ner").glob("train-*.jsonl")):
        texts["gold" if path.stem in GOLD else "names"] += read_tagged(path, path.stem)
    texts["silver"] = [text for path in silver for text in read_silver(path)]
    texts["dispatches"] = [read_dispatch(path) for path in split_dispatches()[0]]
    return texts


def label_sets(texts: dict[str, list[Text]]) -> Labels:
    """Return the labels that the corpora use often enough to be learned."""
    tags, relations = Counter[str](), Counter[str]()
    for text in texts["ewt"] + texts["gum"] + texts["pud"]:
        tags.update(text.tags or ())
        relations.update(text.relations or ())
    names = ["O", *(f"{part}-{type}" for type in NAME_TYPES for part in "BI")]
    return Labels(
        tuple(sorted(t for t in tags if t != "_")),
        tuple(sorted(r for r, n in relations.items() if n >= 5)),
        tuple(names),
    )


def name_pool(texts: dict[str, list[Text]], config: Path) -> dict[str, list[list[str]]]:
    """Return names of each type to put in the place of others: those of the corpora and of the gazetteer."""
    pool: dict[str, list[list[str]]] = {type: [] for type in NAME_TYPES}
    for text in texts["gold"] + texts["names"] + texts["dispatches"]:
        for start, end, type in text.names or ():
            pool[type].append(text.words[start:end])
    for entry in load_gazetteer(config / "gazetteer", "ap").entries.values():
        if entry.type in ("person", "organization", "place"):
            pool[entry.type].append([word.text for word in split_words(entry.name)])
    coin(pool, random.Random(0))
    del pool["group"], pool["event"], pool["work"]  # adjective or noun, with an article or without: not exchangeable
    return pool


def losses(network: Network, batch: Batch) -> dict[str, Tensor]:
    """Return the mean loss of each head that has gold in the batch."""
    out = network(batch.ids, batch.cases, batch.first, batch.last, batch.word_cases, batch.mask)
    gold, found = batch.gold, {}
    if (gold["tag"] >= 0).any():
        found["tag"] = F.cross_entropy(out["tag"].flatten(0, 1), gold["tag"].flatten(), ignore_index=-100)
        known = gold["sentence"] >= 0
        if known.any():
            found["sentence"] = F.binary_cross_entropy_with_logits(
                out["sentence"][known], gold["sentence"][known].float()
            )
        same = gold["same"][:, :, None] == gold["same"][:, None, :]
        arc = out["arc"].masked_fill(~same, -1e4)
        found["head"] = F.cross_entropy(arc.flatten(0, 1), gold["head"].flatten(), ignore_index=-100)
        scores = network.relations(out["rel_word"], out["rel_head"], gold["head"].clamp(min=0))
        found["relation"] = F.cross_entropy(scores.flatten(0, 1), gold["relation"].flatten(), ignore_index=-100)
    if (gold["name"] >= 0).any():
        found["name"] = _name_loss(out["name"], gold["name"], gold["partial"])
    for head in ("cue", "content"):
        if (gold[head] >= 0).any():
            found[head] = F.cross_entropy(out[head].flatten(0, 1), gold[head].flatten(), ignore_index=-100)
    if len(batch.cue_rows):
        n, cue = batch.cue_rows.T
        scores = out["speech"][n, :, cue]  # [rows, labels, words]
        found["speech"] = F.cross_entropy(scores, batch.cue_gold, ignore_index=-100)
    if len(batch.link_rows):
        found["link"] = _link_loss(out["link"], batch)
    return found


def _name_loss(scores: Tensor, gold: Tensor, partial: Tensor) -> Tensor:
    """Cross entropy; where events, weapons and works were not looked for, O means one of them or none."""
    log = scores.log_softmax(-1)
    unseen = log[..., [0, *range(9, log.shape[-1])]].logsumexp(-1)  # O and the labels of event, weapon, work
    log = torch.cat([torch.where((partial > 0)[:, None], unseen, log[..., 0])[..., None], log[..., 1:]], -1)
    return F.nll_loss(log.flatten(0, 1), gold.flatten(), ignore_index=-100)


def _link_loss(scores: Tensor, batch: Batch) -> Tensor:
    """Marginal likelihood of the right antecedents among the words before (and none)."""
    n, word = batch.link_rows.T
    rows = scores[n, word]
    before = torch.arange(rows.shape[1])[None] <= word[:, None]  # column 0 is none, column w + 1 is word w
    rows = rows.masked_fill(~before, -1e4)
    right = rows.masked_fill(batch.link_gold == 0, -1e4)
    return (rows.logsumexp(-1) - right.logsumexp(-1)).mean()


def epoch_windows(
    texts: dict[str, list[Text]], sizes: dict[int, list[int]], tokenizer: Tokenizer, pool: dict[str, list[list[str]]],
    epoch: int, random_: random.Random,
) -> list[Window]:  # fmt: skip
    """Return the windows of an epoch, with names replaced and casing changed in some."""
    made: list[Window] = []
    for corpus, members in texts.items():
        share = REPEATS.get(corpus, 1)
        for again in range(math.ceil(share)):
            most = SIZES[(epoch + again) % len(SIZES)]
            for original in members if share >= 1 else random_.sample(members, round(share * len(members))):
                text, size = original, sizes[id(original)]
                if text.heads is None and text.names is not None:
                    if random_.random() < 0.5:
                        text = renamed(text, pool, 0.5, random_)
                    draw = random_.random()
                    if draw < SHOUTED:
                        text = shouted(text)
                    elif draw < SHOUTED + TITLED:
                        text = titled(text)
                    if text is not original:
                        size = [len(p) for p in pieces_of(tokenizer, text.words)]
                made += windows(text, size, most)
    return made


def fit(
    corpora: Path, config: Path, out: Path, *, seed: int, epochs: float, batch_size: int, start: Sequence[Path] = (),
    silver: Sequence[Path] = (),
) -> None:  # fmt: skip
    """Fit a network and write its weights and labels to a folder.

    Args:
        silver: files of `training.silver`.
        start: the folders of finished runs. The mean of their weights is fitted further, those of the word embeddings
            included, which the first run leaves as they are; at lower rates.
    """
    torch.set_flush_denormal(True)  # gradients of what is certain are denormal, and those are slow on many processors
    torch.manual_seed(seed)
    random_ = random.Random(seed)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(encoder_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    texts = load_corpora(corpora, silver)
    labels = label_sets(texts)
    (out / "labels.json").write_text(json.dumps(labels.as_dict()), encoding="utf-8")
    pool = name_pool(texts, config)
    sizes = {id(t): [len(p) for p in pieces_of(tokenizer, t.words)] for members in texts.values() for t in members}
    for corpus, members in texts.items():
        print(f"{corpus}: {len(members)} texts, {sum(len(t.words) for t in members)} words", flush=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = load_run(*start) if start else Network(labels)
    if not start:
        network.encoder.load(encoder_weights())
        network.encoder.words.weight.requires_grad_(False)  # 12 million of 23; rare words keep their places at first
    rate = 7e-5 if start else 1e-4
    network.to(device)
    slow = [p for p in network.encoder.parameters() if p.requires_grad and p is not network.encoder.cases.weight]
    fast = [p for n, p in network.named_parameters() if not n.startswith("encoder.") or n == "encoder.cases.weight"]
    optimizer = torch.optim.AdamW(
        [{"params": slow, "lr": rate, "peak": rate}, {"params": fast, "lr": 10 * rate, "peak": 10 * rate}],
        weight_decay=0.01, fused=True,
    )  # fmt: skip
    once = batches(epoch_windows(texts, sizes, tokenizer, pool, 0, random.Random(0)), batch_size, random.Random(0))
    total, step, first = math.ceil(len(once) * epochs), 0, 0
    average: dict[str, Tensor] = {}
    saved = out / "state.pt"
    if saved.exists():
        state = torch.load(saved, map_location=device)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        average = state.get("average", {})
        first, step = state["epoch"] + 1, state["step"]
        print(f"going on with epoch {first + 1}", flush=True)
    for epoch in range(first, math.ceil(epochs)):
        random_.seed(seed * 1000 + epoch)
        network.train()
        begun, seen, sums = time.time(), 0, Counter[str]()
        counts = Counter[str]()
        chosen = epoch_windows(texts, sizes, tokenizer, pool, epoch, random_)
        for group in batches(chosen, batch_size, random_)[: total - step]:
            batch = _to(collate(group, tokenizer, labels), device)
            if start and step > ROUNDED * total:
                round_off(network)
            for part in optimizer.param_groups:
                part["lr"] = part["peak"] * min(1.0, step / (0.1 * total)) * max(0.02, 1 - step / total)
            found = losses(network, batch)
            loss = sum((WEIGHTS[k] * v for k, v in found.items()), torch.zeros((), device=device))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            if step > AVERAGED * total:
                _add_to_average(average, network)
            seen += int(batch.ids.numel())
            for key, value in found.items():
                sums[key] += float(value)  # type: ignore[assignment]
                counts[key] += 1
            if step % 20 == 0:
                pace = seen / (time.time() - begun)
                print(f"epoch {epoch + 1} step {step}/{total} {pace:.0f}/s "
                      + " ".join(f"{k} {sums[k] / counts[k]:.3f}" for k in sums), flush=True)  # fmt: skip
        torch.save(
            {
                "network": network.state_dict(),
                "optimizer": optimizer.state_dict(),
                "epoch": epoch,
                "step": step,
                "average": average,
            },
            saved,
        )
        print(f"epoch {epoch + 1} done in {time.time() - begun:.0f} s", flush=True)
    torch.save(average or network.state_dict(), out / "network.pt")


def round_off(network: Network) -> None:
    """Let the layers round as they will when they are exported."""
    for part in network.modules():
        if isinstance(part, Linear | Encoder):
            part.rounds = True


def _add_to_average(average: dict[str, Tensor], network: Network) -> None:
    """Move the average of the weights a little towards those of this step."""
    for name, value in network.state_dict().items():
        if name not in average:
            average[name] = value.clone()
        elif value.dtype.is_floating_point:
            average[name].lerp_(value, 1 - DECAY)


def _to(batch: Batch, device: torch.device) -> Batch:
    if device.type == "cpu":
        return batch
    for name in (
        "ids",
        "cases",
        "first",
        "last",
        "word_cases",
        "mask",
        "cue_rows",
        "cue_gold",
        "link_rows",
        "link_gold",
    ):
        setattr(batch, name, getattr(batch, name).to(device))
    batch.gold = {k: v.to(device) for k, v in batch.gold.items()}
    return batch


def main() -> None:
    """Read the arguments and fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--config", type=Path, default=Path("config"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=float, default=6)
    parser.add_argument("--batch-size", type=int, default=2500)
    parser.add_argument("--silver", type=Path, nargs="*", default=[], help="files of training.silver")
    parser.add_argument("--start", type=Path, nargs="*", default=[], help="finished runs to go on from; their mean")
    arguments = parser.parse_args()
    fit(arguments.corpora, arguments.config, arguments.out, seed=arguments.seed, epochs=arguments.epochs,
        batch_size=arguments.batch_size, start=arguments.start, silver=arguments.silver)  # fmt: skip


if __name__ == "__main__":
    main()
