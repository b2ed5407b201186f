"""Weeks to approve: the question, its details, and the answer (T14)."""

from collections.abc import Sequence
from datetime import date

from bot.domain.approval.week_answers import SheetDetails, SheetView
from bot.domain.approval.week_sheets import PartState, SheetState
from bot.views.approval.week_sheets import LONGEST_COMMENT, projects_list, stands, week_of
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
from bot.views.times import day, length, named, noted

APPROVE, RETURN, DETAILS = "sheet.approve", "sheet.return", "sheet.details"
RETURN_FORM = "sheet.return"
COMMENT = "comment"
IN_LIST = ":list"
"""Ends the value of a button in the list of what waits: its answer is the list again."""
APPROVED = ":approved"
"""Stands before it in a form that was opened where nothing waited any more."""

_SECTION = 2900


def question(view: SheetView) -> Message:
    """To somebody who approves: totals per project, and the buttons."""
    text = f"{escaped(view.owner)} submitted {week_of(view.sheet.first)}: {length(view.seconds)}."
    listed = projects_list(view.projects)
    blocks = [section(text), section(listed), *_others(view), _buttons(view)]
    return Message(f"{text}\n{listed}", blocks)


def wish(view: SheetView) -> Message:
    """The owner asks to get an approved week back."""
    text = (
        f"{escaped(view.owner)} asks you to return the week {week_of(view.sheet.first)}, which is "
        f"approved: {noted(view.sheet.wish)}"
    )
    row = actions(_return(view), _details(view))
    return Message(text, [section(text), row])


def details(found: SheetDetails, *, in_list: bool = False) -> Modal:
    """The entries, day by day, and what can be decided about them."""
    view = found.view
    head = f"{escaped(view.owner)}, {week_of(view.sheet.first)}: {length(view.seconds)}."
    blocks: list[Block] = [section(f"*{head}*"), section(projects_list(view.projects))]
    for on, lines in _by_day(found):
        blocks.append(section(clipped(f"*{day(on)}*\n{lines}", _SECTION)))
    if found.hidden:
        blocks.append(context(f"{found.hidden} more entries are counted and not listed here."))
    mine = [one.project_id for one in view.projects]
    if view.sheet.waiting(mine):
        blocks.append(actions(_approve(view, in_list=in_list), _return(view, in_list=in_list)))
    else:
        can = view.sheet.returnable(mine)
        blocks.append(context(stands(view)))
        blocks += [actions(_return(view, in_list=in_list))] if can else []
    return Modal(DETAILS, "Week", blocks, close="Close", metadata=DETAILS, returns=True)


def in_details(message: Message) -> Modal:
    """What came of it, in the place of the details."""
    return Modal(DETAILS, "Week", [section(message.text)], close="Close")


def _by_day(found: SheetDetails) -> list[tuple[date, str]]:
    days: dict[date, list[str]] = {}
    for on, line in found.lines:
        span = f"{line.start:%H:%M}-{line.end:%H:%M}  " if line.start and line.end else ""
        note = f" - {noted(clipped(line.note, 120))}" if line.note else ""
        days.setdefault(on, []).append(f"{span}{named(line.on)} {length(line.seconds)}{note}")
    return [(on, "\n".join(lines)) for on, lines in days.items()]


def return_form(view: SheetView, *, in_list: bool = False) -> Modal:
    """What is to be changed."""
    element: Block = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": LONGEST_COMMENT,
    }
    said = f"{escaped(view.owner)}, {week_of(view.sheet.first)}: {length(view.seconds)}."
    waits = view.sheet.waiting([one.project_id for one in view.projects])
    if not waits:
        said += f" {stands(view)}"
    return Modal(
        RETURN_FORM,
        "Return a week",
        [section(said), form_input("What should be changed?", COMMENT, element)],
        submit="Return",
        metadata=_value(view, in_list=in_list, approved=not waits),
        returns=True,
    )


def decided(view: SheetView) -> Message:
    """What the reader just did."""
    sheet, owner = view.sheet, escaped(view.owner)
    week = f"{owner}'s week {week_of(sheet.first)}"
    if sheet.state is SheetState.RETURNED:
        return Message(f"Returned {week}, and told them: {noted(sheet.comment)}")
    names = ", ".join(
        f"*{escaped(one.name)}* {length(one.seconds)}"
        for one in view.projects
        if one.state is PartState.APPROVED
    )
    waits = "" if sheet.state is SheetState.APPROVED else " The other projects wait for others."
    text = f"Approved {week}: {names}.{waits}"
    return Message(text, [section(text), actions(_return(view))])


def waiting(found: Sequence[SheetView], most: int, note: str = "") -> Message:
    """Every week that waits for the reader, below what was just done in the list."""
    count = "1 week waits" if len(found) == 1 else f"{len(found)} weeks wait"
    head = f"{count} for you:" if len(found) < most else f"The oldest {most} that wait for you:"
    lines = [note] if note else []
    lines.append(head if found else "No week waits for you.")
    blocks: list[Block] = [section(one) for one in lines]
    for view in found:
        line = f"{escaped(view.owner)}, {week_of(view.sheet.first)}: {length(view.seconds)}"
        lines.append(line)
        blocks += [section(line), _buttons(view, in_list=True)]
    return Message("\n".join(lines), blocks)


def settled(view: SheetView) -> Message:
    """In place of a question that needs no answer any more."""
    text = stands(view)
    mine = [one.project_id for one in view.projects]
    if view.sheet.waiting(mine) or not view.sheet.returnable(mine):
        return Message(text)
    return Message(text, [section(text), actions(_return(view))])


def _others(view: SheetView) -> list[Block]:
    hidden = view.sheet.seconds - view.seconds
    if hidden <= 0:
        return []
    return [context(f"{length(hidden)} on other projects is approved by others.")]


def _buttons(view: SheetView, *, in_list: bool = False) -> Block:
    return actions(
        _approve(view, in_list=in_list),
        _return(view, in_list=in_list),
        _details(view, in_list=in_list),
    )


def _approve(view: SheetView, *, in_list: bool) -> Block:
    return button(
        "Approve",
        f"{APPROVE}#{view.sheet.id}",
        _value(view, in_list=in_list),
        style="primary",
        says=f"Approve {clipped(view.owner, 40)}'s week",
    )


def _return(view: SheetView, *, in_list: bool = False) -> Block:
    says = f"Return {clipped(view.owner, 40)}'s week"
    value = _value(view, in_list=in_list)
    return button("Return...", f"{RETURN}#{view.sheet.id}", value, says=says)


def _details(view: SheetView, *, in_list: bool = False) -> Block:
    return button("Details", f"{DETAILS}#{view.sheet.id}", _value(view, in_list=in_list))


def _value(view: SheetView, *, in_list: bool = False, approved: bool = False) -> str:
    marks = f"{APPROVED if approved else ''}{IN_LIST if in_list else ''}"
    return f"{view.sheet.id}:{view.sheet.round}{marks}"
