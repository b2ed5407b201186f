"""Several members track in any order while the clock moves; the rules hold after each command.

Never two running timers, never overlapping entries, and the same sums wherever they are told.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.domain.clock_times import Ago, ClockRange, resolve_range
from bot.domain.days import DaysAgo
from bot.domain.entries.editing import Edit, Kind, Shown
from bot.domain.entries.entries import OnTask
from bot.domain.errors import HourlinkError
from bot.domain.ids import TimeEntryId
from bot.domain.input_errors import BadInput
from bot.domain.periods import Period
from bot.domain.reports.reports import Group, Narrowed, ReportChoice
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.spans import share_time
from bot.domain.tracking.tracking import Logged
from bot.services.entries.editing import Entries
from bot.services.entries.files import EntryFiles
from bot.services.reports.own import Reports
from storage.entries.time_entries import TimeEntryRow
from tests.machines.fresh import SEARCH, Fresh
from tests.machines.tracking_model import Desk, Length, Sheet, Span
from tests.services.office import Office

pytestmark = pytest.mark.long

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


class Tracking(RuleBasedStateMachine):
    """The services on a real database, beside the model."""

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

    @initialize(now=st.sampled_from(MORNINGS))
    def begins(self, now: datetime) -> None:
        """On the eve of a day that is easy to get wrong."""
        self.now = now

    @rule(seconds=st.integers(1, 4 * 3600))
    def waits(self, seconds: int) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)

    @rule(hours=st.integers(5, 30))
    def sleeps(self, hours: int) -> None:
        """A night, or a forgotten timer."""
        self.now += timedelta(hours=hours)

    @rule(who=member, on=task, since=ago)
    def starts(self, who: str, on: str, since: int | None) -> None:
        """``/track start``, now or some time ago."""
        desk = self.desks[who]
        running, at = desk.sheet.running, self.now - timedelta(seconds=since or 0)
        done = self._tried(
            lambda: self.office.tracking.start(
                who=self.people[who],
                ref=KeyRef(on),
                now=self.now,
                when=None if since is None else Ago(since),
            )
        )
        allowed = running is None or running.task != on
        if since is not None:
            allowed = allowed and (running is None or at > running.start)
            allowed = allowed and not desk.sheet.overlaps(at, None)
        assert (done is not None) == allowed, (who, on, since)
        if done is not None:
            if running is not None:
                at = max(at, running.start)
            desk.does(desk.sheet.stopped(at).with_span(Span(on, at)), self.now)

    @rule(who=member, since=ago)
    def stops(self, who: str, since: int | None) -> None:
        """``/track stop``, now or some time ago."""
        desk = self.desks[who]
        running, at = desk.sheet.running, self.now - timedelta(seconds=since or 0)
        done = self._tried(
            lambda: self.office.tracking.stop(
                who=self.people[who],
                now=self.now,
                when=None if since is None else Ago(since),
            )
        )
        allowed = running is not None and (since is None or at > running.start)
        assert (done is not None) == allowed
        if done is not None:
            desk.does(desk.sheet.stopped(at), self.now)

    @rule(who=member)
    def resumes(self, who: str) -> None:
        """``/track resume``."""
        desk = self.desks[who]
        done = self._tried(lambda: self.office.tracking.resume(who=self.people[who], now=self.now))
        has_any = bool(desk.sheet.spans or desk.sheet.lengths)
        assert (done is not None) == (has_any and desk.sheet.running is None)
        if done is not None:
            desk.does(desk.sheet.with_span(Span(done.timer.on.key, self.now)), self.now)

    @rule(who=member)
    def cancels(self, who: str) -> None:
        """``/track cancel``."""
        desk = self.desks[who]
        done = self._tried(lambda: self.office.tracking.cancel(who=self.people[who], now=self.now))
        assert (done is not None) == (desk.sheet.running is not None)
        if done is not None:
            desk.does(desk.sheet.without_timer(), self.now)

    @rule(who=member, on=task, seconds=st.integers(1, 24 * 3600), yesterday=st.booleans())
    def logs_a_length(self, who: str, on: str, seconds: int, yesterday: bool) -> None:  # noqa: FBT001
        """``/track log 1h30m``: it overlaps nothing."""
        desk = self.desks[who]
        done = self._log(who, on, seconds, DaysAgo(1) if yesterday else None)
        today = self.now.astimezone(ZoneInfo(ZONES[who])).date()
        day = today - timedelta(days=1) if yesterday else today
        assert isinstance(done, Logged)
        assert (done.day, done.seconds) == (day, seconds)
        desk.does(desk.sheet.with_length(Length(on, day, seconds)), self.now)

    @rule(who=member, on=task, start=clock, end=clock)
    def logs_a_range(self, who: str, on: str, start: time, end: time) -> None:
        """``/track log 14:00-15:30``: refused where the time is taken."""
        desk = self.desks[who]
        span = ClockRange(start, end)
        try:
            meant = resolve_range(span, None, self.now, ZoneInfo(ZONES[who]))
        except BadInput:
            meant = None  # the future, a whole long day, a time that does not exist
        done = self._tried(lambda: self._log(who, on, span, None))
        assert (done is not None) == (meant is not None and not desk.sheet.overlaps(*meant))
        if done is None:
            return
        assert isinstance(done, Logged)
        assert done.start is not None
        assert done.end is not None
        first, last = done.start.astimezone(UTC), done.end.astimezone(UTC)
        assert last <= self.now
        assert done.start.timetz().replace(tzinfo=None) == start
        assert done.end.timetz().replace(tzinfo=None) == end
        assert not desk.sheet.overlaps(first, last)
        desk.does(desk.sheet.with_span(Span(on, first, last)), self.now)

    @rule(who=member, number=st.integers(0, 9), start=clock, end=clock, to=st.none() | task)
    def edits_a_span(self, who: str, number: int, start: time, end: time, to: str | None) -> None:
        """The edit form, with other clock times and perhaps another task."""
        desk = self.desks[who]
        shown = self._some(who, number, Kind.SPAN)
        if shown is None or shown.start is None or shown.end is None:
            return
        edit = Edit(shown.note, shown.day, self._target(to), start, end)
        done = self._tried(
            lambda: self.entries.save(
                who=self.people[who],
                entry_id=shown.entry_id,
                version=shown.version,
                edit=edit,
                now=self.now,
            )
        )
        if done is None or not done.step:
            return
        assert done.after.start is not None
        assert done.after.end is not None
        first, last = done.after.start.astimezone(UTC), done.after.end.astimezone(UTC)
        old = shown.start.astimezone(UTC)
        rest = Sheet(tuple(one for one in desk.sheet.spans if one.start != old), desk.sheet.lengths)
        assert len(rest.spans) == len(desk.sheet.spans) - 1
        assert not rest.overlaps(first, last)
        assert last <= self.now
        desk.does(rest.with_span(Span(to or shown.on.key, first, last)), self.now)

    @rule(who=member, number=st.integers(0, 9), seconds=st.integers(1, 24 * 3600))
    def edits_a_length(self, who: str, number: int, seconds: int) -> None:
        """The edit form of a length: it overlaps nothing, so nothing stands against it."""
        desk = self.desks[who]
        shown = self._some(who, number, Kind.LENGTH)
        if shown is None:
            return
        done = self.entries.save(
            who=self.people[who],
            entry_id=shown.entry_id,
            version=shown.version,
            edit=Edit(shown.note, shown.day, seconds=seconds),
            now=self.now,
        )
        if done.step:
            rest = desk.sheet.without_length(Length(shown.on.key, shown.day, shown.seconds))
            desk.does(rest.with_length(Length(shown.on.key, shown.day, seconds)), self.now)

    @rule(who=member, number=st.integers(0, 9), kind=st.sampled_from(Kind))
    def deletes(self, who: str, number: int, kind: Kind) -> None:
        """*Delete*: all linked parts of it, and nothing else."""
        desk = self.desks[who]
        shown = self._some(who, number, kind)
        if shown is None:
            return
        self.entries.delete(who=self.people[who], entry_id=shown.entry_id, now=self.now)
        if shown.start is None:
            rest = desk.sheet.without_length(Length(shown.on.key, shown.day, shown.seconds))
        else:
            old = shown.start.astimezone(UTC)
            spans = tuple(one for one in desk.sheet.spans if one.start != old)
            rest = Sheet(spans, desk.sheet.lengths)
        desk.does(rest, self.now)

    @rule(who=member, by=member, number=st.integers(0, 9), kind=st.sampled_from(Kind))
    def is_not_theirs(self, who: str, by: str, number: int, kind: Kind) -> None:
        """Somebody else's entry is neither edited nor deleted by a member."""
        shown = self._some(who, number, kind)
        if shown is None or by == who:
            return
        edit = Edit("mine now", shown.day, seconds=60)
        changed = self._tried(
            lambda: self.entries.save(
                who=self.people[by],
                entry_id=shown.entry_id,
                version=shown.version,
                edit=edit,
                now=self.now,
            )
        )
        gone = self._tried(
            lambda: self.entries.delete(who=self.people[by], entry_id=shown.entry_id, now=self.now)
        )
        assert changed is None
        assert gone is None

    @rule(who=member)
    def undoes(self, who: str) -> None:
        """``/track undo``: the last thing, within half a day, once."""
        desk = self.desks[who]
        done = self._tried(
            lambda: self.office.undoing.undo_last(who=self.people[who], now=self.now)
        )
        lately = desk.last is not None and desk.last.at >= self.now - timedelta(hours=12)
        assert (done is not None) == lately
        if done is not None and desk.last is not None:
            desk.sheet, desk.last = desk.last.before, None

    @rule(who=member, group=st.sampled_from((Group.TASK, Group.DAY, Group.PROJECT)))
    def reads_a_report(self, who: str, group: Group) -> None:
        """``/track report`` over everything tells the same sums, however it is grouped.

        So does its file, row by row.
        """
        sheet, zone = self.desks[who].sheet, ZoneInfo(ZONES[who])
        tracked = [day for day, seconds in sheet.days(self.now, zone).items() if seconds]
        days = tracked or [self.now.astimezone(zone).date()]
        choice = ReportChoice(Period(min(days), max(days) + timedelta(days=1)), group)
        told = self.reports.chosen(who=self.people[who], now=self.now, choice=choice)
        wanted = sheet.tasks(self.now, zone, days)
        assert told.total == wanted.total() == sum(row.seconds for row in told.rows)
        assert self._exported(who, choice.period) == (
            {day: seconds for day, seconds in sheet.days(self.now, zone).items() if seconds},
            {key: seconds for key, seconds in wanted.items() if seconds},
        )
        if group is Group.TASK:
            by_key = {row.name.key: row.seconds for row in told.rows if row.seconds}  # type: ignore[union-attr]
            assert by_key == {key: seconds for key, seconds in wanted.items() if seconds}

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


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_time_stays_right(database: str, request: pytest.FixtureRequest) -> None:
    """Whatever several members do in whatever order, on nights when clocks change too."""
    Tracking.fresh = staticmethod(request.getfixturevalue(f"fresh_{database}"))
    run_state_machine_as_test(Tracking, settings=SEARCH)
