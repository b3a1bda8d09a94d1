"""`schema`: the JSON Schemas, generated from the models."""

from typing import Annotated

import typer

from flows.cli.output import print_json
from flows.errors import ConfigError

NAMES = ("dispatches", "revisions", "quotes", "entities", "rejections", "runs", "gazetteer")


def schema(
    name: Annotated[str | None, typer.Argument(help=f"One of: {', '.join(NAMES)}.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the names as JSON too.")] = False,
) -> None:
    """Print the JSON Schema of a collection's items, or of an entry of the gazetteer.

    It describes what `annotate` and `--json` print. Without a NAME, the possible ones are listed.
    """
    if name is None:
        if as_json:
            print_json(list(NAMES))
        else:
            print("\n".join(NAMES))
        return
    if name not in NAMES:
        from difflib import get_close_matches

        near = get_close_matches(name, NAMES, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ConfigError(f"no schema {name!r}; there are {', '.join(NAMES)}{hint}")
    from schemas.base import Model
    from schemas.dispatch import Dispatch, Entity, Quote
    from schemas.gazetteer import Entry
    from schemas.rejection import Rejection
    from schemas.run import RunReport

    models: dict[str, type[Model]] = {
        "dispatches": Dispatch, "revisions": Dispatch, "quotes": Quote, "entities": Entity, "rejections": Rejection,
        "runs": RunReport, "gazetteer": Entry,
    }  # fmt: skip
    # What is printed has all its fields; what an editor writes in the gazetteer may leave some out.
    described = models[name].model_json_schema(mode="validation" if name == "gazetteer" else "serialization")
    print_json({"$schema": "https://json-schema.org/draft/2020-12/schema", **described})
