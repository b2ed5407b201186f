"""The question about a forgotten timer, and what comes of each answer (T11)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.tracking.forgotten import QuestionState
from bot.domain.tracking.forgotten_answers import (
    Asked,
    EndWanted,
    GivenUp,
    KeptRunning,
    QuestionAnswered,
)
from bot.views.entries.listing import edit_button
from bot.views.message import (
    Block,
    Message,
    Modal,
    Option,
    actions,
    button,
    clipped,
    context,
    form_input,
    option,
    plain,
    section,
)
from bot.views.offers import again_on
from bot.views.saying import says
from bot.views.times import clock, day, keyed, length, named
from bot.views.tracking.timer import timer_buttons

KEEP, STOP, END, SNOOZE = "forgot.working", "forgot.stop", "forgot.end", "forgot.snooze"
END_FORM = "forgot.end"
DAY, TIME = "day", "time"

SNOOZES: Mapping[str, tuple[str, timedelta | None]] = {
    "30": ("Ask again in 30 minutes", timedelta(minutes=30)),
    "60": ("Ask again in 1 hour", timedelta(hours=1)),
    "120": ("Ask again in 2 hours", timedelta(hours=2)),
    "240": ("Ask again in 4 hours", timedelta(hours=4)),
    "never": ("Do not ask about this timer again", None),
}


def question(asked: Asked) -> Message:
    """Still working?"""
    timer = asked.timer
    head = (
        f"Your timer on {named(timer.on)} has been running since {clock(timer.since, timer.now)}, "
        f"{length(timer.seconds)}. Still working?"
    )
    otherwise = (
        f"Without an answer by {clock(asked.gives_up_at, timer.now)} it is stopped, and its time "
        f"ends at {clock(asked.ends_at, timer.now)}."
    )
    value, name = str(asked.question_id), clipped(timer.on.short, 40)
    row = actions(
        button("Still working", KEEP, value, style="primary", says=f"Still working on {name}"),
        button("Stop now", STOP, value, says=f"Stop {name} now"),
        button("I stopped at...", END, value, says=f"Say when you stopped {name}"),
        _snooze(value),
    )
    return Message(f"{head} {otherwise}", [section(head), row, context(otherwise)])


def _snooze(value: str) -> Block:
    return {
        "type": "static_select",
        "action_id": SNOOZE,
        "placeholder": plain("Ask me later"),
        "options": [option(Option(says, f"{value}:{key}")) for key, (says, _) in SNOOZES.items()],
    }


def kept(answer: KeptRunning) -> Message:
    """The timer runs on, and when the next question comes."""
    timer = answer.timer
    since = clock(timer.since, timer.now)
    again = (
        "You are not asked about it again."
        if answer.again_at is None
        else f"You are asked again at {clock(answer.again_at, timer.now)}."
    )
    text = f"{named(timer.on)} runs on, since {since}, {length(timer.seconds)}. {again}"
    buttons = timer_buttons(timer)
    buttons["elements"].append(_snooze(str(answer.question_id)))
    return Message(text, [section(text), buttons])


def end_form(wanted: EndWanted) -> Modal:
    """*I stopped at...*: a time, and the day where the timer ran over midnight."""
    timer, suggested = wanted.timer, wanted.suggested
    blocks = [section(f"{named(timer.on)}, since {clock(timer.since, timer.now)}.")]
    if wanted.spans_days:
        picker: Block = {"type": "datepicker", "initial_date": suggested.date().isoformat()}
        blocks.append(form_input("Day", DAY, picker))
    picker = {"type": "timepicker", "initial_time": f"{suggested:%H:%M}"}
    blocks.append(form_input("You stopped at", TIME, picker))
    return Modal(
        END_FORM, "When did you stop?", blocks, submit="Stop", metadata=str(wanted.question_id)
    )


def given_up(told: GivenUp) -> Message:
    """Nobody answered: what was kept, and how to mend it."""
    end = told.end
    kept_time = f"{length(end.seconds)} is kept" if end.seconds else "nothing is kept"
    text = (
        f"You did not answer at {clock(told.asked_at, end.until)} whether you were still working "
        f"on {named(end.on)}, so its timer is stopped. Its time ends at "
        f"{clock(end.until, end.since)}: {kept_time}."
    )
    again = button(
        "Start again",
        "track.start",
        again_on(end.on, end.entry_id),
        says=f"Start {clipped(end.on.short, 50)} again",
    )
    mend = edit_button(end.entry_id, end.on)
    return Message(text, [section(text), actions(again, mend) if end.seconds else actions(again)])


@says(QuestionAnswered)
def _answered(error: QuestionAnswered) -> Message:
    at = clock(error.at, error.now)
    what = {
        QuestionState.WORKING: f"You said at {at} that you were still working.",
        QuestionState.SNOOZED: f"You chose at {at} when to be asked again.",
        QuestionState.STOPPED: "You answered this before.",
        QuestionState.UNANSWERED: f"There was no answer by {at}.",
        QuestionState.OVERTAKEN: f"You changed this timer at {at}, so the question is settled.",
        QuestionState.ASKED: "",
    }[error.state]
    end = error.end
    ended = "" if end is None else f" {keyed(end.on)} ended at {clock(end.until, error.now)}."
    if error.timer is None:
        return Message(f"{what}{ended} No timer is running.".strip())
    timer = error.timer
    text = f"{what}{ended} {named(timer.on)} is running since {clock(timer.since, timer.now)}."
    return Message(text.strip(), [section(text.strip()), timer_buttons(timer)])


def too_early(since: datetime) -> str:
    """Under the field, where the timer began later."""
    return f"The timer began at {since:%H:%M} on {day(since.date())}; choose a later time."
