"""Reading a Trello's cards, from the newest back."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from urllib.parse import quote

from bot.integrations.answers import Params
from bot.integrations.api import Page, ProviderTask
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused, ProviderSurprised
from bot.integrations.shape import reading
from bot.providers.trello import shapes
from bot.providers.trello.site import SLUG, TrelloSite

_LIMIT = 1000
"""Cards on a page; Trello gives no more."""

_FEWEST = 50
_TOO_MANY = "API_TOO_MANY_CARDS_REQUESTED"


class Cards:
    """Cards of one Trello."""

    def __init__(self, site: TrelloSite) -> None:
        self._site = site

    async def of_board(
        self, board_id: str, cursor: str | None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """A board's cards, archived ones too. Cursor: the id of the oldest that was read.

        Ids hold the moment a card was made, so no edit moves one between pages. There is no list
        of what changed: ``since`` would mean what was made since.

        Raises:
            ProviderRefused: there is no such board, or it is hidden.
        """
        board = f"boards/{quote(board_id, safe='')}"
        lists = await self._lists(board)
        limit = _LIMIT
        while True:
            try:
                items = await self._page(board, limit, cursor)
            except ProviderRefused as refused:
                if _TOO_MANY not in refused.reason or limit <= _FEWEST:
                    raise
                limit //= 2
                continue
            with reading(SLUG, "a page of cards"):
                ids = [str(item["id"]) for item in items]
                found = [shapes.task(item, lists) for item in items]
            if len(ids) < limit or ids[-1] == cursor:
                cursor = None
            elif ids != sorted(ids, reverse=True):
                # Going on from the oldest of them would lose what lies between, and say nothing.
                raise ProviderSurprised(SLUG, "a page of cards in another order than by id")
            else:
                cursor = ids[-1]
            own = (task for task in found if task and task.project_id == board_id)
            yield Page(tuple(own), cursor)
            if cursor is None:
                return

    async def one(self, card_id: str) -> ProviderTask | None:
        """One card, wherever it was moved; None when it is deleted or hidden, or no task."""
        body = await self._site.seen(_path(card_id), _one_card())
        return None if body is None else _with_its_list(body)

    async def there(self, card_id: str) -> ProviderTask:
        """One card.

        Raises:
            ProviderRefused: it is deleted or hidden, or no task.
        """
        task = _with_its_list(await self._site.get(_path(card_id), _one_card()))
        if task is None:
            reason = "In Trello this card is a template, or only points to another."
            raise ProviderRefused(SLUG, reason, status=HTTPStatus.NOT_FOUND, reason=reason)
        return task

    async def mark(self, card_id: str, *, is_done: bool) -> ProviderTask:
        """Ticks a card off, or takes that back; an archived one comes back on its board with it.

        Raises:
            ProviderRefused: it is gone, the account only watches, or its list is archived.
        """
        task = await self.there(card_id)
        if task.is_done == is_done:
            return task
        wanted: Params = {"dueComplete": "true"}
        if not is_done:
            wanted = {"dueComplete": "false", "closed": "false"}
        await self._site.put(_path(card_id), wanted)
        task = await self.there(card_id)
        if task.is_done != is_done:
            reason = "The card is in an archived list. Put it into another one in Trello."
            raise ProviderRefused(SLUG, reason, reason=reason)
        return task

    async def _page(self, board: str, limit: int, before: str | None) -> list[JsonObject]:
        asked: dict[str, str | int] = {
            "fields": shapes.CARD_FIELDS,
            "limit": limit,
            "sort": "-id",
        }
        if before is not None:
            asked["before"] = before
        return await self._site.get_list(f"{board}/cards/all", asked)

    async def _lists(self, board: str) -> dict[str, JsonObject]:
        listed = await self._site.get_list(
            f"{board}/lists", {"filter": "all", "fields": "name,closed"}
        )
        with reading(SLUG, "the lists of a board"):
            return {str(one["id"]): one for one in listed}


def _one_card() -> Params:
    return {"fields": shapes.CARD_FIELDS, "list": "true"}


def _path(card_id: str) -> str:
    return f"cards/{quote(card_id, safe='')}"


def _with_its_list(body: JsonObject) -> ProviderTask | None:
    with reading(SLUG, "a card"):
        column = body.get("list") or {}
        lists = {str(column["id"]): column} if column else {}
    return shapes.task(body, lists)
