"""Settings from files and the environment."""

from pathlib import Path

import pytest

from flows.errors import ConfigError
from flows.settings import load_settings


def test_the_environment_goes_before_the_file(tmp_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable overrides the line of settings.toml."""
    assert load_settings().tuning.batch_size == 500
    monkeypatch.setenv("DISPATCHES_BATCH_SIZE", "7")
    assert load_settings().tuning.batch_size == 7


def test_a_store_with_a_password_is_never_printed(tmp_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings that are printed or logged hold no secret."""
    monkeypatch.setenv("DISPATCHES_STORE", "mongodb://me:hunter2@db/x")
    settings = load_settings()
    assert settings.store == "mongodb://me:hunter2@db/x"
    assert "hunter2" not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("settings.toml", "batch_sise = 5", "batch_sise"),
        ("settings.toml", "batch_size = 0", "batch_size"),
        ("settings.toml", "batch_size = ", "not TOML"),
        ("sources.yml", "sources: {Desk: {paths: [in]}}", "Desk"),
        ("sources.yml", "sources: {desk: {paths: []}}", "paths"),
        ("sources.yml", "sources: {desk: {paths: [in], encoding: latin9000}}", "latin9000"),
        ("sources.yml", "sources: [", "sources.yml:"),
        ("cue_verbs.yml", "verbs: 5", "cue_verbs.yml"),
    ],
)
def test_what_is_wrong_is_told_with_its_file(tmp_config: Path, file: str, content: str, message: str) -> None:
    """A wrong file is one line that names file and field."""
    (tmp_config / file).write_text(content)
    with pytest.raises(ConfigError) as error:
        load_settings()
    assert message in str(error.value)
    assert file in str(error.value)


def test_a_missing_folder_says_which_variable_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run from elsewhere, the message says what to do."""
    monkeypatch.setenv("DISPATCHES_CONFIG", str(tmp_path / "none"))
    with pytest.raises(ConfigError, match="DISPATCHES_CONFIG"):
        load_settings()
