"""Work owed to the outside, as it is handed to whoever delivers it."""

from collections.abc import Mapping

from bot.domain.ids import OutboxId, TeamId
from bot.domain.values import dataclass


class DeliveryTakenOver(Exception):
    """It took so long that another worker has this piece of work in hand now, or it is over."""


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One piece of work."""

    id: OutboxId
    team_id: TeamId
    kind: str
    payload: Mapping[str, int | str | None]
    """Ids of what is meant."""
    marker: str
    attempts: int
    """How often it was taken up before."""
    may_have_happened: bool
    """An earlier attempt ended without an answer: look for the marker before repeating."""

    def id_of(self, name: str) -> int:
        """One of the payload's ids.

        Raises:
            TypeError: it is not there.
        """
        value = self.payload.get(name)
        if not isinstance(value, int):
            raise TypeError(f"{self.kind} without {name}")
        return value
