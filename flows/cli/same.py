"""`quotes --same`: where the words of a quote appeared, and how they differ."""

from itertools import groupby
from typing import Any

from rich.text import Text

from flows.cli.access import one_by_prefix
from flows.cli.desk import desk
from flows.cli.output import counted, documents_as_json, note, print_parts, printable, table, words_said
from flows.errors import ConfigError

_LONG = 12  # words of a difference that are printed whole

Document = dict[str, Any]


def same(typed: str, *, limit: int, skip: int, as_json: bool) -> None:
    """Print where the words of the quote with this id or key appeared.

    Args:
        typed: The id of a quote, or how it begins, or the key of one.
        limit: At most so many appearances.
        skip: Leave out the first so many.
        as_json: Print them as JSON.

    Raises:
        ConfigError: there is no such quote, or several ids begin so.
    """
    from flows.store.appearances import appearances, find_quote

    with desk() as at:
        quote = find_quote(at.store, typed) or one_by_prefix(at.store, "quotes", typed)
        if quote is None:
            raise ConfigError(f"no quote has the id or key {typed!r}; `dispatches quotes` prints keys, with --json ids")
        found = appearances(at.store, quote["_id"], limit=limit, skip=skip)
    if as_json:
        documents_as_json(found)
        return
    wordings = [list(group) for _, group in groupby(found, key=lambda document: document.get("quote_key"))]
    for number, documents in enumerate(wordings):
        print_parts([*([""] if number else []), *_heading(documents[0]), _places(documents)])
    if len(found) == limit:
        note(f"{counted(limit, 'appearance')}, and there may be more: --limit, --skip")


def _heading(document: Document) -> list[Text]:
    """Return the words, and below them how near they are and what is different."""
    words = words_said(document["text"], document["verbatim"], document["kind"])
    if document["match"] == "exact":
        return [words, Text("the same words", "dim")]
    near = Text(f"{document['share']:.0%} the same", "dim")
    return [words, near.append("".join(f"; {_difference(**each)}" for each in document["differences"]))]


def _difference(was: str, now: str) -> str:
    """Return what is printed of a difference: `will → would`, `without "of course"`, `with "or so"`."""
    was, now = printable(_shortened(was)), printable(_shortened(now))
    if was and now:
        return f"{was} → {now}"
    return f"with “{now}”" if now else f"without “{was}”"


def _shortened(words: str) -> str:
    parts = words.split()
    return words if len(parts) <= _LONG else f"{' '.join(parts[: _LONG // 2])} … {' '.join(parts[-_LONG // 2 :])}"


def _places(documents: list[Document]) -> Any:
    rows = [
        (document["time"], document["source"], _speaker(document), document["kind"], document["headline"],
         document["story_id"])
        for document in documents
    ]  # fmt: skip
    return table(("time", "source", "speaker~", "kind", "headline~", "story~"), rows)


def _speaker(document: Document) -> str | None:
    speaker = document["speaker"]
    return (speaker["name"] or speaker["mention"]["text"]) if speaker else None
