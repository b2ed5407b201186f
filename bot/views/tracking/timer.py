"""What tracking answers: short private messages whose buttons go on."""

from datetime import datetime

from bot.domain.entries.entries import (
    LONGEST_NOTE,
    LabelledEntry,
    StopReason,
    TaskLabel,
)
from bot.domain.ids import TimeEntryId
from bot.domain.tracking.tracking import (
    Cancelled,
    Logged,
    Noted,
    RunningTimer,
    Started,
    Status,
    Stopped,
    TimerEnd,
)
from bot.views.entries.listing import edit_button
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    clipped,
    context,
    form_input,
    section,
)
from bot.views.offers import again_on, log_time, search_tasks
from bot.views.tasks.done import done_button
from bot.views.times import clock, dated, day_parts, keyed, length, named, noted, shared, until

NOTE_FORM = "track.note"
NOTE = "note"

_DAY = 24 * 3600

_WHY = {
    StopReason.PROJECT_ARCHIVED: "the project was archived",
    StopReason.PROJECT_UNLINKED: "the project was unlinked",
    StopReason.PROJECT_GONE: "the project was deleted in its tool",
    StopReason.ACCESS_LOST: "your account no longer has access to the project in its tool",
    StopReason.REMOVED_FROM_PROJECT: "you no longer belong to the project",
    StopReason.ACCOUNT_LINK_ENDED: "your account there is no longer connected",
    StopReason.INTEGRATION_DISCONNECTED: "its tool was disconnected",
    StopReason.MEMBER_DEACTIVATED: "your account was deactivated",
    StopReason.UNINSTALLED: "Hourlink was removed from the workspace",
    StopReason.NO_ANSWER: "you did not answer whether you were still working",
}


def started(done: Started) -> Message:
    """A timer runs, and perhaps another one was saved for it."""
    timer = done.timer
    at = clock(timer.since, timer.now)
    begun = f"tarted {named(timer.on)} at {at}."
    before = done.stopped
    if before is None:
        head = f"S{begun}"
    elif before.seconds:
        head = f"Stopped {keyed(before.on)} after {_split(before)}, s{begun}"
    else:
        head = f"{keyed(before.on)} had run for less than a second and is not kept. S{begun}"
    text = f"{head} Today: {length(done.today)}.{shared(done.overlaps, timer.now)}"
    text += " The task is marked done." if done.is_done else ""
    buttons = (*_timer_buttons(timer), _undo(done.step, "the start"))
    blocks = [section(text), *_note(timer.note), *_source(timer), actions(*buttons)]
    return Message(_with_note(text, timer.note), blocks)


def stopped(done: Stopped, *, can_complete: bool = False) -> Message:
    """The timer was stopped and saved; where its task can be marked done, that is offered."""
    end, today = done.end, f"Today: {length(done.today)}."
    again = button(
        "Start again",
        "track.start",
        again_on(end.on, end.entry_id),
        says=f"Start {clipped(end.on.short, 50)} again",
    )
    undo = _undo(done.step, "the stop")
    if not end.seconds:
        text = f"{named(end.on)} had run for less than a second, so nothing is kept. {today}"
        return Message(text, [section(text), actions(again, undo)])
    when = "" if end.until == done.now else f" at {clock(end.until, done.now)}"
    text = f"Stopped {named(end.on)}{when} after {_split(end)}. {today}"
    edit = edit_button(end.entry_id, end.on, here=True)
    complete = (done_button(end.on),) if can_complete else ()
    blocks = [section(text), *_note(end.note), actions(again, edit, *complete, undo)]
    return Message(_with_note(text, end.note), blocks)


def cancelled(done: Cancelled) -> Message:
    """The timer was thrown away."""
    text = (
        f"Threw away {named(done.on)}: {length(done.seconds)} since "
        f"{clock(done.since, done.now)} is not counted."
    )
    return Message(text, [section(text), actions(_undo(done.step, "throwing it away"))])


def note_saved(done: Noted) -> Message:
    """The note is there, or gone."""
    if done.note:
        text = f"Note on {named(done.on)}: {noted(done.note)}"
    else:
        text = f"The note on {named(done.on)} is removed."
    return Message(text, [section(text), actions(*_noted_buttons(done))])


def _noted_buttons(done: Noted) -> list[Block]:
    edit = edit_button(done.entry_id, done.on, here=True)
    buttons = [*_running_buttons(done.entry_id, done.on)] if done.is_running else []
    return [*buttons, edit, *([_undo(done.step, "the note")] if done.step else [])]


