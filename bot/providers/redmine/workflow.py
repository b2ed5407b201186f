"""What a Redmine's own rules allow: statuses of an issue, activities of a time entry."""

from urllib.parse import quote

from bot.integrations.client import Client, JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.redmine import shapes
from bot.providers.redmine.shapes import SLUG

_HIDDEN = frozenset({403, 404})


class Workflow:
    """Reads the rules of one Redmine and moves issues along them."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def activity_id(self, issue_id: str) -> int | None:
        """The activity to book on: the default one, else the first the project offers.

        None where the project hides its activities: then Redmine takes its default, or refuses.

        Raises:
            ProviderRefused: the issue is hidden or gone.
        """
        path = f"projects/{await self.project_id(issue_id)}.json"
        body = await self._client.get_json(path, {"include": "time_entry_activities"})
        default = await self._default_activity()
        with reading(SLUG, "a project's activities"):
            offered = body["project"].get("time_entry_activities", ())
            # A project's own version of an activity has an id of its own and the same name.
            named = [int(a["id"]) for a in offered if a["name"] == default]
            return next(iter([*named, *(int(a["id"]) for a in offered)]), None)

    async def is_closed(self, project_id: int) -> bool:
        """Whether a project is read-only.

        Raises:
            ProviderRefused: it is hidden or archived.
        """
        body = await self._client.get_json(f"projects/{project_id}.json")
        with reading(SLUG, "a project"):
            return int(body["project"].get("status", 0)) == shapes.PROJECT_CLOSED

    async def project_id(self, issue_id: str) -> int:
        """In which project an issue is.

        Raises:
            ProviderRefused: it is hidden or gone.
        """
        issue = await self._issue(issue_id, "")
        with reading(SLUG, "an issue"):
            return int(issue["project"]["id"])

    async def move(self, issue_id: str, *, is_done: bool) -> None:
        """Gives an issue a closed or an open status, unless it has one.

        Redmine drops a forbidden status in silence and answers 204, so read the issue again.

        Raises:
            ProviderRefused: no allowed status leads there.
        """
        issue = await self._issue(issue_id, "allowed_statuses,journals")
        with reading(SLUG, "an issue with its statuses"):
            if bool(issue["status"]["is_closed"]) == is_done:
                return
            allowed = [
                int(status["id"])
                for status in issue.get("allowed_statuses", ())
                if bool(status["is_closed"]) == is_done
            ]
            former = None if is_done else _former_status(issue)
        if not allowed:
            raise self.kept(issue_id, is_done=is_done)
        target = former if former in allowed else allowed[0]
        await self._client.put(_path(issue_id), {"issue": {"status_id": target}})

    def kept(self, issue_id: str, *, is_done: bool) -> ProviderRefused:
        """The refusal of a Redmine that left an issue as it was."""
        if is_done:
            why = "its workflow does not let this key close it, or an open subtask or a blocking"
            reason = f"Redmine kept #{issue_id} open: {why} issue prevents it."
        else:
            why = "its workflow does not let this key reopen it, or its parent is closed"
            reason = f"Redmine kept #{issue_id} closed: {why}."
        return _refused(reason)

    async def _issue(self, issue_id: str, include: str) -> JsonObject:
        params = {"include": include} if include else None
        body = await self._client.get_json(_path(issue_id), params)
        with reading(SLUG, "an issue"):
            issue: JsonObject = {**body["issue"]}
            return issue

    async def _default_activity(self) -> str | None:
        """Name of the site-wide default, if there is one and this key may know it."""
        try:
            body = await self._client.get_json("enumerations/time_entry_activities.json")
        except ProviderRefused as refused:
            if refused.status not in _HIDDEN:
                raise
            return None
        with reading(SLUG, "a list of activities"):
            listed = body["time_entry_activities"]
            return next((str(a["name"]) for a in listed if a.get("is_default")), None)


def _former_status(issue: JsonObject) -> int | None:
    """The status the issue had before its last change of status, as its history tells."""
    for journal in reversed(issue.get("journals", ())):
        for detail in journal.get("details", ()):
            if detail.get("property") == "attr" and detail.get("name") == "status_id":
                return int(detail["old_value"])
    return None


def _path(issue_id: str) -> str:
    return f"issues/{quote(issue_id, safe='')}.json"


def _refused(reason: str) -> ProviderRefused:
    return ProviderRefused(SLUG, reason, reason=reason)
