"""Blocks that Slack accepts; a rule's test spoils one of them."""

from playground.shapes import Json, plain

OPTION = {"text": plain("Red"), "value": "red"}


def section(text: str = "x", **more: object) -> Json:
    """A section."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(**more: object) -> Json:
    """A button."""
    return {"type": "button", "action_id": "a", "text": plain("Go"), **more}


def actions(*elements: Json) -> Json:
    """An actions block."""
    return {"type": "actions", "elements": list(elements)}


def field(element: Json, **more: object) -> Json:
    """An input block."""
    return {"type": "input", "label": plain("Field"), "element": element, **more}


def select(**more: object) -> Json:
    """A select with one option."""
    return {"type": "static_select", "action_id": "s", "options": [OPTION], **more}


def cell(text: str = "x") -> Json:
    """A cell of a table."""
    return {"type": "raw_text", "text": text}


def table(rows: int = 2, columns: int = 2, text: str = "x") -> Json:
    """A table."""
    return {"type": "table", "rows": [[cell(text)] * columns] * rows}


def data_table(**more: object) -> Json:
    """A table that pages and sorts."""
    rows = [[cell("Name")], [cell("Ana")]]
    return {"type": "data_table", "caption": "People", "rows": rows, **more}


def chart(**more: object) -> Json:
    """A pie."""
    segments = [{"label": "A", "value": 1}, {"label": "B", "value": 2}]
    pie = {"type": "pie", "segments": segments}
    return {"type": "data_visualization", "title": "Hours", "chart": pie, **more}


def bars(**more: object) -> Json:
    """A bar chart."""
    series = [{"name": "Ana", "data": [{"label": "Mon", "value": 3}]}]
    return chart(chart={"type": "bar", "series": series, **more})


def card(**more: object) -> Json:
    """A card."""
    return {"type": "card", "title": {"type": "mrkdwn", "text": "Card"}, **more}


def image(**more: object) -> Json:
    """A picture."""
    return {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "A", **more}


IN_MESSAGES: list[Json] = [
    section(),
    section(fields=[{"type": "mrkdwn", "text": "f"}] * 10),
    section(accessory=select()),
    section(accessory={"type": "image", "image_url": "https://x.test/a.png", "alt_text": "A"}),
    actions(button(style="primary", value="v" * 2000), select(), {**button(), "action_id": "b"}),
    actions({"type": "overflow", "action_id": "o", "options": [OPTION] * 5}),
    actions({"type": "datepicker", "action_id": "d", "initial_date": "2026-11-22"}),
    actions({"type": "timepicker", "action_id": "t", "initial_time": "23:59"}),
    {"type": "header", "text": plain("h" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "c"}] * 10},
    {"type": "markdown", "text": "m" * 12_000},
    image(title=plain("A")),
    field({"type": "plain_text_input", "action_id": "p", "max_length": 3000}),
    field({"type": "number_input", "action_id": "n", "is_decimal_allowed": False}),
    table(100, 20, "x"),
    data_table(page_size=100),
    card(body={"type": "mrkdwn", "text": "b" * 200}),
    {"type": "carousel", "elements": [card()] * 10},
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "fb",
                "positive_button": {"text": plain("Good"), "value": "+"},
                "negative_button": {"text": plain("Bad"), "value": "-"},
            }
        ],
    },
]
"""Each alone is a message."""

CHARTS: list[Json] = [chart(), bars()]
"""Slack's types do not know these yet, so no schema does."""
