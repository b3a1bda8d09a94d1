"""The rejection: an input, or an item of it, that could not become a dispatch, with all its reasons."""

from typing import Literal

from pydantic import AwareDatetime, Field

from schemas.base import Model

Stage = Literal["read", "normalize", "validate", "enrich", "store"]
RejectionStatus = Literal["open", "replayed", "discarded"]


class RejectionError(Model):
    """One thing that is wrong with the input."""

    loc: str = Field(description="Where: a field, `line 3`, `byte 17`; `input` for the whole.")
    type: str = Field(description="A stable code of the error.")
    message: str = Field(description="What is wrong and what to do about it.")
    input: str | None = Field(None, description="The offending value, shortened.")


class Rejection(Model):
    """A rejected input. It is kept with its bytes (`original`), so that it can be replayed."""

    id: str = Field(description="Deterministic: the input's place and bytes.")
    stage: Stage = Field(description="The stage that rejected it.")
    reason: str = Field(description="A stable code: `empty`, `binary`, `too_large`, `invalid_json`, ...")
    errors: tuple[RejectionError, ...] = Field(description="All the errors, not the first.")
    source: str = Field(description="The configured feed it came from.")
    uri: str = Field(description="Where the bytes were read, passwords masked.")
    item: str | None = Field(None, description="The part of the input: `line 12`.")
    original: str | None = Field(
        None, description="SHA-256 of the bytes, key of `originals`; null if they were not read."
    )
    attempts: int = Field(1, ge=1, description="1, and 1 more for each replay that failed.")
    status: RejectionStatus = Field("open", description="What became of it.")
    first_seen: AwareDatetime = Field(description="When it was first rejected; UTC.")
    last_seen: AwareDatetime = Field(description="When it was last rejected; UTC.")
