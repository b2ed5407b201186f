"""``/track done``: marking a task done in its tool, and taking that back."""

from bot.domain.ids import CompletionId, TaskId
from bot.domain.tasks.completion import Asked
from bot.services.tasks.completing import Completing
from bot.views.message import Message
from bot.views.providers import Faces, tool
from bot.views.tasks import completing as views
from bot.views.tasks.done import MARK
from handlers.asking import Click, Command, row_id
from handlers.grammar.track_values import Done
from handlers.replies import Ephemeral, Reply, Update
from handlers.routes import Routes


class DoneHandlers:
    """The verb, the buttons and the picker."""

    def __init__(self, completing: Completing, faces: Faces) -> None:
        self._completing = completing
        self._faces = faces

    def register(self, routes: Routes) -> None:
        """Everything that can be clicked."""
        routes.click(MARK, self.marked)
        routes.click(views.PICK, self.picked)
        routes.click(views.REOPEN, self.reopened)
        routes.click(views.UNDO, self.undone)

    def command(self, ask: Command, parsed: Done) -> Reply:
        """``/track done [task]``."""
        done = self._completing.ask(
            who=ask.who, ref=parsed.task, now=ask.now, channel_id=ask.channel_id
        )
        return Ephemeral(self._asked(done) if isinstance(done, Asked) else views.which(done))

    def undo_last(self, ask: Command) -> Reply | None:
        """``/track undo``, where marking a task done is what they did last."""
        done = self._completing.undo_last(who=ask.who, now=ask.now)
        return None if done is None else Ephemeral(self._asked(done))

    def marked(self, ask: Click) -> Reply:
        """*Done*: the message that the button is under stays as it is."""
        return Ephemeral(self._marked(ask, is_done=True))

    def picked(self, ask: Click) -> Reply:
        """One of several was chosen."""
        return Update(self._marked(ask, is_done=True))

    def reopened(self, ask: Click) -> Reply:
        """*Open it again*."""
        return Ephemeral(self._marked(ask, is_done=False))

    def undone(self, ask: Click) -> Reply:
        """*Undo*, under the message that tells the result; the next message tells the next."""
        done = self._completing.undo(
            who=ask.who, completion_id=CompletionId(row_id(ask.value)), now=ask.now
        )
        return Ephemeral(self._asked(done))

    def _marked(self, ask: Click, *, is_done: bool) -> Message:
        task_id = TaskId(row_id(ask.value))
        return self._asked(
            self._completing.mark(who=ask.who, task_id=task_id, is_done=is_done, now=ask.now)
        )

    def _asked(self, done: Asked) -> Message:
        return views.asked(done, tool(self._faces, done.completion.provider))
