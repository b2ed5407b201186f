"""What can go wrong with a report.

```
NotFound
+- NothingTrackedOn    no project or task of these words has time that this person may see
+- OnlyOthersTracked   it has none of their own, and other people's that they may see
+- ClientUnknown       no client, or more than one, is called that
NotPossible
+- OthersTimeUnseen    who manages nothing asked for somebody else's time
+- TooManyMeant        the words mean more projects than one report is about
```
"""

from bot.domain.errors import NotFound, NotPossible
from bot.domain.values import dataclass


@dataclass(eq=False)
class NothingTrackedOn(NotFound):
    """Nothing that this person tracked time on is called that."""

    words: str
    near: tuple[str, ...]
    """Names of projects that are spelled like it."""


@dataclass(eq=False)
class OnlyOthersTracked(NotFound):
    """A report of one's own time about what only others tracked; they may see that."""

    words: str


@dataclass(eq=False)
class ClientUnknown(NotFound):
    """No client, or more than one, is called that."""

    name: str
    matches: tuple[str, ...] = ()


@dataclass(eq=False)
class OthersTimeUnseen(NotPossible):
    """Who sees their own time alone asked for somebody else's."""

    name: str


@dataclass(eq=False)
class TooManyMeant(NotPossible):
    """The words mean so many projects that no report is about them."""

    words: str
    count: int
