"""A whole playground: its workspaces, the one app in them, and the line between."""

from typing import TYPE_CHECKING

from playground.backend import Backend
from playground.clock import Clock
from playground.config import Config
from playground.delivery import AppLink, HttpLink
from playground.errors import SlackError
from playground.live import Hub
from playground.log import Log
from playground.manifest import read_manifest
from playground.oauth import Grants
from playground.rates import Rates
from playground.shapes import Json
from playground.socket_mode import Sockets
from playground.team import read_teams
from playground.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable


class Site:
    """Several teams, one app."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.timings = config.timings
        self.manifest = read_manifest(config.manifest)
        self.clock = Clock()
        if config.state is not None:
            self.clock.restore(config.state)
        self.wire = Wire()
        self.rates = Rates(config.limits)
        self.grants = Grants(self.clock.now)
        self.hub = Hub()
        secrets = (
            config.bot_token,
            config.app_token,
            config.signing_secret,
            config.client_secret,
        )
        self.log = Log(secrets, self.clock.now)
        teams = read_teams(config.team)
        teams[0].bot_token = teams[0].bot_token or config.bot_token
        self.app_id = teams[0].app_id
        self.sockets = Sockets(self.app_id)
        self.http = HttpLink(config.app_url, config.signing_secret)
        self.app = AppLink(self.http, self.sockets, self._over_socket, self.log, self.wire)
        self.log.noted = lambda entry: self.announce("log", entry=entry)
        self.base_url = ""
        self.hang_up: Callable[[object], None] = lambda _client: None
        """Cuts the connection on which a request came; the server sets it."""
        self.teams = {team.id: Backend(self, team) for team in teams}

    @property
    def first(self) -> Backend:
        """The team that is meant where none is named."""
        return next(iter(self.teams.values()))

    def _over_socket(self) -> bool:
        return self.config.socket or self.sockets.connected

    def team(self, team_id: str) -> Backend:
        """Find a team; none named is the first."""
        if not team_id:
            return self.first
        if team_id not in self.teams:
            raise SlackError("team_not_found")
        return self.teams[team_id]

    def home_of(self, user_id: str) -> Backend:
        """The team in which this person is; an unknown one is looked for in the first."""
        for backend in self.teams.values():
            if user_id in backend.world.people:
                return backend
        return self.first

    def holder(self, token: str) -> Backend | None:
        """The team whose token this is, or was."""
        for backend in self.teams.values():
            if token == backend.world.token or token in backend.world.dead_tokens:
                return backend
        return None

    def file(self, key: str) -> Json | None:
        """Find a file, whichever team it is in."""
        for backend in self.teams.values():
            if key in backend.world.files:
                return backend.world.files[key]
        return None

    def announce(self, kind: str, **news: object) -> None:
        """Tell every page about something that is no one person's."""
        self.hub.announce({"type": kind, **news})

    async def close(self) -> None:
        """Stop what is under way and keep the last state."""
        for backend in self.teams.values():
            await backend.close()
        await self.app.close()
