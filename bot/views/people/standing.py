"""Where a member stands with each site, and what can be done about it."""

from collections.abc import Sequence

from bot.domain.people.account_links import Standing
from bot.domain.states import AccountLinkState
from bot.views.message import (
    Block,
    Message,
    actions,
    button,
    clipped,
    confirmation,
    context,
    escaped,
    section,
)
from bot.views.people import own_keys
from bot.views.people.accounts import CONNECT, DISCONNECT, NAME
from bot.views.providers import Faces, face
from bot.views.words import GUESTS

_SITES = 22


def standings(found: Sequence[Standing], faces: Faces, *, is_next: bool = False) -> Message:
    """Every site and where the member stands, each with what can be done.

    Args:
        found: The sites.
        faces: Names and icons of the tools.
        is_next: To connect at the first one is what there is to do next.
    """
    shown = found[:_SITES]
    more = ""
    if len(found) > _SITES:
        more = f"And {len(found) - _SITES} more: `/track connect` with a site's name shows one."
    lines = [_standing(one, faces) for one in shown]
    blocks: list[Block] = []
    for line, one in zip(lines, shown, strict=True):
        buttons = _standing_buttons(one, faces, is_next=is_next and one is shown[0])
        blocks.append(section(line, accessory=buttons[0] if len(buttons) == 1 else None))
        blocks += [actions(*buttons)] if buttons[1:] else []
    text = "\n".join([*lines, *([more] if more else [])])
    return Message(text, [*blocks, *([context(more)] if more else [])])


def _standing(one: Standing, faces: Faces) -> str:
    site = f"{escaped(face(faces, one.site.provider))}, {escaped(clipped(one.site.name, NAME))}"
    link = one.link
    if one.waits_to_be_asked or link is None:
        return f"{site}: not connected.{f' {GUESTS}' if one.waits_to_be_asked else ''}"
    account = f" as *{escaped(link.account.name)}*" if link.account else ""
    match link.state:
        case AccountLinkState.CONNECTED:
            key = " You signed in with your own key." if link.has_own_key else ""
            off = "" if link.account is None or link.account.is_active else _OFF
            stale = _STALE if one.site.is_broken else ""
            return f"{site}: connected{account}.{key}{off}{stale}"
        case AccountLinkState.AWAITING_APPROVAL:
            return f"{site}: waits for an admin's approval{account}."
        case AccountLinkState.INVITED:
            by = f" by {escaped(link.asked_by)}" if link.asked_by else ""
            return f"{site}: asked{by}, not answered yet."
        case AccountLinkState.ENDED if link.account is not None and link.account.is_gone:
            return f"{site}: not connected. Your account there{account} is gone."
        case _:
            return f"{site}: not connected ({link.state.value})."


_STALE = " What changes there does not arrive at present; the admins know. You can go on tracking."

_OFF = " That account is switched off there, so nothing can be tracked with it."


def _standing_buttons(one: Standing, faces: Faces, *, is_next: bool) -> list[Block]:
    link = one.link
    if link is not None and link.state is AccountLinkState.CONNECTED:
        sure = confirmation(
            "Disconnect?",
            "Tracking on this site's projects stops; a running timer there is stopped and kept. "
            "What you tracked stays.",
            yes="Disconnect",
        )
        end = button("Disconnect", DISCONNECT, str(link.id), confirm=sure)
        if link.has_own_key:
            new = own_keys.offer(faces, one.site, link, label="Use a new key")
            return [end, *new, button("Forget your key", own_keys.FORGET, str(link.id))]
        return [end, *own_keys.offer(faces, one.site, link, label="Use your own key")]
    if one.waits_to_be_asked:
        return []
    waits = link is not None and link.state is AccountLinkState.AWAITING_APPROVAL
    style = "primary" if is_next and not waits else None
    connect = button("Show" if waits else "Connect", CONNECT, str(one.site.id), style=style)
    return [connect, *own_keys.offer(faces, one.site, link)]
