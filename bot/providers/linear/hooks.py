"""Linear's webhooks: one for each linked team, private ones too, each at an address of its own.

Requests are signed with the secret that was given: ``Linear-Signature`` is the HMAC-SHA256 of the
body in hexadecimal. Linear repeats what was not answered after a minute, an hour and six hours, so
one that is old is no forgery; it leads to the present state all the same. Webhooks do not expire,
but are switched off after many failures.
"""

from collections.abc import Collection
from datetime import timedelta

from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.hooks import HookRequest, News, Watch, prove, signed
from bot.integrations.shape import reading
from bot.providers.linear import queries
from bot.providers.linear.shapes import text
from bot.providers.linear.site import SLUG, LinearSite

STEPS = (
    "Linear makes the secret of a webhook itself where a person sets it up, so Hourlink does that. "
    "Choose New credentials in this tool's settings, and enter the API key of an admin of the "
    "Linear workspace."
)

_ISSUE = "Issue"
_KINDS = [_ISSUE]
_WIDE = frozenset({"PermissionChange", "User"})
_ELSEWHERE = frozenset({"archivedAt", "teamId", "trashed"})
"""What no list of a team's changes shows when it changes."""

_LOOKED_AFTER = timedelta(days=7)
"""How long a webhook may be switched off before that is seen."""


def hear(request: HookRequest, secret: str | None) -> News:
    """Proves a request and reads what it is about.

    Raises:
        HookForged: it is not signed with the secret.
    """
    expected = signed(secret, request.body).hex() if secret else ""
    prove(request.headers.get("linear-signature") if secret else None, expected)
    body = request.decoded()
    kind = body.get("type") if isinstance(body, dict) else None
    if kind == _ISSUE:
        try:
            return _about_issue(body)
        except (AttributeError, KeyError, TypeError):
            return News(is_wide=True)
    return News(is_wide=kind in _WIDE or not isinstance(kind, str))


def _about_issue(body: JsonObject) -> News:
    issue = body["data"]
    task = frozenset({text(issue["id"])})
    if body["action"] == "remove":
        return News(tasks=task)
    before = body.get("updatedFrom") or {}
    team = frozenset({text(issue.get("teamId") or issue["team"]["id"])})
    return News(team, task if before.keys() & _ELSEWHERE else frozenset())


async def watch(site: LinearSite, address: str, secret: str, teams: Collection[str]) -> Watch:
    """Makes, changes or removes the webhooks whose addresses begin with this one.

    Raises:
        ProviderRefused: the key is no workspace admin's.
    """
    wanted = {f"{address}/{team}": team for team in sorted(teams)}
    for one in await _standing(site, address):
        with reading(SLUG, "a webhook"):
            number, url = str(one["id"]), str(one["url"])
            is_right = one["enabled"] and one.get("secret") == secret
        if wanted.pop(url, None) is None:
            await site.tell(queries.REMOVE_WEBHOOK, id=number)
        elif not is_right:
            changed = {"enabled": True, "secret": secret, "resourceTypes": _KINDS}
            await site.tell(queries.CHANGE_WEBHOOK, id=number, input=changed)
    for url, team in wanted.items():
        asked = {
            "url": url,
            "teamId": team,
            "resourceTypes": _KINDS,
            "secret": secret,
            "label": "Hourlink",
        }
        try:
            await site.tell(queries.MAKE_WEBHOOK, input=asked)
        except ProviderRefused:
            if await _is_there(site, team):
                raise  # a team that was hidden meanwhile must not cost the others theirs
    if not teams:
        return Watch()
    return Watch({f"/{team}": secret for team in teams}, site.clock() + _LOOKED_AFTER)


async def _is_there(site: LinearSite, team: str) -> bool:
    data = await site.ask(queries.TEAM, id=team)
    with reading(SLUG, "a team"):
        return bool(data["teams"]["nodes"])


async def _standing(site: LinearSite, address: str) -> list[JsonObject]:
    """All of ours, before any of them is changed."""
    found: list[JsonObject] = []
    try:
        async for _, nodes, _ in site.listed(queries.WEBHOOKS, "webhooks"):
            with reading(SLUG, "a list of webhooks"):
                found += [one for one in nodes if str(one["url"]).startswith(f"{address}/")]
    except ProviderRefused as refused:
        refused.reason = f"Linear lets only workspace admins set up webhooks ({refused.reason})."
        raise
    return found
