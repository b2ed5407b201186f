"""A playground inside a test: started in a thread, on a free port, gone at the end."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import Any

from playground.config import Config, Timings
from playground.driver import Person, Slack
from playground.rates import Limits
from playground.server import Server
from playground.site import Site

START_LIMIT = 60.0
PATIENT: dict[str, float] = {"ack": 60.0, "trigger": 60.0}
"""Slack's limits where a test is not about them: a busy machine takes longer than three seconds."""


@dataclass(frozen=True)
class Playground:
    """A running playground and the secrets it shares with the app."""

    slack: Slack
    url: str
    api_url: str
    signing_secret: str
    bot_token: str
    app_token: str
    client_id: str
    client_secret: str

    def person(self, name: str) -> Person:
        """Sit down as somebody."""
        return self.slack.person(name)


class _Thread(threading.Thread):
    """Runs a server, and keeps what made it fail."""

    def __init__(self, server: Server) -> None:
        super().__init__(name="playground", daemon=True)
        self.server = server
        self.ready = threading.Event()
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            self.server.run_blocking(self.ready.set)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self.failure = error
        finally:
            self.ready.set()


@contextmanager
def running(app_url: str | None = None, port: int = 0, **options: object) -> Iterator[Playground]:
    """Run a playground.

    Options are those of `Config` (manifest, team, state, signing_secret, ...), of `Timings`
    (ack, trigger, event_retries, ...) and of `Limits` (rate_limits, tier_2, ...).
    """
    config = _config(app_url, options)
    server = Server(Site(config), "127.0.0.1", port)
    thread = _Thread(server)
    thread.start()
    if not thread.ready.wait(START_LIMIT) or thread.failure is not None:
        raise RuntimeError("the playground did not start") from thread.failure
    slack = Slack(server.url)
    try:
        yield Playground(
            slack=slack,
            url=server.url,
            api_url=f"{server.url}/api/",
            signing_secret=config.signing_secret,
            bot_token=config.bot_token,
            app_token=config.app_token,
            client_id=config.client_id,
            client_secret=config.client_secret,
        )
    finally:
        slack.close()
        server.stop()
        thread.join(START_LIMIT)


def _config(app_url: str | None, options: dict[str, object]) -> Config:
    def taken(kind: type[Timings | Limits]) -> dict[str, Any]:
        names = {field.name for field in fields(kind)} & options.keys()
        return {name: options.pop(name) for name in names}

    timings, limits = replace(Timings(), **taken(Timings)), replace(Limits(), **taken(Limits))
    others: dict[str, Any] = options
    return replace(Config(app_url=app_url, timings=timings, limits=limits), **others)
