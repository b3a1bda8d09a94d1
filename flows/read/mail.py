"""E-mail (MIME): the subject as headline, the body as text. A body may be JSON, as forms send it, or HTML.

Lines of white space before the first header, which some mail stores write, are passed over. Attachments are left in the
original.
"""

import re
from email import message_from_bytes, policy
from email.message import Message
from itertools import islice
from typing import Any

import orjson

from flows.read.decode import decode
from flows.read.fields import byline, codec, compose, error, line, when, whole, words
from flows.read.htmltext import html_text
from flows.read.refuse import refuse_payload
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import RejectionError

_HEADERS = (rb"return-path|received|delivered-to|mime-version|message-id|from|to|cc|reply-to|sender|date|subject|"
            rb"content-type|content-transfer-encoding|authentication-results|dkim-signature|list-[\w-]+|arc-[\w-]+|"
            rb"x-[\w-]+")  # fmt: skip
_LOOKS = re.compile(rb"(?:(?:" + _HEADERS + rb")[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*){3}", re.IGNORECASE)
_MBOX = re.compile(rb"From [^\n]*\n")
_NEXT = re.compile(rb"\r?\n\r?\n(?=From \S+ [^\n]*\d\d:\d\d[^\n]*\r?\n)")  # between two messages of a mailbox
_LEADING = b" \t\r\n\xef\xbb\xbf"
_SEVEN_BIT = re.compile(r"iso-?2022|utf-?7$|hz")  # such text is ASCII as well, so UTF-8 would be found first
_ODD_WORD = re.compile(r"=\?(?P<charset>[\w.:-]{1,40})\?[Qq]\?(?P<text>[^?\s]*[^\0-\x7f][^?\s]*)\?=")
_ESCAPES = re.compile(r"(?:=[0-9A-Fa-f]{2})+")
_MOST_PARTS = 1000
# Names of fields in JSON bodies, in lower case without white space, the first that is there is used.
_JSON = {
    "headline": ("headline", "title"), "text": ("body", "text", "story", "content", "article", "bodytext"),
    "slugline": ("slugline", "slug"), "byline": ("byline", "author"), "language": ("language",),
    "urgency": ("urgency", "newsvalue"), "ed_note": ("ednote", "editorialnote", "editornote", "editorsnote"),
}  # fmt: skip


def looks_like(head: bytes) -> bool:
    """Tell whether this begins with three headers of mail."""
    begin = head.lstrip(_LEADING)
    mbox = _MBOX.match(begin)
    return bool(_LOOKS.match(begin, mbox.end() if mbox else 0))


def read(payload: Payload) -> list[RawDispatch | Refusal]:
    """Return the raw dispatch of each message, or a refusal: `empty`, `undecodable`, `binary`, `invalid_mail`."""
    data = payload.data.lstrip(_LEADING)
    messages = _NEXT.split(data) if _MBOX.match(data) else [data]
    if len(messages) == 1:
        return [_dispatch(data, payload, None)]
    return [_dispatch(message, payload, f"message {number}") for number, message in enumerate(messages, 1)]


def _dispatch(data: bytes, payload: Payload, item: str | None) -> RawDispatch | Refusal:
    """Return what one message comes to."""
    mbox = _MBOX.match(data)
    refused = payload.model_copy(update={"item": " ".join(filter(None, (payload.item, item)))}) if item else payload
    try:
        message = message_from_bytes(data[mbox.end() if mbox else 0 :], policy=policy.default)
        fields = {name: _header(message, name) for name in ("Subject", "Date", "Message-ID", "Content-Language")}
        kind, body = _body(message, payload)
    except Exception as fault:  # noqa: BLE001  # the parser promises none; broken headers have made it break the promise
        why = error("input", "invalid_mail", f"no message can be made of it: {type(fault).__name__}")
        return refuse_payload(refused, "invalid_mail", why)
    if isinstance(body, RejectionError):
        return refuse_payload(refused, body.type, body)
    text, encoding = body
    found = (_json(text) if kind != "text/html" else None) or {}
    headline = line(found.get("headline")) or fields["Subject"]
    urgency = found.get("urgency", "")
    return RawDispatch(
        text_raw=compose(headline, whole(found.get("text") or text)), headline=headline, item=item, encoding=encoding,
        byline=byline(found.get("byline")), feed_id=_id(fields["Message-ID"]), version_created=when(fields["Date"]),
        slugline=line(found.get("slugline")), language=line(found.get("language")) or fields["Content-Language"],
        urgency=int(urgency) if re.fullmatch("[1-9]", urgency) else None, ed_note=line(found.get("ed_note")),
    )  # fmt: skip


