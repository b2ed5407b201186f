"""Announcements on their way to their channels: never posted twice (L9)."""

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.clock import Clock
from bot.domain.ids import AnnouncementId
from bot.domain.linking.announcements import Announcement
from bot.domain.outbox import OutboxItem
from bot.domain.slack_errors import SlackRefused, SlackTryLater, TokenRejected
from bot.domain.states import AnnouncementState
from bot.jobs.outbox import ATTEMPTS, Delivery
from bot.services.linking.announcing import POST, Announcing
from bot.services.linking.redrawing import ANNOUNCEMENT_UPDATE
from bot.services.pool import Pool
from bot.slack import Posted, Slack
from bot.views.linking import announcements as views
from bot.views.message import Message
from bot.views.providers import Faces

LOOKED_FOR = timedelta(minutes=10)
"""How long a message surely is among a channel's newest hundred."""


class AnnouncementDeliveries:
    """Posts announcements and keeps them up to date."""

    def __init__(
        self, slack: Slack, pool: Pool, announcing: Announcing, faces: Faces, clock: Clock
    ) -> None:
        self._slack = slack
        self._pool = pool
        self._announcing = announcing
        self._faces = faces
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {POST: self.post, ANNOUNCEMENT_UPDATE: self.update}

    async def post(self, item: OutboxItem) -> None:
        """``announcement.post``.

        When it is not known whether an earlier try arrived, it is looked for by its marker. Where
        looking is not allowed or proves nothing, it is not posted again: a person is asked.
        """
        found = await self._find(item)
        if found is None or found.state is not AnnouncementState.PENDING or found.is_disconnected:
            return
        try:
            posted = await self._posted_before(item, found) if item.may_have_happened else None
            if posted is None and item.may_have_happened and self._is_too_old(found):
                await self._pool(self._announcing.outcome_unknown, item.team_id, found.id)
                return
            if posted is None:
                posted = await self._slack.post(
                    item.team_id, found.channel_id, self._message(found), marker=item.marker
                )
        except _NobodyCanLook:
            await self._pool(self._announcing.outcome_unknown, item.team_id, found.id)
            return
        except SlackRefused:
            await self._pool(self._announcing.failed, item.team_id, found.id)
            raise
        except (SlackTryLater, TokenRejected):
            if item.attempts + 1 >= ATTEMPTS:
                lost = self._announcing
                mark = lost.outcome_unknown if item.may_have_happened else lost.failed
                await self._pool(mark, item.team_id, found.id)
            raise
        await self._pool(
            self._announcing.posted,
            item.team_id,
            found.id,
            channel_id=posted.channel_id,
            ts=posted.ts,
        )

    async def update(self, item: OutboxItem) -> None:
        """``announcement.update``: the message tells the present state."""
        found = await self._find(item)
        if found is None or found.message_ts is None:
            return
        posted = Posted(found.channel_id, found.message_ts)
        await self._slack.update(item.team_id, posted, self._message(found))

    async def _find(self, item: OutboxItem) -> Announcement | None:
        announcement_id = AnnouncementId(item.id_of("announcement_id"))
        return await self._pool(self._announcing.present, item.team_id, announcement_id)

    async def _posted_before(self, item: OutboxItem, found: Announcement) -> Posted | None:
        try:
            return await self._slack.find(item.team_id, found.channel_id, item.marker)
        except SlackRefused as refused:
            raise _NobodyCanLook from refused

    def _is_too_old(self, found: Announcement) -> bool:
        return self._clock() - found.created_at > LOOKED_FOR

    def _message(self, found: Announcement) -> Message:
        known = self._faces.get(found.provider)
        if known is None:
            return views.announcement(found, found.provider)
        return views.announcement(found, known.name, known.icon)


class _NobodyCanLook(Exception):
    """Slack does not let us read the channel."""
