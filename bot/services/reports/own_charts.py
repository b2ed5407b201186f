"""A member's own report as a picture, in their direct messages (M4)."""

from dataclasses import replace
from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, SlackUserId, TeamId
from bot.domain.people.people import Member
from bot.domain.reports.charts import charted
from bot.domain.reports.reports import Report, ReportChoice
from bot.services.owing_files import owe_file
from bot.services.reports.own import Reports
from storage import members
from storage.unit_of_work import UnitOfWork

OWN_CHART = "report.chart"
"""Outbox kind of a picture that somebody asked for."""


class OwnCharts:
    """Asking for one, and what it shows."""

    def __init__(self, uow: UnitOfWork, reports: Reports) -> None:
        self._uow = uow
        self._reports = reports

    def ask(self, *, who: Member, choice: ReportChoice, now: datetime) -> None:
        """Owes it; once, where the same one is on its way or has only just been sent."""
        wish = {
            "period": choice.period.code,
            "group": choice.group.value,
            "about": choice.about.code,
        }
        owe_file(self._uow, OWN_CHART, who, wish, now)

    def report(
        self, team_id: TeamId, member_id: MemberId, choice: ReportChoice, now: datetime
    ) -> tuple[SlackUserId, Report]:
        """What is drawn, as it is now.

        Raises:
            Vanished: who asked has left, or what it is about is not there any more.
        """
        with self._uow.read() as tx:
            who = members.by_id(tx, team_id, member_id)
        if who is None or not who.is_active:
            raise Vanished("member")
        choice = replace(choice, group=charted(choice.group, choice.period))
        return who.slack_user_id, self._reports.chosen(who=who, now=now, choice=choice)
