"""Slack: whose token it is, what it may do, whether both clocks agree, whether Slack gets in."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.manifest import EVENTS_PATH, INSTALL_PATH
from bot.manifest import scopes as wanted_scopes
from bot.one_workspace import granted_scopes
from bot.operating.findings import Finding, fine, unknown, warning, wrong
from bot.operating.unreached import why
from bot.services.operating.operating import Operating
from bot.services.vault import Vault
from bot.settings import Settings
from bot.slack_calls import REJECTED
from bot.views.words import counted

INTERNET = "Can this machine reach the internet, through a proxy perhaps (HTTPS_PROXY)?"

SLACK = "Slack"
TOKEN = "Slack token"  # noqa: S105 - a heading
TOKENS = "Slack tokens"
SCOPE = "Slack scopes"
CLOCK = "This machine's clock"
SOCKET = "Socket Mode"
ADDRESS = "Public address"

SKEW = timedelta(minutes=1)
"""From here on somebody should look."""

TOO_SKEWED = timedelta(minutes=5)
"""Slack's own limit: a request signed at another time counts as a replay, and we refuse it."""

NAMED = 5
"""Workspaces that are named one by one."""

ENDED = "token_expired"
"""Slack's word for a token that nobody needed for twelve hours; it is exchanged at its next use."""

ASKED = 50
"""Tokens about which Slack is asked; it counts calls by the minute."""

PATIENCE = aiohttp.ClientTimeout(total=10)


async def slack(settings: Settings, session: aiohttp.ClientSession, now: datetime) -> list[Finding]:
    """Asks Slack about the bot token, and about the app token where there is one."""
    client = AsyncWebClient(base_url=settings.slack_api_url, session=session, timeout=10)
    client.retry_handlers = []
    found = await (
        _reach(settings, client, now) if settings.client_id else _token(settings, client, now)
    )
    if settings.app_token is not None:
        found.append(await _socket(client, settings.app_token.get_secret_value()))
    return found


async def _reach(settings: Settings, client: AsyncWebClient, now: datetime) -> list[Finding]:
    """Where every workspace has a token of its own, Slack itself is all there is to ask."""
    try:
        answer = await client.api_test()
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
        says = f"{settings.slack_api_url} cannot be reached: {why(error)}."
        return [wrong(SLACK, says, INTERNET)]
    install = f"{(settings.public_url or '').rstrip('/')}{INSTALL_PATH}"
    headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
    return [
        fine(SLACK, f"It answers. Workspaces install Hourlink at {install}."),
        *clock(headers, now),
    ]


async def _token(settings: Settings, client: AsyncWebClient, now: datetime) -> list[Finding]:
    token = settings.bot_token.get_secret_value() if settings.bot_token else ""
    try:
        answer = await client.auth_test(token=token)
    except SlackApiError as error:
        word = str(error.response.get("error", "unknown"))
        mend = "Copy the Bot User OAuth Token again from OAuth & Permissions of the Slack app."
        return [wrong(TOKEN, f"Slack does not accept it ({word}).", mend)]
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        says = f"{settings.slack_api_url} cannot be reached: {why(error)}."
        return [wrong(TOKEN, says, INTERNET)]
    headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
    return [
        fine(TOKEN, f"It is the token of {answer.get('team')}, as {answer.get('user')}."),
        scopes(headers, unfurling=bool(settings.unfurl_domains)),
        *clock(headers, now),
    ]


def scopes(headers: Mapping[str, str], *, unfurling: bool) -> Finding:
    """Compares what the token may do with what the manifest asks for."""
    given = granted_scopes(headers)
    if not given:
        return unknown(SCOPE, "Slack did not say what the token may do.")
    missing = [name for name in wanted_scopes(unfurling=unfurling) if name not in given]
    if missing:
        return wrong(
            SCOPE,
            f"Missing: {', '.join(missing)}.",
            "Put the output of `hourlink manifest` into the Slack app's manifest, and install "
            "the app to the workspace again.",
        )
    return fine(SCOPE, "Everything that the manifest asks for.")


