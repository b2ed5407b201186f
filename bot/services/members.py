"""Knowing who is asking."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.ids import SlackUserId, TeamId
from bot.domain.people import Member, SlackPerson
from storage import members, teams
from storage.unit_of_work import UnitOfWork


class Members:
    """Slack people as members of a team."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def find(self, team_id: TeamId, user_id: SlackUserId) -> tuple[Member, datetime] | None:
        """The member and when Slack was last asked about them; None for a stranger."""
        with self._uow.read() as tx:
            member = members.by_slack_id(tx, team_id, user_id)
            asked = members.refreshed_at(tx, team_id, user_id)
        return None if member is None or asked is None else (member, asked)

    def save(self, team_id: TeamId, person: SlackPerson, now: datetime) -> Member | None:
        """Takes in what Slack says about a person; None for a bot, who is nobody's member."""
        if person.is_bot:
            return None
        with self._uow.begin() as tx:
            members.save(tx, team_id, person, now)
            return members.by_slack_id(tx, team_id, person.user_id)

    def save_many(self, team_id: TeamId, people: Iterable[SlackPerson], now: datetime) -> None:
        """Takes in the whole list of people that Slack gives, without its bots."""
        with self._uow.begin() as tx:
            members.save_many(tx, team_id, [one for one in people if not one.is_bot], now)

    def installed(self, team_id: TeamId, *, name: str, bot_user_id: str, now: datetime) -> None:
        """Remembers that the team has Hourlink."""
        with self._uow.begin() as tx:
            teams.save_installed(tx, team_id, name=name, bot_user_id=bot_user_id, now=now)

    def uninstalled(self, team_id: TeamId, now: datetime) -> None:
        """Stops all work for the team; its time stays."""
        with self._uow.begin() as tx:
            teams.mark_uninstalled(tx, team_id, now)
