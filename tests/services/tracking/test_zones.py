"""A member's own zone: what follows when they travel, and on odd nights and days."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.people.people import Member, SlackPerson
from bot.services.members import Members
from storage import members
from tests.services.office import Office


class Traveller:
    """Ana, whose zone Slack tells."""

    def __init__(self, database_url: str) -> None:
        self.office = Office(database_url)
        self.world = self.office.world
        self.slack = Members(self.world.uow, self.world.new_marker())
        ana = self.office.ana
        self.person = SlackPerson(ana.slack_user_id, ana.name, ana.email, ana.zone)

    def travels(self, zone: str, now: datetime) -> Member:
        """Slack says that she is elsewhere; the member as the next request sees her."""
        found = self.slack.save(self.world.team_id, replace(self.person, zone=zone), now)
        assert found is not None
        self.office.ana = found
        return found

    def days(self) -> list[tuple[date, int | None]]:
        """Local day and seconds of every entry, in order."""
        return [(one.work_date, one.seconds) for one in self.office.entries()]


@pytest.fixture
def ana(database_url: str) -> Iterator[Traveller]:
    """Give Ana in Berlin."""
    made = Traveller(database_url)
    yield made
    made.world.close()


def test_finished_time_stays_on_its_day(ana: Traveller) -> None:
    """00:30 in Berlin is the evening before in New York; what was saved is not moved there."""
    start = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    ana.office.start(now=start)
    ana.office.tracking.stop(who=ana.office.ana, now=start + timedelta(hours=1))
    ana.travels("America/New_York", start + timedelta(hours=2))
    assert ana.days() == [(date(2026, 11, 20), 3600)]


def test_a_running_timer_is_cut_by_the_clock_at_its_end(ana: Traveller) -> None:
    """Started in Berlin, stopped in New York: one entry, where Berlin would have had two."""
    start = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)  # 23:00 in Berlin, 17:00 in New York
    ana.office.start(now=start)
    ana.travels("America/New_York", start + timedelta(minutes=30))
    ana.office.tracking.stop(who=ana.office.ana, now=start + timedelta(hours=3))
    assert ana.days() == [(date(2026, 11, 20), 3 * 3600)]


def test_a_timer_taken_east_is_cut_where_it_ends(ana: Traveller) -> None:
    """The other way round: Tokyo's midnight lies in between."""
    start = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)  # 15:00 in Berlin, 23:00 in Tokyo
    ana.office.start(now=start)
    ana.travels("Asia/Tokyo", start + timedelta(minutes=30))
    ana.office.tracking.stop(who=ana.office.ana, now=start + timedelta(hours=3))
    assert ana.days() == [(date(2026, 11, 20), 3600), (date(2026, 11, 21), 2 * 3600)]


def test_the_new_zone_counts_from_the_next_request(ana: Traveller) -> None:
    """Today is New York's today."""
    late = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    before = ana.office.timesheet.day(who=ana.office.ana, now=late)
    after = ana.office.timesheet.day(who=ana.travels("America/New_York", late), now=late)
    assert (before.date, after.date) == (date(2026, 11, 21), date(2026, 11, 20))


def test_the_whole_list_of_people_brings_zones_too(ana: Traveller) -> None:
    """As well as the event does."""
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    ana.slack.save_many(ana.world.team_id, [replace(ana.person, zone="Asia/Kolkata")], now)
    with ana.world.uow.read() as tx:
        found = members.by_id(tx, ana.world.team_id, ana.office.ana.id)
    assert found is not None
    assert found.zone == "Asia/Kolkata"


def test_who_leaves_keeps_their_zone(ana: Traveller) -> None:
    """Slack tells none for the deactivated; a timer stopped for that is cut at their midnight."""
    start = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
    ana.office.start(now=start)
    gone = replace(ana.person, zone="UTC", is_deactivated=True)
    ana.slack.save(ana.world.team_id, gone, start + timedelta(hours=2))
    assert ana.days() == [(date(2026, 11, 20), 3600), (date(2026, 11, 21), 3600)]


def test_an_unknown_zone_is_read_as_utc(ana: Traveller) -> None:
    """A name this machine does not know stops nobody from tracking."""
    now = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    ana.travels("Mars/Olympus_Mons", now)
    ana.office.start(now=now)
    assert ana.days() == [(date(2026, 11, 20), None)]


@pytest.mark.parametrize(
    ("start", "hours", "days"),
    [
        pytest.param(
            datetime(2026, 11, 20, 22, 59, 59, tzinfo=UTC),
            1,
            [(date(2026, 11, 20), 1), (date(2026, 11, 21), 3599)],
            id="a second before midnight",
        ),
        pytest.param(
            datetime(2026, 11, 20, 23, 0, tzinfo=UTC),
            1,
            [(date(2026, 11, 21), 3600)],
            id="at midnight",
        ),
        pytest.param(
            datetime(2026, 3, 28, 22, 0, tzinfo=UTC),
            25,
            [(date(2026, 3, 28), 3600), (date(2026, 3, 29), 23 * 3600), (date(2026, 3, 30), 3600)],
            id="the day of 23 hours",
        ),
        pytest.param(
            datetime(2026, 10, 24, 21, 0, tzinfo=UTC),
            27,
            [
                (date(2026, 10, 24), 3600),
                (date(2026, 10, 25), 25 * 3600),
                (date(2026, 10, 26), 3600),
            ],
            id="the day of 25 hours",
        ),
        pytest.param(
            datetime(2028, 2, 28, 22, 0, tzinfo=UTC),
            26,
            [
                (date(2028, 2, 28), 3600),
                (date(2028, 2, 29), 24 * 3600),
                (date(2028, 3, 1), 3600),
            ],
            id="the leap day",
        ),
    ],
)
def test_every_second_is_kept_on_odd_days(
    ana: Traveller, start: datetime, hours: int, days: list[tuple[date, int]]
) -> None:
    """Midnight, both nights on which clocks change, and 29 February; in Berlin."""
    ana.office.start(now=start)
    ana.office.tracking.stop(who=ana.office.ana, now=start + timedelta(hours=hours))
    assert ana.days() == days
