"""An admin's side of account links: who could be asked, asking them, and what time does."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain.account_links import (
    LIFETIME,
    REMINDED_AFTER,
    Account,
    AccountLink,
    Candidate,
    Choice,
    Invited,
    Skipped,
    SkipReason,
)
from bot.domain.account_matching import words_of
from bot.domain.ids import (
    AccountLinkId,
    IntegrationId,
    MemberId,
    ProviderAccountId,
    SlackUserId,
    TeamId,
)
from bot.domain.people import Member
from bot.domain.people_errors import NotConnectedNow, PersonNotFound
from bot.domain.states import AccountLinkEvent, AccountLinkState
from bot.services import rights, sites
from bot.services.account_moves import INVITATION, REMINDER, Moves
from bot.services.candidates import candidates_of
from storage import (
    account_link_changes,
    account_links,
    audit,
    members,
    outbox,
    provider_accounts,
)
from storage.unit_of_work import Tx, UnitOfWork

_S = AccountLinkState

BATCH = 200
"""How many requests one look at the clock expires or reminds of."""


class Invitations:
    """Asking people to connect their accounts."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._moves = Moves(new_marker)

    def candidates(self, who: Member, integration_id: IntegrationId) -> list[Candidate]:
        """Everybody of the workspace with where they stand and which account is suggested.

        Raises:
            AdminOnly: who asks is none.
            Vanished: there is no such integration.
            SiteDisconnected: it is not connected any more.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            sites.connected(tx, who.team_id, integration_id)
            people = members.active(tx, who.team_id)
            links = account_links.of_integration(tx, who.team_id, integration_id)
            accounts = provider_accounts.active(tx, who.team_id, integration_id)
        return candidates_of(people, links, accounts)

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
            everyone = members.active(tx, who.team_id)
        found = [member for member in everyone if member.slack_user_id in users]
        return found + [_called(name, everyone) for name in names]

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
            people = members.by_ids(tx, who.team_id, [choice.member_id for choice in choices])
            links = {
                link.person.id: link
                for link in account_links.of_integration(tx, who.team_id, integration_id)
            }
            wanted = [choice.account_id for choice in choices if choice.account_id is not None]
            accounts = provider_accounts.of(tx, who.team_id, integration_id, wanted)
            held = account_links.held_accounts(tx, who.team_id, integration_id)
            asked: list[Choice] = []
            skipped: list[Skipped] = []
            for choice in {choice.member_id: choice for choice in choices}.values():
                person, link = people.get(choice.member_id), links.get(choice.member_id)
                reason = _reason(choice, person, link, accounts, held)
                if reason is None:
                    asked.append(choice)
                else:
                    skipped.append(Skipped(person.name if person else "", reason))
            made = self._ask(tx, who, integration_id, asked, links=links, now=now)
            beaten = [choice for choice in asked if choice.member_id not in made]
            skipped += [
                Skipped(people[choice.member_id].name, SkipReason.JUST_ASKED) for choice in beaten
            ]
            return Invited(site, tuple(made), tuple(skipped))

    def _ask(
        self,
        tx: Tx,
        who: Member,
        integration_id: IntegrationId,
        asked: Sequence[Choice],
        *,
        links: Mapping[MemberId, AccountLink],
        now: datetime,
    ) -> dict[MemberId, AccountLinkId]:
        common = {
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
        new = [
            {
                "team_id": who.team_id,
                "member_id": choice.member_id,
                "integration_id": integration_id,
                "provider_account_id": choice.account_id,
                "chosen_by_admin": _is_chosen(choice, None),
            }
            | common
            for choice in asked
            if choice.member_id not in links
        ]
        again = [choice for choice in asked if choice.member_id in links]
        requests = {
            links[choice.member_id].id: (
                choice.account_id,
                _is_chosen(choice, links[choice.member_id]),
            )
            for choice in again
        }
        made = account_link_changes.create(tx, new)
        account_link_changes.invite_again(tx, who.team_id, requests, common)
        numbers = dict.fromkeys(made.values(), 1) | {
            links[choice.member_id].id: links[choice.member_id].request + 1 for choice in again
        }
        made |= {choice.member_id: links[choice.member_id].id for choice in again}
        outbox.add_many(
            tx,
            who.team_id,
            kind=INVITATION,
            owed=[
                (
                    f"account_link:{link_id}",
                    {"account_link_id": link_id, "request": number},
                    self._moves.new_marker(),
                )
                for link_id, number in numbers.items()
            ],
            now=now,
        )
        if made:
            audit.record(
                tx,
                who.team_id,
                actor=who.id,
                action="account_link.invite",
                subject=f"integration:{integration_id}",
                after={"members": list(made)},
                now=now,
            )
        return made

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
                tx, link, AccountLinkEvent.WITHDRAW, decided_by=who.id, decided_at=now
            ):
                audit.record(
                    tx,
                    who.team_id,
                    actor=who.id,
                    action="account_link.withdraw",
                    subject=f"account_link:{link_id}",
                    before={"state": link.state.value},
                    after={"member": link.person.id},
                    now=now,
                )
            after = self._moves.fresh(tx, who.team_id, link_id)
            if after.state is not _S.WITHDRAWN:
                raise NotConnectedNow(after.state)
            return after

    def expire_due(self, now: datetime) -> int:
        """Expires requests that nobody answered in time, at most ``BATCH``; how many."""
        with self._uow.read() as tx:
            if not account_links.overdue(tx, now, 1):
                return 0
        with self._uow.begin() as tx:
            due = account_links.overdue(tx, now, BATCH)
            return sum(
                account_link_changes.move(
                    tx, team_id, link_id, was=(_S.INVITED, request), becomes=_S.EXPIRED
                )
                for team_id, link_id, request in due
            )

    def remind_due(self, now: datetime) -> int:
        """Owes the one reminder of requests that wait for two days, at most ``BATCH``; how many."""
        before = now - REMINDED_AFTER
        with self._uow.read() as tx:
            if not account_links.unreminded(tx, before, now, 1):
                return 0
        with self._uow.begin() as tx:
            due = account_links.unreminded(tx, before, now, BATCH)
            reminded = [one for one in due if self._remind(tx, *one, now)]
            return len(reminded)

    def _remind(
        self, tx: Tx, team_id: TeamId, link_id: AccountLinkId, request: int, now: datetime
    ) -> bool:
        was = (_S.INVITED, request)
        marked = account_link_changes.move(
            tx, team_id, link_id, was=was, becomes=_S.INVITED, reminded_at=now
        )
        if marked:
            outbox.add(
                tx,
                team_id,
                kind=REMINDER,
                subject=f"account_link:{link_id}",
                payload={"account_link_id": link_id, "request": request},
                marker=self._moves.new_marker(),
                now=now,
            )
        return marked


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


def _called(name: str, everyone: Sequence[Member]) -> Member:
    """The one person meant by a typed name: their whole name, else its beginning, run together."""
    wanted = "".join(words_of(name))
    whole = [member for member in everyone if "".join(words_of(member.name)) == wanted]
    begun = [member for member in everyone if "".join(words_of(member.name)).startswith(wanted)]
    matches = whole or begun
    if not wanted or len(matches) != 1:
        raise PersonNotFound(name, tuple(member.name for member in matches if wanted))
    return matches[0]
