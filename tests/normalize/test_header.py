"""The head of a dispatch."""

from pathlib import Path

import pytest

from flows.gazetteer import Gazetteer, load_gazetteer
from flows.normalize.header import parse_header

BODY = "KYIV (Dispatches) -- Sirens sounded.\nA second paragraph."


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """The shipped gazetteer."""
    return load_gazetteer(Path(__file__).parents[2] / "config/gazetteer")


@pytest.mark.parametrize(
    ("text", "headline", "byline", "ed_note"),
    [
        (f"Sirens Sound\n{BODY}", "Sirens Sound", None, None),
        (f"\n\nSirens Sound\n\n{BODY}", "Sirens Sound", None, None),  # blank lines first
        (BODY, None, None, None),  # no headline
        (f"Sirens Sound\nBy ANN LEE\n\n{BODY}", "Sirens Sound", "ANN LEE", None),
        (f"Sirens Sound\nBy Ann Lee and Bo Ek\n{BODY}", "Sirens Sound", "Ann Lee and Bo Ek", None),
        (f"Sirens Sound\r\nBy Ann Lee\r\n{BODY}", "Sirens Sound", "Ann Lee", None),
        (
            f"Sirens Sound\n(In Jan. 3 story, corrects number of sirens (paragraph 2))\n{BODY}",
            "Sirens Sound", None, "(In Jan. 3 story, corrects number of sirens (paragraph 2))",
        ),
        (f"(Corrects spelling of name) {BODY}", None, None, "(Corrects spelling of name)"),
        (f"Sirens Sound\nEds: Updates with quotes.\n{BODY}", "Sirens Sound", None, "Eds: Updates with quotes."),
        ("By noon the sirens had stopped.\nThe town slept.", None, None, None),  # a sentence, no byline
        ("Only one line of text, with no end", None, None, None),
        ("Talks Fail in Geneva, U.S. Says\nThe talks failed.", "Talks Fail in Geneva, U.S. Says", None, None),
    ],
)  # fmt: skip
def test_the_head_is_told_by_its_place_and_form(
    text: str, headline: str | None, byline: str | None, ed_note: str | None, gazetteer: Gazetteer
) -> None:
    """Headline, byline and editor's note are found where wires put them, and nothing is invented."""
    header = parse_header(text, gazetteer)
    assert (header.headline, header.byline, header.ed_note) == (headline, byline, ed_note)


@pytest.mark.parametrize(
    ("text", "slugline", "headline", "ed_note"),
    [
        (f"BC-Sirens, 2nd Ld-Writethru, 350\nSirens Sound\n{BODY}", "BC-Sirens, 2nd Ld-Writethru, 350", "Sirens Sound",
         None),
        (f"BC-EU--Sirens,1st Ld\nSirens Sound\nEds: Recasts.\n{BODY}", "BC-EU--Sirens,1st Ld", "Sirens Sound",
         "Eds: Recasts."),
        (f"AP-led coalition wins\n{BODY}", None, "AP-led coalition wins", None),  # a headline
        (f"UPDATE 1-Sirens Sound\n(Adds comment)\n{BODY}", None, "UPDATE 1-Sirens Sound", "(Adds comment)"),
        (f"URGENT\nLima-Sirens-Quake, 2nd Ld\nSirens Sound\n{BODY}", "Lima-Sirens-Quake, 2nd Ld", "Sirens Sound", None),
        (f"*** BULLETIN ***\nSirens Sound\n{BODY}", None, "Sirens Sound", None),
        (f"CORRECTION\nSirens Sound\n{BODY}", None, "Sirens Sound", "CORRECTION"),
        (f"Sirens, Bells and 2nd Ld\n{BODY}", None, "Sirens, Bells and 2nd Ld", None),
        (f"Sirens Sound\n(This version corrects it)\n{BODY}", None, "Sirens Sound", "(This version corrects it)"),
    ],
)  # fmt: skip
def test_sluglines_and_notes_of_text_wires(
    text: str, slugline: str | None, headline: str, ed_note: str | None, gazetteer: Gazetteer
) -> None:
    """A slugline stands first, as AP prints it; marks stay in the headline as printed."""
    header = parse_header(text, gazetteer)
    assert (header.slugline, header.headline, header.ed_note) == (slugline, headline, ed_note)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Council Votes\nBy ANN LEE\nHARTWELL — The council voted on Monday.", ["Hartwell"]),
        ("Council Votes\nHARTWELL — The council voted on Monday.", None),
        ("Council Votes\nBy ANN LEE\nNO MORE — the end of an office.", None),
    ],
)
def test_below_a_byline_a_town_in_capitals_is_a_dateline(
    text: str, places: list[str] | None, gazetteer: Gazetteer
) -> None:
    """Local papers print towns that no gazetteer knows, with neither agency nor date."""
    dateline = parse_header(text, gazetteer).dateline
    assert (dateline and [place.name for place in dateline.places]) == places
