"""Slack, as far as direct messages and their edits go."""

from bot.slack import Posted
from bot.views.message import Message
from playground.rules import check_message


class Mailbox:
    """Takes what would go to Slack."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.edits: list[Message] = []

    async def post(
        self, team_id: str, to: str, message: Message, *, marker: str | None = None
    ) -> Posted:
        """A direct message."""
        assert (team_id, bool(marker)) == ("T0ACME", True)
        check_message(list(message.blocks), message.text)
        self.sent.append((to, message))
        return Posted("D1", f"{len(self.sent)}.0")

    async def update(self, team_id: str, posted: Posted, message: Message) -> None:
        """An edit of it."""
        assert (team_id, posted.channel_id) == ("T0ACME", "D1")
        check_message(list(message.blocks), message.text)
        self.edits.append(message)

    @property
    def last(self) -> str:
        """What the message says now."""
        return (self.edits or [message for _, message in self.sent])[-1].text
