"""`search`, `quotes`, `entities`: questions to the store, with names accepted under any spelling."""

import heapq
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.text import Text

from flows.cli.desk import Desk, desk
from flows.cli.options import Json, Limit, OnlySource, Since, Skip, Until, moment
from flows.cli.output import counted, documents_as_json, note, print_parts, printable, shown, stdout, table, words_said
from flows.cli.same import same as where_said
from flows.errors import ConfigError

Kind = StrEnum("Kind", ["direct", "mixed", "indirect"])
Type = StrEnum("Type", ["person", "organization", "place", "event", "weapon", "work", "group"])
Document = dict[str, Any]


def search(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORDS", help='All must occur; "a phrase" as it stands.')
    ] = None,
    place: Annotated[str | None, typer.Option("--place", help="About or from this place, under any spelling.")] = None,
    entity: Annotated[str | None, typer.Option("--entity", help="Mentioning this person, body or place.")] = None,
    source: OnlySource = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 20,
    skip: Skip = 0,
    as_json: Json = False,
) -> None:
    """Find dispatches by words, places and entities, the newest first."""
    from flows.store.queries import search_dispatches

    first, last = moment(since, "--since"), moment(until, "--until", whole_day=True)
    with desk() as at:
        queries = at.words(" ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words or ()))
        places, entities = at.ids(place, "--place", type="place"), at.ids(entity, "--entity")
        found = _merged(
            [
                search_dispatches(at.store, query, source=source, since=first, until=last, place_ids=places,
                                  entity_ids=entities, limit=skip + limit)
                for query in queries or (None,)
            ]
        )[skip : skip + limit]  # fmt: skip
    if as_json:
        documents_as_json(found)
        return
    console = stdout()
    for number, document in enumerate(found):
        if number:
            console.print()
        _print_dispatch(document)
    _closing(
        len(found),
        limit,
        "dispatch",
        "dispatches",
        "fewer words, another spelling, or `dispatches runs` to see what was stored",
    )


def quotes(
    speaker: Annotated[
        str | None, typer.Option("--speaker", help="Who said it: a name under any spelling, or an id.")
    ] = None,
    about: Annotated[str | None, typer.Option("--about", help="Whom or what the words mention.")] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="In quotation marks: all, some, or none of it.")] = None,
    words: Annotated[str | None, typer.Option("--words", help="Words that must occur in it.")] = None,
    same: Annotated[
        str | None, typer.Option("--same", metavar="QUOTE", help="Where these words appeared: a quote's id or key.")
    ] = None,
    source: OnlySource = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 20,
    skip: Skip = 0,
    as_json: Json = False,
) -> None:
    """Who said what: quotes by speaker, subject, kind, words and date, the newest first.

    With --same: in which dispatches the words of one quote appeared, and where their wording differs.
    """
    from flows.store.queries import find_quotes

    if same is not None:
        if any(given is not None for given in (speaker, about, kind, words, source, since, until)):
            raise ConfigError("--same goes with --limit, --skip and --json only")
        where_said(same, limit=limit, skip=skip, as_json=as_json)
        return
    first, last = moment(since, "--since"), moment(until, "--until", whole_day=True)
    with desk() as at:
        speakers, subjects, queries = at.ids(speaker, "--speaker"), at.ids(about, "--about"), at.words(words)
        found = _merged(
            [
                find_quotes(at.store, speaker_ids=speakers, about_ids=subjects, kind=kind and kind.value, source=source,
                            since=first, until=last, words=query, limit=skip + limit)
                for query in queries or (None,)
            ]
        )[skip : skip + limit]  # fmt: skip
    if as_json:
        documents_as_json(found)
        return
    console = stdout()
    for number, documents in enumerate(_repeats(found)):
        if number:
            console.print()
        _print_quote(documents)
    _closing(
        len(found),
        limit,
        "quote",
        "quotes",
        "fewer conditions, or `dispatches entities --type person` to see who speaks",
    )


def entities(
    name: Annotated[str | None, typer.Option("--name", help="A part of its name, under any spelling.")] = None,
    type: Annotated[Type | None, typer.Option("--type", help="Only this type.")] = None,
    country: Annotated[str | None, typer.Option("--country", help="Only of this country, under any spelling.")] = None,
    limit: Limit = 50,
    skip: Skip = 0,
    as_json: Json = False,
) -> None:
    """Persons, organizations, places and more that the dispatches mention, those last seen first."""
    from flows.store.queries import find_entities

    with desk() as at:
        kind, land = type and type.value, _country(country, at)
        if name is None:
            found = find_entities(at.store, type=kind, country=land, limit=limit, skip=skip)
        else:
            ids = _ids_like(name, at)
            found = find_entities(at.store, ids=ids, type=kind, country=land, limit=limit, skip=skip)
    if as_json:
        documents_as_json(found)
        return
    rows = [
        (document["name"], document["type"], document["role"], document["country"], document["dispatch_count"],
         document["quote_count"], document["last_seen"], document["_id"])
        for document in found
    ]  # fmt: skip
    if rows:
        columns = ("name~", "type", "role~", "country~", "dispatches", "quotes", "last seen", "id~")
        print_parts([table(columns, rows, right=("dispatches", "quotes"))])
    _closing(len(found), limit, "entity", "entities", "a shorter --name, or another --type")


