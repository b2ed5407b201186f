"""Tokens of people's own programs: made, listed, taken back, and what one of them opens."""

import hmac
from collections.abc import Callable
from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import ApiTokenId
from bot.domain.operating.api_tokens import (
    KEPT,
    LONGEST_NAME,
    MOST_TOKENS,
    USED_AGAIN,
    ApiSwitchedOff,
    ApiToken,
    ApiTokenRefused,
    Lifetime,
    MadeToken,
    TooManyTokens,
    read_token,
    spell,
)
from bot.domain.people.people import Member
from bot.domain.values import dataclass
from bot.services.vault import SealBroken, Vault
from storage import members, teams
from storage.operating import api_tokens, audit
from storage.operating.api_tokens import Stored
from storage.unit_of_work import Tx, UnitOfWork

_DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who holds a token, as they are now."""

    who: Member
    token: ApiToken


class ApiTokens:
    """A person's tokens are theirs alone; admins read in the audit log who has made any."""

    def __init__(self, uow: UnitOfWork, vault: Vault, new_marker: Callable[[], str]) -> None:
        """Takes what it works with.

        Args:
            uow: Transactions.
            vault: Seals what proves a token.
            new_marker: Makes 24 hexadecimal digits of chance.
        """
        self._uow = uow
        self._vault = vault
        self._new_marker = new_marker

    def own(self, *, who: Member) -> list[ApiToken]:
        """Their tokens, the newest first."""
        with self._uow.read() as tx:
            return api_tokens.of_member(tx, who.team_id, who.id)

    def are_good(self, *, who: Member) -> bool:
        """Whether the team lets people read over the API at all."""
        with self._uow.read() as tx:
            return teams.settings(tx, who.team_id).api_tokens

    def make(self, *, who: Member, name: str, lifetime: Lifetime, now: datetime) -> MadeToken:
        """A new one.

        Raises:
            ApiSwitchedOff: the team lets nobody read over the API.
            TooManyTokens: they have as many as anybody may have.
            Vanished: they have left.
        """
        secret = spell(self._new_marker() + self._new_marker())
        spelled = read_token(secret)
        if spelled is None:
            raise ValueError("a marker is not 24 hexadecimal digits")
        with self._uow.begin() as tx:
            now_them = members.by_id(tx, who.team_id, who.id, lock=True)
            if now_them is None or not now_them.is_active:
                raise Vanished("member")
            if not teams.settings(tx, who.team_id).api_tokens:
                raise ApiSwitchedOff
            if api_tokens.count(tx, who.team_id, who.id) >= MOST_TOKENS:
                raise TooManyTokens(MOST_TOKENS)
            name, ends = name[:LONGEST_NAME], lifetime.until(now)
            token_id = api_tokens.add(
                tx,
                who.team_id,
                who.id,
                name=name,
                public=spelled.public,
                sealed_digest=self._vault.seal({_DIGEST: spelled.digest}),
                expires_at=ends,
                now=now,
            )
            until = None if ends is None else f"{ends:%Y-%m-%d}"
            _record(tx, who, "token.make", after={"token": name, "until": until}, now=now)
        return MadeToken(ApiToken(token_id, name, now, ends, None), secret)

    def end(self, *, who: Member, token_id: ApiTokenId, now: datetime) -> ApiToken:
        """Takes one back: the next request with it is refused.

        Raises:
            Vanished: there is no such token of theirs, or not any more.
        """
        with self._uow.begin() as tx:
            found = api_tokens.one(tx, who.team_id, who.id, token_id)
            if found is None or not api_tokens.remove(tx, who.team_id, who.id, token_id):
                raise Vanished("token")
            _record(tx, who, "token.end", before={"token": found.name}, now=now)
            return found

    def bearer(self, text: str, now: datetime) -> Bearer:
        """Who shows this token. What has not the form of one costs nothing.

        Raises:
            ApiTokenRefused: it opens nothing, for whatever reason.
            ApiSwitchedOff: the team lets nobody read over the API.
        """
        spelled = read_token(text)
        if spelled is None:
            raise ApiTokenRefused
        with self._uow.read() as tx:
            found = api_tokens.find(tx, spelled.public)
            if found is None or not self._proves(found, spelled.digest):
                raise ApiTokenRefused
            who = members.by_id(tx, found.team_id, found.member_id)
        if found.token.is_over(now) or who is None or not who.is_active:
            raise ApiTokenRefused
        if not found.may_be_used:
            raise ApiSwitchedOff
        used = found.token.used_at
        if used is None or used + USED_AGAIN <= now:
            with self._uow.begin() as tx:
                api_tokens.used(tx, found.team_id, found.token.id, now)
        return Bearer(who, found.token)

    def tidy(self, now: datetime) -> None:
        """Drops those that expired long ago."""
        with self._uow.begin() as tx:
            api_tokens.forget_over(tx, now - KEPT)

    def _proves(self, found: Stored, digest: str) -> bool:
        try:
            kept = self._vault.open(found.sealed_digest)[_DIGEST]
        except SealBroken:
            return False
        return hmac.compare_digest(kept, digest)


def _record(
    tx: Tx,
    who: Member,
    action: str,
    *,
    now: datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        tx,
        who.team_id,
        actor=who.id,
        action=action,
        subject=f"member:{who.id}",
        before=before,
        after=after,
        now=now,
    )