def workspaces(operating: Operating, settings: Settings) -> Finding:
    """The same for every workspace that installed Hourlink itself."""
    wanted = wanted_scopes(unfurling=bool(settings.unfurl_domains))
    short = operating.short_of_scopes(wanted)
    if not short:
        return fine(SCOPE, "Every workspace gave what the manifest asks for.")
    said = "; ".join(f"{name}: {', '.join(missing)}" for name, missing in short[:NAMED])
    more = f"; and {len(short) - NAMED} more" if len(short) > NAMED else ""
    install = f"{(settings.public_url or '').rstrip('/')}{INSTALL_PATH}"
    return warning(
        SCOPE,
        f"Missing in {counted(len(short), 'workspace')}: {said}{more}.",
        "Put the output of `hourlink manifest` into the Slack app's manifest. Admins of these "
        f"workspaces are asked in Slack to add Hourlink again, at {install}.",
    )


async def tokens(
    operating: Operating, vault: Vault, settings: Settings, session: aiohttp.ClientSession
) -> list[Finding]:
    """Whether Slack takes the tokens of workspaces that installed Hourlink themselves."""
    found = operating.slack_tokens(vault)[:ASKED]
    client = AsyncWebClient(base_url=settings.slack_api_url, session=session, timeout=10)
    client.retry_handlers = []
    words = await asyncio.gather(*(_rejection(client, token) for _, token in found))
    refused = [(name, word) for (name, _), word in zip(found, words, strict=True) if word]
    if not refused:
        return [fine(TOKENS, f"Slack accepts {counted(len(found), 'of them')}.")] if found else []
    said = ", ".join(f"{name} ({word})" for name, word in refused[:NAMED])
    more = f"; and {len(refused) - NAMED} more" if len(refused) > NAMED else ""
    install = f"{(settings.public_url or '').rstrip('/')}{INSTALL_PATH}"
    return [
        wrong(
            TOKENS,
            f"Slack does not accept those of {counted(len(refused), 'workspace')}: {said}{more}.",
            f"If they still want Hourlink, an admin of each installs it again, at {install}.",
        )
    ]


async def _rejection(client: AsyncWebClient, token: str) -> str | None:
    """Slack's word for why it does not accept a token; None where it does, or does not say."""
    try:
        await client.auth_test(token=token)
    except SlackApiError as error:
        word = str(error.response.get("error", "unknown"))
        return word if word in REJECTED - {ENDED} else None
    except (aiohttp.ClientError, TimeoutError, OSError):
        return None
    return None


def clock(headers: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """Compares this machine's clock with Slack's answer."""
    try:
        theirs = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return
    off = abs(now - theirs)
    seconds = round(off.total_seconds())
    mend = "Let it be set by NTP, for example with systemd-timesyncd or chrony."
    if off > TOO_SKEWED:
        says = f"It is {seconds} seconds off: Slack's requests look like replays and are refused."
        yield wrong(CLOCK, says, mend)
    elif off > SKEW:
        yield warning(CLOCK, f"It is {seconds} seconds off.", mend)
    else:
        yield fine(CLOCK, "It agrees with Slack's.")


async def _socket(client: AsyncWebClient, token: str) -> Finding:
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        return wrong(
            SOCKET,
            f"Slack does not accept the app token ({error.response.get('error', 'unknown')}).",
            "Make one under App-Level Tokens with the scope connections:write, and switch "
            "Socket Mode on in the Slack app.",
        )
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return unknown(SOCKET, f"Slack cannot be reached: {why(error)}.")
    return fine(SOCKET, "Slack opens a connection.")


async def public_address(settings: Settings, session: aiohttp.ClientSession) -> list[Finding]:
    """Knocks at the public address as Slack does, without a signature: it must be refused."""
    if settings.public_url is None:
        return []
    url = f"{settings.public_url.rstrip('/')}{EVENTS_PATH}"
    running = "Is `hourlink serve` running, and does the proxy hand requests on to it?"
    try:
        async with session.post(url, data="doctor", timeout=PATIENCE) as answer:
            status, text = answer.status, (await answer.content.read(200)).decode(errors="replace")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        says = f"{url} cannot be reached from here: {why(error)}."
        return [wrong(ADDRESS, says, running)]
    if status == 401 and "timestamp" in text:  # noqa: PLR2004 - HTTP's own number
        return [fine(ADDRESS, f"{url} leads to Hourlink.")]
    says = f"{url} answers with {status}, and not as Hourlink does."
    return [wrong(ADDRESS, says, running)]
