"""The parts of one Slack put together; other modules act on it."""

import asyncio
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground import snapshot
from playground.config import Config
from playground.delivery import AppLink, HttpLink
from playground.live import Hub
from playground.log import Log
from playground.manifest import read_manifest
from playground.socket_mode import Sockets
from playground.team import read_team
from playground.world import World

if TYPE_CHECKING:
    from playground.shapes import Json


class Backend:
    """One team, one app, and the way between them."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.timings = config.timings
        self.manifest = read_manifest(config.manifest)
        self.team = read_team(config.team)
        self.world = World(self.team, now=time.time)
        self.hub = Hub()
        self.log = Log((config.bot_token, config.app_token, config.signing_secret))
        self.sockets = Sockets(self.team.app_id)
        self.http = HttpLink(config.app_url, config.signing_secret)
        self.app = AppLink(self.http, self.sockets, self._over_socket, self.log)
        self.base_url = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._saving: asyncio.TimerHandle | None = None
        if config.state is not None:
            snapshot.load(self.world, config.state)

    def _over_socket(self) -> bool:
        return self.config.socket or self.sockets.connected

    def everyone(self, channel_id: str) -> list[str]:
        """The people in a conversation, without the app."""
        members = self.world.channel(channel_id).members
        return [member for member in members if member in self.world.people]

    def tell(self, user_id: str, kind: str, **news: object) -> None:
        """Show a change on a person's pages, and keep it."""
        row: Json = {"type": kind, **news}
        self.hub.publish(user_id, row)
        self.changed()

    def changed(self) -> None:
        """Save the world soon."""
        if self.config.state is not None and self._saving is None:
            loop = asyncio.get_running_loop()
            self._saving = loop.call_later(self.timings.save_after, self._save, self.config.state)

    def _save(self, folder: Path) -> None:
        self._saving = None
        snapshot.save(self.world, folder)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the request that caused it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop what is under way and keep the last state."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._saving is not None:
            self._saving.cancel()
        if self.config.state is not None:
            snapshot.save(self.world, self.config.state)
        await self.http.close()
