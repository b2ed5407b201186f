"""Somebody at a real browser, with the words of `playground.driver.Person`."""

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from playground.browser.chromium import Chromium
from playground.browser.controls import PICKERS, Control, NotOfferedError
from playground.browser.room import Room
from playground.browser.seen import Seen

PATIENCE = 60.0
"""Seconds to wait for what ought to come; a busy machine takes its time."""
SHORT = 0.3
SOON = 60.0
"""Seconds for a modal to open that was asked for just before."""

Given = ParamSpec("Given")
Result = TypeVar("Result")


def _in_browser(
    method: Callable[Concatenate["BrowserPerson", Given], Result],
) -> Callable[Concatenate["BrowserPerson", Given], Result]:
    """Run a method on the browser's thread."""

    @wraps(method)
    def run(self: "BrowserPerson", /, *args: Given.args, **options: Given.kwargs) -> Result:
        return self.chromium.do(lambda: method(self, *args, **options))

    return run


class BrowserPerson:
    """A person, their page in Chromium, and what they do there.

    While a modal is open it covers the page: the person sees it and what stands behind it, but
    can go nowhere else.
    """

    def __init__(self, chromium: Chromium, room: Room, pictures: Callable[[], Path]) -> None:
        self.chromium = chromium
        self.id = room.user
        self.handle = room.handle
        self.room = room
        self.tab = room.tab
        self._pictures = pictures

    # Seeing

    @property
    @_in_browser
    def dm(self) -> str:
        """The direct messages with the app."""
        self.room.settle()
        return self.room.resolve("app")[0]

    @property
    @_in_browser
    def modal(self) -> Seen | None:
        """The modal on top, with its `title` and `text`, if one is open."""
        return self.room.only("modal")

    @property
    @_in_browser
    def home(self) -> Seen | None:
        """The app's Home tab, if the app published one; it is opened to be looked at."""
        if not self.tab.settle()["home"]:
            return None
        if self.tab.place[1] != "home":
            self.tab.open_home(*self.room.resolve("app"))
        return self.room.only("home")

    @_in_browser
    def messages(self, channel: str | None = None, thread: str | None = None) -> list[Seen]:
        """What stands in a conversation, oldest first; none given means the current one."""
        self.room.settle()
        self.room.enter(channel or self.room.channel or "app")
        if thread is None:
            return self.room.conversation()
        self.tab.open_thread(thread)
        return self.room.thread_messages()

    @_in_browser
    def sees(self, text: str, channel: str | None = None, timeout: float = PATIENCE) -> Seen:
        """Wait until this text is in sight; fail with what is in sight instead."""
        self.room.forget()
        found = self.room.scan(lambda: self.room.find(text), channel, timeout)
        if found is None:
            raise self._failure(f"does not see {text!r}", channel)
        return found

    @_in_browser
    def does_not_see(self, text: str, channel: str | None = None, within: float = SHORT) -> None:
        """Make sure this text is not in sight, nor comes into sight for a while."""
        self.room.forget()
        found = self.room.scan(lambda: self.room.find(text), channel, within)
        if found is not None:
            raise self._failure(f"sees {text!r}, but should not.\n{found}", channel)

    @_in_browser
    def picture(self, path: Path) -> Path:
        """Take a picture of the page once it has come to rest, the pointer out of the way."""
        self.tab.page.mouse.move(0, 0)
        self.tab.rest()
        self.tab.page.screenshot(path=path)
        return path

    # Doing

    @_in_browser
    def goes_to(self, channel: str) -> None:
        """Look at a conversation; what is in it counts as read."""
        self.room.settle()
        self.room.channel = self.room.enter(channel)
        self.room.at_home = False

    @_in_browser
    def opens_home(self) -> None:
        """Open the app's Home tab."""
        self.room.settle()
        self.room.free("open the Home tab")
        self.tab.open_home(*self.room.resolve("app"))
        self.room.at_home = True

    @_in_browser
    def joins(self, channel: str) -> None:
        """Enter a public channel."""
        self.room.settle()
        self.room.enter(channel)
        button = self.tab.page.get_by_role("button", name="Join channel")
        if not button.count():
            raise self._failure(f"cannot join {channel}", channel)
        button.click()
        self.tab.finish()
        self.room.settle()

    @_in_browser
    def types(self, text: str, channel: str | None = None, thread: str | None = None) -> None:
        """Type a message, or a slash command; a command is over once the app acknowledged it."""
        self.room.settle()
        self.room.free(f"type {text!r}")
        self.room.channel = self.room.enter(channel or self.room.channel or "general")
        self.room.at_home = False
        if thread is not None:
            self.tab.open_thread(thread)
        refused = self.tab.write(text, in_thread=thread is not None)
        if refused:
            raise self._failure(f"cannot write in {channel}: {refused}", None)

    @_in_browser
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

        The open modal comes first, then the present pane, then the app's messages; in each the
        newest. `on` names a text in the same place; of several such buttons the one at or after
        it counts. A question that follows is answered with `confirm`.
        """
        script = "([label, on]) => __play.button(label, on)"
        found = self.room.scan(lambda: self.tab.handle(script, [label, on]), channel, timeout)
        if found is None:
            raise self._failure(f"finds no button {label!r}{self._others(on)}", channel)
        node, more = found
        self.tab.page.evaluate("__play.opened = null")
        node.click()
        if more["option"] is not None:
            entries = self.tab.page.locator("[role=menu] [role=menuitem]")
            names = [" ".join(n.split()) for n in entries.locator(".menu__label").all_inner_texts()]
            entries.nth(names.index(more["option"])).click()
        asked = self.tab.finish(confirm=confirm)
        if not confirm and not asked:
            raise self._failure(f"was not asked to confirm {label!r}", channel)
        opened = self.tab.page.evaluate("__play.opened")
        return str(opened) if opened else None

    @_in_browser
    def fills(
        self, label: str, value: str, on: str | None = None, timeout: float = PATIENCE
    ) -> None:
        """Write into a field; a date as 2026-11-20, a time as 09:30."""
        self._field(label, on, None, timeout).write(value, self.room.tz())

    @_in_browser
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
        field = self._field(label, on, channel, timeout)
        names = [option] if isinstance(option, str) else list(option)
        if field.kind in PICKERS:
            field.write(names[0], self.room.tz())
            return
        try:
            field.choose([self.room.wanted(name) for name in names], typing)
        except NotOfferedError as error:
            message = f"is not offered {error.words!r}; offered: {error.offered}"
            raise self._failure(message, channel) from error

    @_in_browser
    def submits(self) -> dict[str, str]:
        """Send the open modal; give what is wrong, by field label (`modal` for the whole)."""
        self._footer_button("submit")
        self.room.settle()
        errors: dict[str, str] = self.tab.page.evaluate("__play.errors()")
        return errors

    @_in_browser
    def closes(self, *, everything: bool = False) -> None:
        """Close the modal on top, or all of them."""
        self._footer_button("Dismiss dialog" if everything else "button")

    @_in_browser
    def uses_shortcut(self, name: str, on: str | None = None, channel: str | None = None) -> None:
        """Use a shortcut by its name; `on` is a text in the message it is used on."""
        if on is None:
            self.room.stand()
            if self.tab.place[1] == "home":
                self.room.enter("app")
            self.tab.page.get_by_role("button", name="Shortcuts and commands").click()
        else:
            seen = self.sees(on, channel)
            article = self.tab.page.locator(f"article[data-ts='{seen.ts}']").first
            article.hover()
            article.get_by_role("button", name="More actions", exact=True).click()
        entries = self.tab.page.locator("[role=menu] [role=menuitem]")
        names = entries.locator(".menu__label").all_inner_texts()
        if name not in names:
            self.tab.page.keyboard.press("Escape")
            raise AssertionError(f"no shortcut is called {name!r}; there are: {', '.join(names)}")
        entries.nth(names.index(name)).click()
        self.tab.finish()

    # Parts of the above

    def _field(self, label: str, on: str | None, channel: str | None, timeout: float) -> Control:
        script = "([label, on]) => __play.field(label, on)"
        found = self.room.scan(lambda: self.tab.handle(script, [label, on]), channel, timeout)
        if found is None:
            where = f" at {on!r}" if on else ""
            raise self._failure(f"finds no field {label!r}{where}", channel)
        return Control(self.tab, *found)

    def _footer_button(self, kind: str) -> None:
        """Press a button of the modal itself."""
        if self.room.scan(lambda: self.tab.has_modal() or None, None, SOON) is None:
            raise self._failure("has no modal open", None)
        panel = self.tab.page.locator("dialog.dialog--modal .view-panel:not([hidden])")
        button = panel.locator(f".dialog__buttons button[type={kind}]")
        if kind == "Dismiss dialog":
            button = panel.get_by_role("button", name=kind, exact=True)
        if not button.is_visible():
            raise self._failure(f"finds no {kind} button in the modal", None)
        button.click()
        self.tab.finish()

    def _others(self, on: str | None) -> str:
        names: list[str] = self.tab.page.evaluate("on => __play.buttons(on)", on)
        where = f" at {on!r}" if on else ""
        offered = ", ".join(f"[{name}]" for name in dict.fromkeys(names)) or "none"
        return f"{where}; there are: {offered}"

    def _failure(self, what: str, channel: str | None) -> AssertionError:
        picture = self._pictures()
        self.tab.page.screenshot(path=picture)
        return AssertionError(
            f"@{self.handle} {what}.\n{self.room.dump(channel)}\nPicture: {picture}"
        )
