"""What notes and notices say: tables of (text, expected)."""

import pytest

from flows.stories.judge import judge
from flows.stories.kills import is_kill, named_headlines, named_slugs
from flows.stories.notes import NOTE, note_kind


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("(In Jan. 3 story, corrects last paragraph to say it was May)", "correction"),
        ("(Corrects spelling of name in paragraph 2)", "correction"),
        ("(CORRECTS name)", "correction"),
        ("(Refiles to fix typo)", "correction"),
        ("Editor's note: This story has been corrected to fix a date.", "correction"),
        ("(Adds comment by minister)", "update"),
        ("Eds: UPDATES with quotes.", "update"),
        ("(Repeats for wider distribution)", "repeat"),
        ("Eds: With photos.", None),
        ("(This is a developing story)", None),
    ],
)
def test_the_first_verb_of_a_note_tells(note: str, kind: str | None) -> None:
    """Whether it is bracketed or follows `Eds:`."""
    assert NOTE.match(note)
    assert note_kind(note) == kind


@pytest.mark.parametrize(
    ("headline", "slugline", "ed_note", "text", "expected"),
    [
        ("KILL: Ferry sinks", None, None, "", True),
        ("BULLETIN KILL-Ferry sinks", None, None, "", True),
        ("Ferry sinks", "BC-Ferry, KILL", None, "Text.", True),
        ("Ferry sinks", None, "Kill mandatory", "Text.", True),
        ("Ferry sinks", None, "Eds: Please kill the story on the ferry.", "Text.", True),
        ("ADVISORY: Ferry story is withdrawn and no substitute story will be issued", None, None, "", True),
        ("Ferry", None, None, "The story headlined “Ferry sinks” is withdrawn. No substitute will be sent.", True),
        ("ADVISORY-Ferry", None, None, "LINDHOLM (Dispatches) -- The story on a ferry is withdrawn.", True),
        ("Editors", None, None, "Kill the story slugged BC-Ferry-Sinks. A kill is mandatory.", True),
        ("Editors", None, None, "MANDATORY KILL\nThe ferry story is libelous.", True),
        # no kills
        ("Town orders mandatory kill of geese", None, None, "The geese are many.", False),
        ("Ferry sinks", None, "(In Jan. 3 story, corrects to say 12 people were killed)", "Text.", False),
        ("Ferry sinks", None, "(Adds that the story of two sailors has been withdrawn)", "Text.", False),
        ("Ferry sinks", None, "(The story on clashes in which two have been killed)", "Text.", False),
        ("Paper withdraws report", None, None, "PARIS (Dispatches) -- The paper said its story is withdrawn.", False),
        ("ADVISORY-Travel", None, None, "Heavy snow is expected on all roads.", False),
        ("Bill is withdrawn", None, None, "The bill is withdrawn, the minister said.", False),
        ("Kill switch: how it works", None, None, "Text.", False),
        ("ADVISORY-Media", None, None, "The story is withdrawn. " + "A long text goes on. " * 40, False),
        (None, None, None, "", False),
    ],
)  # fmt: skip
def test_a_kill_is_told_by_words(
    headline: str | None, slugline: str | None, ed_note: str | None, text: str, expected: bool
) -> None:
    """In headline, slug, note or a short notice; a report of a withdrawal is none."""
    assert is_kill(headline, slugline, ed_note, text) is expected


@pytest.mark.parametrize(
    ("headline", "text", "names"),
    [
        ("KILL: Ferry sinks off Lindholm", "", ("Ferry sinks off Lindholm",)),
        ("ADVISORY-Ferry sinks off Lindholm is withdrawn", "", ("Ferry sinks off Lindholm",)),
        ("ADVISORY-Story on Lindholm ferry is withdrawn", "", ("Lindholm ferry",)),
        ("KILL", "The item headlined “UPDATE 1-Ferry sinks off Lindholm” is withdrawn.", ("Ferry sinks off Lindholm",)),
        ("KILL: Ferry", "", ()),  # one word names no story
    ],
)
def test_a_kill_names_its_story(headline: str, text: str, names: tuple[str, ...]) -> None:
    """By its own headline without marks, and by what it quotes."""
    assert named_headlines(headline, None, text) == names


def test_a_kill_names_slugs() -> None:
    """Its own, and those in its text."""
    assert named_slugs("BC-Ferry, KILL", None, "The story slugged BC-Lindholm-Ferry is withdrawn.") == (
        "Ferry", "Lindholm-Ferry",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("feed", "text", "expected"),
    [
        (("usable", "new"), ("Oil slips", None, None), ("usable", "new")),
        (("usable", "new"), ("UPDATE 1-Oil slips", None, None), ("usable", "update")),
        (("usable", "new"), ("UPDATE 1-Oil slips", None, "(Corrects price)"), ("usable", "correction")),
        (("usable", "new"), ("Oil slips", "BC-Oil, 1st Ld-Writethru", None), ("usable", "update")),
        (("usable", "update"), ("CORRECTED-Oil slips", None, None), ("usable", "update")),  # the feed goes before
        (("embargoed", "new"), ("CORRECTED-Oil slips", None, None), ("embargoed", "correction")),
        (("usable", "new"), ("KILL-Oil slips", None, None), ("killed", "kill")),
        (("withheld", "update"), ("KILL-Oil slips", None, None), ("killed", "kill")),
        (("killed", "new"), ("CORRECTED-Oil slips", None, None), ("killed", "kill")),
        (("usable", "kill"), ("Oil slips", None, None), ("killed", "kill")),
    ],
)
def test_the_feed_goes_before_the_words(
    feed: tuple[str, str], text: tuple[str, str | None, str | None], expected: tuple[str, str]
) -> None:
    """Except that a kill, however told, is a kill."""
    assert judge(*feed, *text, "Some text.") == expected  # type: ignore[arg-type]
