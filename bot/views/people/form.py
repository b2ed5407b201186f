"""*Add users*: who is asked, and with which account."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.ids import MemberId, ProviderAccountId
from bot.domain.people.account_links import (
    Account,
    AccountsFound,
    Candidate,
    Site,
    Strength,
)
from bot.domain.people.add_users import (
    NOT_ASKED,
    PAGE_SIZE,
    THEIR_CHOICE,
    Hint,
    UsersPage,
)
from bot.domain.states import AccountLinkState
from bot.views.message import (
    Block,
    Modal,
    Option,
    OptionGroup,
    actions,
    button,
    clipped,
    context,
    escaped,
    option,
    plain,
    section,
)
from bot.views.people.account_options import grouped
from bot.views.people.approvals import STATUS
from bot.views.people.draft import MOST_PICKS, Draft
from bot.views.providers import Faces, face
from bot.views.searching import search_box
from bot.views.words import counted

FORM = "people.add"
INVITE = "people.invite"
SITE = "people.site"
WHO = "people.who"
ALL = "people.all"
ONLY = "people.only"
PAGE = "people.page"
ACCOUNT = "people.account"

PEOPLE = "people"
"""The block id of the select of people."""
HINT = "people.hint"
FIND = "people.find"

_SITES = 100
LONGEST_NAME = 80


def row_block(member_id: MemberId) -> str:
    """The block id of a person's row."""
    return f"row:{member_id}"


def reading() -> Modal:
    """The form before the list of people is there."""
    return Modal(FORM, "Add users", [section("Reading the list of people...")], close="Close")


def add_users(
    draft: Draft,
    sites: Sequence[Site],
    page: UsersPage,
    picked: Mapping[ProviderAccountId, Account],
    faces: Faces,
    *,
    note: str = "",
) -> Modal:
    """The form.

    Args:
        draft: What stands in it.
        sites: What there is to choose from.
        page: The people to show.
        picked: The accounts chosen by hand, by id.
        faces: What is known of each adapter.
        note: Something to say on top.
    """
    draft = replace(draft, query=page.query, turn=draft.turn + 1)
    blocks = [
        *([section(note)] if note else []),
        _site(draft, sites, faces),
        section(_counts(page), accessory=button("See people", STATUS, _id(draft))),
        *_who(page, draft),
        *(_row(one, draft.picks, picked) for one in page.candidates),
        *pager(page.query.page, page.pages, page.listed, PAGE),
    ]
    if page.strangers:
        who = "1 of them is" if page.strangers == 1 else f"{page.strangers} of them are"
        blocks.append(context(f"{who} no person of this workspace (a bot, for example)."))
    if len(draft.picks) >= MOST_PICKS:
        blocks.append(
            context(
                f"{MOST_PICKS} accounts are chosen by hand, as many as fit in one go. "
                "Notify these people, then go on with the next."
            )
        )
    blocks.append(
        context(
            "Each person gets one direct message and answers it within 7 days. An account with "
            "the same verified e-mail address, or chosen here by hand, connects with one click; "
            "any other waits for an admin's approval."
        )
    )
    return Modal(FORM, "Add users", blocks, submit="Notify", metadata=draft.metadata())


def _id(draft: Draft) -> str:
    return str(draft.query.integration_id)


def _site(draft: Draft, sites: Sequence[Site], faces: Faces) -> Block:
    current = next((site for site in sites if site.id == draft.query.integration_id), None)
    if len(sites) == 1 or current is None:
        return section(f"*{escaped(called(current, faces))}*" if current else "*Accounts*")
    offered = [site for site in sites if site.id != current.id][: _SITES - 1]
    choices = [option(Option(called(site, faces), str(site.id))) for site in (current, *offered)]
    select = {
        "type": "static_select",
        "action_id": SITE,
        "options": choices,
        "initial_option": choices[0],
        "placeholder": plain("Tool and site"),
    }
    return section("*Tool and site*", accessory=select, block_id="site")


def called(site: Site, faces: Faces) -> str:
    """A site under its provider's icon and name."""
    return f"{face(faces, site.provider)}, {clipped(site.name, LONGEST_NAME)}"


COUNTED: Mapping[AccountLinkState | None, str] = {
    AccountLinkState.CONNECTED: "connected",
    AccountLinkState.INVITED: "asked",
    AccountLinkState.AWAITING_APPROVAL: "waiting for approval",
    AccountLinkState.DECLINED: "declined",
    AccountLinkState.EXPIRED: "expired",
    AccountLinkState.WITHDRAWN: "withdrawn",
    AccountLinkState.ENDED: "disconnected",
    None: "not asked yet",
}
"""Where people stand, behind their number."""


def _counts(page: UsersPage) -> str:
    parts = [f"{page.counts[s]:,} {words}" for s, words in COUNTED.items() if page.counts.get(s)]
    return f"{counted(sum(page.counts.values()), 'person', 'people')}: {', '.join(parts)}."


