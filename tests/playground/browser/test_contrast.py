"""Every text on the page can be told from what is behind it, in both colour schemes."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck

from playground.browser import BrowserPeople, BrowserPerson
from playground.shapes import Json
from tests.playground.bench import Bench
from tests.playground.browser import gallery
from tests.playground.browser.hands import at, on_page, opens_tools, press, presses
from tests.playground.browser.kitchen import cook

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TOO_FAINT = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


def faint(person: BrowserPerson, place: str) -> list[str]:
    """The texts that are too faint here, in light and in dark."""
    found: list[str] = []
    for scheme in ("light", "dark"):

        def colour(page: "Page", scheme: str = scheme) -> None:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

        at(person, colour)
        found += [f"{place}, {scheme}: {row}" for row in on_page(person, TOO_FAINT)]
    return found


def test_every_text_stands_out(bench: Bench, browsers: BrowserPeople) -> None:
    """At least 4.5 to 1: messages, blocks, tools, inspector, modals with errors, Home."""
    cook(bench)

    @bench.app.command("/escaped")
    async def ask(ack: AsyncAck, body: Json) -> None:
        await ack()
        await bench.client.views_open(trigger_id=body["trigger_id"], view=gallery.asking())

    gallery.hang(bench)
    ana = browsers.person("ana")
    ana.types("/do rows", channel="general")
    ana.types("hello `code` <@U0ANA> <!here> https://example.test/")
    ana.types("/nothing")
    found = faint(ana, "messages")
    opens_tools(ana)
    presses(ana, "Freeze")
    found += faint(ana, "controls")
    at(ana, lambda page: page.get_by_role("tab", name="Inspector").click())
    at(ana, lambda page: page.locator(".rows").focus())
    press(ana, "End")
    found += faint(ana, "inspector")
    presses(ana, "Close the playground tools")
    ana.types("/escaped")
    ana.sees("This is error")
    ana.submits()
    found += faint(ana, "modal")
    ana.closes()
    ana.opens_home()
    found += faint(ana, "home")
    presses(ana, "New direct message")
    found += faint(ana, "new message")
    assert not found, "\n".join(found)
