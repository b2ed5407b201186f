"""Reports of many people's time: who sees what, groups, filters, money; on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.entries.entries import TaskLabel
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, ProjectId
from bot.domain.money.billing import ALWAYS, Method, Terms
from bot.domain.money.money import Money
from bot.domain.people.people import Member
from bot.domain.people.people_errors import PersonNotFound
from bot.domain.periods import Around, Period, Unit
from bot.domain.preferences import MoneySeenBy, TeamSettings
from bot.domain.reports.report_errors import (
    ClientUnknown,
    NothingTrackedOn,
    OnlyOthersTracked,
    OthersTimeUnseen,
)
from bot.domain.reports.reports import Group, Narrowed, ReportWish
from bot.domain.reports.rounding import Per, Rounding, Way
from bot.domain.reports.team_reports import Filters, Reach, TeamChoice, TeamReport, filters_from
from bot.domain.tasks.task_refs import KeyRef, WordsRef
from bot.services.reports.own import Reports
from bot.services.reports.team import TeamReports
from storage.projects.projects import ProjectRow
from storage.reports import team_sums
from storage.reports.report_sums import Seen
from storage.reports.team_sums import Which
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.services.agency import Agency

DAY = timedelta(days=1)
HOUR = 3600
MONTH = Around(Unit.MONTH, 0)

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1), Unit.MONTH)


@pytest.fixture
def agency(database_url: str) -> Iterator[Agency]:
    """Ana 1 h and Bo 2 h on Website, Bo 4 h on Shop, which nobody is billed for."""
    made = Agency(database_url)
    made.world.length(made.ana, made.website, made.web12, NOON, HOUR)
    made.world.length(made.bo, made.website, made.web9, NOON - DAY, 2 * HOUR)
    made.world.length(made.bo, made.shop, None, NOON - DAY, 4 * HOUR)
    yield made
    made.world.close()


def asks(agency: Agency, who: Member, wish: ReportWish | None = None) -> TeamReport:
    """What somebody gets for this month."""
    wanted = replace(wish or ReportWish(for_team=True), period=MONTH)
    reports = TeamReports(agency.world.uow)
    choice = reports.meant(who=who, now=NOON, wish=wanted)
    return reports.chosen(who=who, now=NOON, choice=choice)


def rows(found: TeamReport) -> list[tuple[str, int]]:
    """Names and hours."""
    return [
        (
            one.name.name
            if isinstance(one.name, TaskLabel)
            else one.name.first.isoformat()
            if isinstance(one.name, Period)
            else one.name,
            one.sums.seconds // HOUR,
        )
        for one in found.rows
    ]


def by(group: Group, **more: object) -> ReportWish:
    """For the team, by this."""
    return replace(ReportWish(for_team=True, group=group), **more)  # type: ignore[arg-type]


def test_who_asks_decides_what_is_in_it(agency: Agency) -> None:
    """An admin sees everything, a manager their project, everybody else their own time."""
    everything = asks(agency, agency.admin)
    assert (everything.reach, rows(everything)) == (Reach.ALL, [("Shop", 4), ("Website", 3)])
    managed = asks(agency, agency.ana)
    assert (managed.reach, rows(managed)) == (Reach.MANAGED, [("Website", 3)])
    own = asks(agency, agency.bo)
    assert (own.reach, rows(own)) == (Reach.OWN, [("Shop", 4), ("Website", 2)])
    stranger = asks(agency, agency.world.member("cy"))
    assert (stranger.reach, rows(stranger), stranger.total.seconds) == (Reach.OWN, [], 0)


def test_a_manager_never_sees_another_projects_hours(agency: Agency) -> None:
    """Neither by name, person, task or day, nor with a button's value made by hand."""
    with pytest.raises(NothingTrackedOn):
        asks(agency, agency.ana, ReportWish(for_team=True, about=WordsRef("shop")))
    for group in Group:
        assert asks(agency, agency.ana, by(group)).total.seconds == 3 * HOUR
    assert asks(agency, agency.ana, ReportWish(person="bo")).total.seconds == 2 * HOUR
    reports = TeamReports(agency.world.uow)
    forged = TeamChoice(NOVEMBER, Group.TASK, Filters(Narrowed(projects=(agency.shop,))))
    for who in (agency.ana, agency.world.member("cy")):
        with pytest.raises(Vanished):
            reports.chosen(who=who, now=NOON, choice=replace(forged, for_team=who is agency.ana))
    both = replace(forged, filters=Filters(Narrowed(projects=(agency.shop, agency.website))))
    seen = reports.chosen(who=agency.ana, now=NOON, choice=both)
    assert (seen.about, seen.total.seconds) == (("Website",), 3 * HOUR)


