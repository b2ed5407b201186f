"""Where a person is, where else they look, and what stands there."""

import time
from collections.abc import Callable
from typing import TypeVar

from playground.browser.controls import Wanted
from playground.browser.seen import Seen
from playground.browser.tab import Tab
from playground.shapes import Json, objects

Found = TypeVar("Found")
TURN = 0.5
"""Seconds to stay in one place while something is looked for in two."""
SHOWN = 8
"""How many messages a failure shows."""


class Room:
    """A tab and the conversations behind it."""

    def __init__(self, tab: Tab, user: str, handle: str) -> None:
        self.tab = tab
        self.user = user
        self.handle = handle
        self.channel: str | None = None
        """The conversation the person chose last, by id; none before the first."""
        self.at_home = False
        self._start = tab.place[0]
        self._people: Json = {}
        self._state: Json = {}
        self._read: dict[str, str] = {}

    def settle(self) -> None:
        """Wait until the page shows what the server knows."""
        self._state = self.tab.settle()

    # Names

    def people(self) -> Json:
        """The app and everybody there is."""
        if not self._people:
            self._people = self.tab.ask("people")
        return self._people

    def tz(self) -> str:
        """The person's time zone, in which the page shows dates."""
        return next(str(r["tz"]) for r in self.people()["people"] if r["id"] == self.user)

    def resolve(self, name: str) -> tuple[str, str]:
        """A conversation's id and the name of its link."""
        state = self._state or self.tab.ask("state")
        rows = [*objects(state["channels"]), *objects(state["other_channels"])]
        wanted = name.removeprefix("#")
        for row in rows:
            if wanted in {row["id"], row["name"]} or (row["kind"] == "dm_app" and name == "app"):
                return str(row["id"]), str(row["name"])
        for person in self.people()["people"]:
            if wanted.removeprefix("@") in {person["id"], person["handle"]}:
                return self._direct(person, rows)
        names = ", ".join(row["name"] for row in rows)
        raise AssertionError(f"@{self.handle} is in no conversation {name!r}; there are: {names}")

    def _direct(self, person: Json, rows: list[Json]) -> tuple[str, str]:
        name = str(person["real_name"])
        for row in rows:
            if row["kind"] == "dm" and row["name"] == name:
                return str(row["id"]), name
        # Looking for messages with somebody opens the conversation with them.
        self.tab.ask("messages", channel=str(person["id"]))
        later = objects(self.tab.ask("state")["channels"])
        return next((str(r["id"]), name) for r in later if r["kind"] == "dm" and r["name"] == name)

    def wanted(self, words: str) -> Wanted:
        """A choice in a select, by any of the names that a person, channel or app has."""
        bare = words.removeprefix("@").removeprefix("#")
        found = {words, f"#{bare}"}
        for person in self.people()["people"]:
            if bare in {person["id"], person["handle"], person["real_name"]}:
                found.add(str(person["real_name"]))
        if bare == "app":
            found.add(str(self.people()["app"]["name"]))
        for row in objects(self._state.get("channels")):
            if bare == row["id"]:
                found.add(f"#{row['name']}")
        return Wanted(words, frozenset(found))

    # Being somewhere

    def free(self, what: str) -> None:
        """Refuse what an open modal does not let a person do."""
        if self.tab.has_modal():
            raise AssertionError(f"@{self.handle} cannot {what}: a modal is open.\n{self.here()}")

    def enter(self, channel: str) -> str:
        """Show a conversation; give its id."""
        key, name = self.resolve(channel)
        if self.tab.place[0] != key or self.tab.place[1] == "home":
            self.free(f"go to {channel}")
            self.tab.open(key, name)
        return key

    def stand(self) -> None:
        """Show what the person chose last."""
        if self.tab.has_modal():
            return
        if self.at_home:
            if self.tab.place[1] != "home":
                self.tab.open_home(*self.resolve("app"))
        else:
            self.enter(self.channel or self._start)

    # Looking

    def scan(
        self, look: Callable[[], Found | None], channel: str | None, timeout: float
    ) -> Found | None:
        """Look here, then in the app's messages, again and again; stay where it is found."""
        end = time.monotonic() + timeout
        self.settle()
        turn = 0.0
        while True:
            is_over = time.monotonic() >= end
            for go in self._places(channel):
                before = self.tab.page.url
                go()
                if self.tab.page.url != before:
                    self.settle()
                until = min(end, time.monotonic() + turn)
                while (found := look()) is None and time.monotonic() < until:
                    self.tab.pause()
                if found is not None:
                    return found
            if is_over:
                self.stand()
                return None
            turn = TURN

    def _places(self, channel: str | None) -> list[Callable[[], object]]:
        modal = self.tab.has_modal()
        if channel is not None:
            return [lambda: None] if modal else [lambda: self.enter(channel)]
        places: list[Callable[[], object]] = [self.stand]
        app, _ = self.resolve("app")
        if not modal and (self.at_home or self.channel != app):
            places.append(lambda: self.tab.glance(app, "messages"))
        return places

    def find(self, text: str) -> Seen | None:
        """The topmost thing with this text on the page, or in one of its threads."""
        row = self.tab.find(text)
        if row is None and not self.tab.has_modal() and self._new_replies():
            row = self._in_threads(text)
        return Seen.of(row) if row else None

    def _new_replies(self) -> bool:
        """Whether a thread here has grown since its replies were read."""
        return any(self._read.get(ts) != words for ts, words in self.tab.threads())

    def _in_threads(self, text: str) -> Json | None:
        before = self.tab.thread
        for ts, words in self.tab.threads():
            self.tab.open_thread(ts)
            row = self.tab.find(text)
            if row is not None:
                return row
            self._read[ts] = words
        if before:
            self.tab.open_thread(before)
        else:
            self.tab.close_thread()
        return None

    def forget(self) -> None:
        """Let replies count as new for the next look."""
        self._read.clear()

    def only(self, where: str) -> Seen | None:
        """The modal or Home tab, once the page is at rest."""
        self.settle()
        rows = [row for row in self.tab.look() if row["where"] == where]
        return Seen.of(rows[0]) if rows else None

    def conversation(self) -> list[Seen]:
        """The messages of the conversation shown and of its threads, oldest first."""
        self.settle()
        rows = {row["ts"]: row for row in self.tab.look() if row["ts"]}
        for ts, _ in self.tab.threads():
            self.tab.open_thread(ts)
            rows |= {row["ts"]: row for row in self.tab.look() if row["ts"]}
        return [Seen.of(rows[ts]) for ts in sorted(rows, key=float)]

    def thread_messages(self) -> list[Seen]:
        """The messages of the thread shown, oldest first."""
        self.settle()
        rows = [row for row in self.tab.look() if row["ts"] in self.tab.thread_rows()]
        return [Seen.of(row) for row in rows[::-1]]

    # What a failed test shows

    def here(self) -> str:
        """What stands on the page now."""
        rows = [Seen.of(row) for row in self.tab.look()]
        others = [seen for seen in rows if not seen.ts]
        messages = [seen for seen in rows if seen.ts]
        parts = [f"  {_indented(seen)}" for seen in [*others, *messages[:SHOWN]]]
        if len(messages) > SHOWN:
            parts.append(f"  ... and {len(messages) - SHOWN} older messages")
        return "\n".join(parts or ["  nothing"])

    def dump(self, channel: str | None) -> str:
        """Everything that was looked at, as developers read it when a test fails."""
        parts: list[str] = []
        for go in reversed(self._places(channel)):
            go()
            self.settle()
            parts += [f"@{self.handle} at {self.tab.page.title()}:", self.here()]
        parts += [f"Broken on the page: {problem}" for problem in self.tab.problems]
        parts.append("Latest between Slack and the app, newest first:")
        for entry in objects(self.tab.ask("log", limit="6")["log"]):
            what = f"{entry['direction']:8} {entry['what']}"
            parts.append(f"  {what} -> {entry['status']} ({entry['ms']} ms)")
        return "\n".join(parts)


def _indented(seen: Seen) -> str:
    return str(seen).replace("\n", "\n  ")
