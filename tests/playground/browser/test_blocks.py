"""The blocks that show: charts, cards, boxes, plans, files, link previews."""

from datetime import date

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck

from playground.browser import BrowserPeople
from playground.examples.echo_bot import section
from playground.shapes import Json
from tests.playground.bench import Bench
from tests.playground.browser import gallery
from tests.playground.browser.hands import at, on_page, press, presses, waits
from tests.playground.browser.kitchen import cook

pytestmark = pytest.mark.browser


def test_charts_are_drawn_and_can_be_read(bench: Bench, browsers: BrowserPeople) -> None:
    """Four kinds of picture, each with its numbers as a table, at the width there is."""
    gallery.hang(bench, "charts", "curves")
    ana = browsers.person("ana")
    ana.goes_to("general")
    assert "Mon | 7 | 5" in ana.sees("Hours a day").text
    assert "Wiki | 3.25" in ana.sees("Hours a project").text
    waits(ana, "document.querySelectorAll('.chart__svg').length === 4")
    shapes = (
        "['rect', 'path', 'circle'].map(n => document.querySelectorAll(`.chart__svg ${n}`).length)"
    )
    assert min(on_page(ana, shapes)) > 5
    names = on_page(
        ana, "[...document.querySelectorAll('.chart [role=img]')].map(e => e.ariaLabel)"
    )
    assert [name.split(":")[0] for name in names] == [
        *("Bar chart", "Pie chart", "Line chart", "Area chart")
    ]
    at(ana, lambda page: page.set_viewport_size({"width": 400, "height": 800}))
    waits(ana, "[...document.querySelectorAll('.chart__svg')].every(e => e.clientWidth < 360)")
    assert on_page(ana, "document.documentElement.scrollWidth <= innerWidth")


def test_cards_boxes_and_small_buttons_work(bench: Bench, browsers: BrowserPeople) -> None:
    """Buttons in cards and under answers act; a box stays folded while its message changes."""
    cook(bench)
    gallery.hang(bench, "cards", "boxes", "plans")
    ana = browsers.person("ana")
    ana.goes_to("general")
    ana.clicks("Start", on="B")
    ana.sees("Did start B")
    ana.clicks("Bad")
    ana.sees("Did bad")
    ana.clicks("Remove")
    ana.sees("Did remove")
    assert ana.sees("Find the task").text.startswith("Find the task\n1 of 4 done")
    assert "(file: plan-7)" in ana.sees("How to track").text
    seen = ana.sees("Inside the box")
    at(ana, lambda page: page.locator("button.container__head").click())
    inside = "document.querySelector('.container__blocks').checkVisibility()"
    assert on_page(ana, inside) is False
    blocks: list[Json] = [*gallery.messages()["boxes"][:1], section("Changed")]
    gallery.web(bench).chat_update(channel="C0GENERAL", ts=seen.ts, text="boxes", blocks=blocks)
    waits(ana, "document.querySelector('.conversation').textContent.includes('Changed')")
    assert on_page(ana, inside) is False
    press(ana, "Enter")
    assert on_page(ana, inside) is True


def test_what_only_some_may_see(bench: Bench, browsers: BrowserPeople) -> None:
    """A button for Bo is not there for Ana."""
    gallery.hang(bench, "private")
    for name, count in (("ana", 1), ("bo", 2)):
        person = browsers.person(name)
        person.goes_to("general")
        assert on_page(person, "document.querySelectorAll('article .button').length") == count


def test_files_and_link_previews(bench: Bench, browsers: BrowserPeople) -> None:
    """An image is shown, another file is offered, a preview says where it is from."""
    client = gallery.web(bench)
    client.conversations_join(channel="C0GENERAL")
    client.files_upload_v2(channel="C0GENERAL", filename="sun.svg", content=gallery.SVG)
    client.files_upload_v2(channel="C0GENERAL", filename="hours.csv", content="a,b\n1,2\n")
    preview: Json = {"from_url": "https://fruit.test/7", "color": "#2b6f77"}
    preview["blocks"] = [{"type": "section", "text": gallery.mrkdwn("*TASK-7* Write")}]
    client.chat_postMessage(channel="C0GENERAL", text="look", attachments=[preview])
    ana = browsers.person("ana")
    ana.goes_to("general")
    assert "fruit.test\nTASK-7 Write" in ana.sees("TASK-7").text
    ana.sees("hours.csv")
    waits(ana, "document.querySelector('.message__extras img')?.naturalWidth > 0")
    with_name = "document.querySelector('a.file').download"
    assert on_page(ana, with_name) == "hours.csv"


def test_a_rich_text_field(bench: Bench, browsers: BrowserPeople) -> None:
    """Bold and lists are written with keys and buttons, and arrive as rich text."""
    sent = cook(bench)

    @bench.app.command("/escaped")
    async def ask(ack: AsyncAck, body: Json) -> None:
        await ack()
        await bench.client.views_open(trigger_id=body["trigger_id"], view=gallery.asking())

    ana = browsers.person("ana")
    ana.types("/escaped", channel="general")
    ana.sees("This is error")
    ana.sees("The playground cannot upload files")
    assert ana.submits() == {"Deep": "Please complete this required field."}
    ana.fills("Deep", "found")
    at(ana, lambda page: page.get_by_role("textbox", name="Story").click())
    press(ana, "Control+a", "Delete", "Control+b", *"plain ", "Control+b", *"bold", "Control+b")
    press(ana, *" https://a.test/x", "Enter")
    presses(ana, "Bulleted list")
    press(ana, *"one")
    assert ana.submits() == {}
    parts = sent[-1]["story"]["story"]["rich_text_value"]["elements"]
    assert parts[0]["elements"] == [
        {"type": "text", "text": "plain "},
        {"type": "text", "text": "bold", "style": {"bold": True}},
        {"type": "text", "text": " "},
        {"type": "link", "url": "https://a.test/x"},
    ]
    assert parts[1]["style"] == "bullet"
    assert parts[1]["elements"][0]["elements"] == [{"type": "text", "text": "one"}]
    assert sent[-1]["deep"]["deep"]["value"] == "found"


def test_a_date_is_told_once_it_is_typed(bench: Bench, browsers: BrowserPeople) -> None:
    """Digits tell the app nothing; leaving the field does."""
    sent = cook(bench)
    ana = browsers.person("ana")
    ana.types("/do instant", channel="general")
    ana.sees("Now")
    at(ana, lambda page: page.locator("dialog input[type=date]").focus())
    press(ana, *"11202026")
    assert not sent
    press(ana, "Tab", "Tab")
    bench.settle(lambda: len(sent) == 1)
    assert date.fromisoformat(sent[0]["selected_date"]) == date(2026, 11, 20)
