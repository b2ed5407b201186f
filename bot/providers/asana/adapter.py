"""Asana, through its REST API with a person's token or a service account's.

Facts: Asana's own description of its API, 2026-06, and its documentation. One integration is one
workspace or organization. Every thing has a number of its own for good, its ``gid``.
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
from bot.integrations.client import JsonObject
from bot.integrations.context import AdapterContext
from bot.integrations.hooks import HookRequest, News, Watch
from bot.integrations.oauth import OAuth
from bot.integrations.shape import identity, reading
from bot.providers.asana import hooks, shapes
from bot.providers.asana.people import People
from bot.providers.asana.site import ADDRESS, SLUG, AsanaSite
from bot.providers.asana.tasks import Tasks
from bot.providers.asana.time import TimeEntries

_WHERE = "app.asana.com/0/my-apps, Personal access tokens."


class Asana:
    """One workspace of Asana, seen with one person's token."""

    descriptor: ClassVar[Descriptor] = Descriptor(
        slug=SLUG,
        name="Asana",
        icon=":dart:",
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
                label="Workspace or organization",
                kind=FieldKind.TEXT,
                hint="Its name as Asana shows it, or the number in its address.",
                placeholder="Acme",
            ),
            CredentialField(
                name="token",
                label="Personal access token",
                kind=FieldKind.SECRET,
                hint=(
                    f"{_WHERE} Hourlink sees what its owner sees; "
                    "a service account's token shows it the whole organization."
                ),
            ),
        ),
        own_credentials=(
            CredentialField(
                name="token",
                label="Your personal access token",
                kind=FieldKind.SECRET,
                hint=_WHERE,
            ),
        ),
        oauth=OAuth(
            consent_url=f"{ADDRESS}/-/oauth_authorize",
            token_url=f"{ADDRESS}/-/oauth_token",
            credential="token",
            scopes=("default",),
        ),
        hook_steps=hooks.STEPS,
        hooks_by_hand=False,
    )

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        self._site = AsanaSite(credentials, context)
        self._people = People(self._site)
        self._tasks = Tasks(self._site)
        self._time = TimeEntries(self._site)
        self._webhooks = hooks.Webhooks(self._site, context.clock)
        self._projects: dict[str, JsonObject] = {}
        """How the projects that were just listed are shared."""

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._site.requests

    async def check(self) -> Site:
        """Asks whose token it is, and which workspaces it opens.

        Raises:
            ProviderAuthFailed: nobody's.
            ProviderRefused: it does not open the one that was filled in.
        """
        me = await self._site.me(afresh=True)
        gid, name = await self._site.workspace()
        person = shapes.account(me)
        return Site(
            external_id=gid,
            name=name,
            url=ADDRESS,
            account_name=person.name,
            account_id=person.external_id,
        )

    async def projects(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderProject]]:
        """Projects of the workspace, archived ones too, as far as the token's owner sees them."""
        workspace, _ = await self._site.workspace()
        asked = {"workspace": workspace, "opt_fields": shapes.PROJECT}
        async for rows, following in self._site.pages("projects", asked, cursor):
            found = tuple(shapes.project(row) for row in rows)
            for row in rows:
                self._projects[identity(row["gid"])] = _sharing(row)
            yield Page(found, following)

    async def project(self, external_id: str) -> ProviderProject | None:
        """One project; None when it is deleted, or hidden from this token."""
        body = await self._site.seen(_path(external_id), {"opt_fields": shapes.PROJECT})
        return None if body is None else shapes.project(body)

    async def tasks(
        self, project_id: str, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """The tasks of one project with their subtasks, done ones too."""
        async for page in self._tasks.of_project(project_id, since, cursor):
            yield page

    async def changed_projects(
        self, project_ids: Collection[str], since: datetime
    ) -> frozenset[str] | None:
        """Where tasks have changed; None on the free plan, which has no search."""
        return await self._tasks.changed_projects(project_ids, since)

    async def task(self, external_id: str) -> ProviderTask | None:
        """One task; None when it is deleted, hidden, or taken out of every project."""
        return await self._tasks.one(external_id)

    async def accounts(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderAccount]]:
        """The people of the workspace, guests too."""
        async for page in self._people.accounts(cursor):
            yield page

    async def account(self, external_id: str) -> ProviderAccount | None:
        """One person; None when they are in the workspace no more."""
        return await self._people.account(external_id)

    async def access(self, project_id: str) -> frozenset[str] | None:
        """Who may see a project: see ``People.access``."""
        known = self._projects.get(project_id)
        if known is None:
            fields = {"opt_fields": "privacy_setting,team"}
            known = _sharing(await self._site.get(_path(project_id), fields))
        return await self._people.access(known)

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
        """Marks a task done; one that asks for approval becomes approved.

        Raises:
            ProviderRefused: the token's owner may not edit it.
        """
        return await self._tasks.mark(task_id, is_done=True)

    async def reopen(self, task_id: str) -> ProviderTask:
        """Takes that back.

        Raises:
            ProviderRefused: as with ``complete``.
        """
        return await self._tasks.mark(task_id, is_done=False)

    @staticmethod
    def hear(request: HookRequest, secret: str | None) -> News:
        """Proves a webhook's request, or shakes hands, and reads what it is about."""
        return hooks.hear(request, secret)

    async def watch(self, address: str, secret: str, projects: Collection[str]) -> Watch:
        """Sets up the webhooks of one address; Asana makes their secrets itself.

        Raises:
            ProviderRefused: the token's owner may set up none.
        """
        del secret
        return await self._webhooks.watch(address, projects)


def _sharing(row: JsonObject) -> JsonObject:
    with reading(SLUG, "a project"):
        names = ("gid", "privacy_setting", "team")
        return {name: row.get(name) for name in names}


def _path(project_id: str) -> str:
    return f"projects/{quote(project_id, safe='')}"
