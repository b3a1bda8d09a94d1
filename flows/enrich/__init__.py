"""enrich: a dispatch -> its entities and quotes. The seam: what is inside may be replaced, this function stays."""

from flows.enrich.attribution import Attribution
from flows.enrich.entities import Found, find_names
from flows.enrich.lexicon import Lexicon
from flows.enrich.quotes import find_attributions
from flows.enrich.reading import Analyzer
from flows.enrich.resolved import Resolved
from flows.enrich.speakers import resolve_speakers
from flows.enrich.structure import paragraphs
from flows.gazetteer import Gazetteer
from flows.quote_key import quote_key, split, words_said
from flows.spans import SpanMap
from schemas.base import Model
from schemas.dispatch import Cue, Dispatch, Entity, Mention, Quote, Span, Speaker, SpeakerMention

RULES_VERSION = "rules-7"  # of what is made of a reading; another version, other annotations


class Annotations(Model):
    """What enriching adds to a dispatch."""

    entities: tuple[Entity, ...] = ()
    quotes: tuple[Quote, ...] = ()


def load_analyzer(engine: str) -> Analyzer:
    """Return what reads texts: the model of the package (`model`), or a spaCy pipeline (`spacy:NAME`).

    Raises:
        ConfigError: the pipeline is not installed.
    """
    kind, _, name = engine.partition(":")
    if kind == "spacy":
        from flows.enrich.spacy_analyzer import load_pipeline

        return load_pipeline(name)
    from flows.enrich.model import load_model

    return load_model()


def enrich(
    dispatch: Dispatch, gazetteer: Gazetteer, lexicon: Lexicon, analyzer: Analyzer, *, least: float = 0.5
) -> Annotations:
    """Return the entities and quotes of a dispatch, with spans in `text` and in `text_raw`.

    Args:
        analyzer: what reads the text: the model of the package, or another engine.
        least: the least confidence of a mention, 0 to 1.
    """
    text = dispatch.text
    to_raw = SpanMap(dispatch.names)
    parts = paragraphs(dispatch)
    reading = analyzer.read(text, parts)
    names = find_names(dispatch, parts, reading, gazetteer, lexicon, least=least)
    attributions = find_attributions(text, parts, reading, lexicon)
    speakers = resolve_speakers(text, parts, attributions, reading, names, lexicon)
    seen: dict[str, int] = {}
    quotes = [
        _quote(dispatch, attribution, speaker, names.entities, to_raw, seen)
        for attribution, speaker in zip(attributions, speakers, strict=True)
    ]
    entities = [_entity(text, entity, to_raw) for entity in names.entities.values() if entity.mentions]
    return Annotations(entities=tuple(sorted(entities, key=lambda e: e.mentions[0].span)), quotes=tuple(quotes))


def _entity(text: str, entity: Found, to_raw: SpanMap) -> Entity:
    return Entity(
        id=entity.id,
        name=entity.name,
        type=entity.type,
        role=entity.role,
        country=entity.country,
        mentions=tuple(
            Mention(
                text=text[slice(*span)], kind=kind, span=span, raw_span=to_raw.to_raw(span), confidence=round(sure, 3)
            )
            for span, kind, sure in entity.mentions
        ),
    )


def _quote(
    dispatch: Dispatch, attribution: Attribution, speaker: Resolved, entities: dict[str, Found], to_raw: SpanMap,
    seen: dict[str, int],
) -> Quote:  # fmt: skip
    text = dispatch.text
    content = " ".join(text[slice(*span)] for span in attribution.spans)
    verbatim = tuple(text[slice(*span)] for span in attribution.verbatim)
    key = quote_key(split(words_said(attribution.kind, content, verbatim)))
    return Quote(
        id=_quote_id(dispatch.story_id, key, seen),
        quote_key=key,
        kind=attribution.kind,
        text=content,
        spans=attribution.spans,
        raw_spans=tuple(to_raw.to_raw(span) for span in attribution.spans),
        verbatim=verbatim,
        cue=_cue(text, attribution.cue, to_raw),
        speaker=_speaker(text, speaker, entities, to_raw),
    )


def _quote_id(story_id: str, key: str, seen: dict[str, int]) -> str:
    """The same words in the same story have the same id, in whatever revision; a repetition is counted."""
    seen[key] = seen.get(key, 0) + 1
    return f"{story_id}#{key or 'wordless'}" + (f"-{seen[key]}" if seen[key] > 1 else "")


def _cue(text: str, span: Span | None, to_raw: SpanMap) -> Cue | None:
    return Cue(text=text[slice(*span)], span=span, raw_span=to_raw.to_raw(span)) if span else None


def _speaker(text: str, found: Resolved, entities: dict[str, Found], to_raw: SpanMap) -> Speaker | None:
    if found.mention is None:
        return None
    mention = SpeakerMention(
        text=text[slice(*found.mention)], span=found.mention, raw_span=to_raw.to_raw(found.mention)
    )
    entity = entities.get(found.entity_id or "")
    if entity is None:
        return Speaker(mention=mention)
    return Speaker(entity_id=entity.id, name=entity.name, mention=mention, resolved_by=found.resolved_by)
