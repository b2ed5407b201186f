"""Installations over OAuth: kept, exchanged before they end, destroyed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from bot.domain.ids import SlackUserId, TeamId
from bot.domain.operating.installations import Installation
from bot.domain.values import dataclass
from bot.services.operating.removal import remove_team
from bot.services.vault import Vault
from storage import teams
from storage.operating import installations
from storage.operating.installations import Stored
from storage.unit_of_work import Tx, UnitOfWork

ROTATION = timedelta(seconds=30)
"""How long a process has a rotation to itself; a crashed one's can be repeated after that."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An installation, and how it is kept."""

    installation: Installation
    stored: Stored


class Installations:
    """What people agreed to on Slack's consent page."""

    def __init__(self, uow: UnitOfWork, vault: Vault, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._vault = vault
        self._new_marker = new_marker

    def save(self, installed: Installation, now: datetime) -> None:
        """Keeps it; work begins, or begins again, for a workspace that is named in it."""
        with self._uow.begin() as tx:
            installations.save(tx, self._stored(installed), now)
            if installed.team_id is not None:
                self._begin(tx, installed.team_id, installed, now)

    def find(self, team_id: TeamId, enterprise_id: str | None = None) -> Kept | None:
        """What holds for a workspace: its own installation, else its organisation's.

        Raises:
            SealBroken: no key opens the token.
        """
        with self._uow.read() as tx:
            known = enterprise_id or teams.enterprise(tx, team_id) or ""
            found = installations.find(tx, team_id, known)
        return None if found is None else Kept(self._opened(found), found)

    def met(self, team_id: TeamId, by: Installation, now: datetime) -> None:
        """A workspace of an organisation shows up: work begins for it."""
        with self._uow.begin() as tx:
            self._begin(tx, team_id, by, now)

    def claim_rotation(self, kept: Kept, now: datetime) -> bool:
        """Whether this process may exchange the token; a refresh token is good only once."""
        with self._uow.begin() as tx:
            return installations.claim(tx, kept.stored, now, now + ROTATION)

    def rotated(self, kept: Kept, anew: Installation) -> None:
        """Keeps what came in exchange."""
        with self._uow.begin() as tx:
            installations.rotated(
                tx, kept.stored, sealed_tokens=self._sealed(anew), expires_at=anew.expires_at
            )

    def end(
        self, team_id: TeamId | None, enterprise_id: str | None, *, at: datetime, now: datetime
    ) -> list[TeamId]:
        """Stops all work that rests on an installation, and destroys its tokens; time stays.

        Args:
            team_id: The workspace; None for a whole organisation.
            enterprise_id: Its organisation, or the one that removed Hourlink everywhere.
            at: When it was removed, to the second: what was installed after that second stays.
            now: The moment.

        Returns:
            The workspaces that this was for.
        """
        with self._uow.begin() as tx:
            ended = [team_id] if team_id else installations.teams_of(tx, enterprise_id or "")
            team, enterprise = team_id or "", enterprise_id or ""
            installations.remove(tx, team, enterprise, before=at + timedelta(seconds=1))
            if installations.is_there(tx, team, enterprise):
                return []
            for one in ended:
                remove_team(tx, one, now=now, new_marker=self._new_marker)
        return ended

    def lose(self, kept: Kept, now: datetime) -> list[TeamId]:
        """Slack takes the token no more: the same as a removal, unless another one was kept since.

        Returns:
            The workspaces that this was for.
        """
        stored = kept.stored
        with self._uow.begin() as tx:
            if not installations.remove_same(tx, stored):
                return []
            team_id = kept.installation.team_id
            lost = [team_id] if team_id else installations.teams_of(tx, stored.enterprise_id)
            for one in lost:
                remove_team(tx, one, now=now, new_marker=self._new_marker)
        return lost

    def use_state(self, state: str, ends: datetime) -> bool:
        """Whether somebody comes back with this state for the first time.

        Whether it is one of ours, and not over, is known before.
        """
        with self._uow.begin() as tx:
            return installations.arrive(tx, sha256(state.encode()).hexdigest(), ends)

    def tidy(self, now: datetime) -> None:
        """Drops the states that are over by themselves."""
        with self._uow.begin() as tx:
            installations.forget_states(tx, now)

    def _begin(self, tx: Tx, team_id: TeamId, by: Installation, now: datetime) -> None:
        teams.save_installed(
            tx,
            team_id,
            name=by.name,
            bot_user_id=by.bot_user_id,
            enterprise_id=by.enterprise_id,
            now=now,
        )

    def _stored(self, one: Installation) -> Stored:
        return Stored(
            team_id=one.team_id or "",
            enterprise_id=one.enterprise_id or "",
            name=one.name,
            bot_id=one.bot_id,
            bot_user_id=one.bot_user_id,
            scopes=",".join(one.scopes),
            expires_at=one.expires_at,
            installed_by=one.installed_by,
            sealed_tokens=self._sealed(one),
        )

    def _sealed(self, one: Installation) -> str:
        tokens = {"token": one.token}
        if one.refresh_token is not None:
            tokens["refresh_token"] = one.refresh_token
        return self._vault.seal(tokens)

    def _opened(self, stored: Stored) -> Installation:
        tokens = self._vault.open(stored.sealed_tokens)
        return Installation(
            team_id=TeamId(stored.team_id) if stored.team_id else None,
            enterprise_id=stored.enterprise_id or None,
            name=stored.name,
            bot_id=stored.bot_id,
            bot_user_id=stored.bot_user_id,
            scopes=tuple(word for word in stored.scopes.split(",") if word),
            installed_by=SlackUserId(stored.installed_by),
            token=tokens["token"],
            refresh_token=tokens.get("refresh_token"),
            expires_at=stored.expires_at,
        )
