"""What the wire formats framed by control characters (IPTC 7901, ANPA 1312) have in common: messages after SOH."""

from collections.abc import Callable

from flows.read.decode import decode
from flows.read.fields import codec, error
from flows.read.refuse import refuse_payload
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import RejectionError

_FILLERS = "\r\n\t \x04\x16"  # between two messages; EOT ends the one before


def read_messages(
    payload: Payload, data: bytes, read_one: Callable[[str, str, str | None], RawDispatch | RejectionError]
) -> list[RawDispatch | Refusal]:
    """Return what each message comes to; refused are `undecodable`, `binary`, `wrong_format`, and what is no message.

    Args:
        data: the bytes of the payload without the codes that say nothing.
        read_one: makes a raw dispatch of a message, its encoding, and its name where there are several.
    """
    decoded = decode(data, codec(payload.encoding))
    if isinstance(decoded, RejectionError):
        return [refuse_payload(payload, decoded.type, decoded)]
    text, encoding = decoded
    messages = [message for message in text.split("\x01")[1:] if message.strip(_FILLERS)]
    if not messages:
        why = error("input", "wrong_format", "no message begins in it: SOH (0x01) is missing", text)
        return [refuse_payload(payload, "wrong_format", why)]
    found: list[RawDispatch | Refusal] = []
    for number, message in enumerate(messages, 1):
        name = f"message {number}" if len(messages) > 1 else None
        result = read_one(message, encoding, name)
        if isinstance(result, RejectionError):
            found.append(refuse_payload(payload, result.type, result).model_copy(update={"item": name} if name else {}))
        else:
            found.append(result)
    return found
