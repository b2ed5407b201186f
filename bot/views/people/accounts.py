"""What a member reads about connecting an account: the request, and what became of it."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.people.account_links import (
    Account,
    AccountLink,
    Answer,
    Ended,
    Reply,
    Site,
)
from bot.domain.states import AccountLinkState
from bot.domain.tracking.tracking import KeptOffer
from bot.integrations.api import Capability
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    clipped,
    context,
    escaped,
    plain,
    section,
)
from bot.views.offers import search_tasks
from bot.views.people import own_keys
from bot.views.providers import Faces, face, tool
from bot.views.times import length, noted, told
from bot.views.tracking.which import go_on

CONNECT = "people.connect"
CONFIRM = "people.confirm"
NOT_ME = "people.not_me"
PICK = "people.pick"
DECLINE = "people.decline"
DISCONNECT = "people.disconnect"

OWN = "own"
"""Metadata of a form that only shows one of these messages."""

FRESH = "The request you answered was out of date. This is the current one."
NAME = 80


def where(faces: Faces, site: Site) -> str:
    """The provider and its site, in words that can stand in a sentence."""
    return f"*{escaped(tool(faces, site.provider))}* ({escaped(clipped(site.name, NAME))})"


def named(faces: Faces, site: Site, account: Account | None) -> str:
    """``Jira account Mia K (mia@acme.test, acme.atlassian.net)``, as much as is known of it."""
    kind = f"*{escaped(tool(faces, site.provider))}* account"
    details = [clipped(site.name, NAME)]
    if account is None:
        return f"{kind} ({escaped(details[0])})"
    if account.email:
        details.insert(0, account.email)
    return f"{kind} *{escaped(clipped(account.name, NAME))}* ({escaped(', '.join(details))})"


def invitation(link: AccountLink, faces: Faces, *, note: str = "") -> Message:
    """The request itself, with the account that is probably theirs, or with the list to come."""
    what = named(faces, link.site, link.account)
    asks = (
        f"{escaped(link.asked_by)} asks you to connect your {what} to Hourlink."
        if link.asked_by and link.asked_by != link.person.name
        else f"Connect your {what} to Hourlink?"
    )
    allows = _allows(faces, link.site)
    choose = "" if link.account else "Which account there is yours is not known: choose it."
    value = _value(link)
    first = (
        (
            button("Connect", CONFIRM, value, style="primary"),
            button("Not me", NOT_ME, value),
        )
        if link.account
        else (button("Choose my account", NOT_ME, value, style="primary"),)
    )
    return _message(
        [note, asks, allows, choose],
        buttons=[*first, button("Decline", DECLINE, value)],
        small=_expiry(link),
    )


def reminder(link: AccountLink, faces: Faces) -> Message:
    """The one reminder."""
    return invitation(link, faces, note="A reminder, the only one.")


def _allows(faces: Faces, site: Site) -> str:
    descriptor = faces.get(site.provider)
    keeps_time = descriptor is not None and Capability.TIME in descriptor.capabilities
    then = "Then you can track time on the tasks you see there"
    if site.writes_time and keeps_time:
        return f"{then}; your tracked time is written to their worklogs."
    return f"{then}."


def _expiry(link: AccountLink) -> str:
    if link.expires_at is None:
        return ""
    day = link.expires_at.astimezone(_zone(link.person.zone))
    return f"Expires on {day.day} {day:%b}."


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _value(link: AccountLink) -> str:
    return f"{link.id}:{link.request}"


def choose(link: AccountLink, faces: Faces, *, note: str = "", may_keep: bool = True) -> Message:
    """The list to pick one's account from, perhaps with a way back to the suggested one."""
    offered = own_keys.offer(faces, link.site, link)
    proof = (
        "neither your e-mail address nor a key of your own proves"
        if offered
        else "your e-mail address does not prove"
    )
    text = (
        f"Which {named(faces, link.site, None)} is yours? If {proof} it, an admin approves your "
        "choice."
    )
    picker: Block = {
        "type": "external_select",
        "action_id": PICK,
        "min_query_length": 0,
        "placeholder": plain("Search by name"),
    }
    buttons = []
    if may_keep and link.account is not None and link.state is AccountLinkState.INVITED:
        again = f"It is {clipped(link.account.name, 40)} after all"
        buttons.append(button(again, CONFIRM, _value(link)))
    buttons += offered
    buttons.append(button("Decline", DECLINE, _value(link)))
    said = [part for part in (note, text) if part]
    blocks = [
        *([section(note)] if note else []),
        section(text, accessory=picker, block_id=pick_block(link)),
        actions(*buttons),
    ]
    return Message(" ".join(said), blocks)


