"""Environment and `config/` -> one frozen `Settings`, built by a function and handed down; never at import."""

import os
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from flows.errors import ConfigError
from schemas.base import Model
from schemas.config import CueVerbs, Roles, Source, Sources
from schemas.gazetteer import Style

CONFIG_VARIABLE = "DISPATCHES_CONFIG"
T = TypeVar("T", bound=Model)


class Tuning(BaseSettings):
    """`config/settings.toml`; a variable `DISPATCHES_<NAME>` in the environment goes before the file."""

    model_config = SettingsConfigDict(env_prefix="DISPATCHES_", frozen=True, extra="forbid")

    store: SecretStr = Field(
        SecretStr("./dispatches.db"), description="MongoDB URI, or a file path. No secret in a file!"
    )
    database: str = Field("dispatches", min_length=1, description="MongoDB database, unless the URI names one.")
    style: Style = Field("ap", description="House style of names: `ap`, or `un` (UN/BGN and national usage).")
    engine: str = Field(
        "model", pattern=r"^(?:model|spacy:[\w.-]+)$",
        description="What reads the text: `model` (of the package), or an installed spaCy pipeline, `spacy:NAME`.",
    )  # fmt: skip
    least_confidence: float = Field(
        0.5, ge=0, le=1, description="A mention that is less sure is no entity: higher for precision, lower for recall."
    )
    batch_size: int = Field(500, ge=1, le=10_000, description="Dispatches in one task.")
    batch_bytes: int = Field(16_000_000, ge=1, description="Bytes in one task; a single larger input is a batch too.")
    max_in_flight: int = Field(2, ge=1, le=64, description="Batches submitted and not yet finished.")
    story_days: int = Field(
        3, ge=0, le=14, description="Days within which texts without an id of the feed may be of one story."
    )
    max_input_bytes: int = Field(4_000_000, ge=1, description="A larger text or line is rejected as `too_large`.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before file; nothing else."""
        return env_settings, TomlConfigSettingsSource(settings_cls, config_folder() / "settings.toml")


class Settings(Model):
    """Everything configured, validated."""

    config: Path = Field(description="The config folder.")
    tuning: Tuning = Field(description="`settings.toml` under the environment.")
    sources: dict[str, Source] = Field(description="`sources.yml`.")
    cue_verbs: CueVerbs = Field(description="`cue_verbs.yml`.")
    roles: Roles = Field(description="`roles.yml`.")

    @property
    def store(self) -> str:
        """The store's location, with its password: never to be printed."""
        return self.tuning.store.get_secret_value()

    @property
    def gazetteer(self) -> Path:
        """The folder of the gazetteer."""
        return self.config / "gazetteer"


def config_folder() -> Path:
    """Return the config folder: `DISPATCHES_CONFIG`, or `./config`."""
    return Path(os.environ.get(CONFIG_VARIABLE) or "config")


def load_settings() -> Settings:
    """Return the settings.

    Raises:
        ConfigError: a file is missing or wrong, or a variable cannot be used; the message names file and field.
    """
    folder = config_folder()
    if not folder.is_dir():
        raise ConfigError(f"no config folder at {folder}: run from the project, or set {CONFIG_VARIABLE}")
    try:
        tuning = Tuning()
    except ValidationError as error:
        raise ConfigError(_explain(f"{folder}/settings.toml or the environment", error)) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{folder}/settings.toml: not TOML: {error}") from None
    return Settings(
        config=folder,
        tuning=tuning,
        sources=_read(folder / "sources.yml", Sources).sources,
        cue_verbs=_read(folder / "cue_verbs.yml", CueVerbs),
        roles=_read(folder / "roles.yml", Roles),
    )


def _read(path: Path, model: type[T]) -> T:
    try:
        value: Any = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        return model.model_validate(value)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        why = getattr(error, "problem", None) or str(error).partition("\n")[0]  # the latter: no UTF-8
        raise ConfigError(f"{path}{line}: not YAML: {why}") from None
    except ValidationError as error:
        raise ConfigError(_explain(str(path), error)) from None


def _explain(where: str, error: ValidationError) -> str:
    """Say what is wrong and where, without the value of anything that may be a secret."""
    lines = [f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors(include_input=False)]
    return f"{where}: " + "; ".join(lines)