def status(now: Status, noted_by: str = "") -> Message:
    """What runs, and the day so far; ``noted_by`` is the step that changed its note just now."""
    today = f"Today: {length(now.today)}."
    timer = now.timer
    if timer is None:
        text = f"No timer is running. {today}"
        row = actions(search_tasks(), log_time())
        return Message(text, [section(text), row])
    text = running_line(timer, today)
    undo = [_undo(noted_by, "the note")] if noted_by else []
    row = actions(*_timer_buttons(timer), *undo)
    blocks = [section(text), *_note(timer.note), *_source(timer), row]
    return Message(_with_note(text, timer.note), blocks)


def status_and_help(now: Status) -> Message:
    """The same, and how to go on, for whoever typed the command alone."""
    shown = status(now)
    hint = "Start: `/track start TASK-12`. All commands: `/track help`."
    return Message(f"{shown.text} {hint}", [*shown.blocks, context(hint)])


def running_line(timer: RunningTimer, after: str = "") -> str:
    """On what, since when, how long."""
    since = clock(timer.since, timer.now)
    return f"On {named(timer.on)} since {since}, {length(timer.seconds)}. {after}".strip()


def logged(done: Logged) -> Message:
    """Time already worked was saved."""
    is_today = done.day == done.now.date()
    when = "" if is_today else f" on {dated(done.day, done.now.date())}"
    span = "" if not (done.start and done.end) else f", {done.start:%H:%M} to {until(done.end)}"
    total = f"{'Today' if is_today else 'That day'}: {length(done.day_total)}."
    text = f"Logged {length(done.seconds)} to {named(done.on)}{when}{span}. {total}"
    text += shared(done.overlaps, done.now)
    text += " That is more than a day has." if done.day_total > _DAY else ""
    edit = edit_button(done.entry_id, done.on, here=True)
    row = actions(edit, _undo(done.step, "this entry"))
    return Message(_with_note(text, done.note), [section(text), *_note(done.note), row])


def note_form(found: LabelledEntry) -> Modal:
    """One field: the note of an entry."""
    field: Block = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST_NOTE}
    if found.entry.note:
        field["initial_value"] = found.entry.note
    about = section(f"Note on {named(found.on)}")
    return Modal(
        NOTE_FORM,
        "Note",
        [about, form_input("Note", NOTE, field, optional=True)],
        submit="Save",
        metadata=str(found.entry.id),
        returns=True,
    )


def stopped_for_them(end: TimerEnd, now: datetime) -> Message:
    """Tells an owner that their timer was stopped, once (T15).

    Args:
        end: How it ended.
        now: When they are told: a day is named where it ended on another one, as that of a
            workspace that removed Hourlink and installs it again.
    """
    reason = why(end.because) if end.because else "you can no longer track time on it"
    kept = f"{length(end.seconds)} is kept" if end.seconds else "nothing had been tracked yet"
    text = (
        f"Your timer on {named(end.on)} was stopped at "
        f"{clock(end.until, now.astimezone(end.until.tzinfo))}, "
        f"because {reason}: {kept}."
    )
    return Message(text, [section(text)])


def why(reason: StopReason) -> str:
    """Why Hourlink itself stopped a timer, to follow *because*."""
    return _WHY[reason]


def timer_buttons(timer: RunningTimer) -> Block:
    """The row under a message about a running timer."""
    return actions(*_timer_buttons(timer))


def _timer_buttons(timer: RunningTimer) -> tuple[Block, ...]:
    edit = edit_button(timer.entry_id, timer.on, here=True)
    return (*_running_buttons(timer.entry_id, timer.on), edit)


def _running_buttons(entry_id: TimeEntryId, on: TaskLabel) -> tuple[Block, ...]:
    entry, name = str(entry_id), clipped(on.short, 50)
    return (
        button("Stop", "track.stop", entry, says=f"Stop {name}"),
        button("Note", "track.note", entry, says=f"Change the note on {name}"),
    )


def _undo(step: str, what: str) -> Block:
    return button("Undo", "track.undo", step, says=f"Undo {what}")


def _split(end: TimerEnd) -> str:
    """The length, with each day's part where there are several."""
    if len(end.days) < 2:  # noqa: PLR2004 - one day needs no list
        return length(end.seconds)
    return f"{length(end.seconds)} ({day_parts(end.days)})"


def _note(note: str) -> list[Block]:
    return [context(f"Note: {noted(note)}")] if note else []


def _source(timer: RunningTimer) -> list[Block]:
    return [context(f"From <{timer.permalink}|this message>")] if timer.permalink else []


def _with_note(text: str, note: str) -> str:
    return f"{text} Note: {noted(note)}" if note else text
