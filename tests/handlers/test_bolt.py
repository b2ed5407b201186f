"""Slack's own framework, as far as we change it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from handlers.bolt import Bolt, Switch


async def authorize(team_id: str, enterprise_id: str | None) -> AuthorizeResult:
    """Every team is installed, with a token of its own."""
    return AuthorizeResult(
        team_id=team_id, enterprise_id=enterprise_id, bot_token=f"xoxb-{team_id}"
    )


async def seen(kind: type[AsyncApp], *teams: str) -> list[AsyncBoltContext]:
    """What an app's listeners find beside a request of each team."""
    found: list[AsyncBoltContext] = []
    app = kind(
        client=AsyncWebClient(base_url="https://slack.test/api/"),
        authorize=authorize,
        request_verification_enabled=False,
    )

    @app.middleware
    async def look(
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt goes by the name
    ) -> BoltResponse:
        found.append(context)
        return await next()

    for team in teams:
        event = {"type": "app_home_opened", "user": "U1", "tab": "home"}
        body = {"type": "event_callback", "team_id": team, "event": event}
        request = AsyncBoltRequest(
            body=json.dumps(body), headers={"content-type": "application/json"}
        )
        await app.async_dispatch(request)
    return found


async def test_a_listener_finds_what_bolt_gives() -> None:
    """What a newer Bolt gives beside a request would reach nobody, did ours not follow."""
    (own,), (ours,) = await seen(AsyncApp, "T1"), await seen(Bolt, "T1")
    assert ours.keys() == own.keys()
    assert (ours.client.base_url, ours.client.token) == (own.client.base_url, own.client.token)


async def test_each_team_has_a_client_with_its_own_token() -> None:
    """An answer to one team never leaves with the token of another that asks meanwhile."""
    first, second = await seen(Bolt, "T1", "T2")
    assert (first.client.token, second.client.token) == ("xoxb-T1", "xoxb-T2")


async def test_what_nobody_listens_to_is_refused() -> None:
    """Slack tells whoever typed a command of another app that this one does not know it."""
    heard: list[str] = []

    async def command(ack: AsyncAck, body: Mapping[str, Any]) -> None:
        heard.append(body["command"])
        await ack("ok")

    app = Bolt(
        client=AsyncWebClient(), authorize=authorize, request_verification_enabled=False, name="t"
    )
    app.middleware(Switch(lambda body: command if body["command"] == "/track" else None))
    sent = [{"command": name, "team_id": "T1"} for name in ("/track", "/other")]
    answers = [
        await app.async_dispatch(AsyncBoltRequest(body=one, mode="socket_mode")) for one in sent
    ]
    assert [(one.status, heard) for one in answers] == [(200, ["/track"]), (404, ["/track"])]
