"""Who is tracking now: a list for managers and admins, in a message or as a form."""

from bot.domain.ids import ProjectId
from bot.domain.tracking.team_timers import (
    LONGEST_REASON,
    TIMERS_SHOWN,
    StoppedByOther,
    StoppedForSomebody,
    StopWanted,
    TeamTimer,
    TeamTimers,
    TeamTimersAsked,
    TheirTimerEnded,
)
from bot.domain.tracking.tracking import Status, TimerEnd
from bot.views.entries.listing import EDIT, edit_button
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    clipped,
    context,
    escaped,
    form_input,
    menu,
    section,
    spoken,
)
from bot.views.offers import again_on
from bot.views.saying import says
from bot.views.times import clock, length, named, noted, quiet, told
from bot.views.tracking import timer as timer_views
from bot.views.words import counted

OPEN = "team.timers"
TURN = "team.turn"
STOP = "team.stop"
STOP_FORM = "team.stop"
LIST = "team.timers"
DAY, TIME, REASON = "day", "time", "reason"

_NAME = 80
_ONLY = "Admins see who else is tracking now, and managers do on their projects."


def who_button(project_id: ProjectId | None = None) -> Block:
    """*Who is tracking*: everybody that one may see, or those on one project."""
    value = place(TeamTimersAsked(project_id))
    return button("Who is tracking", OPEN, value, says="See who is tracking now")


def place(asked: TeamTimersAsked) -> str:
    """A page of the list, as a button holds it."""
    return f"{asked.project_id or 0}:{asked.page}"


def in_message(found: TeamTimers) -> Message:
    """As a message, whose buttons turn its pages."""
    lines = [_head(found), *(_line(one, found) for one in found.timers), *_more(found)]
    return Message(spoken(lines), _blocks(found))


def in_form(found: TeamTimers) -> Modal:
    """The same over the App Home, the Overview or a project's page."""
    return Modal(LIST, "Tracking now", _blocks(found), close="Close", returns=True)


def only_own(now: Status) -> Message:
    """For who manages nothing: why they see no others, and what they track themselves."""
    own = timer_views.status(now)
    return Message(f"{_ONLY} {own.text}", [section(_ONLY), *own.blocks])


def stop_form(wanted: StopWanted, metadata: str) -> Modal:
    """When it stopped, and why."""
    timer, who = wanted.timer, told(wanted.person, _NAME)
    since = clock(timer.since, timer.now)
    about = (
        f"Stop *{who}*'s timer on {named(timer.on)}? It has been running since {since}, "
        f"{length(timer.seconds)}. What was tracked is kept."
    )
    blocks = [section(about)]
    if wanted.spans_days:
        picker: Block = {"type": "datepicker", "initial_date": f"{timer.now:%Y-%m-%d}"}
        blocks.append(form_input("Day", DAY, picker))
    clock_hint = f"In your time zone, {wanted.zone}. Left empty, it stops now."
    blocks += [
        form_input("Stopped at", TIME, {"type": "timepicker"}, hint=clock_hint, optional=True),
        form_input(
            "Reason",
            REASON,
            {"type": "plain_text_input", "max_length": LONGEST_REASON},
            hint="Told to them, and kept in the history of the entry and in the audit log.",
        ),
    ]
    return Modal(STOP_FORM, "Stop a timer", blocks, submit="Stop", metadata=metadata, returns=True)


def stopped(done: StoppedForSomebody) -> Message:
    """To whoever stopped it."""
    end, who = done.end, told(done.person, _NAME)
    at = clock(end.until, done.now)
    text = f"Stopped {who}'s timer on {named(end.on)} at {at}{_kept(end)}"
    text += " They are told why." if done.is_told else ""
    undo = button("Undo", "track.undo", done.step, says="Undo the stop")
    edit = [edit_button(end.entry_id, end.on)] if end.seconds else []
    return Message(text, [section(text), actions(*edit, undo, who_button())])


def stopped_by_other(found: StoppedByOther) -> Message:
    """To its owner."""
    end = found.end
    at = clock(end.until, found.now)
    head = f"{escaped(found.who)} stopped your timer on {named(end.on)} at {at}"
    text = f"{head}: {noted(found.reason).rstrip('.')}. {length(end.seconds)} is kept."
    edit = [edit_button(end.entry_id, end.on)] if found.may_edit else []
    again = button(
        "Start again",
        "track.start",
        again_on(end.on, end.entry_id),
        says=f"Start {clipped(end.on.short, 50)} again",
    )
    return Message(text, [section(text), actions(*edit, again)])


def _kept(end: TimerEnd) -> str:
    return f" after {length(end.seconds)}." if end.seconds else "; nothing had been tracked yet."


@says(TheirTimerEnded)
def _ended(error: TheirTimerEnded) -> str:
    who = told(error.person, _NAME)
    said = f"{who}'s timer on {named(error.on)} is not running any more."
    if error.end is not None:
        said = f"{who}'s timer on {named(error.on)} ended at {clock(error.end.until, error.now)}."
    if error.timer is not None:
        since = clock(error.timer.since, error.now)
        said += f" They are on {named(error.timer.on)} since {since}, which runs on."
    return f"{said} Nothing was changed."


def _blocks(found: TeamTimers) -> list[Block]:
    at = place(found.asked)
    rows = [section(_line(one, found), accessory=_menu(one, at)) for one in found.timers]
    return [
        section(f"*{_head(found)}*"),
        *rows,
        *(context(one) for one in _more(found)),
        actions(*_turns(found), button("Refresh", f"{TURN}#same", at, says="Show who tracks now")),
    ]


def _head(found: TeamTimers) -> str:
    where = f" on {told(found.project)}" if found.project else ""
    if not found.project and not found.is_all:
        where = " on your projects"
    if not found.timers:
        return f"Nobody is tracking now{where}."
    people = "1 person is" if found.total == 1 else f"{found.total:,} people are"
    return f"{people} tracking now{where}."


def _line(one: TeamTimer, found: TeamTimers) -> str:
    name = f"{told(one.person, _NAME)} (you)" if one.is_asker else told(one.person, _NAME)
    is_told = bool(one.on.task_id) and not found.project
    project = f", {told(one.on.project_name, _NAME)}" if is_told else ""
    where = "" if found.is_all else " on your projects"
    where = " on it" if found.project else where
    since = clock(one.since, one.now)
    return (
        f"*{name}*: {quiet(one.on)}{project}\n"
        f"Since {since}, {length(one.seconds)}. Today{where}: {length(one.today)}."
    )


def _menu(one: TeamTimer, at: str) -> Block:
    stop = "Stop" if one.is_asker else "Stop..."
    value = str(one.entry_id)
    return menu(value, (stop, STOP, f"{value}:{at}"), ("Edit", EDIT, value))


def _more(found: TeamTimers) -> list[str]:
    if found.total <= TIMERS_SHOWN:
        return []
    first = found.asked.page * TIMERS_SHOWN + 1
    last = first + len(found.timers) - 1
    return [f"{first} to {last} of {counted(found.total, 'timer')}, the longest first."]


def _turns(found: TeamTimers) -> list[Block]:
    project, page = found.asked.project_id, found.asked.page
    turns = []
    if page > 0:
        before = place(TeamTimersAsked(project, page - 1))
        turns.append(button("Longer", f"{TURN}#before", before, says="Timers that run longer"))
    if (page + 1) * TIMERS_SHOWN < found.total:
        after = place(TeamTimersAsked(project, page + 1))
        turns.append(button("More", f"{TURN}#after", after, says="Timers that run less long"))
    return turns
