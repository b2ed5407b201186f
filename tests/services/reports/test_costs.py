"""How many statements a report takes, and that it reads only what it is about."""

from datetime import date, timedelta
from functools import partial

import pytest

from bot.domain.ids import ProjectId
from bot.domain.money.billing import ALWAYS, Method, Terms
from bot.domain.money.money import Money
from bot.domain.people.people import Member
from bot.domain.periods import Period, Unit
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import Filters, TeamChoice, TeamReport
from bot.services.reports.team import TeamReports
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.services.agency import Agency

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1), Unit.MONTH)
DAY, HOUR = timedelta(days=1), 3600
QUESTIONS = {
    Group.PROJECT: 10,
    Group.TASK: 12,
    Group.DAY: 9,
    Group.WEEK: 9,
    Group.MONTH: 9,
    Group.LABEL: 9,
    Group.PERSON: 10,
    Group.CLIENT: 10,
    Group.BILLABLE: 9,
}
"""Statements of a report for everybody, the transaction's own aside."""


def asks(agency: Agency, who: Member, group: Group, filters: Filters | None = None) -> TeamReport:
    """What a click on a report's button gets."""
    choice = TeamChoice(NOVEMBER, group, filters or Filters())
    return TeamReports(agency.world.uow).chosen(who=who, now=NOON, choice=choice)


def questions(agency: Agency, who: Member, group: Group, filters: Filters | None = None) -> int:
    """How many statements that takes."""
    return len(agency.statements(partial(asks, agency, who, group, filters)))


def test_a_busy_month_is_as_many_questions_as_an_empty_one(agency: Agency) -> None:
    """The database adds up; a fixed number of questions, whatever the grouping."""
    projects = [agency.world.project(f"Project {number}", f"P{number}") for number in range(40)]
    agency.world.length(agency.bo, agency.website, agency.web9, NOON, 60)
    few = {group: questions(agency, agency.admin, group) for group in Group}
    assert few == QUESTIONS
    for number, one in enumerate(projects):
        agency.world.length(agency.bo, one, agency.web9, NOON - number % 15 * DAY, 60)
    assert {group: questions(agency, agency.admin, group) for group in Group} == few


def test_what_holds_is_asked_for_once(agency: Agency) -> None:
    """A filter by client or billing needs the terms of both months that are compared."""
    agency.world.length(agency.bo, agency.website, agency.web9, NOON, 60)
    agency.world.length(agency.bo, agency.shop, None, NOON, 60)
    for filters, number in (
        (Filters(clients=(agency.acme,)), 10),
        (Filters(billable=True), 10),
        (Filters(billable=False), 9),
    ):
        assert questions(agency, agency.admin, Group.PROJECT, filters) == number, filters


@pytest.mark.parametrize("number", [2, 25])
def test_what_people_earn_is_the_same_for_few_projects_and_many(
    agency: Agency, number: int
) -> None:
    """Of few projects only the rates of those are read who worked on them; nobody is forgotten."""
    projects = [_by_person(agency, at) for at in range(number)]
    for who, rate in ((agency.bo, 1000), (agency.ana, 2000), (agency.world.member("cy"), 3000)):
        agency.rate((None, who.id), "EUR", rate)
    agency.rate((projects[0], agency.ana.id), "EUR", 5000)
    for who, project in (
        (agency.bo, projects[0]),
        (agency.ana, projects[0]),
        (agency.ana, projects[-1]),
    ):
        agency.world.length(who, project, None, NOON, HOUR)
    found = asks(agency, agency.admin, Group.PERSON)
    earned = {row.name: row.sums.earned for row in found.rows}
    assert earned == {"Bo": (Money(1000, "EUR"),), "Ana": (Money(7000, "EUR"),)}


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Urgent", "urgent"),
        ('say "hi" \\ bye', 'Say "HI" \\ Bye'),
        ("100%_done/", "100%_DONE/"),
        ("für später", "für später"),
        ("a\tb", "A\tB"),
    ],
)
def test_a_label_is_found_whatever_is_in_it(agency: Agency, written: str, asked: str) -> None:
    """By everybody's time and by one person's; others that only contain it are not."""
    agency.change(TaskRow, agency.web9, labels=["x", written])
    agency.change(TaskRow, agency.web12, labels=[f"{written} not", "100a_done"])
    for task in (agency.web9, agency.web12, None):
        agency.world.length(agency.bo, agency.website, task, NOON, 60)
    for people in ((), (agency.bo.id,)):
        filters = Filters(label=asked, people=people)
        for group in (Group.PROJECT, Group.TASK, Group.DAY):
            assert asks(agency, agency.admin, group, filters).total.seconds == 60


def _by_person(agency: Agency, number: int) -> ProjectId:
    project = agency.world.project(f"Project {number}", f"P{number}")
    agency.bill(project, Terms(ALWAYS, Method.PERSON_RATE, "EUR"))
    return project
