"""What an edit of the gazetteer can touch."""

import datetime as dt
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pytest
import yaml

from flows.enrich.lexicon import compile_lexicon
from flows.enrich.model import load_model
from flows.gazetteer import Gazetteer
from flows.gazetteer.diff import Changes, Snapshot, changes, read_snapshot, snapshot
from flows.gazetteer.fold import capitalized
from flows.gazetteer.load import compile_entries
from flows.process import Engine, process
from schemas.config import CueVerbs, Roles
from schemas.dispatch import Dispatch
from schemas.gazetteer import Contexts, Entry, Style
from schemas.raw import Payload, RawDispatch

ENTRIES = """
- {id: place:ukraine, name: Ukraine, type: place, kind: country, country: UA, adjectives: [Ukrainian]}
- {id: place:turkey, name: Turkey, type: place, kind: country, country: TR, styles: {un: Türkiye}, variants: [Turkiye]}
- {id: place:ankara, name: Ankara, type: place, kind: capital, country: TR}
- {id: place:kyiv, name: Kyiv, type: place, kind: capital, country: UA, variants: [Kiev], keep: {dish: [chicken Kiev]}}
- {id: place:odesa, name: Odesa, type: place, country: UA, variants: [Odessa],
   homonyms: [{name: "Odessa, Texas", country: US, evidence: [Texas]}]}
- {id: place:lodz, name: Łódź, type: place, aliases: [Lodz]}
- {id: person:volodymyr-zelenskyy, name: Volodymyr Zelenskyy, type: person, country: UA, gender: m,
   given_variants: [Vladimir], surname_variants: [Zelensky, Zelenskiy], distinctive: true}
- {id: weapon:sarin, name: sarin, type: weapon}
- {id: weapon:9m729, name: 9M729, type: weapon}
"""

TEXTS = [
    "KIEV, Ukraine (AP) -- Talks went on. Chicken Kiev was served.",
    "President Vladimir Zelensky said: “We wait.” Zelensky left for Odessa, Ukrainian media said.",
    "The Kiev Post said on Monday that Olena Marchuk had won.",
    "ANKARA, Turkey (AP) -- Mayor Ann Lee said no.",
    "The fair in Odessa, Texas, was the best since Lodz, said Vladimir Petrov.",
    "Nothing here has a name that matters. The 9M729 does.",
    "In ŁÓDŹ and Ki\u00adev, the battle of kiev was remembered.",
    "Vladimir Zelenskiy and Boris Zelensky, the baker, met.",
]

Fields = dict[str, Any]
Edit = Mapping[str, Fields | None]


def entries() -> dict[str, Entry]:
    return {fields["id"]: Entry.model_validate(fields) for fields in yaml.safe_load(ENTRIES)}


def edited(edit: Edit) -> dict[str, Entry]:
    """The entries with some fields changed; None takes an entry away, a new id adds one."""
    found = entries()
    for id, fields in edit.items():
        if fields is None:
            del found[id]
        else:
            before = found[id].model_dump() if id in found else {"id": id, "type": id.partition(":")[0]}
            found[id] = Entry.model_validate(before | fields)
    return found


def compiled(found: Mapping[str, Entry], style: Style = "ap", contexts: Contexts | None = None) -> Gazetteer:
    return compile_entries(list(found.values()), contexts or Contexts(), style)


def compare(edit: Edit, style: Style = "ap") -> Changes:
    return changes(Snapshot("ap", Contexts(), entries()), compiled(edited(edit), style))


def touched(found: Changes, text: str) -> set[str]:
    """The entries that touch a text."""
    words = capitalized(text)
    return {id for id, some in found.entries.items() if any(all(words & clause for clause in all_) for all_ in some)}


def test_a_snapshot_has_the_digest_of_its_version() -> None:
    """The SHA-256 of a snapshot begins with the version, and it reads back as what it was made of."""
    gazetteer = compiled(entries(), "un")
    data = snapshot(gazetteer)
    assert sha256(data).hexdigest().startswith(gazetteer.version)
    assert read_snapshot(data) == Snapshot("un", gazetteer.contexts, gazetteer.entries)


