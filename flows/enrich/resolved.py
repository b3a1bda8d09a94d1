"""A resolved speaker."""

from dataclasses import dataclass

from schemas.dispatch import ResolvedBy, Span


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who spoke: the entity and how it was found, or neither for an unnamed speaker."""

    mention: Span | None
    entity_id: str | None
    resolved_by: ResolvedBy | None
