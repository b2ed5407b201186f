"""Modals, Home tabs, and the permissions that run out."""

import asyncio

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from playground.shapes import Json, plain
from tests.playground.bench import Bench, Start


def modal(title: str, *blocks: Json, **more: object) -> Json:
    """Build a modal."""
    given = blocks or ({"type": "section", "text": plain(f"This is {title}")},)
    return {"type": "modal", "callback_id": "m", "title": plain(title), "blocks": given, **more}


def field(label: str, element: Json, **more: object) -> Json:
    """Build an input block named by its label."""
    key = label.lower()
    block = {"type": "input", "block_id": key, "label": plain(label), **more}
    return block | {"element": {"action_id": key, **element}}


def opens(bench: Bench, view: Json) -> list[Json]:
    """Let `/do` open this modal; submissions are collected."""
    sent: list[Json] = []

    @bench.app.command("/do")
    async def do(ack: AsyncAck, body: Json) -> None:
        await ack()
        await bench.client.views_open(trigger_id=body["trigger_id"], view=view)

    @bench.app.view("m")
    async def done(ack: AsyncAck, body: Json) -> None:
        sent.append(body)
        await ack()

    return sent


def test_a_modal_is_filled_and_sent(bench: Bench) -> None:
    """A click opens a form; choices are asked of the app; a wrong field is said; then it goes."""
    ana = bench.person("ana")
    ana.types("/echo x", channel="general")
    ana.clicks("Order fruit")
    ana.sees("Order fruit")
    assert ana.submits() == {"Fruit": "Please complete this required field."}
    ana.chooses("Fruit", "Apricot", typing="ap")
    ana.fills("How many", "lots")
    assert ana.submits() == {"How many": "That is not a number."}
    ana.sees("That is not a number.")
    ana.fills("How many", "3")
    assert ana.submits() == {}
    assert ana.modal is None
    ana.sees("Ordered: 3 Apricot")


def test_an_update_may_wait_for_the_acknowledgement_that_it_overtook(start: Start) -> None:
    """Where the timings say so, a form shows what the app meant last, whatever came first."""
    bench = start(overtaking=60.0)
    tasks: list[asyncio.Task[AsyncSlackResponse]] = []

    @bench.app.command("/do")
    async def do(ack: AsyncAck, body: Json) -> None:
        await ack()
        await bench.client.views_open(trigger_id=body["trigger_id"], view=modal("Form"))

    @bench.app.view("m")
    async def done(ack: AsyncAck, body: Json) -> None:
        update = bench.client.views_update(view_id=body["view"]["id"], view=modal("Result"))
        tasks.append(asyncio.create_task(update))
        await asyncio.sleep(0.2)  # it arrives, and waits
        assert not tasks[0].done()
        await ack(response_action="update", view=modal("Checking"))

    ana = bench.person("ana")
    ana.types("/do it", channel="general")
    ana.sees("This is Form")
    assert ana.submits() == {}
    ana.sees("This is Result")


