"""*Add users*: who is asked, and with which account."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.account_links import (
    Account,
    AccountsFound,
    Candidate,
    Invited,
    Site,
    SkipReason,
    Strength,
)
from bot.domain.ids import IntegrationId, MemberId, ProviderAccountId, SlackUserId
from bot.domain.states import AccountLinkState
from bot.views.approvals import STATUS
from bot.views.message import (
    Block,
    Message,
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
from bot.views.people import grouped
from bot.views.providers import Faces, face

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

PAGE_SIZE = 20
MOST_PICKS = 180
"""As many hand-picked accounts as a form's metadata has room for."""
THEIR_CHOICE = ProviderAccountId(0)
"""An admin's pick that leaves the choice to the person."""
_SITES = 100
_NAMES = 10
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form; it travels in the form's metadata and state."""

    integration_id: IntegrationId
    page: int = 0
    everyone: bool = False
    users: tuple[SlackUserId, ...] = ()
    picks: Mapping[MemberId, ProviderAccountId] = field(default_factory=dict)

    def metadata(self) -> str:
        """All but the people, whom the form's own state keeps."""
        picks = ",".join(f"{member}:{account}" for member, account in self.picks.items())
        who = "all" if self.everyone else "some"
        return f"add|{self.integration_id}|{self.page}|{who}|{picks}"


def read_draft(metadata: str) -> Draft:
    """A form's metadata again."""
    _, integration, page, who, picks = metadata.split("|")
    pairs = [pair.split(":") for pair in picks.split(",") if pair]
    return Draft(
        IntegrationId(int(integration)),
        int(page),
        everyone=who == "all",
        picks={MemberId(int(one)): ProviderAccountId(int(two)) for one, two in pairs},
    )


def is_draft(metadata: str) -> bool:
    """Whether the metadata is this form's."""
    return metadata.startswith("add|")


def row_block(member_id: MemberId) -> str:
    """The block id of a person's row."""
    return f"row:{member_id}"


def reading() -> Modal:
    """The form before the list of people is there."""
    return Modal(FORM, "Add users", [section("Reading the list of people...")], close="Close")


