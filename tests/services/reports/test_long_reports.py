"""Reports that are made in the background: which, once, for whom, and that they say the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from bot.domain.ids import ReportRunId
from bot.domain.money.billing import ALWAYS, Method, Terms
from bot.domain.periods import Period, Unit
from bot.domain.reports.report_runs import Progress, ReportRun, RunWish
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import Filters, TeamChoice, TeamReport
from bot.services.reports.files import ReportPiece
from bot.services.reports.long_reports import LongReports
from bot.services.reports.team import TeamReports
from storage.outbox import OutboxRow
from storage.reports.report_runs import ReportRunRow
from storage.sql import table
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.services.agency import Agency

DAY = timedelta(days=1)
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1), Unit.YEAR)
ODD = Period(date(2026, 8, 13), date(2026, 11, 20))
CHOICE = TeamChoice(YEAR, Group.PROJECT)


@pytest.fixture
def agency(database_url: str) -> Iterator[Agency]:
    """Time on a hundred days; rates, terms and a client that change on some of them."""
    made = Agency(database_url)
    made.change(TaskRow, made.web12, labels=["css", "urgent"])
    other = made.client("Bolt Ltd", "USD")
    made.bill(
        made.shop,
        Terms(ALWAYS, Method.PERSON_RATE, "EUR", made.acme),
        Terms(date(2026, 10, 10), Method.PERSON_RATE, "USD", other),
    )
    made.rate((None, made.bo.id), "EUR", 5000)
    made.rate((None, made.bo.id), "USD", 6100, date(2026, 10, 20))
    made.rate((made.website, None), "EUR", 9500, date(2026, 9, 15))
    for number in range(100):
        places = ((made.shop, None), (made.website, made.web12), (made.website, made.web9))
        who = (made.ana, made.bo)[number % 2]
        project, task = places[number % 3]
        made.world.length(who, project, task, NOON - number * DAY, 1000 + 7 * number)
    yield made
    made.world.close()


def service(agency: Agency, most: int = 50) -> LongReports:
    """With reports that are long already with a few entries."""
    return LongReports(agency.world.uow, agency.world.new_marker(), most)


def run_of(agency: Agency, choice: TeamChoice) -> ReportRun:
    """An admin's."""
    return ReportRun(ReportRunId(1), agency.admin.slack_user_id, RunWish(choice))


@pytest.mark.parametrize("group", Group)
@pytest.mark.parametrize("period", [YEAR, ODD], ids=["a year", "odd days"])
def test_a_report_made_month_by_month_says_the_same(
    agency: Agency, group: Group, period: Period
) -> None:
    """To the second and the cent, whatever changes its price in between; and says how far it is."""
    for filters in (Filters(), Filters(billable=True), Filters(clients=(agency.acme,))):
        choice = TeamChoice(period, group, filters)
        at_once = TeamReports(agency.world.uow).chosen(who=agency.admin, now=NOON, choice=choice)
        *steps, last = service(agency).making(agency.world.team_id, run_of(agency, choice), NOON)
        assert isinstance(last, ReportPiece)
        assert last.report == at_once
        told = [one.percent for one in steps if isinstance(one, Progress)]
        assert told == sorted(told)
        assert len(told) == (13 if period is YEAR else 5)


def test_a_file_made_month_by_month_has_every_entry(agency: Agency) -> None:
    """Each once, in order, and the report's own rows."""
    run = replace(run_of(agency, CHOICE), wish=RunWish(CHOICE, form="csv"))
    steps = list(service(agency).making(agency.world.team_id, run, NOON))
    lines = [line for one in steps if isinstance(one, ReportPiece) for line in one.lines]
    assert len(lines) == 100
    assert [line.day for line in lines] == sorted(line.day for line in lines)
    report: TeamReport = next(one.report for one in steps if isinstance(one, ReportPiece))
    assert sum(line.seconds for line in lines) == report.total.seconds


def test_what_is_long(agency: Agency) -> None:
    """A year of many entries; neither a month, nor one person's time, nor what is empty."""
    november = Period(date(2026, 11, 1), date(2026, 12, 1), Unit.MONTH)
    before = Period(date(2025, 1, 1), date(2026, 1, 1), Unit.YEAR)
    asked = service(agency)
    assert asked.is_long(who=agency.admin, choice=replace(CHOICE, period=ODD))
    assert not service(agency, most=200).is_long(who=agency.admin, choice=CHOICE)
    for choice in (
        replace(CHOICE, period=november),
        replace(CHOICE, period=before),
        replace(CHOICE, filters=Filters(people=(agency.bo.id,))),
        replace(CHOICE, for_team=False),
    ):
        assert not asked.is_long(who=agency.admin, choice=choice)


def test_a_second_click_makes_no_second_report(agency: Agency) -> None:
    """Of the same one while it is made; another one, or another person's, is one more."""
    asked = service(agency)
    for who, wish in (
        (agency.admin, RunWish(CHOICE)),
        (agency.admin, RunWish(CHOICE)),
        (agency.admin, RunWish(CHOICE, form="csv")),
        (agency.ana, RunWish(CHOICE)),
    ):
        asked.ask(who=who, wish=wish, now=NOON)
    with agency.world.uow.read() as tx:
        runs = tx.execute(select(func.count()).select_from(table(ReportRunRow))).scalar_one()
        owed = tx.execute(select(func.count()).where(table(OutboxRow).c.kind == "report.run"))
        assert (runs, owed.scalar_one()) == (3, 3)


def test_only_who_asked_calls_it_off(agency: Agency) -> None:
    """Once; and then the same may be asked for again."""
    asked = service(agency)
    asked.ask(who=agency.admin, wish=RunWish(CHOICE), now=NOON)
    with agency.world.uow.read() as tx:
        run_id = ReportRunId(tx.execute(select(table(ReportRunRow).c.id)).scalar_one())
    assert asked.cancel(who=agency.ana, run_id=run_id, now=NOON) is None
    assert asked.under_way(agency.world.team_id, run_id) is not None
    assert asked.cancel(who=agency.admin, run_id=run_id, now=NOON) is not None
    assert asked.cancel(who=agency.admin, run_id=run_id, now=NOON) is None
    assert asked.under_way(agency.world.team_id, run_id) is None
    asked.ask(who=agency.admin, wish=RunWish(CHOICE), now=NOON)
    with agency.world.uow.read() as tx:
        assert tx.execute(select(func.count(table(ReportRunRow).c.id))).scalar_one() == 2
