"""Where a Jira answers: Cloud (REST 3) by e-mail and API token, Data Center (REST 2) by token.

Facts: Atlassian's published description of Cloud, 2025-12, and its documentation of Data Center.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from bot.integrations.answers import ClientConfig, Params
from bot.integrations.api import Credentials
from bot.integrations.client import Client, JsonObject
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed, ProviderRefused
from bot.integrations.shape import reading
from bot.providers.jira import limits

SLUG = "jira"

SIGNED_IN = "Bearer "
"""Begins a token that came of signing in at Atlassian's own page: then it is Cloud."""

GATEWAY = "https://api.atlassian.com"
"""Where tokens with scopes are taken; the site itself answers 401 to them."""

_UNSEEN = frozenset({403, 404, 410})


class JiraSite:
    """One Jira, seen with one person's token."""

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        email, token = credentials.get("email", ""), credentials["token"]
        self.is_cloud = bool(email) or token.startswith(SIGNED_IN)
        """Cloud knows a token's owner by e-mail; Data Center's tokens stand for themselves."""
        self._context = context
        self._headers = {"Authorization": _authorization(email, token)}
        self.client = self._connected(credentials["url"], self._headers)
        """To the site itself."""
        self._stranger = self._connected(credentials["url"], {})
        self._gateway: Client | None = None
        self._me: JsonObject | None = None
        self.address = self.client.base_url
        """Where a browser opens it."""
        self.prefix = "rest/api/3" if self.is_cloud else "rest/api/2"

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        clients = (self.client, self._stranger, self._gateway)
        return sum(client.requests for client in clients if client)

    async def me(self, *, afresh: bool = False) -> JsonObject:
        """The token's owner.

        Most of Jira's lists are answered to anybody, with less in them. So nothing a list leaves
        out means anything before this was asked.

        Args:
            afresh: ask even if the answer is known.

        Raises:
            ProviderAuthFailed: the token opens nothing.
        """
        if self._me is None or afresh:
            self._me = await self._read_me()
        return self._me

    async def may(self, *permissions: str) -> frozenset[str]:
        """Which of these the token's owner has: globally, or in any project."""
        body = await self.get("mypermissions", {"permissions": ",".join(permissions)})
        with reading(SLUG, "the permissions of the token's owner"):
            told = body["permissions"]
            return frozenset(one for one in permissions if told[one]["havePermission"])

    def theirs(self, moment: datetime) -> datetime:
        """The same moment on Jira's clock."""
        return self._api().theirs(moment)

    async def get(self, path: str, params: Params | None = None) -> JsonObject:
        """Reads a JSON object below the API's address."""
        return await (await self._door()).get_json(f"{self.prefix}/{path}", params)

    async def get_list(self, path: str, params: Params | None = None) -> list[JsonObject]:
        """Reads a JSON array below the API's address."""
        return await (await self._door()).get_json_list(f"{self.prefix}/{path}", params)

    async def search(self, path: str, body: object) -> JsonObject:
        """Reads by POST, as searches with long queries do."""
        door = await self._door()
        return await door.post_json(f"{self.prefix}/{path}", body, is_read=True)

    async def search_list(
        self, path: str, body: object, params: Params | None = None
    ) -> list[JsonObject]:
        """Reads a JSON array by POST."""
        return await (await self._door()).post_json_list(f"{self.prefix}/{path}", body, params)

    async def post(self, path: str, body: object, params: Params | None = None) -> JsonObject:
        """Writes something new."""
        return await (await self._door()).post_json(f"{self.prefix}/{path}", body, params)

    async def put(self, path: str, body: object, params: Params | None = None) -> JsonObject:
        """Changes something."""
        return await (await self._door()).put(f"{self.prefix}/{path}", body, params)

    async def delete(self, path: str, params: Params | None = None) -> None:
        """Removes something."""
        await (await self._door()).delete(f"{self.prefix}/{path}", params)

    async def seen(self, path: str, params: Params | None = None) -> JsonObject | None:
        """Reads one thing; None when Jira, in its right mind, says it is not there for us.

        To somebody anonymous nearly everything is "not there": only a Jira that still knows our
        token may say so.
        """
        try:
            return await self.get(path, params)
        except ProviderRefused as refused:
            if refused.status not in _UNSEEN:
                raise
            await self.me(afresh=True)
            return None

    async def server(self) -> JsonObject:
        """What it is and where its users open it; told to anybody.

        Asked as a stranger: a site answers 401 to a token with scopes, whatever it is asked.
        """
        try:
            return await self._stranger.get_json("rest/api/2/serverInfo")
        except ProviderRefused as refused:
            refused.reason = f"No Jira answers at this address ({refused.reason})."
            raise

    async def _read_me(self) -> JsonObject:
        path = f"{self.prefix}/myself"
        try:
            return await self._api().get_json(path)
        except ProviderAuthFailed:
            if not self.is_cloud or self._gateway is not None:
                raise
            tenant = await self._tenant()
            if tenant is None:
                raise
            gateway = self._connected(f"{GATEWAY}/ex/jira/{tenant}", self._headers)
            self._gateway = gateway
            try:
                return await gateway.get_json(path)
            except ProviderAuthFailed:
                self._gateway = None
                raise

    async def _tenant(self) -> str | None:
        """The site's id at the gateway; None where there is none to be had."""
        try:
            found = await self._stranger.get_json("_edge/tenant_info")
        except ProviderRefused:
            return None
        with reading(SLUG, "the site's identity"):
            return str(found["cloudId"])

    async def _door(self) -> Client:
        """Where Cloud takes this token is known once it has said whose it is.

        At the wrong door nearly everything "is not there", which a deletion would look like.
        """
        if self.is_cloud:
            await self.me()
        return self._api()

    def _api(self) -> Client:
        return self._gateway or self.client

    def _connected(self, url: str, headers: Mapping[str, str]) -> Client:
        return self._context.pool.client(
            ClientConfig(
                provider=SLUG,
                base_url=url,
                headers=headers,
                reason=_reason,
                throttled=limits.seconds_to_wait,
                concurrency=4,
            )
        )


def site_name(base_url: str) -> str:
    """What people call a site: its host, and the path below it where there is one."""
    parts = urlsplit(base_url)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def _authorization(email: str, token: str) -> str:
    if token.startswith(SIGNED_IN):
        return token
    return _basic(email, token) if email else f"Bearer {token}"


def _basic(email: str, token: str) -> str:
    return "Basic " + b64encode(f"{email}:{token}".encode()).decode("ascii")


def _reason(body: object) -> str:
    """Jira's own words: ``{"errorMessages": [...], "errors": {"field": "..."}}``."""
    if not isinstance(body, Mapping):
        return ""
    said = [str(message) for message in body.get("errorMessages") or ()]
    said += [f"{name}: {message}" for name, message in (body.get("errors") or {}).items()]
    return "; ".join(said)
