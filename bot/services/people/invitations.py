"""An admin's side of account links: who could be asked, asking them, and what time does."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain.ids import (
    AccountLinkId,
    IntegrationId,
    MemberId,
    ProviderAccountId,
    SlackUserId,
    TeamId,
)
from bot.domain.people.account_links import (
    LIFETIME,
    Account,
    AccountLink,
    Choice,
    Invited,
    Skipped,
    SkipReason,
)
from bot.domain.people.account_matching import words_of
from bot.domain.people.people import Member
from bot.domain.people.people_errors import NotConnectedNow, PersonNotFound
from bot.domain.states import AccountLinkEvent, AccountLinkState
from bot.domain.values import dataclass
from bot.services import rights
from bot.services.people import sites
from bot.services.people.account_moves import INVITATION, Moves, told
from storage import members, outbox
from storage.operating import audit
from storage.people import account_link_changes, account_links, provider_accounts
from storage.people.account_links import FIRST
from storage.unit_of_work import Tx, UnitOfWork

_S = AccountLinkState

_OVER = {_S.DECLINED, _S.EXPIRED, _S.WITHDRAWN, _S.ENDED}


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody to be asked."""

    choice: Choice
    link: AccountLink | None
    """The link that is asked again; None makes one."""
    slot: int = FIRST


