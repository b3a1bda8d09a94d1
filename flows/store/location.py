"""Where the store is, and how that is shown."""

import re

from flows.errors import ConfigError

_PASSWORD = re.compile(r"^(?P<start>[a-z][a-z0-9+.-]*://[^:/?#@]*):.*@", re.IGNORECASE | re.DOTALL)
_OPTION = re.compile(r"(?P<start>[?&][^=&]*(?:password|properties|token|secret)[^=&]*)=[^&]*", re.IGNORECASE)


def is_server(location: str) -> bool:
    """Is it a MongoDB URI? Else it is a file path.

    Raises:
        ConfigError: It is the URI of something else.
    """
    kind, is_uri, _ = location.lower().partition("://")
    if is_uri and kind not in ("mongodb", "mongodb+srv"):
        raise ConfigError(f"{mask(location)}: no store of this kind; name a mongodb:// URI, or a file")
    return bool(is_uri)


def mask(uri: str) -> str:
    """The URI with its password, and options that may hold one, hidden; anything else as it is.

    An unescaped `@` or `/` in the password must not show its rest: all up to the last `@` is hidden.
    """
    if "://" not in uri:
        return uri
    return _OPTION.sub(r"\g<start>=***", _PASSWORD.sub(r"\g<start>:***@", uri))
