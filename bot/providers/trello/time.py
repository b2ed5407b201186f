"""Time as comments on a Trello's cards; each is the token owner's, and names the member."""

from urllib.parse import quote

from bot.integrations import time_comments
from bot.integrations.api import Worklog, WorklogRecord
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.trello.site import SLUG, TrelloSite

_PAGE = 50
"""Actions on a page; Trello gives no more."""

_LAST_PAGE = 19
_GONE = frozenset({404, 410})


class Comments:
    """Writes, changes, removes and finds them."""

    def __init__(self, site: TrelloSite) -> None:
        self._site = site

    async def write(self, worklog: Worklog) -> WorklogRecord:
        """Adds a comment.

        Raises:
            ProviderRefused: the card is gone, or the token's owner may not comment.
        """
        path = f"cards/{quote(worklog.task_id, safe='')}/actions/comments"
        body = await self._site.post(path, {"text": time_comments.written(worklog)})
        return _record(body, worklog)

    async def update(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes one. Another card means another comment, which is there before this one goes.

        Raises:
            ProviderRefused: it is gone (404), or is not the token owner's.
        """
        if external_id.partition("/")[0] != worklog.task_id:
            await self._site.get(_action(external_id), {"fields": "id"})  # gone cannot be moved
            record = await self.find(worklog) or await self.write(worklog)
            await self.delete(external_id)
            return record
        text = time_comments.written(worklog)
        body = await self._site.put(_place(external_id), {"text": text})
        with reading(SLUG, "a comment"):
            kept = str((body.get("data") or {}).get("text") or text)
        return time_comments.record(external_id, kept, worklog)

    async def delete(self, external_id: str) -> None:
        """Removes one; one that is already gone is no error."""
        try:
            await self._site.delete(_place(external_id))
        except ProviderRefused as refused:
            if refused.status not in _GONE:
                raise

    async def find(self, worklog: Worklog) -> WorklogRecord | None:
        """Looks through the card's comments, the newest first, for our own with the marker.

        Somebody who quotes one has its marker in a comment of theirs.
        """
        me = await self._site.me()
        path = f"cards/{quote(worklog.task_id, safe='')}/actions"
        for page in range(_LAST_PAGE + 1):
            listed = await self._site.get_list(path, {"filter": "commentCard", "page": page})
            with reading(SLUG, "the comments of a card"):
                for one in listed:
                    is_mine = one["idMemberCreator"] == me["id"]
                    if is_mine and time_comments.carries(str(one["data"]["text"]), worklog.marker):
                        return _record(one, worklog)
            if len(listed) < _PAGE:
                return None
        return None


def _record(action: JsonObject, worklog: Worklog) -> WorklogRecord:
    with reading(SLUG, "a comment"):
        external_id = f"{worklog.task_id}/{action['id']}"
        return time_comments.record(external_id, str(action["data"]["text"]), worklog)


def _place(external_id: str) -> str:
    """A comment's path below its card; the id of ours holds both."""
    card, _, action = external_id.partition("/")
    return f"cards/{quote(card, safe='')}/actions/{quote(action, safe='')}/comments"


def _action(external_id: str) -> str:
    return f"actions/{quote(external_id.partition('/')[2], safe='')}"
