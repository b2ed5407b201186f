"""Stopping other people's timers: whatever ends the right to track stops and keeps them (T15)."""

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.domain.entries.entries import StoppedTimer, StopReason, TimersOf, zone_of
from bot.domain.ids import (
    IntegrationId,
    MemberId,
    ProjectId,
    ProviderProjectId,
    SlackUserId,
    TeamId,
    TimeEntryId,
)
from bot.domain.tracking.tracking import TimerEnd
from bot.services.tracking.booking import book
from bot.services.tracking.closing import Closing, close_timers
from bot.services.tracking.desk import to_read
from storage import members, outbox
from storage.tracking import running_timers, timer_holds
from storage.unit_of_work import Tx, UnitOfWork

TIMER_STOPPED = "timer.stopped"
"""Outbox kind of the message that tells an owner; its payload names entry and member."""


def stop_timers(
    tx: Tx,
    team_id: TeamId,
    *,
    because: StopReason,
    now: datetime,
    members: Iterable[MemberId] | None = None,
    projects: Iterable[ProjectId] | None = None,
    provider_projects: Iterable[ProviderProjectId] | None = None,
    integrations: Iterable[IntegrationId] | None = None,
    new_marker: Callable[[], str],
) -> list[StoppedTimer]:
    """Stops and keeps the running timers that fit every condition given; their owners are told.

    Call it in the transaction that ends the right to track, after the change itself and after
    any row of a member is locked: on PostgreSQL it waits for starts that have begun, and holds up
    new ones until the commit. The history names no actor.

    Args:
        tx: The open transaction.
        team_id: The fence.
        because: Why; kept on the entry and told to the owner.
        now: The moment of detection, at which the timers end.
        members: Only timers of these people.
        projects: Only timers on these projects.
        provider_projects: Only timers on tasks of these, or on a project they feed.
        integrations: The same, by whole integrations.
        new_marker: Makes the ids of entries and messages.
    """
    which = TimersOf(
        members=None if members is None else frozenset(members),
        projects=None if projects is None else frozenset(projects),
        provider_projects=None if provider_projects is None else frozenset(provider_projects),
        integrations=None if integrations is None else frozenset(integrations),
    )
    if which.is_nobody:
        return []
    timer_holds.hold_for_all(tx, team_id)
    found = running_timers.running_where(tx, team_id, which, now)
    if not found:
        return []
    end = now.replace(microsecond=0)
    closings = [Closing(timer, end, zone_of(zone)) for timer, zone in found]
    closed = close_timers(tx, team_id, closings, now=now, new_marker=new_marker, because=because)
    changes = [change for one in closed for change in one.changes]
    book(tx, team_id, changes, step=new_marker(), actor=None, now=now)
    for timer, _ in found:
        # Nobody can write to somebody whose account Slack has closed.
        if because is not StopReason.MEMBER_DEACTIVATED:
            outbox.add(
                tx,
                team_id,
                kind=TIMER_STOPPED,
                subject=f"timer:{timer.id}",
                payload={"time_entry_id": timer.id, "member_id": timer.member_id},
                marker=new_marker(),
                now=now,
            )
    return [
        StoppedTimer(timer.id, timer.member_id, one.seconds)
        for (timer, _), one in zip(found, closed, strict=True)
    ]


class StoppedTimers:
    """What the owner of a stopped timer is told."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def told(
        self, team_id: TeamId, entry_id: TimeEntryId, member_id: MemberId, now: datetime
    ) -> tuple[SlackUserId, TimerEnd] | None:
        """Whom to tell what; None when nothing was kept, or the owner has left."""
        with self._uow.read() as tx:
            owner = members.by_id(tx, team_id, member_id)
            if owner is None or not owner.is_active:
                return None
            end = to_read(tx, owner, now).end_of(entry_id)
            return None if end is None else (owner.slack_user_id, end)
