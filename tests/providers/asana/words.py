"""How Asana says things: compact records, moments, refusals, and where its description errs."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tests.http_server import Say, Seen
from tests.providers.asana.fields import picked
from tests.providers.description import KnownError
from tests.providers.stand_in import Refusal

BASE = "/api/1.0"

_NOBODY = (
    "Without an assignee, or a parent, Asana says null, as the description's own words tell; its "
    "schema joins a nullable type with one that is not, which no null can satisfy."
)

_COMPACT = (
    "Lists tell any field of the full record that is asked for, as with every other resource; the "
    "description's list of names is that of the compact record, older than this field."
)

KNOWN_ERRORS = (
    KnownError("GET /api/1.0/tasks/{task_gid}", "$.data.assignee: None", _NOBODY),
    KnownError("GET /api/1.0/tasks/{task_gid}", "$.data.parent: None", _NOBODY),
    KnownError("PUT /api/1.0/tasks/{task_gid}", "$.data.assignee: None", _NOBODY),
    KnownError("PUT /api/1.0/tasks/{task_gid}", "$.data.parent: None", _NOBODY),
    KnownError(
        "GET /api/1.0/workspaces/{workspace_gid}/tasks/search",
        "Unknown response http status: 402",
        "It is named in the text above the list of statuses, for plans without search.",
    ),
    KnownError(
        "POST /api/1.0/tasks/{task_gid}/time_tracking_entries",
        "Unknown response http status: 402",
        "Reading them is described as refused with it on plans without time tracking.",
    ),
    KnownError("GET /api/1.0/tasks/{task_gid}/time_tracking_entries", "'description'", _COMPACT),
    KnownError("GET /api/1.0/time_tracking_entries", "'description'", _COMPACT),
    KnownError("GET /api/1.0/time_tracking_entries", "'task'", _COMPACT),
)


def named(kind: str, gid: str, name: str) -> dict[str, Any]:
    """The compact form of anything."""
    return {"gid": gid, "resource_type": kind, "name": name}


def shown(seen: Seen, item: Mapping[str, Any], status: int = 200) -> Say:
    """One thing, with the fields that were asked for."""
    return Say(status, {"data": picked(item, fields(seen))})


def refusal(status: int, message: str) -> Refusal:
    """Asana's way to say no."""
    return Refusal(status, {"errors": [{"message": message, "help": "See the documentation."}]})


def stamp(moment: datetime) -> str:
    """A moment as Asana writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def fields(seen: Seen) -> Iterable[str]:
    """What is asked for."""
    return [one for one in seen.query.get("opt_fields", "").split(",") if one]
