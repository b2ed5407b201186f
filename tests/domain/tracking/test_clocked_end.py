"""A timer's end, as a clock showed it."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import ProjectId, TimeEntryId
from bot.domain.input_errors import InTheFuture
from bot.domain.tracking.clocked_end import clocked_end
from bot.domain.tracking.tracking import RunningTimer
from bot.domain.tracking.tracking_errors import StopsBeforeStart

BERLIN = ZoneInfo("Europe/Berlin")


def ended(since: datetime, now: datetime, clock: time, day: date | None = None) -> str:
    """When, in UTC, for moments on a clock in Berlin."""
    on = TaskLabel(ProjectId(1), "Website", None, "", "", "")
    timer = RunningTimer(TimeEntryId(1), on, since, now, "")
    return f"{clocked_end(timer, day, clock, BERLIN).astimezone(UTC):%d %H:%M}"


def test_today_unless_a_day_is_said() -> None:
    """With the day where the timer runs since another."""
    since, now = (
        datetime(2026, 11, 19, 20, tzinfo=BERLIN),
        datetime(2026, 11, 20, 13, tzinfo=BERLIN),
    )
    assert ended(since, now, time(12, 30)) == "20 11:30"
    assert ended(since, now, time(12, 30), date(2026, 11, 20)) == "20 11:30"
    assert ended(since, now, time(23), date(2026, 11, 19)) == "19 22:00"


def test_yesterday_where_midnight_came_before_the_form_was_sent() -> None:
    """Opened at 23:55 it asks for no day, and 23:50 is a minute ago, not in a day."""
    since, now = (
        datetime(2026, 11, 19, 20, tzinfo=BERLIN),
        datetime(2026, 11, 20, 0, 2, tzinfo=BERLIN),
    )
    assert ended(since, now, time(23, 50)) == "19 22:50"
    assert ended(since, now, time(0, 1)) == "19 23:01"
    with pytest.raises(InTheFuture):
        ended(since, now, time(19))


def test_not_before_the_start_nor_to_come() -> None:
    """The start itself is no end."""
    since, now = datetime(2026, 11, 20, 9, tzinfo=BERLIN), datetime(2026, 11, 20, 13, tzinfo=BERLIN)
    with pytest.raises(StopsBeforeStart):
        ended(since, now, time(9))
    with pytest.raises(StopsBeforeStart):
        ended(since, now, time(12), date(2026, 11, 19))
    with pytest.raises(InTheFuture):
        ended(since, now, time(13, 1))


def test_the_later_of_two_that_the_clock_showed() -> None:
    """In the night in which it is set back."""
    since, now = datetime(2026, 10, 25, 1, tzinfo=BERLIN), datetime(2026, 10, 25, 9, tzinfo=BERLIN)
    assert ended(since, now, time(2, 30)) == "25 01:30"
