"""The shapes: frozen, closed, described."""

import pytest
from pydantic import BaseModel, ValidationError

from schemas.base import Model
from schemas.dispatch import Dispatch, Entity, Quote
from schemas.raw import RawDispatch
from schemas.rejection import Rejection
from schemas.run import Counts, RunReport


def models(root: type[BaseModel]) -> list[type[BaseModel]]:
    """Return all models below a root."""
    return [model for child in root.__subclasses__() for model in (child, *models(child))]


@pytest.mark.parametrize("model", [Dispatch, Entity, Quote, Rejection, RunReport, RawDispatch])
def test_every_field_is_described(model: type[BaseModel]) -> None:
    """The JSON Schema tells what each field means."""
    assert [name for name, field in model.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("model", models(Model), ids=lambda model: model.__name__)
def test_shapes_are_frozen(model: type[BaseModel]) -> None:
    """A value is never changed after it was made."""
    assert model.model_config.get("frozen")


def test_unknown_fields_are_refused() -> None:
    """A mistyped field is an error, not silence."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        Counts(raed=1)  # type: ignore[call-arg]


def test_counts_add_up() -> None:
    """What was read is stored, unchanged, superseded or rejected; anything else is refused."""
    counts = Counts(read=4, stored=1, unchanged=1, superseded=1, rejected=1)
    assert (counts + counts).read == 8
    with pytest.raises(ValidationError, match="must equal"):
        Counts(read=2, stored=1)
