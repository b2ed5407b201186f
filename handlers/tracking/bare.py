"""``/track TASK-12``, ``/track fix header``: words of which none says what to do."""

from collections.abc import Sequence
from contextlib import suppress

from bot.domain.errors import HourlinkError
from bot.domain.input_errors import BadInput, UnknownVerb
from bot.domain.slack_text import plain
from bot.domain.tasks.task_refs import WordsRef, read_token
from bot.domain.tracking.tracking import TaskOffer, WhichTask
from bot.services.tracking.bare import BareTasks
from bot.views import failures
from bot.views import help as help_views
from bot.views.message import Message
from bot.views.tracking import bare as views
from bot.views.tracking.which import which
from handlers.asking import Command
from handlers.grammar import LINK, TRACK, clock_in, find, hinted, parse_bare, parse_track, uncopied
from handlers.grammar.track_values import Log, Start
from handlers.replies import Ephemeral, Reply

_OFTEN_IN_TITLES = {"all", "new", "project", "channel", "close", "people"}
"""Verbs of ``/link`` that are words of tasks, too."""


class BareTaskHandlers:
    """Offers what a verb would do."""

    def __init__(self, bare: BareTasks) -> None:
        self._bare = bare

    def answer(self, ask: Command, error: UnknownVerb) -> Reply:
        """What was meant by words without a verb; ``12 15`` may have been a time of day."""
        said, clock = self._said(ask, error), clock_in(uncopied(ask.text))
        return Ephemeral(said if clock is None else views.or_at(said, clock))

    def doubted(self, ask: Command, meant: Log, other: Log) -> Reply | Log:
        """Words that may mean 72 minutes of something, or an hour on a task: which it is.

        What finds nothing is not meant. Where both find something they are asked, if the task of
        that number is theirs or was tracked lately; any other is not meant by a number alone.
        """
        try:
            numbered, worded = self._offer(ask, other), self._offer(ask, meant)
        except (HourlinkError, BadInput):
            return meant
        has_words = isinstance(worded, TaskOffer) or bool(worded.total)
        if isinstance(numbered, WhichTask):
            is_asked = numbered.total and not has_words
            return Ephemeral(which(numbered)) if is_asked else meant
        return Ephemeral(views.either(worded, numbered)) if has_words else other

    def _said(self, ask: Command, error: UnknownVerb) -> Message:
        """The task that is named outright; else verbs spelled alike, and tasks with these words."""
        text = uncopied(ask.text)
        meant = parse_bare(text)
        if meant is None and read_token(error.text):
            # What follows the task is no time: "TASK-12 tomorrow".
            meant = parse_bare(error.text)
        if meant is not None and not isinstance(meant.task, WordsRef):
            found = self._offer(ask, meant)
            if isinstance(found, TaskOffer):
                return views.offered(found, has_line=_has_line(text, meant))
            return which(found, is_bare=True)
        words = plain(text).split()
        tasks: TaskOffer | WhichTask | Message | None = None
        if meant is not None and words[0].rstrip(":") == error.text:
            # One word that is spelled like a verb is most likely that verb.
            is_sure = len(words) > 1 or not error.nearest
            try:
                tasks = self._offer(ask, meant, is_sure=is_sure, has_no_verb=not error.nearest)
            except (HourlinkError, BadInput) as refused:
                tasks = failures.sentence(refused) if is_sure else None
        has_line = meant is not None and _has_line(text, meant)
        return views.unclear(
            error,
            TRACK,
            tasks,
            _other(error.text, words),
            is_hinted=bool(hinted(TRACK, error.text)),
            has_line=has_line,
        )

    def _offer(
        self, ask: Command, meant: Start | Log, *, is_sure: bool = True, has_no_verb: bool = True
    ) -> TaskOffer | WhichTask:
        return self._bare.offer(
            who=ask.who,
            ref=meant.task,
            now=ask.now,
            when=meant.when if isinstance(meant, Start) else None,
            amount=meant.amount if isinstance(meant, Log) else None,
            day=meant.day if isinstance(meant, Log) else None,
            note=meant.note,
            channel_id=ask.channel_id,
            is_sure=is_sure,
            has_no_verb=has_no_verb,
        )


def _has_line(text: str, meant: Start | Log) -> bool:
    """Whether these words mean the same behind the verb: not ``12 15`` behind *log*."""
    with suppress(BadInput):
        return parse_track(f"{'log' if isinstance(meant, Log) else 'start'} {text}") == meant
    return False


def _other(first: str, words: Sequence[str]) -> str:
    """That it is ``/link`` which has this verb, where it has."""
    if len(words) > 1 and first.lower() in _OFTEN_IN_TITLES:
        return ""
    with suppress(UnknownVerb):
        return help_views.other_line("/link", find(LINK, first))
    return ""
