"""One person's open page: where it is, what stands on it, when it has come to rest."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from playground.shapes import Json, objects

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ElementHandle, Page

LOOK = Path(__file__).with_name("look.js")
REST = 30_000
"""Milliseconds after which a page that does not come to rest is taken as it is."""
ACTION = 60_000
"""Milliseconds for an action: an app may take three seconds, a busy machine more."""
READING = 1500
"""Milliseconds in which what is in sight comes to count as read."""
WIDE = (1280, 900)


class Tab:
    """A page, on the browser's thread."""

    def __init__(self, context: "BrowserContext", url: str, user: str) -> None:
        context.add_init_script(path=LOOK)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(ACTION)
        self.url = url
        self.user = user
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.goto(f"{url}/?as={user}")
        self.page.wait_for_function("() => new URLSearchParams(location.search).has('c')")

    # Coming to rest

    def settle(self) -> Json:
        """Wait until everything the server has told is drawn; give the state it has."""
        state: Json = self.page.evaluate("limit => __play.settle(limit)", REST)
        return state

    def rest(self) -> None:
        """Wait until what is in sight counts as read, too; where it does not, for a moment."""
        self.settle()
        self.page.evaluate(
            """async limit => {
                const end = Date.now() + limit;
                while (document.querySelector('.nav-link.is-unread[aria-current]')
                    && Date.now() < end) await new Promise(done => setTimeout(done, 20));
            }""",
            READING,
        )

    def finish(self, *, confirm: bool = True) -> bool:
        """Wait for what was begun, answering a question on the way; tell whether one was asked."""
        asked = False
        question = self.page.locator("dialog.dialog--confirm[open]")
        over = "() => __play.inFlight === 0 || document.querySelector('dialog.dialog--confirm')"
        while True:
            if question.count():
                asked = True
                question.locator(".dialog__buttons button").nth(1 if confirm else 0).click()
                question.wait_for(state="detached")
            self.page.wait_for_function(over)
            if not question.count():
                return asked

    def begun(self) -> int:
        """How many requests the page has made."""
        return int(self.page.evaluate("__play.started"))

    def told(self, before: int) -> None:
        """Wait until the page has made a request, or asks a question first; then for its end."""
        self.page.wait_for_function(
            "n => __play.started > n || document.querySelector('dialog.dialog--confirm')",
            arg=before,
        )
        self.finish()

    def pause(self) -> None:
        """Let the page go on for a moment."""
        self.page.wait_for_timeout(40)

    # Looking

    def look(self) -> list[Json]:
        """Everything on the page, the topmost and newest first."""
        return objects(self.page.evaluate("__play.look()"))

    def find(self, text: str) -> Json | None:
        """The topmost thing in which this text stands."""
        found: Json | None = self.page.evaluate("text => __play.find(text)", text)
        return found

    def has_modal(self) -> bool:
        """Whether a modal is open."""
        return bool(self.page.locator("dialog.dialog--modal[open]").count())

    def handle(self, script: str, given: object) -> "tuple[ElementHandle, Json] | None":
        """An element that a script finds, and what else it says of it."""
        found = self.page.evaluate_handle(script, given)
        node = found.evaluate_handle("found => found && found.node").as_element()
        if node is None:
            return None
        more: Json = found.evaluate("({ node, ...more }) => more")
        return node, more

    def ask(self, what: str, **query: str) -> Json:
        """Read from the page's API, as the page does."""
        words = {"as": self.user} | query
        answer: Json = self.page.evaluate(
            "async ([what, words]) =>"
            " (await fetch(`/ui/${what}?${new URLSearchParams(words)}`)).json()",
            [what, words],
        )
        return answer

    # Writing

    def write(self, text: str, *, in_thread: bool) -> str | None:
        """Send a text from the composer; give why the page refused it, if it did."""
        box = self.page.locator(f"{'.thread' if in_thread else '.conversation'} .composer__box")
        if not box.is_visible():
            return self.page.locator(".composer__join").inner_text()
        box.fill(text)
        if box.get_attribute("aria-controls"):
            # Suggestions are open: Enter would take one of them.
            box.press("Escape")
        box.press("Enter")
        self.finish()
        if text.startswith("/") or box.input_value() == "":
            return None
        box.fill("")
        return " ".join(self.page.locator(".toast__text").all_inner_texts())

    # Going places

    @property
    def place(self) -> tuple[str, str]:
        """The conversation shown, and of the app's the tab."""
        query = parse_qs(urlsplit(self.page.url).query)
        return query.get("c", [""])[0], query.get("tab", [""])[0]

    @property
    def thread(self) -> str:
        """The thread shown beside it, if any."""
        return parse_qs(urlsplit(self.page.url).query).get("thread", [""])[0]

    def open(self, channel: str, name: str) -> None:
        """Go to a conversation by its link in the sidebar."""
        if self.place[0] == channel and self.place[1] != "home":
            return
        if self.place[0] != channel:
            self._follow(channel, name)
        messages = self.page.get_by_role("tab", name="Messages", exact=True)
        if self.place[1] == "home" and messages.count():
            messages.click()
        self.finish()

    def glance(self, channel: str, tab: str) -> None:
        """Show a conversation as the browser's Back does: on the way there no Home tab opens."""
        self.page.evaluate(
            "url => { history.pushState(null, '', url); dispatchEvent(new Event('popstate')); }",
            f"/?as={self.user}&c={channel}&tab={tab}",
        )
        self.finish()

    def _follow(self, channel: str, name: str) -> None:
        sidebar = self.page.get_by_role("navigation", name="Channels")
        link = sidebar.get_by_role("link", name=re.compile(rf"^{re.escape(name)}(, \d+ unread)?$"))
        if link.count() == 0:
            # Somebody nobody has written to yet has no link.
            self.page.goto(f"{self.url}/?as={self.user}&c={channel}")
            sidebar.wait_for()
            return
        link.first.click()

    def open_home(self, channel: str, name: str) -> None:
        """Open the app's Home tab, anew if it is open."""
        if self.place == (channel, "home"):
            self.page.get_by_role("tab", name="Messages", exact=True).click()
        elif self.place[0] != channel:
            self._follow(channel, name)
        if self.place[1] != "home":
            self.page.get_by_role("tab", name="Home", exact=True).click()
        self.finish()

    def open_thread(self, ts: str) -> None:
        """Open the thread of a message in the present conversation."""
        if self.thread == ts:
            return
        article = self.page.locator(f".conversation article[data-ts='{ts}']")
        link = article.locator("button.thread-link")
        if link.count():
            link.click()
        else:
            article.hover()
            article.get_by_role("button", name="Reply in thread", exact=True).click()
        self.finish()

    def close_thread(self) -> None:
        """Close the thread pane."""
        if self.thread:
            self.page.get_by_role("button", name="Close the thread", exact=True).click()

    def threads(self) -> list[tuple[str, str]]:
        """The messages here that have replies, and how many."""
        rows: list[Any] = self.page.evaluate(
            "[...document.querySelectorAll('.conversation article .thread-link')]"
            ".map(el => [el.closest('article').dataset.ts, el.textContent])"
        )
        return [(str(ts), str(words)) for ts, words in rows]

    def thread_rows(self) -> set[str]:
        """The messages in the thread pane."""
        rows: list[str] = self.page.evaluate(
            "[...document.querySelectorAll('aside.thread article')].map(el => el.dataset.ts)"
        )
        return set(rows)
