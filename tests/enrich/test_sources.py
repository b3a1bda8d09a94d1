"""Sources by the parse: the table of cases."""

import pytest
from compact import compact

from flows.enrich.lexicon import Lexicon
from flows.enrich.phrase_ends import PhraseEnds
from flows.enrich.reading import Range, ReportRead
from flows.enrich.sources import Sources

ADMONISHED = "DET:det:1 NOUN:nsubj:2 VERB:root:2 PROPN:obj:2 PROPN:flat:3 SCONJ:mark:7 PRON:nsubj:7 VERB:ccomp:2"
FILED = (
    "PROPN:nsubj:2 PROPN:flat:0 VERB:root:2 DET:det:4 NOUN:obj:2 PUNCT:punct:6 VERB:advcl:2 PRON:nsubj:8 VERB:ccomp:6"
)
CASES = [
    # the object of its verb does not speak
    ("The guild admonished Ann Lee that it failed", ADMONISHED, (2, 3), (3, 5), (5, 8), "The guild"),
    # the engine's source stays where it is the subject
    ("The guild admonished Ann Lee that it failed", ADMONISHED, (2, 3), (0, 2), (5, 8), "The guild"),
    # a participle has the subject of the verb above
    ("Ann Lee filed a motion , arguing it failed", FILED, (6, 7), None, (7, 9), "Ann Lee"),
    # as has a second verb
    (
        "The mayor left and said it failed",
        "DET:det:1 NOUN:nsubj:2 VERB:root:2 CCONJ:cc:4 VERB:conj:2 PRON:nsubj:6 VERB:ccomp:4",
        (4, 5), None, (5, 7), "The mayor",
    ),
    # without the clause behind it
    (
        "The mayor who came left and said it failed",
        ("DET:det:1 NOUN:nsubj:4 PRON:nsubj:3 VERB:acl:relcl:1 VERB:root:4 CCONJ:cc:6 VERB:conj:4"
        " PRON:nsubj:8 VERB:ccomp:6"),
        (6, 7), None, (7, 9), "The mayor",
    ),
    # inverted, whatever the parse calls it
    (
        "It failed , added Norpress",
        "PRON:nsubj:1 VERB:root:1 PUNCT:punct:3 VERB:parataxis:1 PROPN:obj:3",
        (3, 4), None, (0, 2), "Norpress",
    ),
    # who is told says nothing
    (
        "Ann Lee was told it failed",
        "PROPN:nsubj:pass:3 PROPN:flat:0 AUX:aux:pass:3 VERB:root:3 PRON:nsubj:5 VERB:ccomp:3",
        (3, 4), None, (4, 6), None,
    ),
    # who is named behind `according to` says that the subject said it
    (
        "According to Norpress , Ann Lee said it failed",
        ("VERB:case:2 ADP:fixed:0 PROPN:obl:6 PUNCT:punct:2 PROPN:nsubj:6 PROPN:flat:4 VERB:root:6 PRON:nsubj:8"
        " VERB:ccomp:6"),
        (6, 7), (2, 3), (7, 9), "Ann Lee",
    ),
    # whom a verb quotes, that speaks
    (
        "Norpress quoted Ann Lee as saying it failed",
        "PROPN:nsubj:1 VERB:root:1 PROPN:obj:1 PROPN:flat:2 SCONJ:mark:5 VERB:advcl:1 PRON:nsubj:7 VERB:ccomp:5",
        (5, 6), (0, 1), (6, 8), "Ann Lee",
    ),
    (
        "Ann Lee was quoted by Norpress as saying it failed",
        ("PROPN:nsubj:pass:3 PROPN:flat:0 AUX:aux:pass:3 VERB:root:3 ADP:case:5 PROPN:obl:3 SCONJ:mark:7 VERB:advcl:3"
         " PRON:nsubj:9 VERB:ccomp:7"),
        (3, 4), (0, 2), (8, 10), "Ann Lee",
    ),
    # the subject of what is reported is not the source
    ("It failed , reportedly", "PRON:nsubj:1 VERB:root:1 PUNCT:punct:1 ADV:advmod:1", (1, 2), None, (0, 2), None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "parse", "cue", "source", "content", "expected"), CASES, ids=[c[0] for c in CASES])
def test_the_parse_names_the_source(
    text: str, parse: str, cue: Range, source: Range | None, content: Range, expected: str | None, lexicon: Lexicon
) -> None:
    """The words of the source are those of the table."""
    reading = compact(text, parse=parse).reading
    found = Sources(reading, PhraseEnds(reading), lexicon).of(ReportRead(cue, source, (content,), 0.9))
    assert (found and " ".join(word.text for word in reading.words[slice(*found)])) == expected
