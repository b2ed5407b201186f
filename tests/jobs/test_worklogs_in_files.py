"""W3: files and a project's page say where each entry is written."""

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.domain.periods import Period, Unit
from bot.domain.reports.reports import Group, Narrowed
from bot.domain.reports.team_reports import TeamChoice
from bot.integrations.errors import ProviderRefused, ProviderUnavailable
from bot.services.entries.files import EntryFiles
from bot.services.projects.summary import ProjectSummaries
from bot.services.reports.files import ReportFiles
from bot.views.projects.entries import entries
from bot.views.projects.place import Place
from bot.views.reports import files as report_files
from bot.views.reports.team import CSV, XLSX
from playground.rules import check_view
from tests.jobs.writing_desk import WritingDesk
from tests.services.editor import Editor
from tests.services.workbooks import sheets

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1), Unit.MONTH)
SAID = ["acme board", "acme board (failed)", "acme board (pending)", ""]


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[WritingDesk]:
    """Give Ana's office with time that is written, failed, waits, and is on no task."""
    made = WritingDesk(Editor(database_url))
    made.logs(seconds=3600)
    await made.delivers()
    made.tool.before = [ProviderRefused("board", reason="It is closed.")] * 2
    made.logs(seconds=1800)
    await made.delivers()
    made.tool.before = [ProviderUnavailable("board")]
    made.logs(seconds=900)
    await made.delivers()
    made.office.world.length(made.office.ana, made.office.website, None, made.now, 600)
    yield made
    made.close()


def _written(content: bytes) -> list[str]:
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return [row["written to"] for row in csv.DictReader(text)]


def test_ones_own_file_says_it(desk: WritingDesk) -> None:
    """A column names the tool, and in brackets what is not as it should be there."""
    office = desk.office
    steps = EntryFiles(office.world.uow).making(
        office.world.team_id, office.ana.id, NOVEMBER, Narrowed(), desk.now
    )
    *_, file = steps
    assert sorted(_written(bytes(file.content))) == sorted(SAID)


@pytest.mark.parametrize("form", [CSV, XLSX])
def test_a_report_of_many_says_it(desk: WritingDesk, form: str) -> None:
    """In both kinds of file."""
    office = desk.office
    choice = TeamChoice(NOVEMBER, Group.PROJECT)
    first, *pieces = ReportFiles(office.world.uow).making(
        office.world.team_id, office.admin.id, choice, desk.now
    )
    writer = report_files.writer(form, first.report)
    for piece in pieces:
        writer.add(piece.lines)
    content = writer.finish().read()
    if form == CSV:
        assert sorted(_written(content)) == sorted(SAID)
        return
    found = {row.get("written to", "") for row in sheets(content)["Entries"].named()}
    assert found == set(SAID)


def test_a_projects_page_says_it(desk: WritingDesk) -> None:
    """Beside each entry; what failed can be written again there."""
    office = desk.office
    found = ProjectSummaries(office.world.uow).entries(
        who=office.ana, project_id=office.website, page=0
    )
    shown = entries(found, Place())
    check_view(shown.as_view(), "modal")
    said = json.dumps(list(shown.blocks))
    assert "Written to acme board" in said
    assert "*not written to acme board*: It is closed" in said
    assert "It is closed." not in said
    assert "worklog.retry" in said
