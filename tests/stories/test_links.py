"""Which two revisions are linked, and by which keys they are found."""

import datetime as dt
from typing import Any

import pytest

from flows.stories.links import Traits, asked_keys, gist_of, kept_keys, linked, traits_of, union
from schemas.dispatch import Dispatch

START = dt.datetime(2024, 3, 5, 12, tzinfo=dt.UTC)
HEADLINE = "Ferry aground off Lindholm"
BODY = (
    "LINDHOLM (Dispatches) -- A ferry ran aground off Lindholm on Tuesday with 40 people aboard, the guard said.\n"
    "Two tugs were on their way from Arvika, where it had left the pier an hour before in thick fog, Ada Berg said.\n"
    "The line has had three such accidents since it bought its ships second-hand nine years ago."
)
OTHER = (
    "TARSK (Dispatches) -- Farmers around Tarsk have begun to bring in rye three weeks late after the wettest spring "
    "in 60 years.\nThe mills have been idle since June, and bread costs a third more than a year ago, growers said."
)


def dispatch(headline: str | None = HEADLINE, body: str = BODY, **fields: Any) -> Dispatch:
    """A dispatch without an id of the feed."""
    text = f"{headline}\n{body}" if headline else body
    provenance = {
        "original": "0", "uri": "u", "reader": "text", "encoding": "utf-8", "pipeline_version": "0",
        "schema_version": 1, "gazetteer_version": "0", "model_version": "0",
    }  # fmt: skip
    values = {"id": "w:1@0", "source": "w", "story_id": "w:1", "content_hash": "0", "headline": headline}
    texts = {"received_at": START, "text_raw": text, "text": text, "provenance": provenance}
    return Dispatch.model_validate(values | texts | fields)


def traits(headline: str | None = HEADLINE, body: str = BODY, hours: float = 0, **fields: Any) -> Traits:
    """The traits of a dispatch so many hours after the start."""
    return traits_of(dispatch(headline, body, **fields), START + dt.timedelta(hours=hours))


KILLED = {"status": "killed", "signal": "kill"}
CASES: list[tuple[str, Traits, bool]] = [
    ("the same again", traits(), True),
    ("another headline over the same words", traits("Ship stuck in fog"), True),
    ("an update under the mark", traits(f"UPDATE 1-{HEADLINE}", BODY.partition("\n")[0] + "\nAll are ashore."), True),
    ("a correction of headline and number", traits(f"CORRECTED-{HEADLINE}", BODY.replace("40", "44")), True),
    ("the first half", traits(HEADLINE, "\n".join(BODY.split("\n")[:2])), True),
    ("the same headline over other words", traits(HEADLINE, OTHER), False),
    ("an update of other words", traits(f"UPDATE 1-{HEADLINE}", OTHER), False),
    ("other words", traits("Harvest late", OTHER), False),
    ("a form filled in anew", traits("Ship stuck", BODY.replace("Lindholm", "Sorano").replace("40", "65")), False),
    ("another number, and no mark", traits("Ship stuck", BODY.replace("40", "65")), False),
    ("four days later", traits(hours=97), False),
    ("three days earlier", traits(hours=-71), True),
    ("another source", traits(source="x"), False),
    ("the same words under an id of the feed", traits(feed_id="7"), False),
    ("a kill by headline", traits(f"KILL: {HEADLINE}", "Kill mandatory.", **KILLED), True),
    ("a kill by headline under an id", traits(f"KILL: {HEADLINE}", "", feed_id="9", **KILLED), True),
    ("a kill of another headline", traits("KILL: Harvest late", "Kill mandatory.", **KILLED), False),
    ("a kill by status under an id", traits(HEADLINE, "", feed_id="9", **KILLED), False),
]


@pytest.mark.parametrize(("what", "other", "expected"), CASES, ids=[case[0] for case in CASES])
def test_two_revisions_are_of_one_story_or_not(what: str, other: Traits, expected: bool) -> None:
    """Whichever comes first; and those that are linked find each other by a key."""
    first = traits()
    assert linked(first, other) is linked(other, first) is expected
    if expected:
        assert not set(kept_keys(first)).isdisjoint(asked_keys(other))
        assert not set(kept_keys(other)).isdisjoint(asked_keys(first))


def test_a_slug_links_what_a_headline_does_not() -> None:
    """An update under a new headline and a new lead keeps its slug."""
    first = traits("Ship stuck", BODY, slugline="BC-Lindholm-Ferry, 300")
    update = traits("All safe", "All are ashore.\n" + BODY.split("\n")[1], slugline="BC-Lindholm-Ferry, 1st Ld")
    assert linked(first, update)
    assert not linked(first, traits("Harvest late", OTHER, slugline="BC-Lindholm-Ferry, 1st Ld"))
    kill = traits("KILL", "", slugline="BC-Lindholm-Ferry, KILL", **KILLED)
    assert linked(first, kill)


def test_the_gist_tells_a_repetition_from_a_change() -> None:
    """Marks, notes, case and quotation marks do not count; words, numbers, bylines and embargoes do."""
    gist = gist_of(dispatch())
    assert gist == gist_of(dispatch(f"RPT-{HEADLINE}"))
    assert gist == gist_of(dispatch(HEADLINE, f"(Repeats for wider distribution)\n{BODY}"))
    assert gist == gist_of(dispatch(HEADLINE.upper(), BODY.replace("--", "—")))
    others = [
        dispatch(HEADLINE, BODY.replace("40", "44")), dispatch("Ship stuck"), dispatch(byline="Ada Berg"),
        dispatch(status="embargoed"), dispatch(embargoed_until=START),
    ]  # fmt: skip
    assert len({gist, *map(gist_of, others)}) == 6


def test_pairs_make_groups() -> None:
    """What hangs together is one group."""
    groups = union([("a", "b"), ("c", "d"), ("b", "e"), ("f", "f")])
    assert sorted(map(sorted, groups)) == [["a", "b", "e"], ["c", "d"], ["f"]]
