"""Files of reports: what is in them, and who may have them (M4)."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.errors import Vanished
from bot.domain.people.people import Member
from bot.domain.periods import Period, Unit
from bot.domain.preferences import MoneySeenBy, TeamSettings
from bot.domain.reports.reports import Group, Narrowed
from bot.domain.reports.team_reports import Filters, TeamChoice, TeamReport
from bot.services.reports.files import ReportFiles
from bot.views.reports import files as views
from bot.views.reports.files import ReportWriter
from bot.views.reports.team import CSV, XLSX
from storage.members import MemberRow
from storage.projects.projects import ProjectRow
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.services.agency import Agency
from tests.services.workbooks import sheets

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1), Unit.MONTH)
CHOICE = TeamChoice(NOVEMBER, Group.PROJECT)
HOUR = 3600


def made(
    agency: Agency, who: Member, form: str, choice: TeamChoice = CHOICE
) -> tuple[bytes, TeamReport, ReportWriter]:
    """A file, as it is delivered."""
    files = ReportFiles(agency.world.uow)
    steps = files.making(agency.world.team_id, who.id, choice, NOON)
    first = next(steps)
    writer = views.writer(form, first.report)
    for piece in steps:
        writer.add(piece.lines)
    return writer.finish().read(), first.report, writer


def csv_rows(content: bytes) -> list[dict[str, str]]:
    """What a spreadsheet shows."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_row_says_everything_about_an_entry(agency: Agency) -> None:
    """Whose it is, for whom, what it is on, how long it took and what it came to."""
    start = NOON - timedelta(hours=2)
    end = start + timedelta(minutes=90)
    agency.world.entry(agency.bo, agency.website, agency.web12, start, end)
    agency.world.length(agency.bo, agency.shop, None, NOON, 90)
    content, _, writer = made(agency, agency.admin, CSV)
    one, other = csv_rows(content)
    assert [one[name] for name in ("person", "client", "project", "task", "billable")] == [
        *("Bo", "Acme Corp", "Website", "WEB-12", "yes")
    ]
    assert (one["start"], one["zone"], one["seconds"]) == (
        *("2026-11-20 11:00:00", "Europe/Berlin", "5400"),
    )
    assert (one["rate"], one["amount"], one["currency"]) == ("90.00", "135.00", "EUR")
    assert (other["client"], other["start"], other["amount"], other["billable"]) == (
        *("", "", "", "no"),
    )
    said = views.report_came(made(agency, agency.admin, CSV)[1], writer.added).text
    assert said == (
        "Everybody's time, November 2026: 1 h 31 m in 2 rows. Earned by the hour: 135.00 EUR."
    )


def test_a_workbook_holds_types_totals_and_a_frozen_head(agency: Agency) -> None:
    """Text that looks like a formula is text; days and numbers are numbers; heads stay."""
    agency.change(ProjectRow, agency.website, name="=HYPERLINK(evil)")
    agency.change(TaskRow, agency.web12, title="+cmd|calc", key="@SUM(A1)")
    agency.world.length(agency.ana, agency.website, agency.web12, NOON, 5400)
    content, _, _ = made(agency, agency.admin, XLSX)
    book = sheets(content)
    assert list(book) == ["Report", "Entries", "About"]
    for name in ("Report", "Entries"):
        assert 'state="frozen"' in book[name].xml
        assert "<f>" not in book[name].xml
    row, total = book["Report"].named()
    assert (row["Project"], row["Seconds"], row["EUR"]) == ("=HYPERLINK(evil)", 5400, 135)
    assert (total["Project"], total["Billable seconds"], total["EUR"]) == ("Total", 5400, 135)
    entry, whole = book["Entries"].named()
    assert (entry["date"], entry["hours"], entry["task"], entry["title"]) == (
        *(46346, 0.0625, "@SUM(A1)", "+cmd|calc"),
    )
    assert (whole["date"], whole["seconds"], whole["amount"], whole["currency"]) == (
        *("Total", 5400, 135, "EUR"),
    )
    (csv_row,) = csv_rows(made(agency, agency.admin, CSV)[0])
    assert [csv_row[name][:2] for name in ("project", "task", "title")] == ["'=", "'@", "'+"]


def test_no_money_in_the_files_of_who_may_not_see_it(agency: Agency) -> None:
    """Neither columns nor sheets have a trace of it."""
    agency.choose(TeamSettings(money_seen_by=MoneySeenBy.ADMINS))
    agency.world.length(agency.ana, agency.website, agency.web12, NOON, 5400)
    content, report, writer = made(agency, agency.ana, CSV)
    assert "amount" not in csv_rows(content)[0]
    book = sheets(made(agency, agency.ana, XLSX)[0])
    assert not any("EUR" in sheet.xml or "rate" in sheet.xml for sheet in book.values())
    assert "Earned" not in views.report_came(report, writer.added).text


def test_what_may_be_seen_is_asked_when_the_file_is_made(agency: Agency) -> None:
    """Named for Website when the button was clicked, and not any more; or gone altogether."""
    agency.world.length(agency.bo, agency.website, None, NOON, HOUR)
    agency.world.length(agency.bo, agency.shop, None, NOON, HOUR)
    rows = csv_rows(made(agency, agency.ana, CSV)[0])
    assert [row["project"] for row in rows] == ["Website"]
    narrowed = replace(CHOICE, filters=Filters(Narrowed(projects=(agency.website,))))
    agency.manages(agency.ana, agency.website, manages=False)
    assert csv_rows(made(agency, agency.ana, CSV)[0]) == []
    with pytest.raises(Vanished):
        made(agency, agency.ana, CSV, narrowed)
    agency.change(MemberRow, agency.ana.id, deactivated_at=NOON)
    with pytest.raises(Vanished):
        made(agency, agency.ana, CSV)
