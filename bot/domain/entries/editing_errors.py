"""What can go wrong while changing time entries that are there.

```
NotAllowed
+- NotYourEntry          another person's, and who asks manages neither the team nor its project
+- EntryOutOfReach       its owner may not, or no longer, see the project
NotFound
+- EntryDeleted          by whom and when, with the step that brings it back
+- NothingToEdit         nothing was tracked, or nothing that fits
AlreadyDone
+- EntryChanged          the form showed something older
```

Moments are in the owner's own zone.
"""

from datetime import datetime

from bot.domain.entries.editing import HistoryLine, Shown
from bot.domain.entries.entries import TaskLabel
from bot.domain.errors import AlreadyDone, NotAllowed, NotFound
from bot.domain.values import dataclass


@dataclass(eq=False)
class NotYourEntry(NotAllowed):
    """It belongs to somebody else."""


@dataclass(eq=False)
class EntryOutOfReach(NotAllowed):
    """Its owner is not on the project any more, or the tool does not show it to them."""

    project_name: str
    """Empty where that would tell too much."""
    owner: str = ""
    """Whose entry it is, where that is not who asks."""


@dataclass(eq=False)
class EntryDeleted(NotFound):
    """It was there once."""

    on: TaskLabel
    who: str
    """A name; empty where Hourlink itself acted."""
    by_asker: bool
    at: datetime
    now: datetime
    step: str
    """Takes it back, where who asks deleted it; else empty."""


@dataclass(eq=False)
class NothingToEdit(NotFound):
    """There is no such entry."""

    words: str
    """What was typed; empty where the last one was meant."""


@dataclass(eq=False)
class EntryChanged(AlreadyDone):
    """It is no longer what the form showed; nothing was changed."""

    present: Shown
    lines: tuple[HistoryLine, ...]
    """What happened since, newest first."""
