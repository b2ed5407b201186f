"""From Linear's JSON to the contract's values."""

from datetime import UTC, datetime

from bot.integrations.api import ProviderAccount, ProviderProject, ProviderTask
from bot.integrations.client import JsonObject
from bot.integrations.shape import reading
from bot.providers.linear.site import SLUG

HOME = "https://linear.app"

_CLOSED = frozenset({"completed", "canceled", "duplicate"})
_APPS = "@oauthapp.linear.app"
"""What integrations have for an address."""

_TRASHED = "Deleted"


def project(item: JsonObject) -> ProviderProject:
    """A team: every issue has exactly one, and its key is the beginning of theirs.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a team"):
        workspace, key = item["organization"], str(item["key"])
        return ProviderProject(
            external_id=text(item["id"]),
            name=str(item.get("displayName") or item["name"] or key),
            url=f"{HOME}/{workspace['urlKey']}/team/{key}",
            key=key,
            workspace_id=text(workspace["id"]),
            workspace_name=str(workspace.get("name") or workspace["urlKey"]),
            is_archived=bool(item.get("archivedAt") or item.get("retiredAt")),
        )


def task(item: JsonObject) -> ProviderTask:
    """An issue. Its id stays when it is moved to another team; its identifier does not.

    What is archived is over, and so is what lies in the trash.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "an issue"):
        key, state = text(item["identifier"]), item["state"]
        assignee = item.get("assignee")
        is_over = bool(item.get("archivedAt")) or is_trashed(item)
        return ProviderTask(
            external_id=text(item["id"]),
            project_id=text(item["team"]["id"]),
            title=str(item["title"] or "").strip() or key,
            url=_address(str(item["url"]), key),
            key=key,
            is_done=is_over or state["type"] in _CLOSED,
            status=_TRASHED if is_trashed(item) else str(state["name"]),
            section=str((item.get("project") or {}).get("name") or ""),
            labels=tuple(str(label["name"]) for label in item["labels"]["nodes"]),
            assignee_ids=(text(assignee["id"]),) if assignee else (),
            updated_at=moment(item["updatedAt"]),
        )


def is_trashed(item: JsonObject) -> bool:
    """Deleted, and still in the trash for some weeks."""
    return bool(item.get("trashed"))


def account(item: JsonObject) -> ProviderAccount | None:
    """Somebody; None for an app.

    Linear lets people in by a link to their address, or by whoever vouches for it.

    Raises:
        ProviderSurprised: they are of another shape.
    """
    with reading(SLUG, "a user"):
        email = str(item["email"] or "") or None
        if item["app"] or (email and email.endswith(_APPS)):
            return None
        person_id = text(item["id"])
        return ProviderAccount(
            external_id=person_id,
            name=str(item.get("name") or item.get("displayName") or person_id),
            email=email,
            email_is_verified=email is not None,
            is_active=bool(item["active"]),
        )


def moment(told: str) -> datetime:
    """``2026-11-20T09:14:02.123Z`` in UTC."""
    return datetime.fromisoformat(told).astimezone(UTC)


def text(value: object) -> str:
    """An id or key.

    Raises:
        TypeError: there is none.
    """
    if not isinstance(value, str) or not value:
        raise TypeError("an id that is no text")
    return value


def _address(url: str, key: str) -> str:
    """Without the title, which is in it and may change."""
    before, found, _ = url.partition(f"/{key}/")
    return f"{before}/{key}" if found else url
