"""The webhooks of a Trello stand-in: one for each board, made after a HEAD to its address."""

import hmac
import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import httpx

from tests.http_server import Seen
from tests.providers.stand_in import Refusal
from tests.providers.trello.words import credentials_in
from tests.providers.trello.world import PLAIN, SECRET, gone, identity, stamp

if TYPE_CHECKING:
    from tests.providers.trello.stand_in import TrelloStandIn


class Hooks:
    """Webhooks as Trello keeps them, by id."""

    def __init__(self, trello: "TrelloStandIn") -> None:
        self._trello = trello
        self.kept: dict[str, dict[str, Any]] = {}
        self._count = 0

    def addresses(self) -> list[str]:
        """Where they send, a board each."""
        return [f"{one['callbackURL']} {one['idModel']}" for one in self.kept.values()]

    def stand(self, address: str, board: str) -> str:
        """Somebody has one."""
        self._count += 1
        number = identity(self._count, "6")
        self.kept[number] = {
            "id": number,
            "description": "Hourlink",
            "idModel": board,
            "callbackURL": address,
            "active": True,
            "consecutiveFailures": 0,
            "firstConsecutiveFailDate": None,
        }
        return number

    async def make(self, seen: Seen) -> dict[str, Any]:
        """One more, if the address answers a HEAD, and there is no such one."""
        board = self._trello.found_board(seen.query["idModel"]).id
        address = seen.query["callbackURL"]
        if f"{address} {board}" in self.addresses():
            said = "A webhook with that callback, model, and token already exists"
            raise Refusal(400, said, PLAIN)
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            answer = await client.head(address)
        if answer.status_code != httpx.codes.OK:
            said = f"URL ({address}) did not return 200 status code, got {answer.status_code}"
            raise Refusal(400, said, PLAIN)
        return self.kept[self.stand(address, board)]

    def of(self, seen: Seen, token: str) -> list[dict[str, Any]]:
        """All of the token's."""
        if token != credentials_in(seen)[1]:
            raise Refusal(401, "unauthorized permission requested", PLAIN)
        return list(self.kept.values())

    def remove(self, number: str) -> dict[str, Any]:
        """One less."""
        if number not in self.kept:
            raise gone()
        del self.kept[number]
        return {"_value": None}

    async def tell(self, kind: str, card: str) -> None:
        """Sends an action to the webhooks of the card's board."""
        row = self._trello.tasks[card]
        board = self._trello.boards[row.project]
        data = {
            "board": {"id": board.id, "name": board.name},
            "card": {"id": card, "idShort": row.number, "name": row.title},
        }
        for one in list(self.kept.values()):
            if one["idModel"] == board.id and one["active"]:
                body = action(kind, data, date=stamp(self._trello.clock()))
                address = one["callbackURL"]
                await self._trello.post(address, body, headers(body, address))


def action(kind: str, data: object, *, date: str = "2026-11-20T09:14:02.123Z") -> bytes:
    """What a webhook says."""
    told = {"id": identity(1, "8"), "type": kind, "date": date, "data": data}
    return json.dumps({"action": told, "model": {}, "webhook": {}}).encode()


def headers(body: bytes, address: str, secret: str = SECRET) -> dict[str, str]:
    """What Trello sends along."""
    signature = hmac.new(secret.encode(), body + address.encode(), "sha1").digest()
    return {"Content-Type": "application/json", "X-Trello-Webhook": b64encode(signature).decode()}