def test_every_kind_of_field_reaches_the_app_as_slack_sends_it(bench: Bench) -> None:
    """The state holds what was entered, what was there at first, and null for the rest."""
    options = [{"text": plain(name), "value": name.lower()} for name in ("Red", "Green", "Blue")]
    sent = opens(
        bench,
        modal(
            "All",
            field("Note", {"type": "plain_text_input", "multiline": True}, optional=True),
            field("Day", {"type": "datepicker", "initial_date": "2026-11-20"}),
            field("Time", {"type": "timepicker"}),
            field("One", {"type": "static_select", "options": options}),
            field("Many", {"type": "multi_static_select", "options": options}),
            field("Boxes", {"type": "checkboxes", "options": options}, optional=True),
            field(
                "Radio", {"type": "radio_buttons", "options": options, "initial_option": options[2]}
            ),
            field("Who", {"type": "users_select"}),
            field("Where", {"type": "conversations_select", "response_url_enabled": True}),
            field("Channels", {"type": "multi_channels_select"}, optional=True),
            submit=plain("Save"),
        ),
    )
    ana = bench.person("ana")
    ana.types("/do", channel="general")
    ana.fills("Time", "09:30")
    ana.chooses("One", "Green")
    ana.chooses("Many", ["Red", "Blue"])
    ana.chooses("Who", "Bo Lindqvist")
    ana.chooses("Where", "web")
    assert "Day: <2026-11-20>" in ana.sees("Radio: [ ] Red [ ] Green [x] Blue").text
    assert ana.submits() == {}
    body = sent[0]
    held = {key: value[key] for key, value in body["view"]["state"]["values"].items()}
    assert held["note"] == {"type": "plain_text_input", "value": None}
    assert held["day"] == {"type": "datepicker", "selected_date": "2026-11-20"}
    assert held["time"]["selected_time"] == "09:30"
    assert held["one"]["selected_option"] == options[1]
    assert held["many"]["selected_options"] == [options[0], options[2]]
    assert held["boxes"] == {"type": "checkboxes", "selected_options": []}
    assert held["radio"]["selected_option"] == options[2]
    assert held["who"]["selected_user"] == "U0BO"
    assert held["where"]["selected_conversation"] == "C0WEB"
    assert body["response_urls"][0]["channel_id"] == "C0WEB"
    assert body["view"]["root_view_id"] == body["view"]["id"]


def test_modals_are_pushed_updated_and_cleared(bench: Bench) -> None:
    """Each response_action does what Slack's does; three modals are the most."""

    @bench.app.command("/do")
    async def do(ack: AsyncAck, body: Json) -> None:
        await ack()
        await bench.client.views_open(
            trigger_id=body["trigger_id"], view=modal("One", submit=plain("Next"))
        )

    answers: list[Json] = [
        {"response_action": "push", "view": modal("Two", submit=plain("Next"))},
        {"response_action": "push", "view": modal("Three", submit=plain("Next"))},
        {"response_action": "update", "view": modal("Drei", submit=plain("Next"))},
        {"response_action": "push", "view": modal("Four", submit=plain("Next"))},
        {},
        {"response_action": "clear"},
    ]

    @bench.app.view("m")
    async def step(ack: AsyncAck) -> None:
        answer = answers.pop(0)
        await ack(answer) if answer else await ack()

    ana = bench.person("ana")
    ana.types("/do", channel="general")
    for title in ("Two", "Three", "Drei"):
        assert ana.submits() == {}
        ana.sees(f"This is {title}")
    assert ana.submits() == {"modal": "We had some trouble connecting. Try again?"}
    ana.sees("We had some trouble connecting")
    assert ana.submits() == {}
    ana.sees("This is Two")
    assert ana.submits() == {}
    assert ana.modal is None


def test_closing_tells_the_app_only_if_asked(bench: Bench) -> None:
    """notify_on_close makes a view_closed; without it the app hears nothing."""

    @bench.app.command("/do")
    async def do(ack: AsyncAck, body: Json) -> None:
        await ack()
        view = modal("M", notify_on_close=body["text"] == "loud")
        await bench.client.views_open(trigger_id=body["trigger_id"], view=view)

    @bench.app.view_closed("m")
    async def closed(ack: AsyncAck) -> None:
        await ack()

    ana = bench.person("ana")
    ana.types("/do", channel="general")
    ana.closes()
    assert bench.got("view_closed") == []
    ana.types("/do loud", channel="general")
    ana.closes()
    assert bench.got("view_closed")[0]["is_cleared"] is False
    assert ana.modal is None


def test_a_trigger_opens_once_and_soon(start: Start) -> None:
    """A second use, and a late one, are refused."""
    bench = start(trigger=600.0)
    errors: list[str] = []

    @bench.app.command("/do")
    async def do(ack: AsyncAck, body: Json) -> None:
        await ack()
        trigger = body["trigger_id"]
        if body["text"] == "late":
            await asyncio.to_thread(bench.play.slack.advances, 601)
        for _ in range(2):
            try:
                await bench.client.views_open(trigger_id=trigger, view=modal("M"))
            except SlackApiError as error:
                errors.append(error.response["error"])
        errors.append("end")

    ana = bench.person("ana")
    ana.types("/do", channel="general")
    ana.sees("This is M")
    bench.settle(lambda: errors.count("end") == 1)
    ana.types("/do late", channel="general")
    bench.settle(lambda: errors.count("end") == 2)
    assert errors == [
        "exchanged_trigger_id",
        "end",
        "expired_trigger_id",
        "expired_trigger_id",
        "end",
    ]


