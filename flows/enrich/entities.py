"""Entities: a reading and the gazetteer -> the people, organizations, places ... of a dispatch, with their mentions.

Names are spotted (`spotting`), joined to entities (`joining`), described (`titles`), and then referred to by pronouns
and descriptions (`coreference`). Precision before recall: below `least`, there is no entity.
"""

from collections.abc import Sequence

from flows.enrich.coreference import refer
from flows.enrich.institutions import take_institutions
from flows.enrich.joining import Joiner
from flows.enrich.lexicon import Lexicon
from flows.enrich.mentions import Found, Names
from flows.enrich.page import Page
from flows.enrich.reading import Reading
from flows.enrich.spotting import spot
from flows.enrich.structure import Paragraph
from flows.enrich.titles import Titles
from flows.gazetteer import Gazetteer
from flows.gazetteer.evidence import Surroundings
from flows.gazetteer.fold import Folded
from schemas.dispatch import Dispatch

__all__ = ["Found", "Names", "find_names"]


def find_names(
    dispatch: Dispatch, paragraphs: Sequence[Paragraph], reading: Reading, gazetteer: Gazetteer, lexicon: Lexicon, *,
    least: float = 0.5,
) -> Names:  # fmt: skip
    """Return the entities of a dispatch.

    Args:
        paragraphs: headline and body; what stands outside of them (dateline, byline, notes) has no entities.
        reading: what the engine read in them.
        least: the least confidence of a mention, 0 to 1: higher for precision, lower for recall.
    """
    text = dispatch.text
    page = Page(text, reading)
    around = Surroundings(text, Folded(text), gazetteer)
    head = paragraphs[0].end if paragraphs and paragraphs[0].is_head else 0
    body = page.words_of((head, len(text)))[0]
    names = Joiner(page, gazetteer, lexicon, least, body).join(spot(page, paragraphs, around, lexicon))
    take_institutions(page, names, gazetteer, lexicon)
    titles = Titles(page, names, gazetteer, lexicon)
    for entity in names.entities.values():
        if entity.type == "person":
            titles.describe(entity)
    refer(page, paragraphs, names, gazetteer, lexicon, least)
    for entity in names.entities.values():
        entity.mentions.sort()
    return names
