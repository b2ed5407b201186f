"""Where everybody stands with a site, for admins."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.account_links import AccountLink, Site
from bot.domain.ids import IntegrationId
from bot.domain.states import AccountLinkState, Proof
from bot.views.approvals import APPROVE, REFUSE
from bot.views.message import (
    Block,
    Modal,
    actions,
    button,
    clipped,
    confirmation,
    escaped,
    section,
)
from bot.views.people import DISCONNECT
from bot.views.people_form import COUNTED, INVITE, LONGEST_NAME, PAGE_SIZE, called, pager
from bot.views.providers import Faces
from bot.views.words import local_time

WITHDRAW = "people.withdraw"
PAGE = "people.status_page"

_FIRST = (AccountLinkState.AWAITING_APPROVAL, AccountLinkState.INVITED, AccountLinkState.DECLINED)


def status(
    site: Site,
    links: Sequence[AccountLink],
    page: int,
    faces: Faces,
    *,
    note: str = "",
    on_top: bool = False,
) -> Modal:
    """Where everybody stands, first what needs a person; perhaps ``on_top`` of *Add users*."""
    ordered = sorted(
        links, key=lambda link: (not link.unreachable, _rank(link), link.person.name.casefold())
    )
    pages = max(1, -(-len(ordered) // PAGE_SIZE))
    page = min(max(page, 0), pages - 1)
    shown = ordered[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    counted: Counter[AccountLinkState | None] = Counter(link.state for link in links)
    parts = [f"{counted[state]} {words}" for state, words in COUNTED.items() if counted[state]]
    blocks = [
        *([section(note)] if note else []),
        section(
            f"*{escaped(called(site, faces))}*: {', '.join(parts) or 'nobody was asked yet'}.",
            accessory=None if on_top else button("Add users", INVITE, str(site.id)),
        ),
        *(block for link in shown for block in _status_row(link)),
        *pager(page, pages, len(ordered), PAGE),
    ]
    return Modal(
        "people.status",
        "People",
        blocks,
        close="Close",
        metadata=metadata(site.id, page, on_top=on_top),
    )


def metadata(integration_id: IntegrationId, page: int, *, on_top: bool) -> str:
    """Which list it is, which page of it, and whether a form lies below."""
    return f"status|{integration_id}|{page}|{int(on_top)}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which list somebody clicked."""

    integration_id: IntegrationId
    page: int
    on_top: bool


def read_metadata(text: str) -> Place | None:
    """A list's metadata again; None for any other form's."""
    kind, *numbers = text.split("|")
    if kind != "status":
        return None
    return Place(IntegrationId(int(numbers[0])), int(numbers[1]), numbers[2] == "1")


def _rank(link: AccountLink) -> int:
    return _FIRST.index(link.state) if link.state in _FIRST else len(_FIRST)


def _status_row(link: AccountLink) -> list[Block]:
    account = ""
    if link.account:
        email = f" ({escaped(link.account.email)})" if link.account.email else ""
        account = f" as {escaped(clipped(link.account.name, LONGEST_NAME))}{email}"
    lines = [
        f"*{escaped(clipped(link.person.name, LONGEST_NAME))}*: {COUNTED[link.state]}{account}"
    ]
    small = [_by(link)]
    if link.unreachable:
        small.append(f"Slack did not deliver the last message: {escaped(link.unreachable)}.")
    if not link.person.is_active:
        small.append("Deactivated in Slack.")
    blocks = [section("\n".join([*lines, *(part for part in small if part)]))]
    buttons = _status_buttons(link)
    return [*blocks, actions(*buttons)] if buttons else blocks


def _by(link: AccountLink) -> str:
    decided = f"{local_time(link.decided_at)}" if link.decided_at else ""
    by = f" by {escaped(link.decided_by)}" if link.decided_by else ""
    asked = f"Asked{f' by {escaped(link.asked_by)}' if link.asked_by else ' by themselves'}"
    match link.state:
        case AccountLinkState.CONNECTED:
            proof = _PROOFS[link.proof]
            return f"{proof}, {decided}{by}."
        case AccountLinkState.INVITED | AccountLinkState.EXPIRED:
            return f"{asked}, {local_time(link.asked_at)}."
        case AccountLinkState.AWAITING_APPROVAL:
            return f"{asked}, {local_time(link.asked_at)}. Nothing proves it yet."
        case _:
            return f"{decided}{by}." if decided else ""


_PROOFS: Mapping[Proof | None, str] = {
    Proof.EMAIL: "Same verified e-mail",
    Proof.ADMIN: "By an admin's word",
    Proof.TOKEN: "Signed in there",
    None: "Connected",
}


def _status_buttons(link: AccountLink) -> list[Block]:
    value = f"{link.id}:{link.request}"
    name = link.person.name
    withdraw = button("Withdraw", WITHDRAW, str(link.id), says=f"Withdraw the request to {name}")
    match link.state:
        case AccountLinkState.AWAITING_APPROVAL:
            return [
                button("Approve", APPROVE, value, style="primary", says=f"Approve {name}"),
                button("Refuse", REFUSE, value, says=f"Refuse {name}"),
                withdraw,
            ]
        case AccountLinkState.INVITED:
            return [withdraw]
        case AccountLinkState.CONNECTED:
            sure = confirmation(
                "Disconnect?",
                f"{clipped(name, 60)} stops tracking on this site's projects; a running timer "
                "there is stopped and kept. They are told.",
                yes="Disconnect",
            )
            return [
                button(
                    "Disconnect",
                    DISCONNECT,
                    str(link.id),
                    confirm=sure,
                    says=f"Disconnect {name}",
                )
            ]
        case _:
            return []
