"""What becomes of people whom Slack tells something new about."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.entries import StopReason
from bot.domain.errors import TeamNotInstalled
from bot.domain.ids import TeamId
from bot.domain.people import Member, SlackPerson
from bot.services.members import Members
from storage import members, outbox, time_entries
from tests.builders import NOON, World

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A team."""
    made = World(database_url)
    yield made
    made.close()


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
