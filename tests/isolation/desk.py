"""Every entrance of Hourlink, called through the edge without Slack."""

import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from bot.domain.ids import TeamId
from bot.domain.operating.limits import Limits
from bot.domain.people.people import Member
from bot.features.all import Features, build_features
from bot.settings import Settings
from bot.wiring import Core, Makers, adapter_context, build_core
from handlers.asking import Ask, Click, Command, Fields, Lookup, Opened, Shortcut, Submission
from handlers.edge import Edge, Toolbox
from handlers.replies import Reply
from handlers.routes import Route, Routes
from storage.engine import driver_arguments
from tests.builders import NOON
from tests.isolation.planted import KEY
from tests.statements import Statement, listening

Entrance: TypeAlias = tuple[str, str]
"""The kind of request, and the name by which a registry knows it."""

CHANNEL = "C0OPS"

_WORDS = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)", re.IGNORECASE)
_FENCE = re.compile(
    r"\bteam(_id|\.id)\b[^=<>]{0,12}(=|IN) ?\(?[?%:]|INSERT INTO \w+ \([^)]*\bteam_id\b",
    re.DOTALL,
)
_TEAM = re.compile(r"'(T0\w+)'")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as Slack would bring it, whoever sends it."""

    kind: str
    name: str
    value: str = ""
    """Of a button or option; the text of a command or message; the words of a lookup."""
    metadata: str = ""
    state: str = "{}"
    """Of the form, as Python writes it: so that two of them can be told apart."""
    block_id: str = ""

    @property
    def entrance(self) -> Entrance:
        """Where it leads."""
        return self.kind, self.name

    def instead(self, one: str, other: str) -> "Asked":
        """The same with something else planted in it."""
        texts = (self.value, self.metadata, self.state, self.block_id)
        return Asked(self.kind, self.name, *(text.replace(one, other) for text in texts))


def entrances(routes: Routes) -> list[Entrance]:
    """Every one, from the registries themselves."""
    named: Mapping[str, Mapping[str, object]] = {
        "command": routes.commands,
        "click": routes.clicks,
        "submission": routes.submissions,
        "lookup": routes.lookups,
        "shortcut": routes.shortcuts,
        "redraw": routes.redraws,
    }
    return [(kind, name) for kind, known in named.items() for name in known] + [("home", "")]


@dataclass
class Desk:
    """A wired Hourlink that nobody serves: requests are put before its edge."""

    core: Core
    features: Features
    changes: Callable[[], object]
    """Another value once somebody has written, whichever way."""
    tools: Toolbox
    edge: Edge
    wrote: bool = False
    """Whether something was written since this was last set back."""
    unfenced: set[str] = field(default_factory=set)
    """Statements that do not say whose rows they are about."""
    teams: set[str] = field(default_factory=set)
    """The teams that statements named."""
    _is_asking: bool = False

    def executes(self, statement: Statement) -> None:
        """Something is put to the database, perhaps by the test itself."""
        if not self._is_asking:
            return
        if _WORDS.match(statement.sql) and not _FENCE.search(statement.sql):
            self.unfenced.add(" ".join(statement.sql.split()))
        self.teams.update(_TEAM.findall(repr(statement.values)))

    def limits(self, limits: Limits) -> None:
        """From now on these hold."""
        self.edge = Edge(replace(self.tools, limits=limits))

    async def asks(self, team_id: TeamId, user: str, asked: Asked) -> list[Reply]:
        """Every answer somebody of a team gets."""
        route, build = self._led(asked)
        who: Mapping[str, str | None] = {"id": user, "team_id": team_id}
        before, self._is_asking = self.changes(), True
        try:
            return [one async for one in self.edge.replies(team_id, who, route, build)]
        finally:
            self._is_asking = False
            self.wrote = self.wrote or self.changes() != before

    def _led(self, asked: Asked) -> tuple[Route[Any], Callable[[Member], Any]]:
        routes, fields = self.features.routes, Fields(eval(asked.state))  # noqa: S307 - our own text
        known: Mapping[str, tuple[Mapping[str, Route[Any]], type[Ask], dict[str, Any]]] = {
            "command": (routes.commands, Command, {"text": asked.value}),
            "click": (
                routes.clicks,
                Click,
                {
                    "action": asked.name,
                    "value": asked.value,
                    "message_ts": None if asked.metadata else "1.1",
                    "view_id": "V1" if asked.metadata else None,
                    "metadata": asked.metadata,
                    "fields": fields,
                },
            ),
            "submission": (
                routes.submissions,
                Submission,
                {
                    "callback_id": asked.name,
                    "view_id": "V1",
                    "metadata": asked.metadata,
                    "fields": fields,
                },
            ),
            "lookup": (
                routes.lookups,
                Lookup,
                {
                    "action": asked.name,
                    "query": asked.value,
                    "block_id": asked.block_id,
                    "metadata": asked.metadata,
                },
            ),
            "shortcut": (
                routes.shortcuts,
                Shortcut,
                {"callback_id": asked.name, "said": asked.value, "message_ts": "1.1"},
            ),
            "redraw": (
                routes.redraws,
                Click,
                {"action": asked.name, "value": asked.value, "view_id": "V1"},
            ),
            "home": ({"": routes.home} if routes.home else {}, Opened, {}),
        }
        found, ask, more = known[asked.kind]

        def build(who: Member) -> Ask:
            return ask(who=who, now=NOON, request_id="", channel_id=CHANNEL, **more)

        return found[asked.name], build


@asynccontextmanager
async def opened(database_url: str, boards: str) -> AsyncIterator[Desk]:
    """Hourlink over a database, at noon, with a Slack that cannot be reached."""
    settings = Settings(
        database_url=SecretStr(database_url),
        secret_keys=(SecretStr(KEY),),
        client_id="1.1",
        client_secret=SecretStr("secret"),
        public_url="https://hours.test",
        slack_api_url="http://127.0.0.1:9/",
        boards_dir=Path(boards),
    )
    numbers = iter(range(1, 1_000_000))
    makers = Makers(
        clock=lambda: NOON,
        sleep=_at_once,
        new_marker=lambda: f"{next(numbers):024x}",
        new_reference=lambda: "BROKEN",
    )
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(build_core(settings, makers))
        context = await stack.enter_async_context(adapter_context(settings, makers))
        features = build_features(core, makers, context)
        tools = Toolbox(
            slack=core.slack,
            members=core.members,
            pool=core.pool,
            clock=makers.clock,
            new_reference=makers.new_reference,
            wake=lambda: None,
            sleep=makers.sleep,
            limits=Limits({}),
            answered=lambda *_: None,
        )
        changes = stack.enter_context(_changes(database_url))
        desk = Desk(core, features, changes, tools, Edge(tools))
        with listening(Engine, desk.executes):
            yield desk


@contextmanager
def _changes(database_url: str) -> Iterator[Callable[[], object]]:
    """Asks beside everybody else, in no transaction."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database), isolation_level=None)) as connection:
            yield lambda: connection.execute("PRAGMA data_version").fetchone()
        return
    with psycopg.connect(**driver_arguments(database_url), autocommit=True) as watched:
        yield lambda: watched.execute("SELECT pg_current_snapshot()::text").fetchone()


async def _at_once(seconds: float) -> None:
    del seconds