def _ids_like(name: str, at: Desk) -> list[str]:
    """Return the ids of entities whose name holds these letters, and of those that the gazetteer knows by it."""
    from flows.cli.resolve import entities_named
    from flows.store.queries import find_entities

    meant = entities_named(name, at.store, at.gazetteer)
    if meant.remark:
        note(meant.remark)
    return [*meant.entities, *(document["_id"] for document in find_entities(at.store, name=name))]


def _country(typed: str | None, at: Desk) -> str | None:
    """Return the canonical name of a country."""
    if typed is None:
        return None
    if len(typed) == 2 and (by_code := at.gazetteer.country_name(typed.upper())):
        return by_code
    ids = {form.entry_id for form in at.gazetteer.known.forms_of(typed)}
    names = [at.gazetteer.name(id) for id in sorted(ids) if at.gazetteer.entries[id].kind in ("country", "territory")]
    if names and names[0] != typed:
        note(f"{typed} → {names[0]}")
    return names[0] if names else typed


def _merged(results: list[list[Document]]) -> list[Document]:
    """Return the results of several queries as one, the newest first, each document once."""
    if len(results) == 1:
        return results[0]
    merged = heapq.merge(*results, key=lambda document: document["time"], reverse=True)
    return list({document["_id"]: document for document in merged}.values())


def _print_dispatch(document: Document) -> None:
    console = stdout()
    places = ", ".join(place["name"] for place in (document["dateline"] or {}).get("places", ()))
    status = document["status"] if document["status"] != "usable" else ""
    found = counted(len(document["quotes"]), "quote"), counted(len(document["entities"]), "entity", "entities")
    facts = (shown(document["time"]), places, document["source"], status, *found)
    wrap = not console.is_terminal
    console.print(Text(printable(document["headline"] or "(no headline)"), "bold"), soft_wrap=wrap)
    console.print(Text(printable(" · ".join(fact for fact in facts if fact))), soft_wrap=wrap)
    console.print(Text(printable(document["_id"]), "dim"), soft_wrap=True)


def _repeats(documents: list[Document]) -> list[list[Document]]:
    """Return the quotes, those of the same words and speaker together, in the place of the first of them."""
    groups: dict[tuple[str | None, ...], list[Document]] = {}
    for document in documents:
        speaker = document["speaker"] or {"entity_id": None, "mention": {"text": None}}
        who = speaker["entity_id"] or speaker["mention"]["text"]
        groups.setdefault((document.get("quote_key") or document["_id"], who), []).append(document)
    return list(groups.values())


def _print_quote(documents: list[Document]) -> None:
    """Print a quote, and below it each of the dispatches that have it."""
    console = stdout()
    document = documents[0]
    wrap = not console.is_terminal
    said_by = document["speaker"] or {"name": None, "entity_id": None, "mention": {"text": "speaker not known"}}
    name = Text(printable(said_by["name"] or said_by["mention"]["text"]), "bold" if said_by["name"] else "")
    facts = "  ".join(fact for fact in (said_by["entity_id"], document["kind"], shown(document["time"])) if fact)
    console.print(name + Text(f"  {printable(facts)}", "not bold dim"), soft_wrap=wrap)
    console.print(words_said(document["text"], document["verbatim"], document["kind"]), soft_wrap=wrap)
    for each in documents:
        time = [shown(each["time"])] if each is not document else []
        origin = " · ".join((each["headline"] or "(no headline)", each["source"], *time))
        console.print(Text(printable(origin), "dim"), soft_wrap=wrap)
        key = f"  key {each['quote_key']}" if each is document and each.get("quote_key") else ""
        console.print(Text(printable(each["story_id"] + key), "dim"), soft_wrap=True)


def _closing(found: int, limit: int, noun: str, plural: str, advice: str) -> None:
    """Say on stderr that nothing was found and what to try, or that there may be more."""
    if not found:
        note(f"no {plural} found; try {advice}")
    elif found == limit:
        note(f"{counted(found, noun, plural)}, and there may be more: --limit, --skip")
