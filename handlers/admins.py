"""``/link admin``: who administers, naming one more, and taking that back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

from bot.domain.ids import MemberId, SlackUserId, TeamId
from bot.domain.people import Member
from bot.domain.people_errors import PersonNotFound
from bot.domain.slack_errors import SlackError
from bot.services.admins import Admins
from bot.services.invitations import Invitations
from bot.services.pool import Pool
from bot.views import admins as views
from handlers.asking import Click, Command, row_id
from handlers.grammar.link_values import NameAdmin, UserById, UserRef
from handlers.people import in_place
from handlers.replies import Ephemeral, Reply
from handlers.routes import Routes

Refresh: TypeAlias = Callable[[TeamId], Awaitable[None]]
"""Takes in everybody whom Slack lists in a workspace; raises SlackError."""


class AdminHandlers:
    """The command and its button."""

    def __init__(
        self, admins: Admins, invitations: Invitations, *, refresh_people: Refresh, pool: Pool
    ) -> None:
        self._admins = admins
        self._invitations = invitations
        self._refresh = refresh_people
        self._pool = pool

    def register(self, routes: Routes) -> None:
        """The button; the command comes through ``/link``."""
        routes.click(views.REMOVE, self.remove_clicked, admin=True)

    def command(self, ask: Command, command: NameAdmin) -> Reply | AsyncIterator[Reply]:
        """``/link admin [@x | remove @x]``."""
        if command.user is None:
            return Ephemeral(views.every(self._admins.every(ask.who)))
        return self._change(ask, command.user, remove=command.remove)

    async def _change(self, ask: Command, user: UserRef, *, remove: bool) -> AsyncIterator[Reply]:
        person = await self._person(ask.who, user)
        if remove:
            done = await self._pool(self._admins.remove, ask.who, person.id, ask.now)
            yield Ephemeral(views.removed(done))
        else:
            done = await self._pool(self._admins.name, ask.who, person.id, ask.now)
            yield Ephemeral(views.named(done))

    async def _person(self, who: Member, user: UserRef) -> Member:
        """Whom a mention or a name means; Slack's list is asked for who is new."""
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

    def remove_clicked(self, ask: Click) -> Reply:
        """*Remove*, beside somebody in the list."""
        self._admins.remove(ask.who, MemberId(row_id(ask.value)), ask.now)
        return in_place(ask, views.every(self._admins.every(ask.who)))
