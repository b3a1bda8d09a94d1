"""The words around a cue: the noun phrase that names the speaker, and adverbials that stand between."""

import re

from schemas.dispatch import Span

_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|yesterday|tomorrow"
_TIME = (
    rf"(?:(?:on|last|this|late|early|earlier|later|by|over|in)\s+)*(?:the\s+)?"
    rf"(?:{_DAY}|week|month|year|weekend|night|morning|afternoon|evening)(?:'s)?"
    r"(?:\s+(?:morning|afternoon|evening|night))?"
    r"|(?:on\s+)?(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,2}|earlier|later|recently"
)
# What may stand between the subject and its verb: Peskov *on Tuesday* described; the ministry *has repeatedly* said.
_BETWEEN = re.compile(
    rf"(?:^|[\s,]+)(?:{_TIME}|also|then|again|now|still|even|just|once|never|always|often|has|have|had|is|was|were|are|would|will"
    r"|could|may|might|did|does|do|not|been|being|first|himself|herself|both|all|[a-z]+ly)[\s,]*$"
)
_BOUNDARY = re.compile(
    r"[;:—–\n]|--|\.{3}|\s-\s|,\s|\b(?:but|that|as|while|when|which|because|after|before|if|since|until|although"
    r"|though|where|whether|so|with|than|yet|nor|what)\s", re.IGNORECASE,
)  # fmt: skip
_ABBREVIATIONS = frozenset(
    [
        "Sen",
        "Gov",
        "Rep",
        "Gen",
        "Col",
        "Lt",
        "Maj",
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "Capt",
        "Sgt",
        "Adm",
        "Prof",
        "Rev",
        "Brig",
    ]
)
_STOP_RIGHT = re.compile(
    r"[,.;:—–“”\"\n(!?]|--|\s(?:in|at|on|during|after|before|as|while|when|by|to|that|from|with|about|following|since"
    r"|through|via|last|this|late|early|and then|has|have|had|was|is|were|are|would|will|told|said|who|which|whose)\s"
)
_NO_SPEAKER = re.compile(
    r"^(?:[a-z]+ing|who|which|whose|there|here|this|these|those|to|of|by|if|not|in|on|at|[a-z]+ed)\b"
    r"|\b(?:was|were|is|are|had|has|have|been|be|would|will|could|can|did|does|do)\b|n[’']t\b"
)
_REACH = 400  # characters before a cue in which its subject is sought
_LEADING = re.compile(r"^(?:(?:and|but|so|yet|still|or|nor|then|also|however|meanwhile)\s+)+", re.IGNORECASE)
_ADVERBIAL_AFTER = re.compile(
    rf"\s*,?\s*(?:{_TIME}|in an? (?:[\w-]+ ){{0,3}}(?:statement|interview|speech|letter|report|briefing|address|message"
    r"|post|tweet|video|email|e-mail|note|telephone call|phone call|call|memo|broadcast|debate)"
    r"|in (?:parliament|Parliament|court|Congress)"
    r"|at an? (?:[\w-]+ ){0,4}(?:conference|briefing|meeting|rally|hearing|summit|event|ceremony)"
    r"|by (?:phone|telephone|email)|afterward|afterwards|again|repeatedly|also|further|bluntly|flatly|quietly|simply)"
    r"(?=[\s,:.])"
)


def subject_before(text: str, start: int, cue_start: int) -> Span | None:
    """Return the noun phrase that ends directly before a cue, adverbials aside; None if there is none.

    `Kremlin spokesman Dmitry Peskov on Tuesday described`; `Peskov, the Kremlin spokesman, said` gives `Peskov`.
    """
    start = max(start, cue_start - _REACH)
    end = _trim_right(text, start, cue_start)
    apposition = text[end : end + 1] == "," or text[start:cue_start].rstrip().endswith(",")
    pieces: list[Span] = []
    begin = start
    for boundary in _BOUNDARY.finditer(text, start, end):
        pieces.append((begin, boundary.start()))
        begin = boundary.end()
    pieces.append((begin, end))
    whole = _clean(text, *pieces[-1])
    if apposition and len(pieces) > 1:
        before = _clean(text, *pieces[-2])
        if before and text[before[1] : pieces[-1][0]].strip() == "," and _looks_like_name(text[slice(*before)]):
            return before
    return whole if whole and _names_somebody(text[slice(*whole)]) else None


def _names_somebody(phrase: str) -> bool:
    """Tell whether a phrase may name a speaker: a short one without a verb, that does not begin like a clause."""
    return len(phrase.split()) <= 14 and any(map(str.isalpha, phrase)) and not _NO_SPEAKER.search(phrase)


def subject_behind(text: str, cue_end: int, stop: int) -> Span | None:
    """Return the noun phrase that follows a cue: `said Senator Richard Blumenthal of Connecticut, who ...`."""
    match = _STOP_RIGHT.search(text, cue_end + 1, stop)
    while match and match[0] == "." and _is_abbreviation(text, match.start()):
        match = _STOP_RIGHT.search(text, match.end(), stop)
    return _clean(text, cue_end, match.start() if match else stop)


def skip_adverbials(text: str, offset: int, stop: int) -> int:
    """Return the offset behind times and occasions that follow a cue: `announced in parliament on Monday that`."""
    while match := _ADVERBIAL_AFTER.match(text, offset, stop):
        offset = match.end()
    return offset


def _trim_right(text: str, start: int, end: int) -> int:
    while start < end and text[end - 1] in " ,\u00a0":
        end -= 1
    while (match := _BETWEEN.search(text, start, end)) and match.start() >= start:
        if match.start() == match.end():
            break
        end = match.start()
        while start < end and text[end - 1] in " ,\u00a0":
            end -= 1
        if match.start() <= start:
            break
    return end


def _clean(text: str, start: int, end: int) -> Span | None:
    while start < end and (text[start].isspace() or text[start] in ",\"“”'’"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ',"“”'):
        end -= 1
    if lead := _LEADING.match(text[start:end]):
        start += lead.end()
    return (start, end) if start < end else None


def _looks_like_name(phrase: str) -> bool:
    return bool(re.search(r"[A-Z][^\s]*$", phrase))


def _is_abbreviation(text: str, dot: int) -> bool:
    word = re.search(r"\w+$", text[max(0, dot - 6) : dot])
    return word is not None and (len(word[0]) == 1 or word[0] in _ABBREVIATIONS)
