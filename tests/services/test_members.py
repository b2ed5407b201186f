"""What becomes of people whom Slack tells something new about."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.entries.entries import StopReason
from bot.domain.errors import TeamNotInstalled
from bot.domain.ids import TeamId
from bot.domain.people.account_links import Choice
from bot.domain.people.people import Member, SlackPerson
from bot.domain.states import AccountLinkState
from bot.services.members import Members
from bot.services.people.admins import Admins
from storage import members, outbox
from storage.entries import time_entries
from storage.people import standings
from storage.people.account_links import AccountLinkRow
from tests.builders import NOON, World
from tests.services.people.office import Office

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A team."""
    made = World(database_url)
    yield made
    made.close()


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """The same, with an admin and a board."""
    made = Office(World(database_url))
    yield made
    made.world.close()


def told(member: Member) -> SlackPerson:
    """What Slack says about somebody it has deactivated: no zone and no role."""
    return SlackPerson(member.slack_user_id, member.name, member.email, "UTC", is_deactivated=True)


def one_by_one(service: Members, world: World, person: SlackPerson) -> None:
    """As an event tells it."""
    service.save(world.team_id, person, LATER)


def in_a_list(service: Members, world: World, person: SlackPerson) -> None:
    """As the list of everybody tells it."""
    service.save_many(world.team_id, [person], LATER)


WAYS = pytest.mark.parametrize("tell", [one_by_one, in_a_list])
Tell = Callable[[Members, World, SlackPerson], None]


@WAYS
def test_the_timer_of_somebody_deactivated_is_stopped_and_kept(world: World, tell: Tell) -> None:
    """It would run for ever otherwise; nobody can be told, and nobody else's stops (T15)."""
    ana, bo = world.member("ana"), world.member("bo")
    project = world.project()
    entry = world.timer(ana, project, None, NOON)
    world.timer(bo, project, None, NOON)
    service = Members(world.uow, world.new_marker())
    tell(service, world, told(ana))
    tell(service, world, told(ana))
    with world.uow.read() as tx:
        assert time_entries.running(tx, world.team_id, ana.id) is None
        assert time_entries.running(tx, world.team_id, bo.id) is not None
        kept = time_entries.labelled(tx, world.team_id, entry)
        assert not outbox.is_owed(tx, world.team_id, f"timer:{entry}")
    assert kept is not None
    assert kept.entry.seconds == 3600
    assert kept.entry.stopped_because is StopReason.MEMBER_DEACTIVATED


@WAYS
def test_their_days_stay_those_of_their_own_zone(world: World, tell: Tell) -> None:
    """Slack tells no zone of the deactivated; 23:30 in Auckland is not tomorrow in London."""
    ana = world.member("ana", zone="Pacific/Auckland")
    before = NOON.replace(hour=10)  # 23:00 in Auckland
    entry = world.timer(ana, world.project(), None, before - timedelta(minutes=30))
    tell(Members(world.uow, world.new_marker()), world, told(ana))
    with world.uow.read() as tx:
        kept = time_entries.labelled(tx, world.team_id, entry)
        after = members.by_id(tx, world.team_id, ana.id)
    assert after is not None
    assert after.zone == "Pacific/Auckland"
    assert kept is not None
    assert kept.entry.ended_at == NOON.replace(hour=11)  # midnight in Auckland
    assert kept.entry.work_date == NOON.date()


@WAYS
def test_people_of_other_organisations_are_not_taken_in(world: World, tell: Tell) -> None:
    """A channel shared with a customer does not make its people members, or admins."""
    ana = world.member("ana")
    service = Members(world.uow, world.new_marker())
    stranger = replace(told(ana), user_id=ana.slack_user_id, is_deactivated=False, is_admin=True)
    tell(service, world, replace(stranger, home=TeamId("T9OTHER")))
    known = service.find(world.team_id, ana.slack_user_id)
    assert known is not None
    assert not known[0].is_admin


def test_a_removed_hourlink_knows_nobody(world: World) -> None:
    """Whatever still arrives for that team finds nothing to work with, until it is back."""
    ana = world.member("ana")
    service = Members(world.uow, world.new_marker())
    service.uninstalled(world.team_id, NOON)
    with pytest.raises(TeamNotInstalled):
        service.find(world.team_id, ana.slack_user_id)
    service.installed(world.team_id, name="Acme", bot_user_id="U0BOT", now=LATER)
    assert service.find(world.team_id, ana.slack_user_id) is not None


@WAYS
def test_who_is_deactivated_leaves_no_open_door(office: Office, tell: Tell) -> None:
    """Requests are withdrawn, tokens destroyed, the right to administer ends: theirs alone."""
    world, service = office.world, Members(office.world.uow, office.world.new_marker())
    admins = Admins(world.uow, world.new_marker())
    mia, bo, cleo = (world.member(name) for name in ("mia", "bo", "cleo"))
    other = world.integration(office.ana, site="other board")
    accounts = {name: world.account(office.board, name) for name in ("mia", "cleo")}
    for person in (mia, cleo):
        link = world.connected(person, office.board, accounts[person.name.lower()])
        office.puts(link, sealed_token="sealed")
    office.invitations.invite(office.ana, other, [Choice(mia.id), Choice(bo.id)], NOON)
    admins.name(office.ana, mia.id, NOON)
    office.owed()
    tell(service, world, told(mia))
    with world.uow.read() as tx:
        states = {
            (person.name, one.site.name): one.link.state
            for person in (mia, bo)
            for one in standings.of_member(tx, world.team_id, person.id)
            if one.link
        }
        tokens = tx.execute(
            select(col(AccountLinkRow.member_id)).where(
                col(AccountLinkRow.sealed_token).is_not(None)
            )
        ).scalars()
        assert list(tokens) == [cleo.id]
    assert states == {
        ("Mia", "acme board"): AccountLinkState.CONNECTED,
        ("Mia", "other board"): AccountLinkState.WITHDRAWN,
        ("Bo", "other board"): AccountLinkState.INVITED,
    }
    assert office.audited()[-1] == "admin.remove"
    tell(service, world, replace(told(mia), is_deactivated=False))
    back = service.find(world.team_id, mia.slack_user_id)
    assert back is not None
    assert not back[0].is_admin
    assert office.link(mia).state is AccountLinkState.CONNECTED


def test_a_removed_hourlink_keeps_no_tokens(office: Office) -> None:
    """Whoever uninstalls expects that nothing can act in their people's names any more."""
    world = office.world
    mia = world.member("mia")
    link = world.connected(mia, office.board, world.account(office.board, "Mia"))
    office.puts(link, sealed_token="sealed")
    Members(world.uow, world.new_marker()).uninstalled(world.team_id, LATER)
    with world.uow.read() as tx:
        assert list(tx.execute(select(col(AccountLinkRow.sealed_token))).scalars()) == [None]
