"""What is easy to get wrong in reports of many: midnight, zones, clocks that change, late edits."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.money.billing import ALWAYS, Method, Terms
from bot.domain.money.money import Money
from bot.domain.periods import Period, Unit, period_around
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import TeamChoice, TeamReport
from bot.services.reports.files import ReportFiles
from storage.entries.time_entries import TimeEntryRow
from tests.services.agency import Agency

BERLIN = ZoneInfo("Europe/Berlin")
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
HOUR = 3600


@pytest.fixture
def agency(database_url: str) -> Iterator[Agency]:
    """Website earns 90.00 EUR an hour, and 120.00 from November on."""
    made = Agency(database_url)
    made.rate((made.website, None), "EUR", 12_000, NOVEMBER)
    yield made
    made.world.close()


def month(agency: Agency, first: date, group: Group = Group.DAY) -> TeamReport:
    """Everybody's, of a whole month with all of its rows, as seen in December."""
    choice = TeamChoice(period_around(first, Unit.MONTH), group)
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    files = ReportFiles(agency.world.uow)
    return files.report(agency.world.team_id, agency.admin.id, choice, now).report


def euros(found: TeamReport) -> str:
    """What it earned."""
    return ", ".join(map(str, found.total.earned))


def days(found: TeamReport) -> dict[date, int]:
    """Seconds by day, of those that have any."""
    return {
        row.name.first: row.sums.seconds
        for row in found.rows
        if isinstance(row.name, Period) and row.sums.seconds
    }


def test_a_timer_over_the_midnight_between_two_rates(agency: Agency) -> None:
    """An hour before it in October at 90, two after it in November at 120; nothing is lost."""
    start = datetime(2026, 10, 31, 23, tzinfo=BERLIN)
    agency.start("WEB-12", now=start.astimezone(UTC))
    agency.tracking.stop(who=agency.ana, now=(start + timedelta(hours=3)).astimezone(UTC))
    before, after = month(agency, OCTOBER), month(agency, NOVEMBER)
    assert (days(before), euros(before)) == ({date(2026, 10, 31): HOUR}, "90.00 EUR")
    assert (days(after), euros(after)) == ({date(2026, 11, 1): 2 * HOUR}, "240.00 EUR")


def test_the_same_moment_on_two_days(agency: Agency) -> None:
    """Half past midnight in Berlin is the evening before in New York: each on their own day."""
    far = agency.world.member("far", zone="America/New_York")
    start = datetime(2026, 11, 1, 0, 30, tzinfo=BERLIN).astimezone(UTC)
    end = start + timedelta(hours=1)
    agency.world.entry(agency.ana, agency.website, None, start, end)
    agency.change(
        TimeEntryRow,
        agency.world.entry(far, agency.website, None, start, end),
        work_date=date(2026, 10, 31),
    )
    assert days(month(agency, OCTOBER)) == {date(2026, 10, 31): HOUR}
    assert days(month(agency, NOVEMBER)) == {date(2026, 11, 1): HOUR}
    assert euros(month(agency, OCTOBER)) == "90.00 EUR"


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23)], ids=["back", "forward"]
)
def test_the_nights_the_clocks_change(agency: Agency, day: date, hours: int) -> None:
    """From midnight to midnight it is the hours that passed, not the clock's difference."""
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
    end = start + timedelta(days=1)  # by the wall clock
    agency.start("WEB-12", now=start.astimezone(UTC))
    agency.tracking.stop(who=agency.ana, now=end.astimezone(UTC))
    found = month(agency, day.replace(day=1))
    assert days(found) == {day: hours * HOUR}
    assert euros(found) == f"{Money(hours * 9000, 'EUR')}"


def test_a_client_that_changed_keeps_what_was_done_for_it(agency: Agency) -> None:
    """Also where an old entry is made longer afterwards: its day decides."""
    other = agency.client("Globex", "EUR")
    agency.bill(
        agency.website,
        Terms(ALWAYS, Method.PROJECT_RATE, "EUR", agency.acme),
        Terms(date(2026, 11, 10), Method.PROJECT_RATE, "EUR", other),
    )
    noon = datetime(2026, 11, 9, 12, tzinfo=UTC)
    early = agency.world.length(agency.bo, agency.website, None, noon, HOUR)
    agency.world.length(agency.bo, agency.website, None, noon + timedelta(days=1), HOUR)
    agency.change(TimeEntryRow, early, seconds=3 * HOUR)
    found = month(agency, NOVEMBER, Group.CLIENT)
    assert {row.name: row.sums.seconds for row in found.rows} == {
        "Acme Corp": 3 * HOUR,
        "Globex": HOUR,
    }
    assert euros(found) == "480.00 EUR"


def test_money_of_two_currencies_is_never_one_sum(agency: Agency) -> None:
    """Not even where the amounts are the same."""
    agency.bill(agency.shop, Terms(ALWAYS, Method.PROJECT_RATE, "USD"))
    agency.rate((agency.shop, None), "USD", 12_000)
    noon = datetime(2026, 11, 9, 12, tzinfo=UTC)
    for project in (agency.website, agency.shop):
        agency.world.length(agency.bo, project, None, noon, HOUR)
    assert euros(month(agency, NOVEMBER, Group.PERSON)) == "120.00 EUR, 120.00 USD"
