"""The features about tasks: which project a channel prefers, and marking tasks done."""

from collections.abc import Mapping

from bot.domain.values import dataclass
from bot.integrations.api import Capability
from bot.jobs.adapters import Adapters
from bot.jobs.deliveries.completions import CompletionDeliveries
from bot.jobs.outbox import Delivery
from bot.services.linking.linking import Linking
from bot.services.tasks.channel_defaults import ChannelDefaults
from bot.services.tasks.completing import Completing, CompletionResults
from bot.services.tasks.typed import ProviderName
from bot.views.providers import Faces
from bot.wiring import Core, Makers
from handlers.grammar.link_values import LinkCommand, SetChannelDefault
from handlers.grammar.track_values import Done, TrackCommand
from handlers.linking.link import VerbHandler as LinkVerb
from handlers.routes import Routes
from handlers.tasks.channel_default import ChannelDefaultHandlers
from handlers.tasks.done import DoneHandlers
from handlers.tracking.track import VerbHandler as TrackVerb


@dataclass(frozen=True, slots=True)
class TaskFeatures:
    """What the others need of them."""

    completing: Completing
    done: DoneHandlers
    channel_default: ChannelDefaultHandlers
    deliveries: Mapping[str, Delivery]

    @property
    def track_verbs(self) -> Mapping[type[TrackCommand], TrackVerb]:
        """Those of ``/track``."""
        return {Done: self.done.command}

    @property
    def link_verbs(self) -> Mapping[type[LinkCommand], LinkVerb]:
        """Those of ``/link``."""
        return {SetChannelDefault: self.channel_default.command}

    def register(self, routes: Routes) -> None:
        """Every button and select."""
        self.done.register(routes)
        self.channel_default.register(routes)


def build_tasks(
    core: Core,
    makers: Makers,
    linking: Linking,
    adapters: Adapters,
    faces: Faces,
    *,
    provider_name: ProviderName,
) -> TaskFeatures:
    """Joins them."""
    able = {slug for slug, one in faces.items() if Capability.COMPLETION in one.capabilities}
    completing = Completing(core.uow, makers.new_marker, provider_name, able.__contains__)
    results = CompletionResults(core.uow, makers.new_marker)
    carried_out = CompletionDeliveries(
        core.slack, core.pool, results, adapters=adapters, faces=faces, clock=makers.clock
    )
    return TaskFeatures(
        completing=completing,
        done=DoneHandlers(completing, faces),
        channel_default=ChannelDefaultHandlers(ChannelDefaults(core.uow), linking),
        deliveries=carried_out.kinds(),
    )
