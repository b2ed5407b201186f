"""The client against a real server on the loopback address, faults included."""

import asyncio
import gzip
import logging

import pytest

from bot.integrations.answers import Answer, ClientConfig
from bot.integrations.client import HttpPool
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderError,
    ProviderRateLimited,
    ProviderRefused,
    ProviderSurprised,
    ProviderUnavailable,
)
from tests.http_server import Say, Seen, in_turn, serving
from tests.integrations.client_desk import KEY, Naps, client_of
from tests.ports import free_port


async def test_a_good_answer_is_read_and_counted(pool: HttpPool) -> None:
    """The key travels in its header, parameters in the query, below the base address."""
    async with serving(in_turn(Say(body={"ok": 1}))) as server:
        client = client_of(pool, f"{server.url}/sub/")
        assert await client.get_json("things.json", {"updated_on": ">=2026", "n": 2}) == {"ok": 1}
    request = server.seen[0]
    assert request.path == "/sub/things.json"
    assert request.query == {"updated_on": ">=2026", "n": "2"}
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert client.requests == 1


async def test_a_header_that_comes_twice_is_one(pool: HttpPool) -> None:
    """A list of next pages may be spread over several ``Link`` lines."""
    twice = {"Link": '</x?page=2>; rel="next"', "link": '</x?page=9>; rel="last"'}
    async with serving(in_turn(Say(headers=twice))) as server:
        answer = await client_of(pool, server).get("x")
    assert answer.headers["link"] == ", ".join(twice.values())


async def test_a_read_survives_two_bad_moments(pool: HttpPool, naps: Naps) -> None:
    """502, then a connection cut in the middle of a body, then the answer; waits grow."""
    answers = in_turn(Say(502), Say(body={"long": "x" * 99}, cut_after=20), Say(body={"ok": 1}))
    async with serving(answers) as server:
        client = client_of(pool, server)
        assert await client.get_json("x") == {"ok": 1}
    assert naps.seconds == [0.5, 1.0]
    assert client.requests == 3


async def test_patience_ends(pool: HttpPool, naps: Naps) -> None:
    """After a few tries the provider is unavailable, and the caller decides when to come back."""
    async with serving(in_turn(Say(503))) as server:
        with pytest.raises(ProviderUnavailable, match="GET x: 503"):
            await client_of(pool, server).get_json("x")
    assert len(server.seen) == 3
    assert len(naps.seconds) == 2


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_write_is_never_repeated(pool: HttpPool, status: int) -> None:
    """A POST that failed may have worked: a second one could book the hours twice."""
    async with serving(in_turn(Say(status))) as server:
        with pytest.raises(ProviderUnavailable):
            await client_of(pool, server).post_json("x", {})
    assert len(server.seen) == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_write_whose_answer_is_lost_is_not_sent_again(pool: HttpPool, method: str) -> None:
    """Not by the HTTP library either: what the first one did is not known."""

    def lost(_: Seen) -> Say:
        raise ConnectionResetError

    async with serving(lost) as server:
        client = client_of(pool, server)
        with pytest.raises(ProviderUnavailable):
            await (client.put("x", {"a": 1}) if method == "PUT" else client.delete("x"))
    assert [request.method for request in server.seen] == [method]


async def test_a_read_by_post_is_repeated(pool: HttpPool) -> None:
    """Searches and GraphQL read by POST."""
    async with serving(in_turn(Say(500), Say(body={"ok": 1}))) as server:
        assert await client_of(pool, server).post_json("x", {}, is_read=True) == {"ok": 1}
    assert server.seen[1].body == {}


async def test_a_short_retry_after_is_waited_for(pool: HttpPool, naps: Naps) -> None:
    """Two seconds asked, two seconds waited."""
    async with serving(in_turn(Say(429, headers={"Retry-After": "2"}), Say())) as server:
        await client_of(pool, server).get_json("x")
    assert naps.seconds == [2.0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("90", 90.0), ("Fri, 20 Nov 2026 09:02:00 GMT", 120.0), ("1e999", 86_400.0)],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_a_long_retry_after_is_the_callers_business(
    pool: HttpPool, naps: Naps, value: str, expected: float, status: int
) -> None:
    """Nobody sleeps for minutes inside a request; the run is put off instead."""
    async with serving(in_turn(Say(status, headers={"Retry-After": value}))) as server:
        with pytest.raises(ProviderRateLimited) as caught:
            await client_of(pool, server).get_json("x")
    assert caught.value.retry_after == expected
    assert naps.seconds == []


@pytest.mark.parametrize("value", [None, "soon", "Fri, 99 Nov 2026"])
async def test_429_without_a_usable_time_backs_off(
    pool: HttpPool, naps: Naps, value: str | None
) -> None:
    """The default wait is told to the caller in the end."""
    headers = {"Retry-After": value} if value else {}
    async with serving(in_turn(Say(429, headers=headers))) as server:
        with pytest.raises(ProviderRateLimited) as caught:
            await client_of(pool, server).get_json("x")
    assert caught.value.retry_after == 60.0
    assert naps.seconds == [0.5, 1.0]


