"""normalize: raw dispatch -> head, dateline, days, language and canonical names, with the way back."""

import datetime as dt

from flows.gazetteer import Gazetteer
from flows.normalize.embargo import find_embargo
from flows.normalize.header import Header, parse_header
from flows.normalize.language import is_english, language_of
from flows.normalize.names import normalize_names
from flows.normalize.when import find_days
from flows.spans import SpanMap
from schemas.dispatch import Dateline
from schemas.raw import Normalized, RawDispatch


def normalize(raw: RawDispatch, gazetteer: Gazetteer) -> Normalized:
    """Return the head of the dispatch, its text under canonical names, and the edits that lead back to `text_raw`.

    The feed's own fields go before what the text seems to say.
    """
    header = parse_header(raw.text_raw, gazetteer, raw.version_created, titled=raw.headline is not None)
    text, names = normalize_names(raw.text_raw, gazetteer)
    spans = SpanMap(names)
    dateline = _dateline(header, raw.text_raw, spans)
    language = language_of(raw.language, raw.text_raw)
    ed_note = raw.ed_note or header.ed_note
    headline = raw.headline or header.headline
    slugline = raw.slugline or header.slugline
    head = "\n".join(part for part in (headline, slugline, ed_note) if part)
    return Normalized(
        headline=headline,
        byline=raw.byline or header.byline,
        slugline=slugline,
        ed_note=ed_note,
        dateline=dateline,
        language=language,
        embargo=find_embargo(head, raw.version_created),
        text=text,
        names=names,
        when=find_days(text, _day(dateline, raw.version_created), spans) if is_english(language) else (),
    )


def _dateline(header: Header, text_raw: str, spans: SpanMap) -> Dateline | None:
    found = header.dateline
    if found is None:
        return None
    return Dateline(
        raw=text_raw[found.start : found.end],
        places=found.places,
        agency=found.agency,
        date=found.date,
        span=spans.to_text((found.start, found.end)),
    )


def _day(dateline: Dateline | None, created: dt.datetime | None) -> dt.date | None:
    """The day from which a text counts: its dateline's, else that on which it was created, where that was."""
    if dateline and dateline.date:
        return dateline.date
    return created.date() if created else None
