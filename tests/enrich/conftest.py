"""The shipped configuration, loaded once."""

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.enrich.lexicon import Lexicon
from flows.gazetteer import Gazetteer
from flows.process import Engine, load_engine, process, read
from flows.settings import load_settings
from schemas.dispatch import Dispatch
from schemas.raw import Payload, RawDispatch

sys.path.insert(0, str(Path(__file__).parent))  # for `compact`, which the tests of this folder share

Annotate = Callable[[str], Dispatch]


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the engine of the shipped configuration."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPATCHES_CONFIG", str(Path(__file__).parents[2] / "config"))
        return load_engine(load_settings())


@pytest.fixture(scope="session")
def gazetteer(engine: Engine) -> Gazetteer:
    """Return the shipped gazetteer."""
    return engine.gazetteer


@pytest.fixture(scope="session")
def lexicon(engine: Engine) -> Lexicon:
    """Return the shipped lexicon."""
    return engine.lexicon


@pytest.fixture(scope="session")
def annotate(engine: Engine) -> Annotate:
    """Return what makes a finished dispatch of a body text."""

    def make(body: str) -> Dispatch:
        text = f"A Headline of Some Words\nPARIS (Dispatches) -- {body}"
        payload = Payload(source="desk", uri="x", format="text", data=text.encode(), original="0")
        (raw,) = read(payload)
        assert isinstance(raw, RawDispatch)
        dispatch = process(payload, raw, engine, now=dt.datetime(2024, 3, 7, tzinfo=dt.UTC))
        assert isinstance(dispatch, Dispatch)
        return dispatch

    return make
