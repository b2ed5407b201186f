"""When time can no longer be changed (T13), and what can go wrong about that.

```
NotPossible
+- TimeLocked            on which day, why, and who can unlock it
```
"""

from datetime import date
from enum import StrEnum

from bot.domain.errors import NotPossible
from bot.domain.ids import MemberId, ProjectId, SheetId
from bot.domain.preferences import TeamSettings
from bot.domain.values import dataclass


class LockReason(StrEnum):
    """Why time cannot be changed any more."""

    AGE = "age"
    """It is older than the team's lock period."""
    MONTH = "month"
    """Its month was closed."""
    SUBMITTED = "submitted"
    """Its week was submitted and waits for an answer."""
    APPROVED = "approved"
    """Its week, or its project's part of it, was approved."""


def locked_by(day: date, today: date, team: TeamSettings) -> LockReason | None:
    """Why time on a day cannot be changed; None where it can.

    Args:
        day: The entry's local day.
        today: The local day of the entry's owner.
        team: What the team chose.
    """
    if team.closed_through is not None and day <= team.closed_through:
        return LockReason.MONTH
    if team.lock_after_days is not None and (today - day).days > team.lock_after_days:
        return LockReason.AGE
    return None


@dataclass(eq=False)
class TimeLocked(NotPossible):
    """Time on this day cannot be changed; nothing was."""

    day: date
    reason: LockReason
    member_id: MemberId
    """Whose time it is."""
    project_id: ProjectId
    project_name: str
    after_days: int | None
    """The team's lock period."""
    managers: tuple[str, ...] = ()
    """Names of the project's managers."""
    admins: tuple[str, ...] = ()
    """Names of the admins."""
    is_own: bool = True
    """It is the time of who asks."""
    may_unlock: bool = False
    """Who asks may open it."""
    sheet: tuple[SheetId, int] | None = None
    """The week that was submitted or approved, and in which round."""
