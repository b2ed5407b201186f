"""Opening locked time: the wish, its answer, and what is open (T13)."""

from collections.abc import Sequence
from datetime import date

from bot.domain.approval.unlocks import (
    MOST_DAYS,
    DaysUnusual,
    Lasting,
    Stretch,
    UnlockAnswered,
    UnlockAsked,
    UnlockState,
    UnlockView,
    WishMade,
)
from bot.views.message import (
    Block,
    Message,
    Modal,
    Option,
    actions,
    button,
    escaped,
    form_input,
    option,
    plain,
    section,
)
from bot.views.saying import says
from bot.views.settings import fields
from bot.views.times import clock, dates, noted

ASK, NEW, ANSWER, DAY, REFUSE, END = (
    f"unlock.{name}" for name in ("ask", "new", "answer", "day", "refuse", "end")
)
ASK_FORM, GRANT_FORM, REFUSE_FORM = "unlock.ask", "unlock.grant", "unlock.refuse"
FIND_PROJECT = "unlock.project"
FIRST, LAST, WHY = "first", "last", "why"
PERSON, PROJECT, LASTING = "person", "project", "lasting"
EVERY = "all"
"""The value of every project."""

LONGEST_REASON = 500
_LASTING = {
    Lasting.HOUR.value: "1 hour",
    Lasting.DAY.value: "1 day",
    Lasting.THREE_DAYS.value: "3 days",
    Lasting.WEEK.value: "1 week",
}


def ask_form(project_id: int, project: str, wanted: date) -> Modal:
    """Which days, and why."""
    blocks = [
        section(f"Time on *{escaped(project)}*. Its managers are asked, or the admins."),
        _date("First day", FIRST, wanted),
        _date("Last day", LAST, wanted),
        _why("Why?", hint="For example: forgot to log the workshop."),
    ]
    return Modal(ASK_FORM, "Ask to unlock time", blocks, submit="Ask", metadata=str(project_id))


def asked(made: WishMade) -> Message:
    """The wish was sent."""
    names = ", ".join(escaped(name) for name in made.asked) or "nobody, for nobody else may"
    return Message(
        f"Asked {names} to unlock {_days(made.unlock.stretch)} on *{escaped(made.project)}*. "
        "You are told when there is an answer."
    )


def wish(view: UnlockView) -> Message:
    """To somebody who may open it."""
    value = str(view.unlock.id)
    text = f"{escaped(view.owner)} asks you to unlock {_what(view)}: {noted(view.unlock.wish)}"
    row = actions(
        button("Unlock for 1 day", DAY, value, style="primary"),
        button("Unlock...", ANSWER, value, says="Choose days and how long"),
        button("Refuse...", REFUSE, value),
    )
    return Message(text, [section(text), row])


def grant_form(
    *,
    stretch: Stretch | None,
    person: str,
    project: str,
    may_all: bool,
    today: date,
    view: UnlockView | None = None,
) -> Modal:
    """Whose time, which days, on what, how long, why.

    Args:
        stretch: What stands in it at first.
        person: The Slack id of whose time it is; empty where that is still to be chosen.
        project: The project's name.
        may_all: Whether every project may be chosen.
        today: The last day where none is given.
        view: The wish that it answers.
    """
    blocks: list[Block] = []
    if view is not None:
        said = f"{escaped(view.owner)} asks for {_what(view)}: {noted(view.unlock.wish)}"
        blocks.append(section(said))
    else:
        users: Block = {"type": "users_select", "placeholder": plain("Choose somebody")}
        if person:
            users["initial_user"] = person
        blocks.append(form_input("Whose time", PERSON, users))
    choose: Block = {
        "type": "external_select",
        "action_id": FIND_PROJECT,
        "min_query_length": 0,
        "placeholder": plain("Search projects"),
    }
    if stretch is not None and stretch.project_id is not None:
        choose["initial_option"] = option(Option(project, str(stretch.project_id)))
    elif may_all:
        choose["initial_option"] = option(every_project())
    first = stretch.first if stretch else today
    last = stretch.last if stretch else today
    blocks += [
        form_input("Project", PROJECT, choose),
        _date("First day", FIRST, first),
        _date("Last day", LAST, last),
        fields.pick("Open for", LASTING, _LASTING, Lasting.DAY.value),
        _why("Reason", hint="It stands in the audit log, and is told to the person."),
    ]
    metadata = str(view.unlock.id) if view else ""
    return Modal(GRANT_FORM, "Unlock time", blocks, submit="Unlock", metadata=metadata)


