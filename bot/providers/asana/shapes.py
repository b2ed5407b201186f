"""From Asana's JSON to the contract's values."""

from datetime import UTC, datetime

from bot.integrations.api import AlsoIn, ProviderAccount, ProviderProject, ProviderTask
from bot.integrations.client import JsonObject
from bot.integrations.shape import identity, reading
from bot.providers.asana.site import ADDRESS, SLUG

PROJECT = (
    "name,archived,privacy_setting,permalink_url,members,team,workspace.name,"
    "custom_field_settings.custom_field.representation_type,"
    "custom_field_settings.custom_field.id_prefix"
)
"""The fields of a project that are asked for; without any, Asana tells its name and no more."""

TASK = (
    "name,completed,assignee,memberships.project,memberships.section.name,tags.name,parent,"
    "permalink_url,modified_at,num_subtasks,is_rendered_as_separator,approval_status,"
    "custom_type_status_option.name,custom_fields.representation_type,"
    "custom_fields.display_value,custom_fields.asana_created_field,custom_fields.number_value"
)

ACCOUNT = "name,email"

PRIVATE = "private"

_KEY = "custom_id"
_ESTIMATE = "estimated_time"
_UNTITLED = "Untitled"


def project(item: JsonObject) -> ProviderProject:
    """A project. Private with nobody else in it, it is somebody's own.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a project"):
        gid, workspace = identity(item["gid"]), item["workspace"]
        is_private = item.get("privacy_setting") == PRIVATE
        return ProviderProject(
            external_id=gid,
            name=str(item.get("name") or "").strip() or _UNTITLED,
            url=str(item.get("permalink_url") or f"{ADDRESS}/0/{gid}"),
            key=_prefix(item),
            workspace_id=identity(workspace["gid"]),
            workspace_name=str(workspace.get("name") or ""),
            is_archived=bool(item.get("archived")),
            is_personal=is_private and not item.get("team") and len(item["members"]) <= 1,
        )


def task(item: JsonObject, project_id: str) -> ProviderTask | None:
    """A task as it stands in one project; None for a line that only separates others.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a task"):
        if item.get("is_rendered_as_separator"):
            return None
        gid, key = identity(item["gid"]), _key(item)
        sections = _sections(item)
        assignee, modified = item.get("assignee"), item["modified_at"]
        return ProviderTask(
            external_id=gid,
            project_id=project_id,
            title=str(item.get("name") or "").strip() or key or _UNTITLED,
            url=str(item.get("permalink_url") or f"{ADDRESS}/0/0/{gid}"),
            key=key,
            is_done=_yes_or_no(item["completed"]),
            status=_status(item),
            section=sections.get(project_id, ""),
            labels=tuple(str(tag["name"]) for tag in item.get("tags") or () if tag.get("name")),
            assignee_ids=(identity(assignee["gid"]),) if assignee else (),
            estimate_seconds=_estimate(item),
            updated_at=datetime.fromisoformat(modified).astimezone(UTC),
            also_in=tuple(AlsoIn(*one) for one in sections.items() if one[0] != project_id),
        )


def places(item: JsonObject) -> list[str]:
    """The projects a task is in, in Asana's order; none for a subtask.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a task"):
        return list(_sections(item))


def account(item: JsonObject, *, is_active: bool = True) -> ProviderAccount:
    """A person. Asana lets nobody in before their address is proved.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a person"):
        gid, email = identity(item["gid"]), item.get("email") or None
        return ProviderAccount(
            external_id=gid,
            name=str(item.get("name") or "").strip() or str(email or gid),
            email=email,
            email_is_verified=email is not None,
            is_active=is_active,
        )


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)  # a task that is done must not come back to life
    return value


def _prefix(item: JsonObject) -> str | None:
    """``WEB``, where the project numbers its tasks by a field of its own."""
    for setting in item.get("custom_field_settings") or ():
        field = setting.get("custom_field") or {}
        if field.get("representation_type") == _KEY and field.get("id_prefix"):
            return str(field["id_prefix"])
    return None


def _key(item: JsonObject) -> str | None:
    """``WEB-12``: Asana has no keys unless somebody added such a field."""
    for field in item.get("custom_fields") or ():
        if field.get("representation_type") == _KEY and field.get("display_value"):
            return str(field["display_value"])
    return None


def _estimate(item: JsonObject) -> int | None:
    for field in item.get("custom_fields") or ():
        minutes = field.get("number_value")
        if field.get("asana_created_field") == _ESTIMATE and minutes is not None:
            return round(float(minutes) * 60)
    return None


def _status(item: JsonObject) -> str:
    option = item.get("custom_type_status_option")
    said = option.get("name") if option else item.get("approval_status")
    return str(said or "").replace("_", " ")


def _sections(item: JsonObject) -> dict[str, str]:
    """The section that a task stands in, by project."""
    return {
        identity(one["project"]["gid"]): str((one.get("section") or {}).get("name") or "")
        for one in item.get("memberships") or ()
        if one.get("project")
    }
