"""The edge between Slack and handlers of a test's own."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.domain.ids import SlackUserId, TeamId
from bot.domain.operating.limits import Limits
from bot.domain.people.people import SlackPerson
from bot.services.members import Members
from bot.services.pool import Pool
from bot.views.message import Message, Modal, section
from handlers.edge import Edge, Toolbox
from handlers.events import Events
from handlers.listeners import Listeners
from handlers.replies import (
    Reply,
)
from handlers.routes import Routes
from tests.builders import NOON, World

if TYPE_CHECKING:
    from bot.slack import Slack


TEAM = "T0ACME"


FORM = Modal("form", "A form", [section("Hello")], submit="Send")


class RecordingSlack:
    """Slack's side of the conversation: answers who people are, writes down what it is told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.known: dict[str, SlackPerson] = {}
        self.homes: dict[str, Mapping[str, Any]] = {}
        """What each person sees."""

    async def person(self, team_id: TeamId, user_id: SlackUserId) -> SlackPerson:
        self.calls.append(("person", user_id))
        return self.known.get(
            user_id, SlackPerson(user_id, "Somebody", "some@acme.test", "Europe/Berlin")
        )

    async def respond(self, response_url: str, payload: Mapping[str, Any]) -> None:
        self.calls.append(("respond", (response_url, dict(payload))))

    async def open_view(
        self, team_id: TeamId, trigger_id: str, view: Mapping[str, Any], *, on_top: bool = False
    ) -> None:
        self.calls.append(("push" if on_top else "open", view["callback_id"]))
        self.calls.append(("metadata", view["private_metadata"]))

    async def update_view(self, team_id: TeamId, view_id: str, view: Mapping[str, Any]) -> None:
        self.calls.append(("update", (view_id, view["blocks"][0]["text"]["text"])))

    async def publish_home(self, team_id: TeamId, user_id: str, view: Mapping[str, Any]) -> None:
        self.calls.append(("home", user_id))
        self.homes[user_id] = view

    async def post(self, team_id: TeamId, to: str, message: Message) -> None:
        self.calls.append(("post", (to, message.text)))

    def said(self, kind: str) -> list[Any]:
        return [what for name, what in self.calls if name == kind]


class Desk:
    """Hourlink's edge with handlers of the test's own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.slack = RecordingSlack()
        self.routes = Routes()
        self.woken = 0
        self.waited: list[float] = []
        self.calls: list[str] = []
        self.answers: list[tuple[str, str, bool]] = []
        self.members = Members(world.uow, world.new_marker())
        self.pool = Pool(1)
        slack = cast("Slack", self.slack)
        self.edge = Edge(
            Toolbox(
                slack=slack,
                members=self.members,
                pool=self.pool,
                clock=lambda: NOON,
                new_reference=lambda: "7F3A-19",
                wake=self._wake,
                sleep=self._sleep,
                limits=Limits({}),
                answered=lambda kind, outcome, seconds: self.answers.append(
                    (kind, outcome, seconds >= 0)
                ),
            )
        )
        events = Events(
            routes=self.routes,
            members=self.members,
            pool=self.pool,
            clock=lambda: NOON,
            wake=self._wake,
            forget=self._forget,
        )
        self.listeners = Listeners(
            routes=self.routes, edge=self.edge, slack=slack, clock=lambda: NOON, events=events
        )
        self.app: AsyncApp | None = None
        self.acknowledged = threading.Event()
        """Slack has the first answer."""

    async def _forget(self, team_id: TeamId, organisation: str | None, at: datetime) -> None:
        self.calls.append(f"forget {team_id} {organisation} {at:%H:%M}")
        self.members.uninstalled(team_id, NOON)

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)

    def _wake(self) -> None:
        self.woken += 1

    async def send(self, body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Delivers a payload through Bolt; the acknowledgement's body."""
        if self.app is None:
            self.app = AsyncApp(
                name="test",  # Bolt would look through every frame of the stack for one
                signing_secret="unused",
                authorize=_authorize,
                process_before_response=True,
            )
            self.listeners.attach(self.app)
        request = AsyncBoltRequest(mode="socket_mode", body=dict(body))
        answer = await self.app.async_dispatch(request)
        self.acknowledged.set()
        await self.edge.drain()
        assert answer.status == 200
        return answer.body

    async def types(self, text: str, user: str = "U0ANA") -> Any:  # noqa: ANN401 - JSON
        """A slash command."""
        return await self.send(
            {
                "command": "/track",
                "text": text,
                "team_id": TEAM,
                "user_id": user,
                "channel_id": "C0OPS",
                "trigger_id": "1.2.3",
                "response_url": "https://respond.test/1",
            }
        )

    async def clicks(self, action: str, value: str = "", **changes: Any) -> Any:  # noqa: ANN401
        """A button in a message."""
        body = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": "U0ANA", "team_id": TEAM},
            "channel": {"id": "C0OPS"},
            "message": {"ts": "1.1"},
            "trigger_id": "1.2.3",
            "response_url": "https://respond.test/2",
            "actions": [
                {"type": "button", "action_id": action, "value": value, "action_ts": "1.5"}
            ],
        }
        return await self.send(body | changes)

    async def shortcut(self, callback_id: str) -> None:
        """A shortcut on a message in a thread."""
        body = {
            "type": "message_action",
            "callback_id": callback_id,
            "team": {"id": TEAM, "domain": "acme"},
            "user": {"id": "U0ANA", "team_id": TEAM},
            "channel": {"id": "C0WEB"},
            "message": {"ts": "1.2", "thread_ts": "1.1", "text": "WEB-12"},
            "response_url": "https://answer",
            "trigger_id": "1.2.3",
        }
        await self.send(body)

    async def submits(self, callback_id: str, values: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401
        """A form."""
        return await self.send(
            {
                "type": "view_submission",
                "team": {"id": TEAM},
                "user": {"id": "U0ANA", "team_id": TEAM},
                "trigger_id": "1.2.3",
                "view": {
                    "id": "V1",
                    "type": "modal",
                    "callback_id": callback_id,
                    "hash": "h",
                    "state": {"values": values or {}},
                },
            }
        )


async def _authorize(team_id: str) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id=team_id, bot_token="xoxb-x", bot_id="B1", bot_user_id="U0BOT"
    )


def answering(reply: Reply) -> Callable[[Any], Reply]:
    """A handler that always says the same."""
    return lambda _ask: reply


@contextmanager
def at_the_edge(database_url: str) -> Iterator[Desk]:
    """An edge over a team with nobody in it yet."""
    world = World(database_url)
    made = Desk(world)
    yield made
    made.pool.close()
    world.close()
