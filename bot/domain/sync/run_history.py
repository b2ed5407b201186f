"""The last sync runs of an integration, as a person reads them (S8)."""

from bot.domain.linking.integrations import Integration
from bot.domain.sync.sync import SyncRun
from bot.domain.values import dataclass

PAGE_SIZE = 8


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One run, and who asked for it."""

    run: SyncRun
    asked_by: str | None
    about: tuple[str, ...] = ()
    """Names of the projects that were asked for; empty where it was everything, or news."""


@dataclass(frozen=True, slots=True)
class RunHistory:
    """One page, newest first."""

    integration: Integration
    lines: tuple[HistoryLine, ...]
    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many there are, one at least."""
        return max(1, -(-self.total // PAGE_SIZE))