def chosen(draft: Draft, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The people the draft means, by name."""
    if draft.everyone:
        return [candidate for candidate in candidates if candidate.in_select_all]
    users = set(draft.users)
    return [candidate for candidate in candidates if candidate.person.slack_user_id in users]


def add_users(
    draft: Draft,
    sites: Sequence[Site],
    candidates: Sequence[Candidate],
    picked: Mapping[ProviderAccountId, Account],
    faces: Faces,
    *,
    note: str = "",
) -> Modal:
    """The form.

    Args:
        draft: What stands in it.
        sites: What there is to choose from.
        candidates: Everybody of the workspace.
        picked: The accounts chosen by hand, by id.
        faces: What is known of each adapter.
        note: Something to say on top.
    """
    people = chosen(draft, candidates)
    pages = max(1, -(-len(people) // PAGE_SIZE))
    draft = replace(draft, page=min(max(draft.page, 0), pages - 1))
    start = draft.page * PAGE_SIZE
    shown = people[start : start + PAGE_SIZE]
    blocks = [
        *([section(note)] if note else []),
        _site(draft, sites, faces),
        section(_counts(candidates), accessory=button("See people", STATUS, _id(draft))),
        *_who(draft, candidates),
        *(_row(one, draft.picks, picked) for one in shown),
        *pager(draft.page, pages, len(people), PAGE),
    ]
    if strangers := 0 if draft.everyone else len(draft.users) - len(people):
        who = "1 of them is" if strangers == 1 else f"{strangers} of them are"
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
    return str(draft.integration_id)


def _site(draft: Draft, sites: Sequence[Site], faces: Faces) -> Block:
    current = next((site for site in sites if site.id == draft.integration_id), None)
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


def _counts(candidates: Sequence[Candidate]) -> str:
    counted = Counter(candidate.state for candidate in candidates)
    parts = [f"{counted[state]} {words}" for state, words in COUNTED.items() if counted[state]]
    return f"{len(candidates)} people: {', '.join(parts)}."


def _who(draft: Draft, candidates: Sequence[Candidate]) -> list[Block]:
    able = sum(candidate.in_select_all for candidate in candidates)
    if draft.everyone:
        text = (
            f"*Everyone who can be asked: {able}.* Without guests, and without those who are "
            "connected, asked or declined already; name them to ask them."
        )
        return [section(text, accessory=button("Choose people", ONLY), block_id="everyone")]
    select: Block = {
        "type": "multi_users_select",
        "action_id": WHO,
        "placeholder": plain("Choose people"),
    }
    if draft.users:
        select["initial_users"] = list(draft.users)
    people = section("*People*", accessory=select, block_id=PEOPLE)
    if not able:
        return [people]
    everybody = button("Select all", ALL, says=f"Select all {able} who can be asked")
    return [
        people,
        actions(everybody, block_id="select_all"),
        context(f"All who can be asked: {able}, without guests and who was asked already."),
    ]


def _row(
    one: Candidate,
    picks: Mapping[MemberId, ProviderAccountId],
    picked: Mapping[ProviderAccountId, Account],
) -> Block:
    name = escaped(clipped(one.person.name, LONGEST_NAME))
    text = f"*{name}*{', guest' if one.person.is_guest else ''}: {_stands(one)}"
    if one.state is AccountLinkState.CONNECTED:
        return section(text, block_id=row_block(one.person.id))
    select: Block = {
        "type": "external_select",
        "action_id": ACCOUNT,
        "min_query_length": 0,
        "placeholder": plain("Choose the account"),
    }
    pick = picks.get(one.person.id)
    if pick is not None and (account := picked.get(pick)):
        select["initial_option"] = option(_account_option(account))
    elif pick == THEIR_CHOICE:
        select["initial_option"] = option(_THEIRS)
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


_THEIRS = Option("Let them choose", str(THEIR_CHOICE))


def _account_option(account: Account) -> Option:
    return Option(account.name, str(account.id), hint=account.email or "")


def account_options(found: AccountsFound, *, typed: bool) -> list[OptionGroup]:
    """Accounts for a person's row."""
    groups = grouped(found, [_account_option(account) for account in found.accounts])
    return groups if typed else [OptionGroup("No account", [_THEIRS]), *groups]


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


_SKIPPED: Mapping[SkipReason, str] = {
    SkipReason.CONNECTED: "Connected already",
    SkipReason.AWAITING: "Waiting for your approval already",
    SkipReason.GUEST: "Guests, who are asked by name only",
    SkipReason.DEACTIVATED: "Deactivated in Slack",
    SkipReason.ACCOUNT_HELD: "Somebody else is connected with the account chosen for them",
    SkipReason.ACCOUNT_UNAVAILABLE: "The account chosen for them is gone or switched off",
    SkipReason.UNKNOWN: "No people of this workspace",
    SkipReason.JUST_ASKED: "Asked by another admin at the same moment",
}


def invited(found: Invited, faces: Faces) -> Message:
    """What *Notify* did."""
    number = len(found.invited)
    site = f"*{escaped(called(found.site, faces))}*"
    people = "1 person" if number == 1 else f"{number} people"
    done = f"Asked {people} to connect to {site}. Each gets a direct message."
    lines = [done if number else f"Nobody was asked to connect to {site}."]
    for reason, words in _SKIPPED.items():
        names = [skip.name for skip in found.skipped if skip.reason is reason]
        if names:
            lines.append(f"{words}: {_listed(names)}.")
    return Message("\n".join(lines), [section(line) for line in lines])


def invited_form(found: Invited, faces: Faces) -> Modal:
    """The same in the form's place."""
    see = actions(button("See people", STATUS, str(found.site.id)))
    blocks = [*invited(found, faces).blocks, see]
    return Modal("people.invited", "Add users", blocks, close="Close")


def _listed(names: Sequence[str]) -> str:
    known = [escaped(clipped(name, LONGEST_NAME)) for name in names if name]
    if not known:
        return str(len(names))
    more = len(names) - _NAMES
    return ", ".join(known[:_NAMES]) + (f" and {more} more" if more > 0 else "")
