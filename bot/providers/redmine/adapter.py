"""Redmine, 5.0 and later, through its REST API with a personal API key.

Facts: Redmine's own source (controllers, queries and API views of tags 5.0.4 to 7.0.0) and a
running 5.0.4. Redmine has no rate limit and no idempotency keys of its own.
"""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from bot.integrations.addresses import warn_of_readers
from bot.integrations.answers import ClientConfig
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
from bot.integrations.errors import ProviderRefused, ProviderSurprised
from bot.integrations.hooks import HookRequest, News
from bot.integrations.shape import reading
from bot.providers.redmine import hooks, shapes
from bot.providers.redmine.people import People
from bot.providers.redmine.shapes import SLUG
from bot.providers.redmine.signing_in import KEY_SEES, OAUTH, SIGN_IN_SEES, is_signed_in, opens
from bot.providers.redmine.time import TimeEntries
from bot.providers.redmine.workflow import Workflow

_LIMIT = 100
_UNSEEN = frozenset({403, 404, 410})
_PROJECT_STATUSES = "1|5"


class Redmine:
    """One Redmine site, seen with one person's key."""

    descriptor: ClassVar[Descriptor] = Descriptor(
        slug=SLUG,
        name="Redmine",
        icon=":red_circle:",
        capabilities=frozenset(
            {
                Capability.ACCESS,
                Capability.INCREMENTAL,
                Capability.CHANGED_PROJECTS,
                Capability.TIME,
                Capability.COMPLETION,
                Capability.HOOKS,
            }
        ),
        credentials=(
            CredentialField(
                name="url",
                label="Address",
                kind=FieldKind.URL,
                hint="Where your Redmine opens in a browser.",
                placeholder="https://redmine.example.com",
            ),
            CredentialField(
                name="api_key",
                label="API access key",
                kind=FieldKind.SECRET,
                hint=(
                    "In Redmine under My account, at the right. An administrator's key shows "
                    "Hourlink every project and people's e-mail addresses. The "
                    "REST API has to be on: Administration, Settings, API."
                ),
            ),
        ),
        own_credentials=(
            CredentialField(
                name="api_key",
                label="Your API access key",
                kind=FieldKind.SECRET,
                hint=(
                    "In Redmine under My account, at the right: API access key, Show. What you "
                    "change later reaches Redmine only where your role there has "
                    '"Edit own time logs".'
                ),
            ),
        ),
        oauth=OAUTH,
        hook_steps=hooks.STEPS,
    )

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        self._client = context.pool.client(
            ClientConfig(
                provider=SLUG,
                base_url=credentials["url"],
                headers=opens(credentials),
                reason=shapes.reason,
                concurrency=4,
            )
        )
        self._is_signed_in = is_signed_in(credentials)
        self._people = People(self._client, context.clock)
        self._workflow = Workflow(self._client)
        self._time = TimeEntries(self._client, self._people, self._workflow)
        self._public: dict[str, bool] = {}
        """Whether the projects that were just listed are public."""

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._client.requests

    async def check(self) -> Site:
        """Asks who the key belongs to.

        Lists would not do: a site open to the public answers them to a wrong key as well.
        """
        try:
            me = await self._people.me(afresh=True)
        except ProviderRefused as refused:
            refused.reason = f"No Redmine API answers at this address ({refused.reason})."
            raise
        base = self._client.base_url
        with reading(SLUG, "the current user"):
            name = f"{me.get('firstname', '')} {me.get('lastname', '')}".strip() or me["login"]
            account_id = str(int(me["id"]))
        return Site(
            external_id=base,
            name=base.partition("://")[2],
            url=base,
            account_name=str(name),
            account_id=account_id,
            warnings=tuple(self._warnings(is_admin=bool(me.get("admin")))),
        )

    async def projects(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderProject]]:
        """Active and closed projects; archived ones are in no list of Redmine's."""
        listing = self._people.listed(
            "projects.json", "projects", {"status": _PROJECT_STATUSES}, int(cursor or 0)
        )
        async for items, following in listing:
            found = tuple(shapes.project(item, self._client.base_url) for item in items)
            self._public |= {str(item["id"]): bool(item.get("is_public")) for item in items}
            yield Page(found, None if following is None else str(following))

    async def project(self, external_id: str) -> ProviderProject | None:
        """One project; None when it is deleted, archived or hidden from this key."""
        body = await self._seen(f"projects/{quote(external_id, safe='')}.json")
        if body is None:
            return None
        with reading(SLUG, "a project"):
            return shapes.project(body["project"], self._client.base_url)

    async def tasks(
        self, project_id: str, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """The issues of one project, closed ones too, without those of its sub-projects.

        Read in the order of their ids, each page from the last id on instead of from an offset:
        issues that are edited, moved or deleted meanwhile make none appear twice or not at all.
        """
        params: dict[str, str | int] = {
            "project_id": project_id,
            "subproject_id": "!*",
            "status_id": "*",
            "sort": "id:asc",
            "limit": _LIMIT,
        }
        if since is not None:
            params["updated_on"] = shapes.since_filter(self._client.theirs(since))
        last = int(cursor or 0)
        while True:
            body = await self._client.get_json(
                "issues.json", {**params, "issue_id": f">={last + 1}"} if last else params
            )
            with reading(SLUG, "a list of issues"):
                found = tuple(shapes.task(item, self._client.base_url) for item in body["issues"])
                has_more = int(body["total_count"]) > len(found) > 0
            numbers = [int(task.external_id) for task in found]
            if numbers and (min(numbers) <= last or numbers != sorted(numbers)):
                raise ProviderSurprised(SLUG, "issues.json does not obey issue_id and sort")
            last = max(numbers, default=last)
            own = tuple(task for task in found if task.project_id == project_id)
            yield Page(own, str(last) if has_more else None)
            if not has_more:
                return

    async def changed_projects(
        self, project_ids: Collection[str], since: datetime
    ) -> frozenset[str] | None:
        """Where issues have changed; None where there are more than fill a page."""
        filters = {"status_id": "*", "updated_on": shapes.since_filter(self._client.theirs(since))}
        body = await self._client.get_json("issues.json", {**filters, "limit": _LIMIT})
        with reading(SLUG, "a list of issues"):
            found = frozenset(str(int(item["project"]["id"])) for item in body["issues"])
            is_whole = int(body["total_count"]) <= len(body["issues"])
        return found & frozenset(project_ids) if is_whole else None

    async def task(self, external_id: str) -> ProviderTask | None:
        """One issue; None when it is deleted, hidden, or its project is archived."""
        body = await self._seen(f"issues/{quote(external_id, safe='')}.json")
        if body is None:
            return None
        with reading(SLUG, "an issue"):
            return shapes.task(body["issue"], self._client.base_url)

    async def accounts(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderAccount]]:
        """People. Administrators see all with their addresses, others the members they meet."""
        async for page in self._people.accounts(cursor):
            yield page

    async def account(self, external_id: str) -> ProviderAccount | None:
        """One person: see ``People.account``."""
        return await self._people.account(external_id)

    async def access(self, project_id: str) -> frozenset[str] | None:
        """Who may see a project's issues: see ``People.access``."""
        is_public = self._public.get(project_id)
        if is_public is None:
            body = await self._client.get_json(f"projects/{quote(project_id, safe='')}.json")
            with reading(SLUG, "a project"):
                is_public = bool(body["project"]["is_public"])
        return await self._people.access(project_id, is_public=is_public)

    async def write_time(self, worklog: Worklog) -> WorklogRecord:
        """Creates a time entry: see ``TimeEntries.write``."""
        return await self._time.write(worklog)

    async def update_time(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes issue, hours, day and comment: see ``TimeEntries.update``."""
        return await self._time.update(external_id, worklog)

    async def delete_time(self, external_id: str) -> None:
        """Removes a time entry; one that is already gone is no error."""
        await self._time.delete(external_id)

    async def recall_time(self, external_id: str, worklog: Worklog) -> WorklogRecord | None:
        """The entry with this id, if it is that person's on that issue and nobody else's mark."""
        return await self._time.recall(external_id, worklog)

    async def find_time(self, worklog: Worklog) -> WorklogRecord | None:
        """Looks for the marker on every issue and day: either may have changed since."""
        return await self._time.find(worklog)

    async def complete(self, task_id: str) -> ProviderTask:
        """Moves an issue to the first closed status the workflow allows.

        Raises:
            ProviderRefused: the workflow, an open subtask or a blocking issue forbids it.
        """
        return await self._moved(task_id, is_done=True)

    async def reopen(self, task_id: str) -> ProviderTask:
        """Moves an issue back to the open status it was closed from, else to the first allowed.

        Raises:
            ProviderRefused: the workflow or a closed parent forbids it.
        """
        return await self._moved(task_id, is_done=False)

    @staticmethod
    def hear(request: HookRequest, secret: str | None) -> News:
        """Proves a webhook's request and reads what it is about."""
        return hooks.hear(request, secret)

    async def _moved(self, task_id: str, *, is_done: bool) -> ProviderTask:
        await self._workflow.move(task_id, is_done=is_done)
        body = await self._client.get_json(f"issues/{quote(task_id, safe='')}.json")
        with reading(SLUG, "an issue"):
            task = shapes.task(body["issue"], self._client.base_url)
        if task.is_done != is_done:
            raise self._workflow.kept(task_id, is_done=is_done)
        return task

    async def _seen(self, path: str) -> JsonObject | None:
        """Reads one thing; None when Redmine, in its right mind, says it is not there for us."""
        try:
            return await self._client.get_json(path)
        except ProviderRefused as refused:
            if refused.status not in _UNSEEN:
                raise
            # A moved site or a REST API switched off refuses everything. Only a Redmine that
            # still knows our key may say that something is gone.
            await self._people.me(afresh=True)
            return None

    def _warnings(self, *, is_admin: bool) -> list[str]:
        warnings = []
        if not is_admin:
            warnings.append(SIGN_IN_SEES if self._is_signed_in else KEY_SEES)
            warnings.append(
                "Time is written in other people's names only where its role allows "
                '"Log spent time for other users".'
            )
        return warnings + warn_of_readers(self._client.base_url, "key")
