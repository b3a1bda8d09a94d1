"""Windows: the words of paragraphs -> stretches that the encoder takes, each with its sub-tokens.

A window holds whole paragraphs, as many as fit. A longer paragraph is cut behind a sentence, or anywhere if it must be;
its later windows begin with words of the one before as context, whose results are not used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from flows.enrich.words import Word, model_forms

LONGEST = 256  # sub-tokens of a window, as in training
_CONTEXT = 48  # words of the window before, in a long paragraph
_LONGEST_WORD = 12  # sub-tokens of a word that are looked at
_BEGIN, _BREAK, _UNKNOWN = 101, 102, 100
_STOPS = frozenset([".", "!", "?", "…", "...", "”", '"', "''"])


@dataclass(frozen=True, slots=True)
class Window:
    """What the encoder takes in one pass: sub-tokens, their casing, and where each word begins and ends in them."""

    start: int  # first word, counted through the text
    fresh: int  # words at the begin that are context only
    breaks: tuple[int, ...]  # words, counted from `start`, at which a paragraph begins
    ids: list[int]
    cases: list[int]
    first: list[int]
    last: list[int]
    word_cases: list[int]

    @property
    def size(self) -> int:
        """Words."""
        return len(self.first)


@dataclass(slots=True)
class _Paragraph:
    start: int
    forms: list[list[int]]
    cases: list[int]
    stops: list[bool]


def make_windows(paragraphs: Sequence[Sequence[Word]], text: str, tokenizer: Tokenizer) -> Iterator[Window]:
    """Yield the windows of the words of paragraphs, in order; every word is fresh in exactly one of them."""
    waiting: list[_Paragraph] = []
    room = LONGEST - 1
    start = 0
    for words in paragraphs:
        if not words:
            continue
        paragraph = _prepare(words, text, start, tokenizer)
        start += len(words)
        size = sum(map(len, paragraph.forms)) + 1
        if size > room and waiting:
            yield _window(waiting, 0)
            waiting, room = [], LONGEST - 1
        if size > room:
            yield from _cut(paragraph)
        else:
            waiting.append(paragraph)
            room -= size
    if waiting:
        yield _window(waiting, 0)


def _prepare(words: Sequence[Word], text: str, start: int, tokenizer: Tokenizer) -> _Paragraph:
    spaces = [text[word.end : word.end + 1].isspace() for word in words]
    spaces[-1] = True
    forms, cases = model_forms([word.text for word in words], spaces)
    encoded = tokenizer.encode(forms, is_pretokenized=True, add_special_tokens=False)
    pieces: list[list[int]] = [[] for _ in words]
    for id, word in zip(encoded.ids, encoded.word_ids, strict=True):
        if len(pieces[word]) < _LONGEST_WORD:
            pieces[word].append(id)
    return _Paragraph(start, [p or [_UNKNOWN] for p in pieces], cases, [word.text in _STOPS for word in words])


def _cut(paragraph: _Paragraph) -> Iterator[Window]:
    begin = context = 0
    count = len(paragraph.forms)
    while begin < count:
        room, end, stop = LONGEST - 2 - sum(map(len, paragraph.forms[context:begin])), begin, begin
        while end < count and len(paragraph.forms[end]) <= room:
            room -= len(paragraph.forms[end])
            end += 1
            if end < count and paragraph.stops[end - 1] and not paragraph.stops[end]:
                stop = end
        if end < count and stop > begin:
            end = stop
        part = _Paragraph(paragraph.start + context, paragraph.forms[context:end], paragraph.cases[context:end], [])
        yield _window([part], begin - context)
        begin, context = end, max(context, end - _CONTEXT)


def _window(paragraphs: Sequence[_Paragraph], fresh: int) -> Window:
    ids, cases, first, last, word_cases, breaks = [_BEGIN], [0], [], [], [], []
    for number, paragraph in enumerate(paragraphs):
        if number:
            ids.append(_BREAK)
            cases.append(0)
        breaks.append(len(first))
        for pieces, case in zip(paragraph.forms, paragraph.cases, strict=True):
            first.append(len(ids))
            ids += pieces
            cases += [case] * len(pieces)
            last.append(len(ids) - 1)
            word_cases.append(case)
    ids.append(_BREAK)
    cases.append(0)
    return Window(paragraphs[0].start, fresh, tuple(breaks), ids, cases, first, last, word_cases)
