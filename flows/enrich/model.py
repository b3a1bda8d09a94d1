"""The language model of the package: one pass of a compact encoder, and what its heads say.

The weights are made by `training/`; what they are and how well they read stands in `weights/CARD.md`.
"""

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from flows.enrich.decode import (
    Range,
    Scores,
    content_ranges,
    cue_ranges,
    decode_heads,
    name_ranges,
    sentence_starts,
    softmax,
    stretches,
)
from flows.enrich.reading import NameRead, Reading, ReportRead
from flows.enrich.structure import Paragraph
from flows.enrich.windows import Window, make_windows
from flows.enrich.words import Word, split_words
from schemas.dispatch import EntityType

_REFERRING = frozenset(
    ["he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself", "they", "them", "their",
     "theirs", "themselves", "who", "whom", "whose"]
)  # fmt: skip
_OUTPUTS = ["sentence", "tag", "arc", "rel_word", "rel_head", "name", "cue", "content", "speech", "link"]
_SOURCE = (3, 4)  # begin and inside, among the labels of speech
_LEAST_WORDS = 2  # the export counts on as many
_LEAST_CUE = 0.25  # from which probability on words are looked at as a cue
_LEAST_PART = 0.1  # of being a word of a cue, for the words around
_LEAST_LINK = 0.05
_LIKELY_LINK = 0.02  # words less probable than this are not summed up
_NEVER = np.float32(-1e9)
_ONE_THREAD = 1 << 18  # multiplications up to which numpy's BLAS keeps to one thread
_OPENING = 7  # the casing class of an opening quotation mark


class Model:
    """The analyzer of the package. Reads a text in windows of some 200 words; nothing is kept between texts."""

    def __init__(self, folder: Path) -> None:
        """Load the weights from a folder.

        Raises:
            OSError: a file is missing.
        """
        card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        self.version: str = card["version"]
        self._tags: list[str] = card["tags"]
        self._relations: list[str] = card["relations"]
        self._types = cast("list[EntityType]", card["types"])
        self._calibration: dict[str, list[list[float]]] = card["calibration"]
        self._root = self._relations.index("root")
        weights = np.load(folder / "relations.npz")
        self._weight, self._bias = weights["weight"].astype(np.float32), weights["bias"].astype(np.float32)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # many processes, one thread each
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # no faster, and keeps what it once took
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # in ONNX Runtime 1.32, ten times slower than what it replaces
        )  # fmt: skip

    def read(self, text: str, paragraphs: Sequence[Paragraph]) -> Reading:
        """Return the reading of the paragraphs of a text."""
        lines = [split_words(text, paragraph.start, paragraph.end) for paragraph in paragraphs]
        words = [word for line in lines for word in line]
        notes = _Notes(words)
        before: Window | None = None
        out: dict[str, Scores] = {}
        for made in make_windows(lines, text, self._tokenizer):
            window = _padded(made) if made.size < _LEAST_WORDS else made
            if before is None or not _is_alike(window, before):  # a flood of one word is read once
                out = self.scores(window)
            before = window
            self._window(window, out, notes)
        return Reading(
            words=words,
            paragraph_of=[number for number, line in enumerate(lines) for _ in line],
            sentences=list(zip(notes.starts, [*notes.starts[1:], len(words)], strict=True)) if words else [],
            tags=notes.tags,
            heads=notes.heads,
            relations=notes.relations,
            names=notes.names,
            reports=notes.reports,
            speech=notes.speech,
            links=notes.links,
        )

    def scores(self, window: Window) -> dict[str, Scores]:
        """Return what the heads say of a window."""
        feed = {
            "ids": window.ids, "cases": window.cases, "first": window.first, "last": window.last,
            "word_cases": window.word_cases,
        }  # fmt: skip
        values = self._session.run(_OUTPUTS, {name: np.asarray(list_, dtype=np.int64) for name, list_ in feed.items()})
        return dict(zip(_OUTPUTS, values, strict=True))

    def _window(self, window: Window, out: dict[str, Scores], notes: "_Notes") -> None:
        base, fresh = window.start, window.fresh
        size = min(window.size, len(notes.words) - base)
        out = {name: value[:, :size, :size] if name == "speech" else value[:size] for name, value in out.items()}
        forms = [word.text for word in notes.words[base : base + size]]
        starts = sentence_starts(out["sentence"], window.breaks, forms,
                                 [case == _OPENING for case in window.word_cases[:size]])  # fmt: skip
        heads = decode_heads(out["arc"][:, :size], starts)
        relations = self._relate(out["rel_word"], out["rel_head"], heads)
        notes.starts += [base + start for start in starts if start >= fresh]
        notes.tags += [self._tags[n] for n in out["tag"].argmax(1)[fresh:].tolist()]
        notes.heads += [base + h for h in heads[fresh:].tolist()]
        notes.relations += [self._relations[n] for n in relations[fresh:].tolist()]
        names = name_ranges(softmax(out["name"]))
        for (start, end), kind, probability in names:
            if start >= fresh:
                type_ = self._types[kind]
                notes.names.append(NameRead((base + start, base + end), type_, self._calibrated(type_, probability)))
        self._speech(out, base, fresh, notes)
        self._links(out["link"], forms, names, base, fresh, notes)

    def _relate(self, word: Scores, head: Scores, heads: NDArray[np.int64]) -> NDArray[np.int64]:
        scores = _product(np.maximum(word + head[heads], 0), self._weight) + self._bias
        own = heads == np.arange(len(heads))
        scores[~own, self._root] = -1e9
        best = scores.argmax(1)
        best[own] = self._root
        return cast("NDArray[np.int64]", best)

    def _calibrated(self, type_: EntityType, probability: float) -> float:
        points = self._calibration.get(type_) or [[0.0, 0.0], [1.0, 1.0]]
        return float(np.interp(probability, [x for x, _ in points], [y for _, y in points]))

    def _speech(self, out: dict[str, Scores], base: int, fresh: int, notes: "_Notes") -> None:
        cue = softmax(out["cue"])
        content = softmax(out["content"]).argmax(1).tolist()
        notes.speech += [(base + s, base + e) for s, e in stretches(content, 1, 2) if s >= fresh]
        found = [made for made in cue_ranges(cue, _LEAST_CUE, _LEAST_PART) if made[0][0] >= fresh]
        if not found:
            return
        begins = [best for _, best, _ in found]
        speech = softmax(out["speech"][:, begins].transpose(1, 2, 0))  # [cue, word, label]
        labels = speech.argmax(2)
        for number, (words, _, probability) in enumerate(found):
            row = labels[number].tolist()
            parts = content_ranges(speech[number])
            sources = stretches(row, *_SOURCE)
            sources.sort(key=lambda s: -float(speech[number, s[0] : s[1], 3:5].sum(1).mean()))
            own = [float(speech[number, s:e, 1:3].sum(1).mean()) for s, e in parts]
            sure = probability * (min(own) if own else 0.0)
            notes.reports.append(
                ReportRead(
                    _moved(words, base),
                    _moved(sources[0], base) if sources else None,
                    tuple(_moved(part, base) for part in parts),
                    sure,
                )
            )

    def _links(
        self, scores: Scores, forms: Sequence[str], names: Sequence[tuple[Range, int, float]], base: int, fresh: int,
        notes: "_Notes",
    ) -> None:  # fmt: skip
        """Link what refers to what it refers to. The probabilities of all words of one referent count together."""
        group: dict[int, int] = {}
        by_last: dict[str, int] = {}
        for (start, end), _, _ in names:
            first = by_last.setdefault(forms[end - 1], start)
            group.update(dict.fromkeys(range(start, end), first))
        words = [n for n, form in enumerate(forms) if notes.tag(base + n) == "NOUN" or form.lower() in _REFERRING]
        behind = np.arange(scores.shape[1]) > np.asarray(words, dtype=np.int64)[:, None]  # none, then the words before
        rows = softmax(np.where(behind, _NEVER, scores[words]))
        likely: list[list[int]] = [[] for _ in words]
        for number, other in np.argwhere(rows[:, 1:] > _LIKELY_LINK).tolist():
            likely[number].append(other)
        for word, row, others in zip(words, rows, likely, strict=True):
            if not others:
                continue
            sums: dict[int, float] = {}
            for other in others:
                sums[group.get(other, other)] = sums.get(group.get(other, other), 0.0) + float(row[1 + other])
            best = max(sums, key=lambda key: sums[key])
            if sums[best] > row[0] and sums[best] > _LEAST_LINK:
                group[word] = best
                if word >= fresh:
                    notes.links[base + word] = (base + best, sums[best])


