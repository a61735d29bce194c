"""Settings: flags before environment before file before defaults.

Environment names are `FULLCREDITS_` and the field's name; the file is TOML with the field names
as keys, at `FULLCREDITS_CONFIG` or `config.toml` in the platform's configuration directory.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from fullcredits.errors import ConfigError

CONFIG_VARIABLE = "FULLCREDITS_CONFIG"

_FOLDER = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")


def _names(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)]
"""A list in TOML; in the environment its items stand apart by commas or blanks."""


class Config(BaseSettings):
    """Everything that can be set. Every field is described in docs/configure.md."""

    model_config = SettingsConfigDict(env_prefix="FULLCREDITS_", extra="forbid", frozen=True)

    data_dir: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("fullcredits", appauthor=False),
        description="Where the database, the key file and the picture cache are kept.",
    )
    database: str = Field(
        default="",
        description="Database address, sqlite:///… or postgresql://…; empty: a file in data_dir.",
    )
    host: str = Field(default="127.0.0.1", description="The address pages are served on.")
    port: int = Field(default=8484, ge=0, le=65535, description="The port pages are served on.")
    hosts: Names = Field(
        default=(), description="Names that pages are reached by, beside loopback and numbers."
    )
    base_path: str = Field(default="", description="The folder that a proxy has the pages in.")
    trusted_proxies: Names = Field(
        default=("127.0.0.1", "::1"),
        description="Addresses and networks of proxies whose X-Forwarded-For and -Proto count.",
    )
    picture_budget: int = Field(
        default=2048, ge=16, description="Most the picture cache may take on disk, in MiB."
    )
    reread_days: int = Field(
        default=14, ge=0, description="Days in which every record is read again; 0: never."
    )
    grace_days: int = Field(
        default=30, ge=0, description="Days that what is gone from its server is still kept."
    )
    held_share: int = Field(
        default=25,
        ge=0,
        le=100,
        description="Per cent of a library; when more disappears at once, or all, it is held for "
        "its owner; 100: never.",
    )
    plex_tv: str = Field(
        default="https://plex.tv", description="Where Plex accounts sign in and list their servers."
    )
    plex_website: str = Field(
        default="https://app.plex.tv", description="Where a Plex sign-in is confirmed by its user."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much is logged."
    )

    @field_validator("hosts")
    @classmethod
    def _only_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if any(not name or set(name) & set("/:*@") for name in names):
            raise ValueError("give names alone, like films.example.org: no port, scheme or path")
        return tuple(name.lower() for name in names)

    @field_validator("base_path")
    @classmethod
    def _one_folder(cls, path: str) -> str:
        path = path.rstrip("/")
        if not _FOLDER.fullmatch(path):
            raise ValueError("give a path like /fullcredits")
        return path

    @field_validator("trusted_proxies")
    @classmethod
    def _only_networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            ipaddress.ip_network(proxy, strict=False)
        return proxies

    @property
    def database_address(self) -> str:
        """The address of the database, with the default filled in."""
        return self.database or f"sqlite:///{self.data_dir / 'fullcredits.db'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags (given as arguments), then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())


def config_file() -> Path:
    """Where the settings file is looked for; it need not exist."""
    chosen = os.environ.get(CONFIG_VARIABLE)
    if chosen:
        return Path(chosen)
    return platformdirs.user_config_path("fullcredits", appauthor=False) / "config.toml"


def load_config(**flags: Any) -> Config:
    """The settings in force; flags that are None were not given.

    Raises ConfigError that names each wrong setting, never its value.
    """
    if os.environ.get(CONFIG_VARIABLE) and not config_file().is_file():
        raise ConfigError(f"{CONFIG_VARIABLE} names {config_file()}, which is not a file")
    try:
        return Config(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()
        )
        raise ConfigError(f"wrong settings: {wrong}") from None
    except (tomllib.TOMLDecodeError, OSError) as error:
        raise ConfigError(f"{config_file()} cannot be read: {error}") from error
