"""From Redmine's JSON to the contract's values, and back.

Source: Redmine's own API views (``app/views/**/*.api.rsb``), tags 5.0.4 to 7.0.0.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from bot.integrations.api import (
    ProviderAccount,
    ProviderProject,
    ProviderTask,
    Worklog,
    WorklogRecord,
)
from bot.integrations.client import JsonObject
from bot.integrations.shape import reading

SLUG = "redmine"

ACTIVE, LOCKED = 1, 3
"""Statuses of a user."""

PROJECT_CLOSED = 5
"""Status of a project."""

_PROJECT_ACTIVE = 1
_MAX_COMMENT = 1024
_MARK = "[hl:"
_MINUTES_PER_HOUR = 60
_HOURS_PRECISION = 0.0051
"""Redmine shows hours with two decimals, so a shown value is up to half a hundredth off."""


def reason(body: object) -> str:
    """Redmine's own words: ``{"errors": ["Activity cannot be blank"]}``."""
    if not isinstance(body, Mapping):
        return ""
    errors = body.get("errors", ())
    return "; ".join(str(error) for error in errors) if isinstance(errors, list) else ""


def project(item: JsonObject, base_url: str) -> ProviderProject:
    """A project. Redmine calls a read-only project *closed*: no time can be logged there.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a project"):
        return ProviderProject(
            external_id=str(int(item["id"])),
            name=str(item["name"]),
            url=f"{base_url}/projects/{item['identifier']}",
            key=str(item["identifier"]),
            is_archived=int(item.get("status", _PROJECT_ACTIVE)) != _PROJECT_ACTIVE,
        )


def task(item: JsonObject, base_url: str) -> ProviderTask:
    """An issue. Its assignee may be a group: then no account has that id.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "an issue"):
        number = int(item["id"])
        assignee = item.get("assigned_to")
        estimate = item.get("estimated_hours")
        return ProviderTask(
            external_id=str(number),
            project_id=str(int(item["project"]["id"])),
            title=str(item["subject"]),
            url=f"{base_url}/issues/{number}",
            number=number,
            is_done=bool(item["status"]["is_closed"]),
            status=str(item["status"]["name"]),
            section=str(item["category"]["name"]) if item.get("category") else "",
            assignee_ids=(str(int(assignee["id"])),) if assignee else (),
            estimate_seconds=None if estimate is None else round(float(estimate) * 3600),
            updated_at=_moment(item["updated_on"]),
        )


def account(item: JsonObject, *, is_active: bool) -> ProviderAccount:
    """A user as administrators see one.

    People change their own address in Redmine without any proof of it (``MyController#account``),
    so Redmine does not vouch for addresses.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a user"):
        name = f"{item.get('firstname', '')} {item.get('lastname', '')}".strip()
        return ProviderAccount(
            external_id=str(int(item["id"])),
            name=name or str(item["login"]),
            email=item.get("mail") or None,
            is_active=is_active,
        )


def member(item: JsonObject) -> ProviderAccount | None:
    """The person of a membership row; None for a group's row.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a membership"):
        if "user" not in item:
            return None
        return ProviderAccount(str(int(item["user"]["id"])), str(item["user"]["name"]))


def record(item: JsonObject) -> WorklogRecord:
    """A time entry.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a time entry"):
        issue = item.get("issue") or {}
        written = (issue.get("id"), item["hours"], item["spent_on"], item.get("comments"))
        return WorklogRecord(
            external_id=str(int(item["id"])),
            seconds=_seconds(float(item["hours"])),
            day=date.fromisoformat(item["spent_on"]),
            version=sha256(repr(written).encode()).hexdigest()[:16],
        )


def time_fields(worklog: Worklog) -> dict[str, Any]:
    """What a worklog says, in Redmine's words, without activity and person."""
    return {
        "issue_id": int(worklog.task_id),
        "hours": _hours(worklog.seconds),
        "spent_on": worklog.day.isoformat(),
        "comments": _comment(worklog),
    }


def mark(marker: str) -> str:
    """How a marker stands in a comment."""
    return f"{_MARK}{marker}]"


def is_marked(comment: str) -> bool:
    """Whether a comment holds a marker, whosever it is."""
    return _MARK in comment


def since_filter(since: datetime) -> str:
    """A filter from a moment on; Redmine wants exactly a T and a Z, and refuses ``+00:00``."""
    return f">={since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _hours(seconds: int) -> float:
    """Whole minutes, at least one: 6.0 and later keep nothing finer."""
    minutes = max(1, (seconds + 30) // 60)
    return round(minutes / _MINUTES_PER_HOUR, 4)


def _seconds(hours: float) -> int:
    """Hours as shown, read as the whole minutes they most likely came from."""
    minutes = round(hours * _MINUTES_PER_HOUR)
    if abs(minutes / _MINUTES_PER_HOUR - hours) <= _HOURS_PRECISION:
        return minutes * 60
    return round(hours * 3600)


def _comment(worklog: Worklog) -> str:
    """The note on one line with the marker after it; the note is cut, the marker never."""
    named = f"{worklog.member_name}: " if worklog.account_id is None else ""
    ending = mark(worklog.marker)
    note = " ".join(f"{named}{worklog.note}".split()).rstrip(":")
    room = _MAX_COMMENT - len(ending) - 1
    return f"{note[:room]} {ending}" if note else ending


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
