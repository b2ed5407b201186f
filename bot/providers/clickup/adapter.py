"""ClickUp, through its REST API with a personal token.

Facts: a published copy of ClickUp's description, 2025-11, its documentation, and recorded answers.
One integration is one Workspace. Its lists are the projects here, because every task has one.
"""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from bot.integrations.api import (
    Capability,
    CredentialField,
    Credentials,
    Descriptor,
    FieldKind,
    Page,
    ProviderAccount,
    ProviderProject,
    ProviderTask,
    Site,
    Worklog,
    WorklogRecord,
)
from bot.integrations.context import AdapterContext
from bot.integrations.hooks import HookRequest, News, Watch
from bot.integrations.oauth import OAuth
from bot.integrations.shape import identity, reading
from bot.providers.clickup import hooks, shapes
from bot.providers.clickup.lists import Lists
from bot.providers.clickup.site import ADDRESS, API, SLUG, ClickUpSite
from bot.providers.clickup.tasks import Tasks
from bot.providers.clickup.time import TimeEntries

_WHERE = "Your avatar, Settings, Apps, API Token. It begins with pk_."


class ClickUp:
    """One Workspace of ClickUp, seen with one person's token."""

    descriptor: ClassVar[Descriptor] = Descriptor(
        slug=SLUG,
        name="ClickUp",
        icon=":arrow_up:",
        capabilities=frozenset(
            {
                Capability.ACCESS,
                Capability.INCREMENTAL,
                Capability.CHANGED_PROJECTS,
                Capability.TIME,
                Capability.COMPLETION,
                Capability.HOOKS,
                Capability.HOOK_SETUP,
            }
        ),
        credentials=(
            CredentialField(
                name="workspace",
                label="Workspace",
                kind=FieldKind.TEXT,
                hint="Its name as ClickUp shows it, or the number in its address.",
                placeholder="Acme",
            ),
            CredentialField(
                name="token",
                label="Personal API token",
                kind=FieldKind.SECRET,
                hint=f"{_WHERE} Hourlink sees what its owner sees.",
            ),
        ),
        own_credentials=(
            CredentialField(
                name="token",
                label="Your personal API token",
                kind=FieldKind.SECRET,
                hint=_WHERE,
            ),
        ),
        oauth=OAuth(
            consent_url=f"{ADDRESS}/api",
            token_url=f"{API}/oauth/token",
            credential="token",
            prefix="Bearer ",
            pkce=False,
            by_json=True,
        ),
        hook_steps=hooks.STEPS,
    )

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        self._site = ClickUpSite(credentials, context)
        self._lists = Lists(self._site)
        self._tasks = Tasks(self._site)
        self._time = TimeEntries(self._site)
        self._webhooks = hooks.Webhooks(self._site, context.clock)

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._site.requests

    async def check(self) -> Site:
        """Asks whose token it is, and which Workspaces it opens.

        Raises:
            ProviderAuthFailed: nobody's.
            ProviderRefused: it does not open the one that was filled in.
        """
        person = shapes.account(await self._site.me(afresh=True))
        workspace = await self._site.workspace(afresh=True)
        with reading(SLUG, "a Workspace"):
            team, name = identity(workspace["id"]), str(workspace["name"])
        return Site(
            external_id=team,
            name=name,
            url=f"{ADDRESS}/{team}/home",
            account_name=person.name,
            account_id=person.external_id,
        )

    async def projects(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderProject]]:
        """Lists of every Space, archived ones too, and those shared one by one."""
        async for page in self._lists.every(cursor):
            yield page

    async def project(self, external_id: str) -> ProviderProject | None:
        """One list; None when it is deleted, or hidden from this token."""
        return await self._lists.one(external_id)

    async def tasks(
        self, project_id: str, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """The tasks of one list with their subtasks, closed ones too; archived ones are gone."""
        async for page in self._tasks.of_list(project_id, since, cursor):
            yield page

    async def changed_projects(
        self, project_ids: Collection[str], since: datetime
    ) -> frozenset[str] | None:
        """Where tasks have changed; None where very many have."""
        return await self._tasks.changed_projects(project_ids, since)

    async def task(self, external_id: str) -> ProviderTask | None:
        """One task; None when it is deleted, archived or hidden."""
        return await self._tasks.one(external_id)

    async def accounts(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderAccount]]:
        """The people of the Workspace, guests too; ClickUp gives them in one piece."""
        del cursor
        yield Page(await self._people())

    async def account(self, external_id: str) -> ProviderAccount | None:
        """One person; None when they are in the Workspace no more."""
        people = await self._people(afresh=True)
        return next((one for one in people if one.external_id == external_id), None)

    async def access(self, project_id: str) -> frozenset[str] | None:
        """Everybody who may open a list, by whatever it is in or shared through."""
        body = await self._site.get(f"list/{quote(project_id, safe='')}/member")
        with reading(SLUG, "the members of a list"):
            return frozenset(identity(one["id"]) for one in body["members"])

    async def write_time(self, worklog: Worklog) -> WorklogRecord:
        """Creates a time entry: see ``TimeEntries.write``."""
        return await self._time.write(worklog)

    async def update_time(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes a time entry: see ``TimeEntries.update``."""
        return await self._time.update(external_id, worklog)

    async def delete_time(self, external_id: str) -> None:
        """Removes a time entry; one that is already gone is no error."""
        await self._time.delete(external_id)

    async def find_time(self, worklog: Worklog) -> WorklogRecord | None:
        """Looks for the marker: see ``TimeEntries.find``."""
        return await self._time.find(worklog)

    async def complete(self, task_id: str) -> ProviderTask:
        """Gives a task a closed status: see ``Tasks.mark``."""
        return await self._tasks.mark(task_id, is_done=True)

    async def reopen(self, task_id: str) -> ProviderTask:
        """Gives a task an open status: see ``Tasks.mark``."""
        return await self._tasks.mark(task_id, is_done=False)

    @staticmethod
    def hear(request: HookRequest, secret: str | None) -> News:
        """Proves a webhook's request and reads what it is about."""
        return hooks.hear(request, secret)

    async def watch(self, address: str, secret: str, projects: Collection[str]) -> Watch:
        """Sets up the webhooks of one address; ClickUp makes their secrets itself.

        Raises:
            ProviderRefused: the token's owner may set up none.
        """
        del secret
        return await self._webhooks.watch(address, projects)

    async def _people(self, *, afresh: bool = False) -> tuple[ProviderAccount, ...]:
        workspace = await self._site.workspace(afresh=afresh)
        with reading(SLUG, "the people of a Workspace"):
            people = [one["user"] for one in workspace["members"]]
        return tuple(shapes.account(one) for one in people)
