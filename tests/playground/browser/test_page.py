"""The page itself: how little it loads, how it looks, and that it needs no mouse."""

import subprocess
import sys
from base64 import b64encode
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from playground.browser import BrowserPeople, BrowserPerson
from tests.playground.bench import Bench
from tests.playground.browser.hands import focused, on_page, press
from tests.playground.browser.kitchen import cook
from tests.playground.browser.modules import at_start, preloaded

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
MOST_REQUESTS = 90
MOST_BYTES = 300_000
SPOKEN = frozenset(
    [
        *("button", "link", "textbox", "combobox", "checkbox", "radio", "spinbutton", "Date"),
        *("InputTime", "tab", "dialog", "alertdialog", "listbox", "option", "menuitem"),
        *("article", "navigation", "region", "group", "image", "img"),
    ]
)
"""Roles that a screen reader announces by name."""


def test_little_is_loaded_once(browsers: BrowserPeople) -> None:
    """Few requests, few bytes, each file once, and three kinds of questions to the server."""
    ana = browsers.person("ana")
    rows = on_page(
        ana,
        "() => performance.getEntriesByType('resource').map(e => [e.name, e.encodedBodySize])",
    )
    names = [name.split("?")[0].split("/", 3)[3] for name, _ in rows]
    # Chromium asks for the icon again whenever a page writes its own address.
    files = [name for name in names if name.endswith((".js", ".css"))]
    assert sorted(files) == sorted(set(files))
    assert len(names) < MOST_REQUESTS
    assert sum(size for _, size in rows) < MOST_BYTES
    assert all("127.0.0.1" in name for name, _ in rows)
    first = [name for name in names if name.startswith("ui/")]
    assert sorted(set(first)) == ["ui/clock", "ui/link", "ui/messages", "ui/people", "ui/state"]


def test_every_module_is_asked_for_at_once() -> None:
    """No module waits for another to name it; those of the tools come when they are opened."""
    assert preloaded() == [name for name in at_start() if name != "/page/app.js"]
    assert not [name for name in preloaded() if "inspector" in name]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_it_is_drawn_in_every_size_and_colour(
    bench: Bench, browsers: BrowserPeople, tmp_path: Path, scheme: str, width: int
) -> None:
    """Pictures show something, nothing sticks out, and dark is dark."""
    cook(bench)
    ana = browsers.person("ana")
    ana.types("/do rows", channel="general")
    ana.types("/do all")
    ana.sees("All")

    def resize(page: "Page") -> None:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 800})

    ana.chromium.do(lambda: resize(ana.tab.page))
    for name in ("modal", "messages"):
        picture = ana.picture(tmp_path / f"{name}-{scheme}-{width}.png")
        colours, brightness = colours_of(ana, picture)
        assert colours > 40
        assert (brightness < 110) == (scheme == "dark")
        assert on_page(ana, "document.documentElement.scrollWidth <= innerWidth")
        if name == "modal":
            ana.closes()


def colours_of(person: BrowserPerson, picture: Path) -> tuple[int, float]:
    """How many colours a picture has, and how bright it is from 0 to 255."""
    found = on_page(
        person,
        """async (data) => {
          const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
          const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const pixels = new Uint32Array(
            context.getImageData(0, 0, image.width, image.height).data.buffer);
          let sum = 0;
          for (const p of pixels) sum += ((p & 255) + ((p >> 8) & 255) + ((p >> 16) & 255)) / 3;
          return [new Set(pixels).size, sum / pixels.length];
        }""",
        b64encode(picture.read_bytes()).decode(),
    )
    return int(found[0]), float(found[1])


def test_a_modal_needs_no_mouse(bench: Bench, browsers: BrowserPeople) -> None:
    """Typing a command, filling fields, choosing, sending and closing: all with keys."""
    sent = cook(bench)
    ana = browsers.person("ana")
    press(ana, *"/do all", "Enter")
    ana.sees("All")
    assert focused(ana) == "Note"
    press(ana, *"note", "Tab", *"Ana", "Tab", *"7")
    while focused(ana) != "One":
        press(ana, "Tab")
    press(ana, "ArrowDown", "ArrowDown", "Enter", "Tab")
    while focused(ana) != "Fruit":
        press(ana, "Tab")
    press(ana, *"apr")
    ana.chromium.do(lambda: ana.tab.page.get_by_role("option", name="Apricot").wait_for())
    press(ana, "Enter")
    while focused(ana) != "Red":
        press(ana, "Tab")
    press(ana, "Tab", "Space")
    while focused(ana) != "Save":
        press(ana, "Tab")
    press(ana, "Enter")
    assert ana.modal is None
    assert sent[-1]["note"]["note"]["value"] == "note"
    assert sent[-1]["number"]["number"]["value"] == "7"
    assert sent[-1]["one"]["one"]["selected_option"]["value"] == "green"
    assert sent[-1]["fruit"]["fruit"]["selected_option"]["value"] == "apricot"
    boxes = sent[-1]["boxes"]["boxes"]["selected_options"]
    assert [one["value"] for one in boxes] == ["red", "green"]
    press(ana, *"/do", "Enter")
    ana.sees("This is One")
    press(ana, "Escape")
    assert ana.modal is None
    assert focused(ana) == "Message #general"


def test_a_dialog_keeps_the_focus(bench: Bench, browsers: BrowserPeople) -> None:
    """Tab goes round inside a modal, forwards and backwards, and never behind it."""
    cook(bench)
    ana = browsers.person("ana")
    ana.types("/do all", channel="general")
    ana.sees("All")
    inside = (
        "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
    )

    def tour(page: "Page", key: str) -> None:
        for _ in range(45):
            page.keyboard.press(key)
            assert page.evaluate(inside), focused(ana)

    for key in ("Tab", "Shift+Tab"):
        ana.chromium.do(partial(tour, ana.tab.page, key))


def test_everything_one_can_use_has_a_name(bench: Bench, browsers: BrowserPeople) -> None:
    """Chromium's own accessibility tree: no nameless button, field, link, dialog or picture."""
    cook(bench)
    ana = browsers.person("ana")
    assert nameless(ana) == []
    ana.types("/do rows", channel="general")
    ana.types("/do all")
    ana.sees("All")
    assert nameless(ana) == []
    ana.closes()
    ana.types("/do instant")
    ana.sees("Now")
    assert nameless(ana) == []
    ana.closes()
    ana.opens_home()
    assert nameless(ana) == []
    assert duplicates(ana) == []


def nameless(person: BrowserPerson) -> list[str]:
    """The things one can use that a screen reader could not name."""

    def work() -> list[dict[str, Any]]:
        session = person.tab.page.context.new_cdp_session(person.tab.page)
        tree: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
        return tree

    return [
        f"{node['role']['value']} {node.get('properties')}"
        for node in person.chromium.do(work)
        if not node["ignored"]
        and node["role"]["value"] in SPOKEN
        and not node.get("name", {}).get("value", "").strip()
    ]


def duplicates(person: BrowserPerson) -> list[str]:
    """Ids that stand twice on the page: labels would point at the wrong field."""
    script = "[...document.querySelectorAll('[id]')].map(el => el.id)"
    ids: list[str] = on_page(person, script)
    return [one for one in set(ids) if ids.count(one) > 1]


def test_the_playground_needs_no_browser() -> None:
    """Without Playwright everything else of the playground is there."""
    code = (
        "import sys; sys.modules['playwright'] = None\n"
        "import playground.browser, playground.testing, playground.people"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own interpreter
