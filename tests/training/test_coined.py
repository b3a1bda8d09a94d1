"""Invented names for training."""

import random

from training.coined import COINED, coin


def test_names_of_each_type_are_added() -> None:
    """As many as are said, in words of which none is empty, and the same for the same seed."""
    made = []
    for _ in range(2):
        pool = {"person": [["Ann", "Lee"], ["Bo", "Ek"]], "place": [["Tema"], ["Osh"]], "organization": [["Norpress"]]}
        coin(pool, random.Random(1))
        made.append(pool)
    assert made[0] == made[1]
    assert {type: len(names) for type, names in made[0].items()} == {
        "person": 2 + 2 * COINED, "place": 2 + COINED, "organization": 1 + 4 * COINED,
    }  # fmt: skip
    assert all(word and not word.isspace() for names in made[0].values() for name in names for word in name)
