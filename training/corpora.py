"""Corpora: files of three kinds -> texts in words with whatever layers of gold they carry.

CoNLL-U (part of speech, parse, sentences, coreference), JSON lines of tagged words (names), and marked-up dispatches
(names, reported speech, references). Which corpora there are, and under which licences, stands in CORPORA.md.
"""

import json
import re
import xml.etree.ElementTree as ET
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flows.enrich.words import split_words

NAME_TYPES = ("person", "organization", "place", "group", "event", "weapon", "work")
_TAGGED = {"PERSON": "person", "ORG": "organization", "LOC": "place", "NORP": "group", "EVENT": "event", "WORK": "work"}
MARKED = {"per": "person", "org": "organization", "loc": "place", "grp": "group", "evt": "event", "wpn": "weapon",
           "wrk": "work"}  # fmt: skip
PRONOUNS = frozenset(
    ["he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself", "they", "them", "their",
     "theirs", "themselves", "who", "whom", "whose"]
)  # fmt: skip
HELD_OUT = {
    "bodies": 10,
    "institutions": 12,
    "plain": 12,
    "politics": 10,
    "sites": 12,
    "speech": 10,
}  # every tenth of these, every fifth of the other folders
OWN = Path(__file__).parent / "dispatches"
Range = tuple[int, int]  # of words, half-open


@dataclass
class Report:
    """Reported speech in words: its cue and source, where there are any, and the parts of its content."""

    cue: Range | None
    source: Range | None
    content: list[Range]


@dataclass
class Text:
    """Running text in words. A layer that its corpus does not have is None."""

    corpus: str
    id: str
    words: list[str]
    spaces: list[bool]  # white space, or the end of the paragraph, follows
    breaks: list[bool]  # a paragraph begins here
    sentences: list[bool] | None = None  # a sentence begins here
    tags: list[str] | None = None
    heads: list[int] | None = None  # index of the head in the text; its own for a root
    relations: list[str] | None = None
    names: list[tuple[int, int, str]] | None = None
    name_types: tuple[str, ...] = NAME_TYPES  # the types that were looked for
    unsure: frozenset[int] = frozenset()  # words of which the corpus does not tell whether they are names
    reports: list[Report] | None = None
    links: dict[int, list[int]] | None = None  # word that refers -> words of what it refers to; [] for a first mention
    offsets: list[Range] = field(default_factory=list)


@dataclass(frozen=True, order=True)
class Mention:
    """A mention of CoNLL-U's column 10: the words that carry it, and its type."""

    heads: list[int]
    type: str


# --- CoNLL-U ---------------------------------------------------------------------------------------------------------

_BLOCK = re.compile(r"\b(?:p|head|figure|caption|item|list|quote|lg|note|table|row|cell)\b[^|]*\((\d+) s\)")


def read_conllu(path: Path, corpus: str) -> Iterator[Text]:
    """Yield the documents of a CoNLL-U file; coreference is read where column 10 has it.

    GUM tells the sentences of a block where it begins, so a paragraph also begins where a block within one ends:
    `# newpar_block = p (7 s) | figure (1 s) | caption (1 s)` is a caption, and six sentences below it.
    """
    text, opened = _fresh(corpus, path.stem), {}
    chains: dict[str, list[Mention]] = {}
    block: list[str] = []
    left: list[int] = []  # sentences, of the blocks that are open
    new_paragraph = True
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("# newdoc"):
            if text.words:
                yield _with_mentions(text, chains)
            text, opened, chains = _fresh(corpus, line.partition("= ")[2] or path.stem), {}, {}
            new_paragraph = True
        elif line.startswith("# newpar"):
            new_paragraph = True
            left += [int(count) for count in _BLOCK.findall(line)]
        elif line.startswith("#"):
            continue
        elif line:
            block.append(line)
        elif block:
            _add_sentence(text, block, opened, chains, new_paragraph=new_paragraph)
            block, new_paragraph = [], 1 in left
            left = [count - 1 for count in left if count > 1]
    if text.words:
        yield _with_mentions(text, chains)


def _fresh(corpus: str, id: str) -> Text:
    return Text(corpus, id, [], [], [], sentences=[], tags=[], heads=[], relations=[])


def _add_sentence(
    text: Text, block: list[str], opened: dict[str, list[tuple[int, str]]], chains: dict[str, list[Mention]], *,
    new_paragraph: bool,
) -> None:  # fmt: skip
    assert text.sentences is not None
    assert text.tags is not None
    assert text.heads is not None
    assert text.relations is not None
    base, inside, glued_until = len(text.words), 0, False
    for line in block:
        number, form, _, tag, _, _, head, relation, _, misc = line.split("\t")
        if "." in number:
            continue
        if "-" in number:
            inside, glued_until = int(number.partition("-")[2]), "SpaceAfter=No" in misc
            continue
        at = int(number)
        space = "SpaceAfter=No" not in misc
        if at < inside:
            space = False
        elif at == inside:
            space = not glued_until
        text.words.append(form)
        text.spaces.append(space)
        text.breaks.append(at == 1 and new_paragraph)
        text.sentences.append(at == 1)
        text.tags.append(tag)
        text.heads.append(base + int(head) - 1 if head != "0" else base + at - 1)
        text.relations.append(relation)
        _mentions(misc, base + at - 1, opened, chains)


