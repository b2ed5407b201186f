"""Trello's webhooks: one for each board, all at the same address.

Requests are signed with the secret of the key that made the webhook: ``X-Trello-Webhook`` is the
HMAC-SHA1 of the body with the address behind it, in base 64. Before one is made, Trello asks the
address by HEAD. Those it has switched off after many failures are made again.
"""

from base64 import b64encode
from collections.abc import Collection
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import quote

from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.hooks import HookRequest, News, Watch, prove, signed
from bot.integrations.shape import reading
from bot.providers.trello.site import SLUG, TrelloSite

STEPS = (
    "Hourlink sets Trello's webhooks up by itself, once it knows the secret that signs them. "
    "Choose New credentials in this tool's settings, and enter an API key, a token and the Secret "
    "that stands beside the key at trello.com/power-ups/admin. With a sign-in there are none."
)

_LOOKED_AFTER = timedelta(days=7)
"""How long a webhook may be switched off before that is seen."""

_CARD = frozenset(
    {
        "addLabelToCard",
        "addMemberToCard",
        "convertToCardFromCheckItem",
        "copyCard",
        "createCard",
        "deleteCard",
        "emailCard",
        "moveCardFromBoard",
        "moveCardToBoard",
        "removeLabelFromCard",
        "removeMemberFromCard",
        "updateCard",
    }
)
_MANY_CARDS = frozenset(
    {
        "deleteLabel",
        "moveListFromBoard",
        "moveListToBoard",
        "updateLabel",
        "updateList",
    }
)
"""What changes cards without a word about each."""

_BOARD = frozenset(
    {
        "addMemberToBoard",
        "addToOrganizationBoard",
        "makeAdminOfBoard",
        "makeNormalMemberOfBoard",
        "makeObserverOfBoard",
        "removeFromOrganizationBoard",
        "removeMemberFromBoard",
        "updateBoard",
    }
)


def hear(request: HookRequest, secret: str | None) -> News:
    """Proves a request and reads what it is about.

    Raises:
        HookForged: it is not signed with the secret, over this address.
    """
    covered = request.body + request.address.encode()
    expected = b64encode(signed(secret or "", covered, algorithm="sha1")).decode()
    prove(request.headers.get("x-trello-webhook") if secret else None, expected)
    body = request.decoded()
    try:
        return _about(body["action"])
    except (KeyError, TypeError):
        return News(is_wide=True)


def _about(action: JsonObject) -> News:
    kind = action["type"]
    if kind in _CARD:
        return News(tasks=frozenset({_id(action["data"]["card"])}))
    if kind in _MANY_CARDS:
        return News(projects=frozenset({_id(action["data"]["board"])}))
    # The rest are comments, attachments, checklists: they come often, and change no task.
    return News(is_wide=kind in _BOARD)


def _id(named: JsonObject) -> str:
    found = named["id"]
    if not isinstance(found, str):
        raise TypeError(found)
    return found


async def watch(site: TrelloSite, address: str, projects: Collection[str]) -> Watch:
    """Makes a webhook of each board, and removes those of others at this address.

    Raises:
        ProviderRefused: the secret that signs them is not known, somebody signed in instead of
            entering a key, or Trello cannot reach us.
    """
    if projects:
        _check_secret(site)
    elif site.is_signed_in:
        return Watch()  # there never were any
    kept: set[str] = set()
    for one in await site.token_list("webhooks"):
        with reading(SLUG, "a webhook"):
            number, board, is_active = str(one["id"]), str(one["idModel"]), one["active"]
            is_ours = one["callbackURL"] == address
        if is_ours and board in projects and board not in kept and is_active:
            kept.add(board)
        elif is_ours:
            await _remove(site, number)
    for board in sorted(set(projects) - kept):
        asked = {"idModel": board, "callbackURL": address, "description": "Hourlink"}
        try:
            await site.post("webhooks/", asked)
        except ProviderRefused as refused:
            if refused.status not in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
                raise  # a board that was hidden meanwhile must not cost the others theirs
    if not projects:
        return Watch()
    return Watch({"": site.secret}, renew_at=site.clock() + _LOOKED_AFTER)


def _check_secret(site: TrelloSite) -> None:
    reason = ""
    if site.is_signed_in:
        # What would sign them Trello does not say.
        reason = "Trello's webhooks need an API key and a token; here somebody signed in."
    elif not site.secret:
        reason = "Trello's webhooks need the secret of the API key, which was not entered."
    if reason:
        raise ProviderRefused(SLUG, reason, reason=reason)


async def _remove(site: TrelloSite, number: str) -> None:
    try:
        await site.delete(f"webhooks/{quote(number, safe='')}")
    except ProviderRefused as refused:
        if refused.status != HTTPStatus.NOT_FOUND:
            raise
