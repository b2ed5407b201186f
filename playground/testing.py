"""A playground inside a test: started in a thread, on a free port, gone at the end."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace

from playground.backend import Backend
from playground.config import Config, Timings
from playground.driver import Person, Slack
from playground.server import Server

START_LIMIT = 10.0


@dataclass(frozen=True)
class Playground:
    """A running playground and the secrets it shares with the app."""

    slack: Slack
    url: str
    api_url: str
    signing_secret: str
    bot_token: str
    app_token: str

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

    Options are those of `Config` (manifest, team, state, signing_secret, ...) and of `Timings`
    (ack, trigger, event_retries, ...).
    """
    config = _config(app_url, options)
    server = Server(Backend(config), "127.0.0.1", port)
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
        )
    finally:
        slack.close()
        server.stop()
        thread.join(START_LIMIT)


def _config(app_url: str | None, options: dict[str, object]) -> Config:
    names = {field.name for field in fields(Timings)}
    timings = {key: value for key, value in options.items() if key in names}
    others = {key: value for key, value in options.items() if key not in names}
    changed = replace(Timings(), **timings)  # type: ignore[arg-type]
    return replace(Config(app_url=app_url, timings=changed), **others)  # type: ignore[arg-type]
