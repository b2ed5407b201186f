"""Every option of Hourlink, its default and its meaning; read from the environment at boot."""

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Role = Literal["http", "socket", "worker"]
"""What a process is started for: web over HTTP, web with Socket Mode, or background work only."""

MOST_UNFURL_DOMAINS = 5
"""Slack's own limit."""

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)

POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


def _words(value: object) -> object:
    """Split a comma separated string; anything else is left to the field's own validation."""
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


class Settings(BaseSettings):
    """The options, one field each, named in the environment by their alias. Empty means unset."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    bot_token: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_BOT_TOKEN",
        description="Token of one workspace, from *OAuth & Permissions* (`xoxb-…`). Required.",
    )
    signing_secret: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_SIGNING_SECRET",
        description="From *Basic Information*: proves that a request comes from Slack. "
        "Required over HTTP.",
    )
    app_token: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_APP_TOKEN",
        description="App-level token with `connections:write` (`xapp-…`). "
        "Required for Socket Mode.",
    )
    client_id: str | None = Field(
        default=None,
        validation_alias="SLACK_CLIENT_ID",
        description="From *Basic Information*: for many workspaces, which install it themselves "
        "at `/slack/install` below the public address. Instead of `SLACK_BOT_TOKEN`.",
    )
    client_secret: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_CLIENT_SECRET",
        description="Goes with the client id.",
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        validation_alias="SLACK_API_URL",
        description="Where Slack's Web API is; change it only to talk to a stand-in.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias="HOURLINK_DATABASE_URL",
        description="`sqlite:////path/to/file.db`, or `postgresql://user:password@host/name` for "
        "any number of web and worker processes. Unset: `hourlink.db` in the data folder.",
    )
    secret_keys: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_words)] = Field(
        default=(),
        validation_alias="HOURLINK_SECRET_KEYS",
        description="Fernet keys, separated by commas, that encrypt stored tokens and credentials. "
        "The first encrypts, all decrypt: to rotate, put a new one in front. Required.",
    )
    public_url: str | None = Field(
        default=None,
        validation_alias="HOURLINK_PUBLIC_URL",
        description="Address under which the internet reaches this server (`https://…`). "
        "Written into the Slack manifest; not needed with Socket Mode. Tools send their webhooks "
        "to `/hooks/` below it; without it everything is read every few minutes only.",
    )
    unfurl_domains: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)] = Field(
        default=(),
        validation_alias="HOURLINK_UNFURL_DOMAINS",
        description="Domains of your tools, five at most, separated by commas: a link to a task "
        "there is shown with a *Start* button. Written into the Slack manifest; a change needs "
        "the app installed anew.",
    )
    host: str = Field(
        default="127.0.0.1",
        validation_alias="HOURLINK_HOST",
        description="Address to listen on; `0.0.0.0` for every one.",
    )
    port: int = Field(
        default=3000,
        ge=0,
        le=65535,
        validation_alias="HOURLINK_PORT",
        description="TCP port to listen on; 0 picks a free one.",
    )
    metrics_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        validation_alias="HOURLINK_METRICS_PORT",
        description="TCP port for `/metrics`, `/healthz` and `/readyz`, of workers too, on the "
        "same address. Keep it from strangers: numbers of a team are nobody else's business. "
        "Unset: no metrics.",
    )
    sync_seconds: int = Field(
        default=300,
        ge=1,
        validation_alias="HOURLINK_SYNC_SECONDS",
        description="Seconds between two refreshes of an integration, give or take some jitter.",
    )
    boards_dir: Path | None = Field(
        default=None,
        validation_alias="HOURLINK_BOARDS_DIR",
        description="Folder whose sub-folders of CSV files may be connected as boards. "
        "Unset: the board provider finds nothing to connect.",
    )
    provider_ca_file: Path | None = Field(
        default=None,
        validation_alias="HOURLINK_PROVIDER_CA_FILE",
        description="PEM file of certificate authorities to trust besides the usual ones, for "
        "tools on your own network.",
    )
    provider_private_addresses: bool = Field(
        default=True,
        validation_alias="HOURLINK_PROVIDER_PRIVATE_ADDRESSES",
        description="Whether a tool may be at an address of a private network. Switch it off "
        "when strangers may install.",
    )
    data_dir: Path = Field(
        default=Path("data"),
        validation_alias="HOURLINK_DATA_DIR",
        description="Folder for what Hourlink keeps itself, the SQLite database among it.",
    )
    clock_url: str | None = Field(
        default=None,
        validation_alias="HOURLINK_CLOCK_URL",
        description="For demonstrations only: an address that tells the time in seconds since "
        "1970, followed instead of this machine's clock.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        validation_alias="HOURLINK_LOG_LEVEL",
        description="The least level that is logged: `debug`, `info`, `warning` or `error`.",
    )
    log_format: Literal["console", "json"] = Field(
        default="console",
        validation_alias="HOURLINK_LOG_FORMAT",
        description="`console` to read, `json` for one object a line.",
    )

    @property
    def database(self) -> str:
        """The database URL in SQLAlchemy's form: default filled in, PostgreSQL through psycopg."""
        if self.database_url is None:
            return f"sqlite:///{self.data_dir / 'hourlink.db'}"
        url = self.database_url.get_secret_value()
        scheme, colon, rest = url.partition(":")
        return f"postgresql+psycopg:{rest}" if colon and scheme in POSTGRESQL else url


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the settings: where, what, and how to mend it."""

    setting: str
    wrong: str
    mend: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.wrong} {self.mend}"


class SettingsInvalidError(Exception):
    """The environment holds values that cannot be read at all."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def load() -> Settings:
    """Read the environment; raises SettingsInvalidError with every unreadable value in it."""
    try:
        return Settings()
    except ValidationError as error:
        # The value itself is left out: it may be half a secret.
        raise SettingsInvalidError(
            tuple(
                Problem(str(e["loc"][0]), f"{e['msg']}.", "See docs/settings.md.")
                for e in error.errors(include_input=False, include_url=False)
            )
        ) from None


