"""Many people at once (U5, U7): looked at first, then done, to exactly those."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.errors import AdminOnly
from bot.domain.ids import AccountLinkId, MemberId, ProjectId, ProviderAccountId, SlackUserId
from bot.domain.people.account_links import AccountLink
from bot.domain.people.add_users import UsersQuery
from bot.domain.people.people import Member, SlackPerson
from bot.domain.people.people_lists import (
    BatchAction,
    BatchDone,
    LeftAlone,
    NobodySelected,
    SelectionChanged,
)
from bot.domain.states import AccountLinkState, Proof
from bot.services.members import Members
from storage.entries import time_entries
from storage.people import account_links
from storage.people.account_links import AccountLinkRow
from tests.builders import NOON
from tests.services.people.office import LATER, Office
from tests.statements import asked

_S = AccountLinkState


def does(office: Office, action: BatchAction, *links: AccountLink) -> BatchDone:
    """Ana ticks these, looks, and confirms."""
    query = office.ticked(*links)
    seen = office.batches.preview(office.ana, query, action, LATER)
    return office.batches.do(office.ana, query, action, seen.fingerprint, LATER)


def people(office: Office, *names: str) -> list[Member]:
    """Members without an address."""
    return [office.world.member(name, email=None) for name in names]


def connected(office: Office, member: Member) -> AccountLink:
    """The member, connected with an account of their name."""
    office.world.connected(member, office.board, office.world.account(office.board, member.name))
    return office.link(member)


def test_a_disconnect_says_first_what_it_stops(office: Office) -> None:
    """Timers there are stopped and kept, keys destroyed, everybody told, others left alone (U7)."""
    world = office.world
    mia, ben, cleo = people(office, "mia", "ben", "cleo")
    links = [connected(office, one) for one in (mia, ben)]
    other = office.asked(cleo)
    project = world.project()
    source = world.provider_project(office.board)
    world.link(source, project)
    world.timer(mia, project, world.task(office.board, source), NOON)
    world.timer(ben, world.project("Internal", "INT"), None, NOON)
    office.puts(links[1].id, sealed_token="sealed")
    office.owed()

    query = office.ticked(*links, other)
    assert office.batches.chosen(office.ana, query).fits[BatchAction.DISCONNECT] == 2
    seen = office.batches.preview(office.ana, query, BatchAction.DISCONNECT, LATER)
    assert [link.person.name for link in seen.affected] == ["Ben", "Mia"]
    assert seen.left == {LeftAlone.WRONG_STATE: ("Cleo",)}
    assert (seen.timers, seen.keys) == (1, 1)
    assert office.link(mia).state is _S.CONNECTED

    done = office.batches.do(office.ana, query, BatchAction.DISCONNECT, seen.fingerprint, LATER)
    assert (done.number, done.timers) == (2, 1)
    assert [office.link(one).state for one in (mia, ben, cleo)] == [_S.ENDED, _S.ENDED, _S.INVITED]
    assert not office.link(ben).has_own_key
    with world.uow.read() as tx:
        assert time_entries.running(tx, world.team_id, mia.id) is None
        assert time_entries.running(tx, world.team_id, ben.id) is not None
    assert len(office.owed("account.ended")) == 2
    assert office.audited().count("account_link.end") == 2


def test_withdrawing_from_many(office: Office) -> None:
    """Asked and waiting people; who answered meanwhile is seen before anything is done."""
    mia, ben, cleo = people(office, "mia", "ben", "cleo")
    links = [office.asked(one) for one in (mia, ben, cleo)]
    office.picks(ben, office.world.account(office.board, "B"))
    query = office.ticked(*links)
    seen = office.batches.preview(office.ana, query, BatchAction.WITHDRAW, LATER)
    office.links.decline(cleo, links[2].id, 1, LATER)
    with pytest.raises(SelectionChanged):
        office.batches.do(office.ana, query, BatchAction.WITHDRAW, seen.fingerprint, LATER)
    assert office.link(mia).state is _S.INVITED
    again = office.batches.preview(office.ana, query, BatchAction.WITHDRAW, LATER)
    office.batches.do(office.ana, query, BatchAction.WITHDRAW, again.fingerprint, LATER)
    states = [office.link(one).state for one in (mia, ben, cleo)]
    assert states == [_S.WITHDRAWN, _S.WITHDRAWN, _S.DECLINED]
    assert office.link(mia).decided_by == "Ana"


def test_asking_many_again(office: Office) -> None:
    """A fresh request and one message each, with the account an admin chose or a new suggestion."""
    mia, ben, cleo = people(office, "mia", "ben", "cleo")
    chosen, suggested = (office.world.account(office.board, name) for name in ("Other", "Ben"))
    office.asked(mia, chosen, chosen=True)
    office.asked(ben)
    office.asked(cleo)
    office.links.decline(ben, office.link(ben).id, 1, NOON)
    office.puts(office.link(cleo).id, state=_S.EXPIRED)
    office.deactivates(cleo.id)
    office.owed()
    done = does(office, BatchAction.INVITE, *(office.link(one) for one in (mia, ben, cleo)))
    assert done.number == 2
    assert done.preview.left == {LeftAlone.DEACTIVATED: ("Cleo",)}
    accounts = {one.id: office.link(one).account for one in (mia, ben)}
    assert [account.id for account in accounts.values() if account] == [chosen, suggested]
    assert (office.link(mia).chosen_by_admin, office.link(ben).chosen_by_admin) == (True, False)
    assert {office.link(one).request for one in (mia, ben)} == {2}
    assert {one.payload["request"] for one in office.owed("invitation.send")} == {2}


def test_approving_many(office: Office) -> None:
    """Each gets the account they named; two who name one, and what is held or gone, are left."""
    world = office.world
    mia, ben, cleo, dan, eve, zoe = people(office, "mia", "ben", "cleo", "dan", "eve", "zoe")
    project = world.project()
    world.link(world.provider_project(office.board), project)
    own = world.account(office.board, "Own")
    shared, held, off = (world.account(office.board, name) for name in ("Shared", "Held", "Off"))
    for one, account in ((mia, own), (ben, shared), (cleo, shared), (dan, held), (eve, off)):
        office.asked(one)
        office.picks(one, account)
    world.connected(zoe, office.board, held)
    office.switches_off(off)
    office.owed()
    done = does(
        office, BatchAction.APPROVE, *(office.link(one) for one in (mia, ben, cleo, dan, eve, zoe))
    )
    assert [link.person.id for link in done.preview.affected] == [mia.id]
    assert done.preview.left == {
        LeftAlone.CLAIMED_TWICE: ("Ben", "Cleo"),
        LeftAlone.ACCOUNT_HELD: ("Dan",),
        LeftAlone.ACCOUNT_UNAVAILABLE: ("Eve",),
        LeftAlone.WRONG_STATE: ("Zoe",),
    }
    link = office.link(mia)
    assert (link.state, link.proof, link.decided_by) == (_S.CONNECTED, Proof.ADMIN, "Ana")
    assert [one.payload["account_link_id"] for one in office.owed("account.approved")] == [link.id]
    with world.uow.read() as tx:
        joined = tx.core.exec_driver_sql("SELECT member_id FROM project_member").scalars()
        assert list(joined) == [mia.id]


def test_another_pick_is_not_approved_unseen(office: Office) -> None:
    """Who picks another account after the preview is shown again, not approved."""
    (mia,) = people(office, "mia")
    office.asked(mia)
    office.picks(mia, office.world.account(office.board, "N"))
    query = office.ticked(office.link(mia))
    seen = office.batches.preview(office.ana, query, BatchAction.APPROVE, LATER)
    office.picks(mia, office.world.account(office.board, "O"))
    with pytest.raises(SelectionChanged):
        office.batches.do(office.ana, query, BatchAction.APPROVE, seen.fingerprint, LATER)
    assert office.link(mia).state is _S.AWAITING_APPROVAL


def test_twice_is_once(office: Office) -> None:
    """A double click: the second finds nobody in that state any more and does nothing."""
    (mia,) = people(office, "mia")
    link = connected(office, mia)
    query = office.ticked(link)
    seen = office.batches.preview(office.ana, query, BatchAction.DISCONNECT, LATER)
    office.batches.do(office.ana, query, BatchAction.DISCONNECT, seen.fingerprint, LATER)
    with pytest.raises(SelectionChanged):
        office.batches.do(office.ana, query, BatchAction.DISCONNECT, seen.fingerprint, LATER)
    assert len(office.owed("account.ended")) == 1


def test_nobody_ticked_and_nobody_else_may(office: Office) -> None:
    """An empty list is refused, and so is who is no admin any more."""
    with pytest.raises(NobodySelected):
        office.batches.chosen(office.ana, office.ticked())
    (mia,) = people(office, "mia")
    query = office.ticked(office.asked(mia))
    with pytest.raises(AdminOnly):
        office.batches.do(mia, query, BatchAction.WITHDRAW, "", LATER)


@pytest.mark.parametrize("action", [BatchAction.WITHDRAW, BatchAction.INVITE])
def test_three_hundred_cost_as_many_questions_as_three(office: Office, action: BatchAction) -> None:
    """No question to the database is asked once a person."""

    def cost(size: int, start: int) -> int:
        directory = Members(office.world.uow, office.world.new_marker())
        new = [
            SlackPerson(SlackUserId(f"U1{n}"), f"Person {n}", None, "UTC")
            for n in range(start, start + size)
        ]
        directory.save_many(office.world.team_id, new, NOON)
        users = UsersQuery(office.board, tuple(one.user_id for one in new))
        choices = office.users.choices(office.ana, users, {})
        office.invitations.invite(office.ana, office.board, choices, NOON)
        query = office.ticked(*_links(office, [choice.member_id for choice in choices]))
        seen = office.batches.preview(office.ana, query, action, LATER)
        do = partial(office.batches.do, office.ana, query, action, seen.fingerprint, LATER)
        return len(asked(office.world.engine, do))

    assert cost(3, 100) == cost(300, 1000)


def _links(office: Office, members: list[MemberId]) -> list[AccountLink]:
    with office.world.uow.read() as tx:
        query = select(col(AccountLinkRow.id)).where(col(AccountLinkRow.member_id).in_(members))
        ids = [AccountLinkId(one or 0) for one in tx.execute(query).scalars()]
        return account_links.by_ids(tx, office.world.team_id, ids)


def test_a_second_account_is_an_admins_to_give(office: Office) -> None:
    """Asked in a message of its own; then both count, and one may end without the other."""
    world = office.world
    mia = world.member("mia")
    first = world.account(office.board, "Mia K", "mia@acme.test")
    office.asked(mia, first)
    office.confirms(mia)
    robot = world.account(office.board, "Mia at the client")
    office.owed()
    choices = office.users.choices(
        office.ana, UsersQuery(office.board, (mia.slack_user_id,)), {mia.id: robot}
    )
    invited = office.invitations.invite(office.ana, office.board, choices, LATER)
    assert invited.invited == (mia.id,)
    further = next(link for link in office.standing() if link.slot)
    assert (further.state, further.account and further.account.id) == (_S.INVITED, robot)
    assert len(office.owed("invitation.send")) == 1
    answer = office.links.confirm(mia, further.id, further.request, LATER)
    assert (answer.link.state, answer.link.proof) == (_S.CONNECTED, Proof.ADMIN)

    names = [
        one.link.account.name for one in office.links.mine(mia) if one.link and one.link.account
    ]
    assert names == ["Mia K", "Mia at the client"]
    seen = _two_projects(office, first, robot)
    task = world.timer(mia, seen["robot"], None, LATER)
    office.links.disconnect(office.ana, office.link(mia).id, LATER + timedelta(minutes=1))
    with world.uow.read() as tx:
        running = time_entries.running(tx, world.team_id, mia.id)
    assert running is not None
    assert running.entry.id == task
    office.links.disconnect(mia, further.id, LATER + timedelta(minutes=2))
    with world.uow.read() as tx:
        assert time_entries.running(tx, world.team_id, mia.id) is None


def _two_projects(
    office: Office, first: ProviderAccountId, robot: ProviderAccountId
) -> dict[str, ProjectId]:
    made = {}
    for name, account in (("first", first), ("robot", robot)):
        source = office.world.provider_project(office.board, name, everyone=False)
        office.world.access(source, account)
        made[name] = office.world.project(name, name[:3].upper())
        office.world.link(source, made[name])
    return made


def test_a_second_account_that_is_declined_or_taken_again(office: Office) -> None:
    """The place is used again; the same account is not given twice; nobody else's is."""
    world = office.world
    mia, ben = world.member("mia"), world.member("ben")
    connected(office, mia)
    robot, bens = world.account(office.board, "Robot"), world.account(office.board, "Ben's")
    world.connected(ben, office.board, bens)

    def gives(account: ProviderAccountId) -> list[str]:
        query = UsersQuery(office.board, (mia.slack_user_id,))
        picks = {mia.id: account}
        choices = office.users.choices(office.ana, query, picks)
        done = office.invitations.invite(office.ana, office.board, choices, LATER)
        return [skip.reason.value for skip in done.skipped]

    assert gives(robot) == []
    further = next(link for link in office.standing() if link.slot)
    office.links.decline(mia, further.id, further.request, LATER)
    assert gives(robot) == []
    assert [link.id for link in office.standing() if link.slot] == [further.id]
    assert gives(bens) == ["account held"]
    own = office.link(mia).account
    assert own is not None
    assert gives(own.id) == ["connected"]
    assert [link.slot for link in office.standing() if link.person.id == mia.id] == [1, 0]
