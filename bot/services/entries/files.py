"""A member's own entries as a file, in their direct messages (M4)."""

from collections.abc import Generator
from datetime import datetime

from bot.domain.csv_text import csv_pieces
from bot.domain.entries.entry_files import EntryFile
from bot.domain.entries.entry_table import entry_line, in_order, timer_lines
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, TeamId
from bot.domain.people.people import Member
from bot.domain.periods import Period
from bot.domain.reports.reports import Narrowed
from bot.services.owing_files import owe_file
from bot.services.tracking.desk import to_read
from storage import members
from storage.entries import time_entries
from storage.reports import report_sums
from storage.reports.report_sums import Whose
from storage.unit_of_work import UnitOfWork
from storage.writing import worklogs_shown

ENTRY_FILE = "entries.file"
"""Outbox kind of a file that somebody asked for."""

_AT_A_TIME = 2000
"""Rows between which others get their turn."""


class EntryFiles:
    """Asking for a file, and making it."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def ask(self, *, who: Member, period: Period, about: Narrowed, now: datetime) -> None:
        """Owes the file; once, where the same one is on its way or has only just been sent."""
        wish = {"period": period.code, "about": about.code}
        owe_file(self._uow, ENTRY_FILE, who, wish, now)

    def making(
        self, team_id: TeamId, member_id: MemberId, period: Period, about: Narrowed, now: datetime
    ) -> Generator[EntryFile, None, None]:
        """The same file again and again, each time further on; the last time it is whole.

        It is read in one transaction that stays open between the steps, so the rows are those of
        one moment, and whoever makes it can let others have their turn. A file of hundreds of
        thousands of entries never has more of them in memory than those of one step.

        Raises:
            Vanished: who asked has left.
        """
        with self._uow.snapshot() as tx:
            who = members.by_id(tx, team_id, member_id)
            if who is None or not who.is_active:
                raise Vanished("member")
            desk = to_read(tx, who, now)
            running = desk.running()
            timer = (
                list(timer_lines(running, period, desk.now, desk.zone))
                if running is not None and about.holds(running.on)
                else []
            )
            whose = report_sums.counted(Whose(team_id, member_id, period, about))
            found = time_entries.each(tx, team_id, *whose, at_a_time=_AT_A_TIME)
            written = worklogs_shown.each(tx, *whose, at_a_time=_AT_A_TIME)
            finished = (
                entry_line(one, desk.zone, where) for one, where in zip(found, written, strict=True)
            )
            lines = in_order(finished, timer)
            names = report_sums.names(tx, team_id, about) if about else []
            file = EntryFile(
                who.slack_user_id, period, tuple(names), desk.today, has_timer=bool(timer)
            )
            for piece in csv_pieces(file.counted(lines), at_a_time=_AT_A_TIME):
                file.content += piece
                yield file
