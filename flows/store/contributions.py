"""What a dispatch says about the entities it mentions. Pure functions."""

from typing import NamedTuple

from flows.store.interface import Document

_BETWEEN = "\t"


class Contribution(NamedTuple):
    """What one dispatch says about one entity."""

    name: str
    type: str
    role: str | None
    country: str | None
    names: frozenset[str]


def contributions(document: Document) -> dict[str, Contribution]:
    """Entity id -> what the dispatch says about it.

    Args:
        document: With `entities` and `names`, from `dispatches` or `revisions`.
    """
    written: dict[str, set[str]] = {}
    for edit in document["names"]:
        written.setdefault(edit["entity_id"], set()).add(edit["raw"])
    found: dict[str, Contribution] = {}
    for entity in document["entities"]:
        texts = {mention["text"] for mention in entity["mentions"] if mention["kind"] in ("name", "alias")}
        names = frozenset(texts | written.get(entity["id"], set()))
        found[entity["id"]] = Contribution(entity["name"], entity["type"], entity["role"], entity["country"], names)
    return found


def statements(document: Document) -> set[str]:
    """The entities and their names in a dispatch, as strings: `id`, and `id<tab>name`."""
    found = set()
    for id, contribution in contributions(document).items():
        found.add(id)
        found.update(id + _BETWEEN + name for name in contribution.names)
    return found


def split_statement(statement: str) -> tuple[str, str | None]:
    """The entity id, and the name if there is one."""
    id, _, name = statement.partition(_BETWEEN)
    return id, name or None
