"""From Trello's JSON to the contract's values."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.integrations.api import ProviderAccount, ProviderProject, ProviderTask
from bot.integrations.client import JsonObject
from bot.integrations.shape import reading
from bot.providers.trello.site import SLUG

BOARD_FIELDS = "id,name,closed,idOrganization,shortUrl"
CARD_FIELDS = (
    "id,idBoard,idList,name,closed,dueComplete,shortUrl,idMembers,labels,dateLastActivity,"
    "cardRole,isTemplate"
)

_NO_TASKS = frozenset({"separator", "board", "mirror", "link"})
"""Cards that only draw a line, or show what has its place elsewhere."""

_ARCHIVED = "Archived"


def project(item: JsonObject) -> ProviderProject:
    """A board. One without a workspace is its owner's alone.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a board"):
        workspace_id = item.get("idOrganization")
        workspace = item.get("organization") or {}
        return ProviderProject(
            external_id=str(item["id"]),
            name=str(item["name"]),
            url=str(item.get("shortUrl") or ""),
            workspace_id=str(workspace_id or ""),
            workspace_name=str(workspace.get("displayName") or ""),
            is_archived=bool(item["closed"]),
            is_personal=not workspace_id,
        )


def task(item: JsonObject, lists: Mapping[str, JsonObject]) -> ProviderTask | None:
    """A card; None for a template, and for what only looks like a card.

    Its short address stays when it is renamed or moved; its number is one of its board's, and
    another on each board. What is archived, or in an archived list, is over.

    Args:
        item: As Trello tells it.
        lists: The lists of its board by id.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a card"):
        if item.get("isTemplate") or item.get("cardRole") in _NO_TASKS:
            return None
        column = lists.get(str(item["idList"]), {})
        is_archived = bool(item["closed"]) or bool(column.get("closed"))
        updated = item.get("dateLastActivity")
        url = str(item["shortUrl"])
        return ProviderTask(
            external_id=_id(item["id"]),
            project_id=_id(item["idBoard"]),
            title=str(item["name"] or "").strip() or url.rpartition("/")[2],
            url=url,
            is_done=is_archived or bool(item["dueComplete"]),
            status=_ARCHIVED if is_archived else str(column.get("name") or ""),
            labels=tuple(
                str(label.get("name") or label.get("color") or "label")
                for label in item.get("labels") or ()
            ),
            assignee_ids=tuple(str(one) for one in item.get("idMembers") or ()),
            updated_at=moment(updated) if updated else None,
        )


def account(person: JsonObject, *, is_active: bool = True) -> ProviderAccount:
    """Somebody; Trello tells nobody's address but the token owner's.

    Raises:
        ProviderSurprised: they are of another shape.
    """
    with reading(SLUG, "a member"):
        person_id = _id(person["id"])
        email = person.get("email") or None
        return ProviderAccount(
            external_id=person_id,
            name=str(person.get("fullName") or person.get("username") or person_id),
            email=email,
            email_is_verified=email is not None and bool(person.get("confirmed")),
            is_active=is_active,
        )


def moment(text: str) -> datetime:
    """``2026-11-20T09:14:02.123Z`` in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _id(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("an id that is no text")
    return value
