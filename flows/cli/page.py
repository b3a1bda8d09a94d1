"""A dispatch as one HTML page: names, entities and quotes marked. Pure: `Dispatch` -> str, nothing from outside.

Everything that a pointer reveals stands in a list or table too, so that the page can be read by keyboard, by ear and
on paper. Whatever comes from the dispatch is escaped.
"""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import get_args

from flows.cli.marks import Mark, layout, marks, pieces
from flows.cli.output import printable, quoted, shown
from schemas.dispatch import Dispatch, Entity, EntityType, NameEdit, Quote

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(dispatch: Dispatch) -> str:
    """Return the page of a dispatch."""
    title = dispatch.headline or dispatch.id
    head, body = _text(dispatch)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="referrer" content="no-referrer">
<title>{_safe(title)}</title>
<style>
{files("flows.cli").joinpath("page.css").read_text()}</style>
</head>
<body>
<main>
<header>
<p class="meta">{_facts(dispatch)}</p>
<h1{_lang(dispatch)}>{head or _safe(title)}</h1>
</header>
{_legend(dispatch)}
<div class="columns">
<article{_lang(dispatch)} aria-label="Text">
{body}
</article>
{_quotes(dispatch)}
</div>
{_entities(dispatch)}
{_names(dispatch)}
<footer>{_provenance(dispatch)}</footer>
</main>
</body>
</html>
"""


def _text(dispatch: Dispatch) -> tuple[str | None, str]:
    """Return the headline, where the text begins with it, and the paragraphs; both marked."""
    drawn = _Drawn(dispatch.text, marks(dispatch))
    headline, others = layout(dispatch)
    head = drawn.span(*headline) if headline else None
    return head, "\n".join(f"<p>{drawn.span(*span)}</p>" for span in others)


class _Drawn:
    """Draws spans of one text; remembers which quotes have an anchor already."""

    def __init__(self, text: str, marked: list[Mark]) -> None:
        self._text = text
        self._marks = marked
        self._anchored: set[int] = set()
        self._ends = {mark.number: mark.end for mark in marked if mark.kind == "quote"}

    def span(self, start: int, end: int) -> str:
        """Return the HTML of a span of the text; every element that is opened in it is closed in it."""
        out: list[str] = []
        open_now: tuple[Mark, ...] = ()
        at = start
        for piece in pieces(self._text, self._marks, (start, end)):
            common = 0
            while common < min(len(open_now), len(piece.marks)) and open_now[common] is piece.marks[common]:
                common += 1
            out += ["</span>"] * (len(open_now) - common)
            out += self._notes(at, open_now)
            out += [self._opening(mark) for mark in piece.marks[common:]]
            out.append(_safe(piece.text))
            open_now, at = piece.marks, piece.start + len(piece.text)
        out += ["</span>"] * len(open_now)
        return "".join((*out, *self._notes(at, open_now)))

    def _opening(self, mark: Mark) -> str:
        if isinstance(mark.of, NameEdit):
            raw = _safe(mark.of.raw)
            return f'<span class="edit" tabindex="0" data-raw="{raw}" aria-description="printed: {raw}">'
        if isinstance(mark.of, Entity):
            return f'<span class="entity {mark.of.type}" title="{_safe(_described(mark.of))}">'
        if mark.kind != "quote":
            return f'<span class="{mark.kind}" title="{mark.kind} of quote {mark.number}">'
        anchor = "" if mark.number in self._anchored else f' id="t{mark.number}"'
        self._anchored.add(mark.number)
        who = _safe(f"{speaker(mark.of)} ({mark.of.kind})")
        return f'<span class="quote {mark.of.kind}"{anchor} title="{who}">'

    def _notes(self, at: int, marked: tuple[Mark, ...]) -> Iterator[str]:
        """Yield a reference for each quote that ends here."""
        for mark in marked:
            if mark.kind == "quote" and mark.end == at == self._ends[mark.number]:
                number = mark.number
                yield f'<sup><a href="#q{number}" aria-label="quote {number}">{number}</a></sup>'


def speaker(quote: Quote) -> str:
    """Return who said it, as far as it is known: the canonical name, else the words of the text."""
    if quote.speaker is None:
        return "speaker not known"
    return quote.speaker.name or quote.speaker.mention.text


def _described(entity: Entity) -> str:
    return ", ".join(part for part in (entity.name, entity.role, entity.country, entity.type) if part)


def _facts(dispatch: Dispatch) -> str:
    line = dispatch.dateline
    facts = [
        dispatch.source,
        shown(dispatch.published_at or dispatch.received_at) + " UTC",
        ", ".join(place.name for place in line.places) if line else None,
        f"By {dispatch.byline}" if dispatch.byline else None,
        dispatch.status if dispatch.status != "usable" else None,
        dispatch.signal if dispatch.signal != "new" else None,
        dispatch.ed_note,
    ]
    return " · ".join(_safe(fact) for fact in facts if fact)


def _legend(dispatch: Dispatch) -> str:
    used = {entity.type for entity in dispatch.entities}
    items = [f'<li><span class="entity {kind}">{kind}</span></li>' for kind in get_args(EntityType) if kind in used]
    kinds = {quote.kind for quote in dispatch.quotes}
    items += [
        f'<li><span class="quote {kind}">{kind} quote</span></li>'
        for kind in ("direct", "mixed", "indirect")
        if kind in kinds
    ]
    if dispatch.quotes:
        items += ['<li><span class="speaker">speaker</span></li>', '<li><span class="cue">cue</span></li>']
    if dispatch.names:
        items.append('<li><span class="edit" tabindex="0" data-raw="like this">name changed</span></li>')
    return f'<ul class="legend" aria-label="Legend">{"".join(items)}</ul>' if items else ""


def _quotes(dispatch: Dispatch) -> str:
    if not dispatch.quotes:
        return ""
    items = "\n".join(
        f'<li id="q{number}"><span class="number">{number}</span> <cite>{_safe(speaker(quote))}</cite> '
        f'<span class="kind">{quote.kind}'
        f"{_safe(', ' + quote.cue.text) if quote.cue else ''}</span>"
        f'<q>{_safe(quoted(quote.text, quote.verbatim, quote.kind))}</q> <a href="#t{number}">in the text</a></li>'
        for number, quote in enumerate(dispatch.quotes, 1)
    )
    return f'<aside aria-labelledby="said">\n<h2 id="said">Who said what</h2>\n<ol>\n{items}\n</ol>\n</aside>'


def _entities(dispatch: Dispatch) -> str:
    order = {kind: number for number, kind in enumerate(get_args(EntityType))}
    ranked = sorted(dispatch.entities, key=lambda entity: (order[entity.type], -len(entity.mentions), entity.name))
    rows = [
        (f'<span class="entity {e.type}">{_safe(e.name)}</span>', e.type, _safe(e.role or ""), _safe(e.country or ""),
         str(len(e.mentions)), _safe(", ".join(dict.fromkeys(mention.text for mention in e.mentions))))
        for e in ranked
    ]  # fmt: skip
    return _table("Entities", ("name", "type", "role", "country", "mentions", "as"), rows)


def _names(dispatch: Dispatch) -> str:
    rows = [(_safe(edit.raw), _safe(edit.name), _safe(edit.rule)) for edit in dispatch.names]
    return _table("Names changed", ("printed", "changed to", "rule"), rows)


def _table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    anchor = title.split(maxsplit=1)[0].lower()
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<section aria-labelledby="{anchor}">\n<h2 id="{anchor}">{title}</h2>\n'
        f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>\n</section>"
    )


def _provenance(dispatch: Dispatch) -> str:
    made = dispatch.provenance
    facts = (
        dispatch.id, f"revision {dispatch.revision}", made.uri, f"{made.reader}, {made.encoding}",
        f"gazetteer {made.gazetteer_version}", f"model {made.model_version}", f"pipeline {made.pipeline_version}",
    )  # fmt: skip
    return " · ".join(_safe(fact) for fact in facts)


def _lang(dispatch: Dispatch) -> str:
    return f' lang="{_safe(dispatch.language)}"' if dispatch.language else ""


def _safe(text: str) -> str:
    return escape(printable(text))
