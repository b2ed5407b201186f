"""A report as an XLSX workbook: its rows, the entries behind them, and what it is about.

Everything is written as what it is: text as text, which no spreadsheet runs, days as days, and
numbers as numbers. Rows go to a file as they come; none is kept in memory.
"""

import html
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import BinaryIO, Protocol

from bot.domain.entries.entries import TaskLabel
from bot.domain.money.money import DECIMALS, Money
from bot.domain.projects.project_money import Earnings
from bot.domain.reports.report_lines import HEAD, LAST, MONEY, ROUNDED, Added, ReportLine
from bot.domain.reports.team_reports import TeamReport
from bot.views.reports.own import HEADS, period_named
from bot.views.reports.team import WHOSE, about_words, row_name
from bot.views.settings.rounding import rounding_told

_MOST_ROWS = 1_000_000
"""On a sheet; spreadsheets end a little after."""
_A_DAY = 86_400
_NARROW, _MIDDLE, _WIDE = 11, 20, 40
_WIDTHS = {
    **dict.fromkeys(("start", "end", "zone", "person", "client", "project", *LAST), _MIDDLE),
    **dict.fromkeys(("title", "note"), _WIDE),
}
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


class _Format(Protocol):
    """How a cell looks."""


class _Sheet(Protocol):
    """What is used of a sheet."""

    def set_column(self, first: int, last: int, width: int, /) -> object: ...

    def freeze_panes(self, row: int, column: int, /) -> object: ...

    def write_string(self, row: int, column: int, text: str, look: _Format, /) -> object: ...

    def write_number(self, row: int, column: int, number: float, look: _Format, /) -> object: ...

    def write_datetime(
        self, row: int, column: int, day: date | datetime, look: _Format, /
    ) -> object: ...


class _Book(Protocol):
    """What is used of a workbook."""

    def add_worksheet(self, name: str, /) -> _Sheet: ...

    def add_format(self, properties: Mapping[str, object], /) -> _Format: ...

    def close(self) -> None: ...


