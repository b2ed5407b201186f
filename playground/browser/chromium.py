"""One Chromium for the process, on a thread of its own."""

import atexit
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Given = TypeVar("Given")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine is ever asked, whatever a message links to.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
LAUNCH_LIMIT = 60.0


class Chromium:
    """A running browser.

    Playwright's sync API keeps an event loop running in its thread, in which no test could start
    another; so it gets a thread, and everything that touches it is done there.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._started: Future[Browser] = Future()
        self._thread = threading.Thread(target=self._run, name="chromium", daemon=True)
        self._thread.start()
        self.browser = self._started.result(LAUNCH_LIMIT)

    def _run(self) -> None:
        # A development dependency: only who opens a browser needs it.
        from playwright.sync_api import sync_playwright  # noqa: PLC0415

        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=self.path, args=list(FLAGS))
                self._started.set_result(browser)
                while (task := self._tasks.get()) is not None:
                    task()
                browser.close()
        except BaseException as error:
            if not self._started.done():
                self._started.set_exception(error)
            raise

    def do(self, work: Callable[[], Given]) -> Given:
        """Do something on the browser's thread; what it raises is raised here."""
        if threading.current_thread() is self._thread:
            return work()
        done: Future[Given] = Future()
        self._tasks.put(partial(_settle, done, work))
        return done.result()

    def close(self) -> None:
        """End the browser."""
        self._tasks.put(None)
        self._thread.join()


def _settle(done: Future[Given], work: Callable[[], Given]) -> None:
    try:
        done.set_result(work())
    except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
        done.set_exception(error)


_running: dict[str, Chromium] = {}


def chromium(path: str) -> Chromium:
    """The process's browser; it is started once and ends with the process."""
    if path not in _running:
        _running[path] = Chromium(path)
        atexit.register(_running[path].close)
    return _running[path]
