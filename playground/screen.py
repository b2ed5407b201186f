"""One person's browser: what it shows, and what stands in its fields."""

import time
from collections.abc import Callable
from typing import TypeVar

from playground.api import Api
from playground.blocks import VALUE_KEYS, options_of
from playground.hands import Target, buttons, find_field, find_option
from playground.readable import Reader
from playground.shapes import Json, objects
from playground.sight import Seen, message_seen, view_seen

Found = TypeVar("Found")
SHOWN = 8
"""How many messages a failure shows."""


class Screen:
    """What a person looks at, and the fields they have filled in so far."""

    def __init__(self, api: Api, user: str, handle: str) -> None:
        self.api = api
        self.user = user
        self.handle = handle
        self.channel: str | None = None
        self.at_home = False
        self.typed: dict[str, Json] = {}
        self.errors: dict[str, dict[str, str]] = {}
        self.reader = Reader(self.name, self.name)
        self._names: dict[str, str] = {}
        self._state: Json = {}

    # What is there

    def look(self) -> Json:
        """Load what this person has in front of them."""
        self._state = self.api.get("state", as_=self.user)
        return self._state

    def name(self, key: str) -> str:
        """A person's handle or a channel's name for an id; else the id."""
        if not self._names:
            people = self.api.get("people", as_=self.user)
            self._names = {row["id"]: row["handle"] for row in people["people"]}
            self._names[people["app"]["bot_user_id"]] = people["app"]["name"]
        for row in [*self._state.get("channels", []), *self._state.get("other_channels", [])]:
            self._names.setdefault(row["id"], row["name"])
        return self._names.get(key, key)

    def dm(self) -> str:
        """The direct messages with the app; people from outside have none."""
        rows = objects(self.look()["channels"])
        return next((str(row["id"]) for row in rows if row["kind"] == "dm_app"), "")

    def place(self, name: str) -> str:
        """A conversation by name or id; `app` for the app's, a handle for a person's."""
        state = self.look()
        wanted = name.removeprefix("#")
        for row in [*state["channels"], *state["other_channels"]]:
            if wanted in {row["id"], row["name"]} or (row["kind"] == "dm_app" and name == "app"):
                return str(row["id"])
        self.name("")
        people = {handle: key for key, handle in self._names.items()}
        if wanted.removeprefix("@") in people:
            return people[wanted.removeprefix("@")]
        names = ", ".join(row["name"] for row in state["channels"])
        raise AssertionError(f"@{self.handle} is in no conversation {name!r}; there are: {names}")

    def messages(self, place: str, thread: str | None = None) -> list[Seen]:
        """The messages of a conversation or thread, oldest first."""
        query = {"as_": self.user, "channel": place, "replies": "1"}
        rows = self.api.get("messages", **(query | ({"thread": thread} if thread else {})))
        return [self._message(row) for row in rows["messages"]]

    def _message(self, row: Json) -> Seen:
        where = "#" + self.name(row["channel"])
        key = f"{row['channel']}/{row['ts']}"
        return message_seen(self.reader, row, where, self.typed.get(key, {}))

    def view(self, raw: Json) -> Seen:
        """A modal or Home tab, with what was typed into it."""
        typed = self.typed.get(raw["id"], {})
        return view_seen(self.reader, raw, typed, self.errors.get(raw["id"], {}))

    # What one sees of it

    def in_sight(self, channel: str | None) -> list[Seen]:
        """Everything one could look at now, the topmost and newest first."""
        state = self.look()
        found = [self.view(view) for view in state["views"][-1:]]
        if self.at_home and state["home"] and channel is None:
            found.append(self.view(state["home"]))
        places = [self.place(channel)] if channel else [self.channel or "", self.dm()]
        rows: list[Seen] = []
        for place in dict.fromkeys(place for place in places if place):
            rows += self.messages(place)
        return found + sorted(rows, key=lambda seen: float(seen.ts), reverse=True)

    def reachable(self, channel: str | None, on: str | None) -> list[Seen]:
        """What one could click on: an open modal covers everything else."""
        found = self.in_sight(channel)
        if found and found[0].where == "modal" and channel is None:
            return found[:1]
        return [seen for seen in found if on is None or seen.holds(on)]

    def first(self, text: str, channel: str | None) -> Seen | None:
        """The topmost thing in which this text stands."""
        for seen in self.in_sight(channel):
            if seen.holds(text) or text in seen.title:
                return seen
        return None

    def until(self, look: Callable[[], Found | None], timeout: float) -> Found | None:
        """Look, and look again whenever something changed for this person."""
        end = time.monotonic() + timeout
        while True:
            left = end - time.monotonic()
            since = self.look()["revision"]
            found = look()
            if found is not None or left <= 0:
                return found
            self.api.get("wait", as_=self.user, since=since, timeout=left)

    # What one does with it

    def field(self, label: str, on: str | None, channel: str | None, timeout: float) -> Target:
        """Wait for the field a person means."""

        def look() -> Target | None:
            for seen in self.reachable(channel, on):
                found = find_field(self.reader, seen, label, on)
                if found is not None:
                    return found
            return None

        target = self.until(look, timeout)
        if target is None:
            where = f" at {on!r}" if on else ""
            dump = self.dump(channel)
            raise AssertionError(f"@{self.handle} finds no field {label!r}{where}.\n{dump}")
        return target

    def put(self, target: Target, value: object) -> None:
        """Let a value stand in a field; tell the app where the field does so at once."""
        element, block = target.element, target.block
        held = {"type": element["type"], VALUE_KEYS[element["type"]]: value}
        fields = self.typed.setdefault(target.seen.key, {})
        fields.setdefault(block["block_id"], {})[element["action_id"]] = held
        if _dispatches(block, element):
            self.act(target, held | {"action_id": element["action_id"]})

    def act(self, target: Target, action: Json) -> None:
        """Tell the app about a click or a choice."""
        answer = self.api.post(
            "action",
            as_=self.user,
            container=target.seen.container,
            block_id=target.block["block_id"],
            action=action,
            state=self.typed.get(target.seen.key, {}),
        )
        if not answer["ok"] and not target.seen.is_message:
            self.errors[target.seen.key] = {"modal": str(answer["error"])}

    def pick(self, target: Target, words: str, typing: str | None) -> object:
        """What a select holds once these words are chosen in it."""
        element = target.element
        key = VALUE_KEYS[element["type"]]
        if key in {"selected_date", "selected_time"}:
            return words
        if key == "selected_date_time":
            return int(words)
        if key in {"selected_user", "selected_users"}:
            return self._user(words)
        if key.startswith(("selected_conversation", "selected_channel")):
            return self.place(words)
        options = options_of(element)
        if element["type"] in {"external_select", "multi_external_select"}:
            options = self._suggested(target, words if typing is None else typing)
        found = find_option(self.reader, options, words)
        if found is None:
            names = ", ".join(self.reader.mrkdwn(option.get("text")) for option in options)
            offered = names or "nothing"
            raise AssertionError(f"@{self.handle} is not offered {words!r}; offered: {offered}")
        return found

    def _user(self, words: str) -> str:
        for row in self.api.get("people")["people"]:
            if words.removeprefix("@") in {row["id"], row["handle"], row["real_name"]}:
                return str(row["id"])
        raise AssertionError(f"nobody is called {words!r}")

    def _suggested(self, target: Target, typed: str) -> list[Json]:
        answer = self.api.post(
            "options",
            as_=self.user,
            container=target.seen.container,
            block_id=target.block["block_id"],
            action_id=target.element["action_id"],
            value=typed,
        )
        if "error" in answer:
            raise AssertionError(f"no options for {typed!r}: {answer['error']}")
        return options_of(answer)

    # What a failed test shows

    def dump(self, channel: str | None) -> str:
        """Everything in sight, as developers read it when a test fails."""
        found = self.in_sight(channel)
        views = [seen for seen in found if not seen.is_message]
        rows = [seen for seen in found if seen.is_message]
        place = channel or (self.name(self.channel) if self.channel else "no channel")
        parts = [f"In sight of @{self.handle} (in {place}, and the app's messages):"]
        parts += [f"  {_indented(seen)}" for seen in views]
        parts += [f"  {_indented(seen)}" for seen in rows[:SHOWN]]
        if len(rows) > SHOWN:
            parts.append(f"  ... and {len(rows) - SHOWN} older messages")
        if not found:
            parts.append("  nothing")
        parts.append("Latest between Slack and the app, newest first:")
        for entry in objects(self.api.get("log", limit=6)["log"]):
            what = f"{entry['direction']:8} {entry['what']}"
            parts.append(f"  {what} -> {entry['status']} ({entry['ms']} ms)")
        return "\n".join(parts)

    def no_button(self, label: str, on: str | None, channel: str | None) -> str:
        """Say which buttons there are instead."""
        names: list[str] = []
        for seen in self.reachable(channel, on):
            names += [words for words, _ in buttons(self.reader, seen, None)]
        where = f" at {on!r}" if on else ""
        offered = ", ".join(f"[{name}]" for name in dict.fromkeys(names)) or "none"
        return (
            f"@{self.handle} finds no button {label!r}{where}; there are: {offered}\n"
            f"{self.dump(channel)}"
        )


def _dispatches(block: Json, element: Json) -> bool:
    """Outside of inputs every choice is told at once; inside only where the app asks for it."""
    if block["type"] != "input":
        return True
    return bool(block.get("dispatch_action")) or bool(element.get("dispatch_action"))


def _indented(seen: Seen) -> str:
    return str(seen).replace("\n", "\n  ")
