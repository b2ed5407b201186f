"""Submitted weeks: how they move, and what they lock."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approval.locks import LockReason
from bot.domain.approval.week_sheets import (
    Part,
    PartState,
    SheetEvent,
    SheetState,
    WeekSheet,
    all_approved,
    decided_parts,
    moved,
    remind_at,
    submitted_parts,
)
from bot.domain.entries.entries import Entry
from bot.domain.ids import MemberId, ProjectId, SheetId, TeamId, TimeEntryId
from bot.domain.preferences import Absence, WorkHours
from bot.domain.working_time import WorkingTime

MONDAY = date(2026, 11, 16)
BERLIN = ZoneInfo("Europe/Berlin")
PROJECTS = st.integers(1, 4).map(ProjectId)
TOTALS = st.dictionaries(PROJECTS, st.integers(1, 90_000), max_size=4)
PARTS = st.lists(
    st.builds(Part, PROJECTS, st.integers(1, 90_000), st.sampled_from(PartState)),
    unique_by=lambda part: part.project_id,
    max_size=4,
).map(tuple)
SHEET = WeekSheet(SheetId(1), TeamId("T"), MemberId(1), MONDAY, SheetState.SUBMITTED)


def entry(day: date, project: int = 1, member: int = 1) -> Entry:
    """A minute on a day."""
    return Entry(
        TimeEntryId(1),
        TeamId("T"),
        MemberId(member),
        ProjectId(project),
        None,
        None,
        None,
        60,
        day,
        "",
    )


@given(st.lists(st.sampled_from(SheetEvent), max_size=12))
def test_a_week_is_approved_only_after_it_was_submitted(events: list[SheetEvent]) -> None:
    """Whatever is clicked in whatever order; what means nothing changes nothing."""
    state, waits = SheetState.OPEN, False
    for event in events:
        after = moved(state, event)
        if after is None:
            continue
        if after is SheetState.APPROVED:
            assert waits
        waits = after is SheetState.SUBMITTED
        state = after


@given(TOTALS, PARTS)
def test_what_was_approved_stays_so_while_it_is_the_same(
    totals: dict[ProjectId, int], before: tuple[Part, ...]
) -> None:
    """Nobody approves the same twice, and nothing that changed counts as approved."""
    kept = {part.project_id: part for part in before}
    parts = submitted_parts(totals, before)
    assert {part.project_id: part.seconds for part in parts} == totals
    for part in parts:
        was = kept.get(part.project_id)
        same = was is not None and was.state is PartState.APPROVED and was.seconds == part.seconds
        assert part.state is (PartState.APPROVED if same else PartState.WAITING)


@given(PARTS, st.frozensets(PROJECTS))
def test_deciding_touches_ones_own_parts_alone(
    parts: tuple[Part, ...], mine: frozenset[ProjectId]
) -> None:
    """A manager of one project does not approve another's."""
    after = decided_parts(parts, mine, PartState.APPROVED)
    for was, now in zip(parts, after, strict=True):
        assert now == (replace(was, state=PartState.APPROVED) if was.project_id in mine else was)
    assert all_approved(decided_parts(parts, {p.project_id for p in parts}, PartState.APPROVED))


@given(PARTS, st.sampled_from(SheetState), st.frozensets(PROJECTS))
def test_a_week_waits_for_nobody_unless_it_is_submitted(
    parts: tuple[Part, ...], state: SheetState, mine: frozenset[ProjectId]
) -> None:
    """A late click on an old message finds nothing to approve."""
    sheet = replace(SHEET, parts=parts, state=state)
    waiting = sheet.waiting(mine)
    assert not waiting or state is SheetState.SUBMITTED
    assert all(part.state is PartState.WAITING and part.project_id in mine for part in waiting)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (SheetState.OPEN, None),
        (SheetState.SUBMITTED, LockReason.SUBMITTED),
        (SheetState.APPROVED, LockReason.APPROVED),
        (SheetState.RETURNED, None),
    ],
)
def test_what_a_week_locks(state: SheetState, reason: LockReason | None) -> None:
    """All seven days of it, of its owner, and no other day."""
    sheet = replace(SHEET, state=state)
    for number in (0, 6):
        assert sheet.locks(entry(MONDAY + timedelta(days=number))) is reason
    assert sheet.locks(entry(MONDAY - timedelta(days=1))) is None
    assert sheet.locks(entry(MONDAY + timedelta(days=7))) is None
    assert sheet.locks(entry(MONDAY, member=2)) is None


@pytest.mark.parametrize("state", [SheetState.RETURNED, SheetState.OPEN])
def test_what_was_approved_stays_locked(state: SheetState) -> None:
    """Bo returned Operations, or Ana took the week back; Website was approved before that."""
    parts = (
        Part(ProjectId(1), 60, PartState.APPROVED),
        Part(ProjectId(2), 60, PartState.RETURNED),
    )
    sheet = replace(SHEET, state=state, parts=parts)
    assert sheet.locks(entry(MONDAY, project=1)) is LockReason.APPROVED
    assert sheet.locks(entry(MONDAY, project=2)) is None
    assert sheet.locks(entry(MONDAY, project=3)) is None


def test_each_returns_once() -> None:
    """A second click of the same person returns nothing again; somebody else still may."""
    parts = (
        Part(ProjectId(1), 60, PartState.RETURNED),
        Part(ProjectId(2), 60, PartState.WAITING),
    )
    sheet = replace(SHEET, state=SheetState.RETURNED, parts=parts)
    assert not sheet.returnable({ProjectId(1)})
    assert sheet.returnable({ProjectId(2)})


@pytest.mark.parametrize(
    ("work", "at"),
    [
        (WorkingTime(BERLIN), datetime(2026, 11, 20, 17, tzinfo=UTC)),
        (
            WorkingTime(BERLIN, WorkHours(frozenset({0, 2}))),
            datetime(2026, 11, 18, 17, tzinfo=UTC),
        ),
        (
            WorkingTime(BERLIN, WorkHours(start=time(22), end=time(6))),
            datetime(2026, 11, 21, 5, tzinfo=UTC),
        ),
        (
            WorkingTime(BERLIN, away=(Absence(date(2026, 11, 19), date(2026, 11, 30)),)),
            datetime(2026, 11, 18, 17, tzinfo=UTC),
        ),
        (WorkingTime(BERLIN, away=(Absence(date(2026, 11, 1), date(2026, 11, 30)),)), None),
    ],
)
def test_reminded_at_the_end_of_the_last_work_day(work: WorkingTime, at: datetime | None) -> None:
    """Of that person: part-timers earlier, and on leave not at all."""
    assert remind_at(MONDAY, work) == at
