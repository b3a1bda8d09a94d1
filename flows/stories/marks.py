"""Marks that wires set before a headline or behind a slug, to say what this version does to its story.

`UPDATE 1-Oil slips`, `CORRECTED-UPDATE 2-Oil slips`, `REFILE-Oil slips`, `WRAPUP 3-Oil slips`, `RPT-Oil slips`,
`KILL: Oil slips`, `BC-Oil-Prices, 2nd Ld-Writethru, 350`, `OIL-PRICES/ (UPDATE 1, PIX, CORRECTED)`.
"""

import re
from typing import Literal, NamedTuple

Kind = Literal["update", "correction", "repeat", "kill", "advisory", "label"]

# A word of `label` says how urgent or whose a story is: no revision, and no part of what the headline tells.
_WORDS: dict[Kind, str] = {
    "kill": r"(?:BULLETIN |URGENT |MANDATORY )?KILL(?: MANDATORY)?|(?:(?:STORY|ITEM) )?WITHDRAWN|WITHDRAWAL",
    "advisory": r"(?:EDITORS'? )?ADVISORY",
    "correction": r"CORRECT(?:ED|ION|IVE|S)(?:[ ]?\((?:OFFICIAL|TITLE|TEXT)\))?|REFILED?|AMENDED|CLARIFI(?:ED|CATION)",
    "update": (
        r"UPDATED?(?: ?\d+)?|WRAPUP(?: ?\d+)?|RECASTS?|(?:\d+(?:ST|ND|RD|TH) )?(?:WRITE-?THRU|L(?:EA)?D-WRITE-?THRU)"
        r"|LEAD \d+|\d+(?:ST|ND|RD|TH) L(?:EA)?D|TAKE \d+|ADDS?|NEW LEAD"
    ),
    "repeat": r"RPT|REPEATS?|RESENDING|RETRANSMISSION",
    "label": r"URGENT|BULLETIN|FLASH|ALERT|SNAP|NEWSALERT|NEWSBREAK|EXCLUSIVE|BREAKING(?: NEWS)?|PIX|TV|VIDEO|GRAPHIC",
}
_BY_KIND = {kind: re.compile(rf"(?:{words})", re.IGNORECASE) for kind, words in _WORDS.items()}
_ANY = "|".join(f"(?:{words})" for words in _WORDS.values())
# In capitals before a dash or a colon; in small letters before a colon only: `Update: Ferry found`.
_BEFORE = re.compile(
    rf"\s*(?:(?P<mark>{_ANY})\s*(?::+\s*|--+\s*|[–—]\s*|-\s*(?=\S))"
    r"|(?P<small>(?i:updated?|correct(?:ed|ion)|kill|advisory|writethru|clarification|(?:story|item) withdrawn))\s*:\s"
    rf"|[\[(](?P<framed>{_ANY})[\])]\s*:?\s+)"
)
_BEHIND = re.compile(
    rf"\s*(?:[\[(](?P<framed>{_ANY})[\])]|\s--?\s*(?P<mark>{_ANY})"
    r"|,\s*(?P<lead>(?i:\d+(?:st|nd|rd|th) Ld(?:-Writethru)?)))\s*$"
)
_SLUG = re.compile(r"(?P<base>[^,(]*)(?P<rest>.*)", re.DOTALL)
# `BC-EU--Italy-Quake, 3rd Ld-Writethru, 0872`, as AP's text wires begin; `AM-Ferry`, `PM-Ferry, 1st Ld`; and without a
# cycle where a mark follows: `Israel-Gaza-Talks, 2nd Ld`
_SLUGLINE = re.compile(
    r"(?:BC|AM|PM|AP)-{1,2}[A-Z][\w.&'’-]*(?:[ -][A-Z][\w.&'’-]*){0,4}(?:,[ ]?[\w .-]{1,40}){0,4}"
    r"|[A-Z][\w.&'’]*(?:--?[A-Z][\w.&'’]*){1,5},[ ]?\d+(?:st|nd|rd|th) (?:Ld|Lead)(?:-Writethru)?"
    r"(?:,[ ]?[\w .-]{1,40}){0,2}"
)
_CYCLE = re.compile(r"^(?:AM|PM|BC|AP|a\d{4})[-_](?=\S)", re.IGNORECASE)


class Marked(NamedTuple):
    """A headline or slug without its marks, and what the marks say."""

    bare: str
    kinds: frozenset[Kind]


def read_headline(headline: str | None) -> Marked:
    """Return a headline without the marks before and behind it, and their kinds.

    `CORRECTED-UPDATE 2-Oil slips` -> `Oil slips`, correction and update.
    """
    bare, kinds = (headline or "").strip(), set[Kind]()
    while match := _BEFORE.match(bare) or _BEHIND.search(bare):
        found = match.groupdict()
        mark = found.get("mark") or found.get("small") or found.get("framed") or found.get("lead") or ""
        rest = bare[match.end() :] if match.start() == 0 else bare[: match.start()]
        kinds.add(_kind(mark))
        bare = rest.strip()
    return Marked(bare, frozenset(kinds))


def read_slug(slug: str | None) -> Marked:
    """Return a slug without its marks, its cycle and its word count, and the kinds of the marks.

    `BC-Oil-Prices, 2nd Ld-Writethru, 350` -> `Oil-Prices`, update.
    """
    match = _SLUG.match((slug or "").strip())
    assert match  # every part of it may be empty
    parts = [part.strip() for part in re.split(r"[,()]", match["rest"]) if part.strip()]
    head = read_headline(match["base"])
    kinds = {_kind(part) for part in parts if _whole(part)} | head.kinds
    return Marked(_CYCLE.sub("", head.bare.strip(" /")), frozenset(kinds))


def is_slugline(line: str) -> bool:
    """Tell whether a line is the slug above the headline of a text wire: `BC-EU--Italy-Quake, 3rd Ld-Writethru`."""
    return _SLUGLINE.fullmatch(line.strip()) is not None


def kind_of_line(line: str) -> Kind | None:
    """Return the kind of a line that is a mark and nothing else: `URGENT` above a headline, `CORRECTION`."""
    bare = line.strip().strip("*=-:[]() ")
    return _kind(bare) if bare.isupper() and _whole(bare) else None


def _kind(mark: str) -> Kind:
    return next(kind for kind, words in _BY_KIND.items() if words.fullmatch(mark.strip()))


def _whole(part: str) -> bool:
    return any(words.fullmatch(part) for words in _BY_KIND.values())
