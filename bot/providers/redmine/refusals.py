"""Why a Redmine takes no time, in words that say who can mend it."""

from dataclasses import replace

from bot.integrations.client import Client, JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.redmine.people import People
from bot.providers.redmine.shapes import SLUG
from bot.providers.redmine.workflow import Workflow

_FORBIDDEN = 403
_INVALID = 422
_HIDDEN = frozenset({403, 404})

MAY_NOT_LOG = (
    "Redmine does not let the key that is used log time on this issue. Its role in the project "
    'needs "Log spent time"; the project needs time tracking, and must not be archived.'
)
MAY_NOT_SEE = (
    "Redmine does not show this time to the key that is used any more. The project may be "
    "archived, or the key's role may see no spent time there."
)
CLOSED = "Redmine takes no time on a closed project. Reopen it there."
MAY_NOT_CHANGE = (
    "Redmine does not let the key that wrote it change it. Its role in the project needs "
    '"Edit own time logs" (Administration, Roles and permissions), and the project must be open.'
)


class Refusals:
    """Makes more of an answer than Redmine says."""

    def __init__(self, client: Client, people: People, workflow: Workflow) -> None:
        self._client = client
        self._people = people
        self._workflow = workflow

    async def of_writing(
        self, refused: ProviderRefused, issue_id: str, person: str | None
    ) -> ProviderRefused:
        """What to say where no entry is created.

        Args:
            refused: Redmine's answer.
            issue_id: On which issue.
            person: For whom, where that is not the key's owner.
        """
        if refused.status == _FORBIDDEN:
            return replace(refused, reason=MAY_NOT_LOG)
        if refused.status != _INVALID:
            return refused
        project_id = await self._workflow.project_id(issue_id)
        if await self._workflow.is_closed(project_id):
            return replace(refused, reason=CLOSED, for_anyone=True)
        told = await self._of_fields(refused)
        if person is None:
            return told
        return replace(told, for_anyone=await self._may_log(project_id, person))

    @staticmethod
    def of_seeing(refused: ProviderRefused) -> ProviderRefused:
        """What to say where an entry is not shown."""
        is_hidden = refused.status == _FORBIDDEN
        return replace(refused, reason=MAY_NOT_SEE) if is_hidden else refused

    async def of_changing(self, refused: ProviderRefused) -> ProviderRefused:
        """What to say where an entry is not changed, or not removed."""
        if refused.status == _FORBIDDEN:
            return replace(refused, reason=MAY_NOT_CHANGE)
        return await self._of_fields(refused)

    async def _of_fields(self, refused: ProviderRefused) -> ProviderRefused:
        """Names the fields that Redmine requires and nobody but its administrator can fill."""
        if refused.status != _INVALID:
            return refused
        try:
            body = await self._client.get_json("custom_fields.json")
        except ProviderRefused as hidden:
            if hidden.status not in _HIDDEN:  # only administrators see them
                raise
            return refused
        with reading(SLUG, "custom fields"):
            asked = [
                str(field["name"])
                for field in body["custom_fields"]
                if field["customized_type"] == "time_entry"
                and field.get("is_required")
                and str(field["name"]) in refused.reason
            ]
        if not asked:
            return refused
        more = (
            f'Hourlink cannot fill "{asked[0]}": give it a default value in Redmine, or let it be '
            "empty (Administration, Custom fields)."
        )
        return replace(refused, reason=f"{refused.reason}. {more}")

    async def _may_log(self, project_id: int, person: str) -> bool:
        """Whether somebody's role in a project lets time be logged for them.

        Where it does, the refusal is about the time itself: the day, the hours, a limit for each
        person. It is not to be booked on somebody else then.
        """
        try:
            for role in sorted(await self._roles(project_id, person)):
                body = await self._client.get_json(f"roles/{role}.json")
                with reading(SLUG, "a role"):
                    if "log_time" in body["role"]["permissions"]:
                        return True
        except ProviderRefused as hidden:
            if hidden.status not in _HIDDEN:
                raise
        return False

    async def _roles(self, project_id: int, person: str) -> set[int]:
        """Ids of the roles that somebody has in a project."""
        found: set[int] = set()
        path = f"projects/{project_id}/memberships.json"
        async for items, _ in self._people.listed(path, "memberships", {}):
            with reading(SLUG, "a membership"):
                of_person = (one for one in items if _user(one) == person)
                found |= {int(role["id"]) for one in of_person for role in one["roles"]}
        return found


def _user(membership: JsonObject) -> str | None:
    """Whose it is; None where it is a group's."""
    return str(int(membership["user"]["id"])) if "user" in membership else None
