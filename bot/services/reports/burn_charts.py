"""A picture of a project: how its budget fills up, or how its time went (M3)."""

from datetime import date, datetime

from bot.domain.days import FIRST_YEAR, LAST_YEAR, work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, ProjectId, TeamId
from bot.domain.money.budgets import Every, Kind, period_of
from bot.domain.money.money import AN_HOUR
from bot.domain.people.people import Member
from bot.domain.periods import LastFew, Period, Unit, resolve_period
from bot.domain.projects.project_summary import ProjectSummary, Standing
from bot.domain.reports.burn_charts import BurnChart, climbed
from bot.domain.reports.reports import Group, Narrowed
from bot.domain.reports.team_reports import Filters, TeamChoice
from bot.services.money.budgets import burn_of
from bot.services.owing_files import owe_file
from bot.services.projects.summary import summary_of
from bot.services.reports.files import ReportFiles
from storage import members, teams
from storage.reports import team_sums
from storage.reports.report_sums import Seen
from storage.reports.team_sums import Which
from storage.unit_of_work import Tx, UnitOfWork

BURN_CHART = "project.chart"
"""Outbox kind of a picture that somebody asked for."""

PICTURE = "png"
_WEEKS = LastFew(12, Unit.WEEK)
_ALWAYS = Period(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


class BurnCharts:
    """Asking for one, and what it shows."""

    def __init__(self, uow: UnitOfWork, files: ReportFiles) -> None:
        self._uow = uow
        self._files = files

    def ask(self, *, who: Member, project_id: ProjectId, now: datetime) -> bool:
        """Owes the budget's picture; where there is none to see, that of the last weeks.

        Returns:
            Whether there is anything to draw.

        Raises:
            Vanished: there is no such project, or it is not for who asks.
        """
        with self._uow.read() as tx:
            found = summary_of(tx, who, project_id, now)
            week_start = teams.settings(tx, who.team_id).week_start
        if not found.hours.total:
            return False
        if found.money.burn is not None:
            owe_file(self._uow, BURN_CHART, who, {"project_id": project_id}, now)
            return True
        weeks = resolve_period(_WEEKS, work_date(now, zone_of(who.zone)), week_start)
        if weeks is None:
            return False
        filters = Filters(Narrowed(projects=(project_id,)))
        for_team = found.standing is not Standing.MEMBER
        choice = TeamChoice(weeks, Group.WEEK, filters, for_team)
        self._files.ask(who=who, choice=choice, form=PICTURE, now=now)
        return True

    def chart(
        self, team_id: TeamId, member_id: MemberId, project_id: ProjectId, now: datetime
    ) -> BurnChart:
        """What is drawn, as it is now.

        Raises:
            Vanished: the budget is gone, or who asked may not see it any more.
        """
        with self._uow.snapshot() as tx:
            who = members.by_id(tx, team_id, member_id)
            if who is None or not who.is_active:
                raise Vanished("member")
            found = summary_of(tx, who, project_id, now)
            return _drawn(tx, who, found, work_date(now, zone_of(who.zone)))


def _drawn(tx: Tx, who: Member, found: ProjectSummary, today: date) -> BurnChart:
    team_id, shown = who.team_id, found.money.burn
    burn = burn_of(tx, team_id, found.id, today)
    if burn is None or shown is None:
        raise Vanished("budget")
    budget = burn.budget
    when = period_of(budget.every, today, teams.settings(tx, team_id).week_start)
    has_end = budget.every is not Every.ONCE
    period = Period(when.first, when.after_last) if has_end else _ALWAYS
    which = Which(Seen(team_id, projects=frozenset({found.id})), period, Filters())
    days = team_sums.by_day(tx, which)
    spent = {
        day: pile.seconds
        if budget.kind is Kind.HOURS
        else pile.purse.held.get(budget.currency or "", 0)
        for day, pile in days.items()
    }
    first, sums = climbed(spent, period.first if has_end else None, today)
    if budget.kind is Kind.MONEY and not found.money.sees_money:
        sums = tuple(budget.percent(one) * AN_HOUR for one in sums)
    return BurnChart(
        who.slack_user_id,
        found.name,
        shown,
        found.money.sees_money,
        first,
        sums,
        period.last if has_end else today,
    )
