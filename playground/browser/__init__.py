"""People at a real browser.

with browser_people(play, "/path/to/chromium") as people:
    ana = people.person("ana")
    ana.types("/echo hello", channel="general")
    ana.sees("You said hello")
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from playground.browser.chromium import Chromium, chromium
from playground.browser.person import BrowserPerson
from playground.browser.room import Room
from playground.browser.tab import WIDE, Tab
from playground.testing import Playground

__all__ = ["BrowserPeople", "BrowserPerson", "browser_people"]


class BrowserPeople:
    """The team of one playground, each with a browser context of their own."""

    def __init__(
        self, play: Playground, browser: Chromium, pictures: Path | None, size: tuple[int, int]
    ) -> None:
        self._play = play
        self._browser = browser
        self._pictures = pictures
        self._size = size
        self._taken = count(1)
        self._people: dict[str, BrowserPerson] = {}

    def person(self, name: str) -> BrowserPerson:
        """Sit down as somebody, by handle or id; the same page each time."""
        if name not in self._people:
            known = self._play.person(name)
            self._people[name] = self._browser.do(lambda: self._sit(known.id, known.handle))
        return self._people[name]

    def _sit(self, user: str, handle: str) -> BrowserPerson:
        context = self._browser.browser.new_context(
            viewport={"width": self._size[0], "height": self._size[1]},
            reduced_motion="reduce",
            locale="en-GB",
        )
        room = Room(Tab(context, self._play.url, user), user, handle)
        return BrowserPerson(self._browser, room, lambda: self._picture(handle))

    def _picture(self, handle: str) -> Path:
        folder = self._pictures or Path(tempfile.gettempdir())
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"playground-{handle}-{next(self._taken)}.png"

    def close(self) -> None:
        """Close everybody's pages."""
        for person in self._people.values():
            self._browser.do(person.tab.page.context.close)
        self._people.clear()


@contextmanager
def browser_people(
    play: Playground,
    chromium_path: str,
    pictures: Path | None = None,
    size: tuple[int, int] = WIDE,
) -> Iterator[BrowserPeople]:
    """Let people use a playground in Chromium, one for the whole process.

    A failed look is kept as a picture in `pictures`, else in the temporary folder. `size` is that
    of everybody's window.
    """
    people = BrowserPeople(play, chromium(chromium_path), pictures, size)
    try:
        yield people
    finally:
        people.close()
