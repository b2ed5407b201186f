"""How the databases find what a report adds up: never by reading every entry there is."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import pytest
from sqlalchemy import text

from bot.domain.money.billing import ALWAYS, Method, Terms
from bot.domain.people.people import Member
from bot.domain.periods import Period, Unit
from bot.domain.reports.reports import Group, Narrowed
from bot.domain.reports.team_reports import Filters, TeamChoice
from bot.services.reports.files import ReportFiles
from bot.services.reports.team import TeamReports
from tests.builders import NOON
from tests.services.agency import Agency
from tests.statements import heard, plan

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1), Unit.MONTH)


@pytest.fixture
def agency(database_url: str) -> Iterator[Agency]:
    """Shop is billed by person; Website's rate changes in mid-month."""
    made = Agency(database_url)
    made.bill(made.shop, Terms(ALWAYS, Method.PERSON_RATE, "EUR"))
    made.rate((None, made.bo.id), "EUR", 5000)
    made.rate((made.website, None), "EUR", 9500, date(2026, 11, 15))
    for number in range(30):
        made.world.length(made.bo, (made.shop, made.website)[number % 2], None, NOON, 60 + number)
    yield made
    made.world.close()


def plans(agency: Agency, work: Callable[[], object]) -> list[str]:
    """How each statement that reads entries is answered."""
    engine = agency.world.engine
    with heard(engine) as said:
        work()
    with engine.connect() as connection:
        if engine.name != "sqlite":  # a table of a few rows is read whole, unless that is forbidden
            connection.execute(text("SET enable_seqscan = off"))
        return ["\n".join(plan(connection, one)) for one in said if "time_entry.seconds" in one.sql]


def chosen(agency: Agency, who: Member, group: Group, filters: Filters, *, team: bool) -> None:
    """A report of November."""
    choice = TeamChoice(NOVEMBER, group, filters, team)
    TeamReports(agency.world.uow).chosen(who=who, now=NOON, choice=choice)


@pytest.mark.parametrize("group", Group)
def test_everybodys_time_comes_from_the_index_on_projects(agency: Agency, group: Group) -> None:
    """For admins and managers, with filters and without: five years more make no month slower."""
    for filters in (
        Filters(),
        Filters(billable=True),
        Filters(billable=False),
        Filters(clients=(agency.acme,)),
        Filters(Narrowed(projects=(agency.website,))),
    ):
        for who in (agency.admin, agency.ana):
            for found in plans(agency, partial(chosen, agency, who, group, filters, team=True)):
                assert "SCAN time_entry" not in found, found
                assert "Seq Scan on time_entry" not in found, found
                assert "ix_time_entry_project" in found or "uq_time_entry_running" in found, found


def test_one_persons_time_is_found_by_person(agency: Agency) -> None:
    """A team of a thousand makes nobody's own report slow, nor that of one of them."""
    bo = Filters(people=(agency.bo.id,))
    for who, filters, team in ((agency.bo, Filters(), False), (agency.admin, bo, True)):
        for found in plans(agency, partial(chosen, agency, who, Group.CLIENT, filters, team=team)):
            assert "SCAN time_entry" not in found, found
            assert "Seq Scan on time_entry" not in found, found


def test_a_file_reads_a_week_at_a_time(agency: Agency) -> None:
    """The rows of a year are never sorted all at once, and no statement reads all entries."""
    files = ReportFiles(agency.world.uow)

    def made() -> None:
        choice = TeamChoice(NOVEMBER, Group.PROJECT)
        pieces = list(files.making(agency.world.team_id, agency.admin.id, choice, NOON))
        assert sum(len(piece.lines) for piece in pieces) == 30

    steps = plans(agency, made)
    assert len(steps) == 8
    for found in steps:
        assert "SCAN time_entry" not in found, found
        assert "Seq Scan on time_entry" not in found, found
