"""Who is tracking now: everybody for admins, those on the projects they manage for managers."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import ProjectId
from bot.domain.people.people import Member
from bot.domain.projects.projects import ManagerOnly
from bot.domain.tracking.spans import split_at_midnights
from bot.domain.tracking.team_timers import (
    TIMERS_SHOWN,
    TeamTimer,
    TeamTimers,
    TeamTimersAsked,
)
from bot.services import rights
from storage.linking import link_targets
from storage.tracking import team_timers
from storage.tracking.team_timers import Runs
from storage.unit_of_work import Tx, UnitOfWork


class TeamTiming:
    """Timers that run now."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def show(self, *, who: Member, asked: TeamTimersAsked, now: datetime) -> TeamTimers:
        """A page of them, as near as there is to the one asked for.

        Raises:
            ManagerOnly: who asks manages nothing, or not the project that is asked for.
            Vanished: there is no such project.
        """
        now = now.replace(microsecond=0)
        with self._uow.read() as tx:
            managed, name = rights.managed(tx, who), ""
            seen: Collection[ProjectId] | None = managed
            if asked.project_id is not None:
                seen, name = _one(tx, who, asked.project_id, managed)
            asked = replace(asked, page=max(0, asked.page))
            found, total = _page(tx, who, seen, asked.page)
            if not found and asked.page:  # they stopped since the button was drawn
                asked = replace(asked, page=0)
                found, total = _page(tx, who, seen, 0)
            timers = shown(tx, who, found, seen, now)
            here = now.astimezone(zone_of(who.zone))
            return TeamTimers(asked, timers, total, managed is None, name, here)


def _one(
    tx: Tx, who: Member, project_id: ProjectId, seen: Collection[ProjectId] | None
) -> tuple[Collection[ProjectId], str]:
    if seen is not None and project_id not in seen:
        raise ManagerOnly
    found = link_targets.by_ids(tx, who.team_id, [project_id]).get(project_id)
    if found is None:
        raise Vanished("project")
    return [project_id], found.name


def _page(
    tx: Tx, who: Member, seen: Collection[ProjectId] | None, page: int
) -> tuple[list[Runs], int]:
    offset = page * TIMERS_SHOWN
    return team_timers.page(tx, who.team_id, seen, limit=TIMERS_SHOWN, offset=offset)


def shown(
    tx: Tx, who: Member, found: list[Runs], seen: Collection[ProjectId] | None, now: datetime
) -> tuple[TeamTimer, ...]:
    """Running timers as who asks sees them, with what their owners did on their own today."""
    if not found:
        return ()
    here = zone_of(who.zone)
    days = {one.member_id: work_date(now, zone_of(one.zone)) for one in found}
    done = team_timers.finished(tx, who.team_id, days.keys(), set(days.values()), seen)
    return tuple(
        TeamTimer(
            one.entry_id,
            one.person,
            one.member_id == who.id,
            one.on,
            one.since.astimezone(here),
            now.astimezone(here),
            done.get((one.member_id, days[one.member_id]), 0) + _today(one, now),
        )
        for one in found
    )


def _today(one: Runs, now: datetime) -> int:
    """What of the timer lies in its owner's own today."""
    zone = zone_of(one.zone)
    *_, last = split_at_midnights(one.since, max(one.since, now), zone)
    return last.seconds if last.work_date == work_date(now, zone) else 0