_BRACKET = re.compile(r"\(([^()]+)\)|\(([^()]+)|([^()]+)\)")


def _mentions(misc: str, at: int, opened: dict[str, list[tuple[int, str]]], chains: dict[str, list[Mention]]) -> None:
    column = re.search(r"(?:^|\|)Entity=([^|]+)", misc)
    if not column:
        return
    for whole, begin, end in _BRACKET.findall(column[1]):
        if whole:
            _close(whole, at, at, chains)
        elif begin:
            opened.setdefault(begin.partition("-")[0], []).append((at, begin))
        elif opened.get(end):
            start, label = opened[end].pop()
            _close(label, start, at, chains)


def _close(label: str, start: int, end: int, chains: dict[str, list[Mention]]) -> None:
    parts = label.split("-")
    if len(parts) < 6:
        return
    heads = [start + int(n) - 1 for n in parts[5].split(",") if n.isdigit() and int(n) <= end - start + 1]
    chains.setdefault(parts[0].partition("[")[0], []).append(Mention(heads or [start], parts[1]))


def _with_mentions(text: Text, chains: dict[str, list[Mention]]) -> Text:
    """Add the references and the names that the mentions of a text show."""
    if not chains:
        return text
    assert text.tags is not None
    text.links = {}
    for mentions in chains.values():
        mentions.sort()
        for number, mention in enumerate(mentions):
            word = mention.heads[-1]
            if text.tags[word] == "PRON" and text.words[word].lower() not in PRONOUNS:
                continue
            if text.tags[word] not in ("PRON", "NOUN"):
                continue
            text.links[word] = [w for earlier in mentions[:number] for w in earlier.heads if w < word]
    _names_of_mentions(text, [mention for mentions in chains.values() for mention in mentions])
    return text


def _names_of_mentions(text: Text, mentions: list[Mention]) -> None:
    """Names of persons, organizations and places: the heads of a mention where all of them are proper nouns.

    "the Society of the Cincinnati" has the heads "Society" and "Cincinnati". Groups and other proper nouns are not
    told by the corpus, nor where a title ends ("Justice Thomas"): those words are unsure.
    """
    assert text.tags is not None
    found: list[tuple[int, int, str]] = []
    for mention in sorted(mentions):
        start, end = mention.heads[0], mention.heads[-1] + 1
        inner = [text.tags[at] for at in range(start, end)]
        if (
            mention.type in ("person", "organization", "place")
            and all(text.tags[at] == "PROPN" and text.words[at][:1].isupper() for at in mention.heads)
            and all(tag == "PROPN" or text.words[start + n].lower() in _INSIDE for n, tag in enumerate(inner))
            and not _TITLE.match(text.words[start])
            and not (mention.type != "organization" and (text.words[end - 1].endswith("s") or "CCONJ" in inner))
            and not (mention.type == "person" and {"ADP", "DET"} & set(inner))
            and not (found and start < found[-1][1])
        ):  # fmt: skip
            found.append((start, end, mention.type))
    named = {at for start, end, _ in found for at in range(start, end)}
    capital = {at for at, word in enumerate(text.words) if word[:1].isupper() and text.tags[at] in ("ADJ", "NOUN")}
    text.names, text.name_types = found, ("person", "organization", "place", "group")
    text.unsure = frozenset(({at for at, tag in enumerate(text.tags) if tag == "PROPN"} | capital) - named)


_INSIDE = frozenset(["of", "for", "the", "and", "&", "de", "du", "la", "-", "–", "'", "’", "."])  # a name
_TITLE = re.compile(
    r"(?:(?:M[rx]s?|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Capt|St|Rev|Hon)\.?|President|Prime|Vice|Minister|Justice|Judge|King"
    r"|Queen|Prince(?:ss)?|Lord|Lady|Sir|Professor|Secretary|General|Senator|Chief|Pope|Bishop|Emperor|Saint|Captain"
    r"|Governor|Mayor|Count|Duke|Father|Mother|Brother|Sister|Uncle|Aunt|God|Mom|Dad|The)$"
)


# --- tagged words ----------------------------------------------------------------------------------------------------


