"""Every text on the page can be told from what is behind it, in both colour schemes."""

from typing import TYPE_CHECKING

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck

from playground.browser import BrowserPeople, BrowserPerson
from playground.shapes import Json
from tests.playground.bench import Bench
from tests.playground.browser import gallery
from tests.playground.browser.hands import at, on_page, opens_tools, presses
from tests.playground.browser.kitchen import cook

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TOO_FAINT = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = (css) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => top.slice(0, 3).map((c, i) => c * top[3] + below[i] * (1 - top[3]));
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  /** What is behind an element; null where a picture or a gradient is. */
  const behind = (el) => {
    const layers = [];
    for (let at = el; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== 'none' || at.matches('.video__still')) return null;
      layers.push(rgba(style.backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    return layers.reverse().reduce((below, top) => over(top, below), dark ? [24, 29, 31] : [255, 255, 255]);
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const scope = document.querySelector('dialog[open]') ?? document.body;
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !scope.contains(el) || el.closest('.sr-only, title, :disabled')) continue;
    if (!el.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const background = behind(el);
    if (!background) continue;
    const style = getComputedStyle(el);
    const colour = rgba(el instanceof SVGElement ? style.fill : style.color);
    for (let at = el; at; at = at.parentElement) colour[3] *= Number(getComputedStyle(at).opacity);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const found = ratio(over(colour, background), background);
    if (found < least) faint.push(`${found.toFixed(2)} ${el.className.baseVal ?? el.className} ${walker.currentNode.data.trim().slice(0, 30)}`);
  }
  return [...new Set(faint)];
}"""


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
    at(ana, lambda page: (page.locator(".rows").focus(), page.keyboard.press("End")))
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
