"""Jira's own webhooks (*System, WebHooks*), which an administrator's token can set up.

Requests are signed with the secret that was given: ``X-Hub-Signature: sha256=<hexadecimal HMAC of
the body>``. They do not expire, and there is no handshake.
"""

from collections.abc import Collection

from bot.integrations.client import Client, JsonObject
from bot.integrations.errors import ProviderAuthFailed, ProviderRefused
from bot.integrations.hooks import HookRequest, News, Watch, prove, signed
from bot.integrations.shape import reading
from bot.providers.jira.site import SLUG

STEPS = (
    "In Jira, as an administrator: System, WebHooks, Create a WebHook. Enter the address and the "
    "secret, and choose the events of issues (created, updated, deleted) and of projects."
)

_CLOUD = "rest/webhooks/1.0/webhook"
_DATA_CENTER = "rest/jira-webhook/1.0/webhooks"
_NAME = "Hourlink"
_ISSUE = ("jira:issue_created", "jira:issue_updated", "jira:issue_deleted")
_PROJECT = ("project_created", "project_updated", "project_deleted")
_EVENTS = [*_ISSUE, *_PROJECT]
_MOVES = frozenset({"project", "key"})


def hear(request: HookRequest, secret: str | None) -> News:
    """Proves a request and reads what it is about.

    Raises:
        HookForged: it is not signed with the secret.
    """
    expected = f"sha256={signed(secret, request.body).hex()}" if secret else ""
    prove(request.headers.get("x-hub-signature") if secret else None, expected)
    body = request.decoded()
    event = body.get("webhookEvent") if isinstance(body, dict) else None
    if event in _ISSUE:
        try:
            return _about_issue(event, body)
        except (AttributeError, KeyError, TypeError, ValueError):
            return News(is_wide=True)
    if isinstance(event, str) and not event.startswith("project_"):
        return News()  # comments, worklogs, sprints: an administrator chose more than is needed
    return News(is_wide=True)


def _about_issue(event: str, body: JsonObject) -> News:
    issue = body["issue"]
    task = frozenset({str(int(issue["id"]))})
    if event == "jira:issue_deleted":
        return News(tasks=task)
    project = str(int(issue["fields"]["project"]["id"]))
    changed = {str(item.get("field", "")).lower() for item in _changes(body)}
    return News(frozenset({project}), task if changed & _MOVES else frozenset())


def _changes(body: JsonObject) -> list[JsonObject]:
    return list((body.get("changelog") or {}).get("items") or ())


async def watch(
    client: Client, address: str, secret: str, projects: Collection[str], *, is_cloud: bool
) -> Watch:
    """Makes, changes or removes the one webhook with this address.

    Raises:
        ProviderRefused: the token is no Jira administrator's, or has scopes, or the server is older
            than 10.
    """
    path = _CLOUD if is_cloud else _DATA_CENTER
    standing = await _standing(client, path, address)
    for one in standing[1 if projects else 0 :]:
        await client.delete(one)
    if not projects:
        return Watch()
    asked = _on_cloud(address, secret, projects) if is_cloud else _on_server(address, secret)
    if standing:
        await client.put(standing[0], asked)
    else:
        await client.post_json(path, asked)
    return Watch({"": secret})


def _on_cloud(address: str, secret: str, projects: Collection[str]) -> JsonObject:
    jql = f"project in ({', '.join(sorted(projects))})"
    return {
        "name": _NAME,
        "url": address,
        "events": _EVENTS,
        "filters": {"issue-related-events-section": jql},
        "excludeBody": False,
        "secret": secret,
    }


def _on_server(address: str, secret: str) -> JsonObject:
    """Data Center drops a ``secret`` beside the address in silence, and then signs nothing."""
    return {
        "name": _NAME,
        "url": address,
        "events": _EVENTS,
        "active": True,
        "scopeType": "global",
        "configuration": {"SECRET": secret, "EXCLUDE_BODY": "false"},
    }


async def _standing(client: Client, path: str, address: str) -> list[str]:
    """Paths of the webhooks that send to this address."""
    try:
        listed = await client.get_json_list(path)
    except ProviderAuthFailed as failed:  # at the gateway, where other tokens open, are none
        reason = (
            "Jira takes webhooks only from an administrator's API token without scopes, not from "
            "somebody who signed in."
        )
        raise ProviderRefused(SLUG, failed.detail, status=401, reason=reason) from failed
    except ProviderRefused as refused:
        refused.reason = (
            "Jira lets only its administrators set up webhooks, on Data Center from version 10 on "
            f"({refused.reason})."
        )
        raise
    with reading(SLUG, "a list of webhooks"):
        return [
            f"{path}/{one.get('id') or str(one['self']).rpartition('/')[2]}"
            for one in listed
            if one["url"] == address
        ]
