"""Entities: the gazetteer's names, and people and organizations that their surroundings give away.

Precision before recall: a capitalized word that nothing speaks for is no entity.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.enrich.lexicon import Gender, Lexicon
from flows.enrich.structure import Paragraph
from flows.gazetteer import Form, Gazetteer, Hit
from flows.gazetteer.evidence import Surroundings, homonym
from flows.gazetteer.fold import Folded, fold
from schemas.dispatch import Dispatch, EntityType, MentionKind, Span
from schemas.gazetteer import Entry

_WORD = r"[^\W\d_a-zß-öø-ÿ][\w’'-]*[\w]"
_PARTICLE = r"(?:al|bin|bint|de|del|della|der|di|dos|du|el|ibn|la|le|van|von|ter|ten|zu|abu)"
_CAPITALIZED = re.compile(rf"{_WORD}(?:[ \u00a0](?:[A-Z]\.|{_PARTICLE}|{_WORD}|of(?= [A-Z])|and(?= [A-Z])|&))*")
_INSTITUTION = re.compile(
    r" (?P<body>(?:(?:defen[cs]e|foreign|interior|health|finance|economy|energy|justice|agriculture|transport|culture"
    r"|trade|education|labor|labour|emergencies|industry|information) ministry|parliament|central bank|general staff"
    r"|embassy|security service|border guard service|air force|navy|coast guard))"
    r"(?! (?:spokes|official|source|chief|adviser|aide|minister|building|employee|staff|worker|lawmaker|statement"
    r"|report|member))\b"
)
_AGE = re.compile(r", \d{1,3},")
_TITLES_REACH = 60
_SMALL_WORDS = frozenset(["of", "and", "the", "for", "de", "la", "&"])


@dataclass
class Found:
    """An entity while it is being put together."""

    id: str
    name: str
    type: EntityType
    role: str | None = None
    country: str | None = None
    gender: Gender | None = None
    mentions: list[tuple[Span, MentionKind]] = field(default_factory=list)


@dataclass
class Names:
    """The named entities of a dispatch, and whose each stretch of text is."""

    entities: dict[str, Found]
    spans: list[tuple[Span, str]]  # span of a name -> entity id, in order

    def at(self, start: int, end: int) -> list[tuple[Span, str]]:
        """Return the names that lie within a stretch of the text."""
        return [(span, key) for span, key in self.spans if span[0] >= start and span[1] <= end]


def find_names(dispatch: Dispatch, paragraphs: Sequence[Paragraph], gazetteer: Gazetteer, lexicon: Lexicon) -> Names:
    """Return the named entities: the gazetteer's first, then people and organizations by their surroundings."""
    text = dispatch.text
    around = Surroundings(text, Folded(text), gazetteer)
    names = Names({}, [])
    taken: list[Span] = []
    for hit in around.known():
        if any(p.start <= hit.start and hit.end <= p.end for p in paragraphs):
            _take_hit(hit, around, names, taken)
    _take_unknown(text, paragraphs, names, taken, lexicon, gazetteer)
    _take_institutions(text, names, gazetteer)
    _join_surnames(text, paragraphs, names, taken, gazetteer)
    names.spans.sort()
    for entity in names.entities.values():
        entity.mentions.sort()
        if entity.type == "person":
            _describe(text, entity, names, gazetteer, lexicon)
    names.entities = {key: entity for key, entity in names.entities.items() if entity.mentions}
    return names


def _take_hit(hit: Hit, around: Surroundings, names: Names, taken: list[Span]) -> None:
    gazetteer = around.gazetteer
    forms = [form for form in hit.forms if form.kind != "surname"]
    if forms and all(form.kind == "keep" for form in forms):
        taken.append((hit.start, hit.end))  # a phrase: Stockholm syndrome is no place
        return
    forms = [form for form in forms if form.kind != "keep"]
    if not forms or _is_part_of_longer_name(around.text, hit):
        return
    fitting = [(form, entry) for form in forms if _is_meant(around, entry := gazetteer.entries[form.entry_id], hit)]
    if len({entry.id for _, entry in fitting}) != 1:
        fitting = [(form, entry) for form, entry in fitting if form.kind == "name"]
        if len({entry.id for _, entry in fitting}) != 1:
            return
    form, entry = fitting[0]
    _add(names, taken, entry, form, hit, gazetteer)


