"""Reports: what is added up, compared and narrowed, on both databases."""

from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot.domain.days import CalendarDay
from bot.domain.entries.entries import TaskLabel
from bot.domain.errors import Vanished
from bot.domain.ids import ProjectId
from bot.domain.input_errors import PeriodNotUnderstood
from bot.domain.periods import Around, Between, LastFew, Numbered, Period, PeriodWords, Unit
from bot.domain.preferences import TeamSettings
from bot.domain.reports.report_errors import NothingTrackedOn, TooManyMeant
from bot.domain.reports.reports import Group, Narrowed, Report, ReportChoice, ReportWish
from bot.domain.tasks.task_refs import KeyRef, NumberRef, QuotedName, TaskRef, UrlRef, WordsRef
from bot.services.reports.own import Reports
from storage.projects.projects import ProjectRow
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.services.office import Office, task

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
THIS_WEEK = Around(Unit.WEEK, 0)


def asks(
    office: Office,
    period: PeriodWords | None = None,
    group: Group | None = None,
    about: TaskRef | None = None,
    now: datetime = NOON,
) -> Report:
    """Ana's report."""
    wish = ReportWish(period, group, about)
    return Reports(office.world.uow).wished(who=office.ana, now=now, wish=wish)


def tracked(office: Office, days_ago: int, hours: int = 1, key: str = "WEB-12") -> None:
    """So many hours around noon of a day."""
    on = {"WEB-12": office.web12, "WEB-9": office.web9, "": None}[key]
    office.world.length(office.ana, office.website, on, NOON - days_ago * DAY, hours * 3600)


def rows(found: Report) -> list[tuple[str, int, bool]]:
    """Names, hours, and what runs."""
    return [
        (
            row.name.short
            if isinstance(row.name, TaskLabel)
            else row.name.first.isoformat()
            if isinstance(row.name, Period)
            else row.name,
            row.seconds // 3600,
            row.is_running,
        )
        for row in found.rows
    ]


def test_without_words_it_is_this_week_by_project(office: Office) -> None:
    """The most first, the running timer counted and marked."""
    tracked(office, 1, 2)
    tracked(office, 4, 1, key="")
    tracked(office, 5, 8)
    other = office.world.project("Office", "OFF")
    office.world.length(office.ana, other, None, NOON, 7 * 3600)
    office.start(now=NOON - HOUR)
    found = asks(office)
    assert found.choice.period == Period(date(2026, 11, 16), date(2026, 11, 23), Unit.WEEK)
    assert rows(found) == [("Office", 7, False), ("Website", 4, True)]
    assert found.total == 11 * 3600
    assert found.timer is not None
    assert found.timer.on.key == "WEB-12"


def test_with_one_project_it_goes_by_task(office: Office) -> None:
    """A table of one row would say nothing; by project is still there for the asking."""
    tracked(office, 1, 2)
    tracked(office, 1, 1, key="WEB-9")
    assert rows(asks(office)) == [("WEB-12", 2, False), ("WEB-9", 1, False)]
    assert rows(asks(office, group=Group.PROJECT)) == [("Website", 3, False)]


def test_groupings(office: Office) -> None:
    """By task, day, week, month and label, each adding up to the whole."""
    office.change(TaskRow, office.web12, labels=["css", "urgent"])
    tracked(office, 1, 2)
    tracked(office, 1, 1, key="WEB-9")
    tracked(office, 2, 3, key="")
    tracked(office, 20, 4)
    office.start("WEB-9", NOON - HOUR)
    period = Between(Numbered(Unit.MONTH, 10), Numbered(Unit.MONTH, 11))
    by_task = asks(office, period, Group.TASK)
    assert rows(by_task) == [("WEB-12", 6, False), ("Website", 3, False), ("WEB-9", 2, True)]
    by_month = asks(office, period, Group.MONTH)
    assert rows(by_month) == [("2026-10-01", 4, False), ("2026-11-01", 7, True)]
    by_week = asks(office, Around(Unit.MONTH, 0), Group.WEEK)
    assert rows(by_week) == [
        ("2026-10-26", 0, False),
        ("2026-11-02", 0, False),
        ("2026-11-09", 0, False),
        ("2026-11-16", 7, True),
    ]
    by_day = asks(office, THIS_WEEK, Group.DAY)
    assert rows(by_day) == [
        ("2026-11-16", 0, False),
        ("2026-11-17", 0, False),
        ("2026-11-18", 3, False),
        ("2026-11-19", 3, False),
        ("2026-11-20", 1, True),
    ]
    by_label = asks(office, THIS_WEEK, Group.LABEL)
    assert rows(by_label) == [("", 5, True), ("css", 2, False), ("urgent", 2, False)]
    assert by_label.total == 7 * 3600
    for found in (by_task, by_month):
        assert sum(row.seconds for row in found.rows) == found.total == 11 * 3600


