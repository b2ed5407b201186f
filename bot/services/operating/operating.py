"""What whoever runs the server asks of the database, over all teams."""

from collections.abc import Iterable, Sequence

from bot.domain.values import dataclass
from bot.services.vault import SealBroken, Vault
from storage.operating import operating
from storage.operating.operating import SEALED, Owed, Size, Tool
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Seals:
    """What is encrypted, and with which of the configured keys."""

    kind: str
    """What it is, in the plural: ``tools' credentials``."""
    current: int = 0
    """Under the first key."""
    older: int = 0
    """Under another of the keys."""
    broken: int = 0
    """Under none of them."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What became of one kind of secrets."""

    kind: str
    sealed_again: int
    broken: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What is worth a number every few seconds."""

    owed: Owed
    size: Size


class Operating:
    """Looks at everything, and seals everything again."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def answers(self) -> None:
        """Asks the database for nothing, which it answers if it can answer anything."""
        with self._uow.read() as tx:
            operating.ping(tx)

    def standing(self) -> Standing:
        """What is owed and how much there is, at one moment."""
        with self._uow.read() as tx:
            return Standing(operating.owed(tx), operating.size(tx))

    def short_of_scopes(self, wanted: Iterable[str]) -> list[tuple[str, list[str]]]:
        """Workspaces and organisations that gave less than is wanted: the name, what is missing."""
        names = list(wanted)
        with self._uow.read() as tx:
            found = [
                (one, [name for name in names if name not in given])
                for one, given in operating.granted_scopes(tx)
            ]
        return [(one, missing) for one, missing in found if missing]

    def slack_tokens(self, vault: Vault) -> list[tuple[str, str]]:
        """Workspaces and organisations by name, each with its bot token; unreadable ones not."""
        with self._uow.read() as tx:
            found = list(operating.slack_tokens(tx))
        return [
            (one, vault.open(sealed)["token"]) for one, sealed in found if _opens(vault, sealed)
        ]

    def owed(self) -> Owed:
        """What waits to be sent to Slack and the tools."""
        with self._uow.read() as tx:
            return operating.owed(tx)

    def tools(self) -> Sequence[Tool]:
        """Every integration that should work."""
        with self._uow.read() as tx:
            return operating.tools(tx)

    def size(self) -> Size:
        """How much there is."""
        with self._uow.read() as tx:
            return operating.size(tx)

    def time_entries(self) -> int:
        """How many there are; reads all of them."""
        with self._uow.read() as tx:
            return operating.time_entries(tx)

    def workers_alive(self, seconds: int) -> int | None:
        """Workers seen in the last seconds; None where no queue is shared."""
        with self._uow.read() as tx:
            return operating.workers_alive(tx, seconds)

    def seals(self, vault: Vault) -> list[Seals]:
        """With which keys the stored secrets can be read."""
        with self._uow.read() as tx:
            return [
                self._seals(kind, vault, [text for _, text in operating.sealed(tx, kind)])
                for kind in SEALED
            ]

    def rotate(self, vault: Vault) -> list[Rotated]:
        """Seals everything under the first key; what nothing opens stays as it is.

        It may be ended at any moment and begun again, beside running servers that know both keys.
        """
        return [self._rotated(kind, vault) for kind in SEALED]

    def _seals(self, kind: str, vault: Vault, texts: Sequence[str]) -> Seals:
        current = sum(vault.is_under_first_key(one) for one in texts)
        broken = sum(not _opens(vault, one) for one in texts)
        return Seals(kind, current, len(texts) - current - broken, broken)

    def _rotated(self, kind: str, vault: Vault) -> Rotated:
        with self._uow.read() as tx:
            found = [
                (row_id, text)
                for row_id, text in operating.sealed(tx, kind)
                if not vault.is_under_first_key(text)
            ]
        done = broken = 0
        for row_id, text in found:
            try:
                anew = vault.seal_again(text)
            except SealBroken:
                broken += 1
                continue
            with self._uow.begin() as tx:
                done += operating.seal(tx, kind, row_id, was=text, now=anew)
        return Rotated(kind, done, broken)


def _opens(vault: Vault, sealed: str) -> bool:
    try:
        vault.open(sealed)
    except SealBroken:
        return False
    return True
