"""Sources by the parse: whose the cue is, where the analyzer names nobody, or the one who is spoken of.

`Ann Lee filed a motion, arguing that ...`: the argument is Ann Lee's. `The guild admonished Ann Lee that ...`: it is
the guild that speaks, not the object of its verb.
"""

from flows.enrich.reading import Range, Reading, ReportRead

_CARRIES = frozenset(["conj", "advcl", "xcomp"])  # a verb without a subject of its own has that of the verb above
_OBJECTS = frozenset(["obj", "iobj"])
_CLIMBED = 3


def source_of(reading: Reading, report: ReportRead) -> Range | None:
    """Return the words that name the source of a report: those of the analyzer, unless the parse knows better."""
    if not reading.heads or not reading.relations:
        return report.source
    verbs = _verbs(reading, report.cue)
    if report.source and not any(
        _is_object(reading, word, verbs) for word in range(*report.source) if _is_top(reading, word, report.source)
    ):
        return report.source
    subject = next((at for verb in verbs for at in _subjects(reading, verb)), None)
    if subject is None and report.source is None and _is_inverted(reading, report.cue):
        subject = report.cue[1]
    if subject is None or any(first <= subject < end for first, end in (report.cue, *report.content)):
        return report.source
    return _phrase(reading, subject)


def _is_inverted(reading: Reading, cue: Range) -> bool:
    """Tell whether a name stands right behind a cue, in its sentence: `..., added Norpress.`."""
    behind = cue[1]
    return behind < len(reading.words) and reading.tags[behind] == "PROPN" and reading.heads[behind] in range(*cue)


def _verbs(reading: Reading, cue: Range) -> list[int]:
    """Return the verb of a cue and those above it that lend it their subject."""
    verb = next((word for word in range(*cue) if reading.tags[word] in ("VERB", "AUX")), None)
    if verb is None:
        return []
    verbs = [verb]
    for _ in range(_CLIMBED):
        if reading.relations[verb].partition(":")[0] not in _CARRIES or _has_subject(reading, verb):
            break
        verb = reading.heads[verb]
        verbs.append(verb)
    return verbs


def _near(reading: Reading, verb: int) -> range:
    return range(max(0, verb - 60), min(len(reading.words), verb + 60))


def _has_subject(reading: Reading, verb: int) -> bool:
    return any(
        reading.heads[at] == verb and reading.relations[at].partition(":")[0] in ("nsubj", "csubj")
        for at in _near(reading, verb)
    )


def _subjects(reading: Reading, verb: int) -> list[int]:
    """Return the subjects of a verb; who is acted upon says nothing: `was told`."""
    return [at for at in _near(reading, verb) if reading.heads[at] == verb and reading.relations[at] == "nsubj"]


def _is_top(reading: Reading, word: int, words: Range) -> bool:
    return not words[0] <= reading.heads[word] < words[1] or reading.heads[word] == word


def _is_object(reading: Reading, word: int, verbs: list[int]) -> bool:
    return reading.heads[word] in verbs and reading.relations[word] in _OBJECTS


def _phrase(reading: Reading, noun: int) -> Range:
    """Return the words of a noun phrase with what stands before it and the name behind it, without clauses."""
    first = end = noun
    for at in range(max(0, noun - 12), min(len(reading.words), noun + 12)):
        above = at
        for _ in range(6):
            if above == noun:
                first, end = min(first, at), max(end, at)
                break
            if at > noun and reading.relations[above] not in (
                "flat",
                "punct",
                "conj",
                "cc",
                "compound",
                "nmod",
                "case",
            ):
                break
            if reading.heads[above] == above:
                break
            above = reading.heads[above]
    while end > noun and reading.tags[end] in ("PUNCT", "CCONJ", "ADP"):
        end -= 1
    return first, end + 1
