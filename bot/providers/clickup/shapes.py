"""From ClickUp's JSON to the contract's values. Numbers come as texts, and texts as numbers."""

from datetime import UTC, datetime

from bot.integrations.api import AlsoIn, ProviderAccount, ProviderProject, ProviderTask
from bot.integrations.client import JsonObject
from bot.integrations.shape import identity, reading
from bot.providers.clickup.site import ADDRESS, SLUG

_DONE = frozenset({"closed", "done"})
"""Types of statuses; their names are each list's own."""


def project(item: JsonObject, space: JsonObject, team: str) -> ProviderProject:
    """A list, which is what tasks are in. Its Space counts as its workspace.

    Many lists are called List, so the folder's name stands before it.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a list"):
        list_id, folder = identity(item["id"]), item.get("folder") or {}
        name = str(item.get("name") or "").strip() or "List"
        if folder.get("name") and not folder.get("hidden"):
            name = f"{folder['name']} / {name}"
        members = space.get("members") or ()
        return ProviderProject(
            external_id=list_id,
            name=name,
            url=f"{ADDRESS}/{team}/v/li/{list_id}",
            workspace_id=identity(space["id"]),
            workspace_name=str(space.get("name") or ""),
            is_archived=bool(item.get("archived") or space.get("archived")),
            is_personal=bool(space.get("private")) and len(members) == 1,
        )


def task(item: JsonObject, project_id: str | None = None) -> ProviderTask | None:
    """A task as it stands in one list, its home unless told otherwise; None for an archived one.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a task"):
        task_id, status = identity(item["id"]), item["status"]
        if item.get("archived"):
            return None
        home = identity(item["list"]["id"])
        places = [home, *(identity(one["id"]) for one in item.get("locations") or ())]
        here = project_id or home
        others = dict.fromkeys(one for one in places if one != here)
        key = item.get("custom_id") or None
        estimate = item.get("time_estimate")
        return ProviderTask(
            external_id=task_id,
            project_id=here,
            title=str(item.get("name") or "").strip() or key or task_id,
            url=str(item.get("url") or f"{ADDRESS}/t/{task_id}"),
            key=key,
            is_done=str(status["type"]) in _DONE,
            status=str(status.get("status") or ""),
            labels=tuple(str(tag["name"]) for tag in item.get("tags") or () if tag.get("name")),
            assignee_ids=tuple(identity(one["id"]) for one in item.get("assignees") or ()),
            estimate_seconds=None if estimate is None else int(estimate) // 1000,
            updated_at=moment(item["date_updated"]),
            also_in=tuple(AlsoIn(one) for one in others),
        )


def account(person: JsonObject) -> ProviderAccount:
    """A person. Whether their address is proved depends on settings that ClickUp does not tell.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a person"):
        person_id, email = identity(person["id"]), person.get("email") or None
        return ProviderAccount(
            external_id=person_id,
            name=str(person.get("username") or "").strip() or str(email or person_id),
            email=email,
        )


def moment(milliseconds: object) -> datetime:
    """``"1795166042123"`` in UTC."""
    return datetime.fromtimestamp(int(str(milliseconds)) / 1000, UTC)
