"""`names`: what normalizing would do with a text, by which rule, and what it leaves alone and why."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from flows.cli.options import Json
from flows.cli.output import note, print_json, print_parts, printable, table

if TYPE_CHECKING:
    from flows.normalize.names import Decision
    from schemas.dispatch import NameEdit


def names(
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="The text; - is the standard input.")],
    as_json: Json = False,
) -> None:
    """Show what would become of the names in a text: what changes and by which rule, what stays and why.

    Unknown spellings that are close to known ones are asked about, never changed.
    """
    from flows.gazetteer import load_gazetteer
    from flows.gazetteer.suggest import suggest
    from flows.normalize.names import decide, normalize_names
    from flows.settings import load_settings

    raw = sys.stdin.buffer.read().decode(errors="replace") if text == ["-"] else " ".join(text)
    settings = load_settings()
    gazetteer = load_gazetteer(settings.gazetteer, settings.tuning.style)
    result, edits = normalize_names(raw, gazetteer)
    stays = [decision for decision in decide(raw, gazetteer) if decision.name is None]
    close = suggest(raw, gazetteer)
    if as_json:
        print_json({
            "text_raw": raw,
            "text": result,
            "names": [edit.model_dump(mode="json") for edit in edits],
            "stays": [_as_json(decision) for decision in stays],
            "suggestions": [asdict(suggestion) for suggestion in close],
        })  # fmt: skip
        return
    parts: list[RenderableType] = [_marked(result, edits)]
    if edits:
        rows = [(edit.raw, "→", edit.name, edit.rule) for edit in edits]
        parts += [Text(), table(("changes", "", "to", "by the rule~"), rows)]
    if stays:
        rows = [(decision.raw, decision.form.entry_id, *_because(decision)) for decision in stays]
        parts += [Text(), table(("stays", "though it may be", "because", "of~"), rows)]
    if close:
        asked = [(suggestion.raw, suggestion.name, suggestion.entry_id) for suggestion in close]
        parts += [Text(), table(("unknown", "did you mean", "of~"), asked)]
    print_parts(parts)
    if not edits and not stays and not close:
        note("no variant of a name in the gazetteer: nothing changes (names need their capitals: Kiev, not kiev)")


def _marked(text: str, edits: "Sequence[NameEdit]") -> Text:
    marked, done = Text(), 0
    for edit in edits:
        marked.append(printable(text[done : edit.span[0]]))
        marked.append(printable(edit.name), "bold green")
        done = edit.span[1]
    return marked.append(printable(text[done:].rstrip("\n")))


def _because(decision: "Decision") -> tuple[str, str]:
    kind, _, what = (decision.reason or "").partition("/")
    return kind, what


def _as_json(decision: "Decision") -> dict[str, object]:
    return {
        "raw": decision.raw,
        "raw_span": (decision.start, decision.end),
        "entity_id": decision.form.entry_id,
        "rule": decision.form.rule,
        "reason": decision.reason,
    }
