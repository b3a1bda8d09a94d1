"""Unknown spellings that are close to known ones."""

import pytest

from flows.gazetteer import Gazetteer
from flows.gazetteer.load import compile_entries
from flows.gazetteer.suggest import Suggestion, suggest
from schemas.gazetteer import Contexts, Entry


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """A few names."""
    return compile_entries(
        [
            Entry(id="place:ukraine", name="Ukraine", type="place", adjectives=("Ukrainian",), people=("Ukrainians",)),
            Entry(id="place:zaporizhzhia", name="Zaporizhzhia", type="place", variants=("Zaporozhye",)),
            Entry(id="place:ganja", name="Ganja", type="place"),
            Entry(id="place:kyiv", name="Kyiv", type="place", variants=("Kiev",)),
            Entry(id="person:alexander-lukashenko", name="Alexander Lukashenko", type="person", distinctive=True),
            Entry(id="person:boris-johnson", name="Boris Johnson", type="person"),
            Entry(id="person:kim-jong-un", name="Kim Jong Un", type="person", surname="Kim"),
        ],
        Contexts(given_names=("Gary", "Zaporizhio")),
    )


@pytest.mark.parametrize(
    ("text", "raw", "name"),
    [
        ("Fighting near Zaporizhzia.", "Zaporizhzia", "Zaporizhzhia"),  # a letter is missing
        ("Zapoirzhzhia's plant", "Zapoirzhzhia", "Zaporizhzhia"),  # two have changed places; a possessive
        ("in Zaporozhje", "Zaporozhje", "Zaporizhzhia"),  # close to a variant: its canonical name is meant
        ("Ukranian troops", "Ukranian", "Ukrainian"),  # an adjective
        ("President Lukashenkо said", "Lukashenkо", "Lukashenko"),  # a Cyrillic letter
        ("in Кiev on Monday", "Кiev", "Kyiv"),  # a Cyrillic letter in a variant, however short
        ("leader Kim Jung Un said", "Kim Jung Un", "Kim Jong Un"),  # a full name
    ],
)
def test_a_spelling_close_to_a_known_one_is_asked_about(text: str, raw: str, name: str, gazetteer: Gazetteer) -> None:
    """One or two letters amiss, or letters of another alphabet: what may be meant is named."""
    (found,) = suggest(text, gazetteer)
    assert (found.raw, found.name) == (raw, name)
    assert text[found.span[0] : found.span[1]] == raw
    assert 0.8 < found.score <= 1


@pytest.mark.parametrize(
    "text",
    [
        "Zaporozhye and Kiev are known.",
        "zaporizhzia is no name",
        "The Gonja people",  # what is short is close to everything
        "Secretary Johnston said",  # a surname that many bear
        "Zaporizhio Jones",  # a given name
        "Gary Ukranian said",  # a surname behind a given name is no place
        "Ukrainianss marched",  # an ending
        "Ukrainiad is an ukrainiad",  # an ordinary word of this text
        "Владимир said",  # another alphabet throughout
        "",
    ],
)
def test_ordinary_words_are_left_alone(text: str, gazetteer: Gazetteer) -> None:
    """Known names, short words, given names and words that the text has in lower case are not asked about."""
    assert suggest(text, gazetteer) == []


def test_the_longest_close_name_is_asked_about_once(gazetteer: Gazetteer) -> None:
    """Suggestions stand in order and do not overlap."""
    text = "Alexander Lukashenka met Ukranians."
    assert suggest(text, gazetteer) == [
        Suggestion((0, 20), "Alexander Lukashenka", "person:alexander-lukashenko", "Alexander Lukashenko", 0.95),
        Suggestion((25, 34), "Ukranians", "place:ukraine", "Ukrainians", 0.9),
    ]
