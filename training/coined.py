"""Invented names to put in the place of others: rare ones are what a model of few corpora misses."""

import random

_SYLLABLES = """
al an ar as ba bek ber bo bu chi da dan del dro du en er fa far ga go gra ha han hol i in ji ka kor kra la le len li lo
lu ma mar mo mu na nar no nya o or pa pen per pol qa ra ri ro sa shi sko so sta ta tan tem ti tor tra u ul va vik vo wa
wen ya yo za ze zha
"""
SYLLABLES = tuple(_SYLLABLES.split())
FIRMS = ("AG", "GmbH", "Ltd", "Inc", "SA", "Plc", "LLC", "Corp.", "NV", "Group", "Holdings", "Bank", "Partners")
BODIES = (
    "Port Authority", "Chamber of Commerce", "University", "Hospital", "Teachers Union", "Fire Department", "Observer",
    "Medical Center", "City Council", "Water Board", "Steel Works", "Farmers Association", "Police Department",
    "Regional Court", "Institute of Technology", "Herald", "Bar Association", "Airport Authority", "Transit Agency",
)  # fmt: skip
COINED = 600  # of each kind


def coin(pool: dict[str, list[list[str]]], random_: random.Random) -> None:
    """Add invented names to those of a pool, in words, by type.

    Acronyms (PENGASSAN), firms (Lindqvist & Barry AG), foreign words (Novaya Liniya), bodies of a place (Tema Port
    Authority), and people of one's first and another's last name.
    """
    people = [name for name in pool["person"] if len(name) == 2 and name[1][:1].isupper()]
    places = [name for name in pool["place"] if len(name) == 1 and name[0][:1].isupper()]
    for _ in range(COINED):
        one, other, place = random_.choice(people), random_.choice(people), random_.choice(places)
        ending = random_.choice(FIRMS)
        letters = "".join(random_.choice(SYLLABLES) for _ in range(random_.randint(1, 3))).upper()
        pool["organization"] += [
            [letters[: random_.randint(3, 9)]],
            random_.choice([[one[1], "&", other[1], ending], [one[1], ending], [one[1], one[0], ending]]),
            [_word(random_) for _ in range(random_.randint(1, 2))],
            [*place, *random_.choice(BODIES).split()],
        ]
        pool["person"] += [[one[0], other[1]], [other[0], _word(random_)]]
        pool["place"].append([_word(random_)])


def _word(random_: random.Random) -> str:
    return "".join(random_.choice(SYLLABLES) for _ in range(random_.randint(2, 3))).capitalize()
