"""What is open to the internet besides the API, described well enough to be thrown things at."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.ids import IntegrationId
from bot.services.sync.hook_addresses import HookAddresses
from bot.signing_in import COOKIE

_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_SIGNATURES: Mapping[str, Sequence[str]] = {
    "asana": ("X-Hook-Signature", "X-Hook-Secret"),
    "clickup": ("X-Signature",),
    "github": ("X-Hub-Signature-256", "X-GitHub-Event"),
    "jira": ("X-Hub-Signature",),
    "linear": ("Linear-Signature",),
    "redmine": ("X-Redmine-Signature-256",),
    "trello": ("X-Trello-Webhook",),
}
"""The headers that each tool's webhooks are proved by; a test looks that none is missing."""


def provided() -> Sequence[str]:
    """The tools whose webhooks are described."""
    return tuple(_SIGNATURES)


def description(integrations: Mapping[str, IntegrationId], addresses: HookAddresses) -> Any:  # noqa: ANN401 - JSON
    """An OpenAPI document of webhooks, Slack's door, installing, signing in, and probes."""
    paths: dict[str, Any] = {
        "/healthz": {"get": _operation("health", {"200": _json()})},
        "/readyz": {"get": _operation("readiness", {"200": _json(), "503": _json()})},
        "/slack/install": {"get": _operation("install", {"200": _page()})},
        "/slack/oauth_redirect": {"get": _coming_back("come_back")},
        "/sign-in/{state}": {
            "parameters": [
                {"name": "state", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "get": _operation("sign_in", {"200": _page(), "404": _page()}),
        },
        "/sign-in/back": {"get": _coming_back("signed_in", cookie=COOKIE)},
        "/slack/events": {"post": _posted("slack", _slack_headers(), ("400", "401", "413"))},
        "/hooks/{whose}": {
            "parameters": [
                {"name": "whose", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "post": _posted("hook_of_nobody", (), ("401", "404", "405", "410", "413")),
        },
    }
    for slug, integration_id in integrations.items():
        address = addresses.of(integration_id)
        if address is None:
            raise LookupError(slug)
        path = "/" + address.split("/", 3)[3]
        headers = tuple(_header(name) for name in _SIGNATURES[slug])
        refused = ("200", "400", "401", "404", "410", "413")
        paths[path] = {"post": _posted(f"hook_{slug}", headers, refused)}
    return {"openapi": "3.1.0", "info": {"title": "Doors", "version": "1"}, "paths": paths}


def _operation(name: str, responses: Mapping[str, Any]) -> dict[str, Any]:
    return {"operationId": name, "responses": dict(responses)}


def _posted(name: str, headers: Sequence[Any], statuses: Sequence[str]) -> dict[str, Any]:
    bodies = {
        "application/json": {"schema": {}},
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "properties": {"payload": {"type": "string"}, "command": {"type": "string"}},
            }
        },
        "text/plain": {"schema": {"type": "string"}},
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    }
    return {
        **_operation(name, {status: {"description": "Said."} for status in statuses}),
        "parameters": list(headers),
        "requestBody": {"required": False, "content": bodies},
    }


def _slack_headers() -> Sequence[Any]:
    names = ("X-Slack-Request-Timestamp", "X-Slack-Signature", "X-Slack-Retry-Num")
    return tuple(_header(name) for name in names)


def _header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "schema": {"type": "string"}}


def _coming_back(name: str, cookie: str | None = None) -> dict[str, Any]:
    said = {status: _page() for status in ("200", "400", "401")}
    parameters = [
        {"name": word, "in": "query", "schema": {"type": "string"}}
        for word in ("code", "state", "error")
    ]
    if cookie is not None:
        parameters += [{"name": cookie, "in": "cookie", "schema": {"type": "string"}}]
    return {**_operation(name, said), "parameters": parameters}


def _json() -> dict[str, Any]:
    return {"description": "Said.", "content": {"application/json": {"schema": {}}}}


def _page() -> dict[str, Any]:
    return {"description": "Said.", "content": {"text/html": {"schema": {"type": "string"}}}}
