"""A browser-less user of the playground, for tests that speak a user's terms.

slack = Slack("http://127.0.0.1:4000")
ana = slack.person("ana")
ana.types("/track start WEB-12", channel="general")
ana.sees("Started WEB-12")
ana.clicks("Stop")
"""

from collections.abc import Sequence

from playground.api import Api
from playground.blocks import LISTS, VALUE_KEYS
from playground.hands import Target, find_button
from playground.screen import Screen
from playground.shapes import Json, objects
from playground.sight import Seen

PATIENCE = 60.0
"""Seconds to wait for what ought to come; a busy machine takes its time."""
SHORT = 0.3
SOON = 60.0
"""Seconds for a modal to open that was asked for just before."""


class Slack:
    """The playground, as seen by those who use it."""

    def __init__(self, url: str) -> None:
        self._api = Api(url)
        self.url = self._api.url
        self._people: dict[str, Person] = {}

    def close(self) -> None:
        """Let go of open connections."""
        self._api.close()

    def person(self, name: str) -> "Person":
        """Sit down as somebody, by handle or id; the same browser each time."""
        if name not in self._people:
            first = self._api.get("people")
            rows = objects(first["people"])
            for team in first["teams"][1:]:
                rows += self._api.get("people", team=team["id"])["people"]
            match = [row for row in rows if name in {row["handle"], row["id"]}]
            if not match:
                handles = ", ".join(row["handle"] for row in rows)
                raise AssertionError(f"nobody is called {name}; there are {handles}")
            self._people[name] = Person(Screen(self._api, match[0]["id"], match[0]["handle"]))
        return self._people[name]

    def points_to(self, app_url: str) -> None:
        """Deliver to this address from now on."""
        self._api.post("app", url=app_url)

    def sends_event(self, event: Json) -> None:
        """Send the app an event of one's own making."""
        self._api.post("event", event=event)

    def changes(self, name: str, **changes: object) -> None:
        """Change a person, as `deleted=True`; the app gets `user_change`."""
        self._api.post("person", id=self.person(name).id, **changes)

    def uninstalls_app(self, team: str = "") -> None:
        """Remove the app: its token dies, `tokens_revoked` and `app_uninstalled` are sent."""
        self._api.post("uninstall", team=team)

    def installs_app(self, team: str = "") -> None:
        """Put the app back."""
        self._api.post("install", team=team)

    def revokes_token(self, team: str = "") -> None:
        """Make the app's token invalid; `tokens_revoked` is sent."""
        self._api.post("revoke", team=team)

    def advances(self, seconds: float) -> None:
        """Move the playground's clock forward."""
        self._api.post("clock", advance=seconds)

    def clock(self) -> Json:
        """How the playground's clock stands."""
        return self._api.get("clock")

    def freezes(self) -> None:
        """Let the playground's clock stand still."""
        self._api.post("clock", freeze=True)

    def resumes(self) -> None:
        """Let the playground's clock go on."""
        self._api.post("clock", resume=True)

    def spoils_line(self, **how: object) -> None:
        """Slow or cut the line: `delay_ms`, `cut`, `api_cut`, `times`; see the README."""
        answer = self._api.post("link", **how)
        if "error" in answer:
            raise ValueError(answer["error"])

    def resends(self, what: str = "event") -> Json:
        """Send the app the last event, or the last interaction, again."""
        return self._api.post("resend", what=what)

    def refreshes_connections(self) -> None:
        """Ask the app to reconnect, as Slack does with Socket Mode every few hours."""
        self._api.post("reconnect")

    def log(self, limit: int = 200) -> list[Json]:
        """The latest exchanges between Slack and the app, newest first."""
        return objects(self._api.get("log", limit=limit)["log"])


