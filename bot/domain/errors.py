"""What can go wrong, as data. The sentence for each is in ``bot/views/failures/``.

```
HourlinkError
+- NotAllowed            who asks may not do this
|  +- AdminOnly
|  +- OtherOrganisation  a person of another organisation, in a shared channel
|  +- NotYourButton      somebody else's confirmation
|  +- AccountNotConnected
|  +- NotOnProject
+- NotPossible           it cannot be done as things stand
|  +- NoTimerRunning, ProjectArchived, TaskUntrackable, EntryOverlaps, ...
+- NotFound              nothing is called that
+- AlreadyDone           somebody did it before; what happened is the answer
+- Busy                  the database cannot do it now
|  +- DatabaseAway       it cannot be reached
|     +- SavingRefused   it can, and stores nothing
```

A feature's own errors stand beside its values and inherit from one of these. Input that cannot
be understood is a ``BadInput`` (``bot/domain/input_errors.py``).
"""

from enum import StrEnum

from bot.domain.values import dataclass


class HourlinkError(Exception):
    """Root of everything that is expected to go wrong."""


class NotAllowed(HourlinkError):
    """Who asks may not do this."""


class NotPossible(HourlinkError):
    """It cannot be done as things stand."""


class NotFound(HourlinkError):
    """Nothing is called that, or it is another team's."""


class AlreadyDone(HourlinkError):
    """Somebody did it before."""


@dataclass(eq=False)
class AdminOnly(NotAllowed):
    """Only admins may do this."""

    admins: tuple[str, ...] = ()
    """Whom to ask, by name; the edge fills them in."""


class OtherOrganisation(NotAllowed):
    """People from other organisations never act here."""


class NotYourButton(NotAllowed):
    """The button belongs to somebody else."""


@dataclass(eq=False)
class Vanished(NotFound):
    """What a button or form points at is no longer there."""

    what: str
    """A noun of the glossary, for example ``task``."""


@dataclass(eq=False)
class Busy(HourlinkError):
    """The database cannot do it now; whoever asked may try again."""

    perhaps_saved: bool = False
    """This became clear while something was being saved, or after that: then nobody knows."""


class DatabaseAway(Busy):
    """The database cannot be reached at the moment."""


class Refusal(StrEnum):
    """Why a database stores nothing."""

    FULL = "full"
    READ_ONLY = "read only"
    DAMAGED = "damaged"


@dataclass(eq=False)
class SavingRefused(DatabaseAway):
    """The database is there and stores nothing, until somebody mends it."""

    why: Refusal = Refusal.DAMAGED


class TeamNotInstalled(HourlinkError):
    """Hourlink is not, or no longer, installed in this workspace."""
