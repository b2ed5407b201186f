"""Comments on a Trello stand-in's cards."""

from typing import TYPE_CHECKING, Any

from tests.http_server import Seen
from tests.providers.stand_in import Refusal, Row, window
from tests.providers.trello.world import PLAIN, gone, identity, stamp

if TYPE_CHECKING:
    from tests.providers.trello.stand_in import TrelloStandIn

PAGE = 50
LAST_PAGE = 19
LONGEST = 16_384


class Comments:
    """All comments, newest first."""

    def __init__(self, trello: "TrelloStandIn") -> None:
        self._trello = trello
        self.kept: dict[str, dict[str, Any]] = {}
        self._count = 0

    def listed(self, seen: Seen, row: Row) -> list[dict[str, Any]]:
        """A page of a card's comments."""
        page = int(seen.query.get("page", 0))
        if page > LAST_PAGE:
            raise Refusal(400, "invalid value for page", PLAIN)
        found = [one for one in self.kept.values() if one["data"]["card"]["id"] == row.id]
        return window(found[::-1], page * PAGE, PAGE)

    def write(self, row: Row, text: str, author: str) -> dict[str, Any]:
        """A new one, in the name of whoever asks."""
        if not 0 < len(text) <= LONGEST:
            raise Refusal(400, "invalid value for text", PLAIN)
        self._count += 1
        made: dict[str, Any] = {
            "id": identity(self._count, "8"),
            "idMemberCreator": author,
            "type": "commentCard",
            "date": stamp(self._trello.clock()),
            "data": {"text": text, "card": {"id": row.id, "name": row.title}},
        }
        self.kept[made["id"]] = made
        return made

    def found(self, action: str, card: str | None = None) -> dict[str, Any]:
        """The comment, or Trello's 404."""
        if action not in self.kept or card not in {None, self.kept[action]["data"]["card"]["id"]}:
            raise gone()
        return self.kept[action]

    def change(self, seen: Seen, card: str, action: str, asking: str) -> dict[str, Any]:
        """The same one with another text; its author's alone."""
        found = self.found(action, card)
        if found["idMemberCreator"] != asking:
            raise Refusal(401, "unauthorized permission requested", PLAIN)
        found["data"]["text"] = seen.query["text"]
        return found

    def remove(self, card: str, action: str) -> dict[str, Any]:
        """Gone."""
        del self.kept[self.found(action, card)["id"]]
        return {"_value": None}
