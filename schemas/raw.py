"""What the reading stage hands on: payloads (bytes) and raw dispatches (text and the feed's own fields)."""

from pydantic import AwareDatetime, Field

from schemas.base import Model
from schemas.dispatch import Dateline, NameEdit, Signal, Status
from schemas.rejection import RejectionError, Stage


class Payload(Model):
    """The bytes of one input, or of one item of it, and where they came from."""

    source: str = Field(description="The configured feed.")
    uri: str = Field(description="Where the bytes were read, passwords masked.")
    item: str | None = Field(None, description="The part of the input: `line 12`.")
    format: str = Field(description="The reader that takes it: `text`, `jsonl`.")
    encoding: str | None = Field(None, description="The encoding the source declares.")
    data: bytes = Field(description="The bytes as received.", repr=False)
    original: str = Field(description="SHA-256 of `data`.")


class RawDispatch(Model):
    """A dispatch as read: decoded text, and what the feed's own fields say. Nothing is invented here."""

    text_raw: str = Field(description="The whole decoded text: headline, dateline and body.", repr=False)
    headline: str | None = Field(None, description="Headline, from the format's field or the first line.")
    byline: str | None = Field(None, description="Byline, without `By`.")
    item: str | None = Field(None, description="The part of the payload, where it holds several: `entry 3`.")
    encoding: str = Field(description="How the bytes were decoded.")
    feed_id: str | None = Field(None, description="The feed's own id of the story.")
    version_created: AwareDatetime | None = Field(None, description="When this version was created.")
    slugline: str | None = Field(None, description="Slugline.")
    language: str | None = Field(None, description="Language tag.")
    embargoed_until: AwareDatetime | None = Field(None, description="Embargo.")
    urgency: int | None = Field(None, description="Urgency.")
    subjects: tuple[str, ...] = Field((), description="Subjects.")
    ed_note: str | None = Field(None, description="Editor's note.")
    status: Status = Field("usable", description="Publishing status.")
    signal: Signal = Field("new", description="What this revision does to its story.")


class Normalized(Model):
    """What normalizing makes of a raw dispatch: its head, and its text under canonical names."""

    headline: str | None = Field(description="Headline, the feed's or the first line.")
    byline: str | None = Field(description="Byline, the feed's or the text's.")
    ed_note: str | None = Field(description="Editor's note, the feed's or the text's.")
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