def test_what_only_others_tracked_is_told_to_who_may_see_it(agency: Agency) -> None:
    """A manager's own report on a project of theirs; of another project nothing is said."""
    admin = agency.admin
    wish = ReportWish(about=WordsRef("shop"))
    own = Reports(agency.world.uow)
    for who, refusal in (
        (admin, OnlyOthersTracked),
        (agency.ana, NothingTrackedOn),
        (agency.world.member("cy"), NothingTrackedOn),
    ):
        with pytest.raises(refusal):
            asks(agency, who, wish)
        with pytest.raises(refusal):
            own.wished(who=who, now=NOON, wish=wish)


def test_a_member_sees_nobody_elses_time(agency: Agency) -> None:
    """Somebody else's time is refused, not told as none; others' tasks are not found."""
    with pytest.raises(OthersTimeUnseen):
        asks(agency, agency.bo, ReportWish(person="ana"))
    assert asks(agency, agency.bo, ReportWish(person="bo")).total.seconds > 0
    with pytest.raises(NothingTrackedOn):
        asks(agency, agency.bo, ReportWish(for_team=True, about=KeyRef("WEB-12")))
    task = Filters(Narrowed(tasks=(agency.web12,)))
    with pytest.raises(Vanished):
        TeamReports(agency.world.uow).chosen(
            who=agency.bo, now=NOON, choice=TeamChoice(NOVEMBER, Group.DAY, task)
        )


def test_clients_are_named_to_who_works_for_them(agency: Agency) -> None:
    """The list of clients is for admins: typing a letter must not give it away, nor a forged id."""
    secret = agency.client("Acme Secret", "EUR")
    agency.bill(agency.shop, Terms(ALWAYS, Method.NON_BILLABLE, "EUR", secret))
    cy = agency.world.member("cy")
    for who, known in ((agency.ana, ()), (cy, ()), (agency.bo, ("Acme Corp", "Acme Secret"))):
        for for_team in (False, True):
            for words in ("acme secret", "secret", "acme"):
                wish = ReportWish(for_team=for_team, client=words)
                if who is agency.bo and words != "acme":
                    assert asks(agency, who, wish).about == ("Acme Secret",)
                elif who is agency.ana and words == "acme":
                    assert asks(agency, who, wish).about == ("Acme Corp",)
                else:
                    with pytest.raises(ClientUnknown) as unknown:
                        asks(agency, who, wish)
                    assert unknown.value.matches == known, (who.name, words)
    forged = TeamChoice(NOVEMBER, Group.PROJECT, Filters(clients=(secret,)))
    for who in (agency.ana, cy):
        with pytest.raises(Vanished):
            TeamReports(agency.world.uow).chosen(who=who, now=NOON, choice=forged)
    assert asks(agency, agency.admin, ReportWish(for_team=True, client="secret")).about


def test_a_manager_who_is_one_no_more_sees_their_own(agency: Agency) -> None:
    """The right is asked for every report, whatever the button showed."""
    agency.manages(agency.ana, agency.website, manages=False)
    choice = TeamChoice(NOVEMBER, Group.PROJECT)
    found = TeamReports(agency.world.uow).chosen(who=agency.ana, now=NOON, choice=choice)
    assert (found.reach, found.total.seconds, found.sees_money) == (Reach.OWN, HOUR, False)


def test_another_teams_time_is_nowhere(agency: Agency) -> None:
    """Not in an admin's sums, and not by a forged id."""
    elsewhere = agency.world.team("T0ELSE")
    agency.change(ProjectRow, agency.shop, team_id=elsewhere)
    assert rows(asks(agency, agency.admin)) == [("Website", 3)]
    for filters in (
        Filters(Narrowed(projects=(agency.shop,))),
        Filters(Narrowed(projects=(ProjectId(10**17),))),
        Filters(people=(MemberId(10**17),)),
    ):
        with pytest.raises(Vanished):
            TeamReports(agency.world.uow).chosen(
                who=agency.admin, now=NOON, choice=TeamChoice(NOVEMBER, Group.TASK, filters)
            )


def test_groups(agency: Agency) -> None:
    """Each adds up to the whole, except labels, of which a task may have several."""
    agency.change(TaskRow, agency.web12, labels=["css", "urgent"])
    expected: dict[Group, list[tuple[str, int]]] = {
        Group.PERSON: [("Bo", 6), ("Ana", 1)],
        Group.CLIENT: [("", 4), ("Acme Corp", 3)],
        Group.BILLABLE: [("", 4), ("billable", 3)],
        Group.TASK: [("Shop", 4), ("WEB-9 Footer links", 2), ("WEB-12 Fix the header", 1)],
        Group.MONTH: [("2026-11-01", 7)],
        Group.LABEL: [("", 6), ("css", 1), ("urgent", 1)],
    }
    for group, said in expected.items():
        found = asks(agency, agency.admin, by(group))
        assert (rows(found), found.total.seconds) == (said, 7 * HOUR)
    days = asks(agency, agency.admin, by(Group.DAY))
    assert (days.number, sum(one.sums.seconds for one in days.rows)) == (2, 7 * HOUR)


