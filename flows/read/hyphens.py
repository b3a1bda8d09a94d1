"""Words that an old wire broke at the end of a line: `govern-` and `ment` are one word, `two-` and `year` keep theirs.

The text itself decides where it can: a word that it has elsewhere. Else the parts do, and in the end the rest of the
text: a wire that breaks no words has only compounds at its line ends.
"""

import re
from collections.abc import Iterator

_BROKEN = re.compile(r"(?<![^\W\d_])(?P<first>[^\W\d_]*[^\W\d_A-Z])-\r?\n[ \t]*(?P<second>[^\W\d_A-Z]{2,})")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# Second parts that are no words of their own.
_TAILS = """
    tion tions tional tionally sion sions sional ment ments mental mentary ness ing ings ting tings ning nings ding
    ring ling ly ally tly ty ity ties ities cy cies ence ences ance ances ency ancy ous ious eous ive tive tively
    sive ible bly fully ism ist ists ial tial cial ated ates ating ation ations ture tures ary ory ers ed er ors es
    ic ical ically ics dent dents nent nents ter ters tor tors ber bers ner ners ders der tee tees ble bles ent ents
    est ician icians iation iations ization izations lic mit mits ple ples
""".split()  # noqa: SIM905  # a table of words is easier to read and to amend than a list of strings
# First parts that print a hyphen in compounds, and second ones.
_HEADS = """
    anti co counter cross ex extra first former full half hard high ill late long low mid multi near non off old one
    two three four five six seven eight nine ten then third second top part post pre pro quasi re self semi short so
    state sub ultra vice well year month week day hour minute all early longest best most least far
""".split()  # noqa: SIM905
_ENDS = """
    old based led backed born owned style like wide long term time made run held scale in out up to of the and at
    week month year day hour minute mile point page man woman seat elect general war level profile quarter half size
    sized linked related friendly free only known ranking rank speaking controlled sponsored
""".split()  # noqa: SIM905


def mended(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the hyphens at line ends inside of words, with what replaces them and the line end: a hyphen or nothing."""
    # Most texts have none, and a search for a string costs a hundredth of one for the pattern.
    broken = list(_BROKEN.finditer(text)) if "-\n" in text or "-\r" in text else []
    if not broken:
        return
    words = {word.lower() for word in _WORD.findall(text)}
    verdicts = [_is_one_word(each["first"].lower(), each["second"].lower(), words) for each in broken]
    breaks_words = True in verdicts
    for each, verdict in zip(broken, verdicts, strict=True):
        one_word = breaks_words if verdict is None else verdict
        yield each.end("first"), each.start("second"), "" if one_word else "-"


def _is_one_word(first: str, second: str, words: set[str]) -> bool | None:
    """Tell whether two parts are one word without a hyphen; None if they do not show it."""
    if first + second in words:
        return True
    if f"{first}-{second}" in words:
        return False
    if second in _TAILS:
        return True
    return False if first in _HEADS or second in _ENDS else None
