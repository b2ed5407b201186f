"""Keeping what people look at fresh: the App Home, and forms that only show something."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.domain.clock import Clock
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.people.people import Member
from bot.slack import Slack
from bot.views.message import Message
from handlers.asking import Click, Opened
from handlers.edge import Edge
from handlers.replies import Ephemeral, UpdateModal
from handlers.routes import Routes
from handlers.surfaces import HOME, Surface, home_mark

IN_SIGHT = timedelta(minutes=15)
"""How long a Home tab that was opened counts as looked at. Slack tells when it is opened, and when
the tab beside it is, but not when somebody goes elsewhere."""

_MOST = 10_000


class Freshness:
    """Shows the Home when it is opened, and what is in sight again after whatever changed it."""

    def __init__(self, *, routes: Routes, edge: Edge, slack: Slack, clock: Clock) -> None:
        self._routes = routes
        self._edge = edge
        self._slack = slack
        self._clock = clock
        self._opened: dict[tuple[TeamId, SlackUserId], datetime] = {}
        """Of this process only: another one's are shown afresh when they are opened again."""

    async def home_opened(self, body: Mapping[str, Any]) -> None:
        """Somebody opens the App Home, or leaves it for its messages.

        What they see already, as Slack tells, is not published again.
        """
        event = body["event"]
        where = (TeamId(body["team_id"]), SlackUserId(event["user"]))
        self._opened.pop(where, None)
        if event.get("tab") != HOME:
            return
        if len(self._opened) >= _MOST:
            self._opened.pop(next(iter(self._opened)))
        self._opened[where] = self._clock()
        surface = Surface(self._slack, *where, home_mark=home_mark(event))
        self._edge.later(self._show_home(surface, is_opened=True))

    async def after(self, surface: Surface) -> None:
        """Something was done there: what shows it is drawn again."""
        await self._redraw(surface)
        opened = self._opened.get((surface.team_id, surface.user_id))
        looks = opened is not None and self._clock() - opened < IN_SIGHT
        if looks or surface.is_home:
            home = Surface(self._slack, surface.team_id, surface.user_id)
            await self._show_home(home, surface.notice)

    async def _show_home(
        self, surface: Surface, notice: Message | None = None, *, is_opened: bool = False
    ) -> None:
        route = self._routes.home
        if route is None:
            return

        def build(who: Member) -> Opened:
            return Opened(who=who, now=self._clock(), request_id="", notice=notice)

        user = {"id": surface.user_id}
        async for reply in self._edge.replies(surface.team_id, user, route, build):
            # Why it cannot be drawn again is of no interest to who just did something there.
            if is_opened or not (isinstance(reply, Ephemeral) and reply.refused):
                await surface.perform(reply)

    async def _redraw(self, surface: Surface) -> None:
        name, _, value = surface.callback_id.partition("#")
        route, view_id = self._routes.redraws.get(name), surface.view_id
        if route is None or view_id is None or surface.drawn:
            return

        def build(who: Member) -> Click:
            return Click(
                who=who,
                now=self._clock(),
                request_id="",
                action=name,
                value=value,
                view_id=view_id,
            )

        user = {"id": surface.user_id}
        async for reply in self._edge.replies(surface.team_id, user, route, build):
            if isinstance(reply, UpdateModal):
                view = surface.view(reply.modal)
                await self._slack.update_view(surface.team_id, view_id, view)
