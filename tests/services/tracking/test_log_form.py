"""The form *Log time* (T9), on both databases."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest

from bot.domain.clock_times import ClockRange
from bot.domain.days import CalendarDay
from bot.domain.entries.entries import OnProject, OnTask
from bot.domain.input_errors import DayInTheFuture, DurationOutOfRange, InTheFuture
from bot.domain.preferences import TeamSettings
from bot.domain.tracking.tracking import Logged
from bot.domain.tracking.tracking_errors import (
    AccountNotConnected,
    AlreadyLogged,
    EntryOverlaps,
    NothingToTrackOn,
    TargetUnknown,
    TaskRequired,
)
from bot.services.tracking.log_form import LogForm
from storage import teams
from storage.projects.projects import ProjectRow
from tests.builders import NOON
from tests.services.editor import EIGHT, HOUR, TODAY
from tests.services.office import Office


class Clerk(Office):
    """The office, with the form."""

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.form = LogForm(self.world.uow, self.world.new_marker(), str.capitalize)

    def logs(
        self,
        amount: int | ClockRange,
        *,
        target: OnTask | OnProject | None = None,
        day: date = TODAY,
        request_id: str = "",
    ) -> Logged:
        """Ana sends the form."""
        return self.time_log.log_on(
            who=self.ana,
            target=target or OnTask(self.web12),
            amount=amount,
            day=CalendarDay(day.month, day.day, day.year),
            note="",
            now=NOON,
            request_id=request_id or self.world.new_marker()(),
        )


@pytest.fixture
def office(database_url: str) -> Iterator[Clerk]:
    """Give the office."""
    made = Clerk(database_url)
    yield made
    made.world.close()


def test_the_form_begins_with_the_last_choice(office: Clerk) -> None:
    """Nothing, what was tracked, then what was logged: its task and length, or from and to."""
    nothing = office.form.begins(who=office.ana, now=NOON)
    assert (nothing.on, nothing.seconds, nothing.by_clock) == (None, None, False)
    office.world.entry(office.ana, office.website, office.web9, EIGHT, EIGHT + HOUR)
    tracked = office.form.begins(who=office.ana, now=NOON)
    assert (tracked.on and tracked.on.key, tracked.start, tracked.end) == (
        "WEB-9",
        time(10),
        time(13),
    )
    office.logs(5400, day=date(2026, 11, 18))
    by_length = office.form.begins(who=office.ana, now=NOON + timedelta(hours=1))
    assert (by_length.on and by_length.on.key, by_length.seconds) == ("WEB-12", 5400)
    assert by_length.day == TODAY
    office.logs(ClockRange(time(10), time(11)), target=OnTask(office.web9))
    by_clock = office.form.begins(who=office.ana, now=NOON + timedelta(hours=1))
    assert (by_clock.by_clock, by_clock.start, by_clock.end) == (True, time(11), time(14))


def test_what_can_no_longer_be_tracked_is_not_proposed(office: Clerk) -> None:
    """The project was archived since."""
    office.logs(600)
    office.change(ProjectRow, office.website, archived_at=NOON)
    with pytest.raises(NothingToTrackOn):
        office.form.begins(who=office.ana, now=NOON)
    office.world.joins(office.ana, office.world.project("Office move", "MOVE"))
    assert office.form.begins(who=office.ana, now=NOON).on is None


def test_no_form_opens_that_nothing_could_be_chosen_in(office: Clerk) -> None:
    """Who has yet to connect is told so; an admin may still log on an archived project."""
    bo = office.world.member("bo")
    with pytest.raises(AccountNotConnected):
        office.form.begins(who=bo, now=NOON)
    office.connect(office.admin)
    office.change(ProjectRow, office.website, archived_at=NOON)
    assert office.form.begins(who=office.admin, now=NOON).on is None


def test_tasks_and_projects_are_offered(office: Clerk) -> None:
    """Projects as such only where the team tracks on them; nobody's that one is not on."""
    office.world.project("Secret", "SEC")
    offer = office.form.offers(who=office.ana, text="", now=NOON)
    assert [one.on.key for one in offer.tasks] == ["WEB-9", "WEB-12"]
    assert [one.on.name for one in offer.projects] == ["Website"]
    assert office.form.offers(who=office.ana, text="foot", now=NOON).projects == ()
    assert office.logs(600, target=OnProject(office.website)).on.name == "Website"
    with office.world.uow.begin() as tx:
        settings = TeamSettings(time_without_task=False)
        teams.save_settings(tx, office.world.team_id, settings)
    assert office.form.offers(who=office.ana, text="", now=NOON).projects == ()
    with pytest.raises(TaskRequired):
        office.logs(600, target=OnProject(office.website))
    with pytest.raises(TargetUnknown):
        office.logs(600, target=OnTask(office.web12 * 1000))  # type: ignore[arg-type]


def test_what_would_be_saved_is_told_and_not_saved(office: Clerk) -> None:
    """The length, the cut at midnight, the day with it, and whose time is taken."""
    office.world.entry(office.ana, office.website, office.web9, EIGHT, EIGHT + HOUR)

    def would(amount: int | ClockRange, day: date = TODAY) -> tuple[int, int, int, bool]:
        found = office.form.would_log(who=office.ana, amount=amount, day=day, now=NOON)
        return (found.seconds, found.day_total, len(found.taken), found.refused)

    assert would(5400) == (5400, 9000, 0, False)
    assert would(ClockRange(time(10), time(12))) == (7200, 10800, 0, False)
    assert would(ClockRange(time(9, 30), time(12))) == (9000, 12600, 1, True)
    yesterday = TODAY - timedelta(days=1)
    assert would(ClockRange(time(23), time(1)), yesterday) == (7200, 3600, 0, False)
    for amount, day, refused in (
        (5400, TODAY + timedelta(days=1), DayInTheFuture),
        (90_000, TODAY, DurationOutOfRange),
        (ClockRange(time(12), time(14)), TODAY, InTheFuture),
    ):
        with pytest.raises(refused):
            would(amount, day)
    assert len(office.entries()) == 1


def test_sent_twice_is_logged_once(office: Clerk) -> None:
    """A double click on *Log*; and a refused one can be sent again."""
    office.world.entry(office.ana, office.website, office.web9, EIGHT, EIGHT + HOUR)
    with pytest.raises(EntryOverlaps):
        office.logs(ClockRange(time(9), time(11)), request_id="view:1")
    office.logs(ClockRange(time(10), time(11)), request_id="view:1")
    with pytest.raises(AlreadyLogged):
        office.logs(ClockRange(time(11), time(12)), request_id="view:1")
    assert len(office.entries()) == 2
