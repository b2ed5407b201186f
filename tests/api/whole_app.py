"""The whole app as it is served, seeded, for whatever is thrown at it over HTTP."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr
from schemathesis.python import asgi
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.app import App, build_app
from bot.settings import Settings

PUBLIC_URL = "https://time.acme.test"
SIGNING_SECRET = "the signing secret"
KEY = Fernet.generate_key().decode()


def settings_for(database_url: str, folder: Path) -> Settings:
    """Those of a server for many workspaces: every page that there is, is there."""
    return Settings(
        signing_secret=SecretStr(SIGNING_SECRET),
        client_id="1.2",
        client_secret=SecretStr("the client secret"),
        database_url=SecretStr(database_url),
        secret_keys=(SecretStr(KEY),),
        public_url=PUBLIC_URL,
        tool_clients=(SecretStr("asana:1:the tool's client secret"),),
        slack_api_url="http://127.0.0.1:9/api/",
        data_dir=folder,
        metrics_port=0,
    )


@contextmanager
def served(settings: Settings, part: Callable[[App], ASGIApp]) -> Iterator[Starlette]:
    """An app that is built inside the loop which serves it, and taken down again."""
    found: dict[str, ASGIApp] = {}

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with build_app(settings) as app:
            found["web"] = part(app)
            yield

    async def pass_on(scope: Scope, receive: Receive, send: Send) -> None:
        await found["web"](scope, receive, send)

    try:
        yield Starlette(lifespan=lifespan, routes=[Mount("/", pass_on)])
    finally:
        asgi.shutdown_lifespans()
