"""The dispatch: one news item as stored, and everything the pipeline says about it.

Spans are half-open `[start, end]` pairs of Unicode code points. A `span` counts in `text`, a `raw_span` in `text_raw`.
"""

import datetime as dt
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from schemas.base import Model

EntityType = Literal["person", "organization", "place", "event", "weapon", "work", "group"]
MentionKind = Literal["name", "alias", "nominal", "pronoun"]
QuoteKind = Literal["direct", "mixed", "indirect"]
Status = Literal["usable", "embargoed", "withheld", "killed"]
Signal = Literal["new", "update", "correction", "kill", "duplicate"]
ResolvedBy = Literal["name", "surname", "alias", "title", "nominal", "pronoun", "relative", "carried", "dialogue"]
RepairStep = Literal["mojibake", "control", "soft_hyphen", "line_hyphen"]
Offset = Annotated[int, Field(ge=0)]
Span = tuple[Offset, Offset]


class NameEdit(Model):
    """One replacement of a variant by its canonical spelling."""

    raw: str = Field(description="The characters as printed, `text_raw[raw_span]`: `KIEV`.")
    name: str = Field(description="The characters that replace them, `text[span]`: `KYIV`.")
    entity_id: str = Field(description="Gazetteer id of the entity named: `place:kyiv`.")
    rule: str = Field(description="The gazetteer rule applied: `place:kyiv/variant/Kiev`.")
    raw_span: Span = Field(description="Where the variant stands in `text_raw`.")
    span: Span = Field(description="Where the canonical name stands in `text`.")


class DatelinePlace(Model):
    """A place of the dateline."""

    name: str = Field(description="Canonical name where the gazetteer has one, else as printed in title case.")
    entity_id: str | None = Field(None, description="Gazetteer id of the place.")


class Dateline(Model):
    """Where and when the dispatch was filed, as it says itself: `MOSCOW (Dispatches) --`."""

    raw: str = Field(description="The dateline as printed, its dash included.")
    places: tuple[DatelinePlace, ...] = Field(
        (), description="Its places, in order; a country after a city is not one."
    )
    agency: str | None = Field(None, description="The agency in parentheses, as printed.")
    date: dt.date | None = Field(None, description="Its date, where the year is known from the dispatch.")
    span: Span = Field(description="Where it stands in `text`.")


class When(Model):
    """A day that the text names relative to its own: `on Tuesday`, `yesterday`."""

    text: str = Field(description="The characters of `text[span]`: `Tuesday`.")
    date: dt.date = Field(description="The day that is meant, counted from the day of the dispatch.")
    span: Span = Field(description="Where it stands in `text`.")
    raw_span: Span = Field(description="Where it stands in `text_raw`.")


class Mention(Model):
    """One occurrence of an entity in the text."""

    text: str = Field(description="The characters of `text[span]`.")
    kind: MentionKind = Field(description="A name, another name (alias), a common noun phrase, or a pronoun.")
    span: Span = Field(description="Where it stands in `text`.")
    raw_span: Span = Field(description="Where it stands in `text_raw`.")
    confidence: float = Field(1.0, ge=0, le=1, description="How sure it is that it stands for this entity, 0 to 1.")


class Entity(Model):
    """A person, organization, place, event, weapon, work or group, with its mentions in this dispatch."""

    id: str = Field(description="Gazetteer id, or one made from type and name: `person:ann-lee`.")
    name: str = Field(description="Canonical name: the gazetteer's, else the fullest form in the dispatch.")
    type: EntityType = Field(description="Entity type.")
    role: str | None = Field(None, description="Office or function, as the dispatch says it, else the gazetteer.")
    country: str | None = Field(None, description="Canonical name of the country it belongs to.")
    mentions: tuple[Mention, ...] = Field(description="Its mentions, in order.")


class Cue(Model):
    """The word or phrase that reports speech: `said`, `according to`."""

    text: str = Field(description="The characters of `text[span]`.")
    span: Span = Field(description="Where it stands in `text`.")
    raw_span: Span = Field(description="Where it stands in `text_raw`.")


class SpeakerMention(Model):
    """The words that name the speaker in the attribution: `Senator Richard Blumenthal`, `he`."""

    text: str = Field(description="The characters of `text[span]`.")
    span: Span = Field(description="Where it stands in `text`.")
    raw_span: Span = Field(description="Where it stands in `text_raw`.")


class Speaker(Model):
    """Who said it. An unnamed speaker (`a senior official`) has a mention, and neither id nor name."""

    entity_id: str | None = Field(None, description="The entity of this dispatch that spoke.")
    name: str | None = Field(None, description="Its canonical name.")
    mention: SpeakerMention = Field(description="The words of the attribution that name the speaker.")
    resolved_by: ResolvedBy | None = Field(None, description="How the mention was resolved to the entity.")


