"""Three seconds to acknowledge: what a person sees after that, and what is sent again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.driver import Person
from playground.shapes import Json, plain
from tests.playground.bench import Bench, Hold, House, Start
from tests.playground.rules.samples import actions, button, field

Answering = Callable[[Hold], Awaitable[Response]]
A_WHILE = 0.3


class Stub:
    """An app that answers everything alike, and counts."""

    def __init__(self, house: House, answer: Answering, hold: Hold) -> None:
        self.got: list[Request] = []

        async def take(request: Request) -> Response:
            self.got.append(request)
            await request.body()
            return await answer(hold)

        house.app = Starlette(routes=[Route("/slack/events", take, methods=["POST"])])


def retry(headers: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The headers that mark a repeat."""
    return headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")


async def late(hold: Hold) -> Response:
    """Answer when it is let go, which is too late."""
    await hold()
    return JSONResponse({"text": "late words"})


async def broken(_hold: Hold) -> Response:
    """Fail."""
    return Response(status_code=500)


async def moved(_hold: Hold) -> Response:
    """Answer with something that is not 200."""
    return Response(status_code=204)


def limits(answer: Answering) -> dict[str, float]:
    """Slack gives up soon on an app that does not answer; any other has all the time it needs."""
    return {"ack": 0.2} if answer is late else {}


FAILURES: list[tuple[str, Answering, str]] = [
    ("late", late, "operation_timeout"),
    ("broken", broken, "dispatch_failed"),
    ("not quite 200", moved, "dispatch_failed"),
]


@pytest.mark.parametrize(
    ("answer", "error"), [row[1:] for row in FAILURES], ids=[row[0] for row in FAILURES]
)
def test_a_failed_command_is_told_and_never_sent_again(
    start: Start, house: House, hold: Hold, answer: Answering, error: str
) -> None:
    """The person sees Slack's own line; what came late is not shown."""
    bench = start(**limits(answer))
    Stub(house, answer, hold)
    ana = bench.person("ana")
    ana.types("/do it", channel="general")
    seen = ana.sees(f'/do failed with the error "{error}"')
    assert seen.raw["notice"]
    hold.ends()
    ana.does_not_see("late words", within=A_WHILE)
    sent = [row for row in bench.play.slack.log() if row["kind"] == "slash_commands"]
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [(late, "operation_timeout"), (broken, "dispatch_failed"), (moved, "dispatch_failed")],
)
def test_a_failed_click_is_told_and_never_sent_again(
    start: Start, house: House, hold: Hold, answer: Answering, error: str
) -> None:
    """A button is clicked once, whatever becomes of it."""
    bench = start(**limits(answer))
    posted = {"channel": "C0GENERAL", "text": "x", "blocks": [actions(button())]}
    asyncio.run(bench.client.chat_postMessage(**posted))  # type: ignore[arg-type]
    Stub(house, answer, hold)
    ana = bench.person("ana")
    ana.goes_to("general")
    ana.clicks("Go")
    ana.sees(f"We had some trouble connecting. Try again? ({error})")
    hold.ends()
    ana.does_not_see("late words", within=A_WHILE)
    clicks = [row for row in bench.play.slack.log() if row["kind"] == "interactive"]
    assert len(clicks) == 1


ANSWERS: list[tuple[str, Json]] = [
    ("errors for a field that is not there", {"response_action": "errors", "errors": {"no": "x"}}),
    ("errors without any", {"response_action": "errors", "errors": {}}),
    ("an update without a view", {"response_action": "update"}),
    (
        "an update over a limit",
        {
            "response_action": "update",
            "view": {"type": "modal", "title": plain("t" * 25), "blocks": []},
        },
    ),
    ("an unknown action", {"response_action": "explode"}),
]


@pytest.mark.parametrize("answer", [row[1] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_a_submission_is_answered_in_slacks_terms_or_fails(
    start: Start, house: House, hold: Hold, answer: Json
) -> None:
    """A bad response_action leaves the modal open with Slack's trouble line."""
    bench = start()
    ana = open_form(bench)

    async def respond(_hold: Hold) -> Response:
        return JSONResponse(answer)

    stub = Stub(house, respond, hold)
    assert ana.submits() == {"modal": "We had some trouble connecting. Try again?"}
    assert ana.modal is not None
    assert len(stub.got) == 1


def open_form(bench: Bench) -> Person:
    """Let ana have a form open."""
    ana = bench.person("ana")
    ana.types("/echo x", channel="general")
    form = {
        "type": "modal",
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": [field({"type": "plain_text_input", "initial_value": "x"})],
    }
    trigger = bench.bodies[-1]["trigger_id"]
    asyncio.run(bench.client.views_open(trigger_id=trigger, view=form))
    return ana


@pytest.mark.parametrize(
    ("answer", "reason"), [(late, "http_timeout"), (broken, "http_error"), (moved, "http_error")]
)
def test_a_failed_event_comes_three_times_again(
    start: Start, house: House, hold: Hold, answer: Answering, reason: str
) -> None:
    """Under the same event_id, with number and reason."""
    bench = start(**limits(answer), event_retries=(0.0, 0.01, 0.01))
    stub = Stub(house, answer, hold)
    bench.person("ana").opens_home()
    bench.settle(lambda: len(bench.play.slack.log()) == 4)
    entries = bench.play.slack.log()[::-1]
    assert [retry(entry["headers"]) for entry in entries] == [
        (None, None),
        *((str(number), reason) for number in (1, 2, 3)),
    ]
    assert len({entry["request"]["event_id"] for entry in entries}) == 1
    if answer is not late:
        assert [retry(row.headers) for row in stub.got] == [
            retry(row["headers"]) for row in entries
        ]


def test_an_app_that_is_not_there_is_a_failed_connection(start: Start) -> None:
    """Nobody listens at the address."""
    bench = start(event_retries=(0.0,))
    bench.play.slack.points_to("http://127.0.0.1:9/")
    ana = bench.person("ana")
    ana.types("/do it", channel="general")
    ana.sees('/do failed with the error "dispatch_failed"')
    ana.opens_home()
    bench.settle(lambda: len(bench.play.slack.log()) == 3)
    entry = bench.play.slack.log(1)[0]
    assert entry["headers"]["x-slack-retry-reason"] == "connection_failed"
    assert (entry["status"], entry["failed"], entry["via"]) == ("connection", True, "http")


def test_an_app_may_refuse_repeats(start: Start, house: House, hold: Hold) -> None:
    """x-slack-no-retry: 1."""
    bench = start(event_retries=(0.0, 0.0))

    async def refuse(_hold: Hold) -> Response:
        return Response(status_code=503, headers={"x-slack-no-retry": "1"})

    stub = Stub(house, refuse, hold)
    ana = bench.person("ana")
    ana.opens_home()
    bench.settle(lambda: bool(stub.got))
    ana.does_not_see("anything", within=A_WHILE)
    assert len(stub.got) == 1


def test_commands_do_not_work_in_threads(bench: Bench) -> None:
    """The person is told in the thread; the app hears nothing."""
    ana = bench.person("ana")
    ana.types("a topic", channel="general")
    thread = ana.sees("a topic").ts
    ana.types("/echo x", channel="general", thread=thread)
    replies = ana.messages("general", thread)
    assert [seen.text for seen in replies] == [
        "a topic",
        "/echo is not supported in threads. Sorry!",
    ]
    assert bench.got("/echo") == []