def _who(page: UsersPage, draft: Draft) -> list[Block]:
    if page.query.everyone:
        left_out = sum(account == NOT_ASKED for account in draft.picks.values())
        verb = "is" if left_out == 1 else "are"
        without = f" {left_out} of them {verb} left out here." if left_out else ""
        text = (
            f"*Everyone who can be asked: {page.able:,}.*{without} Without guests, and without "
            "those who are connected, asked or declined already; name them to ask them."
        )
        everyone = section(text, accessory=button("Choose people", ONLY), block_id="everyone")
        return [everyone, *_looking(page, draft.turn)]
    select: Block = {
        "type": "multi_users_select",
        "action_id": WHO,
        "placeholder": plain("Choose people"),
    }
    if page.query.users:
        select["initial_users"] = list(page.query.users)
    people = section("*People*", accessory=select, block_id=PEOPLE)
    if not page.able:
        return [people]
    everybody = button("Select all", ALL, says=f"Select all {page.able} who can be asked")
    return [
        people,
        actions(everybody, block_id="select_all"),
        context(
            f"All who can be asked: {page.able:,}, without guests and those who were asked already."
        ),
    ]


_SHOWN: Mapping[Hint, str] = {
    Hint.ALL: "Every suggestion",
    Hint.VERIFIED_EMAIL: "Same verified e-mail",
    Hint.EMAIL: "Same e-mail, not verified",
    Hint.NAME: "Similar name only",
    Hint.NONE: "No account found",
}


def _looking(page: UsersPage, turn: int) -> list[Block]:
    """What narrows the list to look at, while everybody stays meant."""
    numbers = dict(page.hints) | {Hint.ALL: sum(page.hints.values())}
    options = [
        option(Option(f"{words} ({numbers.get(hint, 0):,})", hint.value))
        for hint, words in _SHOWN.items()
    ]
    chosen = next(one for one in options if one["value"] == page.query.hint)
    hints: Block = {
        "type": "static_select",
        "action_id": HINT,
        "options": options,
        "initial_option": chosen,
        "placeholder": plain("Which suggestions"),
    }
    return [
        actions(hints, block_id=f"hints:{turn}"),
        search_box(
            page.query.words,
            turn,
            FIND,
            label="Look for somebody",
            placeholder="Name or e-mail address",
        ),
    ]


def _row(
    one: Candidate,
    picks: Mapping[MemberId, ProviderAccountId],
    picked: Mapping[ProviderAccountId, Account],
) -> Block:
    name = escaped(clipped(one.person.name, LONGEST_NAME))
    text = f"*{name}*{', guest' if one.person.is_guest else ''}: {_stands(one)}"
    further = one.state is AccountLinkState.CONNECTED
    select: Block = {
        "type": "external_select",
        "action_id": ACCOUNT,
        "min_query_length": 0,
        "placeholder": plain("Give a second account" if further else "Choose the account"),
    }
    pick = picks.get(one.person.id)
    if pick is not None and (account := picked.get(pick)):
        select["initial_option"] = option(_account_option(account))
    elif pick in WITHOUT:
        select["initial_option"] = option(WITHOUT[pick])
    return section(text, accessory=select, block_id=row_block(one.person.id))


_HINTS: Mapping[Strength | None, str] = {
    Strength.VERIFIED_EMAIL: "same verified e-mail",
    Strength.EMAIL: "same e-mail, not verified there",
    Strength.NAME: "similar name only",
    None: "chosen before",
}


def _stands(one: Candidate) -> str:
    state = COUNTED[one.state]
    if one.account is None:
        return f"{state}. They choose their account."
    account = escaped(clipped(one.account.name, LONGEST_NAME))
    email = f" ({escaped(one.account.email)})" if one.account.email else ""
    if one.state is AccountLinkState.CONNECTED:
        return f"{state} as {account}{email}."
    return f"{state}. Suggested: {account}{email}, {_HINTS[one.strength]}."


WITHOUT: Mapping[ProviderAccountId | None, Option] = {
    THEIR_CHOICE: Option("Let them choose", str(THEIR_CHOICE)),
    NOT_ASKED: Option("Do not ask them", str(NOT_ASKED)),
}
"""Picks that are no account."""


def _account_option(account: Account) -> Option:
    return Option(account.name, str(account.id), hint=account.email or "")


def account_options(found: AccountsFound, *, typed: bool) -> list[OptionGroup]:
    """Accounts for a person's row."""
    groups = grouped(found, [_account_option(account) for account in found.accounts])
    return groups if typed else [OptionGroup("No account", list(WITHOUT.values())), *groups]


def pager(page: int, pages: int, total: int, action: str) -> list[Block]:
    """Where one is among the pages, and the buttons that turn them; nothing for one page."""
    if pages == 1:
        return []
    first = page * PAGE_SIZE + 1
    said = f"{first} to {min(first + PAGE_SIZE - 1, total)} of {total}"
    turns = []
    if page:
        turns.append(button("Previous", f"{action}#back", str(page - 1)))
    if page + 1 < pages:
        turns.append(button("Next", f"{action}#on", str(page + 1)))
    return [context(said), actions(*turns, block_id="pager")]
