"""How well sends of one story are told from other stories: precision and recall, for MinHash and for SimHash.

    python benchmarks/stories.py [FILE.jsonl …]

Pairs that belong together are made from each text: an edit, a correction, a longer and a shorter version, a new lead,
a repetition. Pairs that do not are: forms filled in anew (made here), every two texts of the files, and every two sends
of different stories. The files hold `{"text": …}` a line; without one, the texts made here are used alone.
"""

import datetime as dt
import json
import random
import re
import sys
import time
from collections import Counter
from hashlib import blake2b
from pathlib import Path

import numpy as np

from flows.stories.likeness import shingles, words
from flows.stories.links import Traits, asked_keys, kept_keys, linked, traits_of
from schemas.dispatch import Dispatch, Provenance

NOW = dt.datetime(2024, 3, 5, 12, tzinfo=dt.UTC)
PLACES = ["Lindholm", "Arvika", "Tarsk", "Oldana", "Bremoor", "Kastel", "Veldt", "Marrow", "Sorano", "Plinth", "Udine"]
NAMES = ["Ada Berg", "Jon Reed", "Mira Olt", "Pavel Drun", "Sue Okafor", "Lars Winge", "Ilse Tarn", "Omar Fell"]
FIRMS = ["Acorn Steel", "Borel Foods", "Corvid Air", "Dunmore Gas", "Elster Bank", "Fennel Media", "Gantry Tools"]
FORMS = """
{firm} {quarter}-quarter profit {moves} {n} pct
{place} (Dispatches) -- {firm} said on Tuesday its {quarter}-quarter net profit {moved} {n} percent to {m}.{k} million \
crowns, compared with {j}.{k} million a year earlier.
Revenue {moved} {k} percent to {j} million crowns.
Analysts had on average expected a profit of {i}.{n} million crowns.
Chief Executive {name} said the company stood by its forecast for the year.
The shares were up {k}.{n} percent in early trading. (Reporting by the markets desk)

Weather: {place}
{place} (Dispatches) -- The weather service expects {n} degrees in {place} on Tuesday, with winds of {m} kilometers an \
hour and a {k} percent chance of rain.
The sun sets at {j}:{n}. Drivers are asked to watch for ice on bridges.
The next forecast is issued at noon.

{place} beat {other} {k}-{j}
{place} (Dispatches) -- {place} beat {other} {k}-{j} on Tuesday in the second round of the league, with {name} scoring \
in minute {n}.
{other} had {m} percent of the ball.
The coach of {place} said his team had shown patience.
The league resumes next week. Tickets are sold at all stations.

Earthquake of magnitude {k}.{j} hits near {place}
{place} (Dispatches) -- An earthquake of magnitude {k}.{j} struck {n} kilometers off {place} on Tuesday, \
the survey said.
The quake was at a depth of {m} kilometers.
There were no immediate reports of damage or casualties. No tsunami warning was issued.
""".strip().split("\n\n")
MORE = [
    "“We did not see this coming,” {name} said.", "The ministry did not answer a request for comment.",
    "{name}, who has led the agency since {y}, called the figures provisional.", "Talks resume in {place} next month.",
    "Two earlier attempts, in {y} and a year later, failed.", "Opposition lawmakers asked for an inquiry.",
    "A spokesman for {firm} declined to say how long repairs would take.", "{place} has some {m},000 inhabitants.",
]  # fmt: skip


def make(rng: random.Random, form: str) -> str:
    """Fill in a form."""
    place, other = rng.sample(PLACES, 2)
    move = rng.choice([("rises", "rose"), ("falls", "fell")])
    return form.format(
        firm=rng.choice(FIRMS), place=place, other=other, name=rng.choice(NAMES), moves=move[0], moved=move[1],
        quarter=rng.choice(["first", "second"]), n=rng.randint(10, 59), m=rng.randint(20, 99), k=rng.randint(1, 9),
        j=rng.randint(1, 9), i=rng.randint(1, 9), y=rng.randint(1990, 2020),
    )  # fmt: skip


def paragraphs(text: str) -> tuple[str, list[str]]:
    """Return the first line and the others."""
    head, *body = [line for line in text.split("\n") if line.strip()]
    return head, body


def edited(rng: random.Random, text: str) -> str:
    """Change a word in every other paragraph."""
    head, body = paragraphs(text)
    for number in range(0, len(body), 2):
        parts = body[number].split(" ")
        at = rng.randrange(len(parts))
        parts[at] = rng.choice(["reportedly", "late", "again", "some"]) + " " + parts[at]
        body[number] = " ".join(parts)
    return "\n".join([head, *body])


def retitled(rng: random.Random, text: str) -> str:
    """Give an edited text another headline."""
    head, *body = edited(rng, text).split("\n")
    return "\n".join(["In brief: " + " ".join(reversed(head.split())), *body])


def corrected(rng: random.Random, text: str) -> str:
    """Correct a number or a word, under the mark and with the note of a correction."""
    head, body = paragraphs(text)
    at = rng.randrange(len(body))
    body[at] = re.sub(r"\d+", lambda m: str(int(m[0]) + 1), body[at], count=1)
    return "\n".join([f"CORRECTED-{head}", f"(Corrects figure in paragraph {at + 1})", *body])


