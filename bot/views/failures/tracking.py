"""What to say about tracking that could not be done, with the button that helps."""

from bot.domain.entries.entries import TaskLabel
from bot.domain.tracking import tracking_errors as errors
from bot.views.entries.listing import EDIT
from bot.views.message import Block, Message, actions, button, clipped, escaped, section
from bot.views.offers import again_on, connect_a_tool, log_time, search_tasks, target
from bot.views.saying import says
from bot.views.times import clock, keyed, named, spans
from bot.views.tracking.timer import running_line, timer_buttons
from bot.views.words import GUESTS, ask_an_admin

_MOST_EDITED = 3
"""Entries in the way that have a button."""


@says(errors.AccountNotConnected)
def _not_connected(error: errors.AccountNotConnected) -> Message:
    tool = f"{escaped(error.provider)} ({escaped(error.site)})"
    what = f"*{escaped(error.project_name)}* comes" if error.project_name else "Your tasks come"
    text = (
        f"{what} from {tool}, and your account there is not connected yet. Only connected people "
        "track time on its tasks, so that the time is written down under the right name."
    )
    if error.for_guest is not None:
        return Message(f"{text} {GUESTS} {ask_an_admin(error.for_guest)}.")
    connect = button("Connect", "people.connect", str(error.integration_id), style="primary")
    return _with_buttons(text, connect)


@says(errors.NoProviderAccess)
def _no_access(error: errors.NoProviderAccess) -> str:
    tool = f"{escaped(error.provider)} ({escaped(error.site)})"
    return (
        f"*{escaped(error.project_name)}* comes from {tool}, and your account there may not see "
        "it. Once somebody gives it access there, the next sync brings it here."
    )


@says(errors.NothingToTrackOn)
def _nothing_to_track_on(error: errors.NothingToTrackOn) -> Message:
    if not error.has_tools:
        text = "No tool is connected to Hourlink yet, so there is nothing to track time on."
        row = [connect_a_tool(), button("Projects", "projects.open")]
        wish = "to connect one"
    else:
        text = "There is no project that you can track time on."
        if error.deleted:
            text = (
                f"*{escaped(error.deleted)}* was deleted or hidden in {escaped(error.provider)} "
                f"({escaped(error.site)}). What was tracked stays, and there is no other project "
                "that you can track time on."
            )
        row = [
            button("Connect projects", "link.choose", style="primary"),
            button("Projects", "projects.open"),
        ]
        wish = "to put you on one"
    if error.is_admin:
        return _with_buttons(text, *row)
    return Message(f"{text} {ask_an_admin(error.admins)} {wish}.")


@says(errors.NoTimerRunning)
def _nothing_runs(error: errors.NoTimerRunning) -> Message:
    last = error.last
    if last is None:
        text = "No timer is running. Start one: `/track start TASK-12`."
        return _with_buttons(text, search_tasks(), log_time())
    text = f"No timer is running. {keyed(last.on)} ended at {clock(last.until, error.now)}."
    return _with_buttons(
        text, button("Start again", "track.start", again_on(last.on, last.entry_id))
    )


@says(errors.AnotherTimerRuns)
def _another(error: errors.AnotherTimerRuns) -> Message:
    text = f"{running_line(error.timer)} Stop it first; nothing was changed."
    return Message(text, [section(text), timer_buttons(error.timer)])


@says(errors.OtherTimerRuns)
def _other(error: errors.OtherTimerRuns) -> Message:
    text = f"{keyed(error.asked)} is not what runs. {running_line(error.timer)} It runs on."
    return Message(text, [section(text), timer_buttons(error.timer)])


@says(errors.ProjectArchived)
def _archived(error: errors.ProjectArchived) -> str:
    by_hand = (
        "You can log time by hand: `/track log`."
        if error.is_admin
        else "An admin can log time by hand."
    )
    return f"*{escaped(error.project_name)}* is archived: its timer is off. {by_hand}"