def problems(settings: Settings, role: Role) -> list[Problem]:
    """Say what would stop a process of this role from working, most basic first."""
    checks: tuple[Callable[[Settings, Role], Iterable[Problem]], ...] = (
        _slack_access,
        _slack_transport,
        _secret_keys,
        _database,
        _addresses,
        _domains,
        _folders,
    )
    return [problem for check in checks for problem in check(settings, role)]


def options() -> list[tuple[str, str, str]]:
    """Name, default and meaning of every option, in the order of the class."""
    rows = []
    for field in Settings.model_fields.values():
        default = field.get_default()
        shown = "" if default is None or default == () else str(default)
        rows.append((str(field.validation_alias), shown, str(field.description)))
    return rows


def _slack_access(settings: Settings, _role: Role) -> Iterable[Problem]:
    token, client_id, secret = settings.bot_token, settings.client_id, settings.client_secret
    if token and (client_id or secret):
        yield Problem(
            "SLACK_BOT_TOKEN",
            "is set together with SLACK_CLIENT_ID or SLACK_CLIENT_SECRET.",
            "Keep the token for one workspace, or the other two for many.",
        )
    elif client_id or secret:
        yield from _oauth(settings)
    elif not token:
        yield Problem(
            "SLACK_BOT_TOKEN",
            "is missing.",
            "Install the Slack app to the workspace and copy its Bot User OAuth Token. "
            "For many workspaces set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET instead.",
        )
    yield from _prefix("SLACK_BOT_TOKEN", token, "xoxb-")


def _oauth(settings: Settings) -> Iterable[Problem]:
    for name, value in (
        ("SLACK_CLIENT_ID", settings.client_id),
        ("SLACK_CLIENT_SECRET", settings.client_secret),
    ):
        if not value:
            yield Problem(name, "is missing.", "Copy it from Basic Information of the Slack app.")
    if settings.public_url is None:
        yield Problem(
            "HOURLINK_PUBLIC_URL",
            "is missing: Slack sends people back to it after they agreed.",
            "Name the address under which browsers reach this server.",
        )


def _slack_transport(settings: Settings, role: Role) -> Iterable[Problem]:
    # Bolt accepts an empty signing secret at start and fails on the first request.
    if role == "http" and not settings.signing_secret:
        yield Problem(
            "SLACK_SIGNING_SECRET",
            "is missing: requests from Slack could not be told from forged ones.",
            "Copy it from Basic Information of the Slack app, "
            "or start with --socket, which needs none.",
        )
    if role == "socket" and not settings.app_token:
        yield Problem(
            "SLACK_APP_TOKEN",
            "is missing: Socket Mode needs it.",
            "Make one under App-Level Tokens with the scope connections:write.",
        )
    yield from _prefix("SLACK_APP_TOKEN", settings.app_token, "xapp-")