def test_filters(agency: Agency) -> None:
    """By client, person, task, label and billable, alone and together."""
    agency.change(TaskRow, agency.web12, labels=["css", "Urgent"])
    for wish, hours in (
        (ReportWish(for_team=True, client="acme corp"), 3),
        (ReportWish(for_team=True, client="acme"), 3),
        (ReportWish(person="bo"), 6),
        (ReportWish(person=agency.bo.slack_user_id), 6),
        (ReportWish(person="bo", billable=True), 2),
        (ReportWish(for_team=True, billable=False), 4),
        (ReportWish(for_team=True, label="urgent"), 1),
        (ReportWish(for_team=True, label="nothing"), 0),
        (ReportWish(for_team=True, about=KeyRef("WEB-9")), 2),
        (ReportWish(billable=True), 0),
    ):
        found = asks(agency, agency.admin, wish)
        assert found.total.seconds == hours * HOUR, wish
        assert filters_from(found.choice.filters.code) == found.choice.filters
    with pytest.raises(ClientUnknown):
        asks(agency, agency.admin, ReportWish(client="nobody"))
    with pytest.raises(PersonNotFound):
        asks(agency, agency.admin, ReportWish(person="zoe"))


@pytest.mark.parametrize(
    ("setting", "seeing"),
    [
        (MoneySeenBy.ADMINS, {"admin"}),
        (MoneySeenBy.MANAGERS, {"admin", "ana"}),
        (MoneySeenBy.ALL, {"admin", "ana", "bo"}),
    ],
)
def test_nobody_sees_money_who_may_not(
    agency: Agency, setting: MoneySeenBy, seeing: set[str]
) -> None:
    """Hours and the billable share are told, amounts only to whom the team allows."""
    agency.choose(TeamSettings(money_seen_by=setting))
    for name, who in (("admin", agency.admin), ("ana", agency.ana), ("bo", agency.bo)):
        for group in Group:
            found = asks(agency, who, by(group))
            told = {one.currency for row in found.rows for one in row.sums.earned}
            sees = name in seeing
            assert (found.sees_money, bool(found.total.earned), told) == (
                *(sees, sees),
                {"EUR"} if sees else set(),
            )
        assert found.total.billable == (2 if name == "bo" else 3) * HOUR


def test_currencies_stand_side_by_side(agency: Agency) -> None:
    """Euros and dollars of one person are two amounts, in the row and in the total."""
    agency.bill(agency.shop, Terms(ALWAYS, Method.PERSON_RATE, "USD"))
    agency.rate((None, agency.bo.id), "USD", 5000)
    found = asks(agency, agency.admin, by(Group.PERSON))
    both = (Money(18000, "EUR"), Money(20000, "USD"))
    assert [one.sums.earned for one in found.rows] == [both, (Money(9000, "EUR"),)]
    assert found.total.earned == (Money(27000, "EUR"), Money(20000, "USD"))


def test_a_rate_and_a_client_that_change_in_mid_month(agency: Agency) -> None:
    """Each half keeps what held on its days."""
    other, day = agency.client("Bolt Ltd", "EUR"), NOON.date()
    agency.bill(
        agency.website,
        Terms(ALWAYS, Method.PROJECT_RATE, "EUR", agency.acme),
        Terms(day, Method.PROJECT_RATE, "EUR", other),
    )
    agency.rate((agency.website, None), "EUR", 12000, day)
    found = asks(agency, agency.ana, by(Group.CLIENT))
    assert [(one.name, one.sums.earned) for one in found.rows] == [
        ("Acme Corp", (Money(18000, "EUR"),)),
        ("Bolt Ltd", (Money(12000, "EUR"),)),
    ]


def test_compared_with_as_much_of_the_month_before(agency: Agency) -> None:
    """With the same filters."""
    agency.world.length(agency.bo, agency.shop, None, NOON - 31 * DAY, HOUR)
    agency.world.length(agency.bo, agency.website, None, NOON - 31 * DAY, 5 * HOUR)
    agency.world.length(agency.bo, agency.shop, None, NOON - 25 * DAY, 9 * HOUR)
    found = asks(agency, agency.admin)
    assert found.before == Period(date(2026, 10, 1), date(2026, 10, 21))
    assert found.before_seconds == 6 * HOUR
    billable = asks(agency, agency.admin, by(Group.PROJECT, billable=True))
    assert billable.before_seconds == 5 * HOUR


