"""What to say where a report could not be made."""

from bot.domain.reports import report_errors as errors
from bot.domain.reports import schedules
from bot.views.message import escaped
from bot.views.saying import says
from bot.views.times import told
from bot.views.words import quoted


@says(errors.NothingTrackedOn)
def _nothing(error: errors.NothingTrackedOn) -> str:
    bare = error.words.strip('"')
    near = f" Near it: {', '.join(told(name) for name in error.near)}." if error.near else ""
    return (
        f"{quoted(bare)} is neither a period nor a project or task with time that you may "
        f"see.{near} "
        "Try `/track report last week by task` or `/track help report`."
    )


@says(errors.OnlyOthersTracked)
def _only_others(error: errors.OnlyOthersTracked) -> str:
    bare = error.words.strip('"')
    return (
        f"None of your own time is on {quoted(bare)}. Other people's is: "
        f"`/track report team {escaped(error.words)}`."
    )


@says(errors.OthersTimeUnseen)
def _others_unseen(error: errors.OthersTimeUnseen) -> str:
    return (
        f"You see only your own time: `/track report`. {told(error.name)}'s is seen by admins, "
        "and by the managers of the projects it is on."
    )


@says(errors.ClientUnknown)
def _client(error: errors.ClientUnknown) -> str:
    if error.matches:
        names = ", ".join(told(name) for name in error.matches)
        return f"{quoted(error.name)} could be {names}. Type more of the client's name."
    return f"No client is called {quoted(error.name)}. `/track report by client` shows them."


@says(schedules.TooManySchedules)
def _too_many_schedules(error: schedules.TooManySchedules) -> str:
    return (
        f"{error.most} scheduled reports are the most for one person. "
        "`/track schedule` shows yours; delete one first."
    )


@says(schedules.FilesForOthers)
def _files_for_others(error: schedules.FilesForOthers) -> str:
    del error
    return (
        "Files with entries are sent to nobody but you. "
        "Leave out `csv` and `xlsx`, or `to` and what follows; a chart can go to others."
    )


@says(schedules.NoChannelHere)
def _no_channel_here(error: schedules.NoChannelHere) -> str:
    del error
    return (
        "This is no channel. Type `to #channel` or `to @name`, or leave it out to get it yourself."
    )


@says(errors.TooManyMeant)
def _too_many(error: errors.TooManyMeant) -> str:
    bare = error.words.strip('"')
    return f"{quoted(bare)} means {error.count} projects. Type more of the name."
