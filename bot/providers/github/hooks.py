"""GitHub's webhooks: one for each organization, else one for each repository.

Requests are signed with the secret that was given: ``X-Hub-Signature-256: sha256=<hexadecimal HMAC
of the body>``. They do not expire, and there is no handshake. Boards tell of themselves only to
their organization; whoever plans for themselves alone is not told.
"""

import json
from collections.abc import AsyncIterator, Collection
from http import HTTPStatus
from urllib.parse import parse_qs

from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.hooks import HookRequest, News, Watch, prove, signed
from bot.integrations.shape import reading
from bot.providers.github.projects import Projects
from bot.providers.github.site import SLUG, GitHubSite, Repository

STEPS = (
    "In GitHub, as an owner of the organization: Settings, Webhooks, Add webhook. Enter the "
    "address and the secret, choose the content type application/json, and these events: Issues, "
    "Repositories, Collaborator add, remove, or changed, Memberships, Organizations, Projects v2, "
    "and Projects v2 items. A repository's own Settings, Webhooks do for that repository."
)

_OF_A_REPOSITORY = ("issues", "repository", "member")
_OF_AN_ORGANIZATION = (
    *_OF_A_REPOSITORY,
    "membership",
    "organization",
    "projects_v2",
    "projects_v2_item",
)
_WIDE = frozenset(_OF_AN_ORGANIZATION) | {"public", "team", "team_add"}
_FORM = "application/x-www-form-urlencoded"
_CLOSED = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
"""How GitHub says that somebody may not look at webhooks."""


def hear(request: HookRequest, secret: str | None) -> News:
    """Proves a request and reads what it is about.

    Raises:
        HookForged: it is not signed with the secret.
    """
    expected = f"sha256={signed(secret, request.body).hex()}" if secret else ""
    prove(request.headers.get("x-hub-signature-256") if secret else None, expected)
    event, body = request.headers.get("x-github-event", ""), _decoded(request)
    if event and event not in _WIDE:
        return News()  # a ping, comments, pushes: somebody chose more than is needed
    try:
        match event:
            case "issues":
                return _about_issue(body)
            case "projects_v2_item":
                return _about_item(body)
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    return News(is_wide=True)


def _about_issue(body: JsonObject) -> News:
    project = str(int(body["repository"]["id"]))
    task = frozenset({f"{project}/{int(body['issue']['number'])}"})
    match body["action"]:
        case "deleted":
            return News(tasks=task)
        case "transferred":
            changes = body["changes"]
            return News(frozenset({str(int(changes["new_repository"]["id"]))}), task)
    return News(frozenset({project}))


def _about_item(body: JsonObject) -> News:
    item = body["projects_v2_item"]
    if body["action"] == "reordered":
        return News()
    if body["action"] == "deleted":
        return News(tasks=frozenset({str(item["node_id"])}))
    return News(frozenset({str(item["project_node_id"])}))


def _decoded(request: HookRequest) -> JsonObject:
    """The JSON; also where somebody left the form's own content type, which wraps it."""
    if request.headers.get("content-type", "").startswith(_FORM):
        try:
            body = json.loads(parse_qs(request.body.decode())["payload"][0])
        except (KeyError, ValueError, RecursionError):
            body = None
    else:
        body = request.decoded()
    return body if isinstance(body, dict) else {}


class Hooks:
    """Sets them up, as far as the token's owner may."""

    def __init__(self, site: GitHubSite, projects: Projects) -> None:
        self._site = site
        self._projects = projects

    async def watch(self, address: str, secret: str, projects: Collection[str]) -> Watch:
        """Makes, changes or removes those with this address.

        What was set up for single repositories is looked for in every repository there is to
        look, where one of them needs it or nothing is to stay. What is left over otherwise tells
        of projects that nobody linked, which is no news.

        Raises:
            ProviderRefused: an organization and its repositories are administered by others.
        """
        repositories = await self._projects.met([one for one in projects if one.isdecimal()])
        owners = {one.owner for one in repositories.values() if not one.is_personal}
        owners |= await self._planning([one for one in projects if not one.isdecimal()])
        ours = {str(one["login"]) for one in await self._projects.organizations()}
        closed: set[str] = set()
        for login in sorted(ours | owners):
            if not await self._set(f"orgs/{login}/hooks", address, secret, login in owners):
                closed.add(login)
        single = {n: one for n, one in repositories.items() if _is_single(one, closed)}
        for number, one in single.items():
            if not await self._set(f"{one.path}/hooks", address, secret, wanted=True):
                raise _refused(number, one)
        if missing := owners & closed - {one.owner for one in single.values()}:
            raise _refused_planning(min(missing))
        if single or not projects:
            async for number, one in self._administered():
                if number not in single and _is_single(one, closed):
                    await self._set(f"{one.path}/hooks", address, secret, wanted=False)
        return Watch({"": secret} if projects else {})

    async def _planning(self, boards: list[str]) -> set[str]:
        """The organizations whose boards these are."""
        found = set()
        for board in boards:
            told = await self._projects.board(board)
            with reading(SLUG, "a project"):
                if told["owner"]["__typename"] == "Organization":
                    found.add(str(told["owner"]["login"]))
        return found

    async def _set(self, path: str, address: str, secret: str, wanted: bool) -> bool:  # noqa: FBT001
        """Makes the webhooks at a place what they have to be; False where that is not allowed."""
        try:
            standing = [one async for one in self._standing(path, address)]
        except ProviderRefused as refused:
            if refused.status not in _CLOSED:
                raise
            return False
        for number in standing[1 if wanted else 0 :]:
            await self._site.client.delete(f"{path}/{number}")
        if not wanted:
            return True
        events = _OF_AN_ORGANIZATION if path.startswith("orgs/") else _OF_A_REPOSITORY
        asked: JsonObject = {
            "active": True,
            "events": list(events),
            "config": {
                "url": address,
                "content_type": "json",
                "secret": secret,
                "insecure_ssl": "0",
            },
        }
        try:
            if standing:
                await self._site.client.patch(f"{path}/{standing[0]}", asked)
            else:
                await self._site.client.post_json(path, {"name": "web", **asked})
        except ProviderRefused as refused:
            if refused.status not in _CLOSED:
                raise
            return False
        return True

    async def _standing(self, path: str, address: str) -> AsyncIterator[int]:
        async for hooks in self._site.listed(path, {}):
            with reading(SLUG, "a list of webhooks"):
                for one in hooks:
                    if one["config"].get("url") == address:
                        yield int(one["id"])

    async def _administered(self) -> AsyncIterator[tuple[str, Repository]]:
        async for items in self._projects.pages():
            for item in items:
                known = self._site.known(str(item["id"]))
                if known is not None and (item.get("permissions") or {}).get("admin"):
                    yield str(item["id"]), known


def _is_single(one: Repository, closed: Collection[str]) -> bool:
    """Whether it needs a webhook of its own."""
    return one.is_personal or one.owner in closed


def _refused(number: str, one: Repository) -> ProviderRefused:
    reason = (
        f"GitHub lets only owners of {one.owner}, or administrators of {one.owner}/{one.name}, "
        "set up webhooks."
    )
    return ProviderRefused(SLUG, f"webhook of {number}", status=403, reason=reason)


def _refused_planning(login: str) -> ProviderRefused:
    reason = f"GitHub lets only owners of {login} set up webhooks for its Projects."
    return ProviderRefused(SLUG, f"webhook of {login}", status=403, reason=reason)
