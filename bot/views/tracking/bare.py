"""What is offered for a task that was typed without saying what to do with it."""

from bot.domain.tracking.tracking import TaskOffer
from bot.views.message import Block, Message, actions, context, section
from bot.views.offers import target
from bot.views.times import clock, day, keyed, length, named, noted
from bot.views.tracking.log_form import Opening, log_button
from bot.views.tracking.timer import go_on, running_line, timer_buttons


def offered(found: TaskOffer) -> Message:
    """Nothing was done yet; what could be is a click away."""
    if found.is_log:
        return _log(found)
    timer = found.timer
    if timer is not None and timer.on.target == found.on.target:
        text = running_line(timer)
        return Message(text, [section(text), timer_buttons(timer)])
    at = "" if found.start is None else f" at {clock(found.start, found.now)}"
    then = f"That stops {keyed(timer.on)}." if timer else "Nothing is started yet."
    text = f"Start {named(found.on)}{at}? {then}"
    first = go_on(found.pending_id, found.on, is_log=False, style="primary")
    log = log_button(Opening(target=target(found.on)))
    return _asked(found, text, [first, log], "`/track start` with the same words does it at once.")


def _log(found: TaskOffer) -> Message:
    text = f"Log {_amount(found)} to {named(found.on)}? Nothing is saved yet."
    first = go_on(found.pending_id, found.on, is_log=True, style="primary")
    return _asked(found, text, [first], "`/track log` with the same words does it at once.")


def _amount(found: TaskOffer) -> str:
    now = found.now
    if found.start is not None and found.end is not None:
        return f"{clock(found.start, now)} to {clock(found.end, now)}"
    on = "" if found.day is None or found.day == now.date() else f" on {day(found.day)}"
    return f"{length(found.seconds or 0)}{on}"


def _asked(found: TaskOffer, text: str, buttons: list[Block], hint: str) -> Message:
    note = f"Note: {noted(found.note)}" if found.note else ""
    said = " ".join(part for part in (text, note, hint) if part)
    small = [context(part) for part in (note, hint) if part]
    return Message(said, [section(text), actions(*buttons), *small])
