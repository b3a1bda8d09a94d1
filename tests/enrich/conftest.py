"""The shipped configuration, loaded once."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.process import load_engine, process, read
from flows.settings import load_settings
from schemas.dispatch import Dispatch
from schemas.raw import Payload, RawDispatch

Annotate = Callable[[str], Dispatch]


@pytest.fixture(scope="session")
def annotate() -> Annotate:
    """Return what makes a finished dispatch of a body text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPATCHES_CONFIG", str(Path(__file__).parents[2] / "config"))
        engine = load_engine(load_settings())

    def make(body: str) -> Dispatch:
        text = f"A Headline of Some Words\nPARIS (Dispatches) -- {body}"
        payload = Payload(source="desk", uri="x", format="text", data=text.encode(), original="0")
        (raw,) = read(payload)
        assert isinstance(raw, RawDispatch)
        dispatch = process(payload, raw, engine, now=dt.datetime(2024, 3, 7, tzinfo=dt.UTC))
        assert isinstance(dispatch, Dispatch)
        return dispatch

    return make
