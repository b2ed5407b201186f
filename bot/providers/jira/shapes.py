"""From Jira's JSON to the contract's values."""

from datetime import UTC, datetime, timedelta

from bot.integrations.api import ProviderAccount, ProviderProject, ProviderTask
from bot.integrations.client import JsonObject
from bot.integrations.shape import reading
from bot.providers.jira.site import SLUG

FIELDS = (
    "summary",
    "status",
    "assignee",
    "labels",
    "project",
    "timeoriginalestimate",
    "updated",
)
"""The fields of an issue that are asked for; without any, Cloud tells nothing but ids."""

_DONE = "done"
_PERSON = "atlassian"
_LAG = timedelta(minutes=4)
"""How far Jira's search index may be behind what people saved."""


def project(item: JsonObject, address: str) -> ProviderProject:
    """A project.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a project"):
        key = str(item["key"])
        return ProviderProject(
            external_id=str(int(item["id"])),
            name=str(item.get("name") or key),
            url=f"{address}/browse/{key}",
            key=key,
            is_archived=bool(item.get("archived")) or bool(item.get("deleted")),
        )


def task(item: JsonObject, address: str, *, is_cloud: bool) -> ProviderTask:
    """An issue. Its number in the database stays when it is moved; its key does not.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "an issue"):
        key, fields = str(item["key"]), item["fields"]
        status = fields["status"]
        assignee = fields.get("assignee")
        return ProviderTask(
            external_id=str(int(item["id"])),
            project_id=str(int(fields["project"]["id"])),
            title=str(fields.get("summary") or "").strip() or key,
            url=f"{address}/browse/{key}",
            key=key,
            is_done=status["statusCategory"]["key"] == _DONE,
            status=str(status["name"]),
            labels=tuple(str(label) for label in fields.get("labels") or ()),
            assignee_ids=(_person_id(assignee, is_cloud=is_cloud),) if assignee else (),
            estimate_seconds=_seconds(fields.get("timeoriginalestimate")),
            updated_at=moment(fields["updated"]),
        )


def account(item: JsonObject, *, is_cloud: bool) -> ProviderAccount | None:
    """A person; None for an app or a customer of a service desk.

    Cloud accounts are Atlassian's, which lets nobody in before the address is proved. Data Center
    takes whatever an administrator or a directory wrote.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a user"):
        if is_cloud and item.get("accountType", _PERSON) != _PERSON:
            return None
        email = item.get("emailAddress") or None
        person_id = _person_id(item, is_cloud=is_cloud)
        return ProviderAccount(
            external_id=person_id,
            name=str(item.get("displayName") or item.get("name") or person_id),
            email=email,
            email_is_verified=is_cloud and email is not None,
            is_active=bool(item.get("active", True)),
        )


def changed_since(since: datetime) -> str:
    """A JQL condition, in milliseconds.

    A date in words would be read in the time zone of the token's owner, and to the minute.
    """
    return f"updated >= {int((since - _LAG).timestamp() * 1000)}"


def moment(text: str) -> datetime:
    """``2026-11-20T09:14:02.123+0000`` in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _person_id(person: JsonObject, *, is_cloud: bool) -> str:
    """Data Center's ``key`` stays when somebody's login (``name``) is changed."""
    return str(person["accountId"] if is_cloud else person.get("key") or person["name"])


def _seconds(value: object) -> int | None:
    return int(value) if isinstance(value, (int, float)) else None
