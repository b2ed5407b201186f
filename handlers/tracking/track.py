"""``/track``: the dispatcher of its verbs, and the buttons and forms they lead to."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from bot.domain.ids import TimeEntryId
from bot.domain.input_errors import MissingTask, UnknownVerb, UsageError
from bot.domain.tracking.tracking import Logged, Started, Stopped
from bot.services.tasks.completing import Completing
from bot.services.tracking.time_log import TimeLog
from bot.services.tracking.timer import Tracking
from bot.services.tracking.undoing import Undoing
from bot.views import failures
from bot.views import help as help_views
from bot.views.field_errors import CHOOSE_TASK
from bot.views.message import Message
from bot.views.offers import choices
from bot.views.tasks import search as search_views
from bot.views.tracking import timer as views
from bot.views.tracking.undone import undone
from bot.views.tracking.which import which
from handlers.asking import Ask, Click, Command, Lookup, Submission, row_id, target_of
from handlers.grammar import TRACK, available, parse_track
from handlers.grammar.track_values import (
    Cancel,
    Log,
    Note,
    Resume,
    Start,
    Status,
    Stop,
    Switch,
    Tasks,
    TrackCommand,
    TrackHelp,
    Undo,
)
from handlers.replies import (
    Both,
    Choices,
    CloseModals,
    Ephemeral,
    FieldErrors,
    OpenModal,
    Reply,
    Update,
)
from handlers.routes import Routes
from handlers.tracking.bare import BareTaskHandlers

VerbHandler: TypeAlias = Callable[[Command, Any], Reply]
"""Answers one verb; the second argument is its command value."""

NAME = "/track"

OFFERED = available(
    TRACK,
    {
        "start",
        "stop",
        "switch",
        "resume",
        "status",
        "note",
        "cancel",
        "log",
        "today",
        "week",
        "report",
        "schedule",
        "tasks",
        "edit",
        "undo",
        "done",
        "connect",
        "submit",
        "approvals",
        "unlock",
        "token",
        "settings",
        "help",
    },
)
"""The verbs that are answered, here or by other features."""


class TrackHandlers:
    """Everything that ``/track`` does, and what its messages' buttons do."""

    def __init__(
        self,
        *,
        tracking: Tracking,
        time_log: TimeLog,
        undoing: Undoing,
        completing: Completing,
        day: Callable[[Ask, str], Message],
        bare: BareTaskHandlers,
        undo_done: Callable[[Command], Reply | None],
        others: Mapping[type[TrackCommand], VerbHandler],
    ) -> None:
        """Takes the services, and ``others``: the verbs that other features answer."""
        self._day = day
        self._bare = bare
        self._undo_done = undo_done
        self._tracking = tracking
        self._time_log = time_log
        self._undoing = undoing
        self._completing = completing
        self._verbs: Mapping[type[TrackCommand], VerbHandler] = {
            Start: self._start,
            Switch: self._start,
            Stop: self._stop,
            Resume: self._resume,
            Status: self._status,
            Note: self._note,
            Cancel: self._cancel,
            Log: self._log,
            Tasks: self._tasks,
            Undo: self._undo_last,
            TrackHelp: self._help,
            **others,
        }

    def register(self, routes: Routes) -> None:
        """The command, its buttons and its forms."""
        routes.command(NAME, self.command)
        routes.click("track.start", self.start_clicked)
        routes.click("track.stop", self.stop_clicked)
        routes.click("track.resume", self.resume_clicked)
        routes.click("track.undo", self.undo_clicked)
        routes.click("track.pick", self.picked)
        routes.click("track.note", self.note_clicked)
        routes.click("track.search", self.search_clicked)
        routes.click("track.help", self.help_clicked)
        routes.submission(views.NOTE_FORM, self.note_submitted)
        routes.submission(search_views.SEARCH_FORM, self.search_submitted)
        routes.lookup("track.find", self.searched)

    def command(self, ask: Command) -> Reply:
        """``/track`` and whatever follows."""
        if not ask.text.strip():
            now = self._tracking.status(who=ask.who, now=ask.now)
            return Ephemeral(views.status_and_help(now))
        try:
            parsed = parse_track(ask.text, OFFERED)
            return self._verbs[type(parsed)](ask, parsed)
        except UnknownVerb as error:
            return self._bare.answer(ask, error)
        except (MissingTask, UsageError) as error:
            return Ephemeral(self._usage(error.verb, failures.sentence(error).text))

    def _usage(self, name: str, head: str = "") -> Message:
        verb = next(verb for verb in OFFERED if verb.name == name)
        return help_views.one_verb(NAME, verb, head=head)

    def _help(self, ask: Command, parsed: TrackHelp) -> Reply:
        del ask
        if parsed.verb:
            return Ephemeral(self._usage(parsed.verb))
        return Ephemeral(help_views.every_verb(NAME, OFFERED))

    def _start(self, ask: Command, parsed: Start | Switch) -> Reply:
        done = self._tracking.start(
            who=ask.who,
            ref=parsed.task,
            when=parsed.when,
            note=parsed.note,
            now=ask.now,
            channel_id=ask.channel_id,
        )
        return Ephemeral(views.started(done) if isinstance(done, Started) else which(done))

    def _stop(self, ask: Command, parsed: Stop) -> Reply:
        done = self._tracking.stop(
            who=ask.who,
            when=parsed.when,
            note=parsed.note,
            now=ask.now,
            ref=parsed.task,
            typed=parsed.typed,
        )
        return Ephemeral(self._stopped(ask, done))

    def _resume(self, ask: Command, parsed: Resume) -> Reply:
        del parsed
        return Ephemeral(views.started(self._tracking.resume(who=ask.who, now=ask.now)))

    def _status(self, ask: Command, parsed: Status) -> Reply:
        del parsed
        return Ephemeral(views.status(self._tracking.status(who=ask.who, now=ask.now)))

    def _note(self, ask: Command, parsed: Note) -> Reply:
        if not parsed.text:
            return OpenModal(views.note_form(self._tracking.running(who=ask.who, now=ask.now)))
        done = self._tracking.note(who=ask.who, text=parsed.text, now=ask.now)
        return Ephemeral(views.note_saved(done))

    def _cancel(self, ask: Command, parsed: Cancel) -> Reply:
        del parsed
        return Ephemeral(views.cancelled(self._tracking.cancel(who=ask.who, now=ask.now)))

    def _log(self, ask: Command, parsed: Log) -> Reply:
        if parsed.otherwise is not None:
            meant = self._bare.doubted(ask, parsed, parsed.otherwise)
            if not isinstance(meant, Log):
                return meant
            parsed = meant
        done = self._time_log.log(
            who=ask.who,
            ref=parsed.task,
            amount=parsed.amount,
            day=parsed.day,
            note=parsed.note,
            now=ask.now,
            request_id=ask.request_id,
            channel_id=ask.channel_id,
        )
        return Ephemeral(views.logged(done) if isinstance(done, Logged) else which(done))

    def _tasks(self, ask: Command, parsed: Tasks) -> Reply:
        found = self._tracking.search(who=ask.who, text=parsed.words, now=ask.now)
        if not found.total:
            instead = self._tracking.instead(who=ask.who, text=parsed.words, now=ask.now)
            return Ephemeral(search_views.no_task(parsed.words, instead))
        return Ephemeral(search_views.task_list(found, parsed.words, self._completing.tool_can))

    def _undo_last(self, ask: Command, parsed: Undo) -> Reply:
        del parsed
        done = self._undo_done(ask)  # where that came after everything else they did
        return done or Ephemeral(undone(self._undoing.undo_last(who=ask.who, now=ask.now)))

    # Buttons and forms

    def help_clicked(self, ask: Click) -> Reply:
        """*All commands*."""
        del ask
        return Ephemeral(help_views.every_verb(NAME, OFFERED))

    def start_clicked(self, ask: Click) -> Reply:
        """*Start* on a task or project, or *Start again* what an entry was."""
        on, _, entry = ask.value.partition("@")
        like = TimeEntryId(row_id(entry)) if entry else None
        done = self._tracking.start_on(who=ask.who, target=target_of(on), now=ask.now, like=like)
        return Ephemeral(views.started(done))

    def stop_clicked(self, ask: Click) -> Reply:
        """*Stop*: the timer that the button was made for, and no newer one."""
        entry, _, shown = ask.value.partition(":")
        entry_id = TimeEntryId(row_id(entry)) if entry else None
        done = self._tracking.stop(who=ask.who, entry_id=entry_id, now=ask.now)
        message = self._stopped(ask, done)
        if shown and not ask.view_id:
            return Both(Update(self._day(ask, shown)), Ephemeral(message))
        return Update(message)

    def resume_clicked(self, ask: Click) -> Reply:
        """*Resume* the last task."""
        return Ephemeral(views.started(self._tracking.resume(who=ask.who, now=ask.now)))

    def undo_clicked(self, ask: Click) -> Reply:
        """*Undo* what the message tells."""
        done = self._undoing.undo(who=ask.who, step=ask.value, now=ask.now)
        return Update(undone(done))

    def picked(self, ask: Click) -> Reply:
        """A task was chosen from several, or from what is near."""
        pending, _, chosen = ask.value.partition(":")
        return Update(self._pick(ask, pending, chosen))

    def note_clicked(self, ask: Click) -> Reply:
        """*Note* opens a form with the note as it is."""
        entry_id = TimeEntryId(row_id(ask.value))
        found = self._tracking.entry(who=ask.who, entry_id=entry_id, now=ask.now)
        return OpenModal(views.note_form(found))

    def note_submitted(self, ask: Submission) -> Reply:
        """The note was written."""
        done = self._tracking.note(
            who=ask.who,
            text=ask.fields.text(views.NOTE),
            entry_id=TimeEntryId(row_id(ask.metadata)),
            now=ask.now,
        )
        now = self._tracking.status(who=ask.who, now=ask.now)
        if now.timer is not None and now.timer.entry_id == done.entry_id:
            return CloseModals(views.status(now, noted_by=done.step), replaces=True)
        return CloseModals(views.note_saved(done))

    def search_clicked(self, ask: Click) -> Reply:
        """*Search tasks*; the value keeps the time and note of a command, if there was one."""
        self._tracking.check_reach(who=ask.who, now=ask.now)
        return OpenModal(search_views.search_form(ask.value))

    def searched(self, ask: Lookup) -> Reply:
        """Somebody types into the select of that form."""
        found = self._tracking.suggestions(who=ask.who, text=ask.query, now=ask.now)
        return Choices(choices(found.candidates))

    def search_submitted(self, ask: Submission) -> Reply:
        """A task was found in that form."""
        chosen = ask.fields.choice(search_views.TASK)
        if not chosen:
            return FieldErrors({search_views.TASK: CHOOSE_TASK})
        if ask.metadata:
            return CloseModals(self._pick(ask, ask.metadata, chosen))
        done = self._tracking.start_on(who=ask.who, target=target_of(chosen), now=ask.now)
        return CloseModals(views.started(done))

    def _stopped(self, ask: Ask, done: Stopped) -> Message:
        can = self._completing.can(who=ask.who, on=done.end.on, now=ask.now)
        return views.stopped(done, can_complete=can)

    def _pick(self, ask: Click | Submission, pending: str, chosen: str) -> Message:
        done = self._tracking.pick(
            who=ask.who, pending_id=row_id(pending), target=target_of(chosen), now=ask.now
        )
        return views.started(done) if isinstance(done, Started) else views.logged(done)
