"""From GitHub's JSON to the contract's values.

An issue's id is its repository's number and its own: both stay for good, and GitHub gives an issue
that is transferred another of each.
"""

from datetime import UTC, datetime

from bot.integrations.api import ProviderAccount, ProviderProject, ProviderTask
from bot.integrations.client import JsonObject
from bot.integrations.shape import reading
from bot.providers.github.site import SLUG, nodes

_CLOSED = "CLOSED"
_STATES = {"OPEN": "Open", _CLOSED: "Closed"}
_REASONS = {"NOT_PLANNED": "Closed as not planned", "DUPLICATE": "Closed as duplicate"}
_DONE = "done"
_HIDDEN = "@users.noreply."
"""In the addresses that GitHub makes up for people who hide theirs."""


def repository(item: JsonObject) -> ProviderProject:
    """A repository. One without issues has nothing to track, as if it were archived.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a repository"):
        owner = item["owner"]
        return ProviderProject(
            external_id=str(int(item["id"])),
            name=text(item["name"]),
            url=text(item["html_url"]),
            workspace_id=str(int(owner["id"])),
            workspace_name=text(owner["login"]),
            is_archived=bool(
                item.get("archived") or item.get("disabled") or not item.get("has_issues", True)
            ),
            is_personal=owner.get("type") == "User",
        )


def board(item: JsonObject) -> ProviderProject:
    """One of GitHub's Projects. Templates are not worked on.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a project"):
        owner = item.get("owner") or {}
        return ProviderProject(
            external_id=text(item["id"]),
            name=text(item["title"]).strip() or "Untitled",
            url=text(item["url"]),
            workspace_id=str(owner.get("databaseId") or ""),
            workspace_name=str(owner.get("login") or ""),
            is_archived=bool(item["closed"] or item["template"]),
            is_personal=owner.get("__typename") == "User",
        )


def issue(item: JsonObject) -> ProviderTask:
    """An issue of a repository.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "an issue"):
        project, number = str(int(item["repository"]["databaseId"])), int(item["number"])
        milestone = item.get("milestone")
        return ProviderTask(
            external_id=f"{project}/{number}",
            project_id=project,
            title=text(item["title"]).strip() or f"#{number}",
            url=text(item["url"]),
            number=number,
            is_done=text(item["state"]) == _CLOSED,
            status=_status(item),
            section=text(milestone["title"]) if milestone else "",
            labels=_labels(item),
            assignee_ids=_assignees(item),
            updated_at=moment(item["updatedAt"]),
        )


def item(item: JsonObject) -> ProviderTask | None:
    """What stands on a board: an issue or a draft; None for a pull request, and what is hidden.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "an item"):
        content = item["content"]
        kind = content["__typename"] if content else None
        if kind not in {"Issue", "DraftIssue"}:
            return None
        is_draft = kind == "DraftIssue"
        column = str((item.get("fieldValueByName") or {}).get("name") or "")
        page = f"{item['project']['url']}?pane=issue&itemId={item['fullDatabaseId']}"
        is_finished = bool(item["isArchived"]) or column.casefold() == _DONE
        number = None if is_draft else int(content["number"])
        return ProviderTask(
            external_id=text(item["id"]),
            project_id=text(item["project"]["id"]),
            title=text(content["title"]).strip() or (f"#{number}" if number else "Draft"),
            url=page if is_draft else text(content["url"]),
            number=number,
            is_done=is_finished if is_draft else text(content["state"]) == _CLOSED,
            status=column or ("Draft" if is_draft else _status(content)),
            labels=() if is_draft else _labels(content),
            assignee_ids=_assignees(content),
            updated_at=max(moment(item["updatedAt"]), moment(content["updatedAt"])),
        )


def account(item: JsonObject) -> ProviderAccount:
    """A person. GitHub vouches for an address only where an organization's domain is verified.

    Raises:
        ProviderSurprised: it is of another shape.
    """
    with reading(SLUG, "a person"):
        vouched = [
            str(address)
            for name, addresses in sorted(item.items())
            if name.startswith("verified")
            for address in addresses or ()
        ]
        public = str(item.get("email") or "")
        email = (vouched or [public])[0]
        return ProviderAccount(
            external_id=str(int(item["databaseId"])),
            name=str(item.get("name") or "").strip() or text(item["login"]),
            email=email if email and _HIDDEN not in email else None,
            email_is_verified=bool(vouched),
        )


def text(value: object) -> str:
    """What has to be a text: "None" would be taken for somebody's words."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} where a text was promised")
    return value


def moment(said: str) -> datetime:
    """``2026-11-20T09:14:02Z`` in UTC."""
    return datetime.fromisoformat(said).astimezone(UTC)


def changed(since: datetime) -> JsonObject:
    """A filter for issues that changed from a moment on."""
    return {"since": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def _status(content: JsonObject) -> str:
    """In words; why it was closed where that is more than "done"."""
    state = text(content["state"])
    reason = str(content.get("stateReason")) if state == _CLOSED else ""
    return _REASONS.get(reason) or _STATES.get(state, state.capitalize())


def _labels(content: JsonObject) -> tuple[str, ...]:
    return tuple(text(one["name"]) for one in nodes(content.get("labels")))


def _assignees(content: JsonObject) -> tuple[str, ...]:
    return tuple(str(int(one["databaseId"])) for one in nodes(content.get("assignees")))