def every_project() -> Option:
    """The choice of all projects at once; for admins."""
    return Option("Every project", EVERY)


def refuse_form(view: UnlockView) -> Modal:
    """Why not, if that is to be told."""
    said = f"{escaped(view.owner)} asks for {_what(view)}: {noted(view.unlock.wish)}"
    why = _why("What to tell them", optional=True)
    return Modal(
        REFUSE_FORM,
        "Leave it locked",
        [section(said), why],
        submit="Refuse",
        metadata=str(view.unlock.id),
    )


def decided(view: UnlockView) -> Message:
    """What became of it, to whoever decided."""
    if view.unlock.state is UnlockState.GRANTED and view.until is not None:
        text = f"{_opened(view)} They are told."
        again = button("Lock again", f"{END}#{view.unlock.id}", str(view.unlock.id))
        return Message(text, [section(text), actions(again)])
    if view.unlock.state is UnlockState.ENDED:
        return Message(f"{_whose(view)} is locked again.")
    return Message(f"{_whose(view)} stays locked. {escaped(view.owner)} is told.")


def answer(view: UnlockView) -> Message:
    """What became of it, to whose time it is."""
    who = escaped(view.decided_by)
    why = f" {noted(view.unlock.reason)}" if view.unlock.reason else ""
    if view.unlock.state is UnlockState.GRANTED and view.until is not None:
        until = clock(view.until, view.now)
        return Message(f"{who} unlocked your time of {_what(view)}, until {until}.{why}")
    return Message(f"{who} did not unlock your time of {_what(view)}.{why}")


def open_list(found: Sequence[UnlockView], most: int) -> Message:
    """What is open now, with buttons to lock it again, and to open more."""
    more = button("Unlock time...", NEW)
    if not found:
        text = "No locked time is open at present."
        return Message(text, [section(text), actions(more)])
    head = f"Open at present, {most} at most are shown:" if len(found) == most else "Open now:"
    blocks: list[Block] = [section(head)]
    lines = [_opened(view) for view in found]
    for view, line in zip(found, lines, strict=True):
        value = str(view.unlock.id)
        lock = button("Lock again", f"{END}#{value}", value, says=f"Lock {view.owner}'s time")
        blocks.append(section(line, accessory=lock))
    return Message("\n".join([head, *lines]), [*blocks, actions(more)])


def _opened(view: UnlockView) -> str:
    until = clock(view.until, view.now) if view.until else ""
    return f"{_whose(view)} is open until {until}: {noted(view.unlock.reason)}."


def _whose(view: UnlockView) -> str:
    return f"{escaped(view.owner)}'s time of {_what(view)}"


def _what(view: UnlockView) -> str:
    on = f"on *{escaped(view.project)}*" if view.project else "on every project"
    return f"{_days(view.unlock.stretch)} {on}"


def _days(stretch: Stretch) -> str:
    return dates(stretch.first, stretch.last)


def _date(label: str, block_id: str, value: date) -> Block:
    element: Block = {"type": "datepicker", "initial_date": value.isoformat()}
    return form_input(label, block_id, element)


def _why(label: str, *, hint: str = "", optional: bool = False) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": LONGEST_REASON,
    }
    return form_input(label, WHY, element, hint=hint, optional=optional)


@says(UnlockAnswered)
def _answered(error: UnlockAnswered) -> str:
    view = error.view
    at = clock(view.decided_at, view.now) if view.decided_at else ""
    did = {
        UnlockState.GRANTED: "unlocked",
        UnlockState.REFUSED: "refused to unlock",
        UnlockState.ENDED: "unlocked, and it is locked again:",
        UnlockState.ASKED: "was asked for",
    }[view.unlock.state]
    return f"{escaped(view.decided_by)} {did} {_what(view)} at {at} already."


@says(UnlockAsked)
def _asked(error: UnlockAsked) -> str:
    del error
    return "You asked for that before; nobody has answered yet."


@says(DaysUnusual)
def _unusual(error: DaysUnusual) -> str:
    if error.days < 1:
        return "The last day lies before the first one."
    return f"That is {error.days} days; {MOST_DAYS} are the most at once."
