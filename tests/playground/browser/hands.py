"""What the page's tests do at a person's browser, beside what a person can do."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from playground.browser import BrowserPerson

if TYPE_CHECKING:
    from playwright.sync_api import Page

Given = TypeVar("Given")
LONGEST = 60_000
"""Milliseconds for something to come about."""


def on_page(person: BrowserPerson, script: str, given: object = None) -> Any:  # noqa: ANN401
    """Run a script on somebody's page."""
    return person.chromium.do(lambda: person.tab.page.evaluate(script, given))


def at(person: BrowserPerson, work: Callable[["Page"], Given]) -> Given:
    """Do something with somebody's page, and let it come to rest."""

    def run() -> Given:
        result = work(person.tab.page)
        person.tab.finish()
        person.tab.settle()
        return result

    return person.chromium.do(run)


def press(person: BrowserPerson, *keys: str) -> None:
    """Press keys, one after the other, and let the page come to rest."""

    def work(page: "Page") -> None:
        for key in keys:
            page.keyboard.press(key) if len(key) > 1 else page.keyboard.type(key)

    at(person, work)


def presses(person: BrowserPerson, name: str, role: Any = "button") -> None:  # noqa: ANN401
    """Click what has this name."""
    at(person, lambda page: page.get_by_role(role, name=name, exact=True).first.click())


def focused(person: BrowserPerson) -> str:
    """What has the focus, as its label says."""
    return str(
        on_page(
            person,
            "() => { const el = document.activeElement;"
            " return el.labels?.[0]?.textContent ?? el.ariaLabel ?? el.textContent.trim(); }",
        )
    )


def waits(person: BrowserPerson, script: str) -> None:
    """Wait until something is so on the page."""
    person.chromium.do(
        lambda: person.tab.page.wait_for_function(f"() => {script}", timeout=LONGEST)
    )


def opens_tools(person: BrowserPerson, part: str = "Controls") -> None:
    """Open the playground's tools."""
    presses(person, "Playground")
    at(person, lambda page: page.get_by_role("tab", name=part).click())
