"""One payload through the stages, with no store and no orchestrator: read -> normalize -> validate -> enrich.

This is all that `annotate` needs, and what a batch task does with each of its payloads.
"""

import datetime as dt
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from flows.enrich import RULES_VERSION, enrich, load_analyzer
from flows.enrich.lexicon import Lexicon, compile_lexicon
from flows.enrich.reading import Analyzer
from flows.gazetteer import Gazetteer, load_gazetteer
from flows.normalize import normalize
from flows.normalize.language import is_english
from flows.read import parse
from flows.settings import Settings
from flows.stories.links import DAYS
from flows.validate import reject, validate
from schemas.dispatch import Dispatch
from schemas.raw import Payload, RawDispatch, Refusal
from schemas.rejection import Rejection, RejectionError, Stage

Seconds = dict[str, float]  # stage -> seconds, added up


@dataclass(frozen=True)
class Engine:
    """What processing needs, loaded once per process."""

    gazetteer: Gazetteer
    lexicon: Lexicon
    analyzer: Analyzer
    pipeline_version: str
    least_confidence: float = 0.5
    story_days: int = DAYS

    @property
    def model_version(self) -> str:
        """The version of what makes entities and quotes: another version, other annotations."""
        return model_version(self.analyzer)


def model_version(analyzer: Analyzer) -> str:
    """Return the version of an engine that reads texts, and of the rules that use what it reads."""
    return f"{analyzer.version}/{RULES_VERSION}"


def load_engine(settings: Settings) -> Engine:
    """Return the engine for these settings.

    Raises:
        ConfigError: the gazetteer cannot be read, or the engine of the settings is not there.
    """
    gazetteer = load_gazetteer(settings.gazetteer, settings.tuning.style)
    people = (entry for entry in gazetteer.entries.values() if entry.type == "person")
    return Engine(
        gazetteer=gazetteer,
        lexicon=compile_lexicon(settings.cue_verbs, settings.roles, people),
        analyzer=load_analyzer(settings.tuning.engine),
        least_confidence=settings.tuning.least_confidence,
        pipeline_version=version("dispatches"),
        story_days=settings.tuning.story_days,
    )


def read(payload: Payload | Refusal, seconds: Seconds | None = None) -> Sequence[RawDispatch | Refusal]:
    """Return the raw dispatches in a payload, and why a part of it became none."""
    if isinstance(payload, Refusal):
        return [payload]
    started = time.perf_counter()
    try:
        return parse(payload)
    except Exception as error:  # noqa: BLE001 - a fault of ours must cost one input, not the batch
        return [_fault("read", error, payload)]
    finally:
        _add(seconds, "read", started)


def process(
    payload: Payload, raw: RawDispatch, engine: Engine, *, now: dt.datetime, run_id: str | None = None,
    seconds: Seconds | None = None,
) -> Dispatch | Rejection:  # fmt: skip
    """Return the finished dispatch, or its rejection. No exception of a stage escapes; it becomes a rejection.

    Args:
        now: when the payload was received.
        seconds: the time of each stage is added here.
    """
    stage: Stage = "normalize"
    started = time.perf_counter()
    try:
        normalized = normalize(raw, engine.gazetteer)
        started = _add(seconds, stage, started)
        stage = "validate"
        dispatch = validate(
            payload, raw, normalized, received_at=now, run_id=run_id, pipeline_version=engine.pipeline_version,
            gazetteer_version=engine.gazetteer.version, model_version=engine.model_version,
        )  # fmt: skip
        started = _add(seconds, stage, started)
        if isinstance(dispatch, Refusal):
            return reject(dispatch, now)
        stage = "enrich"
        if not is_english(dispatch.language):
            return dispatch.model_copy(update={"enriched": False})
        annotations = enrich(dispatch, engine.gazetteer, engine.lexicon, engine.analyzer, least=engine.least_confidence)
        return dispatch.model_copy(update={"entities": annotations.entities, "quotes": annotations.quotes})
    except Exception as error:  # noqa: BLE001 - as above
        return reject(_fault(stage, error, payload), now)
    finally:
        _add(seconds, stage, started)


def _add(seconds: Seconds | None, stage: str, started: float) -> float:
    now = time.perf_counter()
    if seconds is not None:
        seconds[stage] = seconds.get(stage, 0.0) + now - started
    return now


def _fault(stage: Stage, error: Exception, payload: Payload) -> Refusal:
    """Say where our own code failed, so that it can be mended and the input replayed."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    message = f"a fault of the pipeline, not of the input: {type(error).__name__} in {where}; report it, then replay"
    fault = RejectionError(loc="input", type="internal_error", message=message)
    return Refusal(
        stage=stage, reason="internal_error", errors=(fault,), source=payload.source, uri=payload.uri,
        item=payload.item, format=payload.format, data=payload.data, original=payload.original,
    )  # fmt: skip
