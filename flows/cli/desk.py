"""A desk for questions: the store, and the gazetteer that knows every spelling of a name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from flows.cli.access import opened
from flows.cli.output import note

if TYPE_CHECKING:
    from flows.gazetteer import Gazetteer
    from flows.settings import Settings
    from flows.store import Store


@dataclass(frozen=True)
class Desk:
    """What a question needs: the store, and the gazetteer that knows the spellings."""

    store: "Store"
    settings: "Settings"

    @cached_property
    def gazetteer(self) -> "Gazetteer":
        """The gazetteer, loaded when a name is first asked for: that takes most of a second."""
        from flows.gazetteer import load_gazetteer

        return load_gazetteer(self.settings.gazetteer, self.settings.tuning.style)

    def ids(self, typed: str | None, option: str, *, type: str | None = None) -> list[str] | None:
        """Return the ids that a name of an option may mean, None when it was not given; tell how it was understood."""
        from flows.cli.resolve import entities_named, similar

        if typed is None:
            return None
        meant = entities_named(typed, self.store, self.gazetteer, type=type)
        if meant.remark:
            note(meant.remark)
        if not meant.entities:
            near = similar(typed, self.store, self.gazetteer)
            hint = f"did you mean {' or '.join(near)}?" if near else f"see `dispatches entities --name {typed!r}`"
            note(f"{option}: nobody and nothing is known as {typed!r}; {hint}")
        return list(meant.entities)

    def words(self, typed: str | None) -> tuple[str, ...]:
        """Return the queries for search words, under canonical names; tell which were put for others."""
        from flows.cli.resolve import canonical_search

        if typed is None or not typed.strip():
            return ()
        search = canonical_search(typed, self.gazetteer)
        for changed in search.changed:
            note(changed)
        return search.queries


@contextmanager
def desk() -> Iterator[Desk]:
    """Open the store."""
    from flows.settings import load_settings

    settings = load_settings()
    with opened(settings) as store:
        yield Desk(store, settings)
