"""The HTML page: well-formed, escaped, self-contained."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

from flows.cli.page import page
from schemas.dispatch import Cue, Dispatch, Entity, EntityType, Mention, NameEdit, Quote, Speaker, SpeakerMention

Make = Callable[..., Dispatch]
VOID = {"meta", "br", "link", "img"}


class Checker(HTMLParser):
    """Collects text and ids, and fails on an element that is closed in the wrong order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.article: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "id" in given:
            self.ids.append(given["id"] or "")
        if "href" in given:
            self.links.append(given["href"] or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if "article" in self.open and "sup" not in self.open:
            self.article.append(data)


def entity(text: str, start: int, kind: EntityType = "person", name: str | None = None) -> Entity:
    """An entity with one mention."""
    span = (start, start + len(text))
    mention = Mention(text=text, kind="name", span=span, raw_span=span)
    return Entity(id=f"{kind}:x", name=name or text, type=kind, mentions=(mention,))


def quote(text: str, *spans: tuple[int, int]) -> Quote:
    """A quote over these spans."""
    said = " ".join(text[a:b] for a, b in spans)
    return Quote(id="q", kind="direct", text=said, spans=spans, raw_spans=spans, verbatim=(said,))


def test_crossing_marks(make_dispatch: Make) -> None:
    """Marks that cross, and a quote over two paragraphs, are drawn by elements that nest; the text is unchanged."""
    text = "One two three four.\nFive six seven."
    made = make_dispatch(
        text, entities=(entity("two three", 4), entity("four.\nFive", 14, "place")),
        quotes=(quote(text, (8, 28)), quote(text, (0, 7), (29, 34))),
    )  # fmt: skip
    checked = Checker(page(made))
    assert "".join(checked.article).split() == text.split()
    assert len(checked.ids) == len(set(checked.ids))
    assert {link[1:] for link in checked.links} <= set(checked.ids)


def test_escaping(make_dispatch: Make) -> None:
    """Nothing of a dispatch becomes markup, wherever it stands."""
    evil = "<script>alert('x')</script>\"><b>&amp;"
    text = f"{evil} said {evil}"
    end = len(evil)
    raw = NameEdit(raw=evil, name=evil, entity_id="place:x", rule=evil, raw_span=(0, end), span=(0, end))
    mention = SpeakerMention(text=evil, span=(0, end), raw_span=(0, end))
    cue = Cue(text=evil, span=(end + 1, end + 5), raw_span=(end + 1, end + 5))
    said = quote(text, (end + 6, len(text))).model_copy(
        update={"speaker": Speaker(name=evil, entity_id="person:x", mention=mention), "cue": cue}
    )
    made = make_dispatch(
        text, headline=evil, byline=evil, ed_note=evil, language=evil, names=(raw,),
        entities=(entity(evil, 0, name=evil),), quotes=(said,),
    )  # fmt: skip
    html = page(made)
    assert "<script" not in html
    assert "<b>" not in html
    assert Checker(html).text.count(evil) >= 5


def test_steering_characters(make_dispatch: Make) -> None:
    """Control characters and those that reorder text are replaced."""
    html = page(make_dispatch("a\x00b\u202ec\x1b[31m"))
    assert not re.search("[\x00-\x08\x1b\u202a-\u202e]", html)


def test_self_contained(make_dispatch: Make) -> None:
    """The page asks for nothing from outside, and forbids it."""
    html = page(make_dispatch("All is well."))
    assert not re.search(r"""(?:src|href)=["'](?!#)|url\(|@import|https?:""", html)
    assert "default-src 'none'" in html
    assert "prefers-color-scheme: dark" in html


def test_names_and_speakers(make_dispatch: Make) -> None:
    """A changed name shows what was printed; a quote shows who said it."""
    text = "Kyiv waits, he said."
    edit = NameEdit(raw="Kiev", name="Kyiv", entity_id="place:kyiv", rule="r", raw_span=(0, 4), span=(0, 4))
    mention = SpeakerMention(text="he", span=(12, 14), raw_span=(12, 14))
    said = quote(text, (0, 10)).model_copy(
        update={"speaker": Speaker(name="Ann Lee", entity_id="person:a", mention=mention)}
    )
    html = page(make_dispatch(text, names=(edit,), quotes=(said,)))
    assert 'data-raw="Kiev"' in html
    assert 'title="Ann Lee (direct)"' in html
    assert "<cite>Ann Lee</cite>" in html


def test_bare_dispatch(make_dispatch: Make) -> None:
    """A dispatch with nothing found in it, and a tombstone without text, are pages too."""
    Checker(page(make_dispatch("All is well.")))
    Checker(page(make_dispatch("", status="killed", headline="Gone")))
