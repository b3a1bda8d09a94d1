"""Decoders: the scores of a window -> sentences, trees, names, reported speech, references. Numpy only.

Each takes the best label of every word, which is nearly always sound, and searches only where it is not.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Heads = NDArray[np.int64]
Range = tuple[int, int]
_NEVER = np.float32(-1e9)
_UNLIKELY = 1e-3
_BEHIND_STOP = -3.0
_FULL_STOPS = frozenset([".", "!", "?"])
_HOURS = frozenset(["a.m.", "p.m."])
_DAYS = frozenset(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "EST", "EDT", "GMT"])
_HARDLY = 4.0
_CREDITS = frozenset(["Image", "Images", "Photo", "Photos", "Photograph", "Picture", "Credit"])
_CLOSERS = frozenset(["”", '"', "''", "’", "'", ")", "]", "»"])
_FRAGMENT = 0.7  # what a further part of a content has to gain: reported words rarely come in pieces


def softmax(scores: Scores) -> Scores:
    """Return probabilities over the last axis."""
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True), dtype=np.float32)


# --- sentences and trees ---------------------------------------------------------------------------------------------


def sentence_starts(scores: Scores, breaks: Sequence[int], forms: Sequence[str], opens: Sequence[bool]) -> list[int]:
    """Return the words at which a sentence begins.

    How sure the model must be depends on what stands before: behind a full stop and before a capital next to nothing
    speaks against it, behind `,” ` (he said) nearly everything.

    Args:
        scores: log odds per word.
        breaks: the words at which a paragraph begins.
        forms: the words.
        opens: per word, whether it is an opening quotation mark: a sentence begins with it, not behind it.
    """
    begins = set(breaks)
    for word in np.flatnonzero(scores > _BEHIND_STOP).tolist():
        begin = word - 1 if word and opens[word - 1] else word
        if begin and scores[word] > _least_odds(forms, begin, opens[begin]):
            begins.add(begin)
    return sorted(begins)


def _least_odds(forms: Sequence[str], word: int, opens: bool) -> float:
    """Return the log odds from which on a sentence begins at a word; read off the development treebanks."""
    before, first = forms[word - 1], forms[word + 1 if opens and word + 1 < len(forms) else word]
    if first in _CREDITS and forms[word + 1 : word + 2] == [":"]:
        return _BEHIND_STOP  # `Protesters in Lima on Sunday Photo: Ann Lee`
    fresh = first[:1].isupper() or first[:1].isdigit()
    if before in _FULL_STOPS:
        return _BEHIND_STOP if fresh else 0.0
    if before in _CLOSERS:
        return 3.0 if word > 1 and forms[word - 2] == "," else 0.0
    if before in ("…", "...", "[...]", "[…]"):
        return 0.0
    if before in _HOURS and first in _DAYS:
        return _HARDLY  # `at 9:13 p.m. Wednesday`
    if before.endswith(".") and len(before) > 2:  # an abbreviation
        return 0.0 if fresh else 3.0
    return 1.0


def decode_heads(arcs: Scores, starts: Sequence[int]) -> Heads:
    """Return the head of every word, its own for the root: for every sentence a tree with one root.

    Args:
        arcs: scores [word, head]; the diagonal is the score of being the root.
        starts: the words at which sentences begin.
    """
    count = len(arcs)
    heads = np.empty(count, dtype=np.int64)
    for start, end in zip(starts, [*starts[1:], count], strict=True):
        block = arcs[start:end, start:end]
        found = block.argmax(1)
        if not _is_tree(found):
            found = best_tree(block)
        heads[start:end] = found + start
    return heads


def _is_tree(heads: Heads) -> bool:
    roots = np.flatnonzero(heads == np.arange(len(heads)))
    if len(roots) != 1:
        return False
    reached = heads
    for _ in range(max(1, len(heads) - 1).bit_length()):
        reached = reached[reached]
    return bool((reached == roots[0]).all())


def best_tree(scores: Scores) -> Heads:
    """Return the best tree with one root (Chu and Liu 1965, Edmonds 1967).

    The root is the word whose score as a root stands out most from its best head's.
    """
    count = len(scores)
    if count == 1:
        return np.zeros(1, dtype=np.int64)
    others = scores.copy()
    np.fill_diagonal(others, _NEVER)
    root = int((np.diagonal(scores) - others.max(1)).argmax())
    others[root] = _NEVER
    heads = _arborescence(others, root)
    heads[root] = root
    return heads


def _arborescence(scores: Scores, root: int) -> Heads:
    """Return the best heads for all words but the root, without cycles. Contracts one cycle at a time."""
    heads: Heads = scores.argmax(1)
    heads[root] = root
    cycle = _cycle(heads, root)
    if cycle is None:
        return heads
    inside = np.zeros(len(scores), dtype=bool)
    inside[cycle] = True
    outside = np.flatnonzero(~inside)
    gain = scores[cycle] - scores[cycle, heads[cycle]][:, None]  # of entering the cycle at each of its words
    enter = gain[:, outside].argmax(0)
    leave = scores[np.ix_(outside, np.asarray(cycle))].argmax(1)
    size = len(outside)
    smaller = np.full((size + 1, size + 1), _NEVER, dtype=np.float32)
    smaller[:size, :size] = scores[np.ix_(outside, outside)]
    smaller[size, :size] = gain[enter, outside]
    smaller[:size, size] = scores[outside, np.asarray(cycle)[leave]]
    np.fill_diagonal(smaller, _NEVER)
    solved = _arborescence(smaller, int(np.flatnonzero(outside == root)[0]))
    result: Heads = heads.copy()
    for position, word in enumerate(outside.tolist()):
        head = solved[position]
        result[word] = cycle[leave[position]] if head == size else outside[head]
    entered = int(solved[size])
    result[cycle[enter[entered]]] = outside[entered]
    result[root] = root
    return result


def _cycle(heads: Heads, root: int) -> list[int] | None:
    state = np.zeros(len(heads), dtype=np.int8)
    state[root] = 2
    for begin in range(len(heads)):
        path = []
        word = begin
        while state[word] == 0:
            state[word] = 1
            path.append(word)
            word = int(heads[word])
        if state[word] == 1:
            return path[path.index(word) :]
        state[path] = 2
    return None


# --- stretches of words ----------------------------------------------------------------------------------------------


def name_ranges(probabilities: Scores) -> list[tuple[Range, int, float]]:
    """Return names as (words, type, probability).

    Args:
        probabilities: [word, label]; labels are O, then B and I of each type in turn.

    The labels of a stretch that is not sound (I of another type than before it) are searched by Viterbi.
    """
    labels = probabilities.argmax(1)
    found: list[tuple[Range, int, float]] = []
    word, count = 0, len(labels)
    while word < count:
        if labels[word] == 0:
            word += 1
            continue
        end = word
        while end < count and labels[end] != 0:
            end += 1
        stretch = labels[word:end].tolist()
        if not _is_sound(stretch):
            begin, stop = max(0, word - 1), min(count, end + 1)
            best = _viterbi(np.log(probabilities[begin:stop] + 1e-12))
            stretch = best[word - begin : end - begin]
        found += _pieces(stretch, word, probabilities)
        word = end
    return found


def _is_sound(labels: Sequence[int]) -> bool:
    before = 0
    for label in labels:
        if label and label % 2 == 0 and (before + 1) // 2 != label // 2:
            return False
        before = label
    return True


def _viterbi(scores: Scores) -> list[int]:
    count, width = scores.shape
    may_follow = np.zeros((width, width), dtype=np.float32)
    for label in range(2, width, 2):
        may_follow[:, label] = _NEVER
        may_follow[label - 1, label] = may_follow[label, label] = 0
    total = scores[0].copy()
    total[2::2] = _NEVER
    back = np.zeros((count, width), dtype=np.int64)
    for word in range(1, count):
        step = total[:, None] + may_follow
        back[word] = step.argmax(0)
        total = step.max(0) + scores[word]
    best = [int(total.argmax())]
    for word in range(count - 1, 0, -1):
        best.append(int(back[word, best[-1]]))
    return best[::-1]


def _pieces(labels: Sequence[int], at: int, probabilities: Scores) -> list[tuple[Range, int, float]]:
    found: list[tuple[Range, int, float]] = []
    start, kind = 0, -1
    for position, label in enumerate([*labels, 0]):
        if kind >= 0 and (label == 0 or label % 2 == 1):
            words = at + start, at + position
            own = probabilities[slice(*words), 2 * kind + 1 : 2 * kind + 3].sum(1)
            found.append((words, kind, float(own.min())))
            kind = -1
        if label % 2 == 1:
            start, kind = position, label // 2
    return found


def stretches(labels: Sequence[int], begin: int, inside: int) -> list[Range]:
    """Return the ranges that begin with one label and go on with another; an inside without a begin begins one."""
    found: list[Range] = []
    start = -1
    for word, label in enumerate(labels):
        if start >= 0 and label != inside:
            found.append((start, word))
            start = -1
        if label == begin or (label == inside and start < 0):
            start = word
    if start >= 0:
        found.append((start, len(labels)))
    return found


def cue_ranges(probabilities: Scores, least: float, least_part: float) -> list[tuple[Range, int, float]]:
    """Return cues as (words, the word most likely to begin it, probability).

    Words side by side that may be of a cue share one: whether `is warning` begins at its first word or its second, the
    chances of both count for it.

    Args:
        probabilities: [word, 3]: outside, begin and inside of a cue.
        least: the probability from which on a cue is returned.
        least_part: the probability of being of a cue from which on a word is looked at.
    """
    begin, inside = probabilities[:, 1], probabilities[:, 1] + probabilities[:, 2]
    found: list[tuple[Range, int, float]] = []
    for start, end in stretches((inside > least_part).astype(int).tolist(), 2, 1):
        best = start + int(begin[start:end].argmax())
        probability = min(1.0, float(begin[start:end].sum()))
        if probability < least:
            continue
        likely = [word for word in range(start, end) if inside[word] > 0.5] or [best]
        first = min(best, next(word for word in range(start, end) if begin[word] >= 0.5 * begin[best]))
        found.append(((first, max(best, likely[-1]) + 1), best, probability))
    return found


def content_ranges(probabilities: Scores) -> list[Range]:
    """Return the parts of what a cue reports: the best sequence of outside, begin and inside (Viterbi).

    A part begins only where the model sees a beginning, so that a word of doubt inside leaves no hole.

    Args:
        probabilities: [word, 5]: outside, begin and inside of the content, begin and inside of the source.
    """
    likely = np.flatnonzero(probabilities[:, 1] + probabilities[:, 2] > _UNLIKELY)
    if not likely.size:
        return []
    # What lies outside is never part of the best sequence: four unlikely words cost more than a beginning can gain.
    first, last = max(0, int(likely[0]) - 4), int(likely[-1]) + 1
    logs = np.log(probabilities[first:last] + 1e-6)
    outside_of = np.log(1e-6 + probabilities[first:last, [0, 3, 4]].sum(1)).tolist()
    begin_of, inside_of = (logs[:, 1] - _FRAGMENT).tolist(), logs[:, 2].tolist()
    outside, inside = 0.0, -1e9
    came: list[tuple[bool, int]] = []
    # per word: outside was inside before; inside began here (0 no, 1 from out, 2 from in)
    for out, begin, within in zip(outside_of, begin_of, inside_of, strict=True):
        left = inside > outside
        best, how = (inside + begin, 2) if left else (outside + begin, 1)
        if inside + within > best:
            best, how = inside + within, 0
        came.append((left, how))
        outside, inside = (inside if left else outside) + out, best
    found: list[Range] = []
    within_part, end = inside > outside, len(came)
    for word in range(len(came) - 1, -1, -1):
        left, how = came[word]
        if not within_part:
            within_part, end = left, word
        elif how:
            found.append((first + word, first + end))
            within_part, end = how == 2, word
    return found[::-1]
