"""GitHub, github.com and Enterprise, with a person's token: repositories and Projects.

Facts: GitHub's published descriptions of its REST and GraphQL APIs, and its documentation. What is
read page by page is asked for in GraphQL, which pages by cursor and leaves pull requests out.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlsplit

from bot.integrations.addresses import warn_of_readers
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
from bot.providers.github import hooks
from bot.providers.github.changes import Changes
from bot.providers.github.issues import Issues
from bot.providers.github.people import People
from bot.providers.github.projects import Projects
from bot.providers.github.site import SLUG, GitHubSite
from bot.providers.github.time import Comments

_SCOPES = "x-oauth-scopes"
_EXPIRES = "github-authentication-token-expiration"

_NEEDED: Mapping[str, tuple[frozenset[str], str]] = {
    "repo": (frozenset({"repo"}), "private repositories stay unseen"),
    "read:org": (
        frozenset({"read:org", "write:org", "admin:org"}),
        "the people of organizations stay unseen",
    ),
    "read:project": (frozenset({"read:project", "project"}), "GitHub's Projects stay unseen"),
}
"""Scopes of a classic token: which of them do, and what comes of having none."""

_URL_HINT = "Leave it empty for github.com. Enterprise: where it opens in a browser."
_KEY_HINT = (
    "On GitHub: Settings, Developer settings, Personal access tokens. Classic: with the scopes "
    "repo, read:org, read:project and user:email. Fine-grained: Issues (read and write), Projects "
    "(read) and Members (read)."
)


class GitHub:
    """One GitHub, seen with one person's token."""

    descriptor: ClassVar[Descriptor] = Descriptor(
        slug=SLUG,
        name="GitHub",
        icon=":octopus:",
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
        oauth=OAuth(
            consent_url="https://github.com/login/oauth/authorize",
            token_url="https://github.com/login/oauth/access_token",  # noqa: S106 - an address
            credential="token",
            scopes=("repo", "read:org", "read:project"),
            not_with=frozenset({"url"}),
        ),
        time_kept=TimeKept.COMMENTS,
        hook_steps=hooks.STEPS,
        credentials=(
            CredentialField(
                name="url",
                label="Address (GitHub Enterprise only)",
                kind=FieldKind.URL,
                hint=_URL_HINT,
                placeholder="https://github.com",
                optional=True,
            ),
            CredentialField(
                name="token",
                label="Personal access token",
                kind=FieldKind.SECRET,
                hint=_KEY_HINT,
            ),
        ),
        own_credentials=(
            CredentialField(
                name="token",
                label="Your personal access token",
                kind=FieldKind.SECRET,
                hint=_KEY_HINT,
            ),
        ),
    )

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        self._site = GitHubSite(credentials, context)
        self._projects = Projects(self._site)
        self._people = People(self._site, self._projects)
        self._issues = Issues(self._site)
        self._comments = Comments(self._site, self._issues)
        self._hooks = hooks.Hooks(self._site, self._projects)
        self._changes = Changes(self._site, self._projects, self._people)

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._site.client.requests

    async def check(self) -> Site:
        """Asks whose token it is, and reads what GitHub says about the token itself.

        Raises:
            ProviderAuthFailed: nobody's.
        """
        me, headers = await self._site.introduced()
        with reading(SLUG, "the token's owner"):
            name, account_id = str(me.get("name") or me["login"]), str(int(me["id"]))
        host = urlsplit(self._site.address).netloc
        return Site(
            external_id=host.casefold(),
            name=host,
            url=self._site.address,
            account_name=name,
            account_id=account_id,
            warnings=tuple(self._warnings(headers)),
        )

    async def projects(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderProject]]:
        """Repositories with issues, archived ones too, and GitHub's Projects."""
        async for page in self._projects.listed(cursor):
            yield page

    async def project(self, external_id: str) -> ProviderProject | None:
        """One repository or Project; None when it is deleted, or hidden from this token."""
        return await self._projects.one(external_id)

    async def tasks(
        self, project_id: str, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """The issues of a repository, or what stands on a Project; without pull requests."""
        async for page in self._issues.of_project(project_id, since, cursor):
            yield page

    async def changed_projects(
        self, project_ids: Collection[str], since: datetime
    ) -> frozenset[str] | None:
        """Where issues have changed: see ``Changes``."""
        return await self._changes.among(project_ids, since)

    async def task(self, external_id: str) -> ProviderTask | None:
        """One issue or item; None when it is deleted, transferred or hidden."""
        return await self._issues.one(external_id)

    async def accounts(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderAccount]]:
        """Members of the organizations, their outside collaborators, and one's own."""
        async for page in self._people.accounts(cursor):
            yield page

    async def account(self, external_id: str) -> ProviderAccount | None:
        """One person; None when their account is deleted."""
        return await self._people.account(external_id)

    @staticmethod
    def hear(request: HookRequest, secret: str | None) -> News:
        """Proves a webhook's request and reads what it is about."""
        return hooks.hear(request, secret)

    async def watch(self, address: str, secret: str, projects: Collection[str]) -> Watch:
        """Sets up the webhooks of one address: see ``Hooks.watch``.

        Raises:
            ProviderRefused: the token's owner administers neither organization nor repository.
        """
        return await self._hooks.watch(address, secret, projects)

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
        """Looks for the marker: see ``Comments.find``."""
        return await self._comments.find(worklog)

    async def complete(self, task_id: str) -> ProviderTask:
        """Closes an issue as completed.

        Raises:
            ProviderRefused: it is a draft or gone, or the token's owner may not close it.
        """
        return await self._issues.mark(task_id, is_done=True)

    async def reopen(self, task_id: str) -> ProviderTask:
        """Opens an issue again, for whatever reason it was closed.

        Raises:
            ProviderRefused: as with ``complete``.
        """
        return await self._issues.mark(task_id, is_done=False)

    async def access(self, project_id: str) -> frozenset[str] | None:
        """Who may see a project: see ``People.access``."""
        return await self._people.access(project_id)

    def _warnings(self, headers: Mapping[str, str]) -> list[str]:
        found = warn_of_readers(self._site.address, "token")
        if _SCOPES in headers:  # classic tokens alone have scopes
            scopes = {scope.strip() for scope in headers[_SCOPES].split(",")}
            found += [
                f"The token lacks the scope {scope}: {consequence}."
                for scope, (enough, consequence) in _NEEDED.items()
                if not scopes & enough
            ]
        if _EXPIRES in headers:
            day = headers[_EXPIRES].partition(" ")[0]
            found.append(f"The token expires on {day}. Hourlink needs a new one before.")
        return found