@says(errors.ProjectUnlinked)
def _unlinked(error: errors.ProjectUnlinked) -> Message:
    project, key = escaped(error.project_name), escaped(error.key)
    text = (
        f"*{project}* is no longer linked to {escaped(error.provider)} ({escaped(error.site)}), so "
        f"no more time is tracked on *{key}*. What was tracked stays."
    )
    row: list[Block] = []
    if error.is_admin:
        row.append(button("Connect projects", "link.choose", style="primary"))
    else:
        text += f" {ask_an_admin(error.admins)} to link it again."
    if error.project_id is not None:
        text += f" Time on *{project}* itself can be tracked."
        name = clipped(error.project_name, 60)
        on = target(TaskLabel(error.project_id, error.project_name))
        row.append(button(f"Start {name}", "track.start", on))
    return _with_buttons(text, *row) if row else Message(text)


@says(errors.TaskRequired)
def _task_required(error: errors.TaskRequired) -> str:
    name = escaped(error.project_name)
    return f"Your team tracks time on tasks. Name a task of *{name}*: `/track tasks`."


@says(errors.EntryOverlaps)
def _overlaps(error: errors.EntryOverlaps) -> Message:
    text = f"That time is taken: {spans(error.lines, error.now)}. Nothing was changed."
    return _with_buttons(
        text,
        *(
            button(f"Edit {clipped(one.on.short, 50)}", f"{EDIT}#{one.entry_id}", str(one.entry_id))
            for one in error.lines[:_MOST_EDITED]
        ),
    )


@says(errors.StartsBeforeTimer)
def _before_timer(error: errors.StartsBeforeTimer) -> Message:
    timer = error.timer
    text = (
        f"{keyed(timer.on)} has been running since {clock(timer.since, timer.now)}, so nothing "
        f"else can start at {clock(error.at, timer.now)}. Give a later time, or stop it first."
    )
    return Message(text, [section(text), timer_buttons(timer)])


@says(errors.StopsBeforeStart)
def _before_start(error: errors.StopsBeforeStart) -> Message:
    timer = error.timer
    text = (
        f"{keyed(timer.on)} began at {clock(timer.since, timer.now)}, so it cannot end at "
        f"{clock(error.at, timer.now)}. It is still running."
    )
    return Message(text, [section(text), timer_buttons(timer)])


@says(errors.NothingToResume)
def _nothing_to_resume(error: errors.NothingToResume) -> Message:
    del error
    text = "You have not tracked anything yet. Start with `/track start TASK-12`."
    return _with_buttons(text, search_tasks(), log_time())


@says(errors.NothingToUndo)
def _nothing_to_undo(error: errors.NothingToUndo) -> str:
    del error
    return "There is nothing left to undo."


@says(errors.TargetUnknown)
def _unknown_target(error: errors.TargetUnknown) -> Message:
    del error
    return _with_buttons("That is no longer there, or not for you to track.", search_tasks())


@says(errors.AlreadyOn)
def _already_on(error: errors.AlreadyOn) -> Message:
    timer = error.timer
    text = f"Already on {named(timer.on)} since {clock(timer.since, timer.now)}."
    if error.is_more_wished:
        text += " Nothing was changed: *Note* and *Edit* change its note and beginning."
    return Message(text, [section(text), timer_buttons(timer)])


@says(errors.AlreadyStopped)
def _already_stopped(error: errors.AlreadyStopped) -> Message:
    end = error.end
    ended = (
        "That timer is not running any more."
        if end is None
        else f"{keyed(end.on)} ended at {clock(end.until, error.now)} already."
    )
    if error.timer is None:
        return Message(f"{ended} No timer is running.")
    text = f"{ended} {running_line(error.timer)}"
    return Message(text, [section(text), timer_buttons(error.timer)])


@says(errors.AlreadyAnswered)
def _already_answered(error: errors.AlreadyAnswered) -> str:
    del error
    return (
        "This was answered before, or is older than a day. `/track status` shows what runs; "
        "to begin anew, type the command again."
    )


@says(errors.AlreadyLogged)
def _already_logged(error: errors.AlreadyLogged) -> str:
    del error
    return "That is logged already; `/track today` shows it."


@says(errors.ChangedSince)
def _changed_since(error: errors.ChangedSince) -> str:
    del error
    return "That was taken back or changed since, so nothing was changed now. See `/track today`."


def _with_buttons(text: str, *buttons: Block) -> Message:
    return Message(text, [section(text), actions(*buttons)])
