"""What a feature offers to the process, whatever it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Protocol

from bot.domain.values import dataclass
from bot.jobs.outbox import Delivery
from bot.jobs.runner import Guarded
from handlers.grammar.link_values import LinkCommand
from handlers.grammar.track_values import TrackCommand
from handlers.linking.link import VerbHandler as LinkVerb
from handlers.routes import Routes
from handlers.tracking.track import VerbHandler as TrackVerb


class Handlers(Protocol):
    """What answers commands, buttons and forms."""

    def register(self, routes: Routes) -> None:
        """Says what leads to it."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a feature offers. ``all`` joins it with what the others offer."""

    handlers: Sequence[Handlers] = ()
    deliveries: Mapping[str, Delivery] = field(default_factory=dict)
    """What carries its rows of the outbox, by their kind."""
    track_verbs: Mapping[type[TrackCommand], TrackVerb] = field(default_factory=dict)
    """What answers its verbs of ``/track``."""
    link_verbs: Mapping[type[LinkCommand], LinkVerb] = field(default_factory=dict)
    """What answers its verbs of ``/link``."""
    reminders: Sequence[Guarded] = ()
    """What only the time of day brings about."""