async def test_429_to_a_write_is_not_slept_on(pool: HttpPool, naps: Naps) -> None:
    """The outbox knows better when to come back."""
    async with serving(in_turn(Say(429, headers={"Retry-After": "1"}))) as server:
        with pytest.raises(ProviderRateLimited):
            await client_of(pool, server).put("x", {})
    assert naps.seconds == []


async def test_limits_in_disguise_are_seen(pool: HttpPool) -> None:
    """Some providers say "too many" with 403, or with 200."""

    def throttled(answer: Answer) -> float | None:
        return 40.0 if answer.headers.get("x-remaining") == "0" else None

    async with serving(in_turn(Say(403, headers={"X-Remaining": "0"}))) as server:
        config = ClientConfig(provider="some", base_url=server.url, throttled=throttled)
        with pytest.raises(ProviderRateLimited) as caught:
            await pool.client(config).get_json("x")
    assert caught.value.retry_after == 40.0


async def test_401_asks_for_a_person(pool: HttpPool) -> None:
    """A dead key is not tried again."""
    async with serving(in_turn(Say(401, body=""))) as server:
        with pytest.raises(ProviderAuthFailed):
            await client_of(pool, server).get_json("x")
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 422])
async def test_a_refusal_keeps_the_providers_words(pool: HttpPool, status: int) -> None:
    """The person reads why, in the provider's language, on one line."""
    async with serving(in_turn(Say(status, body={"error": "Aktivität\n fehlt"}))) as server:
        with pytest.raises(ProviderRefused) as caught:
            await client_of(pool, server).post_json("x", {})
    assert (caught.value.status, caught.value.reason) == (status, "Aktivität fehlt")


async def test_wrong_credentials_may_be_said_with_another_status(pool: HttpPool) -> None:
    """Some tools say so with 200 or 400, which is still a matter for a person."""
    for status in (200, 400):
        async with serving(in_turn(Say(status, {"error": "who are you"}))) as server:
            config = ClientConfig(
                provider="fake",
                base_url=server.url,
                unauthorised=lambda answer: b"who are you" in answer.content,
            )
            with pytest.raises(ProviderAuthFailed):
                await pool.client(config).get_json("x")


async def test_a_refusal_in_plain_text_is_words_too(pool: HttpPool) -> None:
    """Some tools answer so; an HTML page is still none."""
    plain = Say(403, "not today", {"Content-Type": "text/plain; charset=utf-8"})
    async with serving(in_turn(plain)) as server:
        config = ClientConfig(provider="fake", base_url=server.url, reason=str)
        with pytest.raises(ProviderRefused) as caught:
            await pool.client(config).get_json("x")
    assert caught.value.reason == "not today"


async def test_a_refusal_holds_nothing_that_no_database_takes(pool: HttpPool) -> None:
    """A NUL, or half an emoji: it is kept beside the entry that it is about."""
    said = Say(403, '"no \\u0000time \\ud83d here"')
    async with serving(in_turn(said)) as server:
        config = ClientConfig(provider="fake", base_url=server.url, reason=str)
        with pytest.raises(ProviderRefused) as caught:
            await pool.client(config).get_json("x")
    assert caught.value.reason == "no time here"


@pytest.mark.parametrize("body", ["<html>no</html>", "", [1], {"other": 1}])
async def test_a_refusal_without_words_still_says_something(pool: HttpPool, body: object) -> None:
    """An error page in another shape does not hide the refusal."""
    async with serving(in_turn(Say(404, body=body))) as server:
        with pytest.raises(ProviderRefused) as caught:
            await client_of(pool, server).get_json("x")
    assert caught.value.reason == "Not Found"


@pytest.mark.parametrize(
    "body", ['{"title": "half an emoji \\ud83d", "n": 1}', '{"n": 1, "x": NaN}']
)
async def test_json_that_is_not_quite_json_is_read(pool: HttpPool, body: str) -> None:
    """A title cut in the middle of an emoji stops no sync."""
    async with serving(in_turn(Say(body=body))) as server:
        assert (await client_of(pool, server).get_json("x"))["n"] == 1


@pytest.mark.parametrize("body", ["<html>Log in</html>", "", "[1]", '{"half":', "[" * 100_000])
async def test_html_instead_of_json_is_a_surprise(pool: HttpPool, body: str) -> None:
    """A login page with status 200 is not an empty list."""
    async with serving(in_turn(Say(body=body))) as server:
        with pytest.raises(ProviderSurprised, match="instead of a JSON object"):
            await client_of(pool, server).get_json("x")


