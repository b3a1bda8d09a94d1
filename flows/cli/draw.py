"""A dispatch on a terminal: whole with everything marked (`show`), or in a few lines (`run --show`)."""

from collections.abc import Iterable, Iterator
from typing import get_args

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from flows.cli.marks import Mark, layout, marks, pieces
from flows.cli.output import printable, shown, words_said
from flows.cli.page import speaker
from schemas.dispatch import Dispatch, Entity, EntityType, NameEdit, Quote, Span

COLOURS: dict[str, str] = {
    "person": "cyan", "organization": "magenta", "place": "green", "event": "yellow", "weapon": "red", "work": "blue",
    "group": "bright_yellow",
}  # fmt: skip
_PLURALS = {
    "person": "people", "organization": "organizations", "place": "places", "event": "events", "weapon": "weapons",
    "work": "works", "group": "groups",
}  # fmt: skip


def whole(dispatch: Dispatch) -> Iterator[RenderableType]:
    """Yield the dispatch: its facts, its text with everything marked, and lists of all that was found."""
    headline, others = layout(dispatch)
    drawn = _Drawn(dispatch)
    yield drawn.span(headline, "bold") if headline else Text(printable(dispatch.headline or "(no headline)"), "bold")
    yield _facts(dispatch)
    for span in others:
        yield Text()
        yield drawn.span(span)
    yield Text()
    yield _legend(dispatch)
    if dispatch.quotes:
        yield Text("\nWho said what", "bold")
        yield _grid(
            (f"{number}", _who(quote) + Text(": ", "not bold") + _words(quote))
            for number, quote in enumerate(dispatch.quotes, 1)
        )
    if dispatch.entities:
        yield Text("\nEntities", "bold")
        yield _grid((Text(_PLURALS[kind], COLOURS[kind]), _listed(of_kind)) for kind, of_kind in _by_type(dispatch))
    if dispatch.names:
        yield Text("\nNames changed", "bold")
        yield _grid((edit.raw, "→", Text(edit.name, "green"), Text(edit.rule, "dim")) for edit in dispatch.names)
    yield Text()
    made = dispatch.provenance
    yield Text(
        printable(f"{dispatch.id} · revision {dispatch.revision}\n{made.uri} · {made.reader}, {made.encoding}"), "dim"
    )


def compact(dispatch: Dispatch) -> RenderableType:
    """Return the dispatch in a few lines: headline, facts, names changed, entities, quotes with speakers."""
    rows: list[tuple[RenderableType | str, ...]] = []
    if dispatch.names:
        seen = dict.fromkeys((edit.raw, edit.name) for edit in dispatch.names)
        changes = Text(" · ").join(
            Text.assemble(printable(raw), (" → ", "dim"), (printable(name), "green")) for raw, name in seen
        )
        rows.append((Text("names", "dim"), changes))
    for kind, of_kind in _by_type(dispatch):
        rows.append((Text(_PLURALS[kind], "dim"), _listed(of_kind, COLOURS[kind])))
    for number, quote in enumerate(dispatch.quotes):
        rows.append(
            (Text("quotes" if number == 0 else "", "dim"), _who(quote) + Text(": ", "not bold") + _words(quote))
        )
    head = Text(printable(dispatch.headline or "(no headline)"), "bold")
    return Group(head, _facts(dispatch), Padding(_grid(rows, 13), (0, 0, 0, 2), expand=False))


def _who(quote: Quote) -> Text:
    return Text(printable(speaker(quote)), "bold" if quote.speaker and quote.speaker.name else "")


def _words(quote: Quote) -> Text:
    return words_said(quote.text, quote.verbatim, quote.kind)


def _facts(dispatch: Dispatch) -> Text:
    line = dispatch.dateline
    facts = (
        ", ".join(place.name for place in line.places) if line else None,
        line.agency if line else None,
        shown(dispatch.published_at or dispatch.received_at),
        dispatch.source,
        f"by {dispatch.byline}" if dispatch.byline else None,
        dispatch.status if dispatch.status != "usable" else None,
        dispatch.signal if dispatch.signal != "new" else None,
    )
    about = " · ".join(fact for fact in facts if fact)
    return Text(printable(about), "dim")


class _Drawn:
    """Draws spans of a dispatch's text, with what was printed behind each name that was changed."""

    def __init__(self, dispatch: Dispatch) -> None:
        self._text = dispatch.text
        self._marks = marks(dispatch)
        self._ends = {mark.number: mark.end for mark in self._marks if mark.kind == "quote"}

    def span(self, span: Span, style: str = "") -> Text:
        """Return a span of the text with everything marked."""
        drawn = Text(style=style)
        for piece in pieces(self._text, self._marks, span):
            drawn.append(printable(piece.text), " ".join(_style(mark) for mark in piece.marks))
            end = piece.start + len(piece.text)
            for mark in piece.marks:
                if mark.end == end and isinstance(mark.of, NameEdit):
                    drawn.append(f"[{printable(mark.of.raw)}]", "not bold dim green")
            for mark in piece.marks:
                if mark.kind == "quote" and mark.end == end == self._ends[mark.number]:
                    drawn.append(f"[{mark.number}]", "not bold dim")
        return drawn


def _style(mark: Mark) -> str:
    if isinstance(mark.of, NameEdit):
        return "bold"
    if isinstance(mark.of, Entity):
        return COLOURS[mark.of.type]
    return {"quote": "underline", "speaker": "bold", "cue": "italic"}[mark.kind]


def _legend(dispatch: Dispatch) -> Text:
    parts = [Text(kind, COLOURS[kind]) for kind, _ in _by_type(dispatch)]
    if dispatch.quotes:
        parts += [
            Text("quote", "underline") + Text("[number]", "not underline dim"),
            Text("speaker", "bold"),
            Text("cue", "italic"),
        ]
    if dispatch.names:
        parts.append(Text.assemble("name", ("[as printed]", "dim green")))
    return Text("  ").join(parts)


def _by_type(dispatch: Dispatch) -> Iterator[tuple[EntityType, list[Entity]]]:
    for kind in get_args(EntityType):
        of_kind = [entity for entity in dispatch.entities if entity.type == kind]
        if of_kind:
            yield kind, of_kind


def _listed(entities: list[Entity], colour: str = "") -> Text:
    return Text(" · ").join(
        Text.assemble((printable(e.name), colour), (f" ({printable(e.role)})" if e.role else "", "dim"))
        for e in entities
    )


def _grid(rows: Iterable[Iterable[RenderableType | str]], first_width: int = 0) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    for row in rows:
        grid.add_row(*(Text(printable(cell)) if isinstance(cell, str) else cell for cell in row))
    if grid.columns:
        for column in grid.columns[:-1]:
            column.no_wrap = True
        grid.columns[-1].overflow = "fold"
        grid.columns[0].min_width = first_width
    return grid
