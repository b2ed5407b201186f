"""Installing over OAuth: Slack's own flow, from its SDK, over our tables and with our pages."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urljoin

import aiohttp
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot import install_pages
from bot.domain.clock import Clock
from bot.domain.errors import Busy
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.operating.installations import Installation
from bot.domain.slack_errors import SlackTryLater, TokenRejected
from bot.manifest import INSTALL_PATH, REDIRECT_PATH, scopes
from bot.many_workspaces import Rotate
from bot.pages import HEADERS
from bot.services.operating.install_states import InstallStates
from bot.services.operating.installations import Installations
from bot.services.pool import Pool
from bot.settings import Settings


class _States(AsyncOAuthStateStore):
    """Each state is good once, for ten minutes; making one writes nothing."""

    def __init__(
        self, states: InstallStates, installations: Installations, pool: Pool, clock: Clock
    ) -> None:
        self._states = states
        self._installations = installations
        self._pool = pool
        self._clock = clock

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        del args, kwargs
        return self._states.make(secrets.token_hex(16), self._clock())

    async def async_consume(self, state: str) -> bool:
        ends = self._states.ends(state, self._clock())
        return ends is not None and await self._pool(self._installations.use_state, state, ends)


class _Store(AsyncInstallationStore):
    """Keeps what Slack's flow brings; the bot's part alone, for no person's token is asked."""

    def __init__(
        self,
        installations: Installations,
        pool: Pool,
        clock: Clock,
        installed: Callable[[TeamId | None], None],
    ) -> None:
        self._installations = installations
        self._pool = pool
        self._clock = clock
        self._installed = installed

    async def async_save(self, installation: SlackInstallation) -> None:
        ours = _ours(installation)
        await self._pool(self._installations.save, ours, self._clock())
        self._installed(ours.team_id)


class _Flow(AsyncOAuthFlow):
    """Slack's flow with our first page."""

    kept_days: int | None = None
    """How long data outlive a removal."""

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        del request
        return install_pages.invitation(url, self.settings.scopes or (), self.kept_days)


def install_routes(
    settings: Settings,
    installations: Installations,
    pool: Pool,
    client: AsyncWebClient,
    clock: Clock,
    *,
    installed: Callable[[TeamId | None], None],
) -> list[Route]:
    """``GET /slack/install`` and where Slack sends people back to.

    Args:
        settings: With client id, client secret and public address.
        installations: Where it is kept.
        pool: Where services run.
        client: Talks to Slack.
        clock: The time.
        installed: Told which workspace it was; None for a whole organisation.
    """
    states = InstallStates([key.get_secret_value() for key in settings.secret_keys])
    flow = _Flow(
        client=client,
        settings=AsyncOAuthSettings(
            client_id=settings.client_id,
            client_secret=_secret(settings),
            scopes=list(scopes(unfurling=bool(settings.unfurl_domains))),
            redirect_uri=f"{(settings.public_url or '').rstrip('/')}{REDIRECT_PATH}",
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            authorization_url=urljoin(settings.slack_api_url, "/oauth/v2/authorize"),
            installation_store=_Store(installations, pool, clock, installed),
            installation_store_bot_only=True,
            state_store=_States(states, installations, pool, clock),
            callback_options=AsyncCallbackOptions(success=_succeeded, failure=_failed),
        ),
    )

    flow.kept_days = settings.retention_days

    async def install(request: Request) -> Response:
        asked = to_async_bolt_request(request, await request.body())
        answer = to_starlette_response(await flow.handle_installation(asked))
        answer.headers.update(HEADERS)
        return answer

    async def come_back(request: Request) -> Response:
        asked = to_async_bolt_request(request, await request.body())
        try:
            return to_starlette_response(await flow.handle_callback(asked))
        except Busy:
            return HTMLResponse(install_pages.cut_off(INSTALL_PATH), 503, headers=HEADERS)

    return [
        Route(INSTALL_PATH, install, methods=["GET"]),
        Route(REDIRECT_PATH, come_back, methods=["GET"]),
    ]


def rotation(settings: Settings, client: AsyncWebClient, clock: Clock) -> Rotate:
    """How a token is exchanged at Slack before it ends."""

    async def rotate(one: Installation) -> Installation:
        try:
            answer = await client.oauth_v2_access(
                client_id=settings.client_id or "",
                client_secret=_secret(settings),
                grant_type="refresh_token",
                refresh_token=one.refresh_token,
            )
        except SlackApiError as error:
            if error.response.get("error") == "ratelimited":
                raise SlackTryLater(retry_after=30) from error
            raise TokenRejected(str(error.response.get("error", "unknown"))) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackTryLater(retry_after=5) from error
        return replace(
            one,
            token=str(answer["access_token"]),
            refresh_token=str(answer["refresh_token"]),
            expires_at=clock() + timedelta(seconds=int(answer["expires_in"])),
        )

    return rotate


async def _succeeded(args: AsyncSuccessArgs) -> BoltResponse:
    one = args.installation
    page = install_pages.welcome(
        name=one.team_name or one.enterprise_name or "Slack",
        app_id=one.app_id or "",
        team_id=one.team_id,
    )
    return BoltResponse(status=200, body=page, headers=_headers(args.settings))


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    page = install_pages.failure(args.reason, INSTALL_PATH)
    headers = _headers(args.settings)
    return BoltResponse(status=args.suggested_status_code, body=page, headers=headers)


def _headers(settings: AsyncOAuthSettings) -> dict[str, str | Sequence[str]]:
    return {
        **HEADERS,
        "Content-Type": "text/html; charset=utf-8",
        "Set-Cookie": settings.state_utils.build_set_cookie_for_deletion(),
    }


def _secret(settings: Settings) -> str:
    return settings.client_secret.get_secret_value() if settings.client_secret else ""


def _ours(theirs: SlackInstallation) -> Installation:
    ends = theirs.bot_token_expires_at
    return Installation(
        team_id=None if theirs.is_enterprise_install else TeamId(str(theirs.team_id)),
        enterprise_id=theirs.enterprise_id,
        name=(theirs.enterprise_name if theirs.is_enterprise_install else theirs.team_name) or "",
        bot_id=theirs.bot_id or "",
        bot_user_id=theirs.bot_user_id or "",
        scopes=tuple(theirs.bot_scopes or ()),
        installed_by=SlackUserId(theirs.user_id),
        token=theirs.bot_token or "",
        refresh_token=theirs.bot_refresh_token,
        expires_at=None if ends is None else datetime.fromtimestamp(ends).astimezone(),
    )
