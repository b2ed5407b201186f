"""A Slack that remembers what it was told, and answers as a test wants."""

from dataclasses import dataclass, field

from bot.domain.ids import OutboxId, TeamId
from bot.domain.outbox import OutboxItem
from bot.slack import Posted, Slack
from bot.views.message import Message
from tests.jobs.sync_world import SyncWorld


@dataclass
class RecordingSlack(Slack):
    """Posts are numbered; what stands in a channel can be found unless looking is refused."""

    posts: list[tuple[str, Message]] = field(default_factory=list)
    edits: list[tuple[Posted, Message]] = field(default_factory=list)
    markers: dict[str, Posted] = field(default_factory=dict)
    before_post: Exception | None = None
    """Raised before anything is posted."""
    after_post: Exception | None = None
    """Raised although it was posted."""
    looking: Exception | None = None

    async def post(
        self, team_id: TeamId, to: str, message: Message, *, marker: str | None = None
    ) -> Posted:
        """Remembers a message."""
        del team_id
        if self.before_post is not None:
            raise self.before_post
        self.posts.append((to, message))
        posted = Posted(f"D{to}" if to.startswith("U") else to, f"{len(self.posts)}.000")
        self.markers[marker or ""] = posted
        if self.after_post is not None:
            raise self.after_post
        return posted

    async def find(self, team_id: TeamId, channel_id: str, marker: str) -> Posted | None:
        """Looks by marker."""
        del team_id, channel_id
        if self.looking is not None:
            raise self.looking
        return self.markers.get(marker)

    async def update(self, team_id: TeamId, posted: Posted, message: Message) -> None:
        """Remembers an edit."""
        del team_id
        self.edits.append((posted, message))


def item(world: SyncWorld, kind: str, *, unknown: bool = False, attempts: int = 0) -> OutboxItem:
    """The newest row of a kind, as the outbox hands it over."""
    with world.uow.read() as tx:
        row = world.newest(tx, kind)
    return OutboxItem(
        id=OutboxId(row.id or 0),
        team_id=world.team_id,
        kind=kind,
        payload=row.payload,  # type: ignore[arg-type]
        marker=row.marker,
        attempts=attempts,
        may_have_happened=unknown,
    )
