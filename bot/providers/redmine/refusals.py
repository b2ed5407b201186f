"""Why a Redmine takes no time, in words that say who can mend it."""

from dataclasses import replace

from bot.integrations.client import Client
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
    'needs "Log spent time", and the project its time tracking.'
)
MAY_NOT_CHANGE = (
    "Redmine does not let the key that wrote it change it. Its role in the project needs "
    '"Edit own time logs" (Administration, Roles and permissions).'
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
        told = await self._of_fields(refused)
        if person is None or refused.status != _INVALID:
            return told
        return replace(told, for_anyone=await self._may_log(issue_id, person))

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

    async def _may_log(self, issue_id: str, person: str) -> bool:
        """Whether somebody's role in the issue's project lets time be logged for them.

        Where it does, the refusal is about the time itself: the day, the hours, a limit for each
        person. It is not to be booked on somebody else then.
        """
        path = f"projects/{await self._workflow.project_id(issue_id)}/memberships.json"
        roles: set[int] = set()
        try:
            async for items, _ in self._people.listed(path, "memberships", {}):
                with reading(SLUG, "a membership"):
                    for item in items:
                        if "user" in item and str(int(item["user"]["id"])) == person:
                            roles |= {int(role["id"]) for role in item["roles"]}
            for role in sorted(roles):
                body = await self._client.get_json(f"roles/{role}.json")
                with reading(SLUG, "a role"):
                    if "log_time" in body["role"]["permissions"]:
                        return True
        except ProviderRefused as hidden:
            if hidden.status not in _HIDDEN:
                raise
        return False
