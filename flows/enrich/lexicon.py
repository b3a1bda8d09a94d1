"""The words that enriching goes by, compiled from `config/cue_verbs.yml` and `config/roles.yml`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from schemas.config import CueVerbs, Roles
from schemas.gazetteer import Entry

Needs = Literal["nothing", "clause", "quotation"]
Gender = Literal["f", "m"]
_VOWEL_CONSONANT = re.compile(r"[^aeiou][aeiou][bdgklmnprt]$")
# One-syllable verbs and those stressed on the last syllable double their consonant; of our verbs, these do not.
_NO_DOUBLING = re.compile(r"(?:[^aeiou]er|en|on|el|it|et|al|or|ep|in|ar|ok|um|op)$")


@dataclass(frozen=True)
class Lexicon:
    """Cue verbs and roles, ready for look-up."""

    cues: dict[str, Needs]  # form in lower case -> what it needs in order to report
    cue_pattern: re.Pattern[str]  # finds the forms, longest first
    phrase_pattern: re.Pattern[str]  # finds `according to`
    label_pattern: re.Pattern[str]  # finds, before the colon of a line, a label that is no speaker's
    with_listener: frozenset[str]  # forms of verbs that name who is told: told, warned
    quoting: frozenset[str]  # forms of verbs whose object speaks: quoted (the minister as saying)
    hearing: frozenset[str]  # forms of verbs whose subject listens: learned (from the lawyer that)
    idiom_pattern: re.Pattern[str]  # finds `claimed responsibility`
    withheld: frozenset[str]  # verbs of what somebody would not do: say, comment
    withheld_pattern: re.Pattern[str]  # finds `declined to say`
    title_pattern: re.Pattern[str]  # finds titles and courtesy titles at the end of a text, in any case
    titles: frozenset[str]
    abbreviations: dict[str, str]
    courtesy: dict[str, Gender | None]
    bodies: frozenset[str]
    genders: dict[str, Gender | None]  # given name -> gender; None: of both, or unknown
    gendered: tuple[
        tuple[frozenset[str], tuple[str, ...], Gender], ...
    ]  # nouns, endings of nouns, the gender they tell
    modifiers: frozenset[str]  # what goes with a title: former, acting
    kin: frozenset[str]  # nouns beside a name that are no office: wife, victim
    nouns: frozenset[str]  # nouns that name a person: the last words of the titles, man, witness
    heads: frozenset[str]  # nouns that head the description of a person: secretary, not state
    also: dict[str, tuple[str, ...]]  # noun for a person -> nouns of titles that it also stands for
    generic: dict[str, frozenset[str]]  # noun -> what an organization that it stands for has in its name; {} for any
    kinds: dict[str, frozenset[str]]  # noun for an organization -> kinds of the gazetteer
    behind_names: frozenset[str]  # what an organization is, right behind its name: news agency
    institution_pattern: re.Pattern[str]  # finds a state body behind the name of its country or people
    no_names: frozenset[str]  # capitalized words that are no names: Western, Sunday
    languages: frozenset[str]  # Urdu, Spanish
    before_languages: frozenset[str]  # words before a language: in, speaks
    ships: frozenset[str]  # nouns before the name of a civilian ship: cargo ship
    warships: frozenset[str]  # and of a naval one: frigate
    places: frozenset[str]  # nouns that stand for a place: country, island
    public_bodies: frozenset[str]  # words in the names of what is no company: Navy, Senate
    public_nouns: frozenset[str]  # nouns for organizations that are no company: regulator
    telling: frozenset[str]  # words of an office that are never left out: prime, vice
    documents: frozenset[str]  # what an institution says in writing: poll, report
    making: frozenset[str]  # participles that tell whose a document is: released, conducted

    def gender_of(self, noun: str) -> Gender | None:
        """Return the gender that a noun in lower case tells: chairwoman, brother; a spokesperson tells none."""
        for nouns, endings, gender in self.gendered:
            if noun in nouns or noun.endswith(endings):
                return gender
        return None


def compile_lexicon(cue_verbs: CueVerbs, roles: Roles, people: Iterable[Entry] = ()) -> Lexicon:
    """Return the compiled lexicon.

    Args:
        people: entries whose given names tell a person, and a gender where all bearers share one.
    """
    cues: dict[str, Needs] = {}
    quotation, clause = set(cue_verbs.with_quotation_only), set(cue_verbs.with_clause_only)
    plain = [verb for verbs in cue_verbs.verbs.values() for verb in verbs]
    for verb in (*cue_verbs.with_quotation_only, *plain):  # a verb in both lists reports without quotation marks too
        needs: Needs = "quotation" if verb in quotation and verb not in plain else "nothing"
        if verb in clause:
            needs = "clause"
        for form in _forms(verb, cue_verbs):
            cues[form] = needs
    titles = sorted({*roles.titles, *(name.lower() for name in roles.abbreviations)}, key=len, reverse=True)
    courtesy: dict[str, Gender | None] = {k: None if v == "-" else v for k, v in roles.courtesy.items()}
    genders: dict[str, Gender | None] = dict(_genders(people))
    genders.update(dict.fromkeys(roles.female, "f"))
    genders.update(dict.fromkeys(roles.male, "m"))
    alternatives = "|".join(re.escape(title) for title in titles) or "(?!)"
    polite = "|".join(re.escape(title) for title in sorted(courtesy, key=len, reverse=True)) or "(?!)"
    return Lexicon(
        cues=cues,
        cue_pattern=_words(cues),
        phrase_pattern=_words(cue_verbs.phrases),
        label_pattern=re.compile(rf"(?:{'|'.join(map(re.escape, cue_verbs.labels)) or '(?!)'})\b"),
        with_listener=frozenset(form for verb in cue_verbs.with_listener for form in _forms(verb, cue_verbs)),
        quoting=frozenset(form for verb in cue_verbs.quoting for form in _forms(verb, cue_verbs)),
        hearing=frozenset(form for verb in cue_verbs.hearing for form in _forms(verb, cue_verbs)),
        idiom_pattern=_words(
            tuple(
                f"{form} {article}{noun}"
                for verb, nouns in cue_verbs.idioms.items()
                for form in _forms(verb, cue_verbs)
                for noun in nouns
                for article in ("", "full ", "sole ")
            )
        ),
        withheld=frozenset(cue_verbs.withheld),
        withheld_pattern=re.compile(
            rf"(?:declin|refus)\w+\s+to\s+(?:{'|'.join(map(re.escape, cue_verbs.withheld)) or '(?!)'})\b"
        ),
        title_pattern=re.compile(rf"(?<!\w)(?:(?P<title>(?i:{alternatives}))|(?P<courtesy>{polite}))[ \u00a0]$"),
        titles=frozenset(titles),
        abbreviations={key.lower(): value for key, value in roles.abbreviations.items()},
        courtesy=courtesy,
        bodies=frozenset(roles.bodies),
        genders=genders,
        gendered=(_gendered(roles.female_nouns, "f"), _gendered(roles.male_nouns, "m")),
        modifiers=frozenset(roles.modifiers),
        kin=frozenset(roles.kin),
        nouns=frozenset([*(title.split()[-1] for title in titles), *roles.people, *roles.kin]),
        heads=frozenset([*(title.partition(" of ")[0].split()[-1] for title in titles), *roles.people, *roles.kin]),
        also=dict(roles.also),
        generic={noun: frozenset(words) for noun, words in roles.generic.items()},
        kinds={noun: frozenset(kinds) for noun, kinds in roles.kinds.items()},
        behind_names=frozenset(roles.behind_names),
        institution_pattern=_institutions(roles.institutions),
        no_names=frozenset(roles.no_names),
        languages=frozenset(roles.languages),
        before_languages=frozenset(roles.before_languages),
        ships=frozenset(roles.ships),
        warships=frozenset(roles.warships),
        places=frozenset(roles.places),
        public_bodies=frozenset(roles.public_bodies),
        public_nouns=frozenset(roles.public_nouns),
        telling=frozenset(roles.telling),
        documents=frozenset(roles.documents),
        making=frozenset(roles.making),
    )


def _gendered(words: Iterable[str], gender: Gender) -> tuple[frozenset[str], tuple[str, ...], Gender]:
    words = tuple(words)
    endings = tuple(word.removeprefix("-") for word in words if word.startswith("-"))
    return frozenset(word for word in words if not word.startswith("-")), endings, gender


def _genders(people: Iterable[Entry]) -> Iterator[tuple[str, Gender | None]]:
    bearers: dict[str, set[Gender | None]] = {}
    for entry in people:
        given, _, rest = entry.name.partition(" ")
        if rest and not (entry.surname and entry.name.startswith(entry.surname)) and len(given) > 2:
            bearers.setdefault(given, set()).add(entry.gender)
    for given, genders in bearers.items():
        yield given, genders.pop() if len(genders) == 1 else None


def _institutions(bodies: Iterable[str]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(body) for body in sorted(bodies, key=len, reverse=True)) or "(?!)"
    return re.compile(rf"(?P<possessive>['’]s?)? (?P<body>{alternatives})\b(?!-)", re.IGNORECASE)


def _words(words: dict[str, Needs] | tuple[str, ...]) -> re.Pattern[str]:
    forms = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w’'-])(?:{forms})(?![\w-])" if forms else r"(?!)", re.IGNORECASE)


def _forms(verb: str, cue_verbs: CueVerbs) -> tuple[str, ...]:
    return verb, *cue_verbs.irregular.get(verb, _regular(verb))


def _regular(verb: str) -> Iterator[str]:
    """Yield the regular forms of a verb; of a verb with a particle (point out) the verb is inflected."""
    head, _, particle = verb.partition(" ")
    tail = f" {particle}" if particle else ""
    if head.endswith("e"):
        stem, double = head[:-1], ""
        yield from (f"{head}s{tail}", f"{stem}ed{tail}", f"{stem}ing{tail}")
    elif head.endswith("y") and head[-2] not in "aeiou":
        yield from (f"{head[:-1]}ies{tail}", f"{head[:-1]}ied{tail}", f"{head}ing{tail}")
    else:
        plural = "es" if head.endswith(("s", "sh", "ch", "x")) else "s"
        double = head[-1] if _VOWEL_CONSONANT.search(head) and not _NO_DOUBLING.search(head) else ""
        yield from (f"{head}{plural}{tail}", f"{head}{double}ed{tail}", f"{head}{double}ing{tail}")
