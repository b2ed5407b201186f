"""Who belongs to projects and who manages them."""

from collections.abc import AsyncIterator

from bot.domain.errors import AdminOnly
from bot.domain.ids import MemberId, ProjectId
from bot.domain.people.people import Member
from bot.services.pool import Pool
from bot.services.projects.people import ProjectPeople
from bot.views.projects import people as views
from handlers.asking import Click, Command, row_id
from handlers.grammar.link_values import NameManager
from handlers.replies import Ephemeral, Reply, Update
from handlers.routes import Routes
from handlers.whom import Whom


class ProjectPeopleHandlers:
    """What admins decide by hand."""

    def __init__(self, people: ProjectPeople, whom: Whom, pool: Pool) -> None:
        self._people = people
        self._whom = whom
        self._pool = pool

    def register(self, routes: Routes) -> None:
        """Buttons; the command comes through ``/link``."""
        routes.click(views.MANAGER, self.manager_picked, admin=True)

    async def manager(self, ask: Command, command: NameManager) -> AsyncIterator[Reply]:
        """``/link manager [remove] @x "Project"``."""
        if not ask.who.is_admin:
            raise AdminOnly
        person = await self._whom.person(ask.who, command.user)
        yield await self._pool(self._manager, ask, command, person)

    def _manager(self, ask: Command, command: NameManager, person: Member) -> Reply:
        wish = self._people.find(
            who=ask.who, person=person, ref=command.project, remove=command.remove
        )
        if len(wish.projects) > 1:
            return Ephemeral(views.which_project(wish))
        done = self._people.set_manager(
            who=ask.who,
            member_id=person.id,
            project_id=wish.projects[0].id,
            manages=not command.remove,
            now=ask.now,
        )
        return Ephemeral(views.manager_changed(done))

    def manager_picked(self, ask: Click) -> Reply:
        """One of several projects that were meant."""
        project, _, rest = ask.value.partition(":")
        member, _, manages = rest.partition(":")
        done = self._people.set_manager(
            who=ask.who,
            member_id=MemberId(row_id(member)),
            project_id=ProjectId(row_id(project)),
            manages=manages == "1",
            now=ask.now,
        )
        return Update(views.manager_changed(done))
