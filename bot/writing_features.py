"""The features about writing time back to the tools that tasks come from."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.jobs.adapters import Adapters
from bot.jobs.deliveries.worklogs import WorklogDeliveries
from bot.jobs.outbox import Delivery
from bot.services.writing import Writing
from bot.wiring import Core, Makers


@dataclass(frozen=True, slots=True)
class WritingFeatures:
    """What the others need of them."""

    deliveries: Mapping[str, Delivery]


def build_writing(core: Core, makers: Makers, adapters: Adapters) -> WritingFeatures:
    """Joins them."""
    writing = Writing(core.uow, makers.new_marker)
    carried_out = WorklogDeliveries(core.pool, writing, adapters=adapters, clock=makers.clock)
    return WritingFeatures(deliveries=carried_out.kinds())
