"""The office of the tracking story: services on a real database beside the model, compared."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
)

from bot.domain.clock_times import ClockRange
from bot.domain.days import DaysAgo
from bot.domain.entries.editing import Kind, Shown
from bot.domain.entries.entries import OnTask
from bot.domain.errors import HourlinkError
from bot.domain.ids import TimeEntryId
from bot.domain.input_errors import BadInput
from bot.domain.periods import Period
from bot.domain.reports.reports import Narrowed
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.spans import share_time
from bot.services.entries.editing import Entries
from bot.services.entries.files import EntryFiles
from bot.services.reports.own import Reports
from storage.entries.time_entries import TimeEntryRow
from tests.machines.fresh import Fresh
from tests.machines.tracking_model import Desk
from tests.services.office import Office

ZONES = {
    "ana": "Europe/Berlin",
    "bo": "America/Santiago",  # its clocks change at midnight
    "cleo": "Asia/Kathmandu",
}
MORNINGS = (
    datetime(2026, 3, 28, 20, tzinfo=UTC),  # before Berlin's clocks go forward
    datetime(2026, 10, 24, 20, tzinfo=UTC),  # before they go back
    datetime(2026, 9, 5, 20, tzinfo=UTC),  # before Santiago's day that has no midnight
    datetime(2028, 2, 28, 20, tzinfo=UTC),  # before a leap day
    datetime(2026, 12, 31, 20, tzinfo=UTC),
)
TASKS = ("WEB-12", "WEB-9")
Result = TypeVar("Result")

member = st.sampled_from(sorted(ZONES))
task = st.sampled_from(TASKS)
ago = st.none() | st.integers(0, 5 * 3600)
clock = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
"""What people type; the same minute twice, and midnights, come up often."""


class TrackingOffice(RuleBasedStateMachine):
    """Where several members track, and what must hold after whatever they do."""

    fresh: Fresh

    def __init__(self) -> None:
        super().__init__()
        self._database = self.fresh()
        self.office = Office(self._database.__enter__())
        self.people = {"ana": self.office.ana}
        for name, zone in list(ZONES.items())[1:]:
            self.people[name] = self.office.world.member(name, zone=zone)
            self.office.connect(self.people[name])
            self.office.world.joins(self.people[name], self.office.website)
        self.desks = {name: Desk() for name in ZONES}
        world = self.office.world
        self.entries = Entries(world.uow, world.new_marker(), str.capitalize)
        self.reports = Reports(world.uow)
        self.files = EntryFiles(world.uow)
        self.requests = 0
        self.now = MORNINGS[0]

    def teardown(self) -> None:
        """Lets the database go."""
        self.office.world.close()
        self._database.__exit__(None, None, None)

    # What must hold

    @invariant()
    def one_timer_each(self) -> None:
        """The database holds the timer that the model has, and no other."""
        for name, desk in self.desks.items():
            found = [one for one in self.office.entries(self.people[name]) if one.seconds is None]
            running = desk.sheet.running
            assert [one.started_at for one in found] == ([running.start] if running else [])

    @invariant()
    def nothing_overlaps(self) -> None:
        """Spans of one person touch at most, by the minute; each lies within one local day."""
        for name, zone_name in ZONES.items():
            zone = ZoneInfo(zone_name)
            spans = sorted(
                (one.started_at, one.ended_at or self.now, one.work_date)
                for one in self.office.entries(self.people[name])
                if one.started_at is not None
            )
            for before, after in pairwise(spans):
                assert not share_time(before[0], before[1], after[0], after[1])
            for start, _, day in spans:
                assert start.astimezone(zone).date() == day

    @invariant()
    def sums_agree(self) -> None:
        """Status, today, week and the database tell what the model counted minute by minute."""
        for name, desk in self.desks.items():
            who, zone = self.people[name], ZoneInfo(ZONES[name])
            days = desk.sheet.days(self.now, zone)
            today = self.now.astimezone(zone).date()
            status = self.office.tracking.status(who=who, now=self.now)
            day = self.office.timesheet.day(who=who, now=self.now)
            week = self.office.timesheet.week(who=who, now=self.now)
            assert status.today == day.total == sum(line.seconds for line in day.lines)
            assert status.today == days[today]
            assert [one.seconds for one in week.days] == [days[one.date] for one in week.days]
            assert week.total == sum(days[one.date] for one in week.days)
            tasks = desk.sheet.tasks(self.now, zone, [one.date for one in week.days])
            assert {on.key: seconds for on, seconds in week.tasks} == {
                key: seconds for key, seconds in tasks.items() if seconds
            }

    # Underneath

    def _some(self, who: str, number: int, kind: Kind) -> Shown | None:
        """One of their entries of a kind, as a form shows it."""
        rows = [one for one in self.office.entries(self.people[who]) if _kind(one) is kind]
        if not rows:
            return None
        chosen = rows[number % len(rows)].id
        assert chosen is not None
        return self.entries.form(who=self.people[who], entry_id=TimeEntryId(chosen), now=self.now)

    def _exported(self, who: str, period: Period) -> tuple[Counter[date], Counter[str]]:
        """The seconds of each day and task in the file that *As CSV* sends."""
        member = self.people[who]
        *_, file = self.files.making(member.team_id, member.id, period, Narrowed(), self.now)
        text = bytes(file.content).decode("utf-8-sig")
        days: Counter[date] = Counter()
        tasks: Counter[str] = Counter()
        for row in csv.DictReader(io.StringIO(text, newline="")):
            days[date.fromisoformat(row["date"])] += int(row["seconds"])
            tasks[row["task"]] += int(row["seconds"])
            if row["start"] and row["end"]:
                start, end = (
                    datetime.fromisoformat(row[name]).replace(tzinfo=ZoneInfo(row["zone"]))
                    for name in ("start", "end")
                )
                assert row["start"][:10] == row["date"]
                assert start <= end
        assert file.seconds == days.total()
        return days, tasks

    def _target(self, key: str | None) -> OnTask | None:
        tasks = {"WEB-12": self.office.web12, "WEB-9": self.office.web9}
        return None if key is None else OnTask(tasks[key])

    def _log(self, who: str, on: str, amount: int | ClockRange, day: DaysAgo | None) -> object:
        self.requests += 1
        return self.office.time_log.log(
            who=self.people[who],
            ref=KeyRef(on),
            amount=amount,
            day=day,
            note="",
            now=self.now,
            request_id=f"request {self.requests}",
        )

    def _tried(self, call: Callable[[], Result]) -> Result | None:
        try:
            return call()
        except (HourlinkError, BadInput):
            return None


def _kind(row: TimeEntryRow) -> Kind:
    if row.seconds is None:
        return Kind.TIMER
    return Kind.LENGTH if row.started_at is None else Kind.SPAN
