"""What a word is, and when a text matches."""

import pytest

from flows.store.words import fold, matches, name_tokens, parse_query, unaccented, words

FOLDED = [
    ("KYIV", "kyiv"),
    ("Zürich", "zurich"),
    ("Zu\u0308rich", "zurich"),  # the accent as a character of its own
    ("İstanbul", "istanbul"),
    ("Łódź", "łodz"),  # ł is a letter, not an l with a mark
    ("Єрусалим", "єрусалим"),
    ("한국", "한국"),
    ("naïve “quotes”", "naive “quotes”"),
]


@pytest.mark.parametrize(("text", "expected"), FOLDED)
def test_folding_drops_case_and_marks(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_words_are_letters_and_digits() -> None:
    assert words("Ukraine's F-16s, e.g. A_B!") == ["ukraine", "s", "f", "16s", "e", "g", "a", "b"]


def test_name_tokens_have_a_capital() -> None:
    assert name_tokens("The mayor of Zu\u0308rich met O'Neill in KIEV; Ki\u00adev, iPhone, 24TV, Łódź") == [
        "24tv",
        "iphone",
        "kiev",
        "lodz",
        "neill",
        "o",
        "the",
        "zurich",
    ]


def test_unaccented_words_are_those_that_folding_changes() -> None:
    assert unaccented("Zürich’s café", None, "CAFÉ in Kyiv") == ["cafe", "zurich"]


QUERIES = [
    ("Kyiv talks", [("kyiv",), ("talks",)]),
    ('"peace talks" U.S.', [("peace", "talks"), ("u", "s")]),
    ("“peace talks", [("peace",), ("talks",)]),
    ("!? “”", []),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_a_query_is_a_list_of_phrases(query: str, expected: list[tuple[str, ...]]) -> None:
    assert parse_query(query) == expected


def test_a_phrase_does_not_run_from_one_text_into_the_next() -> None:
    assert matches(["peace", "talks"], [("peace",), ("talks",)])
    assert not matches(["peace", None, "talks"], [("peace", "talks")])
