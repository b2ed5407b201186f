"""``/link close``: up to which month time is closed (T13)."""

from datetime import date

from bot.domain.approval.closing_months import MonthNotOver, MonthsStanding, ReasonMissing
from bot.views.message import Block, Message, Modal, context, form_input, section
from bot.views.saying import says
from bot.views.settings import fields
from bot.views.times import day, length

FORM = "close.months"
THROUGH, REASON = "through", "reason"
CHOSEN = "close.chosen"
"""The action of choosing a month, after which the form says what that does."""
NOTHING = "none"
LONGEST_REASON = 500


def form(standing: MonthsStanding) -> Modal:
    """Which month is the last closed one, and what the choice does."""
    choices = {value_of(one): _month(one) for one in standing.offered}
    choices[NOTHING] = "No month is closed"
    select = fields.pick("Closed up to and including", THROUGH, choices, value_of(standing.chosen))
    select["dispatch_action"] = True
    select["element"]["action_id"] = CHOSEN
    now = standing.closed_through
    blocks: list[Block] = [
        section(f"Closed at present: *{_month(now) if now else 'no month'}*."),
        select,
        context(_means(standing)),
        form_input(
            "Reason",
            REASON,
            {"type": "plain_text_input", "max_length": LONGEST_REASON},
            hint="It stands in the audit log. Needed to open a month again.",
            optional=True,
        ),
    ]
    return Modal(FORM, "Close months", blocks, submit="Save")


def value_of(month: date | None) -> str:
    """How the form names a month."""
    return NOTHING if month is None else month.isoformat()


def saved(done: MonthsStanding) -> Message:
    """What holds now."""
    if done.chosen == done.closed_through:
        return Message("Nothing was changed.")
    now = f"closed up to {_month(done.chosen)}" if done.chosen else "not closed by month any more"
    return Message(f"Time is {now}. {_means(done, happened=True)}")


def _means(standing: MonthsStanding, *, happened: bool = False) -> str:
    if standing.chosen == standing.closed_through:
        return "That is how it is."
    told = _opened if standing.opens else _locked
    return told(standing, happened=happened)


def _opened(standing: MonthsStanding, *, happened: bool) -> str:
    if not standing.seconds:
        return f"No finished time {'is' if happened else 'would be'} opened by that."
    can = "can" if happened else "could"
    return f"{_time(standing)} {can} be changed again, unless it is older than the lock period."


def _locked(standing: MonthsStanding, *, happened: bool) -> str:
    becomes = "is" if happened else "would be"
    locked = f"{_time(standing)} {becomes} locked."
    if not standing.seconds:
        locked = f"No finished time {becomes} locked by that."
    if not standing.timers or standing.chosen is None:
        return locked
    timers = "1 timer runs" if standing.timers == 1 else f"{standing.timers} timers run"
    return (
        f"{locked} {timers} since {day(standing.chosen)} or before; what that tracked until "
        "midnight is kept all the same."
    )


def _time(standing: MonthsStanding) -> str:
    return f"{length(standing.seconds)} of {_people(standing.people)}"


def _month(last: date) -> str:
    return f"{last:%B %Y}"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


@says(MonthNotOver)
def _not_over(error: MonthNotOver) -> str:
    return (
        f"{_month(error.month)} is not over yet for everybody here. The newest month that can be "
        f"closed is {_month(error.newest)}. Nothing was changed."
    )


@says(ReasonMissing)
def _no_reason(error: ReasonMissing) -> str:
    del error
    return "Give a reason; it stands in the audit log."
