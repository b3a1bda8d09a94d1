"""Marks: every overlap is cut so that it can be drawn, and no character is lost."""

from collections.abc import Callable

import pytest

from flows.cli.marks import Mark, layout, marks, paragraphs, pieces
from schemas.dispatch import Dispatch, Entity, Mention, NameEdit, Quote

EDIT = NameEdit(raw="x", name="x", entity_id="place:x", rule="r", raw_span=(0, 1), span=(0, 1))
QUOTE = Quote(id="q", kind="direct", text="x", spans=((0, 1),), raw_spans=((0, 1),), verbatim=("x",))


def cut(text: str, *spans: tuple[int, int]) -> list[tuple[str, str]]:
    """The pieces of a text with marks over these spans, as text and the numbers of the marks on it."""
    marked = sorted(
        (Mark(*span, "name", EDIT, number) for number, span in enumerate(spans)), key=lambda m: (m.start, -m.end)
    )
    return [(piece.text, "".join(str(mark.number) for mark in piece.marks)) for piece in pieces(text, marked)]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [("abcdef", "")]),
        ([(1, 3)], [("a", ""), ("bc", "0"), ("def", "")]),
        ([(0, 6), (2, 4)], [("ab", "0"), ("cd", "01"), ("ef", "0")]),  # inside
        ([(0, 4), (2, 6)], [("ab", "0"), ("cd", "01"), ("ef", "1")]),  # crossing
        ([(0, 6), (0, 6)], [("abcdef", "01")]),  # the same
        ([(0, 3), (3, 6)], [("abc", "0"), ("def", "1")]),  # touching
        ([(4, 6), (0, 2)], [("ab", "1"), ("cd", ""), ("ef", "0")]),
    ],
)
def test_pieces(spans: list[tuple[int, int]], expected: list[tuple[str, str]]) -> None:
    """The text is cut where a mark begins or ends; the outer mark comes first."""
    assert cut("abcdef", *spans) == expected


@pytest.mark.parametrize(
    ("text", "words", "drawn"),
    [
        ("“Wait,” he said.", "Wait,", "“Wait,”"),
        ('"Wait," he said.', "Wait,", '"Wait,"'),
        ("``Wait,'' he said.", "Wait,", "``Wait,''"),
        ("WALLACE: Wait.", "Wait.", "Wait."),  # a dialogue has none
        ("“Wait. “Go on,” he said.", "Go on,", "“Go on,”"),
    ],
)
def test_a_direct_quote_is_drawn_with_its_marks(
    text: str, words: str, drawn: str, make_dispatch: Callable[..., Dispatch]
) -> None:
    """The marks around the words are drawn with them: the number of the quote stands behind them."""
    at = text.index(words)
    quote = QUOTE.model_copy(update={"spans": ((at, at + len(words)),)})
    (mark,) = marks(make_dispatch(text, quotes=(quote,)))
    assert text[mark.start : mark.end] == drawn


def test_pieces_of_a_span() -> None:
    """A span of the text has the marks that reach into it."""
    marked = [Mark(0, 4, "name", EDIT), Mark(5, 9, "name", EDIT)]
    got = [(piece.start, piece.text, len(piece.marks)) for piece in pieces("abcdefghi", marked, (2, 6))]
    assert got == [(2, "cd", 1), (4, "e", 0), (5, "f", 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("one", ["one"]),
        ("one\ntwo\n", ["one", "two"]),
        ("one\r\ntwo", ["one", "two"]),
        ("one\ntwo\n\nthree\n \nfour", ["one\ntwo", "three", "four"]),
        ("\n\none\n\n", ["one"]),
    ],
)
def test_paragraphs(text: str, expected: list[str]) -> None:
    """Blank lines part paragraphs where there are any, else every line is one."""
    assert [text[a:b].strip() for a, b in paragraphs(text)] == expected


def test_layout(make_dispatch: Callable[..., Dispatch]) -> None:
    """The headline is set apart where the text begins with it, though its names were changed."""
    head, others = layout(
        make_dispatch("News From Kyiv\nBody.", text_raw="News From Kiev\nBody.", headline="News From Kiev")
    )
    assert (head, others) == ((0, 14), [(15, 20)])
    assert layout(make_dispatch("Body only.", headline="Elsewhere"))[0] is None


def test_marks(make_dispatch: Callable[..., Dispatch]) -> None:
    """A dispatch's names, entities and quotes are marked, the outer before the inner; what lies outside is left out."""
    mention = Mention(text="Kyiv", kind="name", span=(0, 4), raw_span=(0, 4))
    beyond = Mention(text="Kyiv", kind="name", span=(90, 94), raw_span=(90, 94))
    entity = Entity(id="place:kyiv", name="Kyiv", type="place", mentions=(mention, beyond))
    edit = EDIT.model_copy(update={"span": (0, 4)})
    quote = QUOTE.model_copy(update={"spans": ((0, 9),)})
    found = marks(make_dispatch("Kyiv talks.", entities=(entity,), names=(edit,), quotes=(quote,)))
    assert [mark.kind for mark in found] == ["quote", "entity", "name"]