class Quote(Model):
    """One attribution: reported content, the cue that reports it, and the speaker."""

    id: str = Field(description="Deterministic: story and place of the quote's words in it; stable across re-runs.")
    quote_key: str = Field(
        "", description="The same for the same words in any dispatch; case and punctuation aside; empty without words."
    )
    kind: QuoteKind = Field(description="direct: all in quotation marks; mixed: some; indirect: none.")
    text: str = Field(description="The reported content, its spans joined by a space.")
    spans: tuple[Span, ...] = Field(description="Where the content stands in `text`; several when it is split.")
    raw_spans: tuple[Span, ...] = Field(description="The same in `text_raw`.")
    verbatim: tuple[str, ...] = Field(description="The parts inside quotation marks, marks excluded.")
    cue: Cue | None = Field(None, description="The word or phrase that reports it.")
    speaker: Speaker | None = Field(None, description="Who said it; null when two answers are equally good.")


class TextEdit(Model):
    """One place that a repair changed."""

    raw: str = Field(description="The characters before.")
    span: Span = Field(description="Where their replacement stands in the text after this step; empty if removed.")


class Repair(Model):
    """One step of text repair and all that it changed: undone from the last to the first, the text is as decoded."""

    field: str = Field(description="The field that was repaired: `text_raw`, `headline`.")
    step: RepairStep = Field(description="What was done.")
    edits: tuple[TextEdit, ...] = Field(description="The places, in order, not overlapping.")


class Provenance(Model):
    """Where a dispatch came from and what processed it."""

    run_id: str | None = Field(None, description="The run that stored it; null for `annotate`.")
    original: str = Field(description="SHA-256 of the bytes as received, key of the collection `originals`.")
    uri: str = Field(description="Where the bytes were read, passwords masked; `#item` for a part of a file.")
    reader: str = Field(description="The reader that understood them: `text`, `jsonl`.")
    encoding: str = Field(
        description="How the bytes were decoded: `utf-8`, `cp1252`; `+replaced` when bytes were lost."
    )
    pipeline_version: str = Field(description="Version of this package.")
    schema_version: int = Field(description="Version of these schemas.")
    gazetteer_version: str = Field(description="Content hash of the compiled gazetteer.")
    model_version: str = Field(description="Version of what made entities and quotes.")


class Dispatch(Model):
    """One revision of one news item."""

    id: str = Field(
        description="Deterministic id of this revision: `<source>:<the feed's id, else its text's hash>@<first 16 hex "
        "of content_hash>`."
    )
    source: str = Field(description="The configured feed it came from.")
    story_id: str = Field(
        description="Deterministic id of the story: what is before the `@` in the id of its first revision."
    )
    feed_id: str | None = Field(None, description="The feed's own id of the story, as the feed says.")
    version: str | None = Field(None, description="The feed's own version number; to inform, not to order by.")
    revision: int = Field(1, ge=1, description="Ordinal of this revision in its story, by (version created, received).")
    status: Status = Field("usable", description="May it be published?")
    signal: Signal = Field("new", description="What this revision does to its story.")
    revises: str | None = Field(None, description="Id of the revision before this one.")
    content_hash: str = Field(description="SHA-256 of the raw text and the feed's own fields; the key of `unchanged`.")

    headline: str | None = Field(None, description="Headline as printed.")
    byline: str | None = Field(None, description="Byline as printed, without `By`.")
    slugline: str | None = Field(None, description="Slugline as printed.")
    dateline: Dateline | None = Field(None, description="Dateline, parsed.")
    language: str | None = Field(
        None, description="BCP 47 tag, as the feed says, else as the text tells; null if unsure."
    )
    enriched: bool = Field(True, description="False: in a language in which entities and quotes are not looked for.")
    published_at: AwareDatetime | None = Field(
        None, description="When this version was created, as the feed says; UTC."
    )
    first_created_at: AwareDatetime | None = Field(
        None, description="When the first version was created, as the feed says; UTC."
    )
    received_at: AwareDatetime = Field(description="When the pipeline read it; UTC.")
    embargoed_until: AwareDatetime | None = Field(None, description="Not to be shown before; UTC.")
    urgency: int | None = Field(None, ge=1, le=9, description="1 most to 9 least urgent, as the feed says.")
    subjects: tuple[str, ...] = Field((), description="Subject codes or words, as the feed says.")
    ed_note: str | None = Field(None, description="Editor's note, as printed.")
    rights: str | None = Field(None, description="Copyright and terms of use, as the feed says.")

    text_raw: str = Field(description="The whole decoded text as read: headline, dateline and body.")
    text: str = Field(description="`text_raw` with the name edits applied.")
    repairs: tuple[Repair, ...] = Field(
        (), description="What was repaired in text and fields after decoding; undone, they are as received."
    )
    names: tuple[NameEdit, ...] = Field((), description="The name edits: ordered, not overlapping.")
    when: tuple[When, ...] = Field((), description="Days named relative to the day of the dispatch, in order.")
    entities: tuple[Entity, ...] = Field((), description="The entities mentioned.")
    quotes: tuple[Quote, ...] = Field((), description="The reported speech.")
    provenance: Provenance = Field(description="Where it came from and what processed it.")
