"""The message shortcut *Track time on this*, and its form."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

from bot.domain.ids import TeamId
from bot.domain.slack_errors import SlackError
from bot.domain.tasks.mentions import WhichMention, read_mentions
from bot.domain.tracking.tracking import Started
from bot.services.pool import Pool
from bot.services.tasks.mentions import MessageTracking
from bot.services.tracking.timer import Tracking
from bot.views.field_errors import CHOOSE_TASK
from bot.views.offers import choices
from bot.views.tasks import mentions as views
from bot.views.tracking import timer as tracking_views
from handlers.asking import Lookup, Shortcut, Submission, row_id, target_of
from handlers.replies import Choices, CloseModals, Ephemeral, FieldErrors, OpenModal, Reply
from handlers.routes import Routes

Permalink: TypeAlias = Callable[[TeamId, str, str], Awaitable[str]]
"""The address of a message, by channel and ts; raises SlackError."""

TRACK_MESSAGE = "track_message"
"""Names the shortcut in the manifest."""

PATIENCE = 0.8
"""Seconds that Slack may take to tell an address; its trigger dies after three."""


class ShortcutHandlers:
    """Time on what a message is about."""

    def __init__(
        self,
        messages: MessageTracking,
        tracking: Tracking,
        *,
        permalink: Permalink,
        pool: Pool,
    ) -> None:
        self._messages = messages
        self._tracking = tracking
        self._permalink = permalink
        self._pool = pool

    def register(self, routes: Routes) -> None:
        """The shortcut and its form."""
        routes.shortcut(TRACK_MESSAGE, self.used)
        routes.lookup(views.FIND, self.tasks)
        routes.submission(views.FORM, self.chosen)

    async def used(self, ask: Shortcut) -> AsyncIterator[Reply]:
        """*Track time on this*: a timer at once where the message names one task."""
        done = await self._pool(
            self._messages.track,
            who=ask.who,
            mentions=read_mentions(ask.said),
            channel_id=ask.channel_id,
            permalink=await self._address(ask),
            now=ask.now,
        )
        if isinstance(done, WhichMention):
            yield OpenModal(views.form(done))
        else:
            yield Ephemeral(tracking_views.started(done))

    async def _address(self, ask: Shortcut) -> str:
        """The message's address: as Slack tells it, else as Slack builds it.

        Slack tells none of conversations that Hourlink is not in, and shortcuts work there too.
        """
        channel, ts = ask.channel_id or "", ask.message_ts
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._permalink(ask.who.team_id, channel, ts)
        except (SlackError, TimeoutError):
            if not ask.domain:
                return ""
        place = f"https://{ask.domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}"
        if ask.thread_ts and ask.thread_ts != ts:
            return f"{place}?thread_ts={ask.thread_ts}&cid={channel}"
        return place

    def tasks(self, ask: Lookup) -> Reply:
        """The select of that form: before anything is typed, what the message may be about."""
        _, words = views.read_metadata(ask.metadata)
        if ask.query.strip():
            found = self._tracking.search(who=ask.who, text=ask.query, now=ask.now)
            return Choices(choices(found.candidates))
        return Choices(choices(self._messages.alike(who=ask.who, words=words, now=ask.now)))

    def chosen(self, ask: Submission) -> Reply:
        """*Start*."""
        pending, _ = views.read_metadata(ask.metadata)
        task = ask.fields.choice(views.TASK)
        if not task:
            return FieldErrors({views.TASK: CHOOSE_TASK})
        done = self._tracking.pick(
            who=ask.who,
            pending_id=row_id(pending),
            target=target_of(task),
            note=ask.fields.text(views.NOTE),
            now=ask.now,
        )
        if isinstance(done, Started):
            return CloseModals(tracking_views.started(done))
        return CloseModals(tracking_views.logged(done))
