"""Several members track in any order while the clock moves; the rules hold after each command.

Never two running timers, never overlapping entries, and the same sums wherever they are told.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    rule,
    run_state_machine_as_test,
)

from bot.domain.clock_times import Ago, ClockRange, resolve_range
from bot.domain.days import DaysAgo
from bot.domain.entries.editing import Edit, Kind
from bot.domain.input_errors import BadInput
from bot.domain.periods import Period
from bot.domain.reports.reports import Group, ReportChoice
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import Logged
from tests.machines.fresh import SEARCH
from tests.machines.tracking_model import Length, Sheet, Span
from tests.machines.tracking_office import MORNINGS, ZONES, TrackingOffice, ago, clock, member, task

pytestmark = pytest.mark.long


class Tracking(TrackingOffice):
    """What they do."""

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


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_time_stays_right(database: str, request: pytest.FixtureRequest) -> None:
    """Whatever several members do in whatever order, on nights when clocks change too."""
    Tracking.fresh = staticmethod(request.getfixturevalue(f"fresh_{database}"))
    run_state_machine_as_test(Tracking, settings=SEARCH)
