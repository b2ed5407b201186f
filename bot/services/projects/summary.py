"""One project's summary, as far as who asks may see it (A1, L11, M3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.days import week_bounds, work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId, ProjectId, TeamId
from bot.domain.linking.overview import LastRun
from bot.domain.people.people import Member
from bot.domain.projects.project_summary import (
    ENTRIES_SHOWN,
    MOST_LINKS,
    MOST_NAMED,
    MOST_RANKED,
    MOST_RECENT,
    ProjectEntries,
    ProjectSummary,
    RecentEntry,
    Standing,
    SyncLine,
)
from bot.services import rights
from bot.services.projects.money import money_of
from storage import members, teams
from storage.projects import project_people, project_summary
from storage.projects.project_summary import Since
from storage.sync import sync_runs
from storage.unit_of_work import Tx, UnitOfWork
from storage.writing import worklogs_shown

_LAST_PAGE = 10**6
"""No list is longer; what a forged button asks for stays a number that databases take."""


class ProjectSummaries:
    """Admins see every project, everybody else those they belong to."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def summary(self, *, who: Member, project_id: ProjectId, now: datetime) -> ProjectSummary:
        """The project as it is now.

        Raises:
            Vanished: there is no such project, or it is not for who asks.
        """
        with self._uow.read() as tx:
            return summary_of(tx, who, project_id, now)

    def entries(self, *, who: Member, project_id: ProjectId, page: int) -> ProjectEntries:
        """A page of its entries: everybody's for who manages it, else their own.

        Raises:
            Vanished: there is no such project, or it is not for who asks.
        """
        with self._uow.read() as tx:
            team_id = who.team_id
            head = project_summary.head(tx, team_id, project_id)
            standing = None if head is None else _standing(tx, who, project_id)
            if head is None or standing is None:
                raise Vanished("project")
            found = project_summary.recent(
                tx,
                team_id,
                project_id,
                of=who.id if standing is Standing.MEMBER else None,
                limit=ENTRIES_SHOWN + 1,
                after=min(page, _LAST_PAGE) * ENTRIES_SHOWN,
            )
            is_archived = head.archived_at is not None or head.is_archived_there
            return ProjectEntries(
                project_id,
                head.name,
                standing,
                _marked(tx, team_id, found[:ENTRIES_SHOWN]),
                min(page, _LAST_PAGE),
                has_more=len(found) > ENTRIES_SHOWN,
                may_edit=not is_archived or standing is Standing.ADMIN,
            )


def summary_of(tx: Tx, who: Member, project_id: ProjectId, now: datetime) -> ProjectSummary:
    """The same inside another use case's transaction.

    Raises: as ``ProjectSummaries.summary``.
    """
    team_id = who.team_id
    head = project_summary.head(tx, team_id, project_id)
    standing = None if head is None else _standing(tx, who, project_id)
    if head is None or standing is None:
        raise Vanished("project")
    own = who.id if standing is Standing.MEMBER else None
    today = work_date(now, zone_of(who.zone))
    settings = teams.settings(tx, team_id)
    first, _ = week_bounds(today, settings.week_start)
    sees = settings.money_seen_by.lets(
        is_admin=standing is Standing.ADMIN, manages=standing is Standing.MANAGER
    )
    since = Since(first, today.replace(day=1), own)
    links, links_total = project_summary.links(tx, team_id, project_id, limit=MOST_LINKS)
    names, people_total = project_summary.people(tx, team_id, project_id, limit=MOST_NAMED)
    managing = members.by_ids(tx, team_id, project_people.managers(tx, team_id, project_id))
    tasks, tasks_total = project_summary.by_task(tx, team_id, project_id, since, limit=MOST_RANKED)
    found = ProjectSummary(
        id=project_id,
        name=head.name,
        code=head.code,
        colour=head.colour,
        standing=standing,
        follows_name=head.follows_name,
        archived_at=head.archived_at,
        is_archived_there=head.is_archived_there,
        links=tuple(links),
        links_total=links_total,
        syncs=tuple(
            replace(one, last_run=_last_run(tx, team_id, one.integration_id))
            for one in _syncs(tx, team_id, project_id)
        ),
        managers=tuple(sorted((one.name for one in managing.values()), key=str.casefold)),
        people=tuple(names),
        people_total=people_total,
        running=project_summary.running(tx, team_id, project_id, of=own),
        hours=project_summary.hours(tx, team_id, project_id, since),
        by_task=tuple(tasks),
        by_task_total=tasks_total,
        recent=_marked(
            tx,
            team_id,
            project_summary.recent(tx, team_id, project_id, of=own, limit=MOST_RECENT),
        ),
        money=money_of(tx, team_id, project_id, today, own=own is not None, sees=sees),
    )
    if own is not None:
        return found
    people, number = project_summary.by_person(tx, team_id, project_id, since, limit=MOST_RANKED)
    return replace(found, by_person=tuple(people), by_person_total=number)


def _marked(tx: Tx, team_id: TeamId, entries: Sequence[RecentEntry]) -> tuple[RecentEntry, ...]:
    """The same with where each stands in its tool."""
    written = worklogs_shown.of_entries(tx, team_id, [one.id for one in entries])
    return tuple(replace(one, worklog=written.get(one.id)) for one in entries)


def _standing(tx: Tx, who: Member, project_id: ProjectId) -> Standing | None:
    now = members.by_id(tx, who.team_id, who.id)
    if now is None or not now.is_active:
        return None
    if now.is_admin:
        return Standing.ADMIN
    if rights.manages(tx, who, project_id):
        return Standing.MANAGER
    if project_people.belongs(tx, who.team_id, project_id, who.id):
        return Standing.MEMBER
    return None


def _syncs(tx: Tx, team_id: TeamId, project_id: ProjectId) -> list[SyncLine]:
    return project_summary.syncs(tx, team_id, project_id)[:MOST_LINKS]


def _last_run(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> LastRun | None:
    for run in sync_runs.latest(tx, team_id, integration_id, limit=1):
        return LastRun(run.state, run.error)
    return None