def pick_block(link: AccountLink) -> str:
    """The block id of the list, which says whose list it is."""
    return f"pick:{link.id}:{link.request}"


def connected(
    link: AccountLink, faces: Faces, *, note: str = "", offer: KeptOffer | None = None
) -> Message:
    """A clear success; with what was refused before, if it can be done now."""
    account = f", *{escaped(link.account.name)}*" if link.account else ""
    site = escaped(clipped(link.site.name, NAME))
    done = f"Connected: {escaped(face(faces, link.site.provider))}{account} ({site})."
    if offer is not None:
        return _message([note, done, _kept(offer)], buttons=[_go_on(offer)])
    return _message([note, done, "Try `/track start` with a task's key."], buttons=[search_tasks()])


def _kept(offer: KeptOffer) -> str:
    long = length(offer.seconds) if offer.seconds else "time"
    what = f"log {long}" if offer.is_log else "start a timer"
    where = f" on *{told(offer.on.name)}*" if offer.on else ""
    note = f", _{noted(offer.note)}_" if offer.note else ""
    return f"You wanted to {what}{where}{note}."


def _go_on(offer: KeptOffer) -> Block:
    if offer.on is None:
        return search_tasks(offer.pending_id)
    return go_on(offer.pending_id, offer.on, is_log=offer.is_log, style="primary")


def waiting(link: AccountLink, faces: Faces) -> Message:
    """Their choice waits for an admin."""
    offered = own_keys.offer(faces, link.site, link)
    sooner = " A key of your own proves it at once." if offered else ""
    text = (
        f"An admin is asked to approve your {named(faces, link.site, link.account)}. "
        f"You get a message once that is done.{sooner}"
    )
    value = _value(link)
    return _message(
        [text],
        buttons=[
            *offered,
            button("Choose another account", NOT_ME, value),
            button("Decline", DECLINE, value),
        ],
    )


_OVER = {
    Reply.DECLINED: "Declined: your account in {site} is not connected. You can change your mind.",
    Reply.EXPIRED: "This request for {site} has expired. There is nothing left to decline.",
    Reply.WITHDRAWN: "This request for {site} was withdrawn{by}. You can still connect yourself.",
    Reply.ENDED: "Your account in {site} was disconnected after this message.",
    Reply.SITE_GONE: "{site} is not connected to Hourlink any more. There is nothing to do.",
}


def answer(found: Answer, faces: Faces, *, offer: KeptOffer | None = None) -> Message:
    """How things stand after the member's answer; takes the place of the message they clicked."""
    link = found.link
    note = FRESH if found.renewed else ""
    if found.reply in _OVER:
        return _over(found, faces)
    match found.reply:
        case Reply.ASK:
            return invitation(link, faces, note=note)
        case Reply.CONNECTED:
            return connected(link, faces, offer=offer)
        case Reply.AWAITING:
            return waiting(link, faces)
        case Reply.HELD:
            note = _held(found.held)
        case Reply.UNAVAILABLE:
            note = "That account is gone or switched off there."
    return choose(link, faces, note=note, may_keep=found.reply is Reply.CHOOSE)


def stands(link: AccountLink, faces: Faces) -> Message:
    """Where a member waited for an admin: what became of it; a question comes by itself."""
    match link.state:
        case AccountLinkState.CONNECTED:
            return connected(link, faces)
        case AccountLinkState.AWAITING_APPROVAL:
            return waiting(link, faces)
        case AccountLinkState.INVITED:
            text = f"You were asked again which account in {where(faces, link.site)} is yours."
            return Message(text, [section(text)])
        case _:
            return _over(Answer(link, _ENDINGS[link.state]), faces)


_ENDINGS = {
    AccountLinkState.DECLINED: Reply.DECLINED,
    AccountLinkState.EXPIRED: Reply.EXPIRED,
    AccountLinkState.WITHDRAWN: Reply.WITHDRAWN,
    AccountLinkState.ENDED: Reply.ENDED,
}


