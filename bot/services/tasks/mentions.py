"""Time on what a Slack message is about (T9)."""

from datetime import datetime

from bot.domain.entries.entries import PendingEntry
from bot.domain.people.people import Member
from bot.domain.tasks.finding import Candidate
from bot.domain.tasks.mentions import Mentions, WhichMention
from bot.domain.tracking.tracking import Started
from bot.services.again import again_if_raced
from bot.services.tracking.desk import AtDesk
from bot.services.tracking.kept import kept_if_refused
from bot.services.tracking.starting import begin
from storage.tracking import pending_entries


class MessageTracking(AtDesk):
    """Starts timers from messages."""

    @again_if_raced
    def track(
        self,
        *,
        who: Member,
        mentions: Mentions,
        channel_id: str | None,
        permalink: str,
        now: datetime,
    ) -> Started | WhichMention:
        """Starts a timer on the one task that a message mentions; asks where it is not one.

        Args:
            who: Whose timer.
            mentions: What the message mentions.
            channel_id: Where it stands.
            permalink: Kept on the entry.
            now: When this was asked.

        Raises:
            AlreadyOn: the same task is running.
            HourlinkError: what it mentions cannot be tracked, and why.
        """
        with kept_if_refused(self._uow, who, now) as wish, self._uow.begin() as tx:
            wish.entry = PendingEntry(is_log=False, permalink=permalink)
            desk = self._looking(tx, who, now).lock()
            found = desk.finder.mentioned(mentions, channel_id)
            if len(found) == 1:
                return begin(desk, found[0], None, "", permalink)
            pending_id = pending_entries.keep(tx, desk.team_id, who.id, wish.entry, now)
            return WhichMention(pending_id, tuple(found), mentions.words)

    def alike(self, *, who: Member, words: str, now: datetime) -> list[Candidate]:
        """Tasks that a message's words may be about, the most alike first."""
        with self._uow.read() as tx:
            desk = self._looking(tx, who, now)
            return desk.finder.alike(words)
