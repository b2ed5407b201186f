"""Linear, through its GraphQL API with a person's key.

Teams are projects: every issue has exactly one, and membership says who sees it. Linear's own
projects may span teams; an issue's is the section it is shown in.
"""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import ClassVar

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
    TimeKept,
    Worklog,
    WorklogRecord,
)
from bot.integrations.context import AdapterContext
from bot.integrations.hooks import HookRequest, News, Watch
from bot.integrations.oauth import OAuth
from bot.integrations.shape import reading
from bot.providers.linear import hooks, shapes
from bot.providers.linear.issues import Issues
from bot.providers.linear.people import People
from bot.providers.linear.site import API, SLUG, LinearSite
from bot.providers.linear.time import Comments
from bot.providers.linear.workflow import Workflow

_WHERE = "In Linear: Settings, Security & access, Personal API keys."


class Linear:
    """One workspace, seen with one person's key."""

    descriptor: ClassVar[Descriptor] = Descriptor(
        slug=SLUG,
        name="Linear",
        icon=":triangular_ruler:",
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
                name="key",
                label="API key",
                kind=FieldKind.SECRET,
                hint=f"{_WHERE} A workspace admin's lets Hourlink set webhooks up.",
                placeholder="lin_api_...",
            ),
        ),
        own_credentials=(
            CredentialField(
                name="key",
                label="Your API key",
                kind=FieldKind.SECRET,
                hint=_WHERE,
                placeholder="lin_api_...",
            ),
        ),
        oauth=OAuth(
            consent_url="https://linear.app/oauth/authorize",
            token_url=f"{API}/oauth/token",
            credential="key",
            prefix="Bearer ",
            scopes=("read", "write"),
            separator=",",
        ),
        time_kept=TimeKept.COMMENTS,
        hook_steps=hooks.STEPS,
        hooks_by_hand=False,
    )

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        self._site = LinearSite(credentials, context)
        self._people = People(self._site)
        self._issues = Issues(self._site)
        self._comments = Comments(self._site)
        self._workflow = Workflow(self._site, self._issues)

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._site.requests

    async def check(self) -> Site:
        """Asks whose key it is.

        Raises:
            ProviderAuthFailed: nobody's.
        """
        me = await self._site.me(afresh=True)
        with reading(SLUG, "the key's owner"):
            workspace = me["organization"]
            name = f"linear.app/{shapes.text(workspace['urlKey'])}"
            warnings = ("A guest's key: Hourlink sees the guest's teams only.",)
            return Site(
                external_id=shapes.text(workspace["id"]),
                name=name,
                url=f"https://{name}",
                account_name=str(me["name"] or me["displayName"]),
                account_id=shapes.text(me["id"]),
                warnings=warnings if me["guest"] else (),
            )

    async def projects(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderProject]]:
        """All teams that the key's owner sees, archived ones too."""
        async for page in self._people.teams(cursor):
            yield page

    async def project(self, external_id: str) -> ProviderProject | None:
        """One team; None when it is deleted, or hidden from this key."""
        return await self._people.team(external_id)

    async def tasks(
        self, project_id: str, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """The issues of one team, done and archived ones too: see ``Issues.of_team``."""
        async for page in self._issues.of_team(project_id, since, cursor):
            yield page

    async def changed_projects(
        self, project_ids: Collection[str], since: datetime
    ) -> frozenset[str] | None:
        """Where issues have changed; one question for all teams."""
        return await self._issues.changed_teams(project_ids, since)

    async def task(self, external_id: str) -> ProviderTask | None:
        """One issue, wherever it was moved; None when it is deleted, in the trash, or hidden."""
        return await self._issues.one(external_id)

    async def accounts(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderAccount]]:
        """Everybody, those who were suspended too; apps are left out."""
        async for page in self._people.accounts(cursor):
            yield page

    async def account(self, external_id: str) -> ProviderAccount | None:
        """One person: see ``People.account``."""
        return await self._people.account(external_id)

    async def access(self, project_id: str) -> frozenset[str] | None:
        """Who may see a team's issues: see ``People.access``."""
        return await self._people.access(project_id)

    async def write_time(self, worklog: Worklog) -> WorklogRecord:
        """Adds a comment: see ``Comments.write``."""
        return await self._comments.write(worklog)

    async def update_time(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes a comment: see ``Comments.update``."""
        return await self._comments.update(external_id, worklog)

    async def delete_time(self, external_id: str) -> None:
        """Removes a comment; one that is already gone is no error."""
        await self._comments.delete(external_id)

    async def find_time(self, worklog: Worklog) -> WorklogRecord | None:
        """Looks for the comment: see ``Comments.find``."""
        return await self._comments.find(worklog)

    async def complete(self, task_id: str) -> ProviderTask:
        """Puts an issue into its team's first status that is done.

        Raises:
            ProviderRefused: it is gone, or the key may not change it.
        """
        return await self._workflow.move(task_id, is_done=True)

    async def reopen(self, task_id: str) -> ProviderTask:
        """Puts an issue into a status in progress, else into another open one.

        Raises:
            ProviderRefused: as with ``complete``, or it is archived.
        """
        return await self._workflow.move(task_id, is_done=False)

    @staticmethod
    def hear(request: HookRequest, secret: str | None) -> News:
        """Proves a webhook's request and reads what it is about."""
        return hooks.hear(request, secret)

    async def watch(self, address: str, secret: str, projects: Collection[str]) -> Watch:
        """Sets up a webhook of each team.

        Raises:
            ProviderRefused: the key is no workspace admin's.
        """
        return await hooks.watch(self._site, address, secret, projects)
