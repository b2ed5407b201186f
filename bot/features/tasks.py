"""The features about tasks: which project a channel prefers, and marking tasks done."""

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.features.offered import Offered
from bot.integrations.api import Capability
from bot.jobs.deliveries.completions import CompletionDeliveries
from bot.services.linking.linking import Linking
from bot.services.tasks.channel_defaults import ChannelDefaults
from bot.services.tasks.completing import Completing, CompletionResults
from handlers.grammar.link_values import SetChannelDefault
from handlers.grammar.track_values import Done
from handlers.tasks.channel_default import ChannelDefaultHandlers
from handlers.tasks.done import DoneHandlers


@dataclass(frozen=True, slots=True)
class TaskFeatures:
    """What the others need of them."""

    completing: Completing
    done: DoneHandlers
    offered: Offered


def build_tasks(ground: Ground, linking: Linking) -> TaskFeatures:
    """Constructs them."""
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
    done = DoneHandlers(completing, faces)
    channel_default = ChannelDefaultHandlers(ChannelDefaults(uow), linking)
    offered = Offered(
        handlers=(done, channel_default),
        deliveries=carried_out.kinds(),
        track_verbs={Done: done.command},
        link_verbs={SetChannelDefault: channel_default.command},
    )
    return TaskFeatures(completing, done, offered)
