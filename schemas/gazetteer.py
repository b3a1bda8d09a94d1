"""The shape of `config/gazetteer/*.yml`: what an editor writes to say how a name is spelled here.

Three kinds of spelling stand in an entry, and they are treated differently:

* `variants` and `former` are *rewritten* to the canonical name (Kiev -> Kyiv; Bombay -> Mumbai);
* `aliases`, `adjectives` and `people` are *recognised* as the entity but never rewritten (UK, British, Britons);
* phrases under `keep` are left as they stand, for the reason that is their key (dish: chicken Kiev).
"""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from schemas.base import Model
from schemas.dispatch import EntityType

Style = Literal["ap", "un"]
Form = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
EntryId = Annotated[str, StringConstraints(pattern=r"^(place|person|organization|weapon|group|event|work):[a-z0-9-]+$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
KeepReason = Literal["dish", "history", "title", "ship", "institution", "person", "homonym", "name", "phrase"]


class FormerName(Model):
    """A name that a place bore until it was renamed. Rewritten, except where the sentence is plainly historic."""

    name: Form = Field(description="The former name, as the wires wrote it.")
    since: int | None = Field(None, description="First year of this name, where it matters.")
    until: int = Field(description="The year in which this name ceased to be the official one.")


class Homonym(Model):
    """Another bearer of the same name, and the words that betray that it is meant."""

    name: Form = Field(description="The other bearer, for the reader of the file: `Odessa, Texas`.")
    country: CountryCode | None = Field(None, description="Its country, ISO 3166-1 alpha-2.")
    evidence: tuple[Form, ...] = Field((), description="Words in a dispatch that speak for this bearer.")


class Entry(Model):
    """One canonical name with its variants and the contexts in which a variant stays."""

    id: EntryId = Field(description="Stable identifier, never reused: `place:kyiv`.")
    name: Form = Field(description="The canonical spelling, unless `styles` has another for the house style in force.")
    type: EntityType = Field(description="Entity type.")
    kind: str | None = Field(None, description="Finer kind, free: country, city, region, party, army, missile, ...")
    country: CountryCode | None = Field(None, description="Country, ISO 3166-1 alpha-2.")
    styles: dict[Style, Form] = Field(
        {}, description="Canonical spelling of a house style, where it differs from name."
    )
    variants: tuple[Form, ...] = Field((), description="Other spellings; rewritten to the canonical name.")
    former: tuple[FormerName, ...] = Field((), description="Former names; rewritten unless the sentence is historic.")
    aliases: tuple[Form, ...] = Field((), description="Other names; recognised, never rewritten.")
    adjectives: tuple[Form, ...] = Field((), description="Adjectives; recognised, never rewritten: `Ukrainian`.")
    people: tuple[Form, ...] = Field((), description="Names of its people; recognised, never rewritten: `Ukrainians`.")
    derived: dict[Form, tuple[Form, ...]] = Field({}, description="Derived word -> its variants: `Kyivan: [Kievan]`.")
    role: str | None = Field(None, description="Persons: best known office or work, in the wire's words.")
    gender: Literal["f", "m"] | None = Field(None, description="Persons: for the reading of `he` and `she`.")
    surname: Form | None = Field(None, description="Persons: canonical surname; the last word of `name` unless given.")
    surname_variants: tuple[Form, ...] = Field((), description="Persons: other spellings of the surname; rewritten.")
    given_variants: tuple[Form, ...] = Field((), description="Persons: other spellings of the given name; rewritten.")
    distinctive: bool = Field(False, description="Persons: the bare surname means this person, with no full name near.")
    keep: dict[KeepReason, tuple[Form, ...]] = Field({}, description="Reason -> phrases in which a variant stays.")
    evidence: tuple[Form, ...] = Field((), description="Words that speak for this entry against its homonyms.")
    homonyms: tuple[Homonym, ...] = Field(
        (), description="Other bearers; with any, a variant needs evidence to change."
    )
    since: dt.date | None = Field(None, description="Since when the canonical name is official, where it matters.")
    until: dt.date | None = Field(None, description="Until when the entity existed or held, where it matters.")
    authority: str | None = Field(None, description="The style authority followed, where one was needed.")
    note: str | None = Field(None, description="For the next editor.")

    @model_validator(mode="after")
    def _type_is_in_id(self) -> "Entry":
        if not self.id.startswith(f"{self.type}:"):
            raise ValueError(f"the id {self.id!r} must begin with its type, {self.type!r}")
        return self

    @model_validator(mode="after")
    def _person_fields(self) -> "Entry":
        only_persons = ("role", "gender", "surname", "surname_variants", "given_variants", "distinctive")
        if self.type != "person" and (stray := [f for f in only_persons if getattr(self, f)]):
            raise ValueError(f"only a person has {', '.join(stray)}")
        return self


class Contexts(Model):
    """`config/gazetteer/contexts.yml`: contexts in which *any* variant stays. Every list is words or phrases."""

    named_before: tuple[Form, ...] = Field((), description="Before a name talked about as a name: `known as`.")
    named_after: tuple[Form, ...] = Field(
        (), description="After a name talked about as a name: `, as it was then known`."
    )
    ship_before: tuple[Form, ...] = Field((), description="Before the name of a ship: `aircraft carrier`.")
    ship_after: tuple[Form, ...] = Field((), description="After the name of a ship: `-class`.")
    title_before: tuple[Form, ...] = Field((), description="Before a quoted title of a work: `the novel`.")
    person_titles: tuple[Form, ...] = Field((), description="Courtesy titles; after them a place name is a surname.")
    given_names: tuple[Form, ...] = Field((), description="Given names; after them a place name is a surname.")
    historic: tuple[Form, ...] = Field((), description="Words that make a sentence plainly historic: `World War II`.")
