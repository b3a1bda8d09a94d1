"""Contexts in which a variant stays: the evidence in the text around a hit, judged by the gazetteer's own data.

Every function answers with a short reason (`ship/aircraft carrier`) or None; the words themselves stand in
`config/gazetteer/contexts.yml` and in the entries.
"""

import re
from functools import lru_cache

from flows.gazetteer import Form, Gazetteer
from flows.gazetteer.evidence import Surroundings, ends_with, folded_phrases, starts_with
from flows.gazetteer.fold import fold
from schemas.gazetteer import Entry

_BESIDE = 45  # characters between a variant and its canonical name in a sentence about spelling
_APART = re.compile(r"[.!?]\s|\n|--|[—–_]\s|\s-\s")
_STATE = re.compile(r",\s((?:North |South |West |New |British |Rhode |District of )?[A-Z][\w.]+)")
_OPENING, _CLOSING = ("“", "‘", '"'), ("”", "’", '"')
_REACH = 80  # characters looked at before and behind a hit
_YEAR = re.compile(r"(?<![\d.,:$€£-])(1[0-9]{3}|20[0-9]{2})(?![\d:]|,\d|\.\d|%| (?:people|troops|soldiers|miles|km))")
_URL = re.compile(
    r"(?:https?|ftp|sftp|s3)://|\bwww\.|@|#|\\|_|[\w-]+\.(?:com|org|net|info|gov|edu|int|html?|php)\b", re.IGNORECASE
)
_FILE = re.compile(r"\.[a-z0-9]{1,10}\b")
_PATH = re.compile(r"(?:~|\.{0,2}|[A-Za-z]:)/\w|[\w/-]+\.[a-z][a-z0-9]{1,4}[.,;:)]?$")


def inside_address(text: str, start: int, end: int) -> str | None:
    """A URL, an e-mail address, a handle, a hashtag or a file name: `https://kiev.example`, `#Kiev`, `Kiev.jpg`."""
    left = start
    while left and not text[left - 1].isspace() and start - left < 300:
        left -= 1
    right = end
    while right < len(text) and not text[right].isspace() and right - end < 300:
        right += 1
    if right - left == end - start:
        return None
    if _URL.search(text, left, right):
        return "address"
    if _PATH.match(text[left:right].lstrip("\"'“‘(")):
        return "file name"
    return "file name" if _FILE.match(text, end) and text[end : end + 2] != ". " else None


def named(around: Surroundings, start: int, end: int) -> str | None:
    """A name talked about as a name: `known as Nur-Sultan from 2019`."""
    contexts = around.gazetteer.contexts
    before = fold(around.text[max(0, start - _REACH) : start])
    found = ends_with(before, contexts.named_before)
    if not found:
        found = starts_with(fold(around.text[end : end + _REACH]).lstrip("\"'”’»)"), contexts.named_after)
    return f"name/{found.strip()}" if found else None


def beside_canonical(around: Surroundings, form: Form, start: int, end: int) -> str | None:
    """A variant beside its canonical name, or alone in quotation marks: `Kyiv rather than Kiev`, `“Kiev” is Russian`.

    A sentence that prints both spellings talks about the spelling; a dateline is no part of the sentence.
    """
    text = around.text
    if text[start - 1 : start] in _OPENING and text[end : end + 2].lstrip(",.")[:1] in _CLOSING:
        return "name/in quotation marks"
    target = form.target or ""
    before, behind = text[max(0, start - _BESIDE) : start], text[end : end + _BESIDE]
    for gap in (before.rpartition(target)[2] if target in before else None,
                behind.partition(target)[0] if target in behind else None):  # fmt: skip
        if gap is not None and not _APART.search(gap):
            return f"name/beside {target}"
    return None


def other_state(around: Surroundings, entry: Entry, end: int) -> str | None:
    """A namesake in a state or province of another country: `Calcutta, Ohio`."""
    match = _STATE.match(around.text, end)
    if not match:
        return None
    known = around.gazetteer.known
    for form in known.forms_of(match[1]) or known.forms_of(match[1].rstrip(".")):
        region = around.gazetteer.entries[form.entry_id]
        if region.kind in ("state", "province") and form.kind in ("name", "alias") and region.country != entry.country:
            return f"homonym/{match[1]}"
    return None


def ship(around: Surroundings, start: int, end: int) -> str | None:
    """The name of a ship or of its class: `the aircraft carrier Kiev`, `Kiev-class`."""
    contexts = around.gazetteer.contexts
    found = ends_with(fold(around.text[max(0, start - _REACH) : start]), contexts.ship_before)
    if not found:
        found = starts_with(fold(around.text[end : end + 20]), contexts.ship_after)
    return f"ship/{found.strip()}" if found else None


def title(around: Surroundings, start: int) -> str | None:
    """Inside the quoted title of a work: `the novel “Odessa Stories”`."""
    text = around.text
    for mark in range(start - 1, max(-1, start - _REACH), -1):
        if text[mark] in '"“«‘' or (text[mark] == "'" and not text[mark - 1 : mark].isalnum()):
            before = fold(text[max(0, mark - 40) : mark]).rstrip(" ,:")
            found = ends_with(before, around.gazetteer.contexts.title_before)
            return f"title/{found}" if found else None
        if text[mark] in "”»\n":
            return None
    return None


def surname(around: Surroundings, start: int) -> str | None:
    """A person surnamed like a place: `Mr. Kiev`, `Jack London`."""
    contexts = around.gazetteer.contexts
    before = around.text[max(0, start - 30) : start]
    if not before.endswith((" ", "\u00a0")):
        return None
    word = before.split()[-1] if before.split() else ""
    if word in contexts.person_titles:
        return f"person/{word}"
    return f"person/{word}" if word in given_names(around.gazetteer) else None


@lru_cache(maxsize=4)
def _words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


def given_names(gazetteer: Gazetteer) -> frozenset[str]:
    """Return the given names that the gazetteer knows of."""
    return _words(gazetteer.contexts.given_names)


def historic(around: Surroundings, form: Form, start: int) -> str | None:
    """A renamed place in a plainly historic sentence: `Leningrad` beside 1943 or the Soviet army."""
    if form.until is None:
        return None
    sentence = around.sentence(start)
    for year in _YEAR.findall(sentence):
        if int(year) < form.until:
            return f"history/{year}"
    found = _first_phrase(sentence, around.gazetteer.contexts.historic)
    return f"history/{found}" if found else None


@lru_cache(maxsize=8)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(re.escape(phrase) for phrase in sorted(folded_phrases(phrases), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)" if words else r"(?!)")


def _first_phrase(text: str, phrases: tuple[str, ...]) -> str | None:
    match = _pattern(phrases).search(fold(text))
    return match[0] if match else None
