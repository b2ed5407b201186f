"""Messages and a modal with every block that shows rather than asks."""

from base64 import b64encode

from slack_sdk import WebClient

from playground.examples.echo_bot import button, section
from playground.shapes import Json, plain
from tests.playground.bench import Bench
from tests.playground.browser.kitchen import SURE, field, modal

WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri"]
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="270">'
    '<rect width="480" height="270" fill="#2b6f77"/>'
    '<circle cx="240" cy="135" r="90" fill="#e7b35a"/></svg>'
)
PICTURE = "data:image/svg+xml;base64," + b64encode(SVG.encode()).decode()


def mrkdwn(text: str) -> Json:
    """Build a mrkdwn text object."""
    return {"type": "mrkdwn", "text": text}


def image(words: str = "A sun") -> Json:
    """Build an image element."""
    return {"type": "image", "image_url": PICTURE, "alt_text": words}


def series(name: str, *values: float) -> Json:
    """Build one series of a chart."""
    points = [{"label": day, "value": value} for day, value in zip(WEEK, values, strict=True)]
    return {"name": name, "data": points}


def chart(kind: str, title: str) -> Json:
    """Build a chart of hours; a pie has segments instead of series."""
    if kind == "pie":
        shares = {"Shop": 12.5, "Site": 7, "Wiki": 3.25}
        segments = [{"label": name, "value": value} for name, value in shares.items()]
        inner: Json = {"type": "pie", "segments": segments}
    else:
        axis = {"categories": WEEK, "x_label": "Day", "y_label": "Hours"}
        rows = [series("Ana", 7, 6.5, 8, 7.5, 3), series("Bo", 5, 8, 4, 0, 7)]
        inner = {"type": kind, "series": rows, "axis_config": axis}
    return {"type": "data_visualization", "title": title, "chart": inner}


def card(name: str) -> Json:
    """Build a card with a picture and two buttons."""
    return {
        "type": "card",
        "hero_image": image(),
        "icon": image("Its sign"),
        "title": mrkdwn(f"*{name}*"),
        "subtitle": mrkdwn("Due on Friday"),
        "body": mrkdwn("Move the old pages and check every link."),
        "actions": [
            button("Start", "did_start", f"start {name}") | {"style": "primary"},
            button("Skip", "did_skip", f"skip {name}"),
        ],
    }


def rich(*elements: Json) -> Json:
    """Build a rich_text block of one line."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def task(name: str, status: str) -> Json:
    """Build a task of a plan."""
    return {
        "type": "task_card",
        "task_id": name,
        "title": name,
        "status": status,
        "details": rich({"type": "text", "text": "Looked at three boards."}),
        "sources": [{"type": "url", "url": "https://example.test/board", "text": "The board"}],
    }


def folded() -> Json:
    """Build a container that can be folded, with a picker that tells the app."""
    picker = {"type": "datepicker", "action_id": "told_day", "placeholder": plain("Day")}
    return {
        "type": "container",
        "block_id": "box",
        "title": plain("Details"),
        "subtitle": mrkdwn("Three tasks"),
        "is_collapsible": True,
        "has_header_divider": True,
        "child_blocks": [section("Inside the box"), {"type": "actions", "elements": [picker]}],
    }


def video() -> Json:
    """Build a video."""
    return {
        "type": "video",
        "title": plain("How to track"),
        "title_url": "https://example.test/watch",
        "video_url": "https://example.test/embed",
        "thumbnail_url": PICTURE,
        "alt_text": "A sun over a hill",
        "description": plain("Two minutes, no sound."),
        "provider_name": "Example",
    }


def under() -> Json:
    """Build the small buttons under an answer."""
    rating: Json = {"type": "feedback_buttons", "action_id": "did_rate"}
    rating["positive_button"] = {"text": plain("Good"), "value": "good"}
    rating["negative_button"] = {"text": plain("Bad"), "value": "bad"}
    bin_ = {"type": "icon_button", "action_id": "did_drop", "icon": "trash", "confirm": SURE}
    return {
        "type": "context_actions",
        "elements": [rating, bin_ | {"text": plain("Remove"), "value": "remove"}],
    }


def messages() -> dict[str, list[Json]]:
    """Every block of messages, by the text of the message."""
    plan = {"type": "plan", "title": "Find the task"}
    states = {"Read": "complete", "Compare": "in_progress", "Ask": "pending", "Fail": "error"}
    tasks = [task(name, state) for name, state in states.items()]
    return {
        "charts": [chart("bar", "Hours a day"), chart("pie", "Hours a project")],
        "curves": [chart("line", "Hours, as lines"), chart("area", "Hours, as areas")],
        "cards": [card("Shop"), {"type": "carousel", "elements": [card(n) for n in "ABCD"]}],
        "boxes": [folded(), video(), {"type": "file", "external_id": "plan-7", "source": "remote"}],
        "plans": [plan | {"tasks": tasks}, task("Alone", "complete"), under()],
        "private": [{"type": "actions", "elements": secrets()}],
    }


def secrets() -> list[Json]:
    """Two buttons, of which one is Bo's alone."""
    hidden = button("Only Bo", "did_hidden", "hidden") | {"visible_to_user_ids": ["U0BO"]}
    return [button("Everybody", "did_open", "open"), hidden]


def asking() -> Json:
    """A modal with alerts and the fields that are not in the kitchen's."""
    levels = ("default", "info", "warning", "error", "success")
    alerts = [{"type": "alert", "level": one, "text": mrkdwn(f"This is *{one}*")} for one in levels]
    start = rich({"type": "text", "text": "old", "style": {"bold": True}})
    boxed = {
        "type": "container",
        "title": plain("Boxed"),
        "child_blocks": [field("Deep", "plain_text_input", optional=False)],
    }
    return modal(
        "Gallery",
        *alerts,
        field("Story", "rich_text_input", initial_value=start),
        field("Paper", "file_input", filetypes=["pdf"]),
        boxed,
    )


def web(bench: Bench) -> WebClient:
    """The app's own client, for tests that are not asynchronous."""
    return WebClient(bench.play.bot_token, base_url=bench.play.api_url)


def hang(bench: Bench, *names: str) -> None:
    """Let the app post these messages to #general; none named means all."""
    client = web(bench)
    client.conversations_join(channel="C0GENERAL")
    for text, blocks in messages().items():
        if not names or text in names:
            client.chat_postMessage(channel="C0GENERAL", text=text, blocks=blocks)
