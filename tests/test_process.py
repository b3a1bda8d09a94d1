"""One payload through all stages."""

import datetime as dt
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import process as module
from flows.process import Engine, load_engine, process, read
from flows.settings import load_settings
from flows.spans import apply_edits, undo_edits
from schemas.dispatch import Dispatch
from schemas.raw import Payload, RawDispatch
from schemas.rejection import Rejection

NOW = dt.datetime(2024, 3, 7, tzinfo=dt.UTC)
SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The shipped configuration."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPATCHES_CONFIG", str(Path(__file__).parents[1] / "config"))
        return load_engine(load_settings())


def payload(text: str) -> Payload:
    """Make a payload of plain text."""
    data = text.encode(errors="replace")
    return Payload(source="desk", uri="x", format="text", data=data, original=sha256(data).hexdigest())


def check(dispatch: Dispatch) -> None:
    """Assert what must hold for every dispatch."""
    assert apply_edits(dispatch.text_raw, dispatch.names) == dispatch.text
    assert undo_edits(dispatch.text, dispatch.names) == dispatch.text_raw
    for entity in dispatch.entities:
        assert entity.mentions
        for mention in entity.mentions:
            assert dispatch.text[slice(*mention.span)] == mention.text
            assert mention.raw_span[0] < mention.raw_span[1] <= len(dispatch.text_raw)
    ids = {entity.id for entity in dispatch.entities}
    for quote in dispatch.quotes:
        assert quote.text == " ".join(dispatch.text[slice(*span)] for span in quote.spans)
        assert len(quote.spans) == len(quote.raw_spans)
        assert (quote.kind == "indirect") == (not quote.verbatim)
        if quote.cue:
            assert dispatch.text[slice(*quote.cue.span)] == quote.cue.text
        if quote.speaker:
            assert dispatch.text[slice(*quote.speaker.mention.span)] == quote.speaker.mention.text
            assert quote.speaker.entity_id is None or quote.speaker.entity_id in ids
            assert (quote.speaker.entity_id is None) == (quote.speaker.name is None)
    assert len({quote.id for quote in dispatch.quotes}) == len(dispatch.quotes)
    if dispatch.dateline:
        assert undo_edits(dispatch.text, dispatch.names).find(dispatch.dateline.raw) >= 0
    assert Dispatch.model_validate_json(dispatch.model_dump_json()) == dispatch


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda path: path.stem)
def test_every_sample_becomes_a_sound_dispatch(path: Path, engine: Engine) -> None:
    """Spans, edits, entities and quotes of the samples fit their text."""
    data = path.read_bytes()
    item = Payload(source="desk", uri=str(path), format="text", data=data, original=sha256(data).hexdigest())
    (raw,) = read(item)
    assert isinstance(raw, RawDispatch)
    dispatch = process(item, raw, engine, now=NOW)
    assert isinstance(dispatch, Dispatch)
    check(dispatch)
    assert dispatch.quotes
    assert dispatch.dateline


PIECES = [
    "“", "”", '"', "‘", "’", "``", "''", " said ", "Kiev", "Sergei Lavrov", ", he said. ", "MOSCOW (AP) -- ", "\n",
    ". ", "according to ", "Ukrainian defense ministry", ", saying ", "the minister", " told reporters that ",
    "By Ann Lee\n", "“We wait,” Lavrov said. “We are patient.”", "Zelensky", "(", ")", ",", "--", " a b c ",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(text=st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=25).map("".join))
def test_any_text_is_a_sound_dispatch_or_a_rejection(text: str, engine: Engine) -> None:
    """Whatever is read ends well, and no fault of ours hides in a rejection."""
    item = payload(text)
    (raw,) = read(item)
    if isinstance(raw, RawDispatch):
        made = process(item, raw, engine, now=NOW)
        assert isinstance(made, Dispatch), made
        check(made)
    else:
        assert raw.reason != "internal_error"


def test_a_fault_of_ours_costs_one_input(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception in a stage becomes a rejection that says where it was raised."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret words of the text")

    monkeypatch.setattr(module, "enrich", broken)
    item = payload("Talks went on.")
    made = process(item, RawDispatch(text_raw="Talks went on.", encoding="utf-8"), engine, now=NOW)
    assert isinstance(made, Rejection)
    assert (made.stage, made.reason) == ("enrich", "internal_error")
    assert "RuntimeError in test_process.py:" in made.errors[0].message
    assert "secret" not in made.model_dump_json()


def test_time_grows_with_the_text_and_no_faster(engine: Engine) -> None:
    """A long text of nothing but quotation marks is a dispatch like any other; quadratic work would never end here."""
    for marks in ("“ ", '" ', "‘a ", "''``", "“”", "said "):
        text = marks * (10_000 // len(marks))
        item = payload(f"x {text}")
        (raw,) = read(item)
        assert isinstance(raw, RawDispatch)
        assert isinstance(process(item, raw, engine, now=NOW), Dispatch)


def test_repairs_of_the_text_are_kept_with_it(engine: Engine) -> None:
    """A soft hyphen is taken out of the text, and the dispatch tells where it stood."""
    item = payload("Talks go on.\nThe min\u00adister spoke.")
    (raw,) = read(item)
    assert isinstance(raw, RawDispatch)
    made = process(item, raw, engine, now=NOW)
    assert isinstance(made, Dispatch)
    assert "minister" in made.text_raw
    (repair,) = made.repairs
    assert (repair.step, [edit.raw for edit in repair.edits]) == ("soft_hyphen", ["\u00ad"])
    (edit,) = repair.edits
    assert made.text_raw[: edit.span[0]].endswith("min")