def test_a_long_report_by_day_leaves_empty_days_out(office: Office) -> None:
    """A year has a row for each day with time, and only those."""
    tracked(office, 100)
    tracked(office, 1)
    found = asks(office, Around(Unit.YEAR, 0), Group.DAY)
    assert rows(found) == [("2026-08-12", 1, False), ("2026-11-19", 1, False)]


def test_it_is_compared_with_as_much_of_the_period_before(office: Office) -> None:
    """On a Friday, last week counts up to Friday; a finished month, the whole one before."""
    tracked(office, 7, 2)
    tracked(office, 6, 5)
    tracked(office, 1, 3)
    found = asks(office)
    assert found.before == Period(date(2026, 11, 9), date(2026, 11, 14))
    assert (found.total, found.before_total) == (3 * 3600, 2 * 3600)
    finished = asks(office, Around(Unit.MONTH, 1))
    assert finished.before == Period(date(2026, 9, 1), date(2026, 10, 1), Unit.MONTH)
    thirty = asks(office, LastFew(30, Unit.DAY))
    assert thirty.before == Period(date(2026, 9, 22), date(2026, 10, 22))


def test_a_timer_over_midnight_counts_on_both_sides(office: Office) -> None:
    """Started last week, still running: its part of each week, by the clock of the member."""
    sunday = datetime(2026, 11, 15, 22, tzinfo=BERLIN)
    office.start(now=sunday)
    monday = sunday + 5 * HOUR
    this = asks(office, group=Group.DAY, now=monday)
    assert (rows(this), this.total) == ([("2026-11-16", 3, True)], 3 * 3600)
    assert this.before_total == 0
    last = asks(office, Around(Unit.WEEK, 1), now=monday)
    assert (last.total, rows(last)) == (2 * 3600, [("WEB-12", 2, True)])
    assert asks(office, Around(Unit.MONTH, 1), now=monday).timer is None


def test_the_night_the_clocks_go_back(office: Office) -> None:
    """25 October 2026 has 25 hours."""
    office.start(now=datetime(2026, 10, 25, 0, 0, tzinfo=BERLIN))
    found = asks(office, CalendarDay(10, 25), now=datetime(2026, 10, 26, 1, 0, tzinfo=BERLIN))
    assert (found.total, found.choice.group) == (25 * 3600, Group.TASK)


def test_weeks_begin_where_the_team_says(office: Office) -> None:
    """From Sunday to Saturday, in the period and in the rows."""
    office.choose(TeamSettings(week_start=6))
    tracked(office, 5)
    found = asks(office, group=Group.WEEK)
    assert rows(found) == [("2026-11-15", 1, False)]


def test_about_one_project(office: Office) -> None:
    """By its name in any case, part of it, its code; then it goes by task."""
    other = office.world.project("Office move", "OFF")
    office.world.length(office.ana, other, None, NOON, 3600)
    tracked(office, 1, 2)
    office.start(now=NOON - HOUR)
    for ref in (QuotedName("website"), WordsRef("web"), WordsRef("WEB")):
        found = asks(office, about=ref)
        assert (found.about, found.total, found.choice.group) == (
            ("Website",),
            3 * 3600,
            Group.TASK,
        )
        assert found.timer is not None
    move = asks(office, about=WordsRef("office move"))
    assert (move.total, move.timer, rows(move)) == (3600, None, [("Office move", 1, False)])


