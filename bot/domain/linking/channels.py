"""A Slack channel, as far as an announcement cares."""

from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    """Who reads it, and whether Hourlink can write there."""

    id: str
    is_public: bool
    """Everybody in the workspace can read it."""
    is_shared: bool = False
    """People of other organisations can read it too."""
    is_archived: bool = False
    is_member: bool = True
    """Hourlink is in it."""
