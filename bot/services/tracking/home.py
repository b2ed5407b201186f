"""A member's App Home: their time, and what to go on with (T8)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.days import work_date
from bot.domain.entries.entries import TaskLabel, zone_of
from bot.domain.ids import ProjectId, TaskId, TimeEntryId
from bot.domain.people.account_links import Standing
from bot.domain.people.people import Member
from bot.domain.preferences import StartPage
from bot.domain.tasks.finding import Candidate
from bot.domain.tracking.home import MemberHome
from bot.services.people import sites
from bot.services.tasks.reach import Reach, projects_among
from bot.services.tracking.desk import Desk, to_read
from bot.services.tracking.timesheet import Sheet
from storage import choices
from storage.members import admin_names
from storage.people import standings
from storage.prepared import Look, ask_together
from storage.projects import project_lists
from storage.tasks import free_places, task_search
from storage.tasks.task_questions import Question
from storage.tracking import recent_work
from storage.tracking.recent_work import Tracked
from storage.unit_of_work import UnitOfWork

SHOWN = 5
"""Recent tasks, and assigned ones, that are offered."""

_LATELY = timedelta(days=30)
_LOOKED_AT = 3 * SHOWN
"""Recent ones that are looked at: some may not be tracked any more."""


class Homes:
    """What a member sees when they open Hourlink."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def show(self, *, who: Member, now: datetime) -> MemberHome:
        """Everything at this moment."""
        with self._uow.read(brief=True) as tx:
            ask_together(tx, _looks(who, now))
            sheet = Sheet(tx, who, now)
            desk = to_read(tx, who, now)
            week, running = sheet.week(sheet.today), sheet.running
            stands = sites.standings(tx, who)
            shelf = _Shelf(desk, stands, without_task=sheet.team.time_without_task)
            here = running.on if running else None
            recent = shelf.recent(here)
            known = {one.on.task_id for one in recent} | {here.task_id if here else None}
            is_stuck = all(one.waits_to_be_asked for one in stands)
            return MemberHome(
                timer=desk.timer(running) if running else None,
                day=sheet.day(sheet.today),
                week=week,
                recent=recent,
                assigned=shelf.assigned(known),
                can_track=shelf.has_anything,
                is_on_projects=shelf.has_anything or project_lists.has_own(tx, who.team_id, who.id),
                standings=tuple(stands),
                admins=admin_names(tx, who.team_id) if is_stuck else (),
                again=shelf.last_on_first,
                manages=sheet.manages,
                start_page=sheet.own.start_page if who.is_admin else StartPage.TIME,
                last_week=sheet.last_week(),
            )


def _looks(who: Member, now: datetime) -> Sequence[Look]:
    """Of what is asked for, all that depends on nothing but who asks."""
    since = work_date(now, zone_of(who.zone)) - _LATELY
    whose = who.team_id, who.id
    return (
        choices.look_for_member(*whose),
        standings.look_for_member(*whose),
        free_places.look_for_member(who),
        recent_work.look_for_tracked(*whose, since, most=_LOOKED_AT),
    )


class _Shelf:
    """Tasks and projects within a member's reach."""

    def __init__(self, desk: Desk, standings: Iterable[Standing], *, without_task: bool) -> None:
        self._desk = desk
        self._reach = Reach(desk.tx, desk.who, desk.today, standings)
        self._projects: dict[ProjectId, Candidate] = {}
        self.last_on_first: TimeEntryId | None = None
        """The last entry on the first of the recent ones, once they were asked for."""
        if without_task:
            places = self._reach.places
            self._projects = {one.on.project_id: one for one in projects_among(places)}

    @property
    def has_anything(self) -> bool:
        return bool(self._projects or self._reach.sources)

    def recent(self, here: TaskLabel | None) -> tuple[Candidate, ...]:
        """What they tracked lately and may track now, without what runs."""
        desk = self._desk
        since = desk.today - _LATELY
        lately = recent_work.tracked(desk.tx, desk.team_id, desk.who.id, since, most=_LOOKED_AT)
        found = ((self._now(one), one.last) for one in lately)
        others = [(one, last) for one, last in found if one and not _same(one.on, here)]
        self.last_on_first = others[0][1] if others else None
        return tuple(dict.fromkeys(one for one, _ in others))[:SHOWN]

    def assigned(self, known: Collection[TaskId | None]) -> tuple[Candidate, ...]:
        """Open tasks that are assigned to them, the newest first, without those known."""
        reach = self._reach
        question = Question(reach.team_id, (), reach.sources.keys())
        most = SHOWN + len(known)
        hits = task_search.assigned(reach.tx, question, reach.owners, most)
        return tuple(reach.candidate(hit) for hit in hits if hit.id not in known)[:SHOWN]

    def _now(self, one: Tracked) -> Candidate | None:
        """Where the task is now; None where they cannot track it any more."""
        if one.on.task_id is None:
            return self._projects.get(one.on.project_id)
        place = self._reach.sources.get(one.source) if one.source else None
        if place is None:
            return None
        on = replace(one.on, project_id=place.project_id, project_name=place.project_name)
        return Candidate(on, place, is_done=one.is_done)


def _same(on: TaskLabel, here: TaskLabel | None) -> bool:
    # A task that moved to another project is the same task.
    if here is None or on.task_id or here.task_id:
        return here is not None and on.task_id == here.task_id
    return on.project_id == here.project_id