def _prefix(name: str, token: SecretStr | None, prefix: str) -> Iterable[Problem]:
    if token and not token.get_secret_value().startswith(prefix):
        yield Problem(
            name,
            f"does not begin with {prefix}, so it is another kind of token.",
            "Copy the right one from the Slack app's pages.",
        )


def _secret_keys(settings: Settings, _role: Role) -> Iterable[Problem]:
    make = "Make one with: hourlink keys new"
    if not settings.secret_keys:
        yield Problem("HOURLINK_SECRET_KEYS", "is missing: credentials are stored encrypted.", make)
    for number, key in enumerate(settings.secret_keys, start=1):
        try:
            Fernet(key.get_secret_value())
        except ValueError:
            yield Problem(
                "HOURLINK_SECRET_KEYS",
                f"key {number} is not a Fernet key (32 bytes, URL-safe base64, 44 characters).",
                make,
            )


def _database(settings: Settings, role: Role) -> Iterable[Problem]:
    name = "HOURLINK_DATABASE_URL"
    scheme, _, rest = settings.database.partition("://")
    if scheme == "postgresql+psycopg":
        return
    if scheme != "sqlite":
        yield Problem(
            name,
            "is neither SQLite nor PostgreSQL.",
            "Write sqlite:////path/to/file.db or postgresql://user:password@host/name.",
        )
        return
    if role == "worker":
        yield Problem(
            name,
            "is SQLite, where the web process does the background work.",
            "Start no worker, or use PostgreSQL.",
        )
    path = rest.partition("?")[0].removeprefix("/")
    if path in {"", ":memory:"}:
        yield Problem(
            name,
            "names no file, so everything would be lost at the end.",
            "Write sqlite:////path/to/file.db (four slashes before an absolute path).",
        )
    elif Path(path).is_dir():
        yield Problem(name, f"{path} is a folder.", "Name a file in it.")
    elif settings.database_url is not None and (reason := _unwritable(Path(path).parent)):
        yield Problem(name, reason, "Make the folder and let this user write to it.")


def _addresses(settings: Settings, _role: Role) -> Iterable[Problem]:
    for name, url in (
        ("HOURLINK_PUBLIC_URL", settings.public_url),
        ("SLACK_API_URL", settings.slack_api_url),
    ):
        if url is not None and not _is_web_address(url):
            yield Problem(
                name, "is not a web address.", "Write it whole, such as https://hourlink.acme.com."
            )


def _domains(settings: Settings, _role: Role) -> Iterable[Problem]:
    if wrong := unfurl_problem(settings.unfurl_domains):
        yield Problem(
            "HOURLINK_UNFURL_DOMAINS", wrong, "Write domains alone: jira.acme.com, asana.com."
        )


def unfurl_problem(domains: tuple[str, ...]) -> str | None:
    """Say what keeps Slack from taking these unfurl domains."""
    if len(domains) > MOST_UNFURL_DOMAINS:
        return f"has {len(domains)} domains; Slack takes {MOST_UNFURL_DOMAINS}."
    bad = [one for one in domains if not _DOMAIN.fullmatch(one)]
    return f"holds what is no domain: {', '.join(bad)}." if bad else None


def _folders(settings: Settings, _role: Role) -> Iterable[Problem]:
    if reason := _unwritable(settings.data_dir):
        yield Problem("HOURLINK_DATA_DIR", reason, "Choose a folder that this user can write to.")
    if settings.boards_dir is not None and not settings.boards_dir.is_dir():
        yield Problem(
            "HOURLINK_BOARDS_DIR",
            f"{settings.boards_dir} is not a folder.",
            "Make it, or leave the option out.",
        )


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _unwritable(folder: Path) -> str | None:
    """Say why nothing can be written in a folder; one that can still be made is fine."""
    standing = folder.absolute()
    while not standing.exists():
        standing = standing.parent
    if not standing.is_dir():
        return f"{standing} is not a folder."
    if not os.access(standing, os.W_OK | os.X_OK):
        return f"{standing} cannot be written to by this user."
    return None
