"""Who is on a GitHub as far as the token sees, and who may see what there.

Most people hide their addresses. What GitHub shows of them, it shows to tokens that may ask: the
one in a profile, and those in the verified domains of an organization.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterable

from bot.integrations.api import Page, ProviderAccount
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.github import queries, shapes
from bot.providers.github.projects import Projects
from bot.providers.github.site import (
    NOT_ALLOWED,
    NOT_FOUND,
    SLUG,
    GitHubSite,
    Repository,
    following,
    nodes,
)

_OTHERS = "others"
"""The cursor behind the organizations' members."""

_AT_ONCE = 100
_MOST_DOMAINS = 10
"""Organizations whose verified domains are asked about."""

_FORBIDDEN = frozenset({403, 404})


class People:
    """People of one GitHub."""

    def __init__(self, site: GitHubSite, projects: Projects) -> None:
        self._site = site
        self._projects = projects
        self._asked: int = 0
        """How many kinds of address the token was refused."""
        self._members: dict[str, frozenset[str]] = {}
        self._may_see: dict[str, frozenset[str]] = {}

    async def accounts(self, cursor: str | None) -> AsyncIterator[Page[ProviderAccount]]:
        """Members of the organizations, then who else works with the token's owner.

        Cursor: an organization and GitHub's own cursor, or a word for the others.
        """
        seen: set[str] = set()
        organizations = [str(one["login"]) for one in await self._projects.organizations()]
        login, _, after = (cursor or "").partition(" ")
        for organization in organizations if login != _OTHERS else ():
            if login and login != organization:
                continue  # read before the cursor
            login, start = "", after or None
            async for found, following_ in self._members_of(organization, start):
                mark = f"{organization} {following_}" if following_ else None
                yield Page(_new(found, seen), mark or _after(organization, organizations))
        ids = await self._others()
        for first in range(0, len(ids), _AT_ONCE):
            people = await self._by_ids(ids[first : first + _AT_ONCE])
            is_last = first + _AT_ONCE >= len(ids)
            yield Page(_new(people, seen), None if is_last else _OTHERS)

    async def account(self, external_id: str) -> ProviderAccount | None:
        """One person; None when their account is deleted."""
        if not external_id.isdecimal():
            return None
        found = await self._site.seen(f"user/{external_id}")
        if found is None:
            return None
        people = await self._by_ids([str(found["node_id"])])
        return people[0] if people else None

    def may_see(self, repository_id: str, collaborators: JsonObject | None) -> None:
        """Keeps who may see a repository, where that was told to its end."""
        if collaborators and not collaborators["pageInfo"]["hasNextPage"]:
            ids = frozenset(str(int(one["databaseId"])) for one in nodes(collaborators))
            self._may_see[repository_id] = ids

    async def access(self, project_id: str) -> frozenset[str] | None:
        """Who may see a repository or a board; None for everyone.

        Raises:
            ProviderRefused: it is gone, or the token may not ask.
        """
        if not project_id.isdecimal():
            return await self._access_to_board(project_id)
        repository = await self._site.there(project_id)
        if repository.visibility == "public":
            return None
        found = self._may_see.get(project_id)
        if found is None:
            found = await self._collaborators(repository)
        if repository.visibility == "internal":
            found |= await self._member_ids(repository.owner)
        return found

    async def _access_to_board(self, project_id: str) -> frozenset[str] | None:
        """GitHub does not tell who was let in: an organization's board is its members'."""
        told = await self._projects.board(project_id)
        with reading(SLUG, "a project"):
            if told["public"]:
                return None
            owner = told["owner"]
        if owner["__typename"] == "Organization":
            return await self._member_ids(str(owner["login"]))
        me = await self._site.me()
        return frozenset({str(int(owner["databaseId"])), str(int(me["id"]))})

    async def _collaborators(self, repository: Repository) -> frozenset[str]:
        """Whoever was let in; who may be assigned, where that much is all the token may ask."""
        try:
            return await self._ids(f"{repository.path}/collaborators", {"affiliation": "all"})
        except ProviderRefused as refused:
            if refused.status not in _FORBIDDEN:
                raise
        return await self._ids(f"{repository.path}/assignees", {})

    async def _ids(self, path: str, params: dict[str, str]) -> frozenset[str]:
        found: set[str] = set()
        async for people in self._site.listed(path, params):
            with reading(SLUG, "a list of people"):
                found |= {str(int(one["id"])) for one in people}
        return frozenset(found)

    async def _member_ids(self, login: str) -> frozenset[str]:
        if login not in self._members:
            found: set[str] = set()
            async for people, _ in self._members_of(login, None):
                found |= {one.external_id for one in people}
            self._members[login] = frozenset(found)
        return self._members[login]

    async def _members_of(
        self, login: str, after: str | None
    ) -> AsyncIterator[tuple[list[ProviderAccount], str | None]]:
        is_whole, ids = after is None, set[str]()
        while True:
            data = await self._ask(queries.members, {"login": login, "after": after})
            with reading(SLUG, "the members of an organization"):
                listed = (data.get("organization") or {}).get("membersWithRole")
                people = [shapes.account(one) for one in nodes(listed)]
                after = following(listed) if listed else None
            ids |= {one.external_id for one in people}
            if after is None and is_whole:
                self._members[login] = frozenset(ids)
            yield people, after
            if after is None:
                return

    async def _others(self) -> list[str]:
        """Node ids: the token's owner, outsiders of the organizations, friends of own projects."""
        found = [str((await self._site.me())["node_id"])]
        for organization in await self._projects.organizations():
            try:
                path = f"orgs/{organization['login']}/outside_collaborators"
                async for people in self._site.listed(path, {}):
                    found += [str(one["node_id"]) for one in people]
            except ProviderRefused as refused:
                if refused.status not in _FORBIDDEN:  # it tells its owners alone
                    raise
        after: str | None = None
        while True:
            data = await self._site.ask(
                queries.OWN_REPOSITORIES, {"after": after}, allowing=NOT_ALLOWED
            )
            with reading(SLUG, "own repositories"):
                listed = (data.get("viewer") or {}).get("repositories")
                for one in nodes(listed):
                    found += [str(person["id"]) for person in nodes(one.get("collaborators"))]
                after = following(listed) if listed else None
            if after is None:
                return list(dict.fromkeys(found))

    async def _by_ids(self, ids: list[str]) -> list[ProviderAccount]:
        data = await self._ask(queries.people, {"ids": ids})
        with reading(SLUG, "people"):
            told = [one for one in data.get("nodes") or () if one]
            return [shapes.account(one) for one in told if one["__typename"] == "User"]

    async def _ask(self, text: Callable[[str], str], variables: JsonObject) -> JsonObject:
        """Asks about people, with as many of their addresses as the token may see."""
        kinds = _addresses([str(one["login"]) for one in await self._projects.organizations()])
        while True:
            is_last = self._asked == len(kinds) - 1
            allowed = NOT_ALLOWED | {NOT_FOUND} if is_last else {NOT_FOUND}
            try:
                return await self._site.ask(text(kinds[self._asked]), variables, allowing=allowed)
            except ProviderRefused as refused:
                if refused.status not in _FORBIDDEN or is_last:
                    raise
                self._asked += 1


def _addresses(logins: list[str]) -> list[str]:
    """Fields for addresses, from all that there are to none."""
    verified = " ".join(
        f"verified{number:02}: organizationVerifiedDomainEmails(login: {json.dumps(login)})"
        for number, login in enumerate(logins[:_MOST_DOMAINS])
    )
    return [f"email {verified}", verified, "email", ""]


def _new(people: Iterable[ProviderAccount], seen: set[str]) -> tuple[ProviderAccount, ...]:
    found = tuple(one for one in people if one.external_id not in seen)
    seen |= {one.external_id for one in found}
    return found


def _after(organization: str, organizations: list[str]) -> str:
    """The cursor behind an organization."""
    return next(iter(organizations[organizations.index(organization) + 1 :]), _OTHERS)
