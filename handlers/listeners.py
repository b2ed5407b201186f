"""The few listeners to Slack's requests, each with one of our dictionaries behind it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.request import payload_utils as bolt

from bot.domain.clock import Clock
from bot.domain.errors import Busy, TeamNotInstalled, Vanished
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.people.people import Member
from bot.domain.slack_errors import SlackError
from bot.domain.slack_text import visible
from bot.slack import Slack
from bot.views import failures
from bot.views.message import Message
from bot.views.searching import NO_CHOICE
from handlers.acks import acknowledge, in_command_ack, in_lookup_ack, in_submission_ack
from handlers.asking import Click, Command, Fields, Lookup, Shortcut, Submission
from handlers.bolt import Listener, Switch
from handlers.edge import Edge
from handlers.events import Events
from handlers.freshness import Freshness
from handlers.message_text import whole_text
from handlers.replies import CloseModals, Ephemeral, OpenModal, Reply, UpdateModal
from handlers.routes import Routes
from handlers.surfaces import (
    STILL_WORKING,
    Surface,
    metadata,
    note_undelivered,
    notice,
    said,
)

Body: TypeAlias = Mapping[str, Any]


class Listeners:
    """The door between Bolt and the handlers."""

    def __init__(
        self,
        *,
        routes: Routes,
        edge: Edge,
        slack: Slack,
        clock: Clock,
        events: Events,
    ) -> None:
        """Takes what it opens onto.

        Args:
            routes: The handlers.
            edge: Calls them.
            slack: Where answers go.
            clock: Says when requests came.
            events: Hears what Slack tells by itself.
        """
        self._routes = routes
        self._edge = edge
        self._slack = slack
        self._clock = clock
        self._fresh = Freshness(routes=routes, edge=edge, slack=slack, clock=clock)
        self._kinds: Sequence[tuple[Callable[[dict[str, Any]], bool], Listener]] = (
            (bolt.is_block_actions, self.click),  # what comes most often is looked for first
            (bolt.is_block_suggestion, self.lookup),
            (bolt.is_view_submission, self.submission),
            (bolt.is_event, self.event),
            (bolt.is_view_closed, self.closed),
            (bolt.is_shortcut, self.shortcut),
        )
        self._heard: Mapping[str, Callable[[Body], Awaitable[None]]] = {
            "app_home_opened": self._fresh.home_opened,
            "link_shared": events.links_posted,
            "user_change": events.person_changed,
            "app_uninstalled": events.uninstalled,
            "tokens_revoked": events.revoked,
        }

    def attach(self, app: AsyncApp) -> None:
        """Has it hear of every request that Slack sends."""
        app.middleware(Switch(self._listening_to))

    def _listening_to(self, body: dict[str, Any]) -> Listener | None:
        """Whom a request is for; None for nobody."""
        if bolt.is_slash_command(body):
            return self.command if body["command"] in self._routes.commands else None
        return next((hears for is_theirs, hears in self._kinds if is_theirs(body)), None)

    async def command(self, ack: AsyncAck, body: Body) -> None:
        """A slash command: the answer rides in the acknowledgement when it is there in time."""
        team_id = TeamId(body["team_id"])
        surface = Surface(
            self._slack,
            team_id,
            SlackUserId(body["user_id"]),
            trigger_id=body["trigger_id"],
            response_url=body["response_url"],
        )

        def build(who: Member) -> Command:
            return Command(
                who=who,
                now=self._clock(),
                request_id=f"trigger:{body['trigger_id']}",
                channel_id=body["channel_id"],
                text=body.get("text", ""),
            )

        user = {"id": body["user_id"], "team_id": None}
        replies = self._edge.replies(team_id, user, self._routes.commands[body["command"]], build)
        first, rest = await self._edge.within_patience(replies)
        if first is None:
            acknowledge(ack, said(STILL_WORKING) | {"response_type": "ephemeral"})
        else:
            await self._acknowledge(ack, in_command_ack(first), surface, first)
        self._edge.later(self._performed(surface, rest))

    async def click(self, ack: AsyncAck, body: Body) -> None:
        """A button or select. Slack takes no answer in this acknowledgement."""
        team_id, surface = self._where(body)
        action = body["actions"][0]
        name, value = _meant(action)
        if value == NO_CHOICE:
            await ack()
            return
        route = self._routes.clicks.get(name)
        if route is None or action.get("url"):
            await ack()
            if not action.get("url"):
                gone = failures.sentence(Vanished("button"))
                self._edge.later(surface.perform(Ephemeral(gone)))
            return
        channel = (body.get("channel") or {}).get("id")
        view = body.get("view") or {}
        state = (body.get("state") or view.get("state") or {}).get("values") or {}

        def build(who: Member) -> Click:
            return Click(
                who=who,
                now=self._clock(),
                request_id=f"action:{action['action_ts']}:{who.slack_user_id}:{name}",
                channel_id=channel,
                action=name,
                value=value,
                message_ts=(body.get("message") or {}).get("ts"),
                view_id=view.get("id"),
                metadata=metadata(view)[0],
                fields=Fields(state),
            )

        replies = self._edge.replies(team_id, body["user"], route, build)
        await self._answer(ack, surface, replies)

    async def _answer(self, ack: AsyncAck, surface: Surface, replies: AsyncIterator[Reply]) -> None:
        first, rest = await self._edge.within_patience(replies)
        if isinstance(first, OpenModal):
            problem = await self._perform_now(surface, first)  # its trigger lives for 3 seconds
            first = None if problem is None else Ephemeral(problem)
        await ack()
        if first is not None:
            rest = _chained(first, rest)
        self._edge.later(self._performed(surface, rest))

    async def _performed(self, surface: Surface, replies: AsyncIterator[Reply]) -> None:
        await _each(surface, replies)
        await self._fresh.after(surface)

    async def submission(self, ack: AsyncAck, body: Body) -> None:
        """A form that was sent."""
        team_id, surface = self._where(body)
        view = body["view"]
        route = self._routes.submissions.get(view["callback_id"])
        if route is None:
            await ack()
            return

        def build(who: Member) -> Submission:
            return Submission(
                who=who,
                now=self._clock(),
                request_id=f"view:{view['id']}:{view.get('hash', '')}",
                callback_id=view["callback_id"],
                view_id=view["id"],
                metadata=metadata(view)[0],
                fields=Fields((view.get("state") or {}).get("values") or {}),
            )

        replies = self._edge.replies(team_id, body["user"], route, build)
        first, rest = await self._edge.within_patience(replies)
        if isinstance(first, CloseModals):
            acknowledge(ack, {"response_action": "clear"})
            rest = _chained(first, rest)
        elif first is None:
            surface.waits = True
            working = notice(STILL_WORKING).as_view()
            acknowledge(ack, {"response_action": "update", "view": working})
            rest = self._edge.once_shown(rest)
        else:
            await self._acknowledge(ack, in_submission_ack(first, surface), surface, first)
            rest = self._edge.once_shown(rest) if isinstance(first, UpdateModal) else rest
        self._edge.later(self._performed(surface, rest))

    async def shortcut(self, ack: AsyncAck, body: Body) -> None:
        """A shortcut. Slack takes no answer in this acknowledgement either."""
        team_id, surface = self._where(body)
        route = self._routes.shortcuts.get(str(body["callback_id"]))
        if route is None:
            await ack()
            return
        message = body.get("message") or {}
        surface.thread_ts = message.get("thread_ts")

        def build(who: Member) -> Shortcut:
            return Shortcut(
                who=who,
                now=self._clock(),
                request_id=f"trigger:{body['trigger_id']}",
                channel_id=(body.get("channel") or {}).get("id"),
                callback_id=str(body["callback_id"]),
                said=whole_text(message),
                message_ts=str(message.get("ts") or ""),
                thread_ts=surface.thread_ts or "",
                domain=str((body.get("team") or {}).get("domain") or ""),
            )

        replies = self._edge.replies(team_id, body["user"], route, build)
        await self._answer(ack, surface, replies)

    async def closed(self, ack: AsyncAck, body: Body) -> None:
        """A form that was closed: nothing was promised."""
        del body
        await ack()

    async def event(self, ack: AsyncAck, body: Body) -> None:
        """Something that Slack tells by itself. It repeats what is not acknowledged."""
        if (hears := self._heard.get(body["event"]["type"])) is not None:
            await hears(body)
        await ack()

    async def lookup(self, ack: AsyncAck, body: Body) -> None:
        """Somebody types into a searching select."""
        team_id, _ = self._where(body)
        name = str(body["action_id"]).partition("#")[0]
        route = self._routes.lookups.get(name)
        if route is None:
            acknowledge(ack, {"options": []})
            return

        def build(who: Member) -> Lookup:
            return Lookup(
                who=who,
                now=self._clock(),
                request_id="",
                action=name,
                query=visible(str(body.get("value") or "")),
                block_id=str(body.get("block_id") or ""),
                metadata=metadata(body.get("view") or {})[0],
            )

        replies = self._edge.replies(team_id, body["user"], route, build)
        first, _ = await self._edge.within_patience(replies)
        acknowledge(ack, in_lookup_ack(first))

    def _where(self, body: Body) -> tuple[TeamId, Surface]:
        view = body.get("view") or {}
        installed = view.get("app_installed_team_id") or (body.get("team") or {}).get("id")
        team_id = TeamId(str(installed or body["user"]["team_id"]))
        return team_id, Surface(
            self._slack,
            team_id,
            SlackUserId(body["user"]["id"]),
            trigger_id=body.get("trigger_id"),
            response_url=body.get("response_url"),
            view_id=view.get("id"),
            view_type=view.get("type"),
            callback_id=str(view.get("callback_id") or ""),
            came_from=metadata(view)[1],
        )

    async def _acknowledge(
        self, ack: AsyncAck, ready: dict[str, Any] | str | None, surface: Surface, reply: Reply
    ) -> None:
        if ready is None:
            problem = await self._perform_now(surface, reply)
            told = None if problem is None else said(problem) | {"response_type": "ephemeral"}
            ready = told or ""
        acknowledge(ack, ready)

    async def _perform_now(self, surface: Surface, reply: Reply) -> Message | None:
        """Carries out a reply before the acknowledgement; what to say when Slack would not."""
        try:
            await surface.perform(reply)
        except (SlackError, TeamNotInstalled, Busy) as error:
            note_undelivered(error)
            return failures.sentence(error)
        return None


async def _each(surface: Surface, replies: AsyncIterator[Reply]) -> None:
    async for reply in replies:
        await surface.perform(reply)


async def _chained(first: Reply, rest: AsyncIterator[Reply]) -> AsyncIterator[Reply]:
    yield first
    async for reply in rest:
        yield reply


def _meant(action: Mapping[str, Any]) -> tuple[str, str]:
    """Which action, with which value; the items of a menu name their own."""
    if action.get("type") == "overflow":
        name, _, value = _value(action).partition(":")
        return name, value
    return str(action["action_id"]).partition("#")[0], _value(action)


def _value(action: Mapping[str, Any]) -> str:
    chosen = action.get("selected_option")
    if isinstance(chosen, Mapping):
        return str(chosen.get("value", ""))
    names = ("value", "selected_user", "selected_channel", "selected_conversation", "selected_date")
    return next((str(action[name]) for name in names if action.get(name)), "")
