"""Setting out for a tool's own page, and coming back from it.

Nothing is stored on the way: what has to be known again is in the address, encrypted, and good for
ten minutes. What the page gives is good only once.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.domain.ids import AccountLinkId, IntegrationId, SlackUserId, TeamId
from bot.domain.linking.write_back import WriteMode
from bot.domain.people.people import Member
from bot.domain.people.tool_sign_ins import (
    NoSignInThere,
    OwnWish,
    SignIn,
    SignInOver,
    SiteWish,
)
from bot.integrations.oauth import OAuth, ToolClients, Way, address_of, bound
from bot.integrations.registry import ProviderUnknown, Registry
from bot.services.vault import SealBroken, Vault

LIVES = timedelta(minutes=10)
PATH = "/sign-in"
BACK = f"{PATH}/back"
"""Where a tool's page sends people back to; its operator registers it there."""


class ToolSignIns:
    """Which tools people can sign in at, and how they get there."""

    def __init__(
        self,
        registry: Registry,
        vault: Vault,
        *,
        clients: ToolClients,
        public_url: str | None,
        new_verifier: Callable[[], str],
    ) -> None:
        """Takes what the operator set up.

        Args:
            registry: The adapters.
            vault: Seals what is in an address.
            clients: Hourlink as the providers know it, by slug.
            public_url: Where browsers reach this server; without it nobody can sign in.
            new_verifier: Makes what is shown at the exchange (RFC 7636), 43 characters or more.
        """
        self._registry = registry
        self._vault = vault
        self._clients = clients
        self._base = (public_url or "").rstrip("/")
        self._new_verifier = new_verifier

    @property
    def back(self) -> str:
        """The whole address that people come back to."""
        return f"{self._base}{BACK}"

    def are_offered(self, provider: str) -> bool:
        """Whether one signs in there, at some address of it at least."""
        return self._known(provider) is not None

    def at(self, provider: str, values: Mapping[str, str]) -> Way | None:
        """How one signs in with these credentials beside; None where it is not set up."""
        known = self._known(provider)
        return None if known is None else bound(known, self._clients[provider], values)

    def begin(
        self,
        who: Member,
        provider: str,
        wish: SiteWish | OwnWish,
        values: Mapping[str, str],
        now: datetime,
    ) -> str:
        """The address that begins it.

        Args:
            who: An admin, or a member.
            provider: The adapter's slug.
            wish: What for.
            values: The credentials beside the one that signing in brings.
            now: The present moment.

        Raises:
            NoSignInThere: it is not set up.
        """
        if self.at(provider, values) is None:
            raise self.not_there(provider, values)
        kept = {
            "team": who.team_id,
            "user": who.slack_user_id,
            "provider": provider,
            "verifier": self._new_verifier(),
            "until": (now + LIVES).isoformat(),
            **_told(wish),
        }
        return f"{self._base}{PATH}/{self._vault.seal(kept)}"

    def not_there(self, provider: str, values: Mapping[str, str]) -> NoSignInThere:
        """Why not: everywhere, or at the address among these credentials alone."""
        known = self._known(provider)
        typed = values.get(known.below, "") if known and known.below else ""
        return NoSignInThere(address_of(typed) or typed)

    def read(self, state: str, now: datetime) -> SignIn:
        """Who is on their way.

        Raises:
            SignInOver: nobody, or they have been for too long.
        """
        try:
            kept = self._vault.open(state)
            if datetime.fromisoformat(kept["until"]) <= now:
                raise SignInOver
            return SignIn(
                team_id=TeamId(kept["team"]),
                user_id=SlackUserId(kept["user"]),
                provider=kept["provider"],
                verifier=kept["verifier"],
                wish=_wish(kept),
            )
        except (SealBroken, KeyError, ValueError):
            # Something else of ours that is sealed is no address either.
            raise SignInOver from None

    def _known(self, provider: str) -> OAuth | None:
        try:
            known = self._registry.descriptor(provider).oauth
        except ProviderUnknown:
            return None
        return known if self._base and self._clients.get(provider) else None


def _told(wish: SiteWish | OwnWish) -> dict[str, str]:
    if isinstance(wish, OwnWish):
        return {"integration": str(wish.integration_id), "link": str(wish.link_id or "")}
    return {
        "values": json.dumps(dict(wish.values)),
        "channel": wish.channel_id,
        "write": wish.write_mode.value if wish.write_mode else "",
        "instead": str(wish.instead or ""),
    }


def _wish(kept: Mapping[str, str]) -> SiteWish | OwnWish:
    if "integration" in kept:
        link = kept["link"]
        return OwnWish(
            IntegrationId(int(kept["integration"])), AccountLinkId(int(link)) if link else None
        )
    return SiteWish(
        values={str(name): str(value) for name, value in json.loads(kept["values"]).items()},
        channel_id=kept["channel"],
        write_mode=WriteMode(kept["write"]) if kept["write"] else None,
        instead=IntegrationId(int(kept["instead"])) if kept["instead"] else None,
    )
