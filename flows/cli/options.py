"""Options and arguments that several commands share, and how their values are read."""

import datetime as dt
from typing import Annotated

import typer

from flows.errors import ConfigError

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="At most so many.")]
Skip = Annotated[int, typer.Option("--skip", min=0, help="Leave out the first so many.")]
OnlySource = Annotated[str | None, typer.Option("--source", help="Only this source.")]
Since = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Not before: 2022-01-18, or with a time; UTC.")
]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Not after; a bare date is meant whole.")]


def moment(value: str | None, option: str, *, whole_day: bool = False) -> dt.datetime | None:
    """Return the moment that a date or date and time means.

    Args:
        value: `2022-01-18` or `2022-01-18T09:30`, UTC unless it says otherwise.
        option: the option it came from, for the message.
        whole_day: a bare date means the midnight that ends it.

    Raises:
        ConfigError: it is neither.
    """
    if value is None:
        return None
    try:
        if len(value) == 10:
            day = dt.date.fromisoformat(value)
            midnight = dt.datetime.combine(day, dt.time(), dt.UTC)
            return midnight + dt.timedelta(days=1) if whole_day else midnight
        found = dt.datetime.fromisoformat(value)
    except ValueError:
        raise ConfigError(f"{option}: {value!r} is no date; write 2022-01-18 or 2022-01-18T09:30") from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