def test_words_that_mean_several_projects_are_about_all_of_them(office: Office) -> None:
    """They are named, so that nobody takes the sum for one of them; too many are refused."""
    for number in range(3):
        other = office.world.project(f"Shop {number}", f"SH{'ABC'[number]}")
        office.world.length(office.ana, other, None, NOON, 3600)
    found = asks(office, about=WordsRef("shop"))
    assert (found.about, found.total) == (("Shop 0", "Shop 1", "Shop 2"), 3 * 3600)
    for number in range(9):
        other = office.world.project(f"Shop x{number}", f"SX{'ABCDEFGHI'[number]}")
        office.world.length(office.ana, other, None, NOON, 3600)
    with pytest.raises(TooManyMeant):
        asks(office, about=WordsRef("shop"))


def test_about_one_task(office: Office) -> None:
    """By key in any case, number, or address; then it goes by day."""
    tracked(office, 1, 2)
    tracked(office, 2, 5, key="WEB-9")
    for ref in (KeyRef("WEB-12"), NumberRef(12), UrlRef("https://acme.test/t/WEB-12/")):
        found = asks(office, about=ref)
        assert (found.about, found.total) == (("WEB-12 Fix the header",), 2 * 3600)
        assert found.choice.group is Group.DAY


def test_what_was_never_tracked_is_refused_with_what_is_near(office: Office) -> None:
    """Also what others track, which is nobody else's business."""
    tracked(office, 1)
    bo = office.world.member("bo")
    secret = office.world.project("Secret", "SEC")
    office.world.length(bo, secret, None, NOON, 3600)
    with pytest.raises(NothingTrackedOn) as wrong:
        asks(office, about=WordsRef("webiste"))
    assert wrong.value.near == ("Website",)
    for ref in (WordsRef("secret"), KeyRef("WEB-9"), NumberRef(9), UrlRef("https://x.test")):
        with pytest.raises(NothingTrackedOn):
            asks(office, about=ref)


def test_a_button_of_elsewhere_shows_nothing(office: Office) -> None:
    """Ids of another team, or of nothing at all, are not there; another's time is not told."""
    theirs = office.world.project("Theirs", "TH")
    office.change(ProjectRow, theirs, team_id=office.world.team())
    period = Period(date(2026, 11, 1), date(2026, 12, 1), Unit.MONTH)
    reports = Reports(office.world.uow)
    for ids in ((theirs,), (ProjectId(10**17),)):
        choice = ReportChoice(period, Group.TASK, Narrowed(projects=ids))
        with pytest.raises(Vanished):
            reports.chosen(who=office.ana, now=NOON, choice=choice)
    bo = office.world.member("bo")
    office.world.length(bo, office.website, None, NOON, 3600)
    choice = ReportChoice(period, Group.TASK, Narrowed(projects=(office.website,)))
    assert reports.chosen(who=office.ana, now=NOON, choice=choice).total == 0


def test_periods_beyond_the_calendar_are_refused(office: Office) -> None:
    """Instead of breaking."""
    with pytest.raises(PeriodNotUnderstood):
        asks(office, Numbered(Unit.WEEK, 53, 2025))


def test_a_busy_year_is_as_many_questions_as_an_empty_one(office: Office) -> None:
    """The database adds up; a fixed number of questions, whatever the grouping."""
    tasks = [task(office, f"WEB-{number}", "One of many") for number in range(100, 160)]
    year = Around(Unit.YEAR, 0)

    def counted() -> list[int]:
        return [len(office.statements(partial(asks, office, year, group))) for group in Group]

    few = counted()
    assert max(few) <= 6
    for number, one in enumerate(tasks):
        office.world.length(office.ana, office.website, one, NOON - number * DAY, 60)
    assert counted() == few
