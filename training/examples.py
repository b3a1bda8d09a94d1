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
            moved += [first + min(old - at, len(new) - 1) for old in range(at, end)]
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
    unsure = frozenset(moved[at] for at in text.unsure)
    return replace(text, words=words, spaces=spaces, breaks=breaks, names=sorted(names), reports=reports, links=links,
                   unsure=unsure)  # fmt: skip


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
    count, length = len(rows), max(len(row[0]) for row in rows)
    most = max(len(row[2]) for row in rows)
    ids, cases = torch.zeros(count, length, dtype=torch.long), torch.zeros(count, length, dtype=torch.long)
    first, last, word_cases = (torch.zeros(count, most, dtype=torch.long) for _ in range(3))
    mask = torch.full((count, 1, 1, length), MASKED)
    layers = ("tag", "head", "relation", "sentence", "name", "cue", "content")
    gold = {layer: torch.full((count, most), -100, dtype=torch.long) for layer in layers}
    gold["same"] = torch.zeros(count, most, dtype=torch.long)  # number of the sentence
    gold["partial"] = torch.zeros(count, dtype=torch.long)  # 1: only four types of names were looked for
    cues: list[tuple[int, int, list[int]]] = []
    links: list[tuple[int, int, list[int]]] = []
    for n, (window, row) in enumerate(zip(chosen, rows, strict=True)):
        size = window.end - window.start
        for target, values in zip((ids, cases, first, last, word_cases), row, strict=True):
            target[n, : len(values)] = torch.tensor(values)
        mask[n, 0, 0, : len(row[0])] = 0
        own = {layer: values[n] for layer, values in gold.items()}
        _fill_parse(window, own, labels)
        _fill_names(window, own, labels)
        cues += [(n, cue, kinds + [-100] * (most - size)) for cue, kinds in _fill_reports(window, own)]
        links += [(n, word, columns) for word, columns in _links(window)]
    link_gold = torch.zeros(len(links), most + 1)
    for number, (_, _, columns) in enumerate(links):
        link_gold[number, columns] = 1
    return Batch(
        ids, cases, first, last, word_cases, mask, list(chosen), gold,
        torch.tensor([(n, cue) for n, cue, _ in cues], dtype=torch.long).view(-1, 2),
        torch.tensor([kinds for _, _, kinds in cues], dtype=torch.long).view(-1, most),
        torch.tensor([(n, word) for n, word, _ in links], dtype=torch.long).view(-1, 2),
        link_gold,
    )  # fmt: skip


def _fill_parse(window: Window, gold: dict[str, Tensor], labels: Labels) -> None:
    text, s, e = window.text, window.start, window.end
    if text.heads is None or text.tags is None or text.relations is None or text.sentences is None:
        return
    size = e - s
    tag_of = {tag: n for n, tag in enumerate(labels.tags)}
    relation_of = {relation: n for n, relation in enumerate(labels.relations)}
    gold["tag"][:size] = torch.tensor([tag_of.get(x, -100) for x in text.tags[s:e]])
    gold["head"][:size] = torch.tensor([h - s if s <= h < e else -100 for h in text.heads[s:e]])
    gold["relation"][:size] = torch.tensor([relation_of.get(x, -100) for x in text.relations[s:e]])
    starts = [int(x) for x in text.sentences[s:e]]
    gold["same"][:size] = torch.cumsum(torch.tensor(starts), 0) + 1
    # at the begin of a paragraph there is nothing to learn
    gold["sentence"][:size] = torch.tensor([-100 if x else y for x, y in zip(text.breaks[s:e], starts, strict=True)])


def _fill_names(window: Window, gold: dict[str, Tensor], labels: Labels) -> None:
    text, s, e = window.text, window.start, window.end
    if text.names is None:
        return
    gold["name"][: e - s] = 0
    gold["partial"].fill_(int(len(text.name_types) < len(NAME_TYPES)))
    for start, end, type in text.names:
        if start >= s and end <= e:
            gold["name"][start - s] = labels.names.index(f"B-{type}")
            gold["name"][start - s + 1 : end - s] = labels.names.index(f"I-{type}")
    for at in text.unsure:
        if s <= at < e:
            gold["name"][at - s] = -100


def _fill_reports(window: Window, gold: dict[str, Tensor]) -> Iterator[tuple[int, list[int]]]:
    """Yield a row of labels for every cue: content and source of that cue."""
    text, s, e = window.text, window.start, window.end
    if text.reports is None:
        return
    gold["cue"][: e - s] = 0
    gold["content"][: e - s] = 0
    for report in text.reports:
        for start, end in report.content:
            if start >= s and end <= e and (gold["content"][start - s : end - s] == 0).all():
                gold["content"][start - s], gold["content"][start - s + 1 : end - s] = 1, 2
        if report.cue is None or report.cue[0] < s or report.cue[1] > e:
            continue
        gold["cue"][report.cue[0] - s], gold["cue"][report.cue[0] - s + 1 : report.cue[1] - s] = 1, 2
        kinds = [0] * (e - s)
        spans = [(span, 1) for span in report.content] + ([(report.source, 3)] if report.source else [])
        for (start, end), kind in spans:
            if start >= s and end <= e:
                kinds[start - s] = kind
                kinds[start - s + 1 : end - s] = [kind + 1] * (end - start - 1)
        yield report.cue[0] - s, kinds


def _links(window: Window) -> Iterator[tuple[int, list[int]]]:
    """Yield words that refer, with the columns of what they refer to; column 0: to nothing before."""
    text, s, e = window.text, window.start, window.end
    for word, targets in (text.links or {}).items():
        if s <= word < e:
            inside = [target - s + 1 for target in targets if s <= target < word]
            if inside or not (targets or text.words[word].lower() in PRONOUNS):  # else it lies outside of the window
                yield word - s, inside or [0]


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