class _Notes:
    """What has been read of a text so far."""

    def __init__(self, words: list[Word]) -> None:
        self.words = words
        self.starts: list[int] = []
        self.tags: list[str] = []
        self.heads: list[int] = []
        self.relations: list[str] = []
        self.names: list[NameRead] = []
        self.reports: list[ReportRead] = []
        self.speech: list[Range] = []
        self.links: dict[int, tuple[int, float]] = {}

    def tag(self, word: int) -> str:
        """Return the part of speech of a word that was read."""
        return self.tags[word] if word < len(self.tags) else ""


def _product(rows: Scores, weight: Scores) -> Scores:
    """Return `rows @ weight`, in parts so small that no other threads are woken: waiting for them takes longer."""
    step = max(1, _ONE_THREAD // weight.size)
    return np.concatenate([rows[at : at + step] @ weight for at in range(0, len(rows), step)])


def _moved(words: Range, base: int) -> Range:
    return base + words[0], base + words[1]


def _is_alike(window: Window, other: Window) -> bool:
    return (window.ids, window.cases, window.first, window.last) == (other.ids, other.cases, other.first, other.last)


def _padded(window: Window) -> Window:
    """Return the window with a full stop behind its only word."""
    at = len(window.ids) - 1
    return Window(
        window.start, window.fresh, window.breaks, [*window.ids[:-1], 1012, window.ids[-1]], [*window.cases, 0],
        [*window.first, at], [*window.last, at], [*window.word_cases, 0],
    )  # fmt: skip


def load_model(folder: Path | None = None) -> Model:
    """Return the model of the package, or the one in a folder."""
    return Model(folder or Path(str(files("flows.enrich") / "weights")))
