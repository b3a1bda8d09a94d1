"""Readings in a compact notation, for tests: what an engine would say about a text, written into the text.

`{person:Ann Lee}, a baker` marks a name; `{person?0.4:Ann}` one that the engine is not sure of. A parse is written
apart, a word after the other: `PROPN:compound:1 PROPN:nsubj:2 VERB:root:2` (tag, relation, number of the head).
"""

import re
from dataclasses import dataclass
from typing import Any

from flows.enrich.reading import NameRead, Range, Reading
from flows.enrich.structure import Paragraph, quoted_parts
from flows.enrich.words import split_words

_NAME = re.compile(r"\{(?P<type>[a-z]+)(?:\?(?P<sure>[0-9.]+))?:(?P<name>[^{}]+)\}")
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+[”\"’)]*)?")


@dataclass(frozen=True)
class Compact:
    """A text, its paragraphs and its reading."""

    text: str
    paragraphs: list[Paragraph]
    reading: Reading


def compact(marked: str, *, head: str = "", parse: str = "", **layers: Any) -> Compact:
    """Return text and reading of a marked text; a line is a paragraph.

    Args:
        head: a headline, marked as well.
        parse: tag, relation and head of every word.
        layers: further layers of the reading (`links`, `reports`), in words.
    """
    marked = f"{head}\n{marked}" if head else marked
    text, spans = _unmarked(marked)
    words = split_words(text)
    starts = {word.start: at for at, word in enumerate(words)}
    ends = {word.end: at + 1 for at, word in enumerate(words)}
    names = [NameRead((starts[start], ends[end]), type, sure) for start, end, type, sure in spans]
    paragraphs: list[Paragraph] = []
    paragraph_of: list[int] = []
    sentences: list[Range] = []
    for number, line in enumerate(re.finditer(r"[^\n]+", text)):
        quoted = tuple(quoted_parts(text, line.start(), line.end()))
        paragraphs.append(Paragraph(line.start(), line.end(), bool(head) and number == 0, (line.span(),), quoted))
        inside = [at for at, word in enumerate(words) if line.start() <= word.start < line.end()]
        paragraph_of += [number] * len(inside)
        sentences += _sentences(words, inside)
    parsed = [part.rsplit(":", 1) for part in parse.split()]
    assert len(parsed) in (0, len(words)), f"{len(parsed)} words are parsed, not {[w.text for w in words]}"
    tags = [label.partition(":")[0] for label, _ in parsed]
    relations = [label.partition(":")[2] for label, _ in parsed]
    heads = [int(to) for _, to in parsed]
    reading = Reading(words=words, paragraph_of=paragraph_of, sentences=sentences, tags=tags, heads=heads,
                      relations=relations, names=names, **layers)  # fmt: skip
    return Compact(text, paragraphs, reading)


def _unmarked(marked: str) -> tuple[str, list[tuple[int, int, Any, float]]]:
    pieces: list[str] = []
    spans: list[tuple[int, int, Any, float]] = []
    done = size = 0
    for match in _NAME.finditer(marked):
        pieces += (marked[done : match.start()], match["name"])
        size += match.start() - done
        spans.append((size, size + len(match["name"]), match["type"], float(match["sure"] or 0.95)))
        size += len(match["name"])
        done = match.end()
    pieces.append(marked[done:])
    return "".join(pieces), spans


def _sentences(words: Any, inside: list[int]) -> list[Range]:
    found: list[Range] = []
    begin = inside[0] if inside else 0
    for at in inside:
        last = at == inside[-1]
        stops = words[at].text in (".", "!", "?") and (last or words[at + 1].text not in ("”", '"'))
        stops = stops or (at > begin and words[at].text in ("”", '"') and words[at - 1].text in (".", "!", "?"))
        if last or stops:
            found.append((begin, at + 1))
            begin = at + 1
    return found
