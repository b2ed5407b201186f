"""Signing in at a provider's own page instead of pasting a key: OAuth 2.0, authorization code.

An adapter says in its descriptor where that page is. What comes of it takes the place of one of
its credentials, so that the adapter itself does not know how somebody signed in.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import urlencode, urlsplit

from bot.domain.clock import Clock
from bot.domain.values import dataclass
from bot.integrations.addresses import normalised_url
from bot.integrations.answers import ClientConfig
from bot.integrations.client import HttpPool
from bot.integrations.errors import ProviderAuthFailed, ProviderRefused
from bot.integrations.shape import reading

ENDS = "oauth_ends_at"
RENEWS = "oauth_refresh_token"
AT = "oauth_server"
"""The address that gave a token, where a tool has many; no other is shown what renews it."""
KEPT = frozenset({ENDS, RENEWS, AT})
"""What is kept beside the credentials of a descriptor; no adapter reads it."""

EARLY = timedelta(minutes=15)
"""So long before its end a token is exchanged."""

_REFUSED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class OAuth:
    """Where people agree that Hourlink may act for them, and what it is given then."""

    consent_url: str
    """The page that asks them; with ``below`` its path, ``/oauth/authorize``."""
    token_url: str
    """Where what that page gave is exchanged; with ``below`` its path."""
    credential: str
    """The secret that the access token takes the place of."""
    prefix: str = ""
    """Put before the token, where the API tells tokens from keys by it: ``Bearer ``."""
    scopes: tuple[str, ...] = ()
    separator: str = " "
    """Between scopes."""
    pkce: bool = True
    """The provider checks that whoever began is who comes back (RFC 7636)."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What the page wants besides."""
    by_json: bool = False
    """Tokens are asked for in JSON instead of a form."""
    not_with: frozenset[str] = frozenset()
    """Credentials that name another server, whose page it is not."""
    below: str | None = None
    """The credential that holds a server's address, for a tool of which everybody runs their own:
    page and exchange are below it, and Hourlink is registered at each of them."""


@dataclass(frozen=True, slots=True)
class ToolClient:
    """Hourlink as a provider knows it: what its operator was given there."""

    id: str
    secret: str = field(repr=False)
    address: str | None = None
    """The server that it was registered at, normalised; None for a tool that has only one."""


ToolClients: TypeAlias = Mapping[str, Sequence[ToolClient]]
"""By the adapters' slugs; several for a tool of which there are many servers."""

Way: TypeAlias = tuple[OAuth, ToolClient]
"""Where one signs in, and as whom."""


def bound(oauth: OAuth, clients: Iterable[ToolClient], values: Mapping[str, str]) -> Way | None:
    """The way in that belongs to these credentials; None where the operator has set up none.

    What was typed is only compared: where a secret goes is made of the address that stands beside
    it in the operator's settings.

    Args:
        oauth: The tool's.
        clients: Hourlink as the servers of this tool know it.
        values: The credentials beside the one that signing in brings.
    """
    if any(values.get(name) for name in oauth.not_with):
        return None
    if oauth.below is None:
        found = next((one for one in clients if one.address is None), None)
        return None if found is None else (oauth, found)
    wanted = address_of(values.get(oauth.below, ""))
    found = next((one for one in clients if wanted and one.address == wanted), None)
    if found is None:
        return None
    page, exchange = (f"{found.address}{path}" for path in (oauth.consent_url, oauth.token_url))
    return replace(oauth, consent_url=page, token_url=exchange), found


def renewable(oauth: OAuth, clients: Iterable[ToolClient], kept: Mapping[str, str]) -> Way | None:
    """The same for what is kept beside a token: it is renewed by the server that gave it."""
    return bound(oauth, clients, kept if oauth.below is None else {oauth.below: kept.get(AT, "")})


