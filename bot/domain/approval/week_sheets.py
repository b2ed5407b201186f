"""Weeks that are submitted and approved (T14).

A week goes in as a whole and is approved by its projects: each part by a manager of that project,
or an admin. When the last part is approved, the week is. Whoever returns a part returns the week,
with a comment; parts that were approved stay so, and their time stays locked.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.approval.locks import LockReason
from bot.domain.entries.entries import Entry
from bot.domain.ids import MemberId, ProjectId, SheetId, TeamId
from bot.domain.values import dataclass
from bot.domain.working_time import WorkingTime

_WEEK = timedelta(days=7)
_ONE_DAY = timedelta(days=1)


class SheetState(StrEnum):
    """Where a week stands."""

    OPEN = "open"
    """Not submitted, or taken back."""
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class PartState(StrEnum):
    """Where the time on one project of a submitted week stands."""

    WAITING = "waiting"
    RETURNED = "returned"
    APPROVED = "approved"


class SheetEvent(StrEnum):
    """What can happen to a week."""

    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    APPROVE = "approve"
    """The last of its parts."""
    RETURN = "return"


_S, _E = SheetState, SheetEvent

SHEET_MOVES: Mapping[tuple[SheetState, SheetEvent], SheetState] = {
    (_S.OPEN, _E.SUBMIT): _S.SUBMITTED,
    (_S.RETURNED, _E.SUBMIT): _S.SUBMITTED,
    (_S.SUBMITTED, _E.TAKE_BACK): _S.OPEN,
    (_S.SUBMITTED, _E.APPROVE): _S.APPROVED,
    (_S.SUBMITTED, _E.RETURN): _S.RETURNED,
    (_S.APPROVED, _E.RETURN): _S.RETURNED,
    # Somebody else's parts, or those that were approved before it was returned.
    (_S.RETURNED, _E.RETURN): _S.RETURNED,
}
"""Every allowed move; a pair that is not here changes nothing."""


def moved(state: SheetState, event: SheetEvent) -> SheetState | None:
    """The state an event leads to, or None when it means nothing in this state."""
    return SHEET_MOVES.get((state, event))


@dataclass(frozen=True, slots=True)
class Part:
    """The time on one project of a week, as it was submitted."""

    project_id: ProjectId
    seconds: int
    state: PartState = PartState.WAITING


@dataclass(frozen=True, slots=True)
class WeekSheet:
    """A member's week and where it stands."""

    id: SheetId
    team_id: TeamId
    member_id: MemberId
    first: date
    state: SheetState
    parts: tuple[Part, ...] = ()
    submitted_at: datetime | None = None
    round: int = 0
    """How often it was submitted."""
    comment: str = ""
    """Of who returned it last."""
    wish: str = ""
    """Why its owner asked to get it back."""
    moved_by: MemberId | None = None
    """Who brought it where it stands."""
    moved_at: datetime | None = None

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first + _WEEK - _ONE_DAY

    @property
    def seconds(self) -> int:
        """What was submitted in all."""
        return sum(part.seconds for part in self.parts)

    def waiting(self, project_ids: Collection[ProjectId] | None) -> tuple[Part, ...]:
        """The parts that wait, on these projects or (None) on any; none unless it is submitted."""
        if self.state is not SheetState.SUBMITTED:
            return ()
        return tuple(
            part
            for part in self.parts
            if part.state is PartState.WAITING
            and (project_ids is None or part.project_id in project_ids)
        )

    def returnable(self, project_ids: Collection[ProjectId]) -> bool:
        """Whether who decides on these projects can return the week: once, each of them."""
        return moved(self.state, SheetEvent.RETURN) is not None and any(
            part.project_id in project_ids and part.state is not PartState.RETURNED
            for part in self.parts
        )

    def locks(self, entry: Entry) -> LockReason | None:
        """Why an entry of this member cannot be changed, as far as this week goes."""
        if entry.member_id != self.member_id or not self.first <= entry.work_date <= self.last:
            return None
        if self.state is SheetState.APPROVED:
            return LockReason.APPROVED
        if self.state is SheetState.SUBMITTED:
            return LockReason.SUBMITTED
        return LockReason.APPROVED if entry.project_id in self.approved else None

    @property
    def approved(self) -> frozenset[ProjectId]:
        """The projects whose parts are approved, also while the week is changed otherwise."""
        return frozenset(p.project_id for p in self.parts if p.state is PartState.APPROVED)


def submitted_parts(totals: Mapping[ProjectId, int], before: Sequence[Part]) -> tuple[Part, ...]:
    """The parts of a week that is submitted; what was approved and did not change stays so."""
    approved = {p.project_id: p.seconds for p in before if p.state is PartState.APPROVED}
    return tuple(
        Part(
            project_id,
            seconds,
            PartState.APPROVED if approved.get(project_id) == seconds else PartState.WAITING,
        )
        for project_id, seconds in totals.items()
    )


def decided_parts(
    parts: Sequence[Part], project_ids: Collection[ProjectId], state: PartState
) -> tuple[Part, ...]:
    """The parts after somebody approved or returned those of some projects."""
    return tuple(
        Part(part.project_id, part.seconds, state) if part.project_id in project_ids else part
        for part in parts
    )


def all_approved(parts: Sequence[Part]) -> bool:
    """Whether nothing waits any more."""
    return all(part.state is PartState.APPROVED for part in parts)


def remind_at(first: date, work: WorkingTime) -> datetime | None:
    """When a member is reminded to submit a week: at the end of its last work day.

    None where they do not work in it at all.
    """
    days = [first + number * _ONE_DAY for number in range(7)]
    at_work = [day for day in days if work.is_work_day(day)]
    return work.ends(at_work[-1]) if at_work else None
