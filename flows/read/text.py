"""Plain wire text: one dispatch a file. The head is told from the text when names are normalized."""

from flows.read.decode import decode
from flows.read.refuse import refuse_payload
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import RejectionError


def read(payload: Payload) -> list[RawDispatch | Refusal]:
    """Return the decoded text as a raw dispatch, or a refusal: `empty`, `binary`, `undecodable`."""
    decoded = decode(payload.data, payload.encoding)
    if isinstance(decoded, RejectionError):
        return [refuse_payload(payload, decoded.type, decoded)]
    text, encoding = decoded
    if not any(char.isalnum() for char in text):
        error = RejectionError(loc="input", type="empty", message="there is no text in it", input=text[:200] or None)
        return [refuse_payload(payload, "empty", error)]
    return [RawDispatch(text_raw=text, encoding=encoding)]
