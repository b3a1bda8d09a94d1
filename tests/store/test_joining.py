"""Stories that no id of the feed tells: found in every order of arrival, at every repetition and after every crash."""

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.store import Store
from flows.store.stories import due, save_many, settle
from schemas.dispatch import Dispatch

Snapshot = Callable[[Store], dict[str, Any]]
Opener = Callable[[], Store]

HEADLINE = "Ferry aground off Lindholm with 40 aboard"
BODY = (
    "LINDHOLM (Dispatches) -- A ferry ran aground off Lindholm on Tuesday with 40 people aboard, the guard said.\n"
    "“Nobody is hurt and the talks in Kyiv go on,” Ann Lee said.\n"
    "Two tugs were on their way from Arvika, where the ferry had left the pier an hour before in thick fog.\n"
    "The line has had three such accidents since it bought its ships second-hand nine years ago."
)
OTHER = (
    "Harvest late in Tarsk\nTARSK (Dispatches) -- Farmers around Tarsk have begun to bring in rye three weeks late.\n"
    "The spring was the wettest in 60 years, and the mills have been idle since June, growers said on Tuesday."
)


def send(make: ModuleType, text: str, version: float, **fields: Any) -> Dispatch:
    """A dispatch without an id of the feed, with entities and a quote where the text has them."""
    story = make.hashlib.sha256(text.encode()).hexdigest()[:8]
    said = "talks in Kyiv go on"
    if said in text:
        return make.rich(story, text, version=version, said=said, feed_id=None, **fields)
    return make.dispatch(story, text, version=version, feed_id=None, **fields)


def a_story(make: ModuleType) -> list[Dispatch]:
    """First send, repetition, update, correction and kill of one story, each a text of its own."""
    longer = f"UPDATE 1-{HEADLINE}\n{BODY}\nBy evening all were ashore, and the hull was found to be sound."
    corrected = f"CORRECTED-{HEADLINE}\n(Corrects number aboard)\n{BODY}\nBy evening all were ashore."
    corrected = corrected.replace("40", "44")
    notice = f"KILL: {HEADLINE}\nEditors: the story is withdrawn. A kill is mandatory."
    return [
        send(make, f"{HEADLINE}\n{BODY}", 1),
        send(make, f"RPT-{HEADLINE}\n(Repeats for more clients)\n{BODY}", 2, ed_note="(Repeats for more clients)"),
        send(make, longer, 3, signal="update"),
        send(make, corrected, 4, signal="correction", ed_note="(Corrects number aboard)"),
        send(make, notice, 5, status="killed", signal="kill"),
    ]  # fmt: skip


def saved(store: Store, dispatches: Sequence[Dispatch], at_once: bool = False) -> Store:
    for part in [dispatches] if at_once else [[dispatch] for dispatch in dispatches]:
        save_many(store, part)
        settle(store)
    return store


def test_sends_without_an_id_are_one_story(store: Store, make: ModuleType) -> None:
    """Found by marks and words; told apart as repetition, update, correction and kill."""
    story = a_story(make)
    other = send(make, OTHER, 2)
    assert [save_many(store, [dispatch])[0] for dispatch in story[:1]] == ["stored"]
    assert save_many(store, [story[1]]) == ["unchanged"]
    assert save_many(store, [*story[2:], other]) == ["superseded", "superseded", "stored", "stored"]
    settle(store)
    revisions = store.find("revisions", {"story_id": story[0].story_id}, sort=[("revision", 1)])
    assert [revision["signal"] for revision in revisions] == ["new", "duplicate", "update", "correction", "kill"]
    assert [revision["current"] for revision in revisions] == [False, False, False, False, True]
    shown = {document["_id"]: document for document in store.find("dispatches")}
    assert set(shown) == {story[0].story_id, other.story_id}
    assert shown[story[0].story_id]["status"] == "killed"
    assert store.find("quotes") == store.find("entities") == []


