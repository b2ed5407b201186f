"""Working the page's controls: text, dates, selects, checkboxes, radio buttons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from playground.browser.tab import Tab
from playground.shapes import Json

if TYPE_CHECKING:
    from playwright.sync_api import ElementHandle

PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
CHOICES = frozenset({"checkboxes", "radio_buttons"})
LEAST_QUERY = 3
"""Slack's default for `min_query_length`."""


class NotOfferedError(Exception):
    """A choice that is not there, and those that are."""

    def __init__(self, words: str, offered: Iterable[str]) -> None:
        super().__init__(words)
        self.words = words
        self.offered = ", ".join(offered) or "nothing"


@dataclass(frozen=True)
class Wanted:
    """A choice by its name, and by what else it may be called on the page."""

    name: str
    words: frozenset[str]

    def index(self, labels: Sequence[str]) -> int:
        """Which of these it is: all of the words, else the only one that has them."""
        exact = [at for at, label in enumerate(labels) if label in self.words]
        if exact:
            return exact[0]
        wanted = self.name.casefold()
        near = [at for at, label in enumerate(labels) if wanted in label.casefold()]
        if len(near) == 1:
            return near[0]
        raise NotOfferedError(self.name, labels)


class Control:
    """One field of the page, and the element the app made it from."""

    def __init__(self, tab: Tab, node: "ElementHandle", about: Json) -> None:
        self.tab = tab
        self.node = node
        self.element: Json = about["element"]
        self.kind = str(self.element["type"])
        self.dispatches = bool(about["dispatches"])

    def write(self, value: str, tz: str) -> None:
        """Type into it, in place of what stands there."""
        if self.kind == "datetimepicker":
            local = datetime.fromtimestamp(int(value), UTC).astimezone(ZoneInfo(tz))
            value = local.strftime("%Y-%m-%dT%H:%M")
        field = self._part("input, textarea, [role=textbox]")
        before = self.tab.begun()
        field.fill(value)
        if not self.dispatches:
            return
        config = self.element.get("dispatch_action_config") or {}
        triggers = config.get("trigger_actions_on") or ["on_enter_pressed"]
        if self.kind not in PICKERS and "on_enter_pressed" in triggers:
            field.press("Enter")
        self.tab.told(before)

    def choose(self, wanted: Sequence[Wanted], typing: str | None) -> None:
        """Let exactly these stand in it."""
        if self.kind in CHOICES:
            self._tick(wanted)
            return
        if self.kind.startswith("multi_"):
            self._drop_others(wanted)
        for one in wanted:
            self._pick(one, typing)
        field = self._part("input")
        if field.get_attribute("aria-expanded") == "true":
            field.press("Escape")

    # Checkboxes and radio buttons

    def _tick(self, wanted: Sequence[Wanted]) -> None:
        rows = self.node.query_selector_all(".choice")
        labels = [_read(row.query_selector("label")) for row in rows]
        chosen = {one.index(labels) for one in wanted}
        for index, row in enumerate(rows):
            box = row.query_selector("input")
            on = index in chosen
            if box is None or box.is_checked() == on or (self.kind == "radio_buttons" and not on):
                continue
            box.click()
            self.tab.finish()
            if self.kind == "radio_buttons":
                return  # the app may have drawn the others anew

    # Selects

    def _drop_others(self, wanted: Sequence[Wanted]) -> None:
        keep = {words for one in wanted for words in one.words}
        names = [_read(chip) for chip in self.node.query_selector_all(".chip__text")]
        for name in names:
            button = self.node.query_selector(f'[aria-label="Remove {name}"]')
            if name not in keep and button is not None:
                button.click()
                self.tab.finish()

    def _pick(self, wanted: Wanted, typing: str | None) -> None:
        field = self._part("input")
        if field.get_attribute("aria-expanded") != "true":
            field.click()
            self.tab.finish()
        external = "external" in self.kind
        if external or typing is not None:
            self._search(field, wanted.name if typing is None else typing, external=external)
        options = self.tab.page.query_selector_all(
            f"#{field.get_attribute('aria-controls')} .option"
        )
        labels = [_read(option.query_selector(".option__label")) for option in options]
        if not labels:
            note = self.tab.page.locator(".listbox__note").inner_text()
            raise NotOfferedError(wanted.name, [f"nothing ({note})"])
        option = options[wanted.index(labels)]
        if option.get_attribute("aria-selected") == "true" and self.kind.startswith("multi_"):
            return
        option.click()
        self.tab.finish()

    def _search(self, field: "ElementHandle", typed: str, *, external: bool) -> None:
        before = self.tab.begun()
        field.fill(typed)
        if external and len(typed) >= self.element.get("min_query_length", LEAST_QUERY):
            self.tab.told(before)
        else:
            self.tab.pause()

    def _part(self, selector: str) -> "ElementHandle":
        found = self.node.query_selector(selector)
        if found is None:
            raise AssertionError(f"a {self.kind} cannot be used like this")
        return found


def _read(node: "ElementHandle | None") -> str:
    return " ".join((node.text_content() or "").split()) if node else ""
