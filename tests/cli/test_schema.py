"""`schema`: JSON Schemas from the models."""

import json
from collections.abc import Callable

import pytest
from typer.testing import Result

Run = Callable[..., Result]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("dispatches", "text_raw"), ("revisions", "revises"), ("quotes", "verbatim"), ("entities", "mentions"),
        ("rejections", "reason"), ("runs", "totals"), ("gazetteer", "variants"),
    ],
)  # fmt: skip
def test_schema(dispatches: Run, name: str, field: str) -> None:
    """Each schema is JSON, forbids unknown fields and describes every field."""
    schema = json.loads(dispatches("schema", name).stdout)
    assert field in schema["properties"]
    assert schema["additionalProperties"] is False
    assert all("description" in value for value in schema["properties"].values())


def test_names(dispatches: Run) -> None:
    """Without a name, the possible ones are listed, one a line or as JSON."""
    plain = dispatches("schema").stdout.split()
    assert "dispatches" in plain
    assert json.loads(dispatches("schema", "--json").stdout) == plain


def test_unknown(dispatches: Run) -> None:
    """An unknown name exits with 2, with the possible ones and the likeliest."""
    result = dispatches("schema", "quote")
    assert result.exit_code == 2
    assert "rejections" in result.stderr
    assert "did you mean quotes?" in result.stderr
