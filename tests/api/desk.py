"""An agency whose people read over the API, each with a token."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx
from cryptography.fernet import Fernet
from starlette.applications import Starlette

from bot.api.door import ApiDoor
from bot.domain.operating.api_tokens import Lifetime
from bot.domain.people.people import Member
from bot.domain.sync.pacing import Pacing
from bot.services.operating.api_reading import ApiReading
from bot.services.operating.api_tokens import ApiTokens
from bot.services.pool import Pool
from bot.services.vault import Vault
from tests.builders import NOON
from tests.services.agency import Agency


class Api:
    """The door, and who knocks."""

    def __init__(self, database_url: str, pacing: Pacing | None = None) -> None:
        self.agency = Agency(database_url)
        self.world = self.agency.world
        self.now = NOON
        numbers = count(1)
        vault = Vault([Fernet.generate_key().decode()])
        self.tokens = ApiTokens(self.world.uow, vault, lambda: f"{next(numbers):012x}" * 2)
        self.pool = Pool(1)
        self.door = ApiDoor(
            tokens=self.tokens,
            reading=ApiReading(self.world.uow),
            pool=self.pool,
            reading_pool=self.pool,
            clock=lambda: self.now,
            new_reference=lambda: "7F3A-19",
            pacing=pacing or Pacing(),
        )
        self.web = Starlette(routes=self.door.routes())
        self._secrets: dict[int, str] = {}

    def close(self) -> None:
        """Lets everything go."""
        self.pool.close()
        self.world.close()

    def token(self, who: Member) -> str:
        """Somebody's token."""
        if who.id not in self._secrets:
            made = self.tokens.make(who=who, name="sheet", lifetime=Lifetime.FOREVER, now=NOON)
            self._secrets[who.id] = made.secret
        return self._secrets[who.id]

    async def ask(
        self,
        path: str,
        who: Member | None = None,
        method: str = "GET",
        **more: Any,  # noqa: ANN401 - httpx's
    ) -> httpx.Response:
        """One request of somebody's program; a stranger's where nobody is named."""
        headers = dict(more.pop("headers", {}))
        if who is not None:
            headers.setdefault("Authorization", f"Bearer {self.token(who)}")
        transport = httpx.ASGITransport(self.web)
        async with httpx.AsyncClient(transport=transport, base_url="https://t.test") as http:
            return await http.request(method, f"/api/v1{path}", headers=headers, **more)

    async def got(self, path: str, who: Member, **params: object) -> dict[str, Any]:
        """What is answered, where all is well."""
        answer = await self.ask(
            path, who, params={one: str(value) for one, value in params.items()}
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def all_pages(
        self, path: str, who: Member, *, name: str = "data", **params: object
    ) -> list[dict[str, Any]]:
        """Everything, page after page."""
        found = await self.got(path, who, **params)
        rows: list[dict[str, Any]] = list(found[name])
        while found["next_cursor"]:
            found = await self.got(path, who, cursor=found["next_cursor"])
            rows += found[name]
        return rows

    def hours(self, who: Member, *, days: int = 1, seconds: int = 3600) -> None:
        """A length on Website on each of the last days."""
        for back in range(days):
            day: datetime = NOON - timedelta(days=back)
            self.world.length(who, self.agency.website, None, day, seconds)
