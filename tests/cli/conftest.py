"""A tiny configuration and store for the command line, and a dispatch made by hand."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from schemas.dispatch import Dispatch, Provenance

GAZETTEER = """
- {id: place:ukraine, name: Ukraine, type: place, kind: country, country: UA, adjectives: [Ukrainian]}
- {id: place:russia, name: Russia, type: place, kind: country, country: RU, adjectives: [Russian]}
- id: place:kyiv
  name: Kyiv
  type: place
  kind: capital
  country: UA
  variants: [Kiev]
  keep: {dish: [chicken Kiev]}
- id: place:odesa
  name: Odesa
  type: place
  kind: city
  country: UA
  variants: [Odessa]
  homonyms: [{name: "Odessa, Texas", country: US, evidence: [Texas]}]
- id: person:sergey-lavrov
  name: Sergey Lavrov
  type: person
  country: RU
  role: foreign minister
  gender: m
  surname_variants: [Lavroff]
  given_variants: [Sergei]
"""

ROLES = """
titles: [foreign minister]
abbreviations: {Sen.: senator}
courtesy: {Mr.: m}
bodies: [Ministry]
male: [Sergei, Sergey]
female: [Ann]
"""

GOOD = """Talks Go On in the Capital
KIEV, Ukraine (AP) -- Russian Foreign Minister Sergei Lavrov arrived in Kiev on Monday.
"We are now awaiting answers," Lavrov said. "Let us talk."
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration, in which the command is run; its store is `news.db`."""
    config = tmp_path / "config"
    (config / "gazetteer").mkdir(parents=True)
    (config / "gazetteer" / "names.yml").write_text(GAZETTEER)
    (config / "settings.toml").write_text("batch_size = 10\n")
    (config / "sources.yml").write_text("sources:\n  desk: {paths: [desk], format: auto}\n")
    (config / "cue_verbs.yml").write_text("verbs: {says: [say, tell]}\nirregular: {say: [says, said, saying]}\n")
    (config / "roles.yml").write_text(ROLES)
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "good.txt").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    for name, value in {"CONFIG": "config", "STORE": "news.db"}.items():
        monkeypatch.setenv(f"DISPATCHES_{name}", value)
    for name in ("PREFECT_API_URL", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def dispatches() -> Callable[..., Result]:
    """Runs the command in this process: `dispatches("quotes", "--json")`."""
    from flows.cli import app

    def run(*arguments: str, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=input, catch_exceptions=False)

    return run


@pytest.fixture
def bad_folder(project: Path) -> Path:
    """An empty file, binary junk, a line of 10 MB, broken JSON, and a good dispatch."""
    folder = project / "mixed"
    folder.mkdir()
    (folder / "empty.txt").write_bytes(b"")
    (folder / "junk.bin").write_bytes(bytes(range(256)) * 20)
    (folder / "huge.jsonl").write_bytes(b'{"id": "1", "text": "' + b"x" * 10_000_000 + b'"}\n')
    (folder / "broken.jsonl").write_bytes(b'{"id": "2", "text": \n')
    (folder / "good.txt").write_text(GOOD)
    return folder


@pytest.fixture
def make_dispatch() -> Callable[..., Dispatch]:
    """Makes a dispatch with this text and these annotations."""

    def make(text: str, **fields: Any) -> Dispatch:
        provenance = Provenance(
            original="0" * 64, uri="a.txt", reader="text", encoding="utf-8", pipeline_version="0", schema_version=1,
            gazetteer_version="g", model_version="m",
        )  # fmt: skip
        now = dt.datetime(2022, 1, 18, tzinfo=dt.UTC)
        given: dict[str, Any] = {
            "id": "s:1@ab", "source": "s", "story_id": "s:1", "content_hash": "ab", "received_at": now,
            "text_raw": text, "text": text, "provenance": provenance,
        }  # fmt: skip
        return Dispatch(**{**given, **fields})

    return make
