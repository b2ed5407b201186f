"""A token that Slack takes no more: believed after an hour, and only for words that are final."""

from datetime import datetime, timedelta

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.domain.ids import TeamId
from bot.domain.slack_errors import TokenRejected
from bot.rejections import PATIENCE, Rejections
from bot.slack import Slack
from bot.slack_calls import Calls
from tests.builders import NOON
from tests.http_server import Answering, Say, in_turn, serving

TEAM = TeamId("T1")
GONE = Say(body={"ok": False, "error": "account_inactive"})
HIDDEN = Say(body={"ok": False, "error": "invalid_auth"})
FINE = Say(body={"ok": True, "channel": "C1", "permalink": "x"})


class Desk:
    """Calls to Slack at moments of a test's choice."""

    def __init__(self) -> None:
        self.now = NOON
        self.token = "xoxb-1"
        self.lost: list[tuple[TeamId, str | None]] = []

    async def calls(self, answers: Answering, *moments: datetime) -> None:
        """One call at each moment."""
        async with serving(answers) as server, aiohttp.ClientSession() as session:
            rejections = Rejections(self.lose, lambda: self.now)
            slack = Slack(Calls(server.url, self.find, session, rejections))
            for self.now in moments:
                try:
                    await slack.permalink(TEAM, "C1", "1.1")
                except TokenRejected:
                    continue

    async def find(self, team_id: TeamId) -> str:
        """The team's token."""
        assert team_id == TEAM
        return self.token

    async def lose(self, team_id: TeamId, token: str | None) -> None:
        """Notes who is given up."""
        self.lost.append((team_id, token))


async def test_a_token_that_is_refused_for_an_hour_is_lost() -> None:
    """Nothing tells of a removal while the server is down for long enough."""
    desk = Desk()
    with capture_logs() as logged:
        await desk.calls(in_turn(GONE, GONE, GONE), NOON, NOON + PATIENCE / 2, NOON + PATIENCE)
    assert desk.lost == [(TEAM, "xoxb-1")]
    assert [(one["event"], one["code"]) for one in logged] == [
        ("slack_token_rejected", "account_inactive")
    ]


@pytest.mark.parametrize(
    "answers",
    [
        (GONE, FINE, GONE),
        (GONE, GONE, HIDDEN),
        (GONE, HIDDEN, GONE),
        (HIDDEN, HIDDEN, GONE),
        (HIDDEN,) * 3,
    ],
)
async def test_what_may_be_mended_loses_nothing(answers: tuple[Say, ...]) -> None:
    """An outage of Slack's, or a list of addresses that ours is not on: keys would be lost."""
    desk = Desk()
    moments = NOON, NOON + PATIENCE / 2, NOON + PATIENCE * 2
    await desk.calls(in_turn(*answers), *moments)
    assert desk.lost == []


async def test_an_hour_counts_anew_for_another_token() -> None:
    """The workspace came back meanwhile, and something went wrong again."""
    desk = Desk()
    async with serving(in_turn(GONE, GONE)) as server, aiohttp.ClientSession() as session:
        rejections = Rejections(desk.lose, lambda: desk.now)
        slack = Slack(Calls(server.url, desk.find, session, rejections))
        for desk.token, desk.now in (("xoxb-1", NOON), ("xoxb-2", NOON + timedelta(hours=3))):
            with pytest.raises(TokenRejected):
                await slack.permalink(TEAM, "C1", "1.1")
    assert desk.lost == []
