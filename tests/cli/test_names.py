"""`names`: what changes, what stays, and why."""

import json
from collections.abc import Callable

from typer.testing import Result

Run = Callable[..., Result]


def test_changes_and_stays(dispatches: Run) -> None:
    """A variant is changed under its rule; one in a dish stays with the reason."""
    result = dispatches("names", "The chicken Kiev was served in Kiev.")
    assert result.exit_code == 0
    assert result.stdout.startswith("The chicken Kiev was served in Kyiv.\n")
    assert "place:kyiv/variant/Kiev" in result.stdout
    assert "dish" in result.stdout


def test_json(dispatches: Run) -> None:
    """--json has the text before and after, the edits, and what stays with its reason."""
    got = json.loads(dispatches("names", "--json", "chicken", "Kiev", "in", "Kiev").stdout)
    assert (got["text_raw"], got["text"]) == ("chicken Kiev in Kiev", "chicken Kiev in Kyiv")
    assert [edit["raw_span"] for edit in got["names"]] == [[16, 20]]
    assert [stay["reason"] for stay in got["stays"]] == ["dish/chicken Kiev"]


def test_stdin(dispatches: Run) -> None:
    """A dash reads the text from the standard input."""
    assert dispatches("names", "-", input="Off to Kiev.\n").stdout.startswith("Off to Kyiv.\n")


def test_nothing_to_do(dispatches: Run) -> None:
    """A text without variants is printed as it is, with a remark on stderr."""
    result = dispatches("names", "Off to Paris.")
    assert result.stdout == "Off to Paris.\n"
    assert "nothing changes" in result.stderr
