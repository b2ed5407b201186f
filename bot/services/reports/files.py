"""A report with the entries behind it as a file, in the direct messages of who asked (M4)."""

from collections.abc import Generator
from datetime import datetime
from itertools import islice

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, SlackUserId, TeamId
from bot.domain.people.people import Member
from bot.domain.reports.report_lines import ReportLine
from bot.domain.reports.team_reports import TeamChoice, TeamReport
from bot.domain.values import dataclass
from bot.services.owing_files import owe_file
from bot.services.reports.reach import reach_of
from bot.services.reports.team import Maker
from storage import members
from storage.reports import team_lines
from storage.reports.team_sums import Which
from storage.unit_of_work import UnitOfWork

REPORT_FILE = "report.file"
"""Outbox kind of a file that somebody asked for."""

_AT_A_TIME = 2000
"""Rows between which others get their turn."""


@dataclass(frozen=True, slots=True)
class ReportPiece:
    """A part of a file; the first one has no lines."""

    to: SlackUserId
    report: TeamReport
    """With all of its rows."""
    lines: tuple[ReportLine, ...] = ()


class ReportFiles:
    """Asking for a file, and what is in it."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def ask(self, *, who: Member, choice: TeamChoice, form: str, now: datetime) -> None:
        """Owes the file; once, where the same one is on its way or has only just been sent."""
        wish = {
            "period": choice.period.code,
            "group": choice.group.value,
            "filters": choice.filters.code,
            "team": int(choice.for_team),
            "form": form,
        }
        owe_file(self._uow, REPORT_FILE, who, wish, now)

    def report(
        self, team_id: TeamId, member_id: MemberId, choice: TeamChoice, now: datetime
    ) -> ReportPiece:
        """The report alone, with all of its rows, as far as they may see it now.

        Raises: as ``making``.
        """
        steps = self.making(team_id, member_id, choice, now)
        try:
            return next(steps)
        finally:
            steps.close()

    def making(
        self, team_id: TeamId, member_id: MemberId, choice: TeamChoice, now: datetime
    ) -> Generator[ReportPiece, None, None]:
        """What is in it, a piece at a time, as far as they may see it now.

        It is read in one transaction that stays open between the pieces, so all of it is of one
        moment, and whoever makes the file can let others have their turn.

        Raises:
            Vanished: who asked has left, or may not see any more what it is about.
        """
        with self._uow.snapshot() as tx:
            who = members.by_id(tx, team_id, member_id)
            if who is None or not who.is_active:
                raise Vanished("member")
            reach, seen = reach_of(tx, who, for_team=choice.for_team)
            today = work_date(now, zone_of(who.zone))
            report = Maker(tx, who, reach, seen, today).report(choice, 0, shown=None)
            yield ReportPiece(who.slack_user_id, report)
            found = team_lines.each(
                tx,
                Which(
                    seen,
                    choice.period,
                    choice.filters,
                    with_money=report.sees_money,
                    rounding=report.rounding,
                ),
                at_a_time=_AT_A_TIME,
            )
            while lines := tuple(islice(found, _AT_A_TIME)):
                yield ReportPiece(who.slack_user_id, report, lines)
