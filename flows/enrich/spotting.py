"""Names in the text: what the gazetteer knows, what the engine read, and which of the two is right where they differ.

The gazetteer goes first where it is certain (a long form that nobody else bears); the engine where it is not: `Jordan`
the player is no country, and the China in `Bank of China` is no name of its own.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from flows.enrich.doubtful import full_names
from flows.enrich.lexicon import Lexicon
from flows.enrich.mentions import Spotted
from flows.enrich.page import Page
from flows.enrich.reading import NameRead
from flows.enrich.structure import Paragraph
from flows.enrich.things import without_things
from flows.gazetteer import Form, Gazetteer, Hit
from flows.gazetteer.evidence import Surroundings, homonym
from schemas.dispatch import EntityType, Span
from schemas.gazetteer import Entry

_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_PREFIX = re.compile(r"(?:[a-z]+|Pro|Anti|Non|Post|Pre|Trans|Mid)-(?=[A-Z])")  # pro-Russian
_SUFFIX = re.compile(  # Athens-based
    r"(?<=\w\w)-(?:[a-z]+ed|[a-z]+ing|born|led|run|held|made|built|owned|era|wide|style|friendly|bound)$"
)
_NO_NAME = re.compile(r"[DRI]-[A-Z][A-Za-z.]*|[A-Z][A-Z0-9]{0,6}\.[A-Z]{1,3}")  # Ann Lee, D-Calif.; Voestal (VSTL.VI)
_POSSESSIVE = re.compile(r"(?:['’]s|['’])$")
_SURE = 0.8  # an engine this sure is believed against a single word of the gazetteer
_QUITE_SURE = 0.9
_SPEAKS_AGAINST = 0.6  # and this sure, when it read a person where the gazetteer has a place
_DOUBT = 0.5  # what was read with less stands in nobody's way
_PART = 0.75  # how sure an engine is, at the most, of the type of a part of what it read
_KEPT_PLACES = frozenset(["country", "territory", "capital"])  # metonyms stay the place they name


def spot(page: Page, paragraphs: Sequence[Paragraph], around: Surroundings, lexicon: Lexicon) -> list[Spotted]:
    """Return the names of a text in order, none of them overlapping."""
    read = [name for one in page.reading.names if (name := _trimmed(page, one, around, lexicon))]
    starts = [name.span[0] for name in read]
    gone: set[int] = set()
    found: list[Spotted] = []
    for hit in _hits_in(paragraphs, around):
        last = bisect_right(starts, hit.end - 1)
        first = last
        while first and read[first - 1].span[1] > hit.start:
            first -= 1
        touched = [at for at in range(first, last) if at not in gone]
        known, phrase = _meant(hit, around)
        if phrase:  # a phrase with a name in it that is none: Stockholm syndrome
            gone.update(at for at in touched if _inside(read[at].span, hit) and read[at].span != (hit.start, hit.end))
        elif not touched:
            if known and (name := _unread(known, hit, page)):
                found.append(name)
        elif len(touched) == 1 and read[touched[0]].span == (hit.start, hit.end):
            if known:
                gone.add(touched[0])
                found.append(_agreed(read[touched[0]], known))
            else:
                read[touched[0]].forms = hit.forms
        elif known and (
            _is_whole(known, hit, [read[at] for at in touched], around)
            or all(_is_doubtful(read[at], hit, around.text) for at in touched)
        ):
            gone.update(touched)
            found.append(_of_entry(known, hit, page, _sure(known, hit)))
    found += [name for at, name in enumerate(read) if at not in gone]
    found += full_names(page, found, lexicon)
    return without_things(page, sorted(found, key=lambda name: name.span), lexicon)


def _hits_in(paragraphs: Sequence[Paragraph], around: Surroundings) -> Iterator[Hit]:
    at = 0
    for hit in around.known():
        while at < len(paragraphs) and paragraphs[at].end < hit.end:
            at += 1
        if at == len(paragraphs):
            return
        if paragraphs[at].start <= hit.start:
            yield _narrowed(hit, around)


def _is_doubtful(name: Spotted, hit: Hit, text: str) -> bool:
    """Tell whether a name is read with doubt and has no capital beyond a known one: `Belarusian defense` ministry."""
    beyond = text[name.span[0] : hit.start] + text[hit.end : name.span[1]]
    return name.confidence < _DOUBT and beyond == beyond.lower()


def _inside(span: Span, hit: Hit) -> bool:
    return hit.start <= span[0] and span[1] <= hit.end


def _trimmed(page: Page, name: NameRead, around: Surroundings, lexicon: Lexicon) -> Spotted | None:
    """Return a name as read, without the article or title before it and the possessive behind it."""
    start, end = page.span_of(name.words)
    text = page.text
    if (article := _ARTICLE.match(text, start, end)) and not (
        name.type == "work" or _keeps_article(around.gazetteer.known.forms_of(text[start:end]), around.gazetteer)
    ):
        start = article.end()
    if prefix := _PREFIX.match(text, start, end):
        start = prefix.end()
    if suffix := _SUFFIX.search(text[start:end]):
        end = start + suffix.start()
    if name.type != "organization" and (mark := _POSSESSIVE.search(text, start, end)):  # but Lloyd's
        end = mark.start()
    if end - start == 2 and text[end - 1] == ".":  # X, at the end of a sentence
        end -= 1
    if name.type == "person":
        start = _behind_titles(text, start, end, lexicon)
    if name.type in ("group", "event", "place") and text[start:end].title() in lexicon.no_names:
        return None  # `Western allies`, `Sunday` in a headline
    sure = min(name.confidence, _PART) if suffix or prefix else name.confidence
    if _NO_NAME.fullmatch(text, start, end) or (text[start:end].isupper() and text[start:end] in lexicon.no_names):
        return None
    if text[start:end].lower() in ("the", "a", "an"):  # cut off its name: `| The | Kathmandu Post`
        return None
    if end - start == 1 and text[end : end + 1] == "-":  # `Rep. Ann Lee, | R |-Ohio`
        return None
    if start >= end or not any(char.isalnum() for char in text[start:end]):
        return None
    return Spotted((start, end), page.words_of((start, end)), name.type, sure)


def _behind_titles(text: str, start: int, end: int, lexicon: Lexicon) -> int:
    """Return where a person's name begins behind titles that the engine took with it: `Maj. Gen. Tun Wai Lin`.

    A whole word is a title before a full name only: Dean Smith is called Dean.
    """
    while True:
        words = text[start:end].split()
        polite = words and words[0] in lexicon.courtesy
        title = words and words[0].lower() in lexicon.titles and (words[0].endswith(".") or len(words) > 2)
        if len(words) < 2 or not (polite or title):
            return start
        start += len(words[0])
        while text[start].isspace():
            start += 1


def _keeps_article(forms: Sequence[Form], gazetteer: Gazetteer) -> bool:
    """The article is a part of the names of a few places: The Hague."""
    return any(
        form.entry_id.startswith("place:") and gazetteer.name(form.entry_id).startswith("The ") for form in forms
    )


def _narrowed(hit: Hit, around: Surroundings) -> Hit:
    """Leave out the article, and what only tells which place is meant: in `Odessa, Texas`, Texas is another name."""
    article = _ARTICLE.match(around.text, hit.start, hit.end)
    if article and not _keeps_article(hit.forms, around.gazetteer):
        hit = replace(hit, start=article.end())
    comma = around.text.find(", ", hit.start, hit.end)
    return replace(hit, end=comma) if comma > 0 and hit.forms[0].entry_id.startswith("place:") else hit


def _meant(hit: Hit, around: Surroundings) -> tuple[tuple[Form, Entry] | None, bool]:
    """Return the entry that a hit means, if that is certain; and whether it is a phrase that is no name at all."""
    forms = [form for form in hit.forms if form.kind != "surname"]
    if forms and all(form.kind == "keep" for form in forms):
        return None, True
    entries = around.gazetteer.entries
    fitting = [(form, entries[form.entry_id]) for form in forms if form.kind != "keep"]
    fitting = [(form, entry) for form, entry in fitting if _is_meant(around, entry, hit)]
    if len({entry.id for _, entry in fitting}) > 1:
        fitting = [(form, entry) for form, entry in fitting if form.kind == "name"]
    if len({entry.id for _, entry in fitting}) != 1:
        return None, False
    return fitting[0], False


def _is_meant(around: Surroundings, entry: Entry, hit: Hit) -> bool:
    """Tell whether a name with homonyms means this entry. A place needs no evidence: wires qualify the others.

    `Vienna` alone is Austria's (the other is printed `Vienna, Virginia`); `Patriot` alone may be anything.
    """
    other = homonym(around, entry, hit.start, hit.end)
    return other is None or (other == "homonym/no evidence" and entry.type in ("place", "person"))


def _type(known: tuple[Form, Entry]) -> EntityType:
    """The people of a place are a group."""
    form, entry = known
    return "group" if form.kind in ("adjective", "people") and entry.type == "place" else entry.type


def _is_long(hit: Hit) -> bool:
    return any(" " in form.text for form in hit.forms)


def _sure(known: tuple[Form, Entry], hit: Hit) -> float:
    """How sure a hit is by itself, going by what dispatches show."""
    form, entry = known
    if _is_long(hit):
        return 0.95
    if form.kind in ("adjective", "people") or entry.kind in _KEPT_PLACES:
        return 0.9
    return 0.6 if entry.homonyms or len(hit.forms) > 1 else 0.8


def _of_entry(known: tuple[Form, Entry], hit: Hit, page: Page, confidence: float, *, read: bool = True) -> Spotted:
    form, entry = known
    derived = form.kind in ("adjective", "people") and entry.type == "place"
    span = (hit.start, hit.end)
    alias = not derived and form.kind not in ("name", "full", "style")
    return Spotted(span, page.words_of(span), _type(known), confidence, entry_id=entry.id,
                   kind="alias" if alias else "name", derived=derived, read=read)  # fmt: skip


def _unread(known: tuple[Form, Entry], hit: Hit, page: Page) -> Spotted | None:
    """A name of the gazetteer that the engine passed over: in capitals it may be a common word (POLISH, TURKEY)."""
    entry = known[1]
    if hit.upper and not _is_long(hit):
        return None
    confidence = _sure(known, hit)
    if entry.type == "person" and _is_part_of_longer_name(page.text, hit):
        return None
    if not page.reading.names:  # an engine without names: the gazetteer is all there is
        return _of_entry(known, hit, page, confidence, read=False)
    words = page.words_of((hit.start, hit.end))
    if not _is_long(hit):
        if page.tags[words[0]] not in ("PROPN", "ADJ", ""):
            return None
        confidence -= 0.2
    return _of_entry(known, hit, page, confidence, read=False)


def _is_part_of_longer_name(text: str, hit: Hit) -> bool:
    """A name directly before another capitalized word may be the beginning of a longer one: `JACK LONDON SQUARE`."""
    return hit.upper and bool(re.match(r"[ \u00a0][A-Z][a-z]+", text[hit.end : hit.end + 12]))


def _agreed(name: Spotted, known: tuple[Form, Entry]) -> Spotted:
    """The engine and the gazetteer have the same words: its entry if they agree in type, or if it is the surer one."""
    form, entry = known
    kind = _type(known)
    if kind == name.type or not _is_believed(name, form, entry, kind):
        name.confidence = 1 - (1 - name.confidence) * (0.3 if kind == name.type else 1.0)
        if kind != name.type:
            name.confidence = 0.85 if " " in form.text else max(0.7, 1 - name.confidence)
        name.type, name.entry_id = kind, entry.id
        name.derived = kind == "group" and entry.type == "place"
        name.kind = "name" if name.derived or form.kind in ("name", "full", "style") else "alias"
    elif entry.type == "organization" and name.type == "group":  # the members of a party: Democrats
        name.entry_id, name.derived = entry.id, form.kind != "name" or form.text.endswith("s")
        name.type = "group" if name.derived else "organization"  # the Taliban
    return name


def _is_believed(name: Spotted, form: Form, entry: Entry, kind: EntityType) -> bool:
    """Tell whether the engine is believed against the gazetteer about the type of a name."""
    if kind == "place" and name.type == "organization":  # a team; for its government, a country or a city is a place
        return name.confidence >= (_QUITE_SURE if entry.kind in _KEPT_PLACES else _SURE)
    if " " in form.text and form.kind != "alias":
        return False
    if kind == "organization" and name.type == "group":
        return True
    if kind == "group" and entry.type == "place":
        return name.type in ("person", "organization", "work") and name.confidence >= _SURE
    if kind == "place" and name.type == "person":
        return name.confidence >= _SPEAKS_AGAINST
    return name.confidence >= _SURE


def _is_whole(known: tuple[Form, Entry], hit: Hit, read: Sequence[Spotted], around: Surroundings) -> bool:
    """Tell whether a hit goes before names that the engine cut differently."""
    entry = known[1]
    if all(_inside(name.span, hit) for name in read):  # pieces of a long form
        return _is_long(hit) or max(name.confidence for name in read) < _SPEAKS_AGAINST
    if len(read) == 1 and read[0].span[0] <= hit.start and hit.end <= read[0].span[1]:
        # a part of a longer name, unless what is left are titles: `President Vladimir Putin`
        rest = around.text[read[0].span[0] : hit.start].strip()
        of_person = entry.type == read[0].type == "person" and _is_long(hit) and hit.end == read[0].span[1]
        return of_person and rest.istitle() and read[0].confidence < _SURE
    return _is_long(hit) and max(name.confidence for name in read) < _SURE
