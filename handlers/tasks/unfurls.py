"""Links that somebody posted."""

from datetime import datetime

from bot.domain.ids import TeamId
from bot.services.tasks.unfurling import Unfurling
from handlers.asking import PostedLinks
from handlers.routes import Routes


class UnfurlHandlers:
    """Tasks under their links."""

    def __init__(self, unfurling: Unfurling) -> None:
        self._unfurling = unfurling

    def register(self, routes: Routes) -> None:
        """The event."""
        routes.links = self.posted

    def posted(self, team_id: TeamId, posted: PostedLinks, now: datetime) -> None:
        """Nothing is shown where people of other organisations read along, or while one writes."""
        if posted.is_shared or posted.is_draft:
            return
        self._unfurling.posted(
            team_id,
            channel_id=posted.channel_id,
            message_ts=posted.message_ts,
            urls=posted.urls,
            is_ours_alone=posted.is_shared is False,
            now=now,
        )
