"""Reports that would keep Slack waiting: asked for now, made in the background, a month at a time.

What is read is of one moment, in a transaction that stays open between the pieces; whoever makes
the report lets others have their turn in between.
"""

from collections.abc import Callable, Generator
from datetime import datetime
from itertools import islice

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import ReportRunId, TeamId
from bot.domain.people.people import Member
from bot.domain.reports.report_runs import Progress, ReportRun, RunState, RunWish, pieces
from bot.domain.reports.team_reports import Pile, TeamChoice
from bot.services.reports.files import ReportPiece
from bot.services.reports.reach import reach_of
from bot.services.reports.team import Maker
from storage import members, outbox
from storage.reports import report_runs, team_lines, team_sums
from storage.reports.team_sums import Which
from storage.unit_of_work import UnitOfWork

REPORT_RUN = "report.run"
"""Outbox kind of a report that is made in the background."""

MOST_AT_ONCE = 250_000
"""Entries that are added up while somebody waits: well under a second on two slow cores."""

_SHORT = 62
"""Days of a period that is made at once, whatever is in it."""

_AT_A_TIME = 2000
"""Rows of a file between which others get their turn."""


class LongReports:
    """Asking for one, making it, calling it off."""

    def __init__(
        self, uow: UnitOfWork, new_marker: Callable[[], str], most: int = MOST_AT_ONCE
    ) -> None:
        self._uow = uow
        self._new_marker = new_marker
        self._most = most

    def is_long(self, *, who: Member, choice: TeamChoice) -> bool:
        """Whether it has so many entries, by a few weeks of the period, that nobody should wait."""
        if choice.period.days <= _SHORT:
            return False
        with self._uow.read() as tx:
            _, seen = reach_of(tx, who, for_team=choice.for_team)
            which = Which(seen, choice.period, choice.filters)
            return not which.is_narrow and team_sums.about_how_many(tx, which) > self._most

    def ask(self, *, who: Member, wish: RunWish, now: datetime) -> None:
        """Owes it; once, where the same one is under way for the same person."""
        with self._uow.begin() as tx:
            if report_runs.same(tx, who.team_id, who.id, wish):
                return
            run_id = report_runs.add(tx, who.team_id, who.id, wish, now)
            outbox.add(
                tx,
                who.team_id,
                kind=REPORT_RUN,
                subject=f"report:{run_id}",
                payload={"report_run_id": run_id},
                marker=self._new_marker(),
                now=now,
            )

    def under_way(self, team_id: TeamId, run_id: ReportRunId) -> ReportRun | None:
        """One that is still waited for."""
        with self._uow.read() as tx:
            return report_runs.under_way(tx, team_id, run_id)

    def posted(self, team_id: TeamId, run_id: ReportRunId, *, channel_id: str, ts: str) -> None:
        """Where it is told, to be edited from now on."""
        with self._uow.begin() as tx:
            report_runs.remember_message(tx, team_id, run_id, channel_id=channel_id, ts=ts)

    def end(self, team_id: TeamId, run_id: ReportRunId, state: RunState, now: datetime) -> bool:
        """It is over; False where it was already."""
        with self._uow.begin() as tx:
            return report_runs.end(tx, team_id, run_id, state, now)

    def cancel(self, *, who: Member, run_id: ReportRunId, now: datetime) -> ReportRun | None:
        """Called off by who asked; None where it is over, or somebody else's."""
        with self._uow.begin() as tx:
            run = report_runs.under_way(tx, who.team_id, run_id, of=who.id)
            if run is not None:
                report_runs.end(tx, who.team_id, run_id, RunState.CANCELLED, now)
            return run

    def making(
        self, team_id: TeamId, run: ReportRun, now: datetime
    ) -> Generator[Progress | ReportPiece, None, None]:
        """How far it is, again and again, and then the report; for a file, its entries as well.

        Raises:
            Vanished: who asked has left, or may not see any more what it is about.
        """
        choice = run.wish.choice
        with self._uow.snapshot() as tx:
            who = members.by_slack_id(tx, team_id, run.to)
            if who is None or not who.is_active:
                raise Vanished("member")
            reach, seen = reach_of(tx, who, for_team=choice.for_team)
            maker = Maker(tx, who, reach, seen, work_date(now, zone_of(who.zone)))
            parts, piles = pieces(choice.period), dict[object, Pile]()
            whole = len(parts) * (2 if run.wish.form else 1) + 1
            for number, part in enumerate(parts):
                yield Progress(number, whole)
                for key, pile in maker.piece(choice, part).items():
                    piles.setdefault(key, Pile()).add(pile)
            yield Progress(len(parts), whole)
            if not run.wish.form:
                yield ReportPiece(run.to, maker.report(choice, run.wish.page, piles=piles))
                return
            report = maker.report(choice, 0, shown=None, piles=piles)
            yield ReportPiece(run.to, report)
            which = Which(
                seen,
                choice.period,
                choice.filters,
                with_money=report.sees_money,
                rounding=report.rounding,
            )
            found = team_lines.each(tx, which, at_a_time=_AT_A_TIME)
            while lines := tuple(islice(found, _AT_A_TIME)):
                yield ReportPiece(run.to, report, lines)
                days = (lines[-1].day - choice.period.first).days
                made = len(parts) * days // choice.period.days
                yield Progress(len(parts) + made, whole)
