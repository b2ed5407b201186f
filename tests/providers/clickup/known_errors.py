"""Where ClickUp's description is wrong about its own API, by answers that were recorded."""

from tests.providers.description import KnownError

_REFUSALS = "It describes no refusals at all; ClickUp's documentation lists them with their codes."
_OPEN = "A task that is open, has no date or no parent says null there, as other routes describe."
_FIELDS = "It is a list everywhere, and described as one of its items."
_NAMED = "Priorities are objects with id, name and colour on every route."
_EITHER = "Its ``oneOf`` has an empty part, which everything fits besides."
_OBJECTS = "People and tags are objects, as the examples beside it show."
_NUMBER = "Estimates are numbers of milliseconds."
_WRAPPED = "A new entry comes back in ``data``, with its id; the description has it bare."
_FOLDERS = "The wrapper holds a list, as its own example shows."

_REFUSED = (
    "GET /api/v2/user",
    "GET /api/v2/list/{list_id}",
    "GET /api/v2/list/{list_id}/task",
    "GET /api/v2/list/{list_id}/member",
    "GET /api/v2/space/{space_id}",
    "GET /api/v2/task/{task_id}",
    "PUT /api/v2/task/{task_id}",
    "GET /api/v2/team/{team_id}/space",
    "POST /api/v2/team/{team_id}/time_entries",
    "GET /api/v2/team/{team_id}/time_entries",
    "GET /api/v2/team/{team_id}/time_entries/{timer_id}",
    "PUT /api/v2/team/{team_id}/time_entries/{timer_id}",
    "DELETE /api/v2/team/{team_id}/time_entries/{timer_id}",
    "POST /api/v2/team/{team_id}/webhook",
)
_FLAT = ("assignee", "billable", "description", "duration", "start", "tags", "tid")
_OF_TASKS = (
    "GET /api/v2/list/{list_id}/task",
    "GET /api/v2/task/{task_id}",
    "PUT /api/v2/task/{task_id}",
)
_OF_TEAM = "GET /api/v2/team/{team_id}/task"

KNOWN_ERRORS = (
    *(KnownError(route, "Unknown response http status: 4", _REFUSALS) for route in _REFUSED),
    *(KnownError(route, ".assignees[0]: {", _OBJECTS) for route in _OF_TASKS),
    *(KnownError(route, ".tags[0]: {", _OBJECTS) for route in _OF_TASKS),
    *(KnownError(route, ".time_estimate: 5400000", _NUMBER) for route in _OF_TASKS),
    KnownError("GET /api/v2/list/{list_id}/task", ".custom_fields: [] is not", _FIELDS),
    KnownError("GET /api/v2/space/{space_id}/folder", "$.folders: [", _FOLDERS),
    KnownError("GET /api/v2/space/{space_id}/list", ".priority: None is valid under", _EITHER),
    KnownError("GET /api/v2/space/{space_id}/list", ".status: None is valid under", _EITHER),
    KnownError(_OF_TEAM, ".date_closed: None", _OPEN),
    KnownError(_OF_TEAM, ".due_date: None", _OPEN),
    KnownError(_OF_TEAM, ".start_date: None", _OPEN),
    KnownError(_OF_TEAM, ".parent: None", _OPEN),
    KnownError(_OF_TEAM, ".time_estimate: None", _OPEN),
    KnownError(_OF_TEAM, ".priority: {", _NAMED),
    KnownError("PUT /api/v2/task/{task_id}", "$.parent: None", _OPEN),
    *(
        KnownError("POST /api/v2/team/{team_id}/time_entries", f"$: '{name}' is", _WRAPPED)
        for name in _FLAT
    ),
    KnownError("GET /api/v2/team/{team_id}/time_entries/{timer_id}", ".tags[0]: {", _OBJECTS),
    KnownError("GET /api/v2/team/{team_id}/time_entries", ".tags[0]: {", _OBJECTS),
    KnownError(
        "DELETE /api/v2/team/{team_id}/time_entries/{timer_id}",
        "$.data: [",
        "Several may be removed at once, and a list comes back even of one.",
    ),
)
