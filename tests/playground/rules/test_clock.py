"""The clock that both sides can follow."""

import time

import pytest

from playground.clock import Clock
from tests.playground.rules.conftest import Begin, Stage


def test_it_stops_moves_and_goes_on() -> None:
    """Frozen or not it can be moved; resetting returns to the real time."""
    real = [100.0]
    clock = Clock(lambda: real[0])
    clock.advance(10)
    assert clock.now() == 110
    clock.freeze()
    real[0] = 200
    assert clock.now() == 110
    clock.advance(5)
    assert clock.shown() == {"now": 115, "frozen": True, "offset": -85, "looks": {}}
    clock.resume()
    real[0] = 201
    assert clock.now() == 116
    clock.reset()
    assert clock.shown() == {"now": 201, "frozen": False, "offset": 0, "looks": {}}


def seen_by_an_app(stage: Stage) -> float:
    """What an app that follows the clock reads."""
    return float(stage.client.get(f"{stage.play.url}/clock").json()["now"])


def test_an_app_can_follow_it(begin: Begin) -> None:
    """It is told whether the clock stands still, and need not guess."""
    stage = begin()
    assert stage.client.get(f"{stage.play.url}/clock").json()["frozen"] is False
    before = time.time()
    assert before <= seen_by_an_app(stage) <= time.time()
    before = time.time()
    stage.play.slack.freezes()
    frozen = seen_by_an_app(stage)
    stage.play.slack.advances(3600)
    assert seen_by_an_app(stage) == frozen + 3600
    assert stage.client.get(f"{stage.play.url}/clock").json()["frozen"] is True
    assert stage.client.get(f"{stage.play.url}/ui/clock").json()["frozen"]
    stage.play.slack.resumes()
    stood_still = time.time() - before
    earliest = time.time() + 3600 - stood_still
    assert earliest <= seen_by_an_app(stage) <= time.time() + 3600
    assert stage.ui("clock", reset=True)["offset"] == 0


def test_it_tells_who_has_looked(begin: Begin) -> None:
    """Whoever turns it can wait until everybody knows."""
    stage = begin()
    for who in ("web", "worker", "web"):
        stage.client.get(f"{stage.play.url}/clock", params={"who": who})
    assert stage.ui("clock")["looks"] == {"web": 2, "worker": 1}


def test_messages_and_the_log_follow_it(begin: Begin) -> None:
    """Two messages of one frozen moment still have different ids."""
    stage = begin()
    stage.play.slack.freezes()
    stage.play.slack.advances(7 * 24 * 3600)
    now = seen_by_an_app(stage)
    first, second = (
        float(stage.call("chat.postMessage", channel="C0OPS", text=text)["ts"]) for text in "ab"
    )
    assert abs(first - now) < 0.001
    assert 0 < second - first < 0.001
    assert stage.play.slack.log(1)[0]["at"] == now


def test_a_frozen_clock_lets_nothing_expire(begin: Begin) -> None:
    """A trigger stays good until time goes on."""
    stage = begin(trigger=0.05)
    stage.play.slack.freezes()
    stage.ui("command", as_="U0ANA", channel="C0WEB", text="/do")
    trigger = stage.play.slack.log(1)[0]["request"]["trigger_id"]
    time.sleep(0.1)
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}
    assert stage.call("views.open", trigger_id=trigger, view=view)["ok"]


@pytest.mark.parametrize("body", [{"advance": -1}, {"advance": "long"}])
def test_nonsense_is_refused(stage: Stage, body: dict[str, object]) -> None:
    """Time goes forward only."""
    assert "bad request" in stage.ui("clock", **body)["error"]
