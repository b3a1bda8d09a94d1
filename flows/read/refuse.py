"""Making refusals: the same shape for every reason."""

from hashlib import sha256

from schemas.raw import Payload, Refusal
from schemas.rejection import RejectionError

_SHOWN = 200  # characters of an offending value


def refuse(
    reason: str, message: str, *, source: str, uri: str, item: str | None = None, loc: str = "input",
    value: str | None = None, data: bytes | None = None,
) -> Refusal:  # fmt: skip
    """Return a refusal of the reading stage with one error."""
    error = RejectionError(loc=loc, type=reason, message=message, input=value[:_SHOWN] if value else None)
    return Refusal(
        stage="read", reason=reason, errors=(error,), source=source, uri=uri, item=item, data=data,
        original=sha256(data).hexdigest() if data is not None else None,
    )  # fmt: skip


def refuse_payload(payload: Payload, reason: str, *errors: RejectionError) -> Refusal:
    """Return a refusal of a payload for all these errors."""
    return Refusal(
        stage="read", reason=reason, errors=errors, source=payload.source, uri=payload.uri, item=payload.item,
        format=payload.format, data=payload.data, original=payload.original,
    )  # fmt: skip
