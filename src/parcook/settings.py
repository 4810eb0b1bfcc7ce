"""Every setting once: its name, default and meaning. Read once, at start-up, from the environment.

Canonical names carry `PARCOOK_`; the names of the original specification (`DB_PATH`,
`ANALYTICS_BUCKET`, `ANALYTICS_REFRESH_FUNCTION`) are aliases. A canonical name and its alias that
disagree refuse to start, because no order of precedence would be the one that was meant.
"""

import os
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from parcook.errors import SettingsError

CATALOGUE_SCHEMES = ("sqlite", "postgresql", "secretsmanager")
SECRETS_MANAGER = "secretsmanager://"
STORAGE_SCHEMES = ("file", "memory", "s3")
REFRESH_SCHEMES = ("thread", "lambda", "none")
EVENTS_SCHEMES = ("sqlite", "dynamodb")
ENGINE_SCHEMES = ("duckdb", "athena", "trino")
_NAME = re.compile(r"[a-z0-9_.-]{1,64}")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/?#*@A-Z]+")


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no IANA time zone such as Europe/Madrid") from error
    return name


def _origins(text: str) -> str:
    origins = _parts(text)
    if not all(origin == "*" or _ORIGIN.fullmatch(origin) for origin in origins):
        raise ValueError("write each origin as browsers do: https://example.com, without a path or a slash at the end")
    return ",".join(origins)


def _networks(text: str) -> str:
    networks = _parts(text)
    for network in networks:
        try:
            ip_network(network)
        except ValueError as error:
            raise ValueError("write each proxy as an address or a network: 127.0.0.1, 10.0.0.0/8") from error
    return ",".join(networks)


