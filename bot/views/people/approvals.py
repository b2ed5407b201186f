"""What an admin reads about accounts that wait for their word."""

from bot.domain.people.account_links import Account, AccountLink, Decided, Decision, Ended
from bot.domain.states import AccountLinkState, Proof
from bot.views.message import Message, actions, button, escaped, section
from bot.views.people.accounts import named, where
from bot.views.providers import Faces
from bot.views.words import counted, local_time

APPROVE = "people.approve"
REFUSE = "people.refuse"
STATUS = "people.status"


def question(link: AccountLink, faces: Faces, *, note: str = "") -> Message:
    """Is this account theirs?"""
    text = (
        f"{_who(link)} says that the {named(faces, link.site, link.account)} is theirs. Nothing "
        "proves it: approve it only if you know that it is."
    )
    said = " ".join(part for part in (note, text) if part)
    value = f"{link.id}:{link.request}"
    buttons = actions(
        button("Approve", APPROVE, value, style="primary"), button("Refuse", REFUSE, value)
    )
    return Message(said, [section(said), buttons])


def decided(found: Decided, faces: Faces) -> Message:
    """What the click came to; takes the place of the question."""
    link = found.link
    if found.decision is Decision.OUTDATED:
        note = f"{_who(link)} picked another account meanwhile."
        return question(link, faces, note=note)
    return settled(link, faces)


def settled(link: AccountLink, faces: Faces) -> Message:
    """Nothing waits here any more, and why."""
    text = _settled(link, faces)
    return Message(text, [section(text)])


_SETTLED = {
    AccountLinkState.CONNECTED: "Connected without an approval{when}: {who} has the {account}.",
    AccountLinkState.INVITED: (
        "{who} was asked again about {site}. Nothing waits for approval now."
    ),
    AccountLinkState.AWAITING_APPROVAL: "{who} waits for an approval of the {account}.",
    AccountLinkState.DECLINED: (
        "{who} declined to connect to {site}{when}. Nothing waits for approval now."
    ),
    AccountLinkState.WITHDRAWN: "Withdrawn{by}{when}: the request to {who} for {site}.",
    AccountLinkState.EXPIRED: "The request to {who} for {site} has expired.",
    AccountLinkState.ENDED: (
        "{who} was disconnected from {site}{when}. Nothing waits for approval now."
    ),
}
_APPROVED = "Approved{by}{when}: {who} has the {account}."
_REFUSED = "Refused{by}{when}: {who} is asked to choose another account in {site}."


def _settled(link: AccountLink, faces: Faces) -> str:
    text = _SETTLED[link.state]
    by_other = link.decided_by is not None and link.decided_by != link.person.name
    if by_other and link.state is AccountLinkState.CONNECTED and link.proof is Proof.ADMIN:
        text = _APPROVED
    elif link.decided_by and link.state is AccountLinkState.INVITED:
        text = _REFUSED
    return text.format(
        who=_who(link),
        site=where(faces, link.site),
        account=named(faces, link.site, link.account),
        by=f" by {escaped(link.decided_by)}" if link.decided_by else "",
        when=f", {local_time(link.decided_at)}" if link.decided_at else "",
    )


def disconnected(found: Ended, faces: Faces) -> Message:
    """An admin ended somebody's connection, or came after who did."""
    timers = counted(found.stopped, "running timer was", "running timers were")
    stopped = f" {timers} stopped and kept." if found.stopped else ""
    link = found.link
    by = f" by {escaped(link.decided_by)}" if link.decided_by else ""
    when = f", {local_time(link.decided_at)}" if link.decided_at else ""
    text = (
        f"{_who(link)} was disconnected from {where(faces, link.site)}{by}{when}.{stopped} What "
        "they tracked stays."
    )
    return Message(text, [section(text)])


def contested(
    link: AccountLink, account: Account | None, holder: str | None, faces: Faces
) -> Message:
    """Two people claim one account."""
    held = (
        f"but {escaped(holder)} is connected with it."
        if holder
        else "but somebody else was connected with it. Nobody is any more."
    )
    text = (
        f"{_who(link)} claims the {named(faces, link.site, account)}, {held} An account has one "
        "person, so nothing was changed. If it should change hands, disconnect the other first."
    )
    see = button("See people", STATUS, str(link.site.id))
    return Message(text, [section(text), actions(see)])


def _who(link: AccountLink) -> str:
    return f"*{escaped(link.person.name)}*"
