"""Whom a mention or a typed name means."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot.domain.ids import SlackUserId, TeamId
from bot.domain.people.people import Member
from bot.domain.people.people_errors import PersonNotFound
from bot.domain.slack_errors import SlackError
from bot.services.people.invitations import Invitations
from bot.services.pool import Pool
from handlers.grammar.link_values import UserById, UserRef

Refresh: TypeAlias = Callable[[TeamId], Awaitable[None]]
"""Takes in everybody whom Slack lists in a workspace; raises SlackError."""


class Whom:
    """People of the workspace, by what admins type."""

    def __init__(self, invitations: Invitations, refresh: Refresh, pool: Pool) -> None:
        self._invitations = invitations
        self._refresh = refresh
        self._pool = pool

    async def person(self, who: Member, user: UserRef) -> Member:
        """The one who is meant; Slack's list is asked for who is new.

        Raises:
            AdminOnly: who asks is none.
            PersonNotFound: nobody, or more than one person, is called that.
        """
        try:
            return await self._pool(self._known, who, user)
        except PersonNotFound as unknown:
            if unknown.matches:
                raise
            try:
                await self._refresh(who.team_id)
            except SlackError:
                raise unknown from None
            return await self._pool(self._known, who, user)

    def _known(self, who: Member, user: UserRef) -> Member:
        if isinstance(user, UserById):
            found = self._invitations.find(who, [SlackUserId(user.user_id)], [])
        else:
            found = self._invitations.find(who, [], [user.name])
        if not found:
            raise PersonNotFound("")
        return found[0]
