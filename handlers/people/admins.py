"""``/link admin``: who administers, naming one more, and taking that back."""

from collections.abc import AsyncIterator

from bot.domain.ids import MemberId
from bot.services.people.admins import Admins
from bot.services.pool import Pool
from bot.views.people import admins as views
from handlers.asking import Click, Command, row_id
from handlers.grammar.link_values import NameAdmin, UserRef
from handlers.people.accounts import in_place
from handlers.replies import Ephemeral, Reply
from handlers.routes import Routes
from handlers.whom import Whom


class AdminHandlers:
    """The command and its button."""

    def __init__(self, admins: Admins, whom: Whom, pool: Pool) -> None:
        self._admins = admins
        self._whom = whom
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
        person = await self._whom.person(ask.who, user)
        if remove:
            done = await self._pool(self._admins.remove, ask.who, person.id, ask.now)
            yield Ephemeral(views.removed(done))
        else:
            done = await self._pool(self._admins.name, ask.who, person.id, ask.now)
            yield Ephemeral(views.named(done))

    def remove_clicked(self, ask: Click) -> Reply:
        """*Remove*, beside somebody in the list."""
        self._admins.remove(ask.who, MemberId(row_id(ask.value)), ask.now)
        return in_place(ask, views.every(self._admins.every(ask.who)))
