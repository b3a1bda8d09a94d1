"""The identity of a quote: the same words have the same key, in whatever dispatch, revision and kind of quote.

Case, diacritics, punctuation and the marks around a quote do not count, nor do the bounds of words: `cease-fire`,
`ceasefire` and `cease fire` are the same. Figures and the signs that go with them do count: `1.5%` is not `15%`, and
`$5` is not `€5`; `1,000` is `1000`, and `%` is `percent`. Names are compared as they stand in `text`, where every
spelling has become the canonical one.

A key finds the same words only. For words that differ a little there are bands: some of a quote's runs of three words,
chosen by their letters alone, so that two quotes with a longer run in common have a band in common. A band proposes;
whoever asks by it compares the words.
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple

from flows.gazetteer.fold import plain, without_ignored

LONGEST = 250  # words of a quote that bands and comparisons look at
SHORTEST = 6  # words; what is shorter is the same or it is not: "We will see" has cousins everywhere
SURE_RUN = 5  # words in a row: quotes with such a run in common, among the first LONGEST words, share a band
_SHORT = 15  # words: up to here every run is a band, so that one changed word leaves one in common
_RUN = 3
_NEIGHBOURS = SURE_RUN - _RUN + 1

# A figure; a word, with what an apostrophe or hyphen joins to it (`don't`, `cease-fire`, `10-year-old`; but `F-16` and
# `2010-2015` are two); a sign that changes what a figure says. On a text made plain, where ’ is ' and ‐ is -.
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['-][^\W\d_][^\W_]*)*|[%&$¢£¥€₣₤₦₩₪₫₱₴₸₹₺₽₾₿]")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_JOINTS = str.maketrans("", "", "'-")
_SIGNS = {"%": "percent", "&": "and"}


class Word(NamedTuple):
    """A word of a quote: the form in which it is compared, and where it stands in the printed words."""

    form: str
    start: int
    end: int


def words_said(kind: str, text: str, verbatim: Sequence[str]) -> str:
    """The words of a quote as printed: of a direct one those inside the marks, of others the reported content."""
    return without_ignored(" ".join(verbatim) if kind == "direct" and verbatim else text)


def split(said: str) -> list[Word]:
    """The words of `words_said`, in order."""
    return [Word(_form(match[0]), match.start(), match.end()) for match in _WORD.finditer(plain(said))]


def _form(word: str) -> str:
    if word[0].isdigit():
        word = _THOUSANDS.sub("", word)
    return _SIGNS.get(word) or word.translate(_JOINTS).casefold()


def quote_key(words: Sequence[Word]) -> str:
    """16 hexadecimal digits that stand for these words; empty if there are none (`“…,” he said`)."""
    return blake2b("".join(_joined(words)).encode(), digest_size=8).hexdigest() if words else ""


def _joined(words: Sequence[Word]) -> Iterator[str]:
    """The forms, with a blank only between two figures: `2 12` is not `21 2`."""
    last = ""
    for form, _, _ in words:
        if last[-1:].isdigit() and form[0].isdigit():
            yield " "
        yield form
        last = form


def quote_bands(words: Sequence[Word]) -> list[str]:
    """What this quote has in common with those that differ a little, sorted; none of a short one.

    Of a long quote's neighbouring runs of three words the one with the most letters is taken: it is the rarest
    (`strongest possible terms` before `in the strongest`), and another quote with the same words takes the same.
    """
    if len(words) < SHORTEST:
        return []
    forms = [form for form, _, _ in words[:LONGEST]]
    runs = [" ".join(forms[start : start + _RUN]) for start in range(len(forms) - _RUN + 1)]
    together = 1 if len(words) <= _SHORT else _NEIGHBOURS
    chosen = {
        max(runs[start : start + together], key=lambda run: (len(run), run))
        for start in range(len(runs) - together + 1)
    }
    return sorted(blake2b(run.encode(), digest_size=4).hexdigest() for run in chosen)
