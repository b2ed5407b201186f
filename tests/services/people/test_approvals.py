from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import ProviderAccountId
from bot.domain.people.account_links import Choice, Decision, Reply
from bot.domain.people.people import Member
from bot.domain.people.people_errors import (
    AccountHeld,
    AccountUnavailable,
    NotConnectedNow,
    SiteDisconnected,
)
from bot.domain.states import AccountLinkEvent, AccountLinkState, Proof, after
from bot.services.people.account_search import AccountSearch
from storage.members import MemberRow
from tests.builders import NOON, World
from tests.services.people.office import LATER, Office

_S = AccountLinkState
_E = AccountLinkEvent


@dataclass
class Waiting:
    """An office where Mia picked an account and waits for a word."""

    office: Office
    mia: Member
    account: ProviderAccountId

    @property
    def number(self) -> int:
        """Of the request that waits."""
        return self.office.link(self.mia).request


@pytest.fixture
def waiting(database_url: str) -> Iterator[Waiting]:
    """Mia waits, on each kind of database."""
    office = Office(World(database_url))
    mia = office.world.member("mia", email=None)
    account = office.world.account(office.board, "N")
    office.asked(mia)
    office.picks(mia, account)
    office.owed()
    yield Waiting(office, mia, account)
    office.world.close()


def test_approving_connects_and_tells_the_member(waiting: Waiting) -> None:
    """The account is theirs by an admin's word; they get a message, the log a line."""
    office = waiting.office
    link = office.link(waiting.mia)
    decided = office.approvals.approve(office.ana, link.id, link.request, LATER)
    assert decided.decision is Decision.APPROVED
    assert (decided.link.state, decided.link.proof) == (_S.CONNECTED, Proof.ADMIN)
    assert decided.link.decided_by == "Ana"
    assert [item.kind for item in office.owed()] == ["account.approved"]
    assert office.audited()[-1] == "account_link.approve"


def test_refusing_asks_the_member_to_choose_again(waiting: Waiting) -> None:
    """The refused account is gone from the request, which has a new number and a new week."""
    office = waiting.office
    link = office.link(waiting.mia)
    decided = office.approvals.refuse(office.ana, link.id, link.request, LATER)
    assert (decided.decision, decided.link.state) == (Decision.REFUSED, _S.INVITED)
    assert (decided.link.request, decided.link.account) == (link.request + 1, None)
    (owed,) = office.owed()
    assert (owed.kind, owed.payload["request"]) == ("account.refused", link.request + 1)
    old = office.links.pick(waiting.mia, link.id, link.request, waiting.account, LATER)
    assert (old.reply, old.renewed) == (Reply.CHOOSE, True)


def test_the_second_admin_hears_what_the_first_decided(waiting: Waiting) -> None:
    """One decision; the other admin's click changes nothing and tells nobody again."""
    office = waiting.office
    bo = office.world.member("bo", admin=True)
    link = office.link(waiting.mia)
    office.approvals.approve(office.ana, link.id, link.request, LATER)
    office.owed()
    for act in (office.approvals.approve, office.approvals.refuse):
        decided = act(bo, link.id, link.request, LATER)
        assert (decided.decision, decided.link.decided_by) == (Decision.SETTLED, "Ana")
        assert decided.link.state is _S.CONNECTED
    assert office.owed() == []


def test_an_approval_is_for_what_was_shown(waiting: Waiting) -> None:
    """Mia picked another account after the admin's message went out: nothing is approved."""
    office = waiting.office
    link = office.link(waiting.mia)
    office.picks(waiting.mia, office.world.account(office.board, "Root"))
    decided = office.approvals.approve(office.ana, link.id, link.request, LATER)
    assert decided.decision is Decision.OUTDATED
    assert (decided.link.state, decided.link.request) == (_S.AWAITING_APPROVAL, link.request + 1)


def test_approving_what_somebody_else_holds_by_now(waiting: Waiting) -> None:
    """The admin is told who holds it, and can refuse."""
    office = waiting.office
    ben = office.world.member("ben")
    office.world.connected(ben, office.board, waiting.account)
    link = office.link(waiting.mia)
    with pytest.raises(AccountHeld) as problem:
        office.approvals.approve(office.ana, link.id, link.request, LATER)
    assert (problem.value.account, problem.value.holder) == ("N", "Ben")
    assert office.approvals.refuse(office.ana, link.id, link.request, LATER).decision is (
        Decision.REFUSED
    )


def test_approving_what_is_gone(waiting: Waiting) -> None:
    """A switched-off account, then a disconnected site: each with its own reason."""
    office = waiting.office
    link = office.link(waiting.mia)
    office.switches_off(waiting.account)
    with pytest.raises(AccountUnavailable):
        office.approvals.approve(office.ana, link.id, link.request, LATER)
    office.disconnects_board()
    with pytest.raises(SiteDisconnected):
        office.approvals.approve(office.ana, link.id, link.request, LATER)