def test_the_same_words_again_change_nothing_that_is_shown(store: Store, make: ModuleType, snapshot: Snapshot) -> None:
    """A re-send is kept in the history alone."""
    first, again, *_ = a_story(make)
    before = snapshot(saved(store, [first]))
    assert save_many(store, [again]) == ["unchanged"]
    settle(store)
    after = snapshot(store)
    assert {name: after[name] for name in after if name != "revisions"} == {
        name: before[name] for name in before if name != "revisions"
    }
    assert after["revisions"][again.id]["signal"] == "duplicate"
    assert after["revisions"][again.id]["revises"] == first.id


def test_a_word_changed_without_a_mark_is_an_update(store: Store, make: ModuleType) -> None:
    """Nearly the same is not the same: what is shown is the newer text."""
    first = send(make, f"{HEADLINE}\n{BODY}", 1)
    silent = send(make, f"{HEADLINE}\n{BODY}".replace("Two tugs", "Three tugs"), 2)
    saved(store, [first, silent])
    (shown,) = store.find("dispatches")
    assert (shown["dispatch_id"], shown["signal"], shown["revision"]) == (silent.id, "update", 2)


def test_quotes_keep_their_ids_under_the_story(store: Store, make: ModuleType) -> None:
    """The same words in the same story have the same id, in whatever revision."""
    first, _, update, *_ = a_story(make)
    said = first.quotes[0].model_copy(update={"id": f"{first.story_id}#abc"})
    more = update.quotes[0].model_copy(update={"id": f"{update.story_id}#abc"})
    saved(store, [first.model_copy(update={"quotes": (said,)})])
    assert [quote["_id"] for quote in store.find("quotes")] == [f"{first.story_id}#abc"]
    saved(store, [update.model_copy(update={"quotes": (more,)})])
    (quote,) = store.find("quotes")
    assert (quote["_id"], quote["dispatch_id"]) == (f"{first.story_id}#abc", update.id)
    assert [shown["id"] for shown in store.find("dispatches")[0]["quotes"]] == [quote["_id"]]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_order_of_arrival_ends_in_the_same_collections(
    data: st.DataObject, opener: Opener, make: ModuleType, snapshot: Snapshot, recount: Snapshot
) -> None:
    """Revisions, repetition, correction and kill of a story, in any order, in any batches."""
    story = a_story(make)
    chosen = data.draw(st.sampled_from([story, story[:4], story[:3], [story[0], story[4]], story[2:]]))
    all_sends = [*chosen, send(make, OTHER, 2)]
    order = data.draw(st.permutations(all_sends))
    at = data.draw(st.integers(0, len(order)))
    expected = snapshot(saved(opener(), all_sends))
    store = saved(saved(opener(), order[:at]), order[at:], at_once=True)
    found = snapshot(store)
    assert found == expected
    assert found["entities"] == recount(store)
    assert len(found["dispatches"]) == 2


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("first", ["story", "kill"])
def test_a_kill_in_words_under_an_id_of_its_own_finds_the_story(
    first: str, dated: bool, store: Store, make: ModuleType
) -> None:
    """A notice names the headline; the story it kills has another id, and may come later."""
    version = 1.0 if dated else None
    story = make.rich("L1", f"{HEADLINE}\n{BODY}", said="talks in Kyiv go on", version=version, received=50)
    text = f"ADVISORY-Lindholm\nThe story headlined “{HEADLINE}” is withdrawn. No substitute story will be issued."
    notice = make.dispatch("L9", text, version=3 if dated else None, received=20, status="killed", signal="kill")
    saved(store, [story, notice] if first == "story" else [notice, story])
    (shown,) = store.find("dispatches")
    assert (shown["_id"], shown["status"], shown["text"]) == ("wire:L1", "killed", "")
    assert store.find("quotes") == store.find("entities") == []


