"""Editors' notes: what they look like, and what they say this version does to its story.

`(In Jan. 3 story, corrects last paragraph to say ...)`, `(Corrects spelling of name)`, `(Adds comment by minister)`,
`Eds: UPDATES with quotes`, `(Repeats for wider distribution)`.
"""

import re

from flows.stories.marks import Kind

_VERBS: dict[Kind, str] = {
    "correction": r"correct(?:s|ed|ing|ion)|refil(?:es|ed|ing)|clarif(?:ies|ied|ying)|amends|fixes|removes|deletes",
    "update": r"updat(?:es?|ed|ing)|adds|adding|recasts?|inserts|writes through|with (?:new )?(?:quotes|details)",
    "repeat": r"repeats?|repeating|resends?|resending|retransmits",
}
_OPENS = (
    r"In (?:an? |the )?[A-Z][^()\n]{0,40}?(?:story|item|dispatch|report)\b|Correct|Adds|Updat|Refil|Recast|Repeat"
    r"|Resend|Editor|Eds|Note|This (?:is a|story|item|version|dispatch)|Story (?:has been|was)|Clarif|Amends|Removes"
    r"|Deletes|Inserts|Embargo|EMBARGO|Hold for"
)
NOTE = re.compile(
    rf"[(\[](?:{_OPENS}|(?:CORRECT|ADDS|UPDAT|REFIL|RECAST|REPEAT)[A-Z]*\b)[^()\[\]\n]*(?:[(\[][^()\[\]\n]*[)\]][^()\[\]\n]*)*[)\]]"
    r"|(?:Eds|EDS|Editors?|EDITORS?|Editor's note|EDITOR'S NOTE)[ ]?(?::|--|—)[^\n]*"
)
"""An editor's note at the head of a text: in brackets, or a line that begins with `Eds:`."""
_IN_STORY = re.compile(r"\W*in (?:an? |the )?[\w. ]{2,40}?(?:story|item|dispatch|report)\b,?\s*", re.IGNORECASE)
_START = re.compile(
    r"\W*(?:(?:editor's note|eds|editors?|note)\W+)?(?:this (?:story|version|item) )?(?:has been )?", re.IGNORECASE
)
_SAYS = {kind: re.compile(rf"(?:{words})\b", re.IGNORECASE) for kind, words in _VERBS.items()}


def note_kind(note: str | None) -> Kind | None:
    """Return what a note says of its version: its first verb tells."""
    if not note:
        return None
    start = _START.match(note)
    at = start.end() if start else 0
    if story := _IN_STORY.match(note, 0):
        at = story.end()
    for kind, says in _SAYS.items():
        if says.match(note, at):
            return kind
    return None