class Person:
    """Somebody at a browser: what they see, and what they do."""

    def __init__(self, screen: Screen) -> None:
        self.id = screen.user
        self.handle = screen.handle
        self._screen = screen
        self._api = screen.api

    # Seeing

    @property
    def dm(self) -> str:
        """The direct messages with the app."""
        return self._screen.dm()

    @property
    def modal(self) -> Seen | None:
        """The modal on top, with its `title` and `text`, if one is open."""
        stack = self._screen.look()["views"]
        return self._screen.view(stack[-1]) if stack else None

    @property
    def home(self) -> Seen | None:
        """The app's Home tab as last published."""
        view = self._screen.look()["home"]
        return self._screen.view(view) if view else None

    def messages(self, channel: str | None = None, thread: str | None = None) -> list[Seen]:
        """What stands in a conversation, oldest first; none given means the current one."""
        place = self._screen.place(channel or self._screen.channel or "app")
        return self._screen.messages(place, thread)

    def sees(self, text: str, channel: str | None = None, timeout: float = PATIENCE) -> Seen:
        """Wait until this text is in sight; fail with what is in sight instead."""
        found = self._screen.until(lambda: self._screen.first(text, channel), timeout)
        if found is None:
            raise AssertionError(
                f"@{self.handle} does not see {text!r}.\n{self._screen.dump(channel)}"
            )
        return found

    def does_not_see(self, text: str, channel: str | None = None, within: float = SHORT) -> None:
        """Make sure this text is not in sight, nor comes into sight for a while."""
        found = self._screen.until(lambda: self._screen.first(text, channel), within)
        if found is not None:
            raise AssertionError(f"@{self.handle} sees {text!r}, but should not.\n{found}")

    # Doing

    def goes_to(self, channel: str) -> None:
        """Look at a conversation; what is in it counts as read."""
        self._screen.channel = self._screen.place(channel)
        self._screen.at_home = False
        self._api.post("read", as_=self.id, channel=self._screen.channel)

    def opens_home(self) -> None:
        """Open the app's Home tab."""
        self._screen.at_home = True
        answer = self._api.post("home", as_=self.id)
        self._accepted(answer, "open the Home tab")

    def joins(self, channel: str) -> None:
        """Enter a public channel."""
        self._accepted(
            self._api.post("join", as_=self.id, channel=self._screen.place(channel)),
            f"join {channel}",
        )

    def types(self, text: str, channel: str | None = None, thread: str | None = None) -> None:
        """Type a message, or a slash command; a command is over once the app acknowledged it."""
        place = self._screen.place(channel or self._screen.channel or "general")
        self._screen.channel = place
        self._screen.at_home = False
        if text.startswith("/"):
            # A failed command is visible: Slack answers with a notice.
            self._api.post("command", as_=self.id, channel=place, text=text, thread_ts=thread)
            return
        answer = self._api.post("message", as_=self.id, channel=place, text=text, thread_ts=thread)
        self._accepted(answer, f"write in {channel or place}")

    def clicks(
        self,
        label: str,
        on: str | None = None,
        channel: str | None = None,
        timeout: float = PATIENCE,
        *,
        confirm: bool = True,
    ) -> str | None:
        """Click a button or menu entry; give the address it opens, if it has one.

        The open modal comes first, then an open Home tab, then the newest message that has it.
        `on` names a text in the same place; of several such buttons the one at or after it counts.
        A question that follows is answered with `confirm`; to answer no there must be one.
        """

        def look() -> Target | None:
            for seen in self._screen.reachable(channel, on):
                found = find_button(self._screen.reader, seen, label, on)
                if found is not None:
                    return found
            return None

        target = self._screen.until(look, timeout)
        if target is None:
            raise AssertionError(self._screen.no_button(label, on, channel))
        if not confirm:
            if not target.element.get("confirm"):
                raise AssertionError(f"@{self.handle} was not asked to confirm {label!r}")
            return None
        action: Json = {"type": target.element["type"], "action_id": target.element["action_id"]}
        if target.option is not None:
            action["selected_option"] = target.option
        else:
            action["value"] = target.element.get("value")
        self._screen.act(target, action)
        url = target.element.get("url") or (target.option or {}).get("url")
        return str(url) if url else None

    def fills(
        self, label: str, value: str, on: str | None = None, timeout: float = PATIENCE
    ) -> None:
        """Write into a field; a date as 2026-11-20, a time as 09:30."""
        target = self._screen.field(label, on, None, timeout)
        kind = target.element["type"]
        key = VALUE_KEYS[kind]
        self._screen.put(target, int(value) if key == "selected_date_time" else value)

    def chooses(
        self,
        label: str,
        option: str | Sequence[str],
        on: str | None = None,
        *,
        channel: str | None = None,
        typing: str | None = None,
        timeout: float = PATIENCE,
    ) -> None:
        """Choose in a select, radio group, checkboxes or date field; several words choose several.

        In a select that asks the app, `typing` is typed; else the option's own words are.
        """
        target = self._screen.field(label, on, channel, timeout)
        key = VALUE_KEYS[target.element["type"]]
        names = [option] if isinstance(option, str) else list(option)
        picked = [self._screen.pick(target, name, typing) for name in names]
        self._screen.put(target, picked if key in LISTS else picked[0])

    def submits(self) -> dict[str, str]:
        """Send the open modal; give what is wrong, by field label (`modal` for the whole)."""
        view = self._opened()
        answer = self._api.post(
            "submit",
            as_=self.id,
            view_id=view.raw["id"],
            state=self._screen.typed.get(view.key, {}),
        )
        errors: dict[str, str] = dict(answer.get("errors") or {})
        if not answer["ok"] and not errors:
            errors = {"modal": str(answer["error"])}
        self._screen.errors[view.key] = errors
        labels = {
            str(block.get("block_id")): self._screen.reader.mrkdwn(block.get("label"))
            for block in view.blocks
        }
        return {labels.get(key) or key: text for key, text in errors.items()}

    def closes(self, *, everything: bool = False) -> None:
        """Close the modal on top, or all of them."""
        view = self._opened()
        self._api.post("close", as_=self.id, view_id=view.raw["id"], all=everything)

    def uses_shortcut(self, name: str, on: str | None = None, channel: str | None = None) -> None:
        """Use a shortcut by its name; `on` is a text in the message it is used on."""
        rows = self._screen.look()["shortcuts"]
        match = [row for row in rows if name in {row["name"], row["callback_id"]}]
        if not match:
            offered = ", ".join(row["name"] for row in rows)
            raise AssertionError(f"no shortcut is called {name!r}; there are: {offered}")
        body: Json = {"callback_id": match[0]["callback_id"]}
        if on is not None:
            seen = self.sees(on, channel)
            body |= {"channel": seen.channel, "ts": seen.ts}
        self._api.post("shortcut", as_=self.id, **body)

    def _opened(self) -> Seen:
        """The modal on top; one that was asked for just before may be on its way."""
        view = self._screen.until(lambda: self.modal, SOON)
        if view is None:
            raise AssertionError(f"@{self.handle} has no modal open.\n{self._screen.dump(None)}")
        return view

    def _accepted(self, answer: Json, what: str) -> None:
        if not answer["ok"]:
            raise AssertionError(f"@{self.handle} cannot {what}: {answer['error']}")
