"""What to say about entries that could not be changed, with the button that helps."""

from bot.domain.entries import editing_errors as errors
from bot.domain.entries import respan
from bot.views.entries.words import history_line
from bot.views.message import Message, actions, button, escaped, section
from bot.views.offers import log_time, search_tasks
from bot.views.saying import says
from bot.views.times import clock, day, named
from bot.views.words import quoted


@says(errors.NotYourEntry)
def _not_yours(error: errors.NotYourEntry) -> str:
    del error
    return (
        "That is somebody else's time. Only they, a manager of its project or an admin can change "
        "it."
    )


@says(errors.EntryOutOfReach)
def _out_of_reach(error: errors.EntryOutOfReach) -> str:
    where = f"*{escaped(error.project_name)}*" if error.project_name else "that project"
    if error.owner:
        return f"{escaped(error.owner)} cannot track time on {where}, so nothing was changed."
    return (
        f"You are not on {where} any more, so its time is not yours to change. A manager of the "
        "project or an admin can."
    )


@says(errors.EntryDeleted)
def _deleted(error: errors.EntryDeleted) -> Message:
    who = "you" if error.by_asker else escaped(error.who) if error.who else "Hourlink"
    text = f"That time on {named(error.on)} was deleted at {clock(error.at, error.now)} by {who}."
    if not error.step:
        return Message(text)
    return Message(text, [section(text), actions(button("Undo", "track.undo", error.step))])


@says(errors.NothingToEdit)
def _nothing(error: errors.NothingToEdit) -> Message | str:
    if not error.words:
        text = "You have not tracked anything yet. Start with `/track start TASK-12`."
        return Message(text, [section(text), actions(search_tasks(), log_time())])
    return (
        f"None of your entries is for {quoted(error.words)}. Name a task, a day or a time of day: "
        "`/track edit TASK-12`, `/track edit yesterday`, `/track edit 10:30`."
    )


@says(errors.EntryChanged)
def _changed(error: errors.EntryChanged) -> str:
    did = " ".join(history_line(line) for line in error.lines)
    return f"This was changed while you had it open, so nothing was changed now. {did}".strip()


@says(respan.EndsBeforeStart)
def _ends_first(error: respan.EndsBeforeStart) -> str:
    start, end = error.start, error.end
    return (
        f"{end:%H:%M} on {day(end.date())} is not after the start, {start:%H:%M} on "
        f"{day(start.date())}."
    )
