"""Socket Mode: the app connects to Slack and is spoken to over that connection."""

import asyncio
import contextlib
import json
import secrets
import time
import uuid

from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.delivery import Ack, Envelope
from playground.shapes import Json

LIMIT = 10
"""Slack refuses an eleventh connection."""

RETURN_LIMIT = 60.0
"""How many seconds an app that was told to reconnect is waited for."""


class Sockets:
    """The app's open connections; each thing goes to one of them."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._open: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._next = 0
        self._back_until = 0.0
        self._arrived = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Tell whether the app is there."""
        return bool(self._open) or self._coming_back()

    def _coming_back(self) -> bool:
        """Told to reconnect, slack_sdk closes the old connection before it opens the new one."""
        return time.monotonic() < self._back_until

    def ticket(self) -> str:
        """Allow one connection, as `apps.connections.open` does."""
        key = secrets.token_urlsafe(16)
        self._tickets.add(key)
        return key

    async def serve(self, socket: WebSocket) -> None:
        """Hold one connection until it ends."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets or len(self._open) >= LIMIT:
            await socket.close(code=1008)
            return
        self._tickets.discard(ticket)
        await socket.accept()
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._open) + 1,
                "debug_info": {"host": "playground", "approximate_connection_time": 18060},
                "connection_info": {"app_id": self._app_id},
            }
        )
        self._open.append(socket)
        self._back_until = 0.0
        self._arrived.set()
        try:
            with contextlib.suppress(WebSocketDisconnect):
                while True:
                    self._answered(await socket.receive_text())
        finally:
            if socket in self._open:
                self._open.remove(socket)

    def _answered(self, text: str) -> None:
        try:
            answer = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.pop(str(answer.get("envelope_id")), None)
        if waiting is None or waiting.done():
            return
        payload = answer.get("payload")
        waiting.set_result(_read_ack(payload if isinstance(payload, dict) else {}))

    async def send(self, envelope: Envelope, seconds: float) -> Ack:
        """Send an envelope on one connection and wait for its acknowledgement."""
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(envelope)
        except TimeoutError:
            return Ack(failure="timeout")
        except (RuntimeError, WebSocketDisconnect):
            return Ack(failure="connection")

    async def _exchange(self, envelope: Envelope) -> Ack:
        while not self._open:
            if not self._coming_back():
                return Ack(failure="connection")
            self._arrived.clear()
            await self._arrived.wait()
        self._next += 1
        socket = self._open[self._next % len(self._open)]
        key = str(uuid.uuid4())
        row: Json = {
            "type": envelope.kind,
            "envelope_id": key,
            "payload": envelope.payload,
            "accepts_response_payload": envelope.kind != "events_api",
        }
        if envelope.kind == "events_api":
            row |= {
                "retry_attempt": envelope.retry_num,
                "retry_reason": envelope.retry_reason,
            }
        self._waiting[key] = asyncio.get_running_loop().create_future()
        try:
            await socket.send_json(row)
            return await self._waiting[key]
        finally:
            self._waiting.pop(key, None)

    async def refresh(self) -> None:
        """Ask the app to reconnect, as Slack does every few hours.

        Nothing new is sent on the old connections; acknowledgements on them still count.
        """
        old, self._open = self._open, []
        self._back_until = time.monotonic() + (RETURN_LIMIT if old else 0)
        for socket in old:
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})


def _read_ack(payload: Json) -> Ack:
    """Bolt wraps a plain text answer as a payload with nothing but `text`."""
    if set(payload) == {"text"}:
        return Ack(text=str(payload["text"]))
    return Ack(body=payload)
