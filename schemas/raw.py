"""What the reading stage hands on: payloads (bytes) and raw dispatches (text and the feed's own fields)."""

from pydantic import AwareDatetime, Field

from schemas.base import Model
from schemas.dispatch import Dateline, NameEdit, Repair, Signal, Status, When
from schemas.rejection import RejectionError, Stage


class Payload(Model):
    """The bytes of one input, or of one item of it, and where they came from."""

    source: str = Field(description="The configured feed.")
    uri: str = Field(description="Where the bytes were read, passwords masked.")
    item: str | None = Field(None, description="The part of the input: `line 12`.")
    format: str = Field(description="The reader that takes it: `text`, `jsonl`.")
    encoding: str | None = Field(None, description="The encoding the source declares.")
    fields: dict[str, str] = Field({}, description="Field -> its column or key, as the source is configured.")
    data: bytes = Field(description="The bytes as received.", repr=False)
    original: str = Field(description="SHA-256 of `data`.")


class RawDispatch(Model):
    """A dispatch as read: decoded text, and what the feed's own fields say. Nothing is invented here."""

    text_raw: str = Field(
        description="The whole decoded text: headline, dateline and body; empty only for a kill.", repr=False
    )
    headline: str | None = Field(None, description="Headline, from the format's field.")
    byline: str | None = Field(None, description="Byline, without `By`.")
    item: str | None = Field(None, description="The part of the payload, where it holds several: `entry 3`.")
    encoding: str = Field(description="How the bytes were decoded.")
    repairs: tuple[Repair, ...] = Field((), description="What was repaired in text and fields after decoding.")
    feed_id: str | None = Field(None, description="The feed's own id of the story, the same for all its versions.")
    version: str | None = Field(None, description="The feed's own version number; to inform, not to order by.")
    version_created: AwareDatetime | None = Field(None, description="When this version was created.")
    first_created: AwareDatetime | None = Field(None, description="When the first version was created.")
    status: Status = Field("usable", description="Publishing status: killed before withheld before embargoed.")
    signal: Signal = Field("new", description="What this revision does to its story.")
    embargoed_until: AwareDatetime | None = Field(None, description="End of the embargo, where it is readable.")
    withheld: bool = Field(False, description="Withheld by the feed: the end of an embargo does not free it.")
    rights: str | None = Field(None, description="Copyright and terms of use.")
    urgency: int | None = Field(None, description="Urgency.")
    subjects: tuple[str, ...] = Field((), description="Subjects.")
    language: str | None = Field(None, description="Language tag.")
    slugline: str | None = Field(None, description="Slugline.")
    ed_note: str | None = Field(None, description="Editor's note.")


class Embargo(Model):
    """An embargo that the text tells of."""

    until: AwareDatetime | None = Field(
        description="Its end; None: it has one that the text does not tell for certain."
    )


class Normalized(Model):
    """What normalizing makes of a raw dispatch: its head, and its text under canonical names."""

    headline: str | None = Field(description="Headline, the feed's or the first line.")
    byline: str | None = Field(description="Byline, the feed's or the text's.")
    slugline: str | None = Field(None, description="Slugline, the feed's or the text's.")
    ed_note: str | None = Field(description="Editor's note, the feed's or the text's.")
    language: str | None = Field(None, description="Language tag, the feed's or the text's.")
    embargo: Embargo | None = Field(None, description="What the text says of an embargo.")
    when: tuple[When, ...] = Field((), description="Days named relative to the day of the dispatch.")
    dateline: Dateline | None = Field(description="Dateline, parsed from the text.")
    text: str = Field(description="The text under canonical names.", repr=False)
    names: tuple[NameEdit, ...] = Field(description="The edits that lead there and back.")


class Refusal(Model):
    """Why an input, or an item of it, became no dispatch: everything a `Rejection` needs but the time."""

    stage: Stage = Field(description="The stage that refused it.")
    reason: str = Field(description="A stable code.")
    errors: tuple[RejectionError, ...] = Field(description="All that is wrong with it.")
    source: str = Field(description="The configured feed.")
    uri: str = Field(description="Where it was read, passwords masked.")
    item: str | None = Field(None, description="The part of the input.")
    format: str | None = Field(None, description="The reader that took it, if one did.")
    data: bytes | None = Field(None, description="The bytes, where they could be read and kept.", repr=False)
    original: str | None = Field(None, description="SHA-256 of `data`.")
