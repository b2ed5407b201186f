"""``/track TASK-12``, ``/track fix header``: words of which none says what to do."""

from contextlib import suppress

from bot.domain.errors import HourlinkError
from bot.domain.input_errors import BadInput, UnknownVerb
from bot.domain.slack_text import plain
from bot.domain.tasks.task_refs import WordsRef
from bot.domain.tracking.tracking import TaskOffer, WhichTask
from bot.services.tracking.bare import BareTasks
from bot.views.tracking import bare as views
from bot.views.tracking import timer as timer_views
from handlers.asking import Command
from handlers.grammar import TRACK, parse_bare
from handlers.grammar.track_values import Log, Start
from handlers.replies import Ephemeral, Reply


class BareTaskHandlers:
    """Offers what a verb would do."""

    def __init__(self, bare: BareTasks) -> None:
        self._bare = bare

    def answer(self, ask: Command, error: UnknownVerb) -> Reply:
        """The task that is named outright; else verbs spelled alike, and tasks with these words."""
        meant = parse_bare(ask.text)
        if meant is not None and not isinstance(meant.task, WordsRef):
            found = self._offer(ask, meant)
            if isinstance(found, TaskOffer):
                return Ephemeral(views.offered(found))
            return Ephemeral(timer_views.which(found))
        tasks: TaskOffer | WhichTask | None = None
        if meant is not None and plain(ask.text).split()[0].rstrip(":") == error.text:
            with suppress(HourlinkError, BadInput):
                tasks = self._offer(ask, meant)
        return Ephemeral(views.unclear(error, TRACK, tasks))

    def _offer(self, ask: Command, meant: Start | Log) -> TaskOffer | WhichTask:
        assert meant.task is not None  # noqa: S101 - as parse_bare promises
        return self._bare.offer(
            who=ask.who,
            ref=meant.task,
            now=ask.now,
            when=meant.when if isinstance(meant, Start) else None,
            amount=meant.amount if isinstance(meant, Log) else None,
            day=meant.day if isinstance(meant, Log) else None,
            note=meant.note,
            channel_id=ask.channel_id,
        )
