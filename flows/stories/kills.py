"""Notices that withdraw a story, and the story that they name.

`KILL: Ferry sinks off Lindholm`, `BULLETIN KILL`, `ADVISORY: Ferry story is withdrawn`, `Kill mandatory`,
`The story headlined "Ferry sinks off Lindholm" is withdrawn and no substitute story will be issued.`
"""

import re

from flows.stories.marks import read_headline, read_slug
from flows.stories.notes import note_kind

_ITEM = r"(?:story|stories|item|dispatch|article|report|version|copy|headline|brief|alert)"
_IS = r"(?:is|are|has been|have been|should be|must be)(?: hereby| being)?"
# `mandatory kill` only as a line of its own: a town may order the mandatory kill of its geese.
_MANDATORY = re.compile(r"\bkill (?:is )?mandatory\b|^\W*(?:mandatory|bulletin) kill\W*$", re.IGNORECASE | re.MULTILINE)
# `killed` stands directly behind the story: `the story on clashes in which two have been killed` withdraws nothing.
_WITHDRAWS = re.compile(
    rf"\b{_ITEM}\b(?:\s+(?:on|about|of|from|headlined|slugged|titled|datelined|by|[\"“'‘(])[^.\n]{{0,160}}?)?,?\s+"
    rf"{_IS} (?:withdrawn|retracted|eliminated)\b"
    rf"|\b{_ITEM}\s+{_IS} killed\b"
    rf"|\bno substitute (?:{_ITEM} )?will be (?:issued|sent|filed)\b"
    rf"|^\W*(?:(?:eds|editors?|attention editors)\W+)?(?:please )?(?:kill|withdraw) (?:the |this |our )?"
    rf"(?:[^.\n]{{0,120}}?\b)?{_ITEM}\b",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"“([^”\n]{8,200})”|\"([^\"\n]{8,200})\"|«([^»\n]{8,200})»|‘([^’\n]{12,200})’")
_SLUGGED = re.compile(r"\bslug(?:ged|line)?:?\s+[“\"'‘]?([A-Z][\w./-]*(?:--?[\w./]+)*)", re.IGNORECASE)
_TAIL = re.compile(
    rf"[,;:\s-]*(?:\b(?:the |this |our )?(?:{_ITEM}\b)?\s*(?:{_IS} |to be )?(?:withdrawn|killed|retracted)\b.*"
    rf"|\bno substitute .*)$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    rf"^(?:(?:the |this )?{_ITEM}\s+(?:on|about|headlined|titled)\s+|{_ITEM} withdrawn\s*[:-]\s*)", re.IGNORECASE
)
_NOTICE_WORDS = 150  # a notice is short; in a long text somebody else withdraws a story
_HEAD_WORDS = 2


def is_kill(headline: str | None, slugline: str | None, ed_note: str | None, text: str) -> bool:
    """Tell whether the words of a dispatch withdraw a story.

    A mark in headline or slug is enough. What the body says counts in a short notice under `ADVISORY`, or with
    `kill mandatory` or `no substitute` in it: a report that a newspaper withdrew a story is none.
    """
    kinds = read_headline(headline).kinds | read_slug(slugline).kinds
    if "kill" in kinds:
        return True
    note = ed_note or ""
    if note_kind(note) is None and (_MANDATORY.search(note) or _WITHDRAWS.search(note)):
        return True
    if len(text.split(None, _NOTICE_WORDS)) > _NOTICE_WORDS:
        return False
    head = f"{headline or ''}\n{text[:2000]}"
    if _MANDATORY.search(head):
        return True
    withdraws = _WITHDRAWS.search(head)
    return bool(withdraws) and ("advisory" in kinds or "substitute" in head.lower())


def named_headlines(headline: str | None, ed_note: str | None, text: str) -> tuple[str, ...]:
    """Return the headlines that a kill may mean: its own without marks, and those that it quotes."""
    bare = read_headline(headline).bare
    own = _LEAD.sub("", _TAIL.sub("", bare)).strip(" '\"“”‘’.")
    quoted = _QUOTED.finditer(f"{headline or ''}\n{ed_note or ''}\n{text[:2000]}")
    names = [own, *(read_headline(next(filter(None, match.groups()))).bare.rstrip(" ,.") for match in quoted)]
    return tuple(dict.fromkeys(name for name in names if len(name.split()) >= _HEAD_WORDS))


def named_slugs(slugline: str | None, ed_note: str | None, text: str) -> tuple[str, ...]:
    """Return the slugs that a kill may mean: its own, and those behind `slugged`."""
    found = [read_slug(slugline).bare] if slugline else []
    found += [read_slug(match[1].rstrip(".")).bare for match in _SLUGGED.finditer(f"{ed_note or ''}\n{text[:2000]}")]
    return tuple(dict.fromkeys(slug for slug in found if slug))
