"""Where a GitHub answers, REST and GraphQL: github.com, its sites on ghe.com, and servers.

Facts: GitHub's published descriptions of both APIs (2026-09) and its documentation. Numbers of
repositories and people stay for good; names change, and the ids of nodes have been renewed once.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from bot.domain.values import dataclass
from bot.integrations.addresses import normalised_url, origin_of
from bot.integrations.answers import Answer, ClientConfig, Params
from bot.integrations.api import Credentials
from bot.integrations.client import JsonObject
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused, ProviderSurprised, ProviderUnavailable
from bot.integrations.pace import Pace
from bot.integrations.shape import reading
from bot.providers.github import limits

SLUG = "github"
ADDRESS = "https://github.com"

_VERSION = "2022-11-28"
_PAGE = 100
_FEWEST = 10
_TOO_LONG = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})
"""How GitHub says that a question took it too long, where it does not say so in GraphQL."""

_GONE = frozenset({404, 410, 451})
"""Not 403: it means a token that an organization has not let in, not a thing that is not there."""

NOT_FOUND = "NOT_FOUND"
NOT_ALLOWED = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES"})


@dataclass(frozen=True, slots=True)
class Repository:
    """What is needed of a repository to ask for what is in it."""

    node_id: str
    owner: str
    name: str
    visibility: str
    """``public``, ``private`` or ``internal``."""
    is_personal: bool

    @property
    def path(self) -> str:
        """Below the API's address."""
        return f"repos/{quote(self.owner, safe='')}/{quote(self.name, safe='')}"


class GitHubSite:
    """One GitHub, seen with one person's token."""

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        typed = normalised_url(SLUG, credentials.get("url") or ADDRESS)
        self.address, rest, self._graphql = addresses(typed)
        self.client = context.pool.client(
            ClientConfig(
                provider=SLUG,
                base_url=rest,
                headers={
                    "Authorization": f"Bearer {credentials['token']}",
                    "Accept": "application/vnd.github+json",
                    "X-GitHub-Api-Version": _VERSION,
                },
                reason=_reason,
                throttled=limits.seconds_to_wait,
                pace=Pace(900, 60.0),
            )
        )
        self._me: JsonObject | None = None
        self._repositories: dict[str, Repository] = {}
        self._first = _PAGE

    async def me(self, *, afresh: bool = False) -> JsonObject:
        """The token's owner.

        Raises:
            ProviderAuthFailed: the token opens nothing.
        """
        if self._me is None or afresh:
            self._me, _ = await self.introduced()
        return self._me

    async def introduced(self) -> tuple[JsonObject, Mapping[str, str]]:
        """The token's owner, and the headers that tell about the token itself."""
        answer = await self.client.get("user")
        body = answer.decoded()
        with reading(SLUG, "the token's owner"):
            int(body["id"])
        return body, answer.headers

    async def get(self, path: str, params: Params | None = None) -> JsonObject:
        """Reads a JSON object."""
        return await self.client.get_json(path, params)

    async def listed(self, path: str, params: Params) -> AsyncIterator[list[JsonObject]]:
        """Every page of a list, each found by the former one's ``Link``."""
        following: str | None = path
        asked: Params | None = {"per_page": _PAGE, **params}
        while following is not None:
            items, following = await self.page(following, asked)
            asked = None
            yield items

    async def page(
        self, path: str, params: Params | None = None
    ) -> tuple[list[JsonObject], str | None]:
        """One page of a list, and the address of the next."""
        answer = await self.client.get(path, params)
        body = answer.decoded()
        if not isinstance(body, list):
            raise ProviderSurprised(SLUG, f"GET {path.partition('?')[0]}: no JSON array")
        return body, _next(answer)

    async def seen(self, path: str) -> JsonObject | None:
        """Reads one thing; None when GitHub, still knowing our token, says it is not there.

        Raises:
            ProviderRefused: the token is not let in where it is, so nobody can tell.
        """
        try:
            return await self.get(path)
        except ProviderRefused as refused:
            if refused.status not in _GONE:
                raise
            await self.me(afresh=True)
            return None

    async def ask(
        self, query: str, variables: JsonObject, *, allowing: Collection[str] = ()
    ) -> JsonObject:
        """Asks in GraphQL.

        Args:
            query: The text.
            variables: What it leaves open.
            allowing: Types of errors after which what there is of an answer is good enough.

        Raises:
            ProviderRefused: an error that is not allowed for; 404 where something is not there.
            ProviderUnavailable: GitHub gave up, as it does on what takes it too long.
        """
        body = await self.client.post_json(
            self._graphql, {"query": query, "variables": variables}, is_read=True
        )
        with reading(SLUG, "an answer of GraphQL"):
            data = body.get("data") or {}
            errors = [
                (str(one.get("type") or ""), str(one["message"]))
                for one in body.get("errors") or ()
            ]
        for kind, message in errors:
            if kind in allowing:
                continue
            if not kind:
                detail = f"GraphQL: {message}"[:300]
                raise ProviderUnavailable(SLUG, detail, status=HTTPStatus.GATEWAY_TIMEOUT)
            status = 404 if kind == NOT_FOUND else 403
            raise ProviderRefused(SLUG, f"GraphQL: {kind}", status=status, reason=message[:500])
        if not data and not errors:
            raise ProviderSurprised(SLUG, "GraphQL: neither data nor errors")
        found: JsonObject = data
        return found

    async def part(self, query: str, variables: JsonObject) -> JsonObject:
        """Asks for a page of what takes GitHub long, as many at once (``first``) as it manages.

        It gives up after ten seconds, however often it is asked for the same; of half as many it
        is asked at once, and from then on.

        Raises:
            ProviderError: as with ``ask``.
        """
        while True:
            try:
                return await self.ask(query, {**variables, "first": self._first})
            except ProviderUnavailable as gave_up:
                if not took_too_long(gave_up) or self._first <= _FEWEST:
                    raise
                self._first //= 2

    async def sought(
        self, query: str, variables: JsonObject, name: str, kind: str
    ) -> JsonObject | None:
        """Asks for one thing that may not be there.

        That it is not is believed only while GitHub still knows our token.

        Args:
            query: The text.
            variables: What it leaves open.
            name: What the answer calls it.
            kind: What it has to be, where it says so; anything else is not it.
        """
        try:
            data = await self.ask(query, variables)
        except ProviderRefused as refused:
            if refused.status not in _GONE:
                raise
            await self.me(afresh=True)
            return None
        with reading(SLUG, f"one {kind}"):
            found: JsonObject | None = data.get(name)
            return found if found and found.get("__typename", kind) == kind else None

    def met(self, item: JsonObject) -> None:
        """Remembers how a repository that was just read is asked for."""
        with reading(SLUG, "a repository"):
            self._repositories[str(int(item["id"]))] = Repository(
                node_id=str(item["node_id"]),
                owner=str(item["owner"]["login"]),
                name=str(item["name"]),
                is_personal=item["owner"].get("type") == "User",
                visibility=str(
                    item.get("visibility") or ("private" if item["private"] else "public")
                ),
            )

    def known(self, repository_id: str) -> Repository | None:
        """A repository that was met."""
        return self._repositories.get(repository_id)

    async def repository(self, repository_id: str) -> Repository | None:
        """A repository by its number; None when it is gone or hidden."""
        known = self.known(repository_id)
        if known is None and (found := await self.seen(number_path(repository_id))):
            self.met(found)
            known = self.known(repository_id)
        return known

    async def there(self, repository_id: str) -> Repository:
        """A repository by its number.

        Raises:
            ProviderRefused: it is gone or hidden.
        """
        found = await self.repository(repository_id) if repository_id.isdecimal() else None
        if found is None:
            raise gone("repository")
        return found

    def theirs(self, moment: datetime) -> datetime:
        """The same moment on GitHub's clock."""
        return self.client.theirs(moment)


