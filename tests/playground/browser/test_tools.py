"""The playground's own tools: clock, link, deliveries, teams, export, inspector."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from playground.browser import BrowserPeople, browser_people
from tests.playground.bench import Bench, Start
from tests.playground.browser.gallery import web
from tests.playground.browser.hands import (
    at,
    focused,
    on_page,
    opens_tools,
    press,
    presses,
    waits,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
TEAMS = {
    "team": {"id": "T0ONE", "name": "One"},
    "people": [{"id": "U0ANA", "handle": "ana", "real_name": "Ana Ruiz", "tz": "Europe/Madrid"}],
    "channels": [{"id": "C0GENERAL", "name": "general"}],
    "teams": [
        {
            "team": {"id": "T0TWO", "name": "Two"},
            "people": [{"id": "U0ZOE", "handle": "zoe", "real_name": "Zoe Hart"}],
            "channels": [{"id": "C0HALL", "name": "hall"}],
        }
    ],
}
ROWS = "[...document.querySelectorAll('.rows__row')].map(e => e.innerText.replace(/\\s+/g, ' '))"


@pytest.fixture
def two_teams(start: Start, chromium: str, tmp_path: Path) -> Iterator[BrowserPeople]:
    """Browsers at a playground with two teams."""
    bench = start(team=TEAMS)
    with browser_people(bench.play, chromium, tmp_path) as people:
        yield people


def test_the_clock_stops_and_moves_for_everybody(bench: Bench, browsers: BrowserPeople) -> None:
    """Ana freezes it and goes to 18:00 in her zone; Bo's page and new messages follow."""
    ana, bo = browsers.person("ana"), browsers.person("bo")
    opens_tools(ana)
    presses(ana, "Freeze")
    presses(ana, "18:00")
    time = "document.querySelector('.clock__time').textContent"
    assert on_page(ana, time) == "18:00:00"
    presses(ana, "+15 min")
    assert on_page(ana, time) == "18:15:00"
    waits(bo, "document.querySelector('.topbar__sign')?.textContent.startsWith('Clock stands')")
    bo.types("/echo late", channel="general")
    seen = bo.sees("You said late")
    shown = on_page(bo, "ts => document.querySelector(`[data-ts='${ts}'] time`).title", seen.ts)
    assert "18:15:00" in shown or "6:15:00" in shown
    presses(ana, "Midnight")
    assert on_page(ana, time) == "00:00:00"
    presses(ana, "Resume")
    presses(ana, "Back to real time")
    waits(bo, "!document.querySelector('.topbar__sign')")
    assert bench.got("/echo")


def test_the_link_is_slow_and_cut(bench: Bench, browsers: BrowserPeople) -> None:
    """A cut command never reaches the app; the next one does."""
    ana = browsers.person("ana")
    opens_tools(ana)
    at(ana, lambda page: page.get_by_role("radio", name="500 ms").check())
    waits(ana, "document.querySelector('.topbar__sign')?.textContent === 'Slow by 500 ms'")
    at(ana, lambda page: page.get_by_role("radio", name="None").check())
    at(ana, lambda page: page.get_by_label("A cut lasts").select_option("1"))
    at(ana, lambda page: page.get_by_label("From Slack to the app").select_option("before"))
    ana.types("/echo lost", channel="general")
    ana.does_not_see("You said lost")
    assert not bench.got("/echo")
    ana.types("/echo found")
    ana.sees("You said found")
    presses(ana, "Last interaction")
    assert len(bench.wait_for("/echo", 2)) == 2


def test_a_conversation_is_exported(bench: Bench, browsers: BrowserPeople, tmp_path: Path) -> None:
    """The file has the messages, and what the app was sent."""
    ana = browsers.person("ana")
    ana.types("/echo kept", channel="general")
    ana.sees("You said kept")
    opens_tools(ana)
    target = tmp_path / "saved.json"

    def save(page: "Page") -> str:
        with page.expect_download() as begun:
            page.get_by_role("button", name="Export as JSON").click()
        begun.value.save_as(target)
        return begun.value.suggested_filename

    assert at(ana, save) == "general.json"
    data = json.loads(target.read_text(encoding="utf-8"))
    assert "You said" in json.dumps(data["messages"])
    assert [one["kind"] for one in data["payloads"]] == ["slash_commands"]
    assert bench.play.signing_secret not in target.read_text(encoding="utf-8")


