"""The one workspace of a token in the environment, before a Slack that answers over HTTP."""

import asyncio
from datetime import datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.ids import TeamId
from bot.workspace import Identity, OneWorkspace
from tests.builders import NOON
from tests.http_server import Say, in_turn, serving

ACME = TeamId("T0ACME")
ACCEPTED = Say(body={"ok": True, "team_id": ACME, "team": "Acme", "user_id": "U0BOT"})


@pytest.mark.parametrize(
    ("removed", "ends"),
    [
        (NOON - timedelta(hours=1), []),
        (NOON, [ACME]),
        (NOON + timedelta(seconds=1), [ACME]),
    ],
)
async def test_a_removal_from_before_the_token_was_accepted_ends_nothing(
    removed: datetime, ends: list[TeamId]
) -> None:
    """Slack repeats for hours what it could not deliver; people's keys would be lost with it."""
    ended: list[TeamId] = []

    async def learned(_: Identity) -> None:
        """Of no interest here."""

    async def end(team_id: TeamId) -> None:
        ended.append(team_id)

    async with serving(in_turn(ACCEPTED)) as slack:
        client = AsyncWebClient(base_url=f"{slack.url}/")
        one = OneWorkspace(
            client,
            "xoxb-x",
            learned=learned,
            ended=end,
            clock=lambda: NOON,
            sleep=asyncio.sleep,
        )
        assert await one.token(ACME) == "xoxb-x"
        await one.forget(ACME, None, removed)
    assert ended == ends
