"""What would stop a process from working with these settings, and how to mend it."""

import os
import re
import ssl
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.integrations.proxies import unusable_proxies
from bot.integrations.tool_clients import slips_in
from bot.integrations.trust import trust_also
from bot.settings import Problem, Role, Settings, options

MOST_UNFURL_DOMAINS = 5
"""Slack's own limit."""

BESIDE = frozenset({"HOURLINK_DEMO_DIR"})
"""Variables that are read, but are no setting."""

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)


def problems(settings: Settings, role: Role) -> list[Problem]:
    """Say what would stop a process of this role from working, most basic first."""
    checks: tuple[Callable[[Settings, Role], Iterable[Problem]], ...] = (
        _slack_access,
        _slack_transport,
        _secret_keys,
        _database,
        _addresses,
        _ports,
        _authorities,
        _proxies,
        _tool_clients,
        _domains,
        _folders,
    )
    return [problem for check in checks for problem in check(settings, role)]


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
                f"holds what is no Fernet key (44 characters), in place {number}.",
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
        yield Problem(name, f"names {path}, which is a folder.", "Name a file in it.")
    elif settings.database_url is not None and (reason := _unwritable(Path(path).parent)):
        yield Problem(name, reason, "Make the folder and let this user write to it.")


def _addresses(settings: Settings, _role: Role) -> Iterable[Problem]:
    for name, url in (
        ("HOURLINK_PUBLIC_URL", settings.public_url),
        ("SLACK_API_URL", settings.slack_api_url),
        ("HOURLINK_CLOCK_URL", settings.clock_url),
    ):
        if url is not None and not _is_web_address(url):
            yield Problem(
                name, "is not a web address.", "Write it whole, such as https://hourlink.acme.com."
            )


def _ports(settings: Settings, role: Role) -> Iterable[Problem]:
    # A worker takes no requests, so nothing of it is at HOURLINK_PORT.
    if role != "worker" and settings.port and settings.port == settings.metrics_port:
        yield Problem(
            "HOURLINK_METRICS_PORT",
            "is the port that Slack's requests come in at, HOURLINK_PORT.",
            "Choose another one, which strangers cannot reach.",
        )


def _authorities(settings: Settings, _role: Role) -> Iterable[Problem]:
    usual = os.environ.get("SSL_CERT_FILE")
    named = {
        "HOURLINK_PROVIDER_CA_FILE": settings.provider_ca_file,
        "SSL_CERT_FILE": Path(usual) if usual else None,
    }
    for name, file in named.items():
        try:
            if file is not None:
                trust_also(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), file)
        except ValueError:
            yield Problem(
                name,
                f"names {file}, which holds no certificates that can be read.",
                "Name a PEM file that this user can read.",
            )


def _proxies(settings: Settings, _role: Role) -> Iterable[Problem]:
    # Without private addresses no proxy is asked, for it could lead to them.
    for name in unusable_proxies() if settings.provider_private_addresses else ():
        yield Problem(
            name,
            "is not the address of an HTTP proxy.",
            "Write it whole, such as http://proxy.acme.com:3128, or unset it.",
        )


def _tool_clients(settings: Settings, _role: Role) -> Iterable[Problem]:
    for slip in slips_in(settings.client_entries):
        yield Problem("HOURLINK_TOOL_CLIENTS", slip.wrong, slip.mend)
    if settings.tool_clients and settings.public_url is None:
        yield Problem(
            "HOURLINK_PUBLIC_URL",
            "is missing: tools send people back to it after they signed in there.",
            "Name the address under which browsers reach this server.",
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


def manifest_problem(public_url: str) -> str | None:
    """Say what keeps Slack from taking this address in a manifest."""
    if not _is_web_address(public_url) or urlsplit(public_url).scheme != "https":
        return "is not an address with https, which Slack asks for: https://hourlink.acme.com."
    return None


def unknown_names(names: Iterable[str]) -> Iterable[Problem]:
    """Say which of the environment's variables look like settings and are none."""
    known = {name for name, _, _ in options()} | BESIDE
    for name in sorted(names):
        if name.startswith("HOURLINK_") and name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.8)
            mend = f"Is {near[0]} meant?" if near else "docs/settings.md lists what there is."
            yield Problem(name, "is no setting, and does nothing.", mend)


def _folders(settings: Settings, _role: Role) -> Iterable[Problem]:
    if reason := _unwritable(settings.data_dir):
        yield Problem("HOURLINK_DATA_DIR", reason, "Choose a folder that this user can write to.")
    if settings.boards_dir is not None and not settings.boards_dir.is_dir():
        yield Problem(
            "HOURLINK_BOARDS_DIR",
            f"names {settings.boards_dir}, which is no folder.",
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
        return f"is below {standing}, which is no folder."
    if not os.access(standing, os.W_OK | os.X_OK):
        return f"is in {standing}, which this user cannot write to."
    return None
