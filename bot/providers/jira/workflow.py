"""Moving a Jira's issues along their workflow."""

from urllib.parse import quote

from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.jira.site import SLUG, JiraSite

_DONE = ("done",)
_OPEN = ("indeterminate", "new")
"""Categories of statuses, the better ones first."""

_CONFLICT = 409
_TRIES = 2


class Workflow:
    """What the workflow lets the token's owner do."""

    def __init__(self, site: JiraSite) -> None:
        self._site = site

    async def move(self, issue_id: str, *, is_done: bool) -> None:
        """Takes the first transition that leads to a done status, or to an open one.

        Raises:
            ProviderRefused: none is offered, or each asks for something only a person can fill in.
        """
        path = f"issue/{quote(issue_id, safe='')}/transitions"
        for attempt in range(1, _TRIES + 1):
            body = await self._site.get(path, {"expand": "transitions.fields"})
            with reading(SLUG, "a list of transitions"):
                chosen = _chosen(body["transitions"], _DONE if is_done else _OPEN)
            if chosen is None:
                raise _refused(body["transitions"], is_done=is_done)
            try:
                await self._site.post(path, {"transition": {"id": chosen}})
            except ProviderRefused as refused:
                if refused.status != _CONFLICT or attempt == _TRIES:
                    raise
            else:
                return


def _chosen(transitions: list[JsonObject], categories: tuple[str, ...]) -> str | None:
    for category in categories:
        for one in transitions:
            leads_there = one["to"]["statusCategory"]["key"] == category
            if leads_there and one.get("isAvailable", True) and not _asks_for(one):
                return str(one["id"])
    return None


def _asks_for(transition: JsonObject) -> list[str]:
    """Names of fields that have to be filled in, and have nothing to begin with."""
    fields: dict[str, JsonObject] = transition.get("fields") or {}
    return [
        str(field.get("name") or name)
        for name, field in fields.items()
        if field.get("required") and not field.get("hasDefaultValue")
    ]


def _refused(transitions: list[JsonObject], *, is_done: bool) -> ProviderRefused:
    """Why no transition can be taken, as far as Jira tells."""
    wanted = _DONE if is_done else _OPEN
    asked = [
        name
        for one in transitions
        if one["to"]["statusCategory"]["key"] in wanted
        for name in _asks_for(one)
    ]
    doing = "mark this done" if is_done else "reopen this"
    if asked:
        reason = f"To {doing}, Jira asks for {', '.join(sorted(set(asked)))}. Do it in Jira."
    else:
        reason = f"The workflow in Jira does not let this account {doing} from where it is."
    return ProviderRefused(SLUG, reason, reason=reason)
