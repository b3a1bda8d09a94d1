"""What the tests of readers share: pairs of an input and what it comes to, and inputs that are almost right.

A test module names its format: `FORMAT = "ninjs"`. Its tests that ask for `case` run once for each input in
`tests/cases/ninjs`; beside `NAME.json` stands `NAME.json.expected.json`.
"""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from flows.read import parse
from flows.read.detect import detect
from schemas.raw import Payload, RawDispatch, Refusal

CASES = Path(__file__).parents[1] / "cases"
EXPECTED = ".expected.json"


def inputs(format: str) -> list[Path]:
    return sorted(path for path in (CASES / format).iterdir() if not path.name.endswith(EXPECTED))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        found = inputs(metafunc.module.FORMAT)
        metafunc.parametrize("case", found, ids=[path.name for path in found])


def payload_of(data: bytes, format: str) -> Payload:
    return Payload(source="desk", uri="in", format=format, data=data, original=sha256(data).hexdigest())


def shown(found: Sequence[RawDispatch | Refusal]) -> list[dict[str, Any]]:
    """What a payload came to, as it stands in an expected file."""
    return [
        {"refused": each.reason, "item": each.item, "errors": [[e.loc, e.type] for e in each.errors]}
        if isinstance(each, Refusal)
        else each.model_dump(mode="json", exclude_defaults=True)
        for each in found
    ]


def check(found: Sequence[RawDispatch | Refusal]) -> None:
    """What is true of everything that any reader returns."""
    assert found
    for each in found:
        each.model_dump_json(exclude={"data"})  # all of it is text that can be stored
        if isinstance(each, RawDispatch):
            assert each.text_raw.encode() or each.status == "killed"
        else:
            assert each.errors


@pytest.fixture(scope="session")
def compare() -> Callable[[Path], None]:
    """Read an input, its format being the name of the folder, and compare what it comes to with the file beside it."""

    def compare(case: Path) -> None:
        found = parse(payload_of(case.read_bytes(), case.parent.name))
        check(found)
        expected = Path(f"{case}{EXPECTED}")
        assert expected.exists(), f"{case.name} has no {expected.name}: {json.dumps(shown(found), ensure_ascii=False)}"
        assert shown(found) == json.loads(expected.read_text("utf-8"))

    return compare


@pytest.fixture(scope="session")
def read_almost() -> Callable[[str, st.DataObject], None]:
    """Read an input that is a case with some of its bytes changed, or no case at all."""

    def read_almost(format: str, data: st.DataObject) -> None:
        text = data.draw(st.one_of(st.sampled_from([p.read_bytes() for p in inputs(format)]), st.binary(max_size=300)))
        for _ in range(data.draw(st.integers(0, 6))):
            at = data.draw(st.integers(0, len(text)))
            upto = data.draw(st.integers(at, min(len(text), at + 40)))
            odd = [b"<", b"]", b"&#xD800;", b"]]>", b"\0", b"\xff", b'"', b"\\ud83d", b"{", b"[", b"\n\n", b"--"]
            text = text[:at] + data.draw(st.one_of(st.binary(max_size=8), st.sampled_from(odd))) + text[upto:]
        check(parse(payload_of(text, format)))
        detect(text[:8192], "in")

    return read_almost
