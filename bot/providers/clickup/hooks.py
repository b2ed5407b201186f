"""ClickUp's webhooks: one a list for its tasks, and one of the Workspace for lists and Spaces.

ClickUp makes the secret of each. Requests are signed with it: ``X-Signature`` is the hexadecimal
HMAC of the body. There is no handshake and no end; but ClickUp suspends those that fail too often,
without a word, and one that is suspended is replaced.
"""

from collections.abc import Collection
from datetime import timedelta
from urllib.parse import quote

from bot.domain.clock import Clock
from bot.integrations.errors import ProviderRefused
from bot.integrations.hooks import HookRequest, News, Watch, prove, signed
from bot.integrations.shape import identity, reading
from bot.providers.clickup.site import SLUG, ClickUpSite

STEPS = (
    "Nothing can be entered by hand: Hourlink asks ClickUp for its webhooks in the name of the "
    "token's owner, and asks again once a day."
)

_EDITS = (
    "taskCreated",
    "taskUpdated",
    "taskStatusUpdated",
    "taskAssigneeUpdated",
    "taskTagUpdated",
    "taskTimeEstimateUpdated",
)
_LOSSES = ("taskMoved", "taskDeleted")
"""What no list of changes shows where it was."""

_PLACES = tuple(
    f"{place}{what}"
    for place in ("list", "folder", "space")
    for what in ("Created", "Updated", "Deleted")
)
_SUSPENDED = "suspended"
_AGAIN = timedelta(days=1)
"""How often it is looked whether ClickUp has suspended any."""


def hear(request: HookRequest, secret: str | None) -> News:
    """Proves a request and reads what it is about.

    Raises:
        HookForged: it is not signed with the secret.
    """
    expected = signed(secret, request.body).hex() if secret else ""
    prove(request.headers.get("x-signature") if secret else None, expected)
    body = request.decoded()
    event = body.get("event") if isinstance(body, dict) else None
    if not isinstance(event, str) or event in _PLACES:
        return News(is_wide=True)
    if event not in (*_EDITS, *_LOSSES):
        return News()
    try:
        task = frozenset({identity(body.get("task_id"))})
    except TypeError:
        return News(is_wide=True)
    list_id = request.address.rpartition("/")[2]
    if event in _LOSSES or not list_id.isdecimal():
        return News(tasks=task)
    return News(projects=frozenset({list_id}))


class Webhooks:
    """Those of one Workspace that send to one address."""

    def __init__(self, site: ClickUpSite, clock: Clock) -> None:
        self._site = site
        self._clock = clock

    async def watch(self, address: str, projects: Collection[str]) -> Watch:
        """Keeps what stands and works, removes what does not, and makes what is missing.

        Raises:
            ProviderRefused: the token's owner may set up none.
        """
        team = await self._site.team()
        wanted = {f"/{one}": one for one in projects} | ({"": ""} if projects else {})
        secrets = await self._standing(team, address, wanted)
        refusals: list[ProviderRefused] = []
        for behind, list_id in sorted(wanted.items()):
            if behind in secrets:
                continue
            try:
                secrets[behind] = await self._make(team, address + behind, list_id)
            except ProviderRefused as refused:
                refusals.append(refused)
        if refusals and not secrets.keys() - {""}:
            raise refusals[0]
        return Watch(secrets, self._clock() + _AGAIN) if projects else Watch()

    async def _standing(self, team: str, address: str, wanted: Collection[str]) -> dict[str, str]:
        """Secrets of what is watched already; whatever else sends to this address is removed."""
        kept: dict[str, str] = {}
        body = await self._site.get(f"team/{team}/webhook")
        with reading(SLUG, "a list of webhooks"):
            listed = [(str(one["endpoint"]), one) for one in body["webhooks"]]
        for endpoint, one in listed:
            behind = endpoint.removeprefix(address)
            if endpoint != address and not endpoint.startswith(f"{address}/"):
                continue
            with reading(SLUG, "a webhook"):
                is_well = one["health"]["status"] != _SUSPENDED
                hook_id, secret = identity(one["id"]), str(one["secret"])
            if is_well and behind in wanted and behind not in kept:
                kept[behind] = secret
            else:
                await self._site.delete(f"webhook/{quote(hook_id, safe='')}")
        return kept

    async def _make(self, team: str, endpoint: str, list_id: str) -> str:
        asked: dict[str, object] = {"endpoint": endpoint, "events": list(_PLACES)}
        if list_id:
            asked |= {"events": [*_EDITS, *_LOSSES], "list_id": int(list_id)}
        try:
            body = await self._site.post(f"team/{team}/webhook", asked)
        except ProviderRefused as refused:
            refused.reason = f"ClickUp does not let this token set up webhooks ({refused.reason})."
            raise
        with reading(SLUG, "a webhook"):
            return str(body["webhook"]["secret"])