def address_of(typed: str) -> str | None:
    """A server's address in the one form that is compared; None where it is none."""
    try:
        return normalised_url("", typed)
    except ProviderRefused:
        return None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider gave."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False, default=None)
    ends_at: datetime | None = None

    def as_credentials(self, oauth: OAuth, client: ToolClient) -> dict[str, str]:
        """The same as it is kept."""
        kept = {oauth.credential: f"{oauth.prefix}{self.access}"}
        if client.address is not None:
            kept[AT] = client.address
        if self.refresh is not None:
            kept[RENEWS] = self.refresh
        if self.ends_at is not None:
            kept[ENDS] = self.ends_at.isoformat()
        return kept


def due_at(credentials: Mapping[str, str]) -> datetime | None:
    """When the token among them is exchanged; None where it does not end, or is a key."""
    if ENDS not in credentials or RENEWS not in credentials:
        return None
    return datetime.fromisoformat(credentials[ENDS]) - EARLY


def is_over(credentials: Mapping[str, str], now: datetime) -> bool:
    """Whether the token among them has ended and will be exchanged any moment."""
    due = due_at(credentials)
    return due is not None and now >= due + EARLY


def consent_address(
    oauth: OAuth, client: ToolClient, *, redirect: str, state: str, verifier: str
) -> str:
    """The page that asks somebody.

    Args:
        oauth: The provider's.
        client: Hourlink, there.
        redirect: Where the page sends people back to.
        state: Comes back with them.
        verifier: What is shown at the exchange, where the provider checks it.
    """
    asked = {
        "client_id": client.id,
        "redirect_uri": redirect,
        "response_type": "code",
        "state": state,
        **oauth.parameters,
    }
    if oauth.scopes:
        asked["scope"] = oauth.separator.join(oauth.scopes)
    if oauth.pkce:
        asked |= {"code_challenge": _challenge(verifier), "code_challenge_method": "S256"}
    return f"{oauth.consent_url}?{urlencode(asked)}"


class TokenDesk:
    """Exchanges codes and tokens with providers."""

    def __init__(self, pool: HttpPool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def redeem(
        self,
        provider: str,
        oauth: OAuth,
        client: ToolClient,
        *,
        code: str,
        redirect: str,
        verifier: str,
    ) -> Tokens:
        """The tokens for what the page gave.

        Raises:
            ProviderAuthFailed: the provider does not take it, or not any more.
            ProviderError: in its other kinds.
        """
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        if oauth.pkce:
            asked["code_verifier"] = verifier
        return await self._exchanged(provider, oauth, client, asked)

    async def renew(
        self, provider: str, oauth: OAuth, client: ToolClient, refresh_token: str
    ) -> Tokens:
        """New tokens for old; the refresh token is good only once with most providers.

        Raises:
            ProviderAuthFailed: the provider does not take it any more.
            ProviderError: in its other kinds.
        """
        asked = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        found = await self._exchanged(provider, oauth, client, asked)
        # Asana gives no new one: the old one stays good.
        return Tokens(found.access, found.refresh or refresh_token, found.ends_at)

    async def _exchanged(
        self, provider: str, oauth: OAuth, client: ToolClient, asked: Mapping[str, str]
    ) -> Tokens:
        where = urlsplit(oauth.token_url)
        config = ClientConfig(provider=provider, base_url=f"{where.scheme}://{where.netloc}")
        form = {"client_id": client.id, "client_secret": client.secret, **asked}
        sent_at = self._clock()
        try:
            http = self._pool.client(config)
            post = http.post_json if oauth.by_json else http.post_form
            body = await post(where.path, form)
        except ProviderRefused as refused:
            if refused.status in _REFUSED:
                raise ProviderAuthFailed(provider, "the token endpoint refused") from None
            raise
        if "error" in body:  # GitHub says so with 200
            raise ProviderAuthFailed(provider, "the token endpoint refused")
        return _tokens(provider, body, sent_at)


def _tokens(provider: str, body: Mapping[str, Any], now: datetime) -> Tokens:
    with reading(provider, "an exchange of tokens"):
        refresh, seconds = body.get("refresh_token"), body.get("expires_in")
        return Tokens(
            access=str(body["access_token"]),
            refresh=None if refresh is None else str(refresh),
            ends_at=None if seconds is None else now + timedelta(seconds=int(seconds)),
        )


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
