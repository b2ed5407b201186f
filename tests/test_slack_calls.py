"""Calls to Slack over real sockets, and what becomes of every kind of answer."""

import socket

import aiohttp
import pytest

from bot.domain.errors import TeamNotInstalled
from bot.domain.ids import TeamId
from bot.domain.slack_errors import (
    SlackError,
    SlackOutcomeUnknown,
    SlackRefused,
    SlackTryLater,
    TokenRejected,
)
from bot.slack import Slack
from bot.slack_calls import Calls
from tests.http_server import Answering, Say, Seen, in_turn, serving

TEAM = TeamId("T1")


async def token(team_id: TeamId) -> str:
    """The token of the one team."""
    if team_id != TEAM:
        raise TeamNotInstalled
    return "xoxb-1"


async def called(answer: Answering, method: str, **arguments: object) -> tuple[object, Seen]:
    """The answer of a call, and the request as it arrived."""
    async with serving(answer) as server, aiohttp.ClientSession() as session:
        calls = Calls(f"{server.url}/api/", token, session)
        return await calls.method(TEAM, method, **arguments), server.seen[0]


async def test_what_writes_is_sent_as_json() -> None:
    """With the team's token, and a charset, without which Slack warns."""
    answered, seen = await called(
        in_turn(Say(body={"ok": True, "ts": "1.1"})), "chat.postMessage", channel="C1", text="hé"
    )
    assert answered == {"ok": True, "ts": "1.1"}
    assert (seen.method, seen.path) == ("POST", "/api/chat.postMessage")
    assert seen.body == {"channel": "C1", "text": "hé"}
    assert seen.headers["authorization"] == "Bearer xoxb-1"
    assert seen.headers["content-type"] == "application/json; charset=utf-8"


async def test_half_a_character_is_sent_as_it_is() -> None:
    """Somebody's words, cut off in the middle of an emoji, come through."""
    _, seen = await called(
        in_turn(Say(body={"ok": True})), "chat.postMessage", channel="C1", text="so \ud83d"
    )
    assert seen.body["text"] == "so \ud83d"


async def test_what_reads_is_asked_in_the_address() -> None:
    """Slack takes no JSON there, and a yes is 1."""
    _, seen = await called(
        in_turn(Say(body={"ok": True})),
        "conversations.history",
        channel="C1",
        limit=100,
        include_all_metadata=True,
    )
    assert (seen.method, seen.content) == ("GET", b"")
    assert seen.query == {"channel": "C1", "limit": "100", "include_all_metadata": "1"}


@pytest.mark.parametrize(
    ("say", "error"),
    [
        (Say(body={"ok": False, "error": "channel_not_found"}), SlackRefused("channel_not_found")),
        (Say(403, {"ok": False, "error": "not_authed"}), TokenRejected("not_authed")),
        (Say(body={"ok": False, "error": "token_expired"}), TokenRejected("token_expired")),
        (Say(429, "slow down", {"Retry-After": "7"}), SlackTryLater(7)),
        (
            Say(429, "slow down", {"Retry-After": "Fri, 27 Nov 2026 12:00:00 GMT"}),
            SlackTryLater(30),
        ),
        (Say(429, "slow down"), SlackTryLater(30)),
        (Say(503, "<html>"), SlackOutcomeUnknown("503")),
        (Say(200, "<html>Sign in to the hotel</html>"), SlackOutcomeUnknown("chat.update")),
        (Say(200, [1]), SlackOutcomeUnknown("chat.update")),
        (Say(200, {"ok": True}, cut_after=3), SlackOutcomeUnknown("chat.update")),
    ],
)
async def test_every_other_answer_is_an_error_of_ours(say: Say, error: SlackError) -> None:
    """Refused, nothing done, or not known: nobody is told of a success that may not be one."""
    with pytest.raises(type(error)) as raised:
        await called(in_turn(say), "chat.update", ts="1.1")
    assert vars(raised.value) == vars(error)


async def test_a_server_that_is_not_there_did_nothing() -> None:
    """So the call may be repeated."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with aiohttp.ClientSession() as session:
            with pytest.raises(SlackTryLater):
                await Calls(address, token, session).method(TEAM, "chat.update")


async def test_without_a_token_nothing_is_called() -> None:
    """The team removed Hourlink."""
    async with serving(in_turn(Say())) as server, aiohttp.ClientSession() as session:
        with pytest.raises(TeamNotInstalled):
            await Calls(server.url, token, session).method(TeamId("T2"), "chat.update")
        assert server.seen == []


async def test_a_response_url_takes_the_answer() -> None:
    """Without a token: the address is the right to it."""
    async with serving(in_turn(Say(body="ok"))) as server, aiohttp.ClientSession() as session:
        await Calls(server.url, token, session).respond(f"{server.url}/r/1", {"text": "Done."})
        assert server.seen[0].body == {"text": "Done."}
        assert "authorization" not in server.seen[0].headers


@pytest.mark.parametrize(
    ("say", "code"), [(Say(404, "expired_url"), "expired_url"), (Say(400, "no"), "http_400")]
)
async def test_a_spent_response_url_is_known(say: Say, code: str) -> None:
    """A direct message takes its place."""
    async with serving(in_turn(say)) as server, aiohttp.ClientSession() as session:
        with pytest.raises(SlackRefused) as refused:
            await Calls(server.url, token, session).respond(f"{server.url}/r/1", {})
        assert refused.value.code == code


async def test_everything_goes_through_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Files as well: a company's only way out is its proxy."""
    said = {"ok": True, "upload_url": "http://files.slack.test/1", "file_id": "F1"}
    async with serving(lambda _: Say(body=said)) as proxy, aiohttp.ClientSession() as session:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        slack = Slack(Calls("http://slack.test/api", token, session))
        await slack.upload(TEAM, "C1", name="time.csv", content=b"day,task", comment="Yours.")
        await slack.respond("http://hooks.slack.test/r/1", {"text": "Done."})
    room, file, complete, answer = proxy.seen
    assert room.path.endswith("/files.getUploadURLExternal")
    assert file.content == b"day,task"
    assert complete.path.endswith("/files.completeUploadExternal")
    assert answer.body == {"text": "Done."}


async def rested(answer: Answering, method: str) -> tuple[list[float], int]:
    """How long a patient call waited, and how many requests it sent."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with serving(answer) as server, aiohttp.ClientSession() as session:
        calls = Calls(f"{server.url}/api/", token, session, sleep=sleep)
        try:
            if method == "respond":
                await calls.respond(f"{server.url}/r/1", {"text": "Stopped."})
            else:
                await calls.method(TEAM, method, channel="C1", text="Stopped.")
        except SlackTryLater:
            waits.append(-1)
        return waits, len(server.seen)


SLOW, FINE = Say(429, "slow down", {"Retry-After": "1"}), Say(body={"ok": True})
LATER = Say(429, "slow down", {"Retry-After": "30"})


@pytest.mark.parametrize(
    ("says", "method", "waits", "sent"),
    [
        ((SLOW, FINE), "chat.postMessage", [1], 2),
        ((SLOW, FINE), "respond", [1], 2),
        ((SLOW, SLOW, FINE), "chat.postMessage", [1, -1], 2),
        ((LATER, FINE), "chat.postMessage", [-1], 1),
        ((SLOW, FINE), "views.open", [-1], 1),
    ],
)
async def test_an_answer_takes_a_short_rest(
    says: tuple[Say, ...], method: str, waits: list[float], sent: int
) -> None:
    """Once, where Slack asks for it and so has done nothing; not where it would come too late."""
    assert await rested(in_turn(*says), method) == (waits, sent)
