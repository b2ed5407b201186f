"""The features about tasks: which project a channel prefers, and marking tasks done."""

from collections.abc import Mapping

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.integrations.api import Capability
from bot.jobs.deliveries.completions import CompletionDeliveries
from bot.jobs.outbox import Delivery
from bot.services.linking.linking import Linking
from bot.services.tasks.channel_defaults import ChannelDefaults
from bot.services.tasks.completing import Completing, CompletionResults
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


def build_tasks(ground: Ground, linking: Linking) -> TaskFeatures:
    """Joins them."""
    uow, faces = ground.core.uow, ground.faces
    able = {slug for slug, one in faces.items() if Capability.COMPLETION in one.capabilities}
    completing = Completing(uow, ground.new_marker, ground.provider_name, able.__contains__)
    results = CompletionResults(uow, ground.new_marker)
    carried_out = CompletionDeliveries(
        ground.slack,
        ground.pool,
        results,
        adapters=ground.adapters,
        faces=faces,
        clock=ground.clock,
    )
    return TaskFeatures(
        completing=completing,
        done=DoneHandlers(completing, faces),
        channel_default=ChannelDefaultHandlers(ChannelDefaults(uow), linking),
        deliveries=carried_out.kinds(),
    )