def test_only_admins_decide_and_not_any_more_once_they_are_none(waiting: Waiting) -> None:
    """An admin's old message in the hands of a former admin does nothing."""
    office = waiting.office
    bo = office.world.member("bo", admin=True)
    office.sets(MemberRow, bo.id, slack_admin=False)
    link = office.link(waiting.mia)
    for who in (waiting.mia, bo):
        for act in (office.approvals.approve, office.approvals.refuse):
            with pytest.raises(AdminOnly):
                act(who, link.id, link.request, LATER)
        with pytest.raises(AdminOnly):
            office.standing(who)
    with pytest.raises(Vanished):
        office.approvals.note(
            office.ana.team_id, link.id, admin_id=bo.id, account_id=waiting.account
        )
    assert [one.person.name for one in office.standing()] == ["Mia"]


def test_the_list_to_pick_from(waiting: Waiting) -> None:
    """Names like one's own first, then the alphabet; never what others hold; the rest counted."""
    office, world = waiting.office, waiting.office.world
    for name in ("Zoe", "Mia Keller", "\u00c5sa"):
        world.account(office.board, name, f"{name[0].lower()}@secret.test")
    ben = world.member("ben")
    world.connected(ben, office.board, world.account(office.board, "Taken", "taken@acme.test"))
    office.switches_off(world.account(office.board, "Off"))
    search, link = AccountSearch(world.uow), office.link(waiting.mia)
    found = search.for_link(waiting.mia, link.id, "", 3)
    assert [account.name for account in found.accounts] == ["Mia Keller", "\u00c5sa", "N"]
    assert found.total == 4
    typed = search.for_link(waiting.mia, link.id, "asa", 100)
    assert [account.name for account in typed.accounts] == ["\u00c5sa"]
    assert search.for_link(waiting.mia, link.id, "secret", 100).total == 0
    assert search.for_link(waiting.mia, link.id, "z@secret.test", 100).total == 1
    assert not found.held
    assert not typed.held
    for words in ("tak", "taken@acme.test"):
        others = search.for_link(waiting.mia, link.id, words, 100)
        assert [account.name for account in others.held] == ["Taken"], words
        assert others.total == 0, words
    [taken] = others.held
    answer = office.links.pick(waiting.mia, link.id, link.request, taken.id, LATER)
    assert (answer.reply, answer.held) == (Reply.HELD, taken)
    assert search.for_admin(office.ana, office.board, "secret", 100).total == 3
    with pytest.raises(AdminOnly):
        search.for_admin(waiting.mia, office.board, "", 100)


STEPS: dict[str, tuple[AccountLinkEvent, ...]] = {
    "invite": (_E.INVITE,),
    "confirm": (_E.CONFIRM_PROVEN, _E.CONFIRM_UNPROVEN, _E.INVITE),
    "pick": (_E.CONFIRM_PROVEN, _E.CONFIRM_UNPROVEN, _E.INVITE),
    "decline": (_E.DECLINE,),
    "approve": (_E.APPROVE,),
    "refuse": (_E.REFUSE,),
    "withdraw": (_E.WITHDRAW,),
    "end": (_E.END,),
    "expire": (_E.EXPIRE,),
}
"""What can happen, and the events it may be; a click on an expired request asks anew."""

_numbers = count(1)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=14), proven=st.booleans()
)
def test_whatever_happens_in_whatever_order_the_states_move_as_stated(
    office: Office, steps: list[str], *, proven: bool
) -> None:
    """Random clicks never bring a link into a state that the table of moves does not allow."""
    name = f"m{next(_numbers)}"
    mia = office.world.member(name, email=f"{name}@acme.test" if proven else None)
    account = office.world.account(office.board, "Mia K", f"{name}@acme.test")
    office.asked(mia, account)
    for step in steps:
        before = office.link(mia).state
        allowed = {after(before, event) for event in STEPS[step]}
        _happens(office, mia, account, step)
        state = office.link(mia).state
        assert state is before or state in allowed, (step, before, state)
        if before is not _S.CONNECTED and state is _S.CONNECTED and step != "approve":
            assert proven


def _happens(office: Office, mia: Member, account: ProviderAccountId, step: str) -> None:
    link = office.link(mia)
    request = (link.id, link.request)
    acts: dict[str, Callable[[], object]] = {
        "invite": lambda: office.invitations.invite(
            office.ana, office.board, [Choice(mia.id, account)], NOON
        ),
        "confirm": lambda: office.links.confirm(mia, *request, NOON),
        "pick": lambda: office.links.pick(mia, *request, account, NOON),
        "decline": lambda: office.links.decline(mia, *request, NOON),
        "approve": lambda: office.approvals.approve(office.ana, *request, NOON),
        "refuse": lambda: office.approvals.refuse(office.ana, *request, NOON),
        "withdraw": lambda: office.invitations.withdraw(office.ana, link.id, NOON),
        "end": lambda: office.links.disconnect(mia, link.id, NOON),
        "expire": lambda: office.deadlines.expire_due(NOON + timedelta(days=365)),
    }
    with suppress(NotConnectedNow, AccountUnavailable):
        acts[step]()
