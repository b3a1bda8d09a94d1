"""What a pronoun may stand for, and what speaks for a candidate."""

from dataclasses import dataclass
from typing import NamedTuple

from flows.enrich.lexicon import Lexicon
from flows.enrich.mentions import Found

PRONOUNS = {
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
    **dict.fromkeys(("it", "its", "itself"), "it"),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), "they"),
    **dict.fromkeys(("who", "whom", "whose", "which"), "who"),
}


class Weights(NamedTuple):
    """What speaks for a candidate, in log-odds; fitted to GUM and to the marked-up dispatches, then rounded.

    `spoke` is set by hand: 0.8 and 1.5 answer alike on GUM's news and on the held-out dispatches.
    """

    distance: float = -0.4  # per sentence between
    far: float = -0.75  # more than one sentence between
    subject: float = 1.0  # its last mention is a subject of this sentence or the one before
    gender: float = 0.45  # its gender is known, and agrees
    pronoun: float = 1.25  # its last mention is the same pronoun
    nameless: float = -2.0  # it is nobody of the entities: the witness
    link: float = 0.7  # times how sure the engine is of it
    certain: float = 1.2  # the engine is all but certain of it
    says: float = 1.6  # it is who says what the pronoun stands in: `Brandt said he ...`
    spoke: float = 1.5  # the pronoun speaks, as it did before: `..., Brandt told reporters. “No,” he said.`


WEIGHTS = Weights()


@dataclass(slots=True)
class Antecedent:
    """Something that a pronoun may stand for: a mention of an entity, or of somebody without a name."""

    word: int
    key: str | None  # entity id; None: nameless
    sentence: int
    subject: bool
    pronoun: str  # its class, for a pronoun that stands for an entity
    quote: int  # number of the quotation it stands in, -1 outside


def agrees(kind: str, entity: Found) -> bool:
    """Tell whether a pronoun may stand for an entity, by type and gender."""
    if kind in ("he", "she"):
        return entity.type == "person" and entity.gender in (None, "m" if kind == "he" else "f")
    if kind == "it":
        return entity.type not in ("person", "group")
    return entity.type in ("organization", "group")


def agrees_noun(kind: str, noun: str, lexicon: Lexicon) -> bool:
    """Tell whether a pronoun may stand for somebody who is only described, by the gender that the noun tells."""
    gender = lexicon.gender_of(noun)
    return kind == ("she" if gender == "f" else "he") if gender else not noun.endswith("s")
