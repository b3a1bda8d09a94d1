"""An attribution: who is said to have said what, as it stands in the text."""

from dataclasses import dataclass

from schemas.dispatch import QuoteKind, Span


@dataclass(frozen=True, slots=True)
class Attribution:
    """One piece of reported speech, before its speaker is resolved. Spans count in `text`."""

    kind: QuoteKind
    spans: tuple[Span, ...]
    verbatim: tuple[Span, ...]
    cue: Span | None
    speaker: Span | None  # the words that name the speaker; None with a cue: unknown, without: carried over
