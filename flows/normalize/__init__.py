"""normalize: raw dispatch -> head, dateline and canonical names, with the way back."""

from flows.gazetteer import Gazetteer
from flows.normalize.header import parse_header
from flows.normalize.names import normalize_names
from flows.spans import SpanMap
from schemas.dispatch import Dateline
from schemas.raw import Normalized, RawDispatch


def normalize(raw: RawDispatch, gazetteer: Gazetteer) -> Normalized:
    """Return the head of the dispatch, its text under canonical names, and the edits that lead back to `text_raw`.

    The feed's own fields go before what the text seems to say.
    """
    header = parse_header(raw.text_raw, gazetteer, raw.version_created, titled=raw.headline is not None)
    text, names = normalize_names(raw.text_raw, gazetteer)
    dateline = None
    if found := header.dateline:
        dateline = Dateline(
            raw=raw.text_raw[found.start : found.end],
            places=found.places,
            agency=found.agency,
            date=found.date,
            span=SpanMap(names).to_text((found.start, found.end)),
        )
    return Normalized(
        headline=raw.headline or header.headline,
        byline=raw.byline or header.byline,
        ed_note=raw.ed_note or header.ed_note,
        dateline=dateline,
        text=text,
        names=names,
    )