@pytest.mark.parametrize("data", [b"", b"{}", b'["ap", {}, [{"id": "place:kyiv", "shape": "of another time"}]]'])
def test_a_snapshot_of_another_shape_is_none(data: bytes) -> None:
    """What cannot be understood is no snapshot, and no error."""
    assert read_snapshot(data) is None


def test_nothing_changed() -> None:
    """Equal gazetteers differ in nothing; remarks touch nothing."""
    assert compare({}) == Changes({})
    assert compare(
        {"place:kyiv": {"note": "asked the desk", "authority": "BGN", "since": dt.date(1995, 1, 1)}}
    ) == Changes({})


def test_an_added_variant_touches_its_own_spelling() -> None:
    """A spelling gained or lost touches what contains it, and not what contains the entry's other spellings."""
    one = frozenset({frozenset({"kyev"})})
    assert compare({"place:kyiv": {"variants": ("Kiev", "Kyev")}}) == Changes({"place:kyiv": (one,)})
    lost = compare({"place:kyiv": {"variants": ()}})
    assert touched(lost, "Kiev") == {"place:kyiv"}
    assert touched(lost, "Kyiv") == set()


def test_more_than_a_spelling_touches_all_spellings() -> None:
    """Evidence, role, country, name: whatever contains any spelling of the entry, old or new, is touched."""
    for fields in ({"evidence": ("river",)}, {"country": None}, {"name": "Kyjiw", "variants": ("Kiev", "Kyiv")}):
        found = compare({"place:kyiv": fields})
        assert set(found.entries) == {"place:kyiv"}
        assert touched(found, "Talks in KIEV") == touched(found, "Kyiv’s mayor") == {"place:kyiv"}
        assert touched(found, "Talks in Odesa") == set()


def test_added_and_removed_entries() -> None:
    """An entry that is new, and one that is gone, touch whatever contains one of their spellings."""
    found = compare({"place:odesa": None, "place:lviv": {"name": "Lviv", "variants": ("Lvov",)}})
    assert touched(found, "Odessa and Lvov") == {"place:odesa", "place:lviv"}
    assert touched(found, "Kyiv") == set()


def test_the_style() -> None:
    """Another house style touches the entries that it spells otherwise, and those whose country it does."""
    found = compare({}, "un")
    assert set(found.entries) == {"place:turkey", "place:ankara"}


def test_contexts() -> None:
    """Edited contexts touch everything."""
    found = changes(Snapshot("ap", Contexts(), entries()), compiled(entries(), "ap", Contexts(historic=("Soviet",))))
    assert found.everything


def test_a_spelling_without_a_capital() -> None:
    """No index holds words without a capital: then everything is touched, and the message names the entry."""
    found = compare({"weapon:sarin": {"aliases": ("nerve agent",)}})
    assert "weapon:sarin" in (found.everything or "")
    assert compare({"weapon:9m729": None}).entries == {"weapon:9m729": (frozenset({frozenset({"9m729"})}),)}


def test_a_name_may_have_been_printed_as_a_variant() -> None:
    """A new name with a canonical name in it touches what was printed with a variant: `Kyiv Post`, `Kiev Post`."""
    found = compare({"organization:kyiv-post": {"name": "Kyiv Post"}})
    assert touched(found, "The Kiev Post said") == {"organization:kyiv-post"}
    assert touched(found, "The Kyiv Post said") == {"organization:kyiv-post"}
    assert touched(found, "Kiev said") == set()


def test_a_kept_phrase_in_any_case() -> None:
    """A phrase in which a name stays is looked for by the name in it: the phrase may be printed in any case."""
    found = compare({"place:kyiv": {"keep": {"dish": ("chicken Kiev",), "history": ("Battle of Kiev",)}}})
    assert touched(found, "the battle of Kiev") == {"place:kyiv"}
    assert touched(found, "the Battle of Odesa") == set()


