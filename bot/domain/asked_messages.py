"""Questions that several people are asked in direct messages, and that one of them answers."""

from collections.abc import Mapping

from bot.domain.ids import MemberId, TeamId
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class AskedMessage:
    """Where one of them was asked."""

    member_id: MemberId
    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what shows in its messages how it ended."""

    team_id: TeamId
    subject: str
    """What is asked about, as ``sheet:7:2``: week 7, submitted for the second time."""
    kind: str
    """The outbox kind of showing the answer; its payload has the message and its reader, too."""
    payload: Mapping[str, int]
    """What that needs to know besides."""
