"""What is said of reports that are made in the background."""

from datetime import date

from bot.domain.reports.report_runs import Progress, ReportRun, RunWish
from bot.views.message import Message, actions, button, context, section
from bot.views.reports.own import period_named

REPORT_CANCEL = "report.cancel"

LATER = "This report is a long one. It comes as a direct message from Hourlink."
OVER = Message("That report is made already, or was called off.")


def later() -> Message:
    """In place of a report that nobody should wait for."""
    return Message(LATER, [section(LATER)])


def working(run: ReportRun, progress: Progress, today: date) -> Message:
    """While it is made."""
    text = f"Working on {_what(run.wish, today)}: {progress.percent} % done."
    return Message(text, [section(text), actions(button("Cancel", REPORT_CANCEL, str(run.id)))])


def cancelled(wish: RunWish, today: date) -> Message:
    """Called off."""
    text = f"Called off: {_what(wish, today)}."
    return Message(text, [section(text)])


def not_made(wish: RunWish, today: date, why: Message) -> Message:
    """It could not be made."""
    text = f"Could not make {_what(wish, today)}."
    return Message(f"{text} {why.text}", [section(text), context(why.text)])


def file_came(wish: RunWish, today: date, said: str) -> Message:
    """The message's end, where the result is a file."""
    text = f"Made {_what(wish, today)}: the file is below."
    return Message(f"{text} {said}", [section(text), context(said)])


def _what(wish: RunWish, today: date) -> str:
    period = period_named(wish.choice.period, today)
    made = f"your {wish.form.upper()} file" if wish.form else "your report"
    return f"{made} by {wish.choice.group.value}, {period}"
