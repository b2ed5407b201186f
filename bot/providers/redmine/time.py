"""Redmine's time entries; the comment of each holds our marker."""

from urllib.parse import quote

from bot.integrations.api import Worklog, WorklogRecord
from bot.integrations.client import Client
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.redmine import shapes
from bot.providers.redmine.people import People
from bot.providers.redmine.refusals import Refusals
from bot.providers.redmine.shapes import SLUG
from bot.providers.redmine.workflow import Workflow

_GONE = frozenset({404, 410})


class TimeEntries:
    """Writes, changes, removes and finds them."""

    def __init__(self, client: Client, people: People, workflow: Workflow) -> None:
        self._client = client
        self._people = people
        self._workflow = workflow
        self._refusals = Refusals(client, people, workflow)

    async def write(self, worklog: Worklog) -> WorklogRecord:
        """Creates one in the name the worklog asks for.

        Raises:
            ProviderRefused: Redmine does not let this key log time for that person, on that issue,
                or on that day.
        """
        own_id = await self._own_id()
        person = worklog.account_id or own_id
        fields = shapes.time_fields(worklog)
        if person != own_id:
            fields["user_id"] = int(person)
        try:
            activity = await self._workflow.activity_id(worklog.task_id)
            if activity is not None:
                fields["activity_id"] = activity
            body = await self._client.post_json("time_entries.json", {"time_entry": fields})
        except ProviderRefused as refused:
            other = None if person == own_id else person
            raise await self._refusals.of_writing(refused, worklog.task_id, other) from None
        with reading(SLUG, "a time entry"):
            entry = body["time_entry"]
            record, author = shapes.record(entry), str(int(entry["user"]["id"]))
        if author != person:
            await self.delete(record.external_id)
            raise ProviderRefused(
                SLUG,
                f"time for user {person} was booked on {author}, and removed again",
                reason="Redmine does not let this key log time for other people.",
            )
        return record

    async def update(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes issue, hours, day and comment; person and activity stay as they are.

        Raises:
            ProviderRefused: the entry is gone (404), or Redmine does not allow the change.
        """
        path = _path(external_id)
        try:
            await self._client.put(path, {"time_entry": shapes.time_fields(worklog)})
        except ProviderRefused as refused:
            raise await self._refusals.of_changing(refused) from None
        body = await self._client.get_json(path)
        with reading(SLUG, "a time entry"):
            return shapes.record(body["time_entry"])

    async def delete(self, external_id: str) -> None:
        """Removes one; one that is already gone is no error."""
        try:
            await self._client.delete(_path(external_id))
        except ProviderRefused as refused:
            if refused.status not in _GONE:
                raise await self._refusals.of_changing(refused) from None

    async def find(self, worklog: Worklog) -> WorklogRecord | None:
        """Looks for the marker on every issue and day: either may have changed since."""
        wanted = shapes.mark(worklog.marker)
        listing = self._people.listed(
            "time_entries.json", "time_entries", {"comments": f"~{worklog.marker}"}
        )
        async for items, _ in listing:
            for item in items:
                if wanted in (item.get("comments") or ""):
                    return shapes.record(item)
        return None

    async def recall(self, external_id: str, worklog: Worklog) -> WorklogRecord | None:
        """The entry with this id, if it is that person's on that issue and has no other mark.

        On SQLite, and on MySQL before 8.0 after a restart, the id of the newest entry is given
        to another one once that entry is removed.

        Raises:
            ProviderRefused: it is hidden: lists leave out what is in an archived project.
        """
        try:
            body = await self._client.get_json(_path(external_id))
        except ProviderRefused as refused:
            if refused.status not in _GONE:
                raise self._refusals.of_seeing(refused) from None
            return None
        person = worklog.account_id or await self._own_id()
        with reading(SLUG, "a time entry"):
            entry = body["time_entry"]
            said = entry.get("comments") or ""
            is_anothers = shapes.is_marked(said) and shapes.mark(worklog.marker) not in said
            is_theirs = str(int(entry["user"]["id"])) == person
            is_on_it = str((entry.get("issue") or {}).get("id")) == worklog.task_id
        return shapes.record(entry) if is_theirs and is_on_it and not is_anothers else None

    async def _own_id(self) -> str:
        me = await self._people.me()
        with reading(SLUG, "the current user"):
            return str(int(me["id"]))


def _path(external_id: str) -> str:
    return f"time_entries/{quote(external_id, safe='')}.json"
