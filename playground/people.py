"""What a story may ask of a person, whether they use a browser or plain HTTP.

def story(ana: Somebody, bo: Somebody) -> None:
    ana.types("/echo hello", channel="general")
    ana.sees("You said hello")
"""

from collections.abc import Sequence
from typing import Protocol


class Sight(Protocol):
    """Something a person sees: a message, a modal, a Home tab."""

    @property
    def where(self) -> str:
        """`modal`, `home`, or the conversation of a message."""

    @property
    def title(self) -> str:
        """A modal's title, a message's author and marks."""

    @property
    def text(self) -> str:
        """What can be read there; `[Button]`, `<what stands in a field>`, `[x] Choice`."""

    @property
    def ts(self) -> str:
        """A message's id, which names its thread; empty for others."""

    def holds(self, text: str) -> bool:
        """Tell whether this text stands there, however its lines are broken."""


class Somebody(Protocol):
    """A person of the team; `playground.driver.Person` and `playground.browser.BrowserPerson`."""

    id: str
    handle: str

    @property
    def modal(self) -> Sight | None:
        """The modal on top, if one is open."""

    @property
    def home(self) -> Sight | None:
        """The app's Home tab, if it was published."""

    def messages(self, channel: str | None = None, thread: str | None = None) -> Sequence[Sight]:
        """What stands in a conversation, oldest first."""

    def sees(self, text: str, channel: str | None = None, timeout: float = ...) -> Sight:
        """Wait until this text is in sight: in the modal, the present pane, the app's messages."""

    def does_not_see(self, text: str, channel: str | None = None, within: float = ...) -> None:
        """Make sure this text is not in sight, nor comes into sight for a while."""

    def goes_to(self, channel: str) -> None:
        """Look at a conversation: its name, `app` for the app's, a handle for a person's."""

    def opens_home(self) -> None:
        """Open the app's Home tab."""

    def joins(self, channel: str) -> None:
        """Enter a public channel."""

    def types(self, text: str, channel: str | None = None, thread: str | None = None) -> None:
        """Send a message or a slash command."""

    def clicks(
        self,
        label: str,
        on: str | None = None,
        channel: str | None = None,
        timeout: float = ...,
        *,
        confirm: bool = True,
    ) -> str | None:
        """Click a button or menu entry; a question that follows is answered with `confirm`."""

    def fills(self, label: str, value: str, on: str | None = None, timeout: float = ...) -> None:
        """Write into a field; a date as 2026-11-20, a time as 09:30."""

    def chooses(
        self,
        label: str,
        option: str | Sequence[str],
        on: str | None = None,
        *,
        channel: str | None = None,
        typing: str | None = None,
        timeout: float = ...,
    ) -> None:
        """Choose in a select, radio group, checkboxes or date field."""

    def submits(self) -> dict[str, str]:
        """Send the open modal; give what is wrong, by field label (`modal` for the whole)."""

    def closes(self, *, everything: bool = False) -> None:
        """Close the modal on top, or all of them."""

    def uses_shortcut(self, name: str, on: str | None = None, channel: str | None = None) -> None:
        """Use a shortcut by its name; `on` is a text in the message it is used on."""
