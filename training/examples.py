"""Examples: texts -> windows of sub-tokens with gold, and batches of them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from tokenizers import Tokenizer
from torch import Tensor

from flows.enrich.words import model_forms
from training.corpora import NAME_TYPES, PRONOUNS, Text
from training.network import MASKED, Labels

CLS, SEP, PAD = 101, 102, 0
LONGEST_WORD = 12  # sub-tokens of a word that are looked at


@dataclass
class Window:
    """A stretch of a text that fits the encoder."""

    text: Text
    start: int
    end: int
    size: int  # sub-tokens, about


def pieces_of(tokenizer: Tokenizer, forms: Sequence[str]) -> list[list[int]]:
    """Return the sub-tokens of each word."""
    encoded = tokenizer.encode_batch_fast(list(forms), add_special_tokens=False)
    return [e.ids[:LONGEST_WORD] or [100] for e in encoded]


def windows(text: Text, sizes: Sequence[int], most: int) -> Iterator[Window]:
    """Yield windows of at most `most` sub-tokens, cut where paragraphs begin, else sentences, else anywhere.

    Args:
        sizes: sub-tokens per word.
    """
    start, total, cut = 0, 2, 0
    at = 0
    while at < len(text.words):
        if text.breaks[at]:
            total += 1
        if at > start and (text.breaks[at] or (text.sentences is not None and text.sentences[at])):
            cut = at
        if total + sizes[at] > most and at > start:
            end = cut if cut > start else at
            yield Window(text, start, end, total)
            start, total, at, cut = end, 2, end, end
            continue
        total += sizes[at]
        at += 1
    if start < len(text.words):
        yield Window(text, start, len(text.words), total)


def shouted(text: Text) -> Text:
    """Return the text in capitals."""
    return replace(text, words=[word.upper() for word in text.words])


def titled(text: Text) -> Text:
    """Return the text with every longer word capitalized, as headlines are."""
    return replace(text, words=[w[:1].upper() + w[1:] if len(w) > 3 else w for w in text.words])


def renamed(text: Text, pool: dict[str, list[list[str]]], share: float, random_: random.Random) -> Text:
    """Return the text with some of its names replaced by others of their type.

    Only for texts without other layers but reports: what points into the text is moved along.
    """
    assert text.names is not None
    chosen = [n for n in text.names if pool.get(n[2]) and random_.random() < share]
    if not chosen:
        return text
    words, spaces, breaks = [], [], []
    moved: list[int] = []  # old index -> new index
    names: list[tuple[int, int, str]] = []
    begin = {start: (end, type) for start, end, type in chosen}
    at = 0
    skip_until = -1
    while at < len(text.words):
        if at in begin and at >= skip_until:
            end, type = begin[at]
            new = random_.choice(pool[type])
            if text.words[at].isupper() and len(text.words[at]) > 3:
                new = [word.upper() for word in new]
            first = len(words)
            for old in range(at, end):
                moved.append(first + min(old - at, len(new) - 1))
            words += new
            spaces += [True] * (len(new) - 1) + [text.spaces[end - 1]]
            breaks += [text.breaks[at]] + [False] * (len(new) - 1)
            names.append((first, len(words), type))
            at = end
            continue
        moved.append(len(words))
        words.append(text.words[at])
        spaces.append(text.spaces[at])
        breaks.append(text.breaks[at])
        at += 1
    moved.append(len(words))
    kept = [n for n in text.names if n not in chosen]
    names += [(moved[s], moved[e], t) for s, e, t in kept]

    def move(span: tuple[int, int]) -> tuple[int, int]:
        return moved[span[0]], moved[span[1]] if moved[span[1]] > moved[span[1] - 1] else moved[span[1] - 1] + 1

    reports = text.reports and [
        replace(r, cue=r.cue and move(r.cue), source=r.source and move(r.source), content=[move(c) for c in r.content])
        for r in text.reports
    ]
    links = text.links and {moved[k]: sorted({moved[w] for w in v}) for k, v in text.links.items()}
    return replace(text, words=words, spaces=spaces, breaks=breaks, names=sorted(names), reports=reports, links=links)


@dataclass
class Batch:
    """Windows as tensors. Gold of a layer that a window lacks is -100 (ignored)."""

    ids: Tensor
    cases: Tensor
    first: Tensor
    last: Tensor
    word_cases: Tensor
    mask: Tensor
    windows: list[Window]
    gold: dict[str, Tensor]
    cue_rows: Tensor  # [n, 2]: window, cue word
    cue_gold: Tensor  # [n, words]
    link_rows: Tensor  # [n, 2]
    link_gold: Tensor  # [n, words + 1] 0/1; column 0: none


def collate(chosen: Sequence[Window], tokenizer: Tokenizer, labels: Labels) -> Batch:
    """Return a batch of windows."""
    rows = [_row(window, tokenizer) for window in chosen]
    b, t = len(rows), max(len(row[0]) for row in rows)
    w = max(len(row[2]) for row in rows)
    ids, cases = torch.zeros(b, t, dtype=torch.long), torch.zeros(b, t, dtype=torch.long)
    first, last, word_cases = (torch.zeros(b, w, dtype=torch.long) for _ in range(3))
    mask = torch.full((b, 1, 1, t), MASKED)
    gold = {k: torch.full((b, w), -100, dtype=torch.long) for k in ("tag", "head", "relation", "sentence", "name", "cue",
                                                                   "content")}  # fmt: skip
    gold["same"] = torch.zeros(b, w, dtype=torch.long)  # number of the sentence
    gold["partial"] = torch.zeros(b, dtype=torch.long)  # 1: only four types of names were looked for
    cue_rows: list[tuple[int, int]] = []
    cue_gold: list[list[int]] = []
    link_rows: list[tuple[int, int]] = []
    link_gold: list[Tensor] = []
    tag_of = {tag: n for n, tag in enumerate(labels.tags)}
    relation_of = {relation: n for n, relation in enumerate(labels.relations)}
    name_of = {name: n for n, name in enumerate(labels.names)}
    for n, (window, (i, c, f, l, wc)) in enumerate(zip(chosen, rows, strict=True)):
        text, s, e = window.text, window.start, window.end
        size = e - s
        ids[n, : len(i)], cases[n, : len(i)] = torch.tensor(i), torch.tensor(c)
        first[n, :size], last[n, :size], word_cases[n, :size] = torch.tensor(f), torch.tensor(l), torch.tensor(wc)
        mask[n, 0, 0, : len(i)] = 0
        if text.heads is not None and text.tags is not None and text.relations is not None and text.sentences:
            gold["tag"][n, :size] = torch.tensor([tag_of.get(x, 0) for x in text.tags[s:e]])
            heads = [h - s if s <= h < e else -100 for h in text.heads[s:e]]
            gold["head"][n, :size] = torch.tensor(heads)
            gold["relation"][n, :size] = torch.tensor([relation_of.get(x, -100) for x in text.relations[s:e]])
            starts = torch.tensor([int(x) for x in text.sentences[s:e]])
            gold["same"][n, :size] = torch.cumsum(starts, 0) + 1
            known = torch.tensor(
                [-100 if x else int(y) for x, y in zip(text.breaks[s:e], text.sentences[s:e], strict=True)]
            )
            gold["sentence"][n, :size] = known  # at a paragraph's begin there is nothing to learn
        if text.names is not None:
            gold["name"][n, :size] = 0
            gold["partial"][n] = int(len(text.name_types) < len(NAME_TYPES))
            for a, z, type in text.names:
                if a >= s and z <= e:
                    gold["name"][n, a - s] = name_of[f"B-{type}"]
                    gold["name"][n, a - s + 1 : z - s] = name_of[f"I-{type}"]
        if text.reports is not None:
            gold["cue"][n, :size] = 0
            gold["content"][n, :size] = 0
            for report in text.reports:
                for a, z in report.content:
                    if a >= s and z <= e and (gold["content"][n, a - s : z - s] == 0).all():
                        gold["content"][n, a - s], gold["content"][n, a - s + 1 : z - s] = 1, 2
                if report.cue and report.cue[0] >= s and report.cue[1] <= e:
                    a, z = report.cue
                    gold["cue"][n, a - s], gold["cue"][n, a - s + 1 : z - s] = 1, 2
                    row = [0] * size
                    for span, kind in [
                        *((x, 1) for x in report.content),
                        *([(report.source, 3)] if report.source else []),
                    ]:
                        if span[0] >= s and span[1] <= e:
                            row[span[0] - s] = kind
                            row[span[0] - s + 1 : span[1] - s] = [kind + 1] * (span[1] - span[0] - 1)
                    cue_rows.append((n, a - s))
                    cue_gold.append(row + [-100] * (w - size))
        for word, targets in (text.links or {}).items():
            if s <= word < e:
                inside = [x - s for x in targets if s <= x < word]
                if not inside and (targets or text.words[word].lower() in PRONOUNS):
                    continue  # what it stands for lies outside the window
                row_ = torch.zeros(w + 1)
                row_[[x + 1 for x in inside] if inside else [0]] = 1
                link_rows.append((n, word - s))
                link_gold.append(row_)
    return Batch(
        ids, cases, first, last, word_cases, mask, list(chosen), gold,
        torch.tensor(cue_rows, dtype=torch.long).view(-1, 2),
        torch.tensor(cue_gold, dtype=torch.long) if cue_gold else torch.zeros(0, w, dtype=torch.long),
        torch.tensor(link_rows, dtype=torch.long).view(-1, 2),
        torch.stack(link_gold) if link_gold else torch.zeros(0, w + 1),
    )  # fmt: skip


def _row(window: Window, tokenizer: Tokenizer) -> tuple[list[int], list[int], list[int], list[int], list[int]]:
    text, s, e = window.text, window.start, window.end
    forms, classes = model_forms(text.words[s:e], text.spaces[s:e])
    ids, cases, first, last = [CLS], [0], [], []
    for at, pieces in enumerate(pieces_of(tokenizer, forms)):
        if text.breaks[s + at] and at:
            ids.append(SEP)
            cases.append(0)
        first.append(len(ids))
        ids += pieces
        cases += [classes[at]] * len(pieces)
        last.append(len(ids) - 1)
    ids.append(SEP)
    cases.append(0)
    return ids, cases, first, last, classes


def batches(chosen: list[Window], most: int, random_: random.Random) -> list[list[Window]]:
    """Return batches of windows of about one length, at most so many sub-tokens each, in random order."""
    order = sorted(chosen, key=lambda window: window.size + random_.random() * 30)
    made: list[list[Window]] = [[]]
    for window in order:
        widest = max([window.size, *(x.size for x in made[-1])])
        if made[-1] and widest * (len(made[-1]) + 1) > most:
            made.append([])
        made[-1].append(window)
    random_.shuffle(made)
    return made
