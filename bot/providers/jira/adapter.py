"""Jira, Cloud and Data Center (8.14 and later), through its REST API with a person's token.

Facts: Atlassian's published description of Cloud's REST 3, its documentation of Data Center's
REST 2, and what users of both reported. Keys change when an issue is moved; ids do not.
"""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from bot.integrations.addresses import warn_of_readers
from bot.integrations.answers import Params
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
from bot.integrations.errors import ProviderAuthFailed
from bot.integrations.hooks import HookRequest, News, Watch
from bot.integrations.oauth import OAuth
from bot.integrations.shape import reading
from bot.providers.jira import grants, hooks, shapes
from bot.providers.jira.issues import Issues
from bot.providers.jira.people import People
from bot.providers.jira.site import SIGNED_IN, SLUG, JiraSite, site_name
from bot.providers.jira.time import Worklogs
from bot.providers.jira.workflow import Workflow

_PROJECTS = 100
_CLOUD = "Cloud"


class Jira:
    """One Jira site, seen with one person's token."""

    descriptor: ClassVar[Descriptor] = Descriptor(
        slug=SLUG,
        name="Jira",
        icon=":large_blue_diamond:",
        capabilities=frozenset(
            {
                Capability.ACCESS,
                Capability.INCREMENTAL,
                Capability.CHANGED_PROJECTS,
                Capability.TIME,
                Capability.ESTIMATES,
                Capability.COMPLETION,
                Capability.HOOKS,
                Capability.HOOK_SETUP,
            }
        ),
        credentials=(
            CredentialField(
                name="url",
                label="Address",
                kind=FieldKind.URL,
                hint="Where your Jira opens in a browser.",
                placeholder="https://your-team.atlassian.net",
            ),
            CredentialField(
                name="email",
                label="E-mail address (Jira Cloud only)",
                kind=FieldKind.TEXT,
                hint=(
                    "Of the Atlassian account the API token belongs to. "
                    "Leave it empty for Jira Data Center."
                ),
                optional=True,
            ),
            CredentialField(
                name="token",
                label="API token or personal access token",
                kind=FieldKind.SECRET,
                hint=(
                    "Cloud: id.atlassian.com, Security, API tokens. Data Center: your profile, "
                    "Personal Access Tokens. A Jira administrator's token shows Hourlink every "
                    "project and who may see it."
                ),
            ),
        ),
        own_credentials=(
            CredentialField(
                name="email",
                label="Your e-mail address in Jira (Cloud only)",
                kind=FieldKind.TEXT,
                hint="Leave it empty for Jira Data Center.",
                optional=True,
            ),
            CredentialField(
                name="token",
                label="Your API token or personal access token",
                kind=FieldKind.SECRET,
                hint=(
                    "Cloud: id.atlassian.com, Security, API tokens. Data Center: your profile, "
                    "Personal Access Tokens."
                ),
            ),
        ),
        oauth=OAuth(
            consent_url="https://auth.atlassian.com/authorize",
            token_url="https://auth.atlassian.com/oauth/token",  # noqa: S106 - an address
            credential="token",
            prefix=SIGNED_IN,
            scopes=("read:jira-work", "read:jira-user", "write:jira-work", "offline_access"),
            pkce=False,
            parameters={"audience": "api.atlassian.com", "prompt": "consent"},
            by_json=True,
        ),
        hook_steps=hooks.STEPS,
    )

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        self._site = JiraSite(credentials, context)
        self._people = People(self._site)
        self._issues = Issues(self._site)
        self._keys: dict[str, str] = {}
        """Of the projects that were just listed."""
        self._worklogs = Worklogs(self._site)
        self._workflow = Workflow(self._site)

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._site.requests

    async def check(self) -> Site:
        """Asks whose token it is.

        Raises:
            ProviderAuthFailed: nobody's, or the site is of the other kind than was filled in.
            ProviderRefused: no Jira answers there.
        """
        server = await self._site.server()
        with reading(SLUG, "the server's description"):
            is_cloud = server.get("deploymentType") == _CLOUD
            address = str(server.get("baseUrl") or self._site.address).rstrip("/")
        if is_cloud != self._site.is_cloud:
            missing = "needs the e-mail address" if is_cloud else "wants no e-mail address"
            raise ProviderAuthFailed(SLUG, f"this site {missing} with the token")
        me = await self._site.me(afresh=True)
        with reading(SLUG, "the token's owner"):
            person = shapes.account({**me, "accountType": "atlassian"}, is_cloud=is_cloud)
            name, account_id = (person.name, person.external_id) if person else ("", None)
        return Site(
            external_id=site_name(address).casefold(),
            name=site_name(address),
            url=address,
            account_name=name,
            account_id=account_id,
            warnings=(
                *await grants.warnings(self._site),
                *warn_of_readers(self._site.address, "token"),
            ),
        )

    async def projects(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderProject]]:
        """Live and archived projects, as far as the token's owner sees them."""
        await self._site.me()
        if not self._site.is_cloud:
            listed = await self._site.get_list("project", {"includeArchived": "true"})
            yield Page(self._met(tuple(shapes.project(one, self._site.address) for one in listed)))
            return
        start = int(cursor or 0)
        while True:
            body = await self._site.get("project/search", _page_of_projects(start))
            with reading(SLUG, "a list of projects"):
                found = tuple(shapes.project(item, self._site.address) for item in body["values"])
                start += len(found)
                following = str(start) if found and not body["isLast"] else None
            yield Page(self._met(found), following)
            if following is None:
                return

    async def project(self, external_id: str) -> ProviderProject | None:
        """One project; None when it is deleted, or hidden from this token."""
        body = await self._site.seen(f"project/{quote(external_id, safe='')}")
        return None if body is None else shapes.project(body, self._site.address)

    async def tasks(
        self, project_id: str, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """The issues of one project, done ones too."""
        async for page in self._issues.of_project(project_id, since, cursor):
            yield page

    async def changed_projects(
        self, project_ids: Collection[str], since: datetime
    ) -> frozenset[str] | None:
        """Where issues have changed; one search over all projects."""
        return await self._issues.changed_projects(project_ids, since)

    async def task(self, external_id: str) -> ProviderTask | None:
        """One issue, wherever it was moved; None when it is deleted or hidden."""
        return await self._issues.one(external_id)

    async def accounts(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderAccount]]:
        """People; apps and customers of service desks are left out."""
        await self._site.me()
        async for page in self._people.accounts(cursor):
            yield page

    async def account(self, external_id: str) -> ProviderAccount | None:
        """One person: see ``People.account``."""
        return await self._people.account(external_id)

    async def access(self, project_id: str) -> frozenset[str] | None:
        """Who may see a project's issues: see ``People.access``."""
        key = self._keys.get(project_id)
        if key is None:
            body = await self._site.get(f"project/{quote(project_id, safe='')}")
            with reading(SLUG, "a project"):
                key = str(body["key"])
        return await self._people.access(key)

    async def write_time(self, worklog: Worklog) -> WorklogRecord:
        """Creates a worklog: see ``Worklogs.write``."""
        return await self._worklogs.write(worklog)

    async def update_time(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes a worklog: see ``Worklogs.update``."""
        return await self._worklogs.update(external_id, worklog)

    async def delete_time(self, external_id: str) -> None:
        """Removes a worklog; one that is already gone is no error."""
        await self._worklogs.delete(external_id)

    async def find_time(self, worklog: Worklog) -> WorklogRecord | None:
        """Looks for the marker: see ``Worklogs.find``."""
        return await self._worklogs.find(worklog)

    async def reduce_estimates(self) -> None:
        """Jira takes what is written off the remaining estimate, and gives back what goes."""
        self._worklogs.reduces_estimates = True

    async def complete(self, task_id: str) -> ProviderTask:
        """Moves an issue to a done status.

        Raises:
            ProviderRefused: the workflow does not let this account, or wants more than a click.
        """
        return await self._moved(task_id, is_done=True)

    async def reopen(self, task_id: str) -> ProviderTask:
        """Moves an issue back to a status in progress, else to a new one.

        Raises:
            ProviderRefused: as with ``complete``.
        """
        return await self._moved(task_id, is_done=False)

    @staticmethod
    def hear(request: HookRequest, secret: str | None) -> News:
        """Proves a webhook's request and reads what it is about."""
        return hooks.hear(request, secret)

    async def watch(self, address: str, secret: str, projects: Collection[str]) -> Watch:
        """Sets up the webhook of one address.

        Raises:
            ProviderRefused: the token is no Jira administrator's, or Data Center is older than 10.
        """
        return await hooks.watch(
            self._site.client, address, secret, projects, is_cloud=self._site.is_cloud
        )

    def _met(self, projects: tuple[ProviderProject, ...]) -> tuple[ProviderProject, ...]:
        self._keys |= {one.external_id: one.key for one in projects if one.key}
        return projects

    async def _moved(self, task_id: str, *, is_done: bool) -> ProviderTask:
        task = await self._issues.there(task_id)
        if task.is_done == is_done:
            return task
        await self._workflow.move(task_id, is_done=is_done)
        return await self._issues.there(task_id)


def _page_of_projects(start: int) -> Params:
    return {
        "startAt": start,
        "maxResults": _PROJECTS,
        "orderBy": "key",
        "status": ["live", "archived"],
    }
