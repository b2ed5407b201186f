"""What every feature is built on."""

from collections.abc import Callable

import structlog

from bot.domain.clock import Clock
from bot.domain.values import dataclass
from bot.integrations.context import AdapterContext
from bot.integrations.registry import Registry
from bot.jobs.adapters import Adapters
from bot.services.pool import Pool
from bot.services.vault import Vault
from bot.slack import Slack
from bot.views.providers import Faces, faces_of, tool
from bot.wiring import Core, Makers

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a process has once, and what it knows of the tools."""

    core: Core
    makers: Makers
    registry: Registry
    vault: Vault
    context: AdapterContext
    faces: Faces

    @property
    def pool(self) -> Pool:
        """Where services run."""
        return self.core.pool

    @property
    def slack(self) -> Slack:
        """Slack, outward."""
        return self.core.slack

    @property
    def clock(self) -> Clock:
        """The time."""
        return self.makers.clock

    @property
    def new_marker(self) -> Callable[[], str]:
        """Ids that never repeat."""
        return self.makers.new_marker

    @property
    def adapters(self) -> Adapters:
        """Opens the adapters of stored integrations."""
        return Adapters(self.registry, self.vault, self.context)

    def provider_name(self, slug: str) -> str:
        """What a tool is called."""
        return tool(self.faces, slug)


def lay_ground(core: Core, makers: Makers, context: AdapterContext) -> Ground:
    """Loads the adapters; those of strangers that cannot be used are logged."""
    registry = Registry.load()
    for skipped in registry.skipped:
        log.warning("adapter_left_out", name=skipped.name, target=skipped.target)
    return Ground(
        core=core,
        makers=makers,
        registry=registry,
        vault=Vault([key.get_secret_value() for key in core.settings.secret_keys]),
        context=context,
        faces=faces_of(registry.descriptors()),
    )
