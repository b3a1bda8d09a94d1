"""Folding keeps offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.gazetteer.fold import Folded, fold, plain


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("KIEV", "kiev"),
        ("Ki\u00adev", "kiev"),  # a soft hyphen inside
        ("Sana\u2019a", "sana'a"),  # a curly apostrophe
        ("São Paulo", "sao paulo"),
        ("Sa\u0303o", "sao"),  # a combining tilde
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("Nur\u2011Sultan", "nur-sultan"),  # a non-breaking hyphen
        ("Nur\u00a0Sultan", "nur sultan"),
        ("Nur\r\nSultan", "nur sultan"),
    ],
)
def test_spellings_of_one_name_fold_alike(printed: str, folded: str) -> None:
    """Case, diacritics, apostrophes, hyphens, spaces and invisible characters make no difference."""
    assert fold(printed) == folded


@given(st.text())
def test_every_folded_character_knows_where_it_stood(text: str) -> None:
    """The offsets of a folded text lead back to characters of the original, in order."""
    folded = Folded(text)
    starts = [folded.raw_start(i) for i in range(len(folded.text))]
    assert starts == sorted(set(starts))
    assert all(0 <= start < len(text) for start in starts)
    assert all(folded.raw_end(i + 1) == start + 1 for i, start in enumerate(starts))


@given(st.text())
def test_plain_text_is_as_long_as_the_text(text: str) -> None:
    """Making a text plain replaces characters one by one."""
    assert len(plain(text)) == len(text)
