"""Redmine's webhooks, 7.0 and later. A person sets them up: Redmine has no API for it."""

from bot.integrations.client import JsonObject
from bot.integrations.hooks import HookRequest, News, prove, signed

STEPS = (
    "In Redmine 7.0 or later: My account, Webhooks, New webhook. Enter the address and the secret, "
    "and choose the projects and the events of issues (created, updated, deleted). An "
    "administrator has to switch webhooks on first: Administration, Settings, API."
)

_ISSUE = "issue."
_DELETED = "issue.deleted"
_PROJECT = "project_id"


def hear(request: HookRequest, secret: str | None) -> News:
    """Proves a request and reads what it is about.

    Raises:
        HookForged: it is not signed with the secret.
    """
    expected = f"sha256={signed(secret, request.body).hex()}" if secret else ""
    prove(request.headers.get("x-redmine-signature-256") if secret else None, expected)
    body = request.decoded()
    kind = body.get("type") if isinstance(body, dict) else None
    if not isinstance(kind, str):
        return News(is_wide=True)
    if not kind.startswith(_ISSUE):
        return News()  # time entries, news, wiki pages
    try:
        return _about_issue(kind, body["data"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return News(is_wide=True)


def _about_issue(kind: str, data: JsonObject) -> News:
    issue = data["issue"]
    task = frozenset({str(int(issue["id"]))})
    if kind == _DELETED:
        return News(tasks=task)
    details = (data.get("journal") or {}).get("details") or ()
    is_moved = any(one.get("prop_key") == _PROJECT for one in details)
    project = frozenset({str(int(issue["project"]["id"]))})
    return News(project, task if is_moved else frozenset())