def _is_meant(around: Surroundings, entry: Entry, hit: Hit) -> bool:
    """Tell whether a name with homonyms means this entry. A place needs no evidence: wires qualify the others.

    `Vienna` alone is Austria's (the other is printed `Vienna, Virginia`); `Patriot` alone may be anything.
    """
    other = homonym(around, entry, hit.start, hit.end)
    return other is None or (other == "homonym/no evidence" and entry.type in ("place", "person"))


def _is_part_of_longer_name(text: str, hit: Hit) -> bool:
    """`Paris Hilton`, `Jack London`: a name directly beside another capitalized word may be part of a longer one."""
    forms_of_person = all(form.entry_id.startswith("person:") for form in hit.forms)
    return forms_of_person and bool(re.match(r"[ \u00a0][A-Z][a-z]+", text[hit.end : hit.end + 12])) and hit.upper


def _add(names: Names, taken: list[Span], entry: Entry, form: Form, hit: Hit, gazetteer: Gazetteer) -> None:
    key, name = entry.id, gazetteer.name(entry.id)
    kind: MentionKind = "name"
    entity_type: EntityType = entry.type
    if form.kind in ("adjective", "people") and entry.type == "place":
        key, entity_type = f"group:{entry.id.partition(':')[2]}", "group"
        name = next((people for people in entry.people if people.endswith("s")), form.text)
    elif form.kind not in ("name", "full"):
        kind = "alias"
    if key not in names.entities:
        country = gazetteer.country_name(entry.country)
        names.entities[key] = Found(key, name, entity_type, role=entry.role, country=country, gender=entry.gender)
    names.entities[key].mentions.append(((hit.start, hit.end), kind))
    names.spans.append(((hit.start, hit.end), key))
    taken.append((hit.start, hit.end))


def _take_unknown(
    text: str, paragraphs: Sequence[Paragraph], names: Names, taken: list[Span], lexicon: Lexicon, gazetteer: Gazetteer
) -> None:
    """People and organizations that the gazetteer does not know, where something beside them gives them away."""
    given_names = frozenset(gazetteer.contexts.given_names)
    for paragraph in paragraphs:
        if paragraph.is_head:
            continue
        for match in _CAPITALIZED.finditer(text, paragraph.start, paragraph.end):
            start, end = _without_titles(text, match.start(), match.end(), lexicon)
            free = _free_part(start, end, taken)
            if free is None:
                continue
            start, end = free
            start += 4 if text.startswith("The ", start) else 0
            words = text[start:end].split()
            if not words:
                continue
            kind = _kind(text, start, end, words, lexicon, given_names)
            if kind:
                name = text[start:end]
                key = f"{kind}:{_slug(name)}"
                gender = lexicon.genders.get(words[0]) if kind == "person" else None
                names.entities.setdefault(key, Found(key, name, kind, gender=gender))
                names.entities[key].mentions.append(((start, end), "name"))
                names.spans.append(((start, end), key))
                taken.append((start, end))


def _take_institutions(text: str, names: Names, gazetteer: Gazetteer) -> None:
    """State bodies in lower case, by their country: `the Belarusian defense ministry`."""
    for (start, end), key in list(names.spans):
        match = _INSTITUTION.match(text, end)
        country = key.replace("group:", "place:", 1)
        if match and key.startswith("group:") and country in gazetteer.entries:
            name = f"{text[start:end]} {match['body'].title()}"
            found = names.entities.setdefault(
                key := f"organization:{_slug(name)}",
                Found(key, name, "organization", country=gazetteer.country_name(gazetteer.entries[country].country)),
            )
            found.mentions.append(((start, match.end()), "nominal"))
            names.spans.append(((start, match.end()), key))


def _without_titles(text: str, start: int, end: int, lexicon: Lexicon) -> Span:
    """Cut titles and words that merely begin the sentence off the front: `Senator Richard Blumenthal`, `In Geneva`."""
    for space in [m.end() for m in re.finditer(r"[ \u00a0]", text[start:end])]:
        title = lexicon.title_pattern.search(text, max(0, start - 30), start + space)
        if title and title.end() == start + space:
            start_new = start + space
            if start_new < end:
                return _without_titles(text, start_new, end, lexicon)
    return start, end