def took_too_long(gave_up: ProviderUnavailable) -> bool:
    """Whether GitHub gave up on a question, which would be the same of it another time."""
    return gave_up.status in _TOO_LONG


def addresses(typed: str) -> tuple[str, str, str]:
    """Where a browser opens it, where REST is, and where GraphQL."""
    parts = urlsplit(typed)
    host = parts.netloc.removeprefix("www.").removeprefix("api.")
    if host == "github.com" or host.endswith(".ghe.com"):
        return f"https://{host}", f"https://api.{host}", f"https://api.{host}/graphql"
    origin = origin_of(typed)
    return origin, f"{origin}/api/v3", f"{origin}/api/graphql"


def gone(what: str) -> ProviderRefused:
    """What to raise about something that is not there, or not for this token."""
    reason = f"There is no such {what} in GitHub, or the token does not see it."
    return ProviderRefused(SLUG, f"no such {what}", status=404, reason=reason)


def number_path(repository_id: str) -> str:
    """Where a repository is found by its number: the form that GitHub's own redirects have."""
    return f"repositories/{quote(repository_id, safe='')}"


def nodes(connection: JsonObject | None) -> list[JsonObject]:
    """What a connection holds, without what is hidden."""
    return [one for one in (connection or {}).get("nodes") or () if one is not None]


def following(connection: JsonObject) -> str | None:
    """From where to read on; None at the end."""
    told = connection["pageInfo"]
    return str(told["endCursor"]) if told["hasNextPage"] else None


def _next(answer: Answer) -> str | None:
    for link in answer.headers.get("link", "").split(","):
        target, _, rest = link.partition(";")
        if 'rel="next"' in rest:
            return target.strip().strip("<>")
    return None


def _reason(body: Any) -> str:  # noqa: ANN401 - any JSON
    """``{"message": "...", "errors": [{"message": "..."} or {"code": "..."}]}``."""
    said = [str(body["message"])]
    for error in body.get("errors") or ():
        told = error.get("message") or f"{error.get('field', '')} {error.get('code', '')}"
        said.append(str(told).strip())
    return ": ".join(part for part in said if part)
