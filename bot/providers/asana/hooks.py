"""Asana's webhooks: one a project, and one for the projects of the workspace.

Asana makes the secret of each, and hands it over while it is being asked for the webhook: a request
with ``X-Hook-Secret`` is to be answered with the same header. From then on requests carry
``X-Hook-Signature``, the hexadecimal HMAC of the body. A webhook that cannot be delivered for a day
is deleted; one that is made anew has another secret, so each gets an address of its own.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from urllib.parse import quote

from bot.domain.clock import Clock
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.hooks import HookForged, HookRequest, News, Watch, prove, signed
from bot.integrations.shape import identity, reading
from bot.providers.asana.site import SLUG, AsanaSite

STEPS = (
    "Nothing can be entered by hand: Hourlink asks Asana for its webhooks in the name of the "
    "token's owner, who has to see the linked projects, and asks again once a day."
)

_OFFER = "x-hook-secret"
_SIGNATURE = "x-hook-signature"
_EVERYWHERE = "all"
"""Behind the address of the webhook that tells of projects."""

_FEW = 10
"""Edited tasks in one request that are read one by one; of more, the project's changes are."""

_MOST = 100
"""Webhooks made in one go: each takes a handshake, and those are believed for some minutes."""

_AGAIN = timedelta(days=1)
"""How often it is looked whether Asana has deleted any."""

_EDITED = "changed"
_HAPPENED = ("added", "removed", "deleted", "undeleted")
_TASK_FIELDS = ("name", "completed", "assignee", "tags", "custom_fields")
_PROJECT_FIELDS = ("name", "archived")
_OF_PROJECTS = frozenset({"project", "team", "workspace"})


def hear(request: HookRequest, secret: str | None) -> News:
    """Proves a request and reads what it is about.

    Raises:
        HookForged: it is neither signed with the secret nor a handshake that is still awaited.
    """
    offered = request.headers.get(_OFFER)
    if secret is None:
        if not offered or not offered.isascii() or not offered.isprintable():
            raise HookForged
        return News(secret=offered, headers={"X-Hook-Secret": offered})
    prove(request.headers.get(_SIGNATURE), signed(secret, request.body).hex())
    body = request.decoded()
    if body == {}:
        return News()
    try:
        return _about(list(body["events"]), _project_of(request.address))
    except (AttributeError, KeyError, TypeError, ValueError):
        return News(is_wide=True)


def _about(events: Sequence[JsonObject], project: str) -> News:
    """Edited tasks lead to themselves: a list of changes has no subtasks. Very many do not."""
    edited: set[str] = set()
    happened: set[str] = set()
    is_wide = False
    for event in events:
        kind, gid = event["resource"]["resource_type"], identity(event["resource"]["gid"])
        if kind == "task":
            (edited if event["action"] == _EDITED else happened).add(gid)
        is_wide = is_wide or kind in _OF_PROJECTS
    if len(edited) > _FEW and project != _EVERYWHERE:
        return News(frozenset({project}), frozenset(happened), is_wide)
    return News(tasks=frozenset(edited | happened), is_wide=is_wide)


def _project_of(address: str) -> str:
    return address.rpartition("/")[2].partition("-")[0]


class Webhooks:
    """Those of one workspace that send to one address."""

    def __init__(self, site: AsanaSite, clock: Clock) -> None:
        self._site = site
        self._clock = clock

    async def watch(self, address: str, projects: Collection[str]) -> Watch:
        """Keeps what stands and works, removes what is not wanted, and makes what is missing.

        Raises:
            ProviderRefused: the token's owner may set up none.
        """
        workspace, _ = await self._site.workspace()
        wanted = {project: project for project in projects}
        if projects:
            wanted[workspace] = _EVERYWHERE
        standing = await self._standing(workspace, address, wanted)
        missing = sorted(wanted.keys() - standing, key=lambda one: (one != workspace, one))
        refusals: list[ProviderRefused] = []
        for resource in missing[:_MOST]:
            try:
                await self._make(
                    resource, f"{address}/{wanted[resource]}", is_all=resource == workspace
                )
            except ProviderRefused as refused:
                if resource != workspace:  # of projects in general not everybody may hear
                    refusals.append(refused)
            else:
                standing.add(resource)
        if refusals and not standing - {workspace}:
            raise refusals[0]
        if not projects:
            return Watch()
        now = self._clock()
        return Watch(renew_at=now if len(missing) > _MOST else now + _AGAIN)

    async def _standing(self, workspace: str, address: str, wanted: Collection[str]) -> set[str]:
        """What is watched already; whatever else sends to this address is removed."""
        kept: set[str] = set()
        asked = {"workspace": workspace, "opt_fields": "active,resource,target"}
        for one in await self._site.every("webhooks", asked):
            with reading(SLUG, "a webhook"):
                gid, resource = identity(one["gid"]), identity(one["resource"]["gid"])
                is_ours, is_active = str(one["target"]).startswith(f"{address}/"), one["active"]
            if not is_ours:
                continue
            if is_active and resource in wanted and resource not in kept:
                kept.add(resource)
            else:
                await self._site.delete(f"webhooks/{quote(gid, safe='')}")
        return kept

    async def _make(self, resource: str, place: str, *, is_all: bool) -> None:
        """The moment behind the place keeps the secrets of a deleted one and of its heir apart."""
        asked = {
            "resource": resource,
            "target": f"{place}-{int(self._clock().timestamp())}",
            "filters": _of_projects() if is_all else _of_tasks(),
        }
        await self._site.post("webhooks", asked)


def _of_tasks() -> list[JsonObject]:
    return [
        {"resource_type": "task", "action": _EDITED, "fields": list(_TASK_FIELDS)},
        *({"resource_type": "task", "action": action} for action in _HAPPENED),
        {"resource_type": "project", "action": _EDITED, "fields": list(_PROJECT_FIELDS)},
        {"resource_type": "project", "action": "deleted"},
    ]


def _of_projects() -> list[JsonObject]:
    return [
        {"resource_type": "project", "action": _EDITED, "fields": list(_PROJECT_FIELDS)},
        *({"resource_type": "project", "action": action} for action in _HAPPENED),
    ]
