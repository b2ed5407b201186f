"""Whose requests are answered: the port of ``one_workspace`` and ``many_workspaces``."""

from datetime import datetime
from typing import Protocol

from slack_bolt.authorization import AuthorizeResult

from bot.domain.ids import TeamId


class Workspaces(Protocol):
    """For whom this server works, and with which tokens."""

    async def introduce(self) -> None:
        """Learns what has to be known before the first request; ends when that is known."""

    async def token(self, team_id: TeamId) -> str:
        """The bot token of a team.

        Raises:
            TeamNotInstalled: it has none.
            TokenRejected: Slack does not accept it.
            SlackTryLater: it cannot be told now.
        """

    async def authorize(
        self, team_id: str | None, enterprise_id: str | None
    ) -> AuthorizeResult | None:
        """Bolt's question whether a request's team is ours; None refuses it."""

    async def forget(self, team_id: TeamId, organisation: str | None, at: datetime) -> None:
        """A workspace removed Hourlink, or the whole organisation that is named: work stops.

        Args:
            team_id: The workspace that Slack told of it.
            organisation: The one that removed it everywhere.
            at: When that was, to the second.
        """

    async def lose(self, team_id: TeamId, token: str | None) -> None:
        """Slack takes a team's token no more, and will not again: work stops.

        Args:
            team_id: The team.
            token: The one that Slack refused; None where there was none to try. Another one that
                came in its place meanwhile keeps the team.
        """
