"""What the token's owner may, and who may browse a project of Cloud by its permission scheme.

The latter is for sites with very many people.

Jira's own question, who may see a project, looks at the first thousand people only. A scheme grants
the right to people, groups and roles, and a role is made of people and groups again. What it grants
to reporters or assignees holds for single issues, and counts for nothing here.
"""

from collections.abc import AsyncIterator, Mapping
from urllib.parse import quote

from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.jira.site import SLUG, JiraSite

_BROWSE = "BROWSE_PROJECTS"
_EVERYONE = frozenset({"anyone", "applicationRole"})
"""Anybody, or whoever has the product: on the site nobody is without it."""

_LIMIT = 50
"""Members of a group on a page; Jira gives no more."""


_LACKING: Mapping[str, str] = {
    "ADMINISTER": (
        "The token is no Jira administrator's: projects its owner does not see stay unseen, and "
        "where they do not administer one, those who can be assigned count as who may see it."
    ),
    "USER_PICKER": (
        'The token\'s owner lacks the global permission "Browse users and groups" (on Data Center '
        '"Browse Users"). Without it no sync gets through.'
    ),
    "WORK_ON_ISSUES": (
        'The token\'s owner may log work in no project: they need "Work on issues" where time is '
        "to be written."
    ),
}
"""What comes of not having a permission."""


async def warnings(site: JiraSite) -> list[str]:
    """What the token will not be able to do; nothing where Jira does not tell."""
    try:
        held = await site.may(*_LACKING)
    except ProviderRefused:
        return []
    return [consequence for name, consequence in _LACKING.items() if name not in held]


class Grants:
    """Reads schemes, roles and groups; a group that many projects share is read once."""

    def __init__(self, site: JiraSite) -> None:
        self._site = site
        self._groups: dict[str, frozenset[str]] = {}

    async def browsers(self, project_key: str) -> frozenset[str] | None:
        """Ids of the people who may browse a project; None for everyone.

        Raises:
            ProviderRefused: the token is of no administrator of the project.
        """
        project = f"project/{quote(project_key, safe='')}"
        scheme = await self._site.get(f"{project}/permissionscheme", {"expand": "permissions"})
        with reading(SLUG, "a permission scheme"):
            holders = [
                one["holder"] for one in scheme["permissions"] if one["permission"] == _BROWSE
            ]
        if any(holder["type"] in _EVERYONE for holder in holders):
            return None
        found: set[str] = set()
        for holder in holders:
            found |= await self._held_by(holder, project)
        return frozenset(found)

    async def _held_by(self, holder: JsonObject, project: str) -> frozenset[str]:
        named = str(holder.get("value") or holder.get("parameter") or "")
        match holder["type"]:
            case "user":
                return frozenset({named})
            case "group":
                return await self._members(named)
            case "projectRole":
                return await self._in_role(named, project)
            case "projectLead":
                lead = (await self._site.get(project)).get("lead") or {}
                return frozenset({str(lead["accountId"])} if lead else ())
            case _:
                return frozenset()

    async def _in_role(self, role_id: str, project: str) -> frozenset[str]:
        role = await self._site.get(f"{project}/role/{quote(role_id, safe='')}")
        found: set[str] = set()
        with reading(SLUG, "a project role"):
            actors = list(role.get("actors") or ())
        for actor in actors:
            with reading(SLUG, "somebody in a role"):
                person, group = actor.get("actorUser"), actor.get("actorGroup")
                if person is not None:
                    found.add(str(person["accountId"]))
                    continue
                named = str(group["groupId"])
            found |= await self._members(named)
        return frozenset(found)

    async def _members(self, group: str) -> frozenset[str]:
        if group not in self._groups:
            self._groups[group] = frozenset([one async for one in self._listed(group)])
        return self._groups[group]

    async def _listed(self, group: str) -> AsyncIterator[str]:
        start = 0
        while True:
            body = await self._site.get(
                "group/member", {"groupId": group, "startAt": start, "maxResults": _LIMIT}
            )
            with reading(SLUG, "the members of a group"):
                people = [str(person["accountId"]) for person in body["values"]]
                is_last = bool(body["isLast"])
            for person in people:
                yield person
            start += len(people)
            if is_last or not people:
                return