def read_tagged(path: Path, corpus: str) -> Iterator[Text]:
    """Yield the examples of a file of `{words, spaces, ents: [[start, end, label]]}`, one a line; UNSURE: not told."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            data = json.loads(line)
            names = [(start, end, _TAGGED[label]) for start, end, label in data["ents"] if label != "UNSURE"]
            unsure = {at for start, end, label in data["ents"] if label == "UNSURE" for at in range(start, end)}
            breaks = [i == 0 for i in range(len(data["words"]))]
            yield Text(corpus, f"{corpus}-{number}", data["words"], data["spaces"], breaks, names=names,
                       name_types=("person", "organization", "place", "group"), unsure=frozenset(unsure))  # fmt: skip


def read_silver(path: Path) -> Iterator[Text]:
    """Yield the texts of a file of `training.silver`."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            data = json.loads(line)
            yield Text("silver", f"silver-{number}", data["words"], data["spaces"], data["breaks"],
                       sentences=data["sentences"], tags=data["tags"], heads=data["heads"],
                       relations=data["relations"], names=[(s, e, t) for s, e, t in data["ents"]],
                       unsure=frozenset(data["unsure"]))  # fmt: skip


# --- marked-up dispatches --------------------------------------------------------------------------------------------


def read_dispatch(path: Path) -> Text:
    """Return a marked-up dispatch; the tags are described in dispatches/README.md."""
    root = ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 - files of our own
    pieces: list[str] = []
    found: list[tuple[str, int, int, dict[str, str]]] = []
    walk(root, pieces, found)
    body = "".join(pieces)
    text = Text("dispatches", root.get("id") or path.stem, [], [], [], names=[], reports=[], links={})
    for line in re.finditer(r"[^\n]+", body):
        for number, word in enumerate(split_words(body, line.start(), line.end())):
            text.words.append(word.text)
            text.offsets.append((word.start, word.end))
            text.spaces.append(word.end >= line.end() or body[word.end].isspace())
            text.breaks.append(number == 0)
    _mark(text, found)
    return text


def split_dispatches() -> tuple[list[Path], list[Path]]:
    """Return the marked-up dispatches to train on and those held out: every fifth of a folder, or as HELD_OUT says."""
    train: list[Path] = []
    held: list[Path] = []
    for folder in sorted(path for path in OWN.iterdir() if path.is_dir()):
        for number, path in enumerate(sorted(folder.glob("*.xml")), 1):
            (train if number % HELD_OUT.get(folder.name, 5) else held).append(path)
    return train, held


def walk(element: ET.Element, pieces: list[str], found: list[tuple[str, int, int, dict[str, str]]]) -> None:
    """Append an element's text to `pieces`, and its tags, where they stand, to `found`."""
    pieces.append(element.text or "")
    for child in element:
        start = sum(map(len, pieces))
        walk(child, pieces, found)
        found.append((child.tag, start, sum(map(len, pieces)), dict(child.attrib)))
        pieces.append(child.tail or "")


def _mark(text: Text, found: list[tuple[str, int, int, dict[str, str]]]) -> None:
    assert text.names is not None
    assert text.reports is not None
    assert text.links is not None
    starts = [start for start, _ in text.offsets]
    reports: dict[str, Report] = {}
    known: dict[str, list[int]] = {}
    for tag, start, end, at in sorted(found, key=lambda f: (f[1], -f[2])):
        words = _range(text, starts, start, end)
        if words[0] >= words[1]:
            continue
        if tag in MARKED:
            text.names.append((*words, MARKED[tag]))
            if at.get("id"):
                known.setdefault(at["id"], []).extend(range(*words))
        elif tag == "ref" and at.get("id"):
            head = _head(text, words)
            text.links[head] = [w for w in known.get(at["id"], []) if w < head]
            known.setdefault(at["id"], []).append(head)
        elif tag in ("q", "src", "cue"):
            report = reports.setdefault(at["id" if tag == "q" else "q"], Report(None, None, []))
            if tag == "q":
                report.content.append(words)
            elif tag == "src":
                report.source = words
            else:
                report.cue = words
    for report in reports.values():
        if report.cue is None and report.source:
            report.cue = _mark_as_cue(text, report.source)
    text.links = {word: links for word, links in text.links.items() if links}
    text.reports = [report for report in reports.values() if report.content]
    text.names.sort()


def _mark_as_cue(text: Text, source: Range) -> Range | None:
    """The colon of `BRANDT: I never said that.` or the dash of a signature does what a cue does."""
    if source[1] < len(text.words) and text.words[source[1]] == ":":
        return source[1], source[1] + 1
    if source[0] and text.words[source[0] - 1] in ("—", "–", "-", "--"):
        return source[0] - 1, source[0]
    return None


def _range(text: Text, starts: list[int], start: int, end: int) -> Range:
    first = bisect_right(starts, start) - 1
    if first < 0 or text.offsets[first][1] <= start:
        first += 1
    last = bisect_right(starts, end - 1)
    return first, last


def _head(text: Text, words: Range) -> int:
    """The word that carries a description, about: the last one before a preposition or a comma."""
    for at in range(words[0] + 1, words[1]):
        if text.words[at].lower() in (",", "of", "for", "in", "at", "from", "to", "on", "who", "with"):
            return at - 1
    return words[1] - 1
