"""The Overview: how everything connected is, and what needs a person (L10)."""

from bot.domain.linking.overview import (
    IntegrationOverview,
    Overview,
    OwnCounts,
    PeopleCounts,
    ProjectCounts,
)
from bot.domain.people.people import Member
from bot.domain.projects.project_lists import Shown
from bot.services import rights
from bot.services.operating.granted import Granted
from storage.linking import announcements, integrations
from storage.linking import overview as counts
from storage.people import account_links
from storage.projects import project_lists
from storage.tracking import team_timers
from storage.unit_of_work import UnitOfWork
from storage.writing import worklogs_shown

MOST_SHOWN = 5
"""Approvals, and announcements, that are shown one by one."""


class Overviews:
    """What the App Home and ``/link`` tell."""

    def __init__(self, uow: UnitOfWork, granted: Granted | None = None) -> None:
        self._uow = uow
        self._granted = granted or Granted({})

    def everything(self, *, who: Member) -> Overview:
        """The team's integrations with their counts, and what waits for an admin.

        Raises:
            AdminOnly: who asks may not see it.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            team_id = who.team_id
            projects, people = counts.projects(tx, team_id), counts.people(tx, team_id)
            runs = counts.last_runs(tx, team_id)
            waiting = counts.waiting_for_approval(tx, team_id)
            undelivered = announcements.undelivered(tx, team_id)
            shown = [
                announcements.present(tx, team_id, one, most=0) for one in undelivered[:MOST_SHOWN]
            ]
            own = project_lists.own_counts(tx, team_id, mine=None)
            return Overview(
                integrations=tuple(
                    IntegrationOverview(
                        one,
                        projects.get(one.id, ProjectCounts()),
                        people.get(one.id, PeopleCounts()),
                        runs.get(one.id),
                    )
                    for one in integrations.live(tx, team_id)
                ),
                approvals=tuple(account_links.by_ids(tx, team_id, waiting[:MOST_SHOWN])),
                approvals_total=len(waiting),
                undelivered=tuple(one for one in shown if one is not None),
                undelivered_total=len(undelivered),
                unwritten=tuple(worklogs_shown.unwritten(tx, team_id)),
                lacking=self._granted.lacking(tx, team_id),
                running=team_timers.number(tx, team_id),
                own=OwnCounts(own[Shown.CONNECTED], own[Shown.INTERNAL], own[Shown.ARCHIVED]),
            )
