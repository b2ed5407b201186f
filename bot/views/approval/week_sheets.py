"""A member's own week: submitting it, taking it back, and what became of it (T14)."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.approval import week_answers as answers
from bot.domain.approval.week_answers import (
    ProjectTotal,
    SheetView,
    Submitted,
    WeekToSubmit,
    Wished,
)
from bot.domain.approval.week_sheets import SheetState
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
    section,
)
from bot.views.saying import says
from bot.views.settings import fields
from bot.views.times import clock, day, length, noted
from bot.views.tracking.timer import running_line, timer_buttons

FORM = "sheet.submit"
WISH_FORM = "sheet.wish"
OPEN, WEEK, BACK, WISH = "sheet.open", "sheet.week", "sheet.back", "sheet.wish"
WHY = "why"
LONGEST_COMMENT = 500

_SIX_DAYS = timedelta(days=6)
_MOST_PROJECTS = 20
_STANDS = {
    SheetState.OPEN: "",
    SheetState.SUBMITTED: "submitted",
    SheetState.RETURNED: "returned",
    SheetState.APPROVED: "approved",
}


def form(week: WeekToSubmit) -> Modal:
    """Which week, what is in it, and how it stands."""
    choices = {
        one.isoformat(): f"{week_of(one)}{f', {_STANDS[state]}' if _STANDS[state] else ''}"
        for one, state in week.choices
    }
    # In a row of its own and not as an input: Slack wants a submit button wherever an input is.
    select = fields.select(choices, week.first.isoformat()) | {"action_id": WEEK}
    blocks: list[Block] = [actions(select), section(f"*{length(week.seconds)}* in all.")]
    if week.comment:
        blocks.insert(0, section(f"It was returned: {noted(week.comment)}"))
    if week.seconds:
        blocks.append(section(days_line(week.days)))
        blocks.append(section(projects_list(week.projects)))
    may_submit = week.state in {SheetState.OPEN, SheetState.RETURNED} and week.seconds > 0
    if may_submit:
        blocks.append(context(_what_it_locks(week)))
    elif week.state in {SheetState.SUBMITTED, SheetState.APPROVED}:
        blocks.append(context(f"This week is {_STANDS[week.state]}."))
    else:
        blocks.append(context("There is no time in this week to submit."))
    return Modal(
        FORM,
        "Submit a week",
        blocks,
        submit="Submit" if may_submit else None,
        close="Cancel" if may_submit else "Close",
        metadata=week.first.isoformat(),
    )


def _what_it_locks(week: WeekToSubmit) -> str:
    if week.is_over:
        return "Until it is answered, nothing in it can be changed; you can take it back."
    return (
        f"This week goes on until {day(week.first + _SIX_DAYS)}. Once it is submitted, no timer "
        "starts in it and nothing in it can be logged or changed; you can take it back."
    )


def submitted(done: Submitted) -> Message:
    """It waits, for whom; or what became of it."""
    sheet = done.view.sheet
    if sheet.state is SheetState.OPEN:
        return taken_back(done.view)
    if sheet.state is not SheetState.SUBMITTED:
        return Message(stands(done.view))
    names = ", ".join(escaped(name) for name in done.asked)
    waits = f"{names} {'is' if len(done.asked) == 1 else 'are'} asked." if names else ""
    text = f"Submitted {week_of(sheet.first)}: {length(sheet.seconds)}. {waits}".strip()
    if sheet.moved_by != sheet.member_id:
        text = f"{stands(done.view)} {waits}".strip()
    return Message(text, [section(text), actions(_take_back(sheet.id))])


def taken_back(view: SheetView) -> Message:
    """It can be changed again."""
    text = f"{week_of(view.sheet.first)} is yours again; nobody is asked about it any more."
    return Message(text, [section(text), actions(_open(view.sheet.first, "Submit..."))])


def answered(view: SheetView) -> Message:
    """What became of it, to its owner."""
    week, who = week_of(view.sheet.first), escaped(view.moved_by)
    if view.sheet.state is SheetState.APPROVED:
        return Message(
            f"{who} approved your week {week}: {length(view.sheet.seconds)}. It is locked now."
        )
    text = f"{who} returned your week {week}: {noted(view.sheet.comment)}"
    return Message(text, [section(text), actions(_open(view.sheet.first, "Look and submit..."))])


def reminder(week: WeekToSubmit) -> Message:
    """At the end of the last work day."""
    text = f"Your week {week_of(week.first)} has {length(week.seconds)}. Submit it?"
    return Message(text, [section(text), actions(_open(week.first, "Submit..."))])


def wish_form(sheet_id: int) -> Modal:
    """Why an approved week is wanted back."""
    element: Block = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": LONGEST_COMMENT,
    }
    said = "Whoever approves this week is asked to return it. Then you can change it."
    blocks = [section(said), form_input("Why?", WHY, element)]
    return Modal(WISH_FORM, "Ask to get it back", blocks, submit="Ask", metadata=str(sheet_id))


def wished(done: Wished) -> Message:
    """Those who decide were asked."""
    names = ", ".join(escaped(name) for name in done.asked)
    return Message(f"Asked {names} to return your week {week_of(done.sheet.first)}.")


def week_of(first: date) -> str:
    """``16-22 Nov 2026``."""
    last = first + _SIX_DAYS
    begin = f"{first.day}" if first.month == last.month else f"{first.day} {first:%b}"
    if first.year != last.year:
        begin = f"{first.day} {first:%b} {first.year}"
    return f"{begin}-{last.day} {last:%b} {last.year}"


def days_line(days: Sequence[tuple[date, int]]) -> str:
    """Each day with its time."""
    return "\n".join(f"{day(on)}: {length(seconds) if seconds else '-'}" for on, seconds in days)


def projects_list(projects: Sequence[ProjectTotal]) -> str:
    """Each project with its time, the longest first."""
    lines = [
        f"*{escaped(clipped(one.name, 100))}* {length(one.seconds)}"
        for one in projects[:_MOST_PROJECTS]
    ]
    rest = projects[_MOST_PROJECTS:]
    if rest:
        lines.append(f"and {len(rest)} more, {length(sum(one.seconds for one in rest))}")
    return "\n".join(lines)


def _open(first: date, label: str) -> Block:
    return button(label, OPEN, first.isoformat(), style="primary")


def _take_back(sheet_id: int) -> Block:
    return button("Take it back", BACK, str(sheet_id))


def stands(view: SheetView) -> str:
    """Where a week stands, and who brought it there."""
    sheet, who = view.sheet, "you" if view.moved_by_reader else escaped(view.moved_by)
    at = clock(view.moved_at, view.now) if view.moved_at else ""
    week = f"The week {week_of(sheet.first)} of {escaped(view.owner)}"
    if view.is_own:
        week = f"Your week {week_of(sheet.first)}"
    said = {
        SheetState.OPEN: f"was taken back by {who} at {at}",
        SheetState.SUBMITTED: f"was submitted at {at} and waits",
        SheetState.RETURNED: f"was returned by {who} at {at}",
        SheetState.APPROVED: f"was approved by {who} at {at}",
    }[sheet.state]
    if sheet.state is SheetState.SUBMITTED and sheet.moved_by != sheet.member_id:
        said = f"was approved in part by {who} at {at}; the rest waits for others"
    return f"{week} {said}."


@says(answers.SheetMoved)
def _moved(error: answers.SheetMoved) -> str:
    return f"{stands(error.view)} Nothing was changed now."


@says(answers.OwnWeek)
def _own_week(error: answers.OwnWeek) -> str:
    names = ", ".join(escaped(name) for name in error.others)
    return f"Others approve your own week: {names}. Nothing was changed."


@says(answers.TimesheetsOff)
def _off(error: answers.TimesheetsOff) -> str:
    del error
    return "Your team does not submit weeks. An admin can switch timesheets on: `/link settings`."


@says(answers.NothingToSubmit)
def _nothing(error: answers.NothingToSubmit) -> str:
    return f"There is no time in {week_of(error.first)} to submit."


@says(answers.TimerInWeek)
def _timer(error: answers.TimerInWeek) -> Message:
    text = f"{running_line(error.timer)} Stop it first, so that its time is in the week, too."
    return Message(text, [section(text), timer_buttons(error.timer)])


@says(answers.CommentMissing)
def _no_comment(error: answers.CommentMissing) -> str:
    del error
    return "Say what it is about, in a few words."
