"""Beginning and leaving conversations, and very long ones."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from slack_sdk import WebClient

from playground.browser import BrowserPeople, BrowserPerson, browser_people
from playground.snapshot import save
from playground.team import read_teams
from playground.world import Message, World
from tests.playground.bench import Bench, Start
from tests.playground.browser.hands import at, focused, on_page, press, presses, waits

if TYPE_CHECKING:
    from playwright.sync_api import Route

pytestmark = pytest.mark.browser
MANY = 10_000
BEGINNING = 1_780_000_000
PLACE = "[...document.querySelectorAll('.conversation article')]"
MOST_DRAWN = 200
MOST_LOADED = 500_000
"""Characters; all of them are some millions."""


def test_a_direct_message_begins_on_the_page(bench: Bench, browsers: BrowserPeople) -> None:
    """A name is typed, Enter opens the conversation, and the other one gets the message."""
    ana = browsers.person("ana")
    presses(ana, "New direct message")
    press(ana, *"cleo", "Enter")
    waits(ana, "document.querySelector('.header__title')?.textContent.includes('Cleo Adeyemi')")
    assert focused(ana) == "Message Cleo Adeyemi"
    press(ana, *"Lunch?", "Enter")
    bench.person("cleo").sees("Lunch?", channel="ana")


def test_who_leaves_sees_how_to_come_back(browsers: BrowserPeople) -> None:
    """In a second window too; a private channel goes away."""
    ana = browsers.person("ana")
    second = at(ana, lambda page: page.context.new_page())
    address = at(ana, lambda page: page.url.split("&c=")[0] + "&c=C0WEB")
    at(ana, lambda _: second.goto(address))
    ana.chromium.do(lambda: second.get_by_role("textbox", name="Message #web").wait_for())
    ana.goes_to("web")
    presses(ana, "Channel options")
    presses(ana, "Leave channel", "menuitem")
    waits(ana, "!!document.querySelector('.composer__join button')")
    ana.chromium.do(lambda: second.get_by_role("button", name="Join channel").wait_for())
    at(ana, lambda _: second.close())
    ana.goes_to("leads")
    presses(ana, "Channel options")
    presses(ana, "Leave channel", "menuitem")
    waits(ana, "!document.querySelector('.sidebar').textContent.includes('leads')")


def test_what_happens_while_a_conversation_is_read_is_seen(
    bench: Bench, browsers: BrowserPeople
) -> None:
    """An answer that was on its way meanwhile does not bring back what was changed or deleted."""
    app = WebClient(bench.play.bot_token, base_url=bench.play.api_url)
    said = {
        words: str(app.chat_postMessage(channel="C0GENERAL", text=words)["ts"])
        for words in ("Working on it", "Never mind")
    }
    ana = browsers.person("ana")
    ana.goes_to("web")

    def happens() -> None:
        app.chat_update(channel="C0GENERAL", ts=said["Working on it"], text="All of it is done")
        app.chat_delete(channel="C0GENERAL", ts=said["Never mind"])
        app.chat_postMessage(channel="C0GENERAL", text="One more")

    while_read(ana, lambda: ana.tab.open("C0GENERAL", "general"), happens, news=3)
    ana.sees("All of it is done", channel="general")
    ana.sees("One more", channel="general")
    ana.does_not_see("Working on it", channel="general")
    ana.does_not_see("Never mind", channel="general")


def test_what_happens_while_a_thread_is_read_is_seen(bench: Bench, browsers: BrowserPeople) -> None:
    """So in the pane beside it."""
    app = WebClient(bench.play.bot_token, base_url=bench.play.api_url)
    first = str(app.chat_postMessage(channel="C0GENERAL", text="A question")["ts"])
    reply = app.chat_postMessage(channel="C0GENERAL", text="Looking", thread_ts=first)
    ana = browsers.person("ana")
    ana.goes_to("general")

    def happens() -> None:
        app.chat_update(channel="C0GENERAL", ts=str(reply["ts"]), text="The answer")

    while_read(ana, lambda: ana.tab.open_thread(first), happens, news=1)
    waits(ana, "document.querySelector('.thread__content').textContent.includes('The answer')")


def test_what_happens_while_the_sidebar_is_read_is_seen(
    bench: Bench, browsers: BrowserPeople
) -> None:
    """An older answer does not take the sign of an unread message away."""
    app = WebClient(bench.play.bot_token, base_url=bench.play.api_url)
    ana = browsers.person("ana")
    ana.types("/leave", channel="web")

    def happens() -> None:
        app.chat_postMessage(channel="C0GENERAL", text="Look here")

    while_read(ana, lambda: ana.tab.page.click("text=Join channel"), happens, 1, "state")
    waits(ana, "document.querySelector('.sidebar .is-unread')?.textContent.includes('general')")


def while_read(
    person: BrowserPerson,
    read: Callable[[], None],
    happens: Callable[[], None],
    news: int,
    what: str = "messages",
) -> None:
    """Let something happen after the server has answered and before the page has the answer."""

    def held(route: "Route") -> None:
        answer = route.fetch()
        before = person.tab.page.evaluate("__play.heard")
        happens()
        person.tab.page.wait_for_function("n => __play.heard >= n", arg=before + news)
        route.fulfill(response=answer)

    def run() -> None:
        person.tab.page.route(f"**/ui/{what}?*", held, times=1)
        read()
        person.tab.finish()
        person.tab.settle()

    person.chromium.do(run)


def long_talk(folder: Path) -> None:
    """Write a state in which #general holds ten thousand messages."""
    names = ("U0ANA", "U0BO", "U0CLEO")
    world = World(read_teams(None)[0], now=time.time)
    world.messages["C0GENERAL"] = [
        Message(f"{BEGINNING + 30 * n}.000100", "C0GENERAL", names[n // 3 % 3], f"Line {n}")
        for n in range(MANY)
    ]
    save(world, folder)


def test_ten_thousand_messages(start: Start, chromium: str, tmp_path: Path) -> None:
    """The page draws a part of them, wherever one is, and keeps what one reads in place."""
    long_talk(tmp_path)
    bench = start(state=tmp_path)
    with browser_people(bench.play, chromium, tmp_path) as people:
        ana = people.person("ana")
        ana.goes_to("general")
        ana.sees(f"Line {MANY - 1}")
        assert len(on_page(ana, LINES)) <= MOST_DRAWN
        assert 0 < on_page(ana, LOADED) < MOST_LOADED
        for steps in range(1000):
            at(ana, lambda page: page.evaluate(STEP_UP))
            numbers = [int(text.split()[-1]) for text in on_page(ana, LINES)]
            if steps >= 12 and numbers[0] < MANY - 300:
                break
        assert numbers == list(range(numbers[0], numbers[-1] + 1))
        assert numbers[0] < MANY - 300
        assert len(numbers) <= MOST_DRAWN
        moved = at(ana, lambda page: page.evaluate(HOLD))
        assert abs(moved) < 2
        bench.person("bo").types("Newest of all", channel="general")
        waits(ana, "!document.querySelector('.messages__jump').hidden")
        presses(ana, "New messages")
        ana.sees("Newest of all")
        assert len(on_page(ana, LINES)) <= MOST_DRAWN


LINES = f"{PLACE}.map(e => e.querySelector('.message__text').textContent)"
LOADED = """performance.getEntriesByType('resource')
  .filter((one) => one.name.includes('/ui/messages'))
  .reduce((sum, one) => sum + one.decodedBodySize, 0)"""
STEP_UP = """async () => {
  document.querySelector('.messages__scroller').scrollTop = 100;
  await new Promise((done) => { setTimeout(done, 60); });
}"""
HOLD = """async () => {
  const scroller = document.querySelector('.messages__scroller');
  const middle = [...document.querySelectorAll('.conversation article')]
    .find((el) => el.getBoundingClientRect().top > 300);
  scroller.scrollTop = Math.min(scroller.scrollTop, 880);
  const before = middle.getBoundingClientRect().top;
  await new Promise((done) => { setTimeout(done, 300); });
  return middle.isConnected ? middle.getBoundingClientRect().top - before : 0;
}"""