def extended(rng: random.Random, text: str) -> str:
    """Make the text half as long again, under the mark of an update."""
    head, body = paragraphs(text)
    more = [make(rng, line) for line in rng.choices(MORE, k=max(2, len(body) // 2))]
    return "\n".join([f"UPDATE 1-{head}", *body, *more])


def unmarked(rng: random.Random, text: str) -> str:
    """Make it longer without a mark, under another headline."""
    head, *body = extended(rng, text).split("\n")
    return "\n".join(["More on " + head.removeprefix("UPDATE 1-").lower(), *body])


def truncated(_rng: random.Random, text: str) -> str:
    """Cut behind the first paragraphs."""
    head, body = paragraphs(text)
    return "\n".join([head, *body[: max(2, len(body) // 2)]])


def new_lead(rng: random.Random, text: str) -> str:
    """Write a new beginning, under a mark and a changed headline."""
    head, body = paragraphs(text)
    lead = make(rng, "{place} (Dispatches) -- Officials in {place} gave new details on Tuesday, {name} said.")
    return "\n".join([f"UPDATE 2-{head}", lead, *body[1:]])


def repeated(_rng: random.Random, text: str) -> str:
    """Send it again, with other quotation marks and a note."""
    head, body = paragraphs(text)
    return "\n".join([f"RPT-{head}", "(Repeats for wider distribution)", *(re.sub("[“”]", '"', line) for line in body)])


CHANGES = [edited, retitled, corrected, extended, unmarked, truncated, new_lead, repeated]


def traits(text: str, number: int) -> Traits:
    """Return the traits of a text whose first line is its headline."""
    head = text.partition("\n")[0]
    provenance = Provenance(
        original="0", uri="x", reader="text", encoding="utf-8", pipeline_version="0", schema_version=1,
        gazetteer_version="0", model_version="0",
    )  # fmt: skip
    note = re.search(r"^\((?:Corrects|Repeats).*\)$", text, re.MULTILINE)
    return traits_of(
        Dispatch(
            id=f"b:{number}@0", source="b", story_id=f"b:{number}", content_hash="0", headline=head, received_at=NOW,
            ed_note=note[0] if note else None, text_raw=text, text=text, provenance=provenance,
        ),
        NOW,
    )  # fmt: skip


def simhash(text: str) -> int:
    """Return the 64-bit SimHash of a text's shingles, to compare with."""
    parts = shingles(words(text.partition("\n")[2])) or {""}
    hashes = np.frombuffer(b"".join(blake2b(part.encode(), digest_size=8).digest() for part in parts), np.uint8)
    ones = np.unpackbits(hashes.reshape(-1, 8), axis=1).sum(axis=0, dtype=int)
    return int.from_bytes(np.packbits(ones * 2 > len(parts)).tobytes())


def found(one: Traits, other: Traits) -> bool:
    """Tell whether the store would compare two revisions: one has a key that the other asks for."""
    return not set(kept_keys(one)).isdisjoint(asked_keys(other))


def measure(name: str, sends: list[tuple[int, str]]) -> None:
    """Print how many pairs of different stories are joined. A send is the number of its story, and its text."""
    made = [traits(text, number) for number, (_, text) in enumerate(sends)]
    holders: dict[str, list[int]] = {}
    for number, send in enumerate(made):
        for key in kept_keys(send):
            holders.setdefault(key, []).append(number)
    wrong = compared = joined = 0
    for i, send in enumerate(made):
        wrong += sum(sends[i][0] != sends[j][0] for j in range(i))
        for j in {j for key in asked_keys(send) for j in holders.get(key, ()) if j < i and sends[i][0] != sends[j][0]}:
            compared += 1
            if linked(send, made[j]):
                joined += 1
                if joined <= 3:
                    print("   ", sends[i][1][:60].replace("\n", " / "), "||", sends[j][1][:60].replace("\n", " / "))
    hashes = [simhash(text) for _, text in sends[:400]]
    pairs = ((i, j) for i in range(len(hashes)) for j in range(i) if sends[i][0] != sends[j][0])
    near = sum((hashes[i] ^ hashes[j]).bit_count() <= 10 for i, j in pairs)
    print(f"{name:<30}{wrong:>10,} pairs {compared:>7,} compared {joined:>5} joined; SimHash, first 400 sends: {near}")


def main() -> None:
    """Measure, and print tables."""
    rng = random.Random(1)
    texts = [json.loads(line)["text"] for path in sys.argv[1:] for line in Path(path).read_text("utf-8").splitlines()]
    forms = [make(rng, form) for form in FORMS for _ in range(40)]
    for name, among in (("texts of the files", texts), ("forms", list(dict.fromkeys(forms)))):
        if not among:
            continue
        hits, total, near = Counter[str](), Counter[str](), Counter[str]()
        for number, text in enumerate(among):
            first, bits = traits(text, 0), simhash(text)
            for change in CHANGES:
                other = change(rng, text)
                second = traits(other, number + 1)
                total[change.__name__] += 1
                hits[change.__name__] += found(first, second) and linked(first, second)
                near[change.__name__] += (bits ^ simhash(other)).bit_count() <= 10
        print(f"\nsends of one story, joined: {name}")
        for kind, number in total.items():
            joined, by_simhash = hits[kind] / number, near[kind] / number
            print(f"  {kind:<14}{number:>6}  MinHash and marks {joined:7.1%}  SimHash {by_simhash:7.1%}")
    print("\ndifferent stories, joined")
    distinct = list(dict.fromkeys(forms))
    measure("texts of the files", list(enumerate(texts)))
    measure("forms filled in anew", list(enumerate(distinct)))
    some = texts[::4] or distinct[::4]
    measure("sends of different stories", [(i, change(rng, t)) for i, t in enumerate(some) for change in CHANGES])
    started = time.perf_counter()
    for number, text in enumerate(texts or distinct):
        traits(text, number)
    print(f"\n{(time.perf_counter() - started) / len(texts or distinct) * 1e3:.2f} ms a text for its traits")


if __name__ == "__main__":
    main()