def _names(text: str) -> str:
    names = _parts(text)
    if not all(_NAME.fullmatch(name) for name in names):
        raise ValueError("write names of at most 64 small letters, digits, dots, dashes and underscores")
    return ",".join(names)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _one_line(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("must be one line of text")
    return text.strip()


class Settings(BaseSettings):
    """The settings of one parcook process. Frozen. `load_settings()` reads the aliases too."""

    model_config = SettingsConfigDict(
        env_prefix="PARCOOK_", frozen=True, extra="forbid", env_ignore_empty=True, hide_input_in_errors=True
    )

    home: Path = Field(
        Path("./parcook-data"),
        description="Folder where the embedded defaults live. Made on first use, readable by its owner only.",
    )
    catalogue_url: str = Field(
        "",
        repr=False,  # it may hold a password
        description="Catalogue database: `sqlite:///path` or `postgresql://user:password@host/database`, "
        "or `secretsmanager://name` of a secret whose text is such a URL. "
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
    events_url: str = Field(
        "",
        description="Where events rest for 90 days: `sqlite:///path` or `dynamodb://table?region=…`. "
        "Default: `sqlite:///$PARCOOK_HOME/events.db`.",
    )
    lake_url: str = Field(
        "",
        description="Where the lake lies, by date: `file:///path` or `s3://bucket/prefix`. "
        "Default: `file://$PARCOOK_HOME/lake`.",
    )
    private_url: str = Field(
        "",
        description="Where the restricted people tables lie: a bucket or prefix of its own, for no analyst. "
        "Default: `file://$PARCOOK_HOME/private`.",
    )
    lake_format: Literal["parquet", "json"] = Field(
        "parquet", description="How hours are written into the lake: Parquet, or one JSON object a line."
    )
    lake_text: Literal["off", "redacted"] = Field(
        "off", description="Whether redacted text reaches the lake. `off` leaves it in the event store, for 90 days."
    )
    engine_url: str = Field(
        "duckdb://",
        repr=False,  # it may hold a password
        description="Who runs the SQL of metrics: `duckdb://`, in this process over the files of the lake; "
        "`athena://workgroup/database?output=s3://bucket/prefix` or `trino://user@host:8080/catalog/schema`, over the "
        "tables that `parcook ddl` declares.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="The key of all pseudonyms: at least 32 random bytes in base64, or `secretsmanager://name`. "
        "Default: made once in `$PARCOOK_HOME/secret.key`. Its fingerprint is stored; another key later is refused.",
    )
    min_people: Annotated[int, Field(ge=1)] = Field(
        10, description="Breakdowns count at least so many people, or they are withheld; 1 turns that off."
    )
    metadata_keys: Annotated[str, AfterValidator(_names)] = Field(
        "", description="Keys of an event's `metadata` that are kept, separated by commas; all others are dropped."
    )
    frame_ancestors: Annotated[str, AfterValidator(_origins)] = Field(
        "", description="Origins whose pages may show the dashboard in a frame, separated by commas."
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
    auth_issuer: str = Field(
        "",
        description="OpenID Connect issuer whose JWTs are taken beside our own tokens, for example an Amazon Cognito "
        "user pool: `https://…`. Needs `PARCOOK_AUTH_AUDIENCE`.",
    )
    auth_audience: str = Field("", description="The audience (client id) that a JWT must be meant for.")
    auth_groups: str = Field(
        "",
        description="Which group of the issuer has which role: `group=role`, separated by commas; roles are `ingest`, "
        "`viewer` and `admin`. Groups come from the claims `groups`, `cognito:groups` or `roles`.",
    )
    cors_origins: Annotated[str, AfterValidator(_origins)] = Field(
        "", description="Origins whose pages may call the API from a browser, separated by commas, or `*`."
    )
    trusted_proxies: Annotated[str, AfterValidator(_networks)] = Field(
        "",
        description="Addresses or networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed, "
        "separated by commas.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe log lines that are written (JSON, on stderr)."
    )

    @model_validator(mode="after")
    def _fill_and_check_urls(self) -> Self:
        home = self.home.expanduser().resolve()
        set_field = object.__setattr__  # the model is frozen for everybody else
        set_field(self, "home", home)
        set_field(self, "catalogue_url", self.catalogue_url or f"sqlite:///{quote(str(home / 'catalogue.db'))}")
        set_field(self, "storage_url", self.storage_url or f"file://{quote(str(home / 'objects'))}")
        set_field(self, "events_url", self.events_url or f"sqlite:///{quote(str(home / 'events.db'))}")
        set_field(self, "lake_url", self.lake_url or f"file://{quote(str(home / 'lake'))}")
        set_field(self, "private_url", self.private_url or f"file://{quote(str(home / 'private'))}")
        for name, schemes in (
            ("catalogue_url", CATALOGUE_SCHEMES),
            ("storage_url", STORAGE_SCHEMES),
            ("refresh_url", REFRESH_SCHEMES),
            ("events_url", EVENTS_SCHEMES),
            ("lake_url", STORAGE_SCHEMES),
            ("private_url", STORAGE_SCHEMES),
            ("engine_url", ENGINE_SCHEMES),
        ):
            scheme, separator, _ = getattr(self, name).partition("://")
            if not separator or scheme.partition("+")[0] not in schemes:
                # What was given is not repeated: without its scheme, a password may be anywhere in it.
                raise ValueError(
                    f"PARCOOK_{name.upper()} must begin with one of {', '.join(s + '://' for s in schemes)}"
                )
        _check_issuer(self.auth_issuer, self.auth_audience)
        return self


def _check_issuer(issuer: str, audience: str) -> None:
    if bool(issuer) != bool(audience):
        raise ValueError("PARCOOK_AUTH_ISSUER and PARCOOK_AUTH_AUDIENCE go together: set both or none")
    parts = urlsplit(issuer)
    on_this_machine = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if issuer and parts.scheme != "https" and not on_this_machine:
        raise ValueError("PARCOOK_AUTH_ISSUER must be an https:// address, so that its keys can be believed")


ALIASES: dict[str, tuple[str, Callable[[str], str]]] = {
    "DB_PATH": ("PARCOOK_CATALOGUE_URL", lambda path: f"sqlite:///{quote(str(Path(path).expanduser().resolve()))}"),
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
            raise SettingsError(f"{alias} is another name for {canonical}, and they disagree; unset one of them")
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


def fetch_secret(url: str, setting: str) -> str:
    """The text of the secret at `secretsmanager://name`, which `setting` names. Raises `SettingsError` without it."""
    try:
        import boto3  # an extra: only those who run on AWS carry it
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError as error:
        raise SettingsError("secretsmanager:// needs boto3: pip install 'parcook[aws]'") from error
    name = url.removeprefix(SECRETS_MANAGER)
    try:
        return str(boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])
    except (ClientError, BotoCoreError, KeyError) as error:
        raise SettingsError(f"{setting}: the secret cannot be read: {type(error).__name__}") from error