def test_an_outdated_hash_is_refused_and_typing_stays(bench: Bench) -> None:
    """views.update with an old hash conflicts; with the new one the form keeps what was typed."""
    note = field("Note", {"type": "plain_text_input"})
    errors: list[str] = []

    @bench.app.command("/do")
    async def do(ack: AsyncAck, body: Json) -> None:
        await ack()
        await bench.client.views_open(
            trigger_id=body["trigger_id"],
            view=modal("Form", note, submit=plain("Save"), external_id="form-1"),
        )

    ana = bench.person("ana")
    ana.types("/do", channel="general")
    ana.fills("Note", "typed before")
    form = ana.modal
    assert form is not None
    old_hash = form.raw["hash"]
    new = modal("Form", note, {"type": "header", "text": plain("Fresh")}, submit=plain("Save"))

    async def update() -> None:
        for _ in range(2):
            try:
                await bench.client.views_update(
                    external_id="form-1", hash=old_hash, view={**new, "external_id": "form-1"}
                )
            except SlackApiError as error:
                errors.append(error.response["error"])

    asyncio.run(update())
    assert errors == ["hash_conflict"]
    ana.sees("Fresh")
    ana.sees("Note: <typed before>")


def test_views_over_slacks_limits_are_refused(bench: Bench) -> None:
    """A long title, an input without submit, and a taken external_id."""

    async def attempt(view: Json) -> AsyncSlackResponse:
        trigger = bench.bodies[-1]["trigger_id"]
        try:
            return await bench.client.views_open(trigger_id=trigger, view=view)
        except SlackApiError as error:
            answer: AsyncSlackResponse = error.response
            return answer

    ana = bench.person("ana")
    ana.types("/echo x", channel="general")
    answer = asyncio.run(attempt(modal("T" * 25)))
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    ana.types("/echo x", channel="general")
    answer = asyncio.run(attempt(modal("Form", field("Note", {"type": "plain_text_input"}))))
    assert "missing required field: submit" in answer["response_metadata"]["messages"][0]


def test_typing_is_told_where_the_app_asks_for_it(bench: Bench) -> None:
    """An input with dispatch_action tells its value; others keep it until the form is sent."""
    options = [{"text": plain("Red"), "value": "red"}]
    loud = field("Loud", {"type": "static_select", "options": options}, dispatch_action=True)
    quiet = field("Quiet", {"type": "static_select", "options": options})
    opens(bench, modal("Form", loud, quiet, submit=plain("Save")))

    @bench.app.action("loud")
    async def told(ack: AsyncAck) -> None:
        await ack()

    ana = bench.person("ana")
    ana.types("/do", channel="general")
    ana.chooses("Quiet", "Red")
    assert bench.got("block_actions") == []
    ana.chooses("Loud", "Red")
    body = bench.got("block_actions")[0]
    assert body["actions"][0]["selected_option"]["value"] == "red"
    assert body["container"]["type"] == "view"
    assert body["view"]["state"]["values"]["quiet"]["quiet"]["selected_option"]["value"] == "red"
    assert "response_url" not in body


def test_a_home_tab_is_published_when_opened(bench: Bench) -> None:
    """Opening Home is an event; what the app publishes is seen; later events carry the view."""
    ana = bench.person("ana")
    ana.opens_home()
    ana.sees("Welcome, @ana")
    assert "view" not in bench.got("app_home_opened")[0]["event"]
    ana.opens_home()
    event = bench.wait_for("app_home_opened", 2)[1]["event"]
    assert event["tab"] == "home"
    assert event["view"]["blocks"]
    ana.goes_to("app")
    assert bench.wait_for("app_home_opened", 3)[2]["event"]["tab"] == "messages"