class Invitations:
    """Asking people to connect their accounts."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._moves = Moves(new_marker)

    def find(
        self, who: Member, users: Collection[SlackUserId], names: Iterable[str]
    ) -> list[Member]:
        """The people meant by Slack's own mentions, and by names typed by hand.

        Raises:
            AdminOnly: who asks is none.
            PersonNotFound: nobody, or more than one person, is called that.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found = members.by_slack_ids(tx, who.team_id, users)
            return found + [_called(tx, who.team_id, name) for name in names]

    def invite(
        self,
        who: Member,
        integration_id: IntegrationId,
        choices: Sequence[Choice],
        now: datetime,
    ) -> Invited:
        """*Notify*: everybody who can be asked gets one direct message.

        Raises:
            AdminOnly: who asks is none.
            Vanished: there is no such integration.
            SiteDisconnected: it is not connected any more.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            site = sites.site_of(sites.connected(tx, who.team_id, integration_id))
            account_links.hold(tx, who.team_id, integration_id)
            ids = [choice.member_id for choice in choices]
            people = members.by_ids(tx, who.team_id, ids)
            firsts = account_links.firsts(tx, who.team_id, integration_id, ids)
            others = account_links.further(tx, who.team_id, integration_id, ids)
            wanted = [choice.account_id for choice in choices if choice.account_id is not None]
            accounts = provider_accounts.of(tx, who.team_id, integration_id, wanted)
            held = account_links.held_accounts(tx, who.team_id, integration_id)
            asked: list[Asked] = []
            skipped: list[Skipped] = []
            for choice in {choice.member_id: choice for choice in choices}.values():
                person = people.get(choice.member_id)
                theirs = [one for one in others if one.person.id == choice.member_id]
                link, slot = _meant(choice, firsts.get(choice.member_id), theirs)
                reason = _reason(choice, person, link, accounts, held)
                if reason is None:
                    asked.append(Asked(choice, link, slot))
                else:
                    skipped.append(Skipped(person.name if person else "", reason))
            made = self.ask(tx, who, integration_id, asked, now=now)
            beaten = [one.choice for one in asked if one.choice.member_id not in made]
            skipped += [
                Skipped(people[choice.member_id].name, SkipReason.JUST_ASKED) for choice in beaten
            ]
            return Invited(site, tuple(made), tuple(skipped))

    def ask(
        self,
        tx: Tx,
        who: Member,
        integration_id: IntegrationId,
        asked: Sequence[Asked],
        *,
        now: datetime,
    ) -> dict[MemberId, AccountLinkId]:
        """Asks these people, inside a transaction that holds the integration's links."""
        common = _asked_anew(who, now)
        new = [
            {
                "team_id": who.team_id,
                "member_id": one.choice.member_id,
                "integration_id": integration_id,
                "slot": one.slot,
                "provider_account_id": one.choice.account_id,
                "chosen_by_admin": _is_chosen(one.choice, None),
            }
            | common
            for one in asked
            if one.link is None
        ]
        again = {
            one.link.id: (one.choice.account_id, _is_chosen(one.choice, one.link))
            for one in asked
            if one.link is not None
        }
        made = account_link_changes.create(tx, new)
        account_link_changes.invite_again(tx, who.team_id, again, common)
        known = [(one.choice.member_id, one.link) for one in asked if one.link is not None]
        numbers = dict.fromkeys(made.values(), 1) | {link.id: link.request + 1 for _, link in known}
        self._owe(tx, who.team_id, numbers, now)
        made |= {member_id: link.id for member_id, link in known}
        if made:
            asked_now = account_links.by_ids(tx, who.team_id, list(made.values()))
            audit.record_many(
                tx,
                who.team_id,
                actor=who.id,
                action="account_link.invite",
                before={f"account_link:{link.id}": told(link) for _, link in known},
                after=[(f"account_link:{link.id}", told(link)) for link in asked_now],
                now=now,
            )
        return made

    def _owe(
        self, tx: Tx, team_id: TeamId, requests: Mapping[AccountLinkId, int], now: datetime
    ) -> None:
        """The direct message of each request, by its number."""
        owed = [
            (
                f"account_link:{link_id}",
                {"account_link_id": link_id, "request": number},
                self._moves.new_marker(),
            )
            for link_id, number in requests.items()
        ]
        outbox.add_many(tx, team_id, kind=INVITATION, owed=owed, now=now)

    def withdraw(self, who: Member, link_id: AccountLinkId, now: datetime) -> AccountLink:
        """Takes a request back; the message it left behind says so when it is clicked.

        Raises:
            AdminOnly: who asks is none.
            Vanished: there is no such request.
            NotConnectedNow: nothing waits that could be taken back.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            link = self._moves.fresh(tx, who.team_id, link_id)
            if self._moves.move(
                tx, link, AccountLinkEvent.WITHDRAW, now, decided_by=who.id, decided_at=now
            ):
                audit.record(
                    tx,
                    who.team_id,
                    actor=who.id,
                    action="account_link.withdraw",
                    subject=f"account_link:{link_id}",
                    before=told(link),
                    after=told(self._moves.fresh(tx, who.team_id, link_id)),
                    now=now,
                )
            after = self._moves.fresh(tx, who.team_id, link_id)
            if after.state is not _S.WITHDRAWN:
                raise NotConnectedNow(after.state)
            return after


def _asked_anew(who: Member, now: datetime) -> dict[str, object]:
    """What every link holds from the moment on that somebody is asked."""
    return {
        "state": _S.INVITED,
        "proof": None,
        "asked_by": who.id,
        "asked_at": now,
        "expires_at": now + LIFETIME,
        "reminded_at": None,
        "decided_by": None,
        "decided_at": None,
        "unreachable": None,
    }


def _is_connected(link: AccountLink | None) -> bool:
    return link is not None and link.state is _S.CONNECTED


def _reason(
    choice: Choice,
    person: Member | None,
    link: AccountLink | None,
    accounts: Mapping[ProviderAccountId, Account],
    held: Mapping[ProviderAccountId, MemberId],
) -> SkipReason | None:
    """Why somebody is not asked; None when they are."""
    account = accounts.get(choice.account_id) if choice.account_id is not None else None
    checks = (
        (person is None, SkipReason.UNKNOWN),
        (person is not None and not person.is_active, SkipReason.DEACTIVATED),
        (_is_connected(link), SkipReason.CONNECTED),
        (person is not None and person.is_guest and not choice.named, SkipReason.GUEST),
        (
            link is not None and link.state is _S.AWAITING_APPROVAL and not choice.chosen,
            SkipReason.AWAITING,
        ),
        (choice.account_id is not None and choice.account_id in held, SkipReason.ACCOUNT_HELD),
        (
            choice.account_id is not None and (account is None or not account.is_active),
            SkipReason.ACCOUNT_UNAVAILABLE,
        ),
    )
    return next((reason for applies, reason in checks if applies), None)


def _is_chosen(choice: Choice, link: AccountLink | None) -> bool:
    """An admin chose this account for this person, now or when they were asked before."""
    if choice.account_id is None:
        return False
    before = link.account.id if link is not None and link.account is not None else None
    return choice.chosen or (
        link is not None and link.chosen_by_admin and before == choice.account_id
    )


def _meant(
    choice: Choice, first: AccountLink | None, others: Sequence[AccountLink]
) -> tuple[AccountLink | None, int]:
    """The link a choice is about, and its place among the member's.

    Who is connected gets another one for a further account, which only an admin's own choice
    gives; the links of accounts that are over are used again.
    """
    given = choice.chosen and choice.account_id is not None
    if first is None or not _is_connected(first) or not given:
        return first, FIRST
    every = [first, *others]
    same = [one for one in every if one.account and one.account.id == choice.account_id]
    over = [one for one in others if one.state in _OVER]
    if same or over:
        link = (same or over)[0]
        return link, link.slot
    return None, max(one.slot for one in every) + 1


def _called(tx: Tx, team_id: TeamId, name: str) -> Member:
    """The one person meant by a typed name: their whole name, else its beginning, run together."""
    wanted = "".join(words_of(name))
    found = members.called(tx, team_id, wanted) if wanted else []
    whole = [member for member in found if "".join(words_of(member.name)) == wanted]
    matches = whole or found
    if len(matches) != 1:
        raise PersonNotFound(name, tuple(member.name for member in matches))
    return matches[0]