class Workbook:
    """The file while it is made."""

    def __init__(self, report: TeamReport) -> None:
        self.added = Added()
        self._report = report
        self._out = tempfile.TemporaryFile()  # noqa: SIM115 - it lives on until it is sent
        # What is used of it is spelled out above; its import takes time that only files need.
        import xlsxwriter  # type: ignore[import-untyped] # noqa: PLC0415

        self._book: _Book = xlsxwriter.Workbook(self._out, _OPTIONS)
        self._formats: dict[tuple[str, bool], _Format] = {}
        self._head = (
            *(name for name in HEAD if name != "h:mm"),
            *(ROUNDED if report.rounding is not None else ()),
            *(MONEY if report.sees_money else ()),
            *LAST,
        )
        self._sheets = 0
        self._write_report()
        self._begin_entries()

    def add(self, lines: tuple[ReportLine, ...]) -> None:
        """Further entries."""
        for line in lines:
            if self._at > _MOST_ROWS:
                self._begin_entries()
            self._write_line(line, self.added.amount(line))

    def finish(self) -> BinaryIO:
        """The whole file, at its beginning; it is gone when it is closed."""
        at, seconds = self._at, self._head.index("seconds")
        self._text(self._sheet, at, 0, "Total", bold=True)
        self._put(self._sheet, at, seconds, self.added.seconds, "0", bold=True)
        self._put(self._sheet, at, seconds + 1, self.added.seconds / _A_DAY, _HOURS, bold=True)
        if ROUNDED[0] in self._head:
            rounded = self._head.index(ROUNDED[0])
            self._put(self._sheet, at, rounded, self.added.told, "0", bold=True)
            self._put(self._sheet, at, rounded + 1, self.added.told / _A_DAY, _HOURS, bold=True)
        if self._report.sees_money:
            amount = self._head.index("amount")
            for below, one in enumerate(self.added.purse):
                self._money(self._sheet, at + below, amount, one, bold=True)
                self._text(self._sheet, at + below, amount + 1, one.currency, bold=True)
        self._write_about()
        self._book.close()
        self._out.seek(0)
        return self._out

    def _write_report(self) -> None:
        report, group = self._report, self._report.choice.group
        sheet = self._book.add_worksheet("Report")
        currencies = [one.currency for one in report.total.earned]
        by_task = [HEADS[group], "Project"] if group.value == "task" else [HEADS[group]]
        titles = ["Seconds", "Time", "Billable seconds", "Billable time", *currencies]
        self._heads(sheet, [*by_task, *titles])
        sheet.set_column(0, len(by_task) - 1, 40)
        sheet.set_column(len(by_task), len(by_task) + len(titles), 16)
        for at, row in enumerate(report.rows, start=1):
            self._text(sheet, at, 0, row_name(group, row, report))
            if len(by_task) > 1 and isinstance(row.name, TaskLabel):
                self._text(sheet, at, 1, row.name.project_name)
            self._sums(sheet, at, len(by_task), row.sums, currencies)
        last = len(report.rows) + 1
        self._text(sheet, last, 0, "Total", bold=True)
        self._sums(sheet, last, len(by_task), report.total, currencies, bold=True)

    def _sums(
        self,
        sheet: _Sheet,
        at: int,
        left: int,
        sums: Earnings,
        currencies: list[str],
        *,
        bold: bool = False,
    ) -> None:
        for column, seconds in ((left, sums.seconds), (left + 2, sums.billable)):
            self._put(sheet, at, column, seconds, "0", bold=bold)
            self._put(sheet, at, column + 1, seconds / _A_DAY, _HOURS, bold=bold)
        for one in sums.earned:
            column = left + 4 + currencies.index(one.currency)
            self._money(sheet, at, column, one, bold=bold)

    def _begin_entries(self) -> None:
        self._sheets += 1
        name = "Entries" if self._sheets == 1 else f"Entries {self._sheets}"
        self._sheet = self._book.add_worksheet(name)
        self._heads(self._sheet, self._head)
        for at, title in enumerate(self._head):
            self._sheet.set_column(at, at, _WIDTHS.get(title, _NARROW))
        self._at = 1

    def _write_line(self, line: ReportLine, amount: Money | None) -> None:
        sheet, at = self._sheet, self._at
        self._day(sheet, at, 0, line.day, "yyyy-mm-dd")
        for column, moment in ((1, line.start), (2, line.end)):
            if moment is not None:
                self._day(sheet, at, column, moment.replace(tzinfo=None), "yyyy-mm-dd hh:mm:ss")
        texts = (line.zone, line.person, line.client, line.on.project_name, line.on.key)
        for column, text in enumerate((*texts, line.on.title, line.note), start=3):
            self._text(sheet, at, column, text)
        column = self._head.index("seconds")
        self._put(sheet, at, column, line.seconds, "0")
        self._put(sheet, at, column + 1, line.seconds / _A_DAY, _HOURS)
        self._text(sheet, at, column + 2, "yes" if line.is_billable else "no")
        column += 3
        if ROUNDED[0] in self._head:
            self._put(sheet, at, column, line.told, "0")
            self._put(sheet, at, column + 1, line.told / _A_DAY, _HOURS)
            column += 2
        if line.rate is not None and amount is not None:
            self._money(sheet, at, column, line.rate)
            self._money(sheet, at, column + 1, amount)
            self._text(sheet, at, column + 2, amount.currency)
        self._text(sheet, at, len(self._head) - 2, line.written)
        self._text(sheet, at, len(self._head) - 1, line.remark)
        self._at += 1

    def _write_about(self) -> None:
        report = self._report
        sheet = self._book.add_worksheet("About")
        sheet.set_column(0, 1, 30)
        period = report.choice.period
        days = f"{period.first.isoformat()} to {period.last.isoformat()}"
        about = html.unescape(about_words(report)) or "everything"
        for at, (name, text) in enumerate(
            (
                ("Whose", WHOSE[report.reach]),
                ("Period", f"{period_named(period, report.today)} ({days})"),
                ("About", about),
                ("Compared with", f"{report.before_seconds} seconds in the period before"),
                ("Rounding", _rounding(report)),
                ("Running timers", f"{report.running}, not counted"),
            )
        ):
            self._text(sheet, at, 0, name, bold=True)
            self._text(sheet, at, 1, text)

    def _heads(self, sheet: _Sheet, titles: Iterable[str]) -> None:
        for at, title in enumerate(titles):
            self._text(sheet, 0, at, title, bold=True)
        sheet.freeze_panes(1, 0)

    def _text(self, sheet: _Sheet, at: int, column: int, text: str, *, bold: bool = False) -> None:
        if text:
            sheet.write_string(at, column, text, self._format("@", bold=bold))

    def _put(
        self,
        sheet: _Sheet,
        at: int,
        column: int,
        number: float,
        pattern: str,
        *,
        bold: bool = False,
    ) -> None:
        sheet.write_number(at, column, number, self._format(pattern, bold=bold))

    def _money(
        self, sheet: _Sheet, at: int, column: int, money: Money, *, bold: bool = False
    ) -> None:
        digits = DECIMALS.get(money.currency, 2)
        pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
        self._put(sheet, at, column, float(money.plain), pattern, bold=bold)

    def _day(self, sheet: _Sheet, at: int, column: int, day: date | datetime, pattern: str) -> None:
        sheet.write_datetime(at, column, day, self._format(pattern, bold=False))

    def _format(self, pattern: str, *, bold: bool) -> _Format:
        found = self._formats.get((pattern, bold))
        if found is None:
            found = self._book.add_format({"num_format": pattern, "bold": bold})
            self._formats[pattern, bold] = found
        return found


def _rounding(report: TeamReport) -> str:
    return "none" if report.rounding is None else rounding_told(report.rounding)


_HOURS = "[h]:mm:ss"
"""Lengths of any number of hours; spreadsheets keep them as parts of a day."""