def _over(found: Answer, faces: Faces) -> Message:
    link = found.link
    by = f" by {escaped(link.decided_by)}" if link.decided_by else ""
    text = _OVER[found.reply].format(site=where(faces, link.site), by=by)
    again = button("Connect", CONNECT, str(link.site.id))
    return _message([text], buttons=[again] if link.site.is_connected else [])


def _held(account: Account | None) -> str:
    wanted = f"*{escaped(clipped(account.name, NAME))}*" if account else "that account"
    return (
        f"Somebody else is connected with {wanted}, and an account has one person. The admins "
        "were told; choose another if that was a slip."
    )


def approved(link: AccountLink, faces: Faces, *, offer: KeptOffer | None = None) -> Message:
    """An admin approved their choice."""
    by = f"{escaped(link.decided_by)} approved your choice." if link.decided_by else ""
    return connected(link, faces, note=by, offer=offer)


def refused(link: AccountLink, faces: Faces) -> Message:
    """An admin did not; they choose again."""
    by = escaped(link.decided_by) if link.decided_by else "An admin"
    text = f"{by} did not approve your choice for {where(faces, link.site)}."
    value = _value(link)
    return _message(
        [text, "Choose your account again, or ask them why."],
        buttons=[
            button("Choose my account", NOT_ME, value, style="primary"),
            button("Decline", DECLINE, value),
        ],
        small=_expiry(link),
    )


def taken(link: AccountLink, faces: Faces) -> Message:
    """Somebody else was quicker; they choose again."""
    value = _value(link)
    text = (
        f"The account that you chose for {where(faces, link.site)} is somebody else's by now, "
        "and an account has one person."
    )
    return _message(
        [
            text,
            "Choose your account again, or ask an admin if it is yours.",
        ],
        buttons=[
            button("Choose my account", NOT_ME, value, style="primary"),
            button("Decline", DECLINE, value),
        ],
        small=_expiry(link),
    )


def ended_by_admin(link: AccountLink, faces: Faces) -> Message:
    """An admin disconnected them."""
    by = escaped(link.decided_by) if link.decided_by else "An admin"
    text = f"{by} disconnected your {named(faces, link.site, link.account)} from Hourlink."
    return _message(
        [text, "What you tracked stays."],
        buttons=[button("Connect again", CONNECT, str(link.site.id))],
    )


def account_gone(link: AccountLink, faces: Faces) -> Message:
    """Their account was deleted in the tool, or merged into another."""
    text = (
        f"Your {named(faces, link.site, link.account)} is no longer there: it was deleted, or "
        "merged into another account. So it is not connected to Hourlink any more."
    )
    return _message(
        [text, "What you tracked stays. If you have another account there, connect that one."],
        buttons=[button("Connect another account", CONNECT, str(link.site.id))],
    )


def account_switched_off(link: AccountLink, faces: Faces) -> Message:
    """Their account was switched off in the tool."""
    text = (
        f"Your {named(faces, link.site, link.account)} is switched off there, so you cannot track "
        "time on its projects at present. Once it is switched on again, you can."
    )
    return _message([text, "What you tracked stays. Whoever looks after the tool can tell why."])


def ended(found: Ended, faces: Faces) -> Message:
    """They disconnected themselves."""
    site = where(faces, found.link.site)
    timer = "Your timer there was stopped and kept. " if found.stopped else ""
    return _message(
        [f"Disconnected from {site}. {timer}What you tracked stays."],
        buttons=[button("Connect again", CONNECT, str(found.link.site.id))],
    )


def in_form(message: Message) -> Modal:
    """A message where no message can be: over App Home, and in forms."""
    return Modal(
        callback_id="people.shown",
        title="Connect an account",
        blocks=list(message.blocks) or [section(message.text)],
        close="Close",
        metadata=OWN,
    )


def _message(parts: Sequence[str], *, buttons: Sequence[Block] = (), small: str = "") -> Message:
    said = " ".join(part for part in parts if part)
    blocks: list[Block] = [section(said)]
    if buttons:
        blocks.append(actions(*buttons))
    if small:
        blocks.append(context(small))
    return Message(" ".join([said, *([small] if small else [])]), blocks)
