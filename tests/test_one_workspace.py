"""The one workspace of a token in the environment, before a Slack that answers over HTTP."""

import asyncio
from datetime import datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.domain.ids import TeamId
from bot.domain.slack_errors import SlackTryLater, TokenRejected
from bot.one_workspace import Identity, OneWorkspace
from tests.builders import NOON
from tests.http_server import Say, in_turn, serving

ACME = TeamId("T0ACME")
ACCEPTED = Say(body={"ok": True, "team_id": ACME, "team": "Acme", "user_id": "U0BOT"})


def _watched(url: str, ended: list[TeamId]) -> OneWorkspace:
    """The one of a token, which writes down for whom work ends."""

    async def learned(_: Identity) -> None:
        """Of no interest here."""

    async def end(team_id: TeamId) -> None:
        ended.append(team_id)

    return OneWorkspace(
        AsyncWebClient(base_url=f"{url}/"),
        "xoxb-x",
        learned=learned,
        ended=end,
        clock=lambda: NOON,
        sleep=asyncio.sleep,
    )


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
    async with serving(in_turn(ACCEPTED)) as slack:
        one = _watched(slack.url, ended)
        assert await one.token(ACME) == "xoxb-x"
        await one.forget(ACME, None, removed)
    assert ended == ends


async def test_a_token_that_slack_takes_no_more_ends_the_work() -> None:
    """Whoever asks for it is told why; Slack is asked anew, for it may be mended there."""
    ended: list[TeamId] = []
    dead = Say(body={"ok": False, "error": "account_inactive"})
    async with serving(in_turn(ACCEPTED, dead, ACCEPTED)) as slack:
        one = _watched(slack.url, ended)
        assert await one.token(ACME) == "xoxb-x"
        await one.lose(ACME, "xoxb-x")
        with pytest.raises(TokenRejected):
            await one.token(ACME)
        assert await one.token(ACME) == "xoxb-x"
    assert ended == [ACME]


async def test_an_outage_of_slack_is_logged_once_with_its_reason() -> None:
    """An hour of it would be 720 lines; the end of it is a line, too."""
    waits: list[float] = []

    async def learned(_: Identity) -> None:
        """Of no interest here."""

    async def end(_: TeamId) -> None:
        """Of no interest here."""

    async with serving(in_turn(ACCEPTED)) as slack:
        client = AsyncWebClient(base_url="http://127.0.0.1:9/")

        async def sleep(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                client.base_url = f"{slack.url}/"

        one = OneWorkspace(
            client, "xoxb-x", learned=learned, ended=end, clock=lambda: NOON, sleep=sleep
        )
        with capture_logs() as logged:
            await one.introduce()
    assert [line["event"] for line in logged] == ["slack_unreachable", "installed"]
    assert "127.0.0.1:9" in logged[0]["error"]
    assert len(waits) == 3


async def test_who_asks_while_slack_cannot_be_reached_is_told_to_come_again() -> None:
    """Whose the token is may not be known yet; that is no fault of Hourlink's."""
    one = _watched("http://127.0.0.1:9", [])
    with pytest.raises(SlackTryLater):
        await one.authorize("T0ACME", None)
