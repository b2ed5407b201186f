"""Who is in a Jira, and who may see what there."""

from collections.abc import AsyncIterator

from bot.integrations.answers import Params
from bot.integrations.api import Page, ProviderAccount
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused, ProviderUnavailable
from bot.integrations.shape import reading
from bot.providers.jira import shapes
from bot.providers.jira.grants import Grants
from bot.providers.jira.site import SLUG, JiraSite

_LIMIT = 1000
"""Also how far Jira looks, at most, when it is asked who may see a project."""

_ANYBODY = "."
"""Data Center searches people by a part of their name, login or address; nearly all hold a dot."""

_FORBIDDEN = 403
_INCOMPLETE = 400
"""Cloud's description says of its words to search for that they may be left out, and not."""

_TOOK_TOO_LONG = 409
_GONE = frozenset({404, 410})

_MAY_NOT_BROWSE = (
    "Jira does not let this token look at people. Its owner needs the global permission "
    '"Browse users and groups" (on Data Center "Browse Users"), which a Jira administrator gives.'
)


class People:
    """Users of one Jira."""

    def __init__(self, site: JiraSite) -> None:
        self._site = site
        self._grants = Grants(site)
        self._is_large: bool | None = None

    async def accounts(self, cursor: str | None) -> AsyncIterator[Page[ProviderAccount]]:
        """Everybody, those who were switched off too. Cursor: an offset."""
        start = int(cursor or 0)
        while True:
            listed = await self._listed(*self._everybody(start))
            with reading(SLUG, "a list of users"):
                people = [shapes.account(item, is_cloud=self._site.is_cloud) for item in listed]
            start += len(listed)
            # A page may be short though more follows, so only an empty one is the last.
            following = str(start) if listed else None
            yield Page(tuple(person for person in people if person), following)
            if following is None:
                return

    async def _listed(self, path: str, params: Params) -> list[JsonObject]:
        """People, where the token may look at them at all.

        Raises:
            ProviderRefused: it may not.
            ProviderUnavailable: Cloud gave up after ten seconds, which it says by 409.
        """
        try:
            return await self._site.get_list(path, params)
        except ProviderRefused as refused:
            if refused.status == _TOOK_TOO_LONG:
                raise ProviderUnavailable(SLUG, refused.detail, status=_TOOK_TOO_LONG) from None
            if refused.status == _FORBIDDEN:
                refused.reason = _MAY_NOT_BROWSE
            raise

    async def account(self, external_id: str) -> ProviderAccount | None:
        """One person; None when they are deleted, or are no person of this site any more.

        Raises:
            ProviderRefused: the token may not look at people.
        """
        name = "accountId" if self._site.is_cloud else "key"
        try:
            found = await self._site.get("user", {name: external_id})
        except ProviderRefused as refused:
            if refused.status not in _GONE:
                raise
            await self._site.me(afresh=True)
            return None
        person = shapes.account(found, is_cloud=self._site.is_cloud)
        # Cloud answers about some who were deleted with an account called "unknown".
        return person if person and person.external_id == external_id else None

    async def access(self, project_key: str) -> frozenset[str] | None:
        """Who may see a project; None for everyone.

        Raises:
            ProviderRefused: the token may not ask.
        """
        if self._site.is_cloud and await self._has_too_many():
            return await self._grants.browsers(project_key)
        try:
            return await self._ids("user/permission/search", _browsing(self._site, project_key))
        except ProviderRefused as refused:
            if refused.status not in {_FORBIDDEN, _INCOMPLETE}:
                raise
        # Asking that takes an administrator of the project; who may be assigned may see it too.
        return await self._ids("user/assignable/search", _assignable(self._site, project_key))

    async def _ids(self, path: str, params: Params) -> frozenset[str]:
        found: set[str] = set()
        start = 0
        while True:
            page: Params = {**params, "startAt": start, "maxResults": _LIMIT}
            listed = await self._site.get_list(path, page)
            with reading(SLUG, "a list of users"):
                people = [shapes.account(item, is_cloud=self._site.is_cloud) for item in listed]
            found |= {person.external_id for person in people if person}
            start += _LIMIT
            # Cloud looks at a thousand people, and these are all; Data Center has full pages.
            if self._site.is_cloud or len(listed) < _LIMIT:
                return frozenset(found)

    async def _has_too_many(self) -> bool:
        if self._is_large is None:
            path, params = self._everybody(_LIMIT, 1)
            self._is_large = bool(await self._site.get_list(path, params))
        return self._is_large

    def _everybody(self, start: int, most: int = _LIMIT) -> tuple[str, Params]:
        page: dict[str, str | int] = {"startAt": start, "maxResults": most}
        if self._site.is_cloud:
            return "users/search", page
        return "user/search", {"username": _ANYBODY, "includeInactive": "true", **page}


def _browsing(site: JiraSite, project_key: str) -> Params:
    asked = {"projectKey": project_key, "permissions": "BROWSE_PROJECTS"}
    return asked if site.is_cloud else {"username": _ANYBODY, **asked}


def _assignable(site: JiraSite, project_key: str) -> Params:
    asked = {"project": project_key}
    return asked if site.is_cloud else {"username": "", **asked}
