"""Requests to Hourlink as nobody's browser would send them: raw, and signed or not."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.scenarios.noon import shown
from tests.scenarios.running import Installation

TEAM = "T0ACME"
SPENT = "/spent"
"""A response URL that was used five times, or half an hour ago."""
_NUMBERS = count(1)


class Forger:
    """Knows the signing secret, and writes every payload by hand."""

    def __init__(self, installation: Installation, answers_to: str) -> None:
        self._installation = installation
        self.secret = installation.slack.signing_secret
        self._answers_to = answers_to
        self.spent = answers_to.removesuffix("/answer") + SPENT
        self._http = httpx.Client(trust_env=False, timeout=120)
        self.answers: list[dict[str, Any]] = []
        """What came to the response URL, in order."""

    def hears(self, since: int) -> str:
        """What comes to the response URL after so many answers."""
        limit = time.monotonic() + 120
        while len(self.answers) <= since:
            if time.monotonic() > limit:
                raise AssertionError("no answer came")
            time.sleep(0.02)
        return str(self.answers[-1]["text"])

    def close(self) -> None:
        """Lets connections go."""
        self._http.close()

    def send(self, body: str, *, content_type: str) -> httpx.Response:
        """A signed request."""
        moment = str(int(time.time()))
        base = f"v0:{moment}:{body}".encode()
        digest = hmac.new(self.secret.encode(), base, hashlib.sha256).hexdigest()
        headers = {
            "content-type": content_type,
            "x-slack-request-timestamp": moment,
            "x-slack-signature": f"v0={digest}",
        }
        url = f"{self._installation.address}/slack/events"
        return self._http.post(url, content=body.encode(), headers=headers)

    def command(
        self,
        line: str,
        user: str = "U0ANA",
        *,
        trigger: str | None = None,
        team: str = TEAM,
    ) -> httpx.Response:
        """A slash command; its answer rides in the acknowledgement."""
        name, _, text = line.partition(" ")
        form = {
            "command": name,
            "text": text,
            "team_id": team,
            "user_id": user,
            "channel_id": "C0OPS",
            "trigger_id": trigger or new_id(),
            "response_url": self._answers_to,
        }
        return self.send(urlencode(form), content_type="application/x-www-form-urlencoded")

    def click(
        self,
        action: str,
        value: str = "",
        user: str = "U0ANA",
        *,
        home: str = TEAM,
        **more: object,
    ) -> httpx.Response:
        """A button in a message of the channel; its answer goes to the response URL."""
        button = {"type": "button", "action_id": action, "block_id": "b", "value": value}
        return self._interaction(
            user,
            home,
            {
                "type": "block_actions",
                "channel": {"id": "C0OPS"},
                "message": {"ts": "1.1"},
                "response_url": self._answers_to,
                "actions": [button | {"action_ts": new_id()}],
            }
            | more,
        )

    def submit(
        self,
        callback_id: str,
        metadata: str = "",
        user: str = "U0ANA",
        values: Mapping[str, object] | None = None,
    ) -> httpx.Response:
        """A form."""
        view = {
            "id": "V1",
            "type": "modal",
            "hash": "1.a",
            "callback_id": callback_id,
            "private_metadata": metadata,
            "state": {"values": values or {}},
        }
        return self._interaction(user, TEAM, {"type": "view_submission", "view": view})

    def event(
        self, event: Mapping[str, object], *, event_id: str, team: str = TEAM
    ) -> httpx.Response:
        """Something that happened in the workspace."""
        body = {
            "type": "event_callback",
            "team_id": team,
            "event_id": event_id,
            "event_time": int(shown(self._installation.slack).timestamp()),
            "event": event,
        }
        return self.send(json.dumps(body), content_type="application/json")

    def _interaction(self, user: str, home: str, body: Mapping[str, object]) -> httpx.Response:
        who = {"id": user, "username": "x", "team_id": home}
        common = {"team": {"id": TEAM}, "user": who, "trigger_id": new_id()}
        form = {"payload": json.dumps(common | dict(body))}
        return self.send(urlencode(form), content_type="application/x-www-form-urlencoded")


def new_id() -> str:
    """A trigger's id, or a click's, that was never there before."""
    return f"1.{next(_NUMBERS)}.forged"


@contextmanager
def forging(installation: Installation) -> Iterator[Forger]:
    """A forger whose response URL answers."""
    forger: Forger | None = None

    class Inbox(BaseHTTPRequestHandler):
        """Keeps what is posted."""

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            said = json.loads(self.rfile.read(length))
            spent = self.path == SPENT
            if forger is not None and not spent:
                forger.answers.append(said)
            self.send_response(404 if spent else 200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            del arguments

    server = ThreadingHTTPServer(("127.0.0.1", 0), Inbox)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    forger = Forger(installation, f"http://127.0.0.1:{server.server_port}/answer")
    try:
        yield forger
    finally:
        forger.close()
        server.shutdown()
        server.server_close()