def test_the_app_is_removed_and_put_back(bench: Bench, browsers: BrowserPeople) -> None:
    """The page says so, and the app hears of it."""
    ana = browsers.person("ana")
    opens_tools(ana)
    presses(ana, "Uninstall")
    waits(ana, "document.querySelector('.topbar__sign')?.textContent === 'App not installed'")
    bench.wait_for("app_uninstalled")
    presses(ana, "Install again")
    waits(ana, "!document.querySelector('.topbar__sign')")
    ana.types("/echo back", channel="general")
    ana.sees("You said back")


def test_another_team_is_a_click_away(two_teams: BrowserPeople) -> None:
    """The panel leads to the other team, seen as somebody of it."""
    ana = two_teams.person("ana")
    opens_tools(ana)
    link = ana.chromium.do(lambda: ana.tab.page.get_by_role("link", name="Two").first)
    at(ana, lambda _: link.click())
    waits(ana, "document.querySelector('.sidebar__team')?.textContent === 'Two'")
    assert "Zoe Hart" in on_page(ana, "document.querySelector('.switcher').ariaLabel")
    waits(ana, "document.querySelector('.header__title')?.textContent === 'hall'")


def test_the_inspector_lists_both_directions(bench: Bench, browsers: BrowserPeople) -> None:
    """Live rows, failures, a filter, details with keys, and nothing secret."""
    ana = browsers.person("ana")
    opens_tools(ana, "Inspector")
    ana.types("/echo seen", channel="general")
    ana.sees("You said seen")
    answer = web(bench).api_call  # refused: the page shows why
    with pytest.raises(Exception, match="channel_not_found"):
        answer("chat.postMessage", json={"channel": "C0NOPE", "text": "x"})
    waits(ana, f"{ROWS}.some(row => row.includes('channel_not_found'))")
    rows = on_page(ana, ROWS)
    command = next(row for row in rows if "/echo" in row)
    assert "command" in command
    assert "Ana Ruiz" in command
    assert "200" in command
    assert " ms" in command
    words = "channel_not_found"
    at(ana, lambda page: page.get_by_label("Filter the requests").fill(words))
    waits(ana, "document.querySelectorAll('.rows__row').length === 1")
    press(ana, "Tab", "Tab", "Tab", "Tab", "End")
    details = "document.querySelector('.inspector__details').innerText"
    assert '"error": "channel_not_found"' in on_page(ana, details)
    assert "C0NOPE" in on_page(ana, details)
    assert bench.play.bot_token not in on_page(ana, "document.body.innerText")
    press(ana, "Escape")
    assert focused(ana) == "Playground"


def test_the_inspector_copes_with_thousands(browsers: BrowserPeople) -> None:
    """Five thousand rows: only what is in sight is drawn, also where one moves through them."""
    ana = browsers.person("ana")
    at(ana, lambda page: page.evaluate(FLOOD))
    assert on_page(ana, "document.querySelectorAll('.flood .rows__row').length") < 60
    label = "document.querySelector('.flood [aria-selected=true]')?.getAttribute('aria-posinset')"
    at(ana, lambda page: page.locator(".flood .rows").focus())
    press(ana, "Home", "ArrowDown", "PageDown")
    assert int(on_page(ana, label)) > 5
    press(ana, "End")
    assert on_page(ana, label) == "5000"
    assert on_page(ana, "window.floodMade") < 1000


FLOOD = """async () => {
  const { createRows } = await import('/page/tools/inspector-rows.js');
  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = '/page/css/tools.css';
  document.head.append(style);
  await new Promise((done) => { style.onload = done; });
  const rows = createRows({
    label: 'Many',
    failed: () => false,
    onSelect: () => {},
    draw: (item) => [document.createTextNode(`row ${item.id}`)],
  });
  const box = document.createElement('div');
  box.className = 'flood';
  Object.assign(box.style, { position: 'fixed', top: '100px', right: '100px', display: 'flex' });
  Object.assign(box.style, { width: '500px', height: '300px' });
  box.append(rows.el);
  document.body.append(box);
  const all = Array.from({ length: 5000 }, (_, id) => ({ id }));
  const make = document.createElement;
  window.floodMade = 0;
  document.createElement = function counted(...given) {
    window.floodMade += 1;
    return make.apply(this, given);
  };
  rows.show(all);
  await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
}"""
