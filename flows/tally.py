"""What became of inputs, in counts: they are added up batch by batch, and end in the report of a run."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar, get_args

from flows.errors import DispatchesError
from flows.store import mask
from schemas.base import Model
from schemas.dispatch import Dispatch
from schemas.rejection import Rejection, Stage
from schemas.run import Counts, RunReport

K = TypeVar("K", str, int)


class Tally(Model):
    """What became of inputs, in counts; the fields are those of `RunReport`."""

    sources: dict[str, Counts] = {}
    passed_over: int = 0
    waiting: int = 0
    rejected_by_stage: dict[str, int] = {}
    rejected_by_reason: dict[str, int] = {}
    seconds_by_stage: dict[str, float] = {}
    names: int = 0
    entities: int = 0
    quotes: int = 0
    quotes_with_speaker: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        added: dict[str, Any] = {}
        for name in Tally.model_fields:
            mine, others = getattr(self, name), getattr(other, name)
            added[name] = _merged(mine, others) if isinstance(mine, dict) else mine + others
        return Tally(**added)


def _merged(mine: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    return {**mine, **{key: mine[key] + value if key in mine else value for key, value in others.items()}}


def counts(fates: Iterable[tuple[K, str]]) -> dict[K, Counts]:
    """Return the outcomes, counted: by source, or by file."""
    counted: dict[K, Counter[str]] = {}
    for key, outcome in fates:
        counted.setdefault(key, Counter())[outcome] += 1
    return {key: Counts(**fate, read=fate.total()) for key, fate in counted.items()}


def content(new: Sequence[Dispatch], rejections: Sequence[Rejection]) -> dict[str, Any]:
    """Return the fields of a tally that tell what is in new dispatches, and why others were rejected."""
    return {
        "rejected_by_stage": Counter(rejection.stage for rejection in rejections),
        "rejected_by_reason": Counter(rejection.reason for rejection in rejections),
        "names": sum(len(dispatch.names) for dispatch in new),
        "entities": sum(len(dispatch.entities) for dispatch in new),
        "quotes": sum(len(dispatch.quotes) for dispatch in new),
        "quotes_with_speaker": sum(bool(q.speaker and q.speaker.entity_id) for d in new for q in d.quotes),
    }


def report_of(report: RunReport, tally: Tally, **changed: Any) -> RunReport:
    """Return the report with the counts of a tally, and other fields changed."""
    fields = {name: getattr(report, name) for name in RunReport.model_fields}
    seconds = {stage: tally.seconds_by_stage[stage] for stage in get_args(Stage) if stage in tally.seconds_by_stage}
    totals = dict(sum(tally.sources.values(), Counts()))
    return RunReport(**fields | dict(tally) | {"seconds_by_stage": seconds} | totals | changed)


def reason_of(error: BaseException, store: str) -> str:
    """Say why a run ended, without the password in the store's URI."""
    text = str(error).replace(store, mask(store))
    return text if isinstance(error, DispatchesError) else f"{type(error).__name__}: {text}"
