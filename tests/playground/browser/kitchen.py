"""An app that shows every element the page knows, and notes what it is told."""

import re
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from playground.examples.echo_bot import button, section
from playground.shapes import Json, plain
from tests.playground.bench import Bench

COLOURS = [{"text": plain(name), "value": name.lower()} for name in ("Red", "Green", "Blue")]
FRUIT = [{"text": plain(name), "value": name.lower()} for name in ("Apple", "Apricot", "Banana")]
SURE: Json = {
    "title": plain("Really?"),
    "text": plain("It cannot be undone."),
    "confirm": plain("Do it"),
    "deny": plain("No"),
}


def field(label: str, kind: str, *, optional: bool = True, **element: object) -> Json:
    """Build an input block named by its label."""
    key = label.lower()
    inner = {"type": kind, "action_id": key, **element}
    return {
        "type": "input",
        "block_id": key,
        "label": plain(label),
        "optional": optional,
        "element": inner,
    }


def modal(title: str, *blocks: Json, **more: object) -> Json:
    """Build a modal that can be sent."""
    return {
        "type": "modal",
        "callback_id": "m",
        "title": plain(title),
        "submit": plain("Save"),
        "blocks": list(blocks) or [section(f"This is {title}")],
        **more,
    }


def every_field() -> Json:
    """A modal with every kind of field."""
    return modal(
        "All",
        field("Note", "plain_text_input", multiline=True),
        field("Name", "plain_text_input", optional=False, min_length=2),
        field("Number", "number_input", is_decimal_allowed=False, max_value="9"),
        field("Mail", "email_text_input"),
        field("Link", "url_text_input"),
        field("Day", "datepicker", initial_date="2026-11-20"),
        field("Time", "timepicker"),
        field("Moment", "datetimepicker"),
        field("One", "static_select", options=COLOURS),
        field("Many", "multi_static_select", options=COLOURS, initial_options=COLOURS[:1]),
        field("Fruit", "external_select", min_query_length=1),
        field("Fruits", "multi_external_select", min_query_length=1),
        field("Boxes", "checkboxes", options=COLOURS, initial_options=COLOURS[:1]),
        field("Radio", "radio_buttons", options=COLOURS, initial_option=COLOURS[2]),
        field("Who", "users_select"),
        field("People", "multi_users_select"),
        field("Where", "conversations_select"),
        field("Channels", "multi_channels_select"),
    )


def row(name: str) -> list[Json]:
    """A line of text with a menu, and buttons under it."""
    menu = {
        "type": "overflow",
        "action_id": "more",
        "options": [
            {"text": plain("Rename"), "value": f"rename {name}"},
            {"text": plain("Archive"), "value": f"archive {name}"},
        ],
    }
    danger = button("Delete", "did_delete", f"delete {name}") | {"confirm": SURE, "style": "danger"}
    link = button("Read", "link") | {"url": f"https://example.test/{name}"}
    return [
        section(f"*{name}*", accessory=menu),
        {"type": "actions", "elements": [button("Open", "did_open", f"open {name}"), danger, link]},
    ]


def instant() -> list[Json]:
    """Blocks whose fields tell the app at once."""
    return [
        section(
            "Pick a colour",
            accessory={"type": "static_select", "options": COLOURS}
            | {"action_id": "told", "placeholder": plain("Colour")},
        ),
        {
            "type": "actions",
            "elements": [
                {"type": "datepicker", "action_id": "told_day", "placeholder": plain("Day")},
                {"type": "checkboxes", "action_id": "told_boxes", "options": COLOURS},
            ],
        },
        field("Search", "plain_text_input") | {"dispatch_action": True},
    ]


def cook(bench: Bench) -> list[Json]:
    """Teach the app `/do all`, `/do rows`, `/do instant`, `/do stack`; give what it is sent."""
    sent: list[Json] = []

    @bench.app.command("/do")
    async def do(ack: AsyncAck, body: Json) -> None:
        if body["text"] == "rows":
            await ack(text="Rows", blocks=[*row("Shop"), *row("Site"), *row("Wiki")])
            return
        await ack()
        views = {"all": every_field(), "instant": modal("Now", *instant())}
        view = views.get(body["text"]) or modal("One")
        await bench.client.views_open(trigger_id=body["trigger_id"], view=view)

    async def fruit(ack: AsyncAck, payload: Json) -> None:
        found = [one for one in FRUIT if payload["value"].lower() in str(one["value"])]
        await ack(options=found)

    bench.app.options("fruit")(fruit)
    bench.app.options("fruits")(fruit)

    @bench.app.action(re.compile("did_"))
    async def did(ack: AsyncAck, respond: Any, action: Json) -> None:  # noqa: ANN401
        await ack()
        await respond(text=f"Did {action['value']}", replace_original=False)

    @bench.app.action("more")
    async def more(ack: AsyncAck, respond: Any, action: Json) -> None:  # noqa: ANN401
        await ack()
        await respond(text=f"Did {action['selected_option']['value']}", replace_original=False)

    async def told(ack: AsyncAck, action: Json) -> None:
        sent.append(action)
        await ack()

    for name in ("told", "told_day", "told_boxes", "search", "link"):
        bench.app.action(name)(told)

    @bench.app.view("m")
    async def submitted(ack: AsyncAck, view: Json) -> None:
        sent.append(view["state"]["values"])
        title = view["title"]["text"]
        pushed = {"One": "Two", "Two": "Three"}.get(title)
        if pushed:
            await ack(response_action="push", view=modal(pushed))
        else:
            await ack()

    return sent
