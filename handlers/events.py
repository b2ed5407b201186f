"""What Slack tells by itself, though nobody asks for an answer."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from bot.domain.clock import Clock
from bot.domain.ids import TeamId
from bot.services.members import Members
from bot.services.pool import Pool
from bot.slack import person_from
from handlers.asking import PostedLinks
from handlers.routes import Routes

Body: TypeAlias = Mapping[str, Any]


class Events:
    """Hears of links, of people, and of the end of an installation."""

    def __init__(
        self,
        *,
        routes: Routes,
        members: Members,
        pool: Pool,
        clock: Clock,
        wake: Callable[[], None],
        forget: Callable[[TeamId, str | None, datetime], Awaitable[None]],
    ) -> None:
        """Takes whom it tells.

        Args:
            routes: Where links lead.
            members: Who people are.
            pool: Where services run.
            clock: Says when events came.
            wake: There may be new work in the outbox.
            forget: Called when a workspace removed Hourlink, or a whole organisation, whose id
                is the second argument then; the third is when that was.
        """
        self._routes = routes
        self._members = members
        self._pool = pool
        self._clock = clock
        self._wake = wake
        self._forget = forget

    async def links_posted(self, body: Body) -> None:
        """Somebody posted links to the operator's domains."""
        event = body["event"]
        if self._routes.links is None:
            return
        posted = PostedLinks(
            channel_id=str(event["channel"]),
            message_ts=str(event["message_ts"]),
            urls=tuple(str(link["url"]) for link in event.get("links") or ()),
            is_shared=body.get("is_ext_shared_channel"),
            is_draft=event.get("source", "conversations_history") != "conversations_history",
        )
        team_id = TeamId(body["team_id"])
        await self._pool(self._routes.links, team_id, posted, self._clock())
        self._wake()

    async def person_changed(self, body: Body) -> None:
        """Somebody's name, address, zone or standing changed in Slack."""
        team_id, user = TeamId(body["team_id"]), body["event"]["user"]
        if user.get("team_id") not in {None, team_id}:
            return
        told = body.get("event_time")
        as_of = None if told is None else datetime.fromtimestamp(told, UTC)
        person, now = person_from(user), self._clock()
        await self._pool(self._members.save, team_id, person, now, as_of=as_of)

    async def uninstalled(self, body: Body) -> None:
        """The workspace removed Hourlink, or its whole organisation did."""
        rests_on = (body.get("authorizations") or [{}])[0]
        is_everywhere = rests_on.get("is_enterprise_install") is True
        organisation = body.get("enterprise_id") or rests_on.get("enterprise_id")
        # An event that could not be delivered comes again for hours, also after the next install.
        at = datetime.fromtimestamp(body["event_time"], UTC)
        await self._forget(TeamId(body["team_id"]), organisation if is_everywhere else None, at)

    async def revoked(self, body: Body) -> None:
        """Slack took tokens back; without the bot's own, all work for the team stops."""
        if (body["event"].get("tokens") or {}).get("bot"):
            await self.uninstalled(body)
