"""Slack's own Python clients against the playground: only the base URL differs."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import aiohttp
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    HeaderBlock,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.views import View
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.aiohttp import SocketModeClient as AiohttpClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.socket_mode.websockets import SocketModeClient as WebsocketsClient
from slack_sdk.web.async_client import AsyncWebClient

from playground.testing import PATIENT, Playground, running
from tests.playground.bench import MANIFEST

if TYPE_CHECKING:
    from playground.shapes import Json


@pytest.fixture
def play() -> Iterator[Playground]:
    """A playground reached over Socket Mode alone."""
    with running(
        None, 0, manifest=MANIFEST, socket=True, event_retries=(), **PATIENT
    ) as playground:
        yield playground


def test_the_synchronous_client(play: Playground) -> None:
    """Messages, threads, files, reactions, people, pages, views and refusals."""
    client = WebClient(play.bot_token, base_url=play.api_url)
    ana = play.person("ana")
    assert client.api_test(hello="there")["args"]["hello"] == "there"
    posted = client.chat_postMessage(
        channel="C0GENERAL",
        text="Fallback",
        blocks=[
            HeaderBlock(text="Head"),
            SectionBlock(text="*Bold* words"),
            ActionsBlock(elements=[ButtonElement(text="Go", action_id="go", value="1")]),
        ],
    )
    ana.sees("Bold words", channel="general")
    channel, ts = str(posted["channel"]), str(posted["ts"])
    client.chat_postMessage(channel=channel, text="reply", thread_ts=ts)
    assert len(client.conversations_replies(channel=channel, ts=ts)["messages"]) == 2
    client.chat_update(channel=channel, ts=ts, text="Other", blocks=[])
    client.reactions_add(channel=channel, name="eyes", timestamp=ts)
    client.chat_delete(channel=channel, ts=ts)
    client.chat_postEphemeral(channel="C0WEB", user="U0ANA", text="psst")
    client.files_upload_v2(channel=ana.dm, filename="a.csv", content="a,b")
    assert [len(page["members"]) for page in client.users_list(limit=4)] == [4, 3]
    channels = client.users_conversations(types="public_channel", user="U0GUS")["channels"]
    assert [row["name"] for row in channels] == ["web"]
    assert client.conversations_open(users="U0ANA")["channel"]["id"] == ana.dm
    view = View(type="home", blocks=[SectionBlock(text="Home")])
    client.views_publish(user_id="U0ANA", view=view)
    assert ana.home is not None
    assert client.bots_info(bot="B0APP")["bot"]["user_id"] == "U0APP"
    with pytest.raises(SlackApiError, match="channel_not_found"):
        client.conversations_info(channel="C404")


def test_the_asynchronous_client(play: Playground) -> None:
    """The same protocol over aiohttp; pages come one after the other."""

    async def tell() -> list[int]:
        client = AsyncWebClient(play.bot_token, base_url=play.api_url)
        assert (await client.auth_test())["ok"]
        await client.chat_postMessage(channel="U0BO", text="Hello Bo")
        view = View(type="home", blocks=[SectionBlock(text="Home of Bo")])
        await client.views_publish(user_id="U0BO", view=view)
        await client.files_upload_v2(channel="C0OPS", filename="b.txt", content="b")
        pages = await client.conversations_list(limit=2)
        return [len(page["channels"]) async for page in pages]

    assert asyncio.run(tell()) == [2, 1]
    play.person("bo").sees("Hello Bo")
    play.person("ana").sees("b.txt", channel="ops")


def answer_to(request: SocketModeRequest) -> SocketModeResponse:
    """What the app of these tests answers: it repeats a command, and acknowledges the rest."""
    payload: Json = {}
    if request.type == "slash_commands":
        payload = {"text": f"You said {request.payload['text']}"}
    return SocketModeResponse(envelope_id=request.envelope_id, payload=payload)


def use(play: Playground, got: list[str]) -> None:
    """A command, a Home tab opened, and a click: each arrives and is answered."""
    ana = play.person("ana")
    ana.types("/echo hi", channel="general")
    ana.sees("You said hi")
    ana.opens_home()
    client = WebClient(play.bot_token, base_url=play.api_url)
    button = ButtonElement(text=PlainTextObject(text="Go"), action_id="go")
    client.chat_postMessage(channel="U0ANA", text="x", blocks=[ActionsBlock(elements=[button])])
    ana.goes_to("app")
    ana.clicks("Go")
    ana.does_not_see("We had some trouble", within=0.05)
    assert {"slash_commands", "events_api", "interactive"} <= set(got)


def test_socket_mode_of_the_builtin_client(play: Playground) -> None:
    """The synchronous client without dependencies."""
    got: list[str] = []
    web = WebClient(play.app_token, base_url=play.api_url)
    client = SocketModeClient(app_token=play.app_token, web_client=web)

    def listen(client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        got.append(request.type)
        client.send_socket_mode_response(answer_to(request))

    client.socket_mode_request_listeners.append(listen)
    client.connect()
    try:
        use(play, got)
    finally:
        client.close()


@pytest.mark.parametrize("kind", [AiohttpClient, WebsocketsClient])
def test_socket_mode_of_the_asynchronous_clients(
    play: Playground, kind: type[AiohttpClient | WebsocketsClient]
) -> None:
    """Over aiohttp and over websockets."""
    got: list[str] = []

    async def listen(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        got.append(request.type)
        await client.send_socket_mode_response(answer_to(request))

    async def run(up: threading.Event, done: threading.Event) -> None:
        web = AsyncWebClient(play.app_token, base_url=play.api_url)
        client = kind(app_token=play.app_token, web_client=web)
        client.socket_mode_request_listeners.append(listen)
        await client.connect()  # type: ignore[no-untyped-call]
        up.set()
        await asyncio.to_thread(done.wait, 600)
        await client.close()  # type: ignore[no-untyped-call]

    up, done = threading.Event(), threading.Event()
    app = threading.Thread(target=lambda: asyncio.run(run(up, done)))
    app.start()
    try:
        assert up.wait(60)
        use(play, got)
    finally:
        done.set()
        app.join(60)


def test_an_eleventh_connection_is_refused(play: Playground) -> None:
    """Ten are the most; a ticket opens one connection only."""
    client = AsyncWebClient(play.app_token, base_url=play.api_url)

    async def connect() -> None:
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(aiohttp.ClientSession())

            async def join(url: str) -> None:
                socket = await stack.enter_async_context(session.ws_connect(url))
                hello = await socket.receive_json()
                assert hello["type"] == "hello"

            async def ticket() -> str:
                opened = await client.apps_connections_open(app_token=play.app_token)
                return str(opened["url"])

            used = await ticket()
            await join(used)
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await join(used)
            for _ in range(9):
                await join(await ticket())
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await join(await ticket())

    asyncio.run(connect())
