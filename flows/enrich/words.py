"""Words: a paragraph -> its words as Universal Dependencies cuts them (EWT and GUM), and what the model sees of each.

Punctuation stands alone, clitics are cut off (`Russia|'s`, `do|n't`), and so are hyphens, but for prefixes and
transliterated given names (`anti-missile` stays, `five|-|year`). An abbreviation keeps its full stop (`U.S.`, `Sen.`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_PREFIX = (
    r"(?:anti|co|counter|cross|de|e|ex|extra|inter|intra|micro|mid|mini|mis|multi|neo|non|over|post|pre|pro|re|semi|sub|un"
    r"|vice)"
)  # those that EWT and GUM leave whole; they cut `self-defense`
_ABBREVIATIONS = (
    r"(?:Mr|Mrs|Ms|Messrs|Dr|Sen|Sens|Rep|Reps|Gov|Govs|Gen|Lt|Col|Maj|Capt|Sgt|Adm|Cmdr|Cpl|Pvt|Brig|Prof|Rev|Hon|Fr"
    r"|St|Ste|Mt|Ft|Jr|Sr|Esq|vs|v|No|Nos|Inc|Corp|Co|Cos|Ltd|Bros|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec|Mon|Tues?|Wed"
    r"|Thurs?|Fri|Sat|Sun|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Md|Mass|Mich|Minn|Miss|Mo|Mont|Neb"
    r"|Nev|Okla|Ore|Pa|Tenn|Tex|Vt|Va|Wash|Wis|Wyo|Ont|Que|approx|est|etc|al|Assn|Dept|Ave|Blvd|Rd|Supt|Det|Insp|Atty"
    r"|Asst|Amb|Pres|Sgt|Spc|Ph|vol|pp|ed|cf)"
)
_WORD = re.compile(
    r"""
      https?://[^\s<>"“”]+[^\s<>"“”.,;:!?)’']      # an address
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                  # a mail address
    | (?:www\.(?:[\w-]+\.)+[a-z]{2,}
      |[a-z][\w-]*(?:\.[a-z][\w-]*)*\.(?:com|org|net|gov|edu|uk|ru|de|info|io)
      |[A-Z][\w-]*\.(?:com|org|net))\b               # www.dispatches.co.nz  dispatches.com  Dispatches.com
      (?:/[^\s<>"“”]*[^\s<>"“”.,;:!?)’'])?
    | [a-z]{2,}(?:\.[a-z]{2,}){2,}\b                 # alt.religion.scientology
    | (?:@|\#(?!\d))\w+                            # a handle; `#|2`
    | (?<=[(<])[A-Z][A-Z0-9]{0,6}\.[A-Z]{1,3}(?=[)>])  # (VSTL.VI)
    | (?:[^\W\d_]\.){2,}                            # U.S., a.m.
    | Ph\.D\.?
    | """
    + _ABBREVIATIONS
    + r"""\.(?=\s|[,;:)’”"]|$)
    | [A-Z]\.(?=\s+[A-Z]|$)                         # an initial: John F. Kennedy
    | [$€£¥]|US\$|C\$|A\$
    | \d+(?:[.,:]\d+)+(?=(?!(?:st|nd|rd|th|s|bn|m|k)\b)[^\W\d_])  # 6:00|am  22,000|tons
    | \d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s|bn|m|k)?\b  # 1,200  2.5  9/11  10:30  1990s
    | (?i:can)(?=not\b)
    | [^\W_]+?(?=n[’'`]t\b)                         # do|n't
    | n[’'`]t\b | N[’'`]T\b
    | [’'](?:s|S|m|re|ve|ll|d|M|RE|VE|LL|D)\b       # 's
    | (?:O|D|L|d|l|Sha|Qu|Ba|Shi|Sa|Vava|Ma|Mo|Na|Ka|Ta)[’'](?=[^\W\d_])\w+ # O'Brien, d'Estaing, Sha'ab
    | (?i:"""
    + _PREFIX
    + r""")-[^\W_]+                                 # anti-missile
    | [A-Z][a-z]+(?:-[a-z]{2,})(?=\s[A-Z])          # Kyung-wha Kang, Wai-ching Lee
    | [^\W\d_][\w]*&[^\W\d_]\w*                     # AT&T
    | [^\W_]+
    | ``|''|\[(?:\.{3}|…)\]|\.{2,}|-{2,}|_+
    | [^\s]
    """,
    re.VERBOSE,
)
OPENING, CLOSING = "“", "”"
_DOUBLE = frozenset(['"', "“", "”", "``", "''", "«", "»", "„"])
_SINGLE = frozenset(["'", "‘", "’", "`"])


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands in the text."""

    start: int
    end: int
    text: str


def split_words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Return the words of a stretch of the text, in order; only white space lies between them."""
    stop = len(text) if end is None else end
    return [Word(match.start(), match.end(), match[0]) for match in _WORD.finditer(text, start, stop)]


def model_forms(words: Sequence[str], spaces: Sequence[bool]) -> tuple[list[str], list[int]]:
    """Return what the model sees: forms in which quotation marks are curly whatever was printed, and their casing.

    Args:
        words: the words.
        spaces: per word, whether white space (or the end of the paragraph) follows it.

    Returns:
        forms, and per word its class: 0 punctuation, 1 lower, 2 Title, 3 UPPER, 4 one capital, 5 mixed, 6 digits,
        7 opening mark, 8 closing mark.
    """
    forms: list[str] = []
    cases: list[int] = []
    before, inside = True, False
    for word, after in zip(words, spaces, strict=True):
        if word in _DOUBLE or word in _SINGLE:
            opens = _opens(word, before=before, after=after)
            if word in _DOUBLE:
                if inside and opens and after and not before:  # turned round: `“We regret the decision.“ However`
                    opens = False
                inside = opens
                forms.append(OPENING if opens else CLOSING)
            else:
                forms.append("‘" if opens else "'")
            cases.append(7 if opens else 8)
        else:
            forms.append(word.replace("’", "'"))
            cases.append(_case(word))
        before = after
    return forms, cases


def _opens(mark: str, *, before: bool, after: bool) -> bool:
    if mark in ("“", "``", "«", "„", "‘", "`"):
        return True
    if mark in ("”", "»", "’"):
        return False
    return before and not after


@lru_cache(maxsize=1 << 14)
def _case(word: str) -> int:
    first = word[0]
    if first.isdigit() or (len(word) > 1 and word[1].isdigit()):
        return 6
    if not any(map(str.isalpha, word)):
        return 0
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 4
    return 2 if first.isupper() and word[1:].islower() else 5
