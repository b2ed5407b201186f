"""``/track TASK-12``: a task, and nothing that says what to do with it."""

from bot.domain.tracking.tracking import TaskOffer
from bot.services.tracking.bare import BareTasks
from bot.views.tracking import bare as views
from bot.views.tracking import timer as timer_views
from handlers.asking import Command
from handlers.grammar import parse_bare
from handlers.grammar.track_values import Log, Start
from handlers.replies import Ephemeral, Reply


class BareTaskHandlers:
    """Offers what a verb would do."""

    def __init__(self, bare: BareTasks) -> None:
        self._bare = bare

    def answer(self, ask: Command) -> Reply | None:
        """The offer; None where no task is named outright."""
        meant = parse_bare(ask.text)
        if meant is None or meant.task is None:
            return None
        found = self._bare.offer(
            who=ask.who,
            ref=meant.task,
            now=ask.now,
            when=meant.when if isinstance(meant, Start) else None,
            amount=meant.amount if isinstance(meant, Log) else None,
            day=meant.day if isinstance(meant, Log) else None,
            note=meant.note,
            channel_id=ask.channel_id,
        )
        if isinstance(found, TaskOffer):
            return Ephemeral(views.offered(found))
        return Ephemeral(timer_views.which(found))
