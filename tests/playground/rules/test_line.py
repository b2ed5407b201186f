"""A slow or cut line, and sending things again."""

import time

import httpx
import pytest
from slack_sdk import WebClient

from playground.shapes import Json
from tests.playground.bench import Bench, Start
from tests.playground.rules.conftest import Begin, Stage


def test_a_cut_before_delivery_reaches_nobody(bench: Bench) -> None:
    """The person sees a failure, the app nothing; a cut may last for some exchanges only."""
    bench.play.slack.spoils_line(cut="before", times=1)
    ana = bench.person("ana")
    ana.types("/echo one", channel="general")
    ana.sees('/echo failed with the error "dispatch_failed"')
    assert bench.bodies == []
    ana.types("/echo two", channel="general")
    ana.sees("You said two")


def test_a_cut_after_the_answer_loses_only_that(bench: Bench) -> None:
    """The app has acted; the person sees a failure all the same."""
    bench.play.slack.spoils_line(cut="after", times=1)
    ana = bench.person("ana")
    ana.types("/echo one", channel="general")
    ana.sees('/echo failed with the error "dispatch_failed"')
    assert len(bench.got("/echo")) == 1
    ana.does_not_see("You said one")


def test_an_event_whose_answer_was_lost_comes_twice(start: Start) -> None:
    """The app gets the same event_id again, and must know it."""
    bench = start(event_retries=(0.0,))
    bench.play.slack.spoils_line(cut="after", times=1)
    bench.person("ana").opens_home()
    bodies = bench.wait_for("app_home_opened", 2)
    assert len({body["event_id"] for body in bodies}) == 1
    assert bench.headers[-1]["x-slack-retry-reason"] == ["connection_failed"]


def test_a_slow_line_times_out_and_still_delivers(start: Start) -> None:
    """Slack gives up; what is under way arrives anyhow."""
    bench = start(ack=0.2)
    bench.play.slack.spoils_line(delay_ms=400)
    ana = bench.person("ana")
    for _ in range(20):  # on a busy machine the delivery alone may take longer than Slack waits
        ana.types("/echo late", channel="general")
        ana.sees('/echo failed with the error "operation_timeout"')
        if bench.happens(lambda: bool(bench.got("/echo")), 2.0):
            break
    assert bench.got("/echo")
    ana.does_not_see("You said late")


def test_a_slow_line_can_be_mended(bench: Bench) -> None:
    """Within Slack's limit it is only slow; after that it is as before."""
    ana = bench.person("ana")
    for delay, words in ((100, "slowly"), (0, "soon")):
        bench.play.slack.spoils_line(delay_ms=delay)
        ana.types(f"/echo {words}", channel="general")
        ana.sees(f"You said {words}")


def test_calls_are_slow_too(begin: Begin) -> None:
    """The delay holds in both directions."""
    stage = begin()
    stage.play.slack.spoils_line(delay_ms=150)
    started = time.monotonic()
    assert stage.call("auth.test")["ok"]
    assert time.monotonic() - started >= 0.15


@pytest.mark.parametrize(("cut", "acted"), [("before", 0), ("after", 1)])
def test_a_cut_call_gets_no_answer(begin: Begin, cut: str, acted: int) -> None:
    """Cut before, nothing happened; cut after, it did, and the app cannot know."""
    stage = begin()
    stage.play.slack.spoils_line(api_cut=cut)
    with pytest.raises(httpx.TransportError):
        stage.call("chat.postMessage", channel="C0OPS", text="there?")
    stage.play.slack.spoils_line(api_cut=None)
    assert len(stage.play.person("ana").messages("ops")) == acted
    assert stage.call("auth.test")["ok"]


def test_slacks_client_repeats_a_call_whose_answer_was_lost(begin: Begin) -> None:
    """Its default handler retries a broken connection once: the message is there twice."""
    stage = begin()
    stage.play.slack.spoils_line(api_cut="after", times=1)
    client = WebClient(stage.play.bot_token, base_url=stage.play.api_url)
    assert client.chat_postMessage(channel="C0OPS", text="hello")["ok"]
    assert [seen.text for seen in stage.play.person("ana").messages("ops")] == ["hello", "hello"]


@pytest.mark.parametrize(
    "body",
    [{"cut": "sideways"}, {"api_cut": 1}, {"delay_ms": -1}, {"delay_ms": "x"}, {"times": 0}],
)
def test_nonsense_is_refused(stage: Stage, body: Json) -> None:
    """The line stays as it is."""
    assert "bad request" in stage.ui("link", **body)["error"]
    whole = {"delay_ms": 0, "cut": None, "api_cut": None, "times": None}
    assert stage.client.get(f"{stage.play.url}/ui/link").json() == whole


# Again


def test_an_event_is_sent_again_with_the_same_ids(bench: Bench) -> None:
    """Marked as Slack marks repeats, each with the next number."""
    bench.person("ana").opens_home()
    # The app has it before its answer is there, and is noted.
    bench.settle(lambda: any(row["kind"] == "events_api" for row in bench.play.slack.log()))
    for _ in range(2):
        assert bench.play.slack.resends("event")["ok"]
    bodies = bench.got("app_home_opened")
    assert len(bodies) == 3
    assert len({body["event_id"] for body in bodies}) == 1
    assert [row.get("x-slack-retry-num") for row in bench.headers] == [None, ["1"], ["2"]]


def test_an_interaction_is_sent_again_as_it_was(bench: Bench) -> None:
    """Slack never does this; a line that answers twice might."""
    ana = bench.person("ana")
    ana.types("/echo x", channel="general")
    ana.sees("You said x")
    again = bench.play.slack.resends("interaction")
    assert again["ok"]
    first, second = bench.got("/echo")
    assert first["trigger_id"] == second["trigger_id"]
    named = httpx.post(
        f"{bench.play.url}/ui/resend", json={"id": again["id"]}, trust_env=False, timeout=60
    ).json()
    assert named["ok"]
    assert len(bench.got("/echo")) == 3


def test_nothing_sent_is_nothing_to_send_again(begin: Begin) -> None:
    """Said plainly, as is a wrong word."""
    stage = begin()
    assert stage.ui("resend", what="event")["error"] == "nothing_to_resend"
    assert stage.ui("resend", id=99)["error"] == "nothing_to_resend"
    assert "bad request" in stage.ui("resend", what="pigeon")["error"]