def test_running_timers_are_told_and_not_counted(agency: Agency) -> None:
    """Those on what the report is about; none in a month that is over."""
    agency.world.timer(agency.bo, agency.website, agency.web12, NOON - timedelta(hours=1))
    assert (asks(agency, agency.ana).running, asks(agency, agency.ana).total.seconds) == (
        *(1, 3 * HOUR),
    )
    assert asks(agency, agency.admin, by(Group.TASK, about=WordsRef("shop"))).running == 0
    last = TeamChoice(Period(date(2026, 10, 1), date(2026, 11, 1), Unit.MONTH), Group.TASK)
    reports = TeamReports(agency.world.uow)
    assert reports.chosen(who=agency.admin, now=NOON, choice=last).running == 0


def test_many_rows_come_in_pages(agency: Agency) -> None:
    """Twenty at a time, all of them once; a page that is gone shows the first."""
    for number in range(45):
        one = agency.world.project(f"Project {number}", f"P{number}")
        agency.world.length(agency.bo, one, None, NOON, 60 + number)
    reports = TeamReports(agency.world.uow)
    choice = TeamChoice(NOVEMBER, Group.PROJECT)
    pages = [reports.chosen(who=agency.admin, now=NOON, choice=choice, page=at) for at in range(3)]
    names = [row.name for page in pages for row in page.rows]
    assert (len(names), len(set(names)), pages[0].number) == (47, 47, 47)
    assert rows(pages[0])[:2] == [("Shop", 4), ("Website", 3)]
    gone = reports.chosen(who=agency.admin, now=NOON, choice=choice, page=9)
    assert (gone.page, rows(gone)) == (0, rows(pages[0]))


def test_rounded_days_of_which_a_report_has_a_part(agency: Agency) -> None:
    """Whether a label's time is picked out of a month or out of one person's, it is the same."""
    agency.change(TaskRow, agency.web12, labels=["css"])
    for number, task in enumerate((agency.web9, agency.web12, None, agency.web12)):
        agency.world.length(agency.bo, agency.website, task, NOON - DAY, 7 + 11 * number)
        agency.world.length(agency.bo, agency.website, task, NOON - 30 * DAY, 8 + number)
    agency.choose(TeamSettings(rounding=Rounding(Way.UP, 15, Per.DAY)))
    for filters in (Filters(label="css"), Filters(billable=True), Filters()):
        of_all, of_two = (
            [
                TeamReports(agency.world.uow).chosen(
                    who=agency.admin,
                    now=NOON,
                    choice=TeamChoice(NOVEMBER, Group.TASK, replace(filters, people=people)),
                )
                for people in each
            ]
            for each in ([()], [(agency.bo.id,), (agency.ana.id,)])
        )
        assert of_all[0].total.seconds == sum(one.total.seconds for one in of_two) > 0
        assert of_all[0].before_seconds == sum(one.before_seconds for one in of_two)


def test_a_month_by_weeks_whose_rate_changes_as_often(agency: Agency) -> None:
    """The stretches of the rows and those of the prices are told apart, also by the database."""
    for number in range(5):
        agency.rate((agency.website, None), "EUR", 9100 + number, date(2026, 11, 3 + 6 * number))
    weeks, days = (asks(agency, agency.admin, by(group)) for group in (Group.WEEK, Group.DAY))
    assert weeks.total == days.total
    assert sum(one.sums.seconds for one in weeks.rows) == weeks.total.seconds > 0


def test_pages_of_many_tasks_are_parts_of_the_whole(agency: Agency) -> None:
    """Of many projects only a page of tasks is priced; it says what the whole list says."""
    for number in range(12):
        one = agency.world.project(f"Project {number}", f"P{number}")
        agency.bill(one, Terms(ALWAYS, Method.PERSON_RATE, "EUR"))
        agency.world.length(agency.bo, one, None, NOON, 60 + number)
    agency.rate((None, agency.bo.id), "EUR", 5000)
    agency.not_billed(agency.web9)
    for with_money in (True, False):
        which = Which(Seen(agency.world.team_id), NOVEMBER, Filters(), with_money=with_money)
        with agency.world.uow.read() as tx:
            whole = team_sums.ranked(tx, which, Group.TASK, limit=None)
            page = team_sums.ranked(tx, which, Group.TASK, limit=5, offset=2)
            people = team_sums.ranked(tx, which, Group.PERSON, limit=None)
        told = page.total.told(sees_money=with_money)
        assert list(page.rows.items()) == list(whole.rows.items())[2:7]
        assert (page.number, page.most) == (whole.number, whole.most)
        assert told == whole.total.told(sees_money=with_money)
        assert told == people.total.told(sees_money=with_money)
        assert 0 < told.billable < told.seconds - 4 * HOUR  # Shop, and what is marked
