"""The run report: what became of every input, in counts that add up."""

from typing import Literal, Self

from pydantic import AwareDatetime, Field, computed_field, model_validator

from schemas.base import Model


class Counts(Model):
    """What became of the inputs. `read = stored + unchanged + superseded + rejected`, always."""

    read: int = Field(0, ge=0, description="Items read: dispatches and rejections.")
    stored: int = Field(0, ge=0, description="New current revisions.")
    unchanged: int = Field(0, ge=0, description="Already stored, or a repetition of what its story says.")
    superseded: int = Field(0, ge=0, description="Stored as history: a newer revision was there.")
    rejected: int = Field(0, ge=0, description="Rejected, with reasons.")

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.read != self.stored + self.unchanged + self.superseded + self.rejected:
            raise ValueError("read must equal stored + unchanged + superseded + rejected")
        return self

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in Counts.model_fields})


class RunReport(Counts):
    """One run of a flow: its totals, and the same per source and stage."""

    run_id: str = Field(description="Id of the run: the Prefect flow run's.")
    flow: str = Field(description="The flow: `ingest-dispatches`.")
    state: Literal["running", "completed", "failed"] = Field(description="How the run ended.")
    message: str | None = Field(None, description="Why it failed, secrets masked.")
    started_at: AwareDatetime = Field(description="UTC.")
    finished_at: AwareDatetime | None = Field(None, description="UTC; null while running or after a crash.")
    dry_run: bool = Field(False, description="True: nothing was stored, `stored` counts what would have been.")
    sources: dict[str, Counts] = Field({}, description="Totals per source.")
    passed_over: int = Field(
        0, ge=0, description="Files not read again: all that is in them was stored before; `unchanged` counts it."
    )
    waiting: int = Field(0, ge=0, description="Files left for a later run: changed within `settle_seconds`.")
    rejected_by_stage: dict[str, int] = Field({}, description="Stage -> rejections.")
    rejected_by_reason: dict[str, int] = Field({}, description="Reason code -> rejections.")
    seconds_by_stage: dict[str, float] = Field({}, description="Stage -> seconds spent, over all batches.")
    names: int = Field(0, ge=0, description="Name edits made.")
    entities: int = Field(0, ge=0, description="Entities found, over all dispatches.")
    quotes: int = Field(0, ge=0, description="Quotes found.")
    quotes_with_speaker: int = Field(0, ge=0, description="Quotes whose speaker is a named entity.")
    gazetteer_version: str | None = Field(None, description="Content hash of the gazetteer used.")
    model_version: str | None = Field(None, description="Version of what made entities and quotes.")

    @computed_field(description="The five totals, together.")  # type: ignore[prop-decorator]
    @property
    def totals(self) -> Counts:
        """The five totals of this report."""
        return Counts(**{name: getattr(self, name) for name in Counts.model_fields})
