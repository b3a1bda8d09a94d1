"""How near two texts are: MinHash over shingles of three words.

A *sketch* holds, for each of 48 hash functions, the least hash of the text's shingles. The share of places in which two
sketches agree estimates the share of shingles that the texts have in common (Jaccard); with their numbers of shingles
it tells how much of the shorter text stands in the longer one (containment), which a story keeps when it is extended
or cut. Three places in a row make a *band*: 16 of them, of which texts of one story share at least one, and by which
they are found without comparing all with all.

Chosen over SimHash, whose distance is one number for the whole text: it cannot tell an extended story from another one
of the same subject. `benchmarks/stories.py` measures both.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHINGLE = 3
PLACES = 48
ROWS = 3
_DIGITS = 4  # hexadecimal digits of a place: two texts agree in one by chance once in 65,536
_MOST_WORDS = 5000  # the beginning tells a story apart; work on a text stays bounded
_WORD = re.compile(r"\w+")
_EMPTY = "0" * (PLACES * _DIGITS)


def words(text: str) -> list[str]:
    """Return the words of a text, folded: case, marks and white space do not count, digits do."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def shingles(folded: list[str]) -> set[str]:
    """Return the runs of three words; of a shorter text the whole."""
    folded = folded[:_MOST_WORDS]
    if len(folded) < SHINGLE:
        return {" ".join(folded)} if folded else set()
    return {" ".join(folded[i : i + SHINGLE]) for i in range(len(folded) - SHINGLE + 1)}


def sketch(parts: Iterable[str]) -> str:
    """Return the sketch of a set of shingles, in hexadecimal digits."""
    hashes = [int.from_bytes(blake2b(part.encode(errors="surrogatepass"), digest_size=8).digest()) for part in parts]
    if not hashes:
        return _EMPTY
    import numpy as np  # here: most commands make no sketch

    factors, terms = _functions()
    table = np.array(hashes, dtype=np.uint64)[:, None] * factors + terms  # overflow is meant: modulo 2**64
    # The least of many begins with zeros: mixed once more, its first digits tell.
    mixed = table.min(axis=0) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - 4 * _DIGITS)
    return "".join(f"{int(value):0{_DIGITS}x}" for value in mixed)


@cache
def _functions() -> "tuple[NDArray[np.uint64], NDArray[np.uint64]]":
    """The factors and terms of the hash functions: always the same, as sketches are stored."""
    import numpy as np

    drawn = [int.from_bytes(blake2b(str(number).encode(), digest_size=8).digest()) for number in range(2 * PLACES)]
    numbers = np.array(drawn, dtype=np.uint64)
    return numbers[:PLACES] | np.uint64(1), numbers[PLACES:]


def bands(text_sketch: str) -> list[str]:
    """Return the bands of a sketch, none of an empty one."""
    if text_sketch == _EMPTY:
        return []
    size = ROWS * _DIGITS
    return [f"{i // size:x}{text_sketch[i : i + size]}" for i in range(0, len(text_sketch), size)]


def resemblance(one: str, other: str) -> float:
    """Return the share of shingles that two texts have in common, as their sketches tell."""
    if _EMPTY in (one, other):
        return 0.0
    step = range(0, len(one), _DIGITS)
    return sum(one[i : i + _DIGITS] == other[i : i + _DIGITS] for i in step) / PLACES


def containment(common: float, one: int, other: int) -> float:
    """Return how much of the shorter text stands in the longer one.

    Args:
        common: their resemblance.
        one: number of shingles of one text.
        other: number of shingles of the other.
    """
    if not one or not other:
        return 0.0
    return min(1.0, common / (1 + common) * (one + other) / min(one, other))
