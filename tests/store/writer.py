"""A process that saves stories, for the tests of two at once: `writer.py LOCATION DATABASE SEED`.

It saves revisions of the same stories as the other one, and most of the same revisions, each in an order of its own.
"""

import random
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

import factories as make  # noqa: E402

from flows.store import open_store  # noqa: E402
from flows.store.stories import save_many, save_originals, settle  # noqa: E402
from schemas.dispatch import Dispatch  # noqa: E402


def dispatches(stories: int = 25) -> list[Dispatch]:
    """All that both processes save, together."""
    found = []
    for number in range(stories):
        story = str(number)
        found += [
            make.rich(story, version=1, speaker=f"Ann Lee {number % 5}"),
            make.rich(story, version=2, speaker=f"Bob Ray {number % 7}", about="Lviv"),
            make.rich(story, version=3, speaker=f"Ann Lee {number % 3}", role=f"Envoy {number}"),
        ]
        if number % 4 == 0:
            found.append(make.kill(story, version=4))
    return found


def main(location: str, database: str, seed: str) -> None:
    """Saves its share."""
    chance = random.Random(seed)
    # Each leaves out some that the other has; together they save all.
    mine = [dispatch for number, dispatch in enumerate(dispatches()) if number % 5 != int(seed)]
    chance.shuffle(mine)
    store = open_store(location, database)
    store.prepare()
    print("ready", flush=True)
    sys.stdin.readline()  # both begin at once
    for start in range(0, len(mine), 9):
        save_many(store, mine[start : start + 9])
        save_originals(store, {seed.zfill(64): b"x", "same".zfill(64): b"y"})
        if start % 2:
            settle(store)
    settle(store)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
