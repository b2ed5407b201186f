"""Moving a Linear's issues through their team's statuses."""

from bot.integrations.api import ProviderTask
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.linear import queries
from bot.providers.linear.issues import Issues, gone
from bot.providers.linear.site import SLUG, LinearSite

_DONE = ("completed",)
_OPEN = ("started", "unstarted", "backlog", "triage")
"""Types of statuses, the better ones first; teams call and order them as they like."""


class Workflow:
    """What a team's statuses are, and which is next."""

    def __init__(self, site: LinearSite, issues: Issues) -> None:
        self._site = site
        self._issues = issues

    async def move(self, issue_id: str, *, is_done: bool) -> ProviderTask:
        """Puts an issue into the first status that is done, or the first that is open.

        Raises:
            ProviderRefused: it is gone, archived, or its team has no such status.
        """
        task = await self._issues.there(issue_id)
        if task.is_done == is_done:
            return task
        data = await self._site.ask(queries.STATES, id=issue_id)
        with reading(SLUG, "the statuses of a team"):
            nodes = data["issues"]["nodes"]
            states = nodes[0]["team"]["states"]["nodes"] if nodes else None
            if states is None:
                raise gone("This issue is not there any more, or hidden from the key's owner.")
            chosen = _chosen(states, _DONE if is_done else _OPEN)
        if chosen is None:
            reason = f"The team has no status that is {'done' if is_done else 'open'}."
            raise ProviderRefused(SLUG, reason, reason=reason)
        await self._site.tell(queries.SET_STATE, id=issue_id, input={"stateId": chosen})
        task = await self._issues.there(issue_id)
        if task.is_done != is_done:
            reason = "The issue is archived. Restore it in Linear."
            raise ProviderRefused(SLUG, reason, reason=reason)
        return task


def _chosen(states: list[JsonObject], types: tuple[str, ...]) -> str | None:
    for wanted in types:
        found = [one for one in states if one["type"] == wanted]
        if found:
            return str(min(found, key=lambda one: float(one["position"]))["id"])
    return None
