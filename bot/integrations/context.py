"""What the composition root hands to every adapter."""

from pathlib import Path

from bot.domain.clock import Clock, Sleep
from bot.domain.values import dataclass
from bot.integrations.client import HttpPool


@dataclass(frozen=True, slots=True)
class AdapterContext:
    """The shared things an adapter may use; it opens none of its own."""

    pool: HttpPool
    """Connections to providers, one pool a process. The composition root closes it."""
    boards_dir: Path | None
    """The folder that holds file-based boards; None where the operator named none."""
    clock: Clock
    sleep: Sleep