def _id(value: str | None) -> str | None:
    return line((value or "").strip().removeprefix("<").removesuffix(">"))


def _header(message: Message, name: str) -> str | None:
    """Return a header, its encoded words decoded, and bytes outside of ASCII by the rules for all bytes."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            raw = re.sub(r"\r?\n[ \t]?", " ", str(value))
            if not raw.isascii():
                decoded = decode(raw.encode("utf-8", "surrogateescape"))
                raw = raw if isinstance(decoded, RejectionError) else decoded[0]
                raw = _ODD_WORD.sub(_word, raw)
            try:
                return line(str(policy.default.header_factory(name, raw)))
            except Exception:  # noqa: BLE001  # the header as it stands says more than nothing
                return line(raw)
    return None


def _word(word: re.Match[str]) -> str:
    """Return an encoded word with characters in it that should have been encoded: `=?cp1252?Q?Mayor’s_walk?=`."""
    name = codec(word["charset"])
    if name is None:
        return word[0]
    text = word["text"].replace("_", " ")
    return _ESCAPES.sub(lambda escaped: bytes.fromhex(escaped[0].replace("=", "")).decode(name, "replace"), text)


def _body(message: Message, payload: Payload) -> tuple[str, tuple[str, str] | RejectionError]:
    """Return the media type of the text that is read, and the text with how it was decoded."""
    plain, rich, others = list[Message](), list[Message](), list[str]()
    for part in islice(message.walk(), _MOST_PARTS):
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        attached = part.get_content_disposition() == "attachment"
        if kind == "text/html" and not attached:
            rich.append(part)
        elif (kind in ("text/plain", "application/json") or kind.startswith("multipart/")) and not attached:
            plain.append(part)
        else:
            others.append(kind)
    wrong: RejectionError | None = None
    for part in (*plain, *rich):
        decoded = _decoded(part, payload)
        if isinstance(decoded, RejectionError):
            wrong = wrong or decoded
            continue
        text, encoding = decoded
        kind = "text/html" if part in rich else "text/plain"
        text = html_text(text) if kind == "text/html" else text.replace("\r\n", "\n")
        if words(text):
            return kind, (text, encoding)
    told = f"no text, only {', '.join(dict.fromkeys(others[:20]))}" if others else "there is no text in the message"
    return "", wrong or error("body", "empty", told)


def _decoded(part: Message, payload: Payload) -> tuple[str, str] | RejectionError:
    """Return the text of a part."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return "", "utf-8"
    declared = codec(part.get_content_charset()) or payload.encoding
    if declared and _SEVEN_BIT.match(declared):
        try:
            return data.decode(declared), declared
        except UnicodeError:
            pass
    return decode(data, declared)


def _json(text: str) -> dict[str, str] | None:
    """Return the fields of a body that is a JSON object with a text in it, else None."""
    begin = text.strip()
    if not (begin.startswith("{") and begin.endswith("}")):
        return None
    value = _loads(begin)
    if not isinstance(value, dict):
        return None
    given = {re.sub(r"[\s_'’-]", "", key).lower(): _first(inside) for key, inside in value.items()}
    found = {field: next(filter(words, (given.get(name, "") for name in names)), "") for field, names in _JSON.items()}
    return found if found["text"] else None


def _loads(text: str) -> Any:
    """Return the JSON; mail breaks its lines inside of strings too, and there a break stands for a space."""
    for candidate in (text, re.sub(r"[ \t]*\r?\n[ \t]*", " ", text)):
        try:
            return orjson.loads(candidate)
        except orjson.JSONDecodeError:
            continue
    return None


def _first(value: object) -> str:
    """Return a value as text; forms send each as a list of one."""
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