def test_a_given_name_tells_people() -> None:
    """A person added touches what has the given name, if it was not known to be a given name of that gender."""
    olena = {"name": "Olena Zelenska", "gender": "f", "country": "UA"}
    assert touched(compare({"person:olena-zelenska": olena}), "Olena Marchuk") == {"person:olena-zelenska"}
    namesake = {"name": "Volodymyr Klitschko", "gender": "m"}
    assert touched(compare({"person:volodymyr-klitschko": namesake}), "Volodymyr Marchuk") == set()


def test_letters_with_marks() -> None:
    """Words are compared as the gazetteer compares names."""
    found = compare({"place:lodz": {"country": "PL"}})
    assert all(touched(found, text) == {"place:lodz"} for text in ("Łódź", "LODZ", "Ło\u0301dz\u0301", "Ło\u00addź"))


EDITS: list[Edit] = [
    {"place:kyiv": {"variants": ("Kiev", "Kyev")}},
    {"place:kyiv": {"variants": ()}},
    {"place:kyiv": {"keep": {"history": ("Battle of Kiev",)}}},
    {"place:kyiv": {"name": "Kyjiw", "variants": ("Kiev", "Kyiv")}},
    {"place:kyiv": None},
    {"place:odesa": {"homonyms": ()}},
    {"place:odesa": None},
    {"place:turkey": {"name": "Turkiye", "variants": ("Turkey",), "styles": {}}},
    {"place:ukraine": {"adjectives": ()}},
    {"place:ukraine": {"name": "Ukraina", "aliases": ("Ukraine",)}},
    {"place:lodz": {"country": "PL"}},
    {"organization:kyiv-post": {"name": "Kyiv Post"}},
    {"person:olena-zelenska": {"name": "Olena Zelenska", "gender": "f"}},
    {"person:boris-zelensky": {"name": "Boris Zelensky"}},
    {"person:vladimir-petrov": {"name": "Wladimir Petrow"}},
    {"person:volodymyr-zelenskyy": {"given_variants": ()}},
    {"person:volodymyr-zelenskyy": {"surname_variants": ("Zelensky",)}},
    {"person:volodymyr-zelenskyy": {"distinctive": False}},
    {"person:volodymyr-zelenskyy": {"gender": "f", "role": "president"}},
    {"person:volodymyr-zelenskyy": None},
    {"weapon:9m729": {"name": "SSC-8", "variants": ("9M729",)}},
]


@pytest.mark.parametrize("style", ["ap", "un"])
@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_what_no_edit_touches_comes_out_the_same(edit: Edit, style: Style) -> None:
    """Whatever an edit changes in the result of a text, that text is touched; so it is the other way round."""
    found = compare(edit, style)
    before, after = results(entries()), results(edited(edit), style)
    changed = {text for text in TEXTS if before[text] != after[text]}
    assert changed <= {text for text in TEXTS if found.everything or touched(found, text)}


def test_the_edits_change_something() -> None:
    """The test above is not empty: of the edits, most change a result."""
    before = results(entries())
    assert sum(results(edited(edit)) != before for edit in EDITS) > len(EDITS) * 0.7


def results(found: Mapping[str, Entry], style: Style = "ap") -> dict[str, Dispatch]:
    """What becomes of each text, its provenance aside."""
    verbs = CueVerbs.model_validate({"verbs": {"says": ["say"]}, "irregular": {"say": ["says", "said"]}})
    roles = Roles.model_validate({"titles": ["president", "mayor"], "male": ["Boris"]})
    people = (entry for entry in found.values() if entry.type == "person")
    engine = Engine(compiled(found, style), compile_lexicon(verbs, roles, people), load_model(), "0")
    made: dict[str, Dispatch] = {}
    for text in TEXTS:
        payload = Payload(source="desk", uri="a.txt", format="text", data=text.encode(), original="0" * 64)
        raw = RawDispatch(text_raw=text, encoding="utf-8", feed_id="a")
        dispatch = process(payload, raw, engine, now=dt.datetime(2024, 5, 1, tzinfo=dt.UTC))
        assert isinstance(dispatch, Dispatch)
        made[text] = dispatch.model_copy(update={"provenance": None})
    return made
