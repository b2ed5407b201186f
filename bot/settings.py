"""Every option of Hourlink, its default and its meaning; read from the environment at boot."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.operating.limits import Kind
from bot.domain.sync.pacing import Allowance
from bot.integrations.oauth import ToolClients
from bot.integrations.tool_clients import Entry, clients_of, entry
from bot.settings_slips import mend, wrong

Role = Literal["http", "socket", "worker"]
"""What a process is started for: web over HTTP, web with Socket Mode, or background work only."""

SECRETS_DIR = "HOURLINK_SECRETS_DIR"

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
    syncs_at_once: int = Field(
        default=4,
        ge=1,
        le=16,
        validation_alias="HOURLINK_SYNCS_AT_ONCE",
        description="Tools that one worker reads at the same time (PostgreSQL). It mostly waits "
        "for them, so with [many teams](scale.md) more spare workers, and take more memory.",
    )
    boards_dir: Path | None = Field(
        default=None,
        validation_alias="HOURLINK_BOARDS_DIR",
        description="Folder whose sub-folders of CSV files may be connected as boards. "
        "Unset: the board provider finds nothing to connect.",
    )
    tool_clients: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_words)] = Field(
        default=(),
        validation_alias="HOURLINK_TOOL_CLIENTS",
        description="Tools at whose own page people sign in instead of pasting a key: "
        "`asana:client-id:client-secret`, separated by commas. Register Hourlink there with "
        "`/sign-in/back` below the public address as the address to come back to. For Redmine the "
        "server's address follows: `redmine:client-id:client-secret:https://redmine.example.com`.",
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
    member_requests: int = Field(
        default=240,
        ge=0,
        validation_alias="HOURLINK_MEMBER_REQUESTS",
        description="What one person may do in Slack within a minute: commands, clicks, forms, "
        "searches. Each web process counts for itself. 0: no limit.",
    )
    team_requests: int = Field(
        default=6000,
        ge=0,
        validation_alias="HOURLINK_TEAM_REQUESTS",
        description="The same of a whole workspace together. 0: no limit.",
    )
    member_resyncs: int = Field(
        default=60,
        ge=0,
        validation_alias="HOURLINK_MEMBER_RESYNCS",
        description="Resyncs that one person may ask for within an hour. 0: no limit.",
    )
    member_exports: int = Field(
        default=60,
        ge=0,
        validation_alias="HOURLINK_MEMBER_EXPORTS",
        description="Files and pictures of reports, and files of the audit log, that one person "
        "may ask for within an hour. 0: no limit.",
    )
    member_invitations: int = Field(
        default=60,
        ge=0,
        validation_alias="HOURLINK_MEMBER_INVITATIONS",
        description="How often one person may ask others to connect within an hour, however many "
        "at once. 0: no limit.",
    )
    retention_days: int | None = Field(
        default=None,
        ge=0,
        validation_alias="HOURLINK_RETENTION_DAYS",
        description="Days for which the data of a workspace that removed Hourlink are kept; "
        "installed again until then, everything is there. After that they are erased. "
        "Unset: kept.",
    )
    audit_days: int | None = Field(
        default=None,
        ge=1,
        validation_alias="HOURLINK_AUDIT_DAYS",
        description="Days for which a line of the audit log is kept. Unset: for ever.",
    )
    secrets_dir: Path | None = Field(
        default=None,
        validation_alias=SECRETS_DIR,
        description="Folder with files named like these variables, each holding one's value: "
        "secrets of containers (`/run/secrets`) and of systemd. A variable that is set goes first.",
    )
    data_dir: Path = Field(
        default=Path("data"),
        validation_alias="HOURLINK_DATA_DIR",
        description="Folder for what Hourlink keeps itself, the SQLite database among it.",
    )
    clock_url: str | None = Field(
        default=None,
        validation_alias="HOURLINK_CLOCK_URL",
        description="For demonstrations only: an address that tells the time as "
        '`{"now": 1764240000.0, "frozen": false}`, in seconds since 1970, followed instead of '
        "this machine's clock.",
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

    @model_validator(mode="before")
    @classmethod
    def _without_empty_files(cls, found: dict[str, Any]) -> dict[str, Any]:
        """An empty file of a secret counts as unset, as an empty variable does."""
        return {name: value for name, value in found.items() if value != ""}

    @property
    def clients(self) -> ToolClients:
        """Hourlink as the tools know it, by the adapters' slugs."""
        return clients_of(self.client_entries)

    @property
    def client_entries(self) -> list[Entry]:
        """The same as it stands there."""
        return [entry(client.get_secret_value()) for client in self.tool_clients]

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
    """Goes on after the setting's name: ``is missing.``."""
    mend: str

    def __str__(self) -> str:
        return f"{self.setting} {self.wrong} {self.mend}"


class SettingsInvalidError(Exception):
    """The environment holds values that cannot be read at all."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def load() -> Settings:
    """Read the environment; raises SettingsInvalidError with every unreadable value in it."""
    folder = os.environ.get(SECRETS_DIR) or None
    if folder is not None and not Path(folder).is_dir():
        gone = Problem(
            SECRETS_DIR, f"names {folder}, which is no folder.", "Make it, or leave it out."
        )
        raise SettingsInvalidError((gone,))
    own: dict[str, Any] = {"_secrets_dir": folder}  # pydantic's, unknown to type checkers
    try:
        return Settings(**own)
    except ValidationError as error:
        # The value itself is left out: it may be half a secret.
        raise SettingsInvalidError(
            tuple(
                _unread(str(e["loc"][0]), wrong(e["type"], e.get("ctx", {}), e["msg"]))
                for e in error.errors(include_input=False, include_url=False)
            )
        ) from None


def _unread(name: str, wrong: str) -> Problem:
    fields = {str(f.validation_alias): f for f in Settings.model_fields.values()}
    return Problem(name, wrong, mend(fields[name].get_default()))


def limits_of(settings: Settings) -> dict[Kind, Allowance]:
    """How often somebody may ask for what; all of it at once, and then evenly."""
    minute, hour = 60, 3600
    every = {
        Kind.REQUEST: (settings.member_requests, minute),
        Kind.TEAM: (settings.team_requests, minute),
        Kind.RESYNC: (settings.member_resyncs, hour),
        Kind.EXPORT: (settings.member_exports, hour),
        Kind.INVITATION: (settings.member_invitations, hour),
    }
    return {
        kind: Allowance(most, most / seconds) for kind, (most, seconds) in every.items() if most
    }


def options() -> list[tuple[str, str, str]]:
    """Name, default and meaning of every option, in the order of the class."""
    rows = []
    for field in Settings.model_fields.values():
        default = field.get_default()
        shown = "" if default is None or default == () else str(default)
        rows.append((str(field.validation_alias), shown, str(field.description)))
    return rows