def _free_part(start: int, end: int, taken: Sequence[Span]) -> Span | None:
    """Return the stretch behind what is taken already: in `Russian Deputy Ivan Petrov`, `Russian` is."""
    for other_start, other_end in taken:
        if other_start < end and start < other_end:
            if other_start <= start and other_end < end:
                start = other_end + 1
            else:
                return None
    return (start, end) if start < end else None


def _kind(
    text: str, start: int, end: int, words: Sequence[str], lexicon: Lexicon, given_names: frozenset[str]
) -> EntityType | None:
    """Tell a person from an organization by what stands beside the name; None when nothing speaks for either."""
    if words[-1] in lexicon.bodies and len(words) > 1:
        return "organization"
    if any(word in _SMALL_WORDS and word != "de" and word != "la" for word in words):
        return "organization" if words[0] in lexicon.bodies else None
    titled = lexicon.title_pattern.search(text, max(0, start - _TITLES_REACH), start)
    given = words[0] in lexicon.genders or words[0] in given_names
    if given and 2 <= len(words) <= 4:
        return "person"
    if len(words) == 1 and f"{words[0].lower()}." in lexicon.titles:
        return None  # the second half of a title: `Maj. Gen. Zaw Min Tun`
    if titled and len(words) <= 4 and not words[0].isupper():
        return "person"
    if _AGE.match(text, end) and 2 <= len(words) <= 4:
        return "person"
    return None


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "x"


def _join_surnames(
    text: str, paragraphs: Sequence[Paragraph], names: Names, taken: list[Span], gazetteer: Gazetteer
) -> None:
    """Join bare surnames to the one person in the dispatch who bears it; two bearers leave it alone."""
    bearers: dict[str, set[str]] = {}
    for key, entity in names.entities.items():
        if entity.type == "person":
            for surname in _surnames(key, entity, gazetteer):
                bearers.setdefault(surname, set()).add(key)
    if not bearers:
        return
    pattern = re.compile(
        r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(bearers, key=len, reverse=True))) + r")(?!\w)"
    )
    for paragraph in paragraphs:
        for match in pattern.finditer(text, paragraph.start, paragraph.end):
            span = match.span()
            owners = bearers[match[0]]
            if len(owners) == 1 and not any(s < span[1] and span[0] < e for s, e in taken):
                (key,) = owners
                names.entities[key].mentions.append((span, "name"))
                names.spans.append((span, key))
                taken.append(span)


def _surnames(key: str, entity: Found, gazetteer: Gazetteer) -> set[str]:
    entry = gazetteer.entries.get(key)
    if entry and entry.surname:
        return {entry.surname, *entry.surname_variants}
    words = entity.name.split()
    found = {words[-1]} if len(words) > 1 else set()
    return found | set(entry.surname_variants if entry else ())


def _describe(text: str, entity: Found, names: Names, gazetteer: Gazetteer, lexicon: Lexicon) -> None:
    """Read office and country off the words before the name: `Russian Foreign Minister Sergei Lavrov`."""
    for (start, _), kind in entity.mentions:
        if kind not in ("name", "alias"):
            continue
        begin = start
        parts: list[str] = []
        while title := lexicon.title_pattern.search(text, max(0, begin - _TITLES_REACH), begin):
            if title["courtesy"]:
                entity.gender = entity.gender or lexicon.courtesy[title["courtesy"]]
            else:
                parts.insert(0, title["title"])
            begin = title.start()
        if not parts:
            continue
        entity.role = _role(" ".join(parts), lexicon)
        owner = [k for (s, e), k in names.spans if e <= begin and not text[e:begin].strip(" \u00a0'’s")]
        if owner and (country := _country(owner[-1], names, gazetteer)):
            entity.country = country
        return


def _role(printed: str, lexicon: Lexicon) -> str:
    """Return the office as printed, an abbreviation spelled out: `Sen.` -> `senator`."""
    return lexicon.abbreviations.get(printed.lower(), printed)


def _country(key: str, names: Names, gazetteer: Gazetteer) -> str | None:
    entry = gazetteer.entries.get(key) or gazetteer.entries.get(key.replace("group:", "place:", 1))
    if entry is None:
        return names.entities[key].country
    return gazetteer.country_name(entry.country)
