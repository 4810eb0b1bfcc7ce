"""Every setting once: its name, default and meaning. Read once, at start-up, from the environment.

Canonical names carry `PARCOOK_`; the names of the original specification (`DB_PATH`,
`ANALYTICS_BUCKET`, `ANALYTICS_REFRESH_FUNCTION`) are aliases. A canonical name and its alias that
disagree refuse to start, because no order of precedence would be the one that was meant.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from parcook.errors import SettingsError

CATALOGUE_SCHEMES = ("sqlite", "postgresql")
STORAGE_SCHEMES = ("file", "memory", "s3")
REFRESH_SCHEMES = ("thread", "lambda", "none")


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no IANA time zone such as Europe/Madrid") from error
    return name


def _one_line(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("must be one line of text")
    return text.strip()


class Settings(BaseSettings):
    """The settings of one parcook process. Frozen; build it with `Settings()` or `load_settings()`."""

    model_config = SettingsConfigDict(env_prefix="PARCOOK_", frozen=True, extra="forbid", env_ignore_empty=True)

    home: Path = Field(
        Path("./parcook-data"),
        description="Folder where the embedded defaults live. Made on first use, readable by its owner only.",
    )
    catalogue_url: str = Field(
        "",
        description="Catalogue database: `sqlite:///path` or `postgresql://user:password@host/database`. "
        "Default: `sqlite:///$PARCOOK_HOME/catalogue.db`. Alias: `DB_PATH`, a plain path.",
    )
    storage_url: str = Field(
        "",
        description="Where artifacts are kept: `file:///path`, `memory://` or `s3://bucket/prefix`. "
        "Default: `file://$PARCOOK_HOME/objects`. Alias: `ANALYTICS_BUCKET`, a bucket name.",
    )
    refresh_url: str = Field(
        "thread://",
        description="Who recooks artifacts after a change: `thread://` (this process), `lambda://function` "
        "(AWS Lambda, invoked asynchronously) or `none://` (nobody; run `parcook refresh` yourself). "
        "Alias: `ANALYTICS_REFRESH_FUNCTION`, a function name.",
    )
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "UTC",
        description="The report zone: an IANA name. Stored on the first start; a different one later refuses to start.",
    )
    week_start: Annotated[int, Field(ge=1, le=7)] = Field(
        1, description="First day of the week on pages: 1 is Monday, 7 is Sunday."
    )
    site_title: Annotated[str, Field(max_length=100), AfterValidator(_one_line)] = Field(
        "parcook", description="The name shown on pages and in the manifest."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe log lines that are written (JSON, on stderr)."
    )

    @model_validator(mode="after")
    def _fill_and_check_urls(self) -> Self:
        home = self.home.expanduser().resolve()
        set_field = object.__setattr__  # the model is frozen for everybody else
        set_field(self, "home", home)
        set_field(self, "catalogue_url", self.catalogue_url or f"sqlite:///{home / 'catalogue.db'}")
        set_field(self, "storage_url", self.storage_url or f"file://{home / 'objects'}")
        for name, schemes in (
            ("catalogue_url", CATALOGUE_SCHEMES),
            ("storage_url", STORAGE_SCHEMES),
            ("refresh_url", REFRESH_SCHEMES),
        ):
            scheme = getattr(self, name).partition("://")[0]
            if scheme.partition("+")[0] not in schemes:
                raise ValueError(
                    f"PARCOOK_{name.upper()}: {scheme!r} is not one of {', '.join(s + '://' for s in schemes)}"
                )
        return self


ALIASES: dict[str, tuple[str, Callable[[str], str]]] = {
    "DB_PATH": ("PARCOOK_CATALOGUE_URL", lambda path: f"sqlite:///{Path(path).expanduser().resolve()}"),
    "ANALYTICS_BUCKET": ("PARCOOK_STORAGE_URL", lambda bucket: f"s3://{bucket}"),
    "ANALYTICS_REFRESH_FUNCTION": ("PARCOOK_REFRESH_URL", lambda function: f"lambda://{function}"),
}


def resolve_aliases(environment: Mapping[str, str]) -> dict[str, str]:
    """The canonical settings that the specification's names in `environment` stand for.

    Raises `SettingsError` if an alias and its canonical name are both set and disagree.
    """
    resolved = {}
    for alias, (canonical, translate) in ALIASES.items():
        if not (value := environment.get(alias)):
            continue
        meant = translate(value)
        given = environment.get(canonical)
        if given and given != meant:
            raise SettingsError(
                f"{alias}={value} means {canonical}={meant}, but {canonical} is set to something else; "
                "unset one of them"
            )
        resolved[canonical] = meant
    return resolved


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment; `overrides` (by field name) win.

    Raises `SettingsError` naming each setting that is wrong and why; values are not repeated, since a
    database URL may hold a password.
    """
    aliased = {
        canonical.removeprefix("PARCOOK_").lower(): value for canonical, value in resolve_aliases(os.environ).items()
    }
    try:
        return Settings(**{**aliased, **overrides})  # type: ignore[arg-type]  # validated by pydantic
    except ValidationError as error:
        faults = "; ".join(
            ("PARCOOK_" + "_".join(map(str, fault["loc"])).upper() + ": " if fault["loc"] else "")
            + fault["msg"].removeprefix("Value error, ")
            for fault in error.errors()
        )
        raise SettingsError(f"bad setting: {faults}") from None
