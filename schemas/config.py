"""The shapes of `config/sources.yml`, `config/cue_verbs.yml` and `config/roles.yml`."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from schemas.base import Model

SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Format = Literal[
    "auto", "text", "jsonl", "iptc7901", "anpa", "nitf", "newsml1", "newsmlg2", "ninjs", "feed", "html", "mail", "table"
]
FieldName = Literal[
    "text", "headline", "id", "byline", "slugline", "language", "urgency", "subjects", "ed_note", "rights", "version",
    "published_at", "first_created", "embargoed_until", "status", "signal",
]  # fmt: skip
CueForm = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Source(Model):
    """A configured feed of dispatches."""

    paths: tuple[str, ...] = Field(
        min_length=1,
        description="Files, folders, globs, or URLs (http, https, s3, gs, sftp); relative paths from the project. "
        "`${NAME}` stands for a value of the environment, of which nothing is recorded.",
    )
    format: Format = Field("auto", description="The reader, or `auto`: told by the content.")
    encoding: str | None = Field(None, description="Tried after strict UTF-8; cp1252 is the last resort.")
    fields: dict[FieldName, str] = Field(
        {}, description="Of JSON lines and tables: field -> its key (`meta.title` for one in an object) or column."
    )
    cron: str | None = Field(None, description="Schedule as a cron line; for `dispatches serve`.")
    every_seconds: float | None = Field(None, gt=0, description="Schedule as an interval, instead of `cron`.")
    timezone: str = Field("UTC", description="Time zone of `cron`.")
    settle_seconds: float = Field(
        0, ge=0, description="A file changed within so many seconds is left for a later run: it may still be written."
    )
    when_stored: Literal["leave", "move", "delete"] = Field(
        "leave", description="What becomes of a file when all that was in it is stored, dispatches and rejections."
    )
    done: str | None = Field(None, description="The folder to which `when_stored: move` moves files.")

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                "".encode(value)
            except LookupError:
                raise ValueError(f"unknown encoding {value!r}; use a Python codec name such as cp1252") from None
        return value

    @model_validator(mode="after")
    def _inbox(self) -> Self:
        if (self.when_stored == "move") != (self.done is not None):
            raise ValueError("`when_stored: move` and `done`, the folder to move to, go together")
        if self.when_stored != "leave" and any(path.lower().startswith(("http:", "https:")) for path in self.paths):
            raise ValueError(f"`when_stored: {self.when_stored}` cannot be done over http")
        if self.done and {_system(path) for path in self.paths} != {_system(self.done)}:
            raise ValueError("`done` must lie where `paths` do: both local, or on the same server")
        return self


def _system(path: str) -> str:
    """Return what two paths have in common on one file system: `s3:`, `sftp://host`; nothing for local ones."""
    kind, colon, rest = path.partition("://")
    if not colon or kind.lower() == "file":
        return ""
    return f"sftp://{rest.partition('/')[0]}" if kind.lower() == "sftp" else f"{kind.lower()}:"


class Sources(Model):
    """`config/sources.yml`."""

    sources: dict[SourceName, Source] = Field(description="Name of the source -> where and how it is read.")


class CueVerbs(Model):
    """`config/cue_verbs.yml`: the words that report speech."""

    verbs: dict[str, tuple[CueForm, ...]] = Field(description="Class (says, writes, ...) -> base forms of verbs.")
    irregular: dict[str, tuple[CueForm, ...]] = Field(
        {}, description="Base form -> its forms, where they are irregular."
    )
    phrases: tuple[CueForm, ...] = Field((), description="Phrases that introduce a speaker: `according to`.")
    with_quotation_only: tuple[CueForm, ...] = Field((), description="Verbs that report only beside quotation marks.")
    with_clause_only: tuple[CueForm, ...] = Field((), description="Verbs that report only a clause or a quotation.")
    with_listener: tuple[CueForm, ...] = Field((), description="Verbs whose object is told, not reported: tell, warn.")
    withheld: tuple[CueForm, ...] = Field((), description="Verbs of what somebody would not do: declined to say why.")
    quoting: tuple[CueForm, ...] = Field((), description="Verbs whose object speaks: quoted the minister as saying.")
    hearing: tuple[CueForm, ...] = Field((), description="Verbs whose subject listens: learned from the lawyer that.")
    idioms: dict[CueForm, tuple[CueForm, ...]] = Field(
        {}, description="Verb -> objects beside which it reports nothing: `claim: [responsibility]`."
    )
    labels: tuple[CueForm, ...] = Field((), description="Words that begin a line before a colon and name no speaker.")


class Roles(Model):
    """`config/roles.yml`: the words for offices and functions that stand before or behind a name."""

    titles: tuple[CueForm, ...] = Field(description="Titles before a name, in lower case: `foreign minister`.")
    abbreviations: dict[str, CueForm] = Field({}, description="Abbreviated title -> the title: `Sen.`: senator.")
    courtesy: dict[str, Literal["f", "m", "-"]] = Field({}, description="Courtesy title -> gender: `Mr.`: m.")
    bodies: tuple[CueForm, ...] = Field((), description="Nouns that head the name of an organization: `Ministry`.")
    modifiers: tuple[CueForm, ...] = Field((), description="Words that go with a title: `former`, `acting`.")
    kin: tuple[CueForm, ...] = Field((), description="Nouns beside a name that are no office: `wife`, `victim`.")
    people: tuple[CueForm, ...] = Field((), description="Other nouns that name a person: `witness`.")
    also: dict[str, tuple[CueForm, ...]] = Field(
        {}, description="Noun for a person -> nouns of titles that it also stands for: `judge: [justice]`."
    )
    generic: dict[str, tuple[CueForm, ...]] = Field(
        {}, description="Noun that stands for an organization -> words in its name; none: any. `bank: [Bank]`."
    )
    kinds: dict[str, tuple[CueForm, ...]] = Field(
        {}, description="Noun for an organization -> kinds in the gazetteer: `party: [party]`."
    )
    behind_names: tuple[CueForm, ...] = Field(
        (), description="What an organization is, right behind its name: `news agency`."
    )
    institutions: tuple[CueForm, ...] = Field(
        (), description="State bodies, in lower case, that have a country: `defense ministry`."
    )
    no_names: tuple[CueForm, ...] = Field(
        (), description="Capitalized words that are neither peoples nor events: `Western`, `Sunday`."
    )
    languages: tuple[CueForm, ...] = Field((), description="Languages, which are no peoples: `Urdu`.")
    before_languages: tuple[CueForm, ...] = Field((), description="Words before a language: `in`, `speaks`.")
    ships: tuple[CueForm, ...] = Field((), description="Nouns before the name of a civilian ship: `ferry`.")
    warships: tuple[CueForm, ...] = Field((), description="Nouns before the name of a naval ship: `frigate`.")
    places: tuple[CueForm, ...] = Field((), description="Nouns that stand for a place: `island`.")
    public_bodies: tuple[CueForm, ...] = Field((), description="Words in names of what is no company: `Navy`.")
    public_nouns: tuple[CueForm, ...] = Field((), description="Nouns for what is no company: `regulator`.")
    telling: tuple[CueForm, ...] = Field((), description="Words of an office never left out: `prime`.")
    documents: tuple[CueForm, ...] = Field((), description="What an institution says in writing: `poll`, `report`.")
    making: tuple[CueForm, ...] = Field((), description="Participles that tell whose a document is: `released`.")
    female_nouns: tuple[CueForm, ...] = Field((), description="Nouns for women; `-woman` stands for an ending.")
    male_nouns: tuple[CueForm, ...] = Field((), description="Nouns for men; `-man` stands for an ending.")
    female: tuple[CueForm, ...] = Field((), description="Given names of women.")
    male: tuple[CueForm, ...] = Field((), description="Given names of men.")
