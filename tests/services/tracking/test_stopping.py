"""Stopping other people's timers, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.entries.entries import StoppedTimer, StopReason
from bot.domain.ids import IntegrationId, MemberId, ProjectId, ProviderProjectId, TaskId
from bot.domain.people.people import Member
from bot.services.tracking.stopping import stop_timers
from storage.entries.entry_history import TimeEntryChangeRow
from storage.entries.time_entries import TimeEntryRow
from storage.outbox import OutboxRow
from tests.builders import NOON, World


class Site:
    """Two people with a timer each, on two projects fed by two integrations."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.admin = world.member("admin", admin=True)
        self.ana, self.bo = world.member("ana"), world.member("bo", zone="America/New_York")
        self.board = world.integration(self.admin)
        self.redmine = world.integration(self.admin, provider="redmine", site="redmine")
        self.web, self.web_source, web_task = self._linked(self.board, "Website", "WEB")
        self.ops, self.ops_source, ops_task = self._linked(self.redmine, "Operations", "OPS")
        self.anas = world.timer(self.ana, self.web, web_task, NOON - timedelta(hours=2))
        self.bos = world.timer(self.bo, self.ops, ops_task, NOON - timedelta(hours=1))

    def _linked(
        self, integration: IntegrationId, name: str, code: str
    ) -> tuple[ProjectId, ProviderProjectId, TaskId]:
        source = self.world.provider_project(integration, name, key=code)
        project = self.world.project(name, code)
        self.world.link(source, project)
        return project, source, self.world.task(integration, source, f"{code}-12")

    def stop(
        self,
        *,
        now: datetime = NOON,
        because: StopReason = StopReason.PROJECT_ARCHIVED,
        members: list[MemberId] | None = None,
        projects: list[ProjectId] | None = None,
        provider_projects: list[ProviderProjectId] | None = None,
        integrations: list[IntegrationId] | None = None,
    ) -> list[StoppedTimer]:
        """Stops timers in a transaction of their own."""
        with self.world.uow.begin() as tx:
            return stop_timers(
                tx,
                self.world.team_id,
                because=because,
                now=now,
                members=members,
                projects=projects,
                provider_projects=provider_projects,
                integrations=integrations,
                new_marker=self.world.new_marker(),
            )

    def entries(self, who: Member) -> list[TimeEntryRow]:
        """Everything a person has, by the order it was saved."""
        query = select(TimeEntryRow).where(col(TimeEntryRow.member_id) == who.id)
        with self.world.uow.read() as tx:
            return list(tx.entities.scalars(query.order_by(col(TimeEntryRow.id))))

    def owed(self) -> list[OutboxRow]:
        """Messages that wait to be sent."""
        with self.world.uow.read() as tx:
            return list(tx.entities.scalars(select(OutboxRow).order_by(col(OutboxRow.id))))


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    """Give the two people and their timers."""
    world = World(database_url)
    yield Site(world)
    world.close()


def test_an_archived_projects_timer_is_stopped_and_kept(site: Site) -> None:
    """Ana's two hours stay, with the reason; Bo's timer on another project runs on."""
    stopped = site.stop(projects=[site.web])
    assert [(one.member_id, one.seconds) for one in stopped] == [(site.ana.id, 7200)]
    (entry,) = site.entries(site.ana)
    assert (entry.seconds, entry.ended_at) == (7200, NOON)
    assert entry.stopped_because == StopReason.PROJECT_ARCHIVED
    assert site.entries(site.bo)[0].seconds is None


def test_the_owner_is_told_once(site: Site) -> None:
    """A second look at the same project finds nothing to stop and owes no second message."""
    site.stop(projects=[site.web])
    assert site.stop(projects=[site.web]) == []
    (owed,) = site.owed()
    assert owed.kind == "timer.stopped"
    assert owed.payload == {"time_entry_id": site.anas, "member_id": site.ana.id}


def test_history_says_that_nobody_in_person_stopped_it(site: Site) -> None:
    """What the timer was before can be read later."""
    site.stop(projects=[site.web])
    with site.world.uow.read() as tx:
        (change,) = tx.entities.scalars(select(TimeEntryChangeRow))
    assert (change.action, change.actor_id) == ("stopped", None)
    assert change.before is not None
    assert change.before["seconds"] is None
    assert change.after is not None
    assert change.after["seconds"] == 7200


@pytest.mark.parametrize("by", ["integration", "provider project", "member"])
def test_each_way_to_lose_the_right_stops_only_its_own(site: Site, by: str) -> None:
    """Disconnecting, unlinking and losing an account reach the timers concerned, no others."""
    stopped = (
        site.stop(integrations=[site.redmine])
        if by == "integration"
        else site.stop(provider_projects=[site.ops_source])
        if by == "provider project"
        else site.stop(members=[site.bo.id])
    )
    assert [one.entry_id for one in stopped] == [site.bos]


def test_conditions_hold_together(site: Site) -> None:
    """Ana's account on Redmine ends: her timer on the board's project runs on."""
    assert site.stop(members=[site.ana.id], integrations=[site.redmine]) == []
    assert site.stop(members=[], projects=[site.web]) == []


def test_time_without_a_task_belongs_to_what_feeds_the_project(site: Site) -> None:
    """A timer on the project itself ends with the integration too."""
    cy = site.world.member("cy")
    timer = site.world.timer(cy, site.web, None, NOON - timedelta(minutes=5))
    assert timer in [one.entry_id for one in site.stop(integrations=[site.board])]


def test_midnight_of_the_owner_cuts_the_span(site: Site) -> None:
    """Stopped at 06:00 in New York after the night: one part a day, the second continuing."""
    late = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
    (stopped,) = site.stop(members=[site.bo.id], now=late)
    first, second = site.entries(site.bo)
    assert [str(part.work_date) for part in (first, second)] == ["2026-11-20", "2026-11-21"]
    assert first.ended_at == second.started_at == datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
    assert second.continues_id == first.id
    assert stopped.seconds == (first.seconds or 0) + (second.seconds or 0) == 86_400


def test_less_than_a_second_leaves_nothing(site: Site) -> None:
    """A timer that had just begun is deleted: an entry has at least one second."""
    (stopped,) = site.stop(members=[site.ana.id], now=NOON - timedelta(hours=2))
    assert stopped.seconds == 0
    assert site.entries(site.ana)[0].deleted_at is not None


def test_nobody_writes_to_a_closed_account(site: Site) -> None:
    """A deactivated person's timer is kept, and no message is owed."""
    site.stop(members=[site.ana.id], because=StopReason.MEMBER_DEACTIVATED)
    assert site.owed() == []
