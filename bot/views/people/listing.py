"""The list of people and their accounts, for admins: filters, search, pages, ticks (U5)."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.people.account_links import AccountLink
from bot.domain.people.people_lists import PAGE_SIZE, PeoplePage, Shown
from bot.domain.states import AccountLinkState, Proof
from bot.views import ticking
from bot.views.message import (
    Block,
    Modal,
    Option,
    actions,
    button,
    clipped,
    confirmation,
    context,
    escaped,
    option,
    plain,
    section,
)
from bot.views.people.accounts import DISCONNECT
from bot.views.people.approvals import APPROVE, REFUSE
from bot.views.people.form import COUNTED, INVITE, LONGEST_NAME, called, pager
from bot.views.people.place import Place
from bot.views.providers import Faces
from bot.views.searching import search_box
from bot.views.ticking import BOXES
from bot.views.words import counted, local_time, matching

FORM = "people.list"
WITHDRAW = "people.withdraw"
PAGE = "people.list_page"
SHOWN = "people.shown"
SITE = "people.list_site"
SEARCH = "people.search"
CHOOSE = "people.choose"
ALL = "people.tick_all"
NONE = "people.tick_none"
BROWSE = "people.browse"

_SITES = 100

_TITLES: Mapping[Shown, str] = {
    Shown.ALL: "Everybody",
    Shown.CONNECTED: "Connected",
    Shown.INVITED: "Asked",
    Shown.AWAITING_APPROVAL: "Waiting for approval",
    Shown.DECLINED: "Declined",
    Shown.EXPIRED: "Expired",
    Shown.WITHDRAWN: "Withdrawn",
    Shown.ENDED: "Disconnected",
    Shown.UNREACHABLE: "Not reached in Slack",
    Shown.LEFT: "Deactivated in Slack",
    Shown.ACCOUNT_OFF: "Account switched off",
    Shown.ADDRESS_CHANGED: "E-mail changed since",
}


def people_list(page: PeoplePage, place: Place, faces: Faces, *, note: str = "") -> Modal:
    """One page of the list; with tick boxes while several are being chosen."""
    query = replace(page.query, turn=page.query.turn + 1)
    choosing = query.selection is not None
    blocks: list[Block] = [
        *([section(note)] if note else []),
        _head(page, place, faces),
        search_box(
            query.words,
            query.turn,
            SEARCH,
            label="Search",
            placeholder="Name, account or e-mail address",
        ),
        *_filters(page, faces),
        *(_choosing(page) if choosing else []),
        context(_summary(page)),
    ]
    if choosing:
        blocks += _boxes(page)
    else:
        blocks += [block for link in page.links for block in _row(link)]
    blocks += pager(query.page, page.pages, page.total, PAGE)
    return Modal(
        FORM,
        "People",
        blocks,
        submit="Continue" if choosing else "Search",
        close="Close",
        metadata=Place(query, place.on_top).metadata(),
    )


def _head(page: PeoplePage, place: Place, faces: Faces) -> Block:
    name = escaped(called(page.site, faces))
    nobody = page.not_asked
    waiting = f" {counted(nobody, 'person was', 'people were')} not asked yet." if nobody else ""
    add = None if place.on_top else button("Add users", INVITE, str(page.site.id))
    return section(f"*{name}*.{waiting}", accessory=add)


def _filters(page: PeoplePage, faces: Faces) -> list[Block]:
    options = [
        option(Option(f"{title} ({page.counts.get(one, 0):,})", one.value))
        for one, title in _TITLES.items()
        if page.counts.get(one) or one in {Shown.ALL, page.query.shown}
    ]
    elements: list[Block] = [
        {
            "type": "static_select",
            "action_id": SHOWN,
            "options": options,
            "initial_option": next(one for one in options if one["value"] == page.query.shown),
            "placeholder": plain("Which people"),
        }
    ]
    if len(page.sites) > 1:
        there = [page.site, *(one for one in page.sites if one.id != page.site.id)]
        sites = [option(Option(called(one, faces), str(one.id))) for one in there[:_SITES]]
        elements.append(
            {
                "type": "static_select",
                "action_id": SITE,
                "options": sites,
                "initial_option": sites[0],
                "placeholder": plain("Tool and site"),
            }
        )
    if page.query.selection is None and page.total:
        elements.append(button("Choose several", CHOOSE))
    return [actions(*elements, block_id=f"filters:{page.query.turn}")]


def _choosing(page: PeoplePage) -> list[Block]:
    names = (ALL, NONE, BROWSE)
    return ticking.choosing(page.ticks, page.total, whom="whom", nobody="nobody", names=names)


def _summary(page: PeoplePage) -> str:
    match = matching(page.total, page.query.words)
    return f"{counted(page.total, 'account link')}{match}."


def _boxes(page: PeoplePage) -> list[Block]:
    blocks: list[Block] = []
    for start in range(0, len(page.links), BOXES):
        part = page.links[start : start + BOXES]
        options = [Option(_short(link), str(link.id), hint=_hint(link)) for link in part]
        first = page.query.page * PAGE_SIZE + start + 1
        label = f"{first:,} to {first + len(part) - 1:,}"
        blocks.append(ticking.boxes(label, options, page.ticked, page.query.turn))
    return blocks


def _short(link: AccountLink) -> str:
    return f"{clipped(link.person.name, 45)}: {COUNTED[link.state]}"


def _hint(link: AccountLink) -> str:
    if link.account is None:
        return ""
    return (
        f"{link.account.name} ({link.account.email})" if link.account.email else link.account.name
    )


def _row(link: AccountLink) -> list[Block]:
    account = ""
    if link.account:
        email = f" ({escaped(link.account.email)})" if link.account.email else ""
        account = f" as {escaped(clipped(link.account.name, LONGEST_NAME))}{email}"
    more = f", account {link.slot + 1}" if link.slot else ""
    name = escaped(clipped(link.person.name, LONGEST_NAME))
    lines = [f"*{name}*{more}: {COUNTED[link.state]}{account}", _by(link), *_marks(link)]
    said = section("\n".join(line for line in lines if line))
    buttons = _buttons(link)
    return [said, actions(*buttons)] if buttons else [said]


def _marks(link: AccountLink) -> list[str]:
    """What needs a look."""
    marks = []
    if link.unreachable:
        marks.append(f"Slack did not deliver the last message: {escaped(link.unreachable)}.")
    if not link.person.is_active:
        marks.append("Deactivated in Slack.")
    if link.account is not None and link.account.is_gone:
        marks.append("The account was deleted in the tool, or merged into another.")
    if link.state is AccountLinkState.CONNECTED:
        if link.account is not None and not link.account.is_active:
            marks.append("The account is switched off in the tool: nothing is tracked.")
        if link.address_changed:
            marks.append("The e-mail addresses were equal when they connected, and differ now.")
    return marks


def _by(link: AccountLink) -> str:
    decided = f"{local_time(link.decided_at)}" if link.decided_at else ""
    by = f" by {escaped(link.decided_by)}" if link.decided_by else ""
    asked = f"Asked{f' by {escaped(link.asked_by)}' if link.asked_by else ' by themselves'}"
    match link.state:
        case AccountLinkState.CONNECTED:
            key = ", with a key of their own" if link.has_own_key else ""
            return f"{_PROOFS[link.proof]}{key}, {decided}{by}."
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


def _buttons(link: AccountLink) -> list[Block]:
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
            key = " Their own key is destroyed." if link.has_own_key else ""
            sure = confirmation(
                "Disconnect?",
                f"{clipped(name, 60)} stops tracking on what only this account sees there; a "
                f"running timer on that is stopped and kept.{key} They are told.",
                yes="Disconnect",
            )
            end = button(
                "Disconnect", DISCONNECT, str(link.id), confirm=sure, says=f"Disconnect {name}"
            )
            return [end]
        case _:
            return []
