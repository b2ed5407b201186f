"""A tool's consent page and token endpoint, judged by oauthlib: a server that is not ours.

It keeps RFC 6749 and RFC 7636: codes are good once, refresh tokens too where they rotate, the
address to come back to and the verifier are compared.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode

from oauthlib.common import Request
from oauthlib.oauth2 import RequestValidator, WebApplicationServer

from bot.integrations.oauth import OAuth, ToolClient
from tests.http_server import HttpServer, Say, Seen, serving

CLIENT = ToolClient("hourlink-id", "hourlink-secret")
BACK = "https://hourlink.test/sign-in/back"


class _Rules(RequestValidator):  # type: ignore[misc]
    """Who is known, and what was given to whom."""

    def __init__(self, desk: "Consent") -> None:
        super().__init__()
        self._desk = desk

    # Asking

    def validate_client_id(
        self, client_id: str, request: Request, *args: object, **kwargs: object
    ) -> bool:
        request.client = type("Client", (), {"client_id": client_id})()
        return client_id == CLIENT.id

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, *args: object, **kw: object
    ) -> bool:
        return redirect_uri == BACK

    def validate_response_type(
        self, client_id: str, response_type: str, *args: object, **kw: object
    ) -> bool:
        return response_type == "code"

    def validate_scopes(
        self, client_id: str, scopes: list[str], *args: object, **kwargs: object
    ) -> bool:
        self._desk.scopes = tuple(scopes)
        return True

    def get_default_scopes(self, *args: object, **kwargs: object) -> list[str]:
        return ["all"]

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        return self._desk.oauth.pkce

    def save_authorization_code(
        self,
        client_id: str,
        code: Mapping[str, str],
        request: Request,
        *args: object,
        **kwargs: object,
    ) -> None:
        self._desk.codes[code["code"]] = request

    # Exchanging

    def authenticate_client(self, request: Request, *args: object, **kwargs: object) -> bool:
        request.client = type("Client", (), {"client_id": request.client_id})()
        return (request.client_id, request.client_secret) == (CLIENT.id, CLIENT.secret)

    def validate_grant_type(
        self, client_id: str, grant_type: str, *args: object, **kw: object
    ) -> bool:
        return grant_type in {"authorization_code", "refresh_token"}

    def validate_code(
        self,
        client_id: str,
        code: str,
        client: object,
        request: Request,
        *args: object,
        **kwargs: object,
    ) -> bool:
        asked = self._desk.codes.get(code)
        if asked is None:
            return False
        request.scopes, request.user = ["all"], "ana"
        return True

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, *args: object, **kwargs: object
    ) -> bool:
        return bool(redirect_uri == self._desk.codes[code].redirect_uri)

    def get_code_challenge(self, code: str, request: Request) -> str | None:
        found: str | None = self._desk.codes[code].code_challenge
        return found

    def get_code_challenge_method(self, code: str, request: Request) -> str:
        return str(self._desk.codes[code].code_challenge_method)

    def invalidate_authorization_code(
        self, client_id: str, code: str, *args: object, **kw: object
    ) -> None:
        del self._desk.codes[code]

    def validate_refresh_token(
        self, refresh_token: str, client: object, request: Request, *args: object, **kwargs: object
    ) -> bool:
        return refresh_token in self._desk.refresh_tokens

    def get_original_scopes(
        self, refresh_token: str, request: Request, *args: object, **kw: object
    ) -> list[str]:
        return ["all"]

    def rotate_refresh_token(self, request: Request) -> bool:
        return self._desk.rotates

    def save_bearer_token(
        self, token: dict[str, Any], request: Request, *args: object, **kw: object
    ) -> None:
        if self._desk.rotates and request.refresh_token:
            self._desk.refresh_tokens.discard(request.refresh_token)
        if "refresh_token" in token:
            self._desk.refresh_tokens.add(token["refresh_token"])


class Consent:
    """One tool, at whose page people agree."""

    def __init__(self, oauth: OAuth, *, lasts: int = 3600, rotates: bool = True) -> None:
        self.oauth = oauth
        self.rotates = rotates
        self.scopes: tuple[str, ...] = ()
        self.codes: dict[str, Any] = {}
        self.refresh_tokens: set[str] = set()
        self.access: str | None = None
        """What the next access token is; None makes them up."""
        self.is_down = False
        self.says: Say | None = None
        """What it answers instead, whatever it is asked."""
        self.asked: list[str] = []
        self.answers: list[Mapping[str, Any]] = []
        self._number = count(1)
        self._server = WebApplicationServer(
            _Rules(self), token_generator=self._token, token_expires_in=lasts
        )
        self._http: HttpServer | None = None

    def _token(self, request: Request, refresh_token: bool = False) -> str:  # noqa: FBT001, FBT002 - oauthlib calls it so
        del request
        if refresh_token:
            return f"refresh-{next(self._number)}"
        return self.access or f"access-{next(self._number)}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Consent"]:
        """Answers at an address of its own, in the place of the tool's."""
        async with serving(self._answer) as http:
            self._http = http
            self.oauth = replace(
                self.oauth, consent_url=f"{http.url}/consent", token_url=f"{http.url}/token"
            )
            yield self

    def agree(self, address: str) -> str:
        """Somebody presses *Allow*: where the page sends them."""
        # oauthlib asks for https, which a page on loopback cannot have.
        address = address.replace("http://127.0.0.1", "https://127.0.0.1")
        scopes, asked = self._server.validate_authorization_request(address)
        headers, _, status = self._server.create_authorization_response(
            address, scopes=scopes, credentials=asked
        )
        assert status == 302
        return str(headers["Location"])

    def _answer(self, seen: Seen) -> Say:
        self.asked.append(seen.path)
        if self.is_down:
            return Say(503, "down for maintenance")
        if self.says is not None:
            return self.says
        told = seen.body if self.oauth.by_json else parse_qs(seen.content.decode())
        form = {
            name: value[0] if isinstance(value, list) else value for name, value in told.items()
        }
        headers, body, status = self._server.create_token_response(
            "https://127.0.0.1/token",
            http_method="POST",
            body=urlencode(form),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        self.answers.append(json.loads(body))
        return Say(status, json.loads(body), dict(headers))
