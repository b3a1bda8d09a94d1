"""The base of every model: frozen, unknown fields forbidden."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A value: equal by content, never changed after it was made, with no room for a mistyped field."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)
