"""Time as comments on a Linear's issues; each is the key owner's, and names the member.

Linear takes the id of a new comment from whoever makes it. It is made of marker and issue, so a
repeated write cannot be there twice, and a comment is found by it even when its text was rewritten.
"""

from hashlib import sha256
from uuid import UUID

from bot.integrations import time_comments
from bot.integrations.api import Worklog, WorklogRecord
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.linear import queries
from bot.providers.linear.issues import gone
from bot.providers.linear.site import SLUG, LinearSite


class Comments:
    """Writes, changes, removes and finds them."""

    def __init__(self, site: LinearSite) -> None:
        self._site = site

    async def write(self, worklog: Worklog) -> WorklogRecord:
        """Adds a comment.

        Raises:
            ProviderRefused: the issue is gone, or the key may not comment.
        """
        asked: JsonObject = {
            "issueId": worklog.task_id,
            "body": time_comments.written(worklog),
            "doNotSubscribeToIssue": True,
        }
        own = {**asked, "id": _identity(worklog)}
        try:
            made = await self._site.tell(queries.WRITE_COMMENT, input=own)
        except ProviderRefused:
            found = await self.find(worklog)
            if found is not None:
                return found
            # The id may be spent: a comment that had it was deleted.
            made = await self._site.tell(queries.WRITE_COMMENT, input=asked)
        return _record(made["comment"], worklog)

    async def update(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes one. Another issue means another comment, which is there before this one goes.

        Raises:
            ProviderRefused: it is gone (404), or is not the key owner's.
        """
        issue, _, comment = external_id.partition("/")
        if issue != worklog.task_id:
            await self._there(comment)  # what is gone cannot be moved
            record = await self.find(worklog) or await self.write(worklog)
            await self.delete(external_id)
            return record
        text = {"body": time_comments.written(worklog)}
        try:
            changed = await self._site.tell(queries.CHANGE_COMMENT, id=comment, input=text)
        except ProviderRefused:
            await self._there(comment)
            raise
        return _record(changed["comment"], worklog)

    async def delete(self, external_id: str) -> None:
        """Removes one; one that is already gone is no error."""
        comment = external_id.partition("/")[2]
        try:
            await self._site.tell(queries.REMOVE_COMMENT, id=comment)
        except ProviderRefused:
            if await self._listed({"id": {"eq": comment}}):
                raise

    async def find(self, worklog: Worklog) -> WorklogRecord | None:
        """Looks for our own comment on the issue, by its id or by the marker in its text.

        Somebody who quotes one has its marker in a comment of theirs.
        """
        identity = _identity(worklog)
        marked = {"body": {"contains": f"hl:{worklog.marker}"}}
        listed = await self._listed(
            {
                "issue": {"id": {"eq": worklog.task_id}},
                "user": {"isMe": {"eq": True}},
                "or": [{"id": {"eq": identity}}, marked],
            }
        )
        with reading(SLUG, "the comments of an issue"):
            for one in listed:
                is_it = time_comments.carries(str(one["body"]), worklog.marker)
                if is_it or one["id"] == identity:
                    return _record(one, worklog)
        return None

    async def _there(self, comment: str) -> None:
        if not await self._listed({"id": {"eq": comment}}):
            raise gone("This comment is not there any more.")

    async def _listed(self, wanted: JsonObject) -> list[JsonObject]:
        data = await self._site.ask(queries.COMMENTS, filter=wanted)
        with reading(SLUG, "a list of comments"):
            return list(data["comments"]["nodes"])


def _identity(worklog: Worklog) -> str:
    made = sha256(f"{worklog.marker}/{worklog.task_id}".encode()).digest()
    return str(UUID(bytes=made[:16], version=4))


def _record(comment: JsonObject, worklog: Worklog) -> WorklogRecord:
    with reading(SLUG, "a comment"):
        external_id = f"{worklog.task_id}/{comment['id']}"
        return time_comments.record(external_id, str(comment["body"]), worklog)
