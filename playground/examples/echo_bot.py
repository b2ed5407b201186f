"""A small Bolt app to try the playground with; any other would do.

python -m playground --port 4000 --app-url http://127.0.0.1:3000/slack/events
python -m playground.examples.echo_bot http://127.0.0.1:4000
"""

import logging
import sys
from collections.abc import Awaitable, Callable

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground.config import Config
from playground.shapes import Json, plain

Say = Callable[..., Awaitable[object]]
FRUIT = ("Apple", "Apricot", "Banana", "Cherry")


def section(text: str, **more: object) -> Json:
    """Build a section."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str, value: str = "") -> Json:
    """Build a button."""
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": value or text}


def form(note: str = "") -> Json:
    """Build the modal that asks for a fruit."""
    return {
        "type": "modal",
        "callback_id": "order",
        "title": plain("Order fruit"),
        "submit": plain("Order"),
        "close": plain("Cancel"),
        "blocks": [
            *([section(note)] if note else []),
            {
                "type": "input",
                "block_id": "fruit",
                "label": plain("Fruit"),
                "element": {
                    "type": "external_select",
                    "action_id": "pick",
                    "min_query_length": 1,
                    "placeholder": plain("Type a letter"),
                },
            },
            {
                "type": "input",
                "block_id": "count",
                "label": plain("How many"),
                "element": {"type": "plain_text_input", "action_id": "n", "initial_value": "1"},
            },
        ],
    }


def build(token: str, signing_secret: str, api_url: str) -> AsyncApp:
    """Make the app."""
    client = AsyncWebClient(token=token, base_url=api_url)
    app = AsyncApp(name="echo", client=client, signing_secret=signing_secret)

    @app.command("/echo")
    async def echo(ack: Say, command: Json) -> None:
        text = f"You said *{command['text']}*"
        await ack(
            text=text,
            blocks=[
                section(text),
                {
                    "type": "actions",
                    "elements": [
                        button("Louder", "louder", command["text"]),
                        button("Order fruit", "open"),
                    ],
                },
            ],
        )

    @app.action("louder")
    async def louder(ack: Say, respond: Say, action: Json) -> None:
        await ack()
        await respond(text=action["value"].upper() + "!", replace_original=True)

    @app.action("open")
    async def open_form(ack: Say, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.options("pick")
    async def pick(ack: Say, payload: Json) -> None:
        found = [name for name in FRUIT if name.lower().startswith(payload["value"].lower())]
        await ack(options=[{"text": plain(name), "value": name.lower()} for name in found])

    @app.view("order")
    async def order(ack: Say, body: Json, view: Json) -> None:
        values = view["state"]["values"]
        count = values["count"]["n"]["value"]
        if not count.isdigit():
            await ack(response_action="errors", errors={"count": "That is not a number."})
            return
        await ack()
        fruit = values["fruit"]["pick"]["selected_option"]["text"]["text"]
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Ordered: {count} {fruit}")

    _listen_to_events(app, client)
    return app


def _listen_to_events(app: AsyncApp, client: AsyncWebClient) -> None:
    @app.event("app_home_opened")
    async def home(event: Json) -> None:
        if event["tab"] == "home":
            view = {"type": "home", "blocks": [section(f"Welcome, <@{event['user']}>")]}
            await client.views_publish(user_id=event["user"], view=view)

    @app.event("message")
    async def heard(event: Json, say: Say) -> None:
        if event["channel_type"] == "im" and "bot_id" not in event:
            await say(f"I heard: {event['text']}")


def web(app: AsyncApp) -> Starlette:
    """Put the app behind one address."""
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"])])


def main() -> None:
    """Serve the app; the arguments are the playground's address and a port."""
    logging.basicConfig(level=logging.INFO)
    config = Config()
    url, port = sys.argv[1].rstrip("/"), int(sys.argv[2])
    app = build(config.bot_token, config.signing_secret, f"{url}/api/")
    uvicorn.run(web(app), host="127.0.0.1", port=port)


if __name__ == "__main__":
    main()
