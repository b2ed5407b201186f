"""The parts of one workspace put together; other modules act on it."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from playground import snapshot
from playground.clock import Clock
from playground.config import Config, Timings
from playground.delivery import AppLink, HttpLink
from playground.live import Hub
from playground.log import Log
from playground.manifest import Manifest
from playground.oauth import Grants
from playground.socket_mode import Sockets
from playground.team import Team
from playground.world import World

if TYPE_CHECKING:
    from playground.shapes import Json


class Surroundings(Protocol):
    """What the teams of a playground share: ``playground.site.Site``."""

    config: Config
    timings: Timings
    manifest: Manifest
    clock: Clock
    hub: Hub
    log: Log
    grants: Grants
    sockets: Sockets
    http: HttpLink
    app: AppLink
    base_url: str
    teams: "dict[str, Backend]"

    def team(self, team_id: str) -> "Backend":
        """One of them."""


class Backend:
    """One team in a playground, and the app in it."""

    def __init__(self, site: Surroundings, team: Team) -> None:
        self.site = site
        self.team = team
        self.config, self.timings = site.config, site.timings
        self.manifest, self.hub, self.log = site.manifest, site.hub, site.log
        self.sockets, self.http, self.app = site.sockets, site.http, site.app
        self.world = World(team, now=site.clock.now)
        self._tasks: set[asyncio.Task[None]] = set()
        self._saving: asyncio.TimerHandle | None = None
        self._submitted: dict[str, asyncio.Event] = {}
        if self.config.state is not None:
            snapshot.load(self.world, self.config.state)

    @property
    def base_url(self) -> str:
        """Where the playground can be reached."""
        return self.site.base_url

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

    @contextmanager
    def submitting(self, view_id: str) -> Iterator[None]:
        """Hold until the app has answered a submission, and the answer is done."""
        done = self._submitted[view_id] = asyncio.Event()
        try:
            yield
        finally:
            self._submitted.pop(view_id, None)
            done.set()

    async def until_answered(self, view_id: str) -> None:
        """Wait for the answer to a submission of this view, where the timings say so."""
        done = self._submitted.get(view_id)
        if done is not None and self.timings.overtaking:
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), self.timings.overtaking)

    def later(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something beside the request that caused it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Stop what is under way and keep the last state."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._saving is not None:
            self._saving.cancel()
        if self.config.state is not None:
            snapshot.save(self.world, self.config.state)
