"""`quotes --same`, and quotes printed in several dispatches."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from flows.quote_key import quote_key, split
from flows.store import open_store
from flows.store.stories import save_many
from schemas.dispatch import Dispatch, Quote, Speaker, SpeakerMention

Run = Callable[..., Result]

SAID = "We are now awaiting answers from the capital before the talks go on"
KEY = quote_key(split(SAID))


@pytest.fixture
def stored(dispatches: Run, project: Path, make_dispatch: Callable[..., Dispatch]) -> Run:
    """The command, with three dispatches stored: the same words in two, and another wording."""

    def told(number: int, said: str) -> Dispatch:
        mention = SpeakerMention(text="Lavrov", span=(0, 6), raw_span=(0, 6))
        speaker = Speaker(
            entity_id="person:sergey-lavrov", name="Sergey Lavrov", mention=mention, resolved_by="surname"
        )
        span = (15, 15 + len(said))
        quote = Quote(
            id=f"s:{number}#q", quote_key=quote_key(split(said)), kind="direct", text=said, spans=(span,),
            raw_spans=(span,), verbatim=(said,), speaker=speaker,
        )  # fmt: skip
        fields: dict[str, Any] = {"id": f"s:{number}@ab", "story_id": f"s:{number}", "headline": f"Part {number}"}
        fields["feed_id"] = str(number)  # of a feed with ids: like words alone do not join them
        return make_dispatch(f'Lavrov said: "{said}"', quotes=(quote,), **fields)

    store = open_store("news.db")
    store.prepare()
    save_many(store, [told(1, SAID), told(2, SAID.upper()), told(3, SAID.replace("awaiting", "expecting"))])
    store.close()
    return dispatches


@pytest.mark.parametrize("typed", ["s:1#q", "s:1#", KEY])
def test_exact_then_near(stored: Run, typed: str) -> None:
    """By id, the beginning of it, or key: the same words first, then another wording with its difference."""
    found = json.loads(stored("quotes", "--same", typed, "--json").stdout)
    assert [(each["story_id"], each["match"]) for each in found] == [
        ("s:2", "exact"),
        ("s:1", "exact"),
        ("s:3", "near"),
    ]
    assert [(each["was"].lower(), each["now"]) for each in found[2]["differences"]] == [("awaiting", "expecting")]


def test_wordings_are_printed_with_their_dispatches(stored: Run) -> None:
    """Each wording is printed once, how it differs below it, then a table of the dispatches that have it."""
    shown = stored("quotes", "--same", KEY).stdout
    order = [
        "“WE ARE NOW",
        "the same words",
        "Part 2",
        "Part 1",
        "now expecting",
        "92% the same",
        "AWAITING → expecting",
    ]
    places = [shown.index(part) for part in [*order, "Part 3"]]
    assert places == sorted(places)
    assert shown.count("Sergey Lavrov") == 3


def test_pages(stored: Run) -> None:
    """--limit and --skip page, and stderr tells that there may be more."""
    first = stored("quotes", "--same", KEY, "--limit", "2", "--json")
    assert [each["match"] for each in json.loads(first.stdout)] == ["exact", "exact"]
    rest = json.loads(stored("quotes", "--same", KEY, "--skip", "2", "--json").stdout)
    assert [each["match"] for each in rest] == ["near"]
    assert "there may be more" in stored("quotes", "--same", KEY, "--limit", "2").stderr


@pytest.mark.parametrize(
    "arguments", [("nothing",), ("",), ("s:",), (KEY, "--speaker", "Lavrov"), (KEY, "--since", "2020")]
)
def test_wrong_use(stored: Run, arguments: tuple[str, ...]) -> None:
    """An unknown quote, an id that several begin with, and a condition beside --same exit with 2 and say why."""
    result = stored("quotes", "--same", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")


def test_repeats_are_printed_once(stored: Run) -> None:
    """`quotes` prints the same words of the same speaker once, with each dispatch that has them, and their key."""
    shown = stored("quotes").stdout
    assert shown.lower().count(SAID.lower()) == 1
    assert all(f"Part {number}" in shown for number in (1, 2, 3))
    assert shown.count(KEY) == 1
