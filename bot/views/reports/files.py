"""Reports as files: what is in them, and what is said about them."""

import codecs
import tempfile
from typing import BinaryIO, Protocol

from bot.domain.csv_text import csv_pieces
from bot.domain.periods import Period
from bot.domain.reports.report_lines import HEAD, LAST, MONEY, ROUNDED, Added, ReportLine, cells
from bot.domain.reports.team_reports import TeamReport
from bot.views.message import Message
from bot.views.reports.own import period_named
from bot.views.reports.team import WHOSE, XLSX, about_words, amounts
from bot.views.reports.workbook import Workbook
from bot.views.settings.rounding import rounding_told
from bot.views.times import length
from bot.views.words import counted


class ReportWriter(Protocol):
    """Makes a file of a report, a piece at a time."""

    added: Added

    def add(self, lines: tuple[ReportLine, ...]) -> None:
        """Further entries."""

    def finish(self) -> BinaryIO:
        """The whole file, at its beginning; it is gone when it is closed."""


class CsvWriter:
    """The entries, each as a row. They are in a file as they come; none is kept in memory."""

    def __init__(self, report: TeamReport) -> None:
        self.added = Added()
        self._with_money = report.sees_money
        self._with_rounded = report.rounding is not None
        rounded = ROUNDED if self._with_rounded else ()
        head = (*HEAD, *rounded, *(MONEY if report.sees_money else ()), *LAST)
        self._out = tempfile.TemporaryFile()  # noqa: SIM115 - it lives on until it is sent
        self._out.write(codecs.BOM_UTF8 + b"".join(csv_pieces([head])))

    def add(self, lines: tuple[ReportLine, ...]) -> None:
        """Further entries."""
        rows = [
            cells(
                line,
                self.added.amount(line),
                with_money=self._with_money,
                with_rounded=self._with_rounded,
            )
            for line in lines
        ]
        self._out.writelines(csv_pieces(rows))

    def finish(self) -> BinaryIO:
        """The whole file, at its beginning; it is gone when it is closed."""
        self._out.seek(0)
        return self._out


def writer(form: str, report: TeamReport) -> ReportWriter:
    """Of a kind of file."""
    return Workbook(report) if form == XLSX else CsvWriter(report)


def report_file_name(period: Period, form: str) -> str:
    """``hourlink-report-2026-11-01-to-2026-11-30.xlsx``."""
    first, last = period.first.isoformat(), period.last.isoformat()
    days = first if first == last else f"{first}-to-{last}"
    return f"hourlink-report-{days}.{form}"


def report_came(report: TeamReport, added: Added) -> Message:
    """What comes with the file."""
    about = about_words(report)
    earned = tuple(added.purse)
    money = f" Earned by the hour: {amounts(earned)}." if earned else ""
    rounded = ""
    if report.rounding is not None:
        rounded = f" {rounding_told(report.rounding)} As tracked: {length(added.seconds)}."
    return Message(
        f"{WHOSE[report.reach]}, {period_named(report.choice.period, report.today)}"
        f"{f', {about}' if about else ''}: {length(added.told)} in "
        f"{counted(added.rows, 'row')}.{money}{rounded}"
    )