async def test_an_empty_body_after_a_write_is_fine(pool: HttpPool) -> None:
    """204 has nothing to decode."""
    async with serving(in_turn(Say(204, body=""))) as server:
        client = client_of(pool, server)
        assert await client.put("x", {"a": 1}) == {}
        await client.delete("x")
    assert [request.method for request in server.seen] == ["PUT", "DELETE"]


async def test_nobody_there(pool: HttpPool) -> None:
    """A refused connection and a name without a machine are both tried again, then reported."""
    for url in (f"http://127.0.0.1:{free_port()}", "http://nowhere.invalid"):
        client = client_of(pool, url)
        with pytest.raises(ProviderUnavailable):
            await client.get_json("x")
        assert client.requests == 3


async def test_silence_is_not_waited_for(pool: HttpPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that accepts and says nothing does not hold a run for ever."""
    monkeypatch.setattr("bot.integrations.exchange._TOTAL_SECONDS", 0.05)
    async with serving(in_turn(Say(wait=3600))) as server:
        with pytest.raises(ProviderUnavailable, match="no answer in time"):
            await client_of(pool, server).post_json("x", {})


async def test_an_endless_answer_is_cut(pool: HttpPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is not the provider's to fill."""
    monkeypatch.setattr("bot.integrations.exchange._MAX_BYTES", 1000)
    async with serving(in_turn(Say(body="x" * 5000))) as server:
        with pytest.raises(ProviderSurprised, match="more than 1000 bytes"):
            await client_of(pool, server).get_json("x")


async def test_an_answer_that_is_packed_twice_is_not_opened(pool: HttpPool) -> None:
    """Each layer grows a thousandfold: three kilobytes took all memory, and stopped everything."""
    once = gzip.compress(b'{"a": 1}')
    says = (
        Say(body=once, headers={"Content-Encoding": "gzip"}),
        Say(body=gzip.compress(once), headers={"Content-Encoding": "gzip, gzip"}),
    )
    async with serving(in_turn(*says)) as server:
        client = client_of(pool, server)
        assert await client.get_json("x") == {"a": 1}
        with pytest.raises(ProviderSurprised, match="packed more than once"):
            await client.get_json("x")


async def test_no_secret_in_errors_or_logs(
    pool: HttpPool, caplog: pytest.LogCaptureFixture
) -> None:
    """A provider that repeats the key in its refusal does not get it into our history."""
    caplog.set_level(logging.DEBUG)
    said = Say(403, body={"error": f"The key {KEY} is too weak"})
    async with serving(in_turn(said)) as server:
        config = ClientConfig(
            provider="some",
            base_url=server.url,
            headers={"Authorization": f"Bearer {KEY}"},
            params={"token": "query-secret"},
            reason=lambda body: body["error"],  # type: ignore[index] # any shape may come
        )
        client = pool.client(config)
        with pytest.raises(ProviderRefused) as caught:
            await client.get_json("x", {"token2": "2"})
    everything = f"{caught.value!r} {caught.value} {client!r} {config!r} {caplog.text}"
    assert KEY not in everything
    assert "query-secret" not in everything
    assert caught.value.reason == "The key *** is too weak"


async def test_cookies_are_not_kept(pool: HttpPool) -> None:
    """Two integrations on one host must not end up in one login session."""
    async with serving(in_turn(Say(headers={"Set-Cookie": "session=ana; Path=/"}))) as server:
        await client_of(pool, server).get_json("x")
        await client_of(pool, server).get_json("x")
    assert "cookie" not in server.seen[1].headers


async def test_a_host_gets_four_requests_at_a_time(pool: HttpPool) -> None:
    """Counted over every client of that host, since each job opens its own."""
    are_four = asyncio.Event()

    async def answer(_: Seen) -> Say:
        if server.most_at_once >= 4:
            are_four.set()
        await are_four.wait()
        return Say(wait=0.05)  # time for a fifth to come

    async with serving(answer) as server:
        clients = [client_of(pool, server), client_of(pool, f"{server.url}/sub")]
        await asyncio.gather(*(clients[i % 2].get_json("x") for i in range(12)))
    assert server.most_at_once == 4


@pytest.mark.parametrize("key", ["nön-ascii", "two\nlines", "tab\there"])
async def test_an_impossible_key_is_a_wrong_key(pool: HttpPool, key: str) -> None:
    """A key with a letter no header can carry was pasted wrongly."""
    config = ClientConfig(provider="some", base_url="http://x.test", headers={"X-Key": key})
    with pytest.raises(ProviderAuthFailed):
        pool.client(config)


def test_errors_say_whose_they_are() -> None:
    """A line of run history starts with the provider."""
    assert str(ProviderError("jira", "GET x: 500")) == "jira: GET x: 500"
    assert str(ProviderUnavailable("jira")) == "jira: ProviderUnavailable"
