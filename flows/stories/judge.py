"""What a version does to its story: the feed's own fields first, then marks, notes and notices."""

from flows.stories.kills import is_kill
from flows.stories.marks import read_headline, read_slug
from flows.stories.notes import note_kind
from schemas.dispatch import Signal, Status


def judge(
    status: Status, signal: Signal, headline: str | None, slugline: str | None, ed_note: str | None, text: str
) -> tuple[Status, Signal]:
    """Return the status and the signal of a dispatch.

    Args:
        status: as the feed says; `usable` may mean that it says nothing.
        signal: as the feed says; `new` may mean that it says nothing.
        headline: with its marks.
        slugline: with its marks.
        ed_note: the editor's note.
        text: the whole text.
    """
    if status == "killed" or signal == "kill" or is_kill(headline, slugline, ed_note, text):
        return "killed", "kill"
    if signal != "new":
        return status, signal
    kinds = read_headline(headline).kinds | read_slug(slugline).kinds | {note_kind(ed_note)}
    return status, "correction" if "correction" in kinds else "update" if "update" in kinds else "new"
