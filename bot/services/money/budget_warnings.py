"""Warning of budgets that fill up: once for each threshold and period, whatever changes (M2)."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.ids import MemberId, ProjectId, TeamId, WarningId
from bot.domain.money.budgets import BudgetWarning, Burn, period_of
from bot.services import rights
from storage import members, outbox, teams
from storage.linking import link_targets
from storage.money import budgets
from storage.projects import project_people
from storage.unit_of_work import Tx, UnitOfWork

TOLD = "budget.told"
POSTED = "budget.posted"
"""Outbox kinds: to a person, who is named, and to a channel."""

_AT_ONCE = 200


class BudgetWarnings:
    """Looks at budgets whose time has changed, and says what to tell."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def due(self) -> list[TeamId]:
        """Teams with budgets to look at."""
        with self._uow.read() as tx:
            return budgets.teams_to_look(tx)

    def look(self, team_id: TeamId, now: datetime) -> None:
        """Looks at what changed since, and owes warnings."""
        with self._uow.begin() as tx:
            looks = budgets.take_looks(tx, team_id, _AT_ONCE)
            held = budgets.of_projects(tx, team_id, {project_id for project_id, _ in looks})
            week_start = teams.settings(tx, team_id).week_start
            periods = {
                (project_id, period_of(held[project_id].every, day, week_start))
                for project_id, day in looks
                if project_id in held
            }
            for project_id, when in sorted(periods, key=lambda one: (one[0], one[1].first)):
                budget = held[project_id]
                spent = budgets.spent(tx, team_id, project_id, budget, when)
                burn = Burn(budget, when.first, spent)
                warn(tx, team_id, project_id, burn, now=now, new_marker=self._new_marker)

    def warning(
        self, team_id: TeamId, warning_id: WarningId, member_id: MemberId | None
    ) -> BudgetWarning | None:
        """What to tell; None where the budget is gone, or they do not manage it any more.

        Args:
            team_id: The fence.
            warning_id: Which one.
            member_id: Who is told; None for a channel, which sees no money.
        """
        with self._uow.read() as tx:
            found = budgets.warning(tx, team_id, warning_id)
            if found is None:
                return None
            project_id, first, spent = found
            budget = budgets.of_projects(tx, team_id, [project_id]).get(project_id)
            project = link_targets.by_ids(tx, team_id, [project_id]).get(project_id)
            if budget is None or project is None:
                return None
            burn = Burn(budget, first, spent)
            told = BudgetWarning(project_id, project.name, burn)
            if member_id is None:
                return told
            person = members.by_id(tx, team_id, member_id)
            if person is None or not rights.manages(tx, person, project_id):
                return None
            sees = rights.sees_money(tx, person, project_id)
            return BudgetWarning(project_id, project.name, burn, person.slack_user_id, sees)


def warn(
    tx: Tx,
    team_id: TeamId,
    project_id: ProjectId,
    burn: Burn,
    *,
    now: datetime,
    new_marker: Callable[[], str],
) -> None:
    """Owes one message of the highest threshold that is newly reached, to everybody concerned.

    One below what they were warned of before, in a list that was changed since, is no news.
    """
    known = budgets.warned(tx, team_id, project_id, burn.first)
    newly = burn.budget.newly_reached(burn.spent, known)
    highest = None
    for threshold in newly:
        highest = budgets.remember(tx, team_id, project_id, threshold, burn, now=now)
    if highest is None or newly[-1] < max(known, default=0):
        return
    for member_id in _concerned(tx, team_id, project_id):
        outbox.add(
            tx,
            team_id,
            kind=TOLD,
            subject=f"budget:{project_id}:{member_id}",
            payload={"warning_id": highest, "member_id": member_id},
            marker=new_marker(),
            now=now,
        )
    for channel_id in budgets.channels(tx, team_id, project_id):
        outbox.add(
            tx,
            team_id,
            kind=POSTED,
            subject=f"budget:{project_id}:{channel_id}",
            payload={"warning_id": highest, "channel_id": channel_id},
            marker=new_marker(),
            now=now,
        )


def _concerned(tx: Tx, team_id: TeamId, project_id: ProjectId) -> list[MemberId]:
    """The project's managers; where it has none, who set the budget; once they left, all admins."""
    named = project_people.managers(tx, team_id, project_id)
    if named:
        return list(named)
    admins = [one.id for one in members.admins(tx, team_id)]
    setter = budgets.setter(tx, team_id, project_id)
    return [setter] if setter in admins else admins