def test_a_kill_in_words_leaves_other_stories_alone(store: Store, make: ModuleType) -> None:
    """Neither another headline nor another source nor last month's story is meant."""
    notice = make.dispatch("9", f"KILL: {HEADLINE}\nKill mandatory.", version=60, status="killed", signal="kill")
    others = [
        make.rich("1", f"Ferry aground off Arvika\n{BODY}", said="talks in Kyiv go on"),
        make.rich("2", f"{HEADLINE}\n{BODY}", said="talks in Kyiv go on", source="desk"),
        make.rich("3", f"{HEADLINE}\n{BODY}", said="talks in Kyiv go on", version=-40 * 24 * 60),
    ]
    saved(store, [*others, notice])
    assert {d["_id"]: d["status"] for d in store.find("dispatches")} == {
        "wire:1": "usable", "desk:2": "usable", "wire:3": "usable", "wire:9": "killed",
    }  # fmt: skip


def test_two_ids_of_the_feed_are_two_stories(store: Store, make: ModuleType) -> None:
    """The feed's own ids go before words, be they all the same."""
    text = f"{HEADLINE}\n{BODY}"
    saved(store, [make.rich("1", text, said="talks in Kyiv go on"), make.rich("2", text, said="talks in Kyiv go on")])
    assert {document["_id"] for document in store.find("dispatches")} == {"wire:1", "wire:2"}


def test_the_window_is_a_setting(opener: Opener, make: ModuleType) -> None:
    """Beyond so many days the same headline and words are another story."""
    two_days = 2 * 24 * 60
    sends = [send(make, f"{HEADLINE}\n{BODY}", 0), send(make, f"{HEADLINE}\n{BODY}\nThe hull is sound.", two_days)]
    for days, stories in ((3, 1), (1, 2), (0, 2)):
        store = opener()
        save_many(store, sends, days=days)
        assert store.count("dispatches") == stories


def test_a_later_version_dated_after_the_kill_brings_the_story_back(store: Store, make: ModuleType) -> None:
    """Only the feed's own date does; a text without one stays killed."""
    saved(store, [make.rich("1", version=1), make.kill("1", version=5), make.rich("1", version=None, about="Lviv")])
    assert store.find("dispatches")[0]["status"] == "killed"
    saved(store, [make.rich("1", version=9, about="Odesa")])
    assert store.find("dispatches")[0]["status"] == "usable"


def test_a_release_is_shown_though_its_words_were_stored_under_embargo(store: Store, make: ModuleType) -> None:
    """The same words without the embargo are news."""
    held = make.rich(version=1, status="embargoed", embargoed_until=make.minutes(5000))
    saved(store, [held])
    assert store.find("dispatches") == []
    saved(store, [make.rich(version=2)])
    assert store.find("dispatches")[0]["status"] == "usable"
    assert due(store, make.minutes(6000)) == 0


class CrashError(Exception):
    """The process dies here."""


def test_a_crash_at_any_write_of_a_joining_is_healed(
    opener: Opener, backend: str, make: ModuleType, snapshot: Snapshot
) -> None:
    """The update links two stories that were stored apart; killed before each write in turn, and repeated."""
    first, again, update, correction, kill = a_story(make)
    expected = snapshot(saved(opener(), [update, correction, first, again, kill]))
    for write in range(0, 30, 1 if backend != "server" else 5):
        store: Any = saved(opener(), [update, correction])
        left = [write]

        class Dying:
            def __getattr__(self, name: str, store: Any = store, left: list[int] = left) -> Any:
                if name in ("put", "insert_new", "patch", "delete"):
                    left[0] -= 1
                    if left[0] < 0:
                        raise CrashError
                return getattr(store, name)

        dying: Any = Dying()
        try:
            save_many(dying, [first, again])
            save_many(dying, [kill])
            settle(dying)
        except CrashError:
            settle(store)
            saved(store, [first, again, kill])
            assert snapshot(store) == expected, write
        else:
            assert snapshot(store) == expected
            assert write > 4
            break
    else:
        raise AssertionError("a step of so many writes?")
