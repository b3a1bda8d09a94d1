"""Evidence: how sure the analyzer must be of a report, by what cue and content look like.

A verb that is known to report and has a clause needs little more (`is warning voters that ...`); a word that is no
known cue, beside a phrase without marks, is hardly ever one (`conceded a penalty`, `assuming no reduction`). The
figures were read off the development texts: share of the candidates that report, by kind of cue and content.
"""

from collections.abc import Sequence

from flows.enrich.lexicon import Lexicon, Needs
from flows.enrich.reading import Range, Reading, ReportRead

_SUBJECTS = frozenset(["nsubj", "nsubj:pass", "expl", "csubj", "nsubj:outer"])
_SELF = frozenset(["i", "we", "you"])
_NOT = frozenset(["not", "n’t", "n't", "never"])
_OPEN_QUESTIONS = frozenset(["why", "whether", "how", "when", "where", "who", "what", "which", "if", "whom", "whose"])
_POINTING = frozenset(["that", "this", "it", "so", "them", "these", "those"])
_NEAR = 8  # words from a verb to what stands before it
_NEVER = 2.0
_FEW = 3  # words and marks
_LEAST_INSIDE = 0.85  # of a report inside a quotation
_LEAST_QUOTED = 0.5  # whatever the cue, where all of it stands in marks: `The minister took a harder line: “We ...`
# (what the cue needs; None: no known cue), whether the content is a clause, whether it has quotation marks -> least
_LEAST: dict[tuple[Needs | None, bool, bool], float] = {
    ("nothing", True, False): 0.3, ("nothing", True, True): 0.55,
    ("nothing", False, False): 0.7, ("nothing", False, True): 0.6,
    ("clause", True, False): 0.35, ("clause", True, True): 0.6,
    ("clause", False, False): 0.8, ("clause", False, True): 0.6,
    ("quotation", True, False): 0.7, ("quotation", True, True): 0.6,
    ("quotation", False, False): 0.95, ("quotation", False, True): 0.6,
    (None, True, False): 0.8, (None, True, True): 0.7,
    (None, False, False): 0.95, (None, False, True): 0.7,
}  # fmt: skip


def least_confidence(
    report: ReportRead, parts: Sequence[Range], reading: Reading, lexicon: Lexicon, quoted: Sequence[bool]
) -> float:
    """Return the confidence that a report must have at the least.

    Args:
        parts: the words of its content.
        quoted: per word, whether it stands in quotation marks.
    """
    words = {word for part in parts for word in range(*part)}
    cue = known_cue(report.cue, reading, lexicon)
    in_marks = any(quoted[word] for word in words)
    if all(reading.words[word].text.lower() in _POINTING for word in words) and not in_marks:
        return _NEVER  # `Brandt denied that`, `said so`
    if quoted[report.cue[0]] and all(quoted[word] for word in words):
        # “I think it’s wiser to wait”: whoever is quoted reports nothing, but says how sure he is
        return _NEVER if _says_of_oneself(report.cue, reading) else _LEAST_INSIDE
    if len(words) > _FEW and not quoted[report.cue[0]] and all(quoted[word] for word in words):
        return _LEAST_QUOTED
    clause = any(reading.relations[word] in _SUBJECTS and reading.heads[word] in words for word in words)
    return _LEAST[cue, clause, in_marks]


def known_cue(cue: Range, reading: Reading, lexicon: Lexicon) -> Needs | None:
    """Return what a cue needs in order to report; None: it is not known to."""
    forms = [reading.words[word].text.lower() for word in range(*cue)]
    for form in (" ".join(forms), " ".join(forms[:2]), " ".join(forms[-2:]), *reversed(forms)):
        if form in lexicon.cues:
            return lexicon.cues[form]
    return "nothing" if lexicon.phrase_pattern.search(" ".join(forms)) else None


def says_nothing(report: ReportRead, cue: int, reading: Reading, lexicon: Lexicon) -> bool:
    """Tell whether something is asked or left unsaid: `Peskov, asked whether ..., smiled`, `has not said why ...`.

    Args:
        cue: the word of the report's cue that governs the others.
    """
    below = [w for w in range(max(0, cue - _NEAR), cue) if reading.heads[w] == cue]
    if any(reading.words[w].text.lower() in _NOT for w in below):
        return reading.words[report.content[0][0]].text.lower() in _OPEN_QUESTIONS
    asked = reading.words[cue].text.lower() in lexicon.with_listener
    passive = reading.relations[cue] in ("acl", "advcl") and reading.tags[cue] == "VERB"
    return (
        asked and passive and not reading.words[cue].text.endswith("ing")
        and not any(reading.relations[w] in ("nsubj", "aux", "mark") for w in below)
    )  # fmt: skip


def accompanies(report: ReportRead, reading: Reading, lexicon: Lexicon, quoted: Sequence[bool]) -> bool:
    """Tell whether a word that is no known cue tells what a speaker does: `“That,” said Lee, pointing, “is it.”`.

    What is quoted behind it goes on with the cue before it.

    Args:
        quoted: per word, whether it stands in quotation marks.
    """
    words, (cue, stop) = reading.words, report.cue
    if not words[cue].text.endswith("ing") or stop - cue > 1 or words[cue - 1].text != ",":
        return False
    if known_cue(report.cue, reading, lexicon):
        return False
    said = any(words[w].text.lower() in lexicon.cues and not quoted[w] for w in range(max(0, cue - _NEAR), cue))
    return said and all(quoted[at] and at > cue for at, _ in report.content)


def _says_of_oneself(cue: Range, reading: Reading) -> bool:
    """Tell whether the subject of a cue is `I`, `we` or `you`."""
    near = range(max(0, cue[0] - 8), cue[0])
    return any(
        cue[0] <= reading.heads[word] < cue[1] and reading.relations[word] == "nsubj"
        and reading.words[word].text.lower() in _SELF
        for word in near
    )  # fmt: skip
