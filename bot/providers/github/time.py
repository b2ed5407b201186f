"""Time as comments on issues; each is the token owner's, and names the member.

The marker stands in an HTML comment, which GitHub keeps and does not show.
"""

from bot.integrations import time_comments
from bot.integrations.api import Worklog, WorklogRecord
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.github import queries
from bot.providers.github.issues import Issues, Place
from bot.providers.github.shapes import text
from bot.providers.github.site import SLUG, GitHubSite, nodes

_FRAME = "<!-- {} -->"
_GONE = frozenset({404, 410})


class Comments:
    """Writes, changes, removes and finds them."""

    def __init__(self, site: GitHubSite, issues: Issues) -> None:
        self._site = site
        self._issues = issues

    async def write(self, worklog: Worklog) -> WorklogRecord:
        """Adds a comment.

        Raises:
            ProviderRefused: the issue is gone or locked, or it is a draft, which takes none.
        """
        place = await self._issues.place(worklog.task_id)
        body = await self._site.client.post_json(f"{place.path}/comments", _said(worklog))
        return _record(place, body, worklog)

    async def update(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes one. Another issue means another comment, which is there before this one goes.

        Raises:
            ProviderRefused: it is gone (404), or is not the token owner's.
        """
        issue, _, number = external_id.rpartition("/")
        place = await self._issues.place(worklog.task_id)
        path = await self._path(external_id)
        if place.id != issue:
            await self._site.get(path)  # what is gone cannot be moved
            record = await self.find(worklog) or await self.write(worklog)
            await self.delete(external_id)
            return record
        body = await self._site.client.patch(path, _said(worklog))
        return _record(place, {**body, "id": number}, worklog)

    async def delete(self, external_id: str) -> None:
        """Removes one; one that is already gone is no error."""
        try:
            await self._site.client.delete(await self._path(external_id))
        except ProviderRefused as refused:
            if refused.status not in _GONE:
                raise

    async def find(self, worklog: Worklog) -> WorklogRecord | None:
        """Looks through the issue's comments, the newest first, for our own with the marker.

        Somebody who quotes one has its marker in a comment of theirs.
        """
        place = await self._issues.place(worklog.task_id)
        before: str | None = None
        while True:
            asked = {**place.asked, "before": before}
            told = await self._site.sought(queries.COMMENTS, asked, "repository", "repository")
            with reading(SLUG, "the comments of an issue"):
                listed = ((told or {}).get("issue") or {}).get("comments")
                for one in reversed(nodes(listed)):
                    if one["viewerDidAuthor"] and time_comments.carries(
                        text(one["body"]), worklog.marker
                    ):
                        return _record(place, {**one, "id": one["fullDatabaseId"]}, worklog)
                if not listed or not listed["pageInfo"]["hasPreviousPage"]:
                    return None
                before = text(listed["pageInfo"]["startCursor"])

    async def _path(self, external_id: str) -> str:
        """A comment's path; its id holds repository, issue and comment."""
        repository_id, _, rest = external_id.partition("/")
        repository = await self._site.there(repository_id)
        return f"{repository.path}/issues/comments/{int(rest.rpartition('/')[2])}"


def _said(worklog: Worklog) -> JsonObject:
    return {"body": time_comments.written(worklog, frame=_FRAME)}


def _record(place: Place, comment: JsonObject, worklog: Worklog) -> WorklogRecord:
    with reading(SLUG, "a comment"):
        external_id = f"{place.id}/{int(comment['id'])}"
        return time_comments.record(external_id, text(comment["body"]), worklog)
