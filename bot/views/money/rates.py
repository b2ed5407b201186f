"""People's rates, on one project or everywhere, and tasks that are not billed (M1)."""

from collections.abc import Sequence
from datetime import date

from bot.domain.money.billing_forms import (
    RateLine,
    RatesPage,
    RatesSet,
    TaskChoice,
    TasksBilled,
    TasksForm,
)
from bot.domain.money.money import Money
from bot.views.message import (
    Block,
    Modal,
    Option,
    actions,
    button,
    clipped,
    context,
    divider,
    escaped,
    form_input,
    plain,
    section,
)
from bot.views.money import clients
from bot.views.money.billing_words import BILLING, closed_too, since
from bot.views.projects.forms import listed
from bot.views.projects.place import Place
from bot.views.settings.fields import date_of, text
from bot.views.words import counted

FORM = "rates.set"
REMOVE = "rates.remove"
PAGE = "rates.page"
TASKS_FORM = "billing.tasks_form"
FIND_BILLED = "billing.find_task"
FIND_UNBILLED = "billing.find_unbilled"

PEOPLE, AMOUNT, CURRENCY, FROM = "people", "per_hour", "currency", "rate_since"
"""Fields of their own: a field keeps what is in it in the form that follows under the same id. So
all but the currency have behind them how many rates were set in the form."""
UNBILLED, BILLED = "unbilled", "billed"
"""With what is not billed behind them, so that what was saved does not stand there as a wish."""
_NAME = 100


def rates_form(
    page: RatesPage, metadata: str, today: date, *, times: int = 0, note: str = ""
) -> Modal:
    """Whose hours earn how much, and since when; where rates are set, another begins today.

    Args:
        page: The rates.
        metadata: What the form remembers.
        today: On which another rate begins.
        times: How often *Set rate* was pressed in it.
        note: Said first.
    """
    where = (
        "every project" if page.project is None else f"*{escaped(clipped(page.project, _NAME))}*"
    )
    before = (
        "A rate holds on projects that are billed by each person's own rate, in its currency."
        if page.project is None
        else "Here these go before people's rates on every project."
    )
    people: Block = {"type": "multi_users_select", "placeholder": plain("Choose people")}
    amount: Block = {"type": "plain_text_input", "max_length": 30}
    blocks: list[Block] = [
        *([section(note)] if note else []),
        section(f"What people's hours earn on {where}.\n{before}"),
        form_input("People", f"{PEOPLE}:{times}", people, optional=True),
        form_input("Rate an hour", f"{AMOUNT}:{times}", amount, optional=True),
        text("Currency", CURRENCY, page.currency, longest=3),
        date_of(
            "From",
            f"{FROM}:{times}.{page.total}",
            today if page.total else None,
            hint="Empty: from the beginning, so that all their time is counted anew.",
        ),
        divider(),
        *(section(_line(one), accessory=_remove(one)) for one in page.lines),
    ]
    if not page.lines:
        blocks.append(context("No rates yet."))
    blocks += clients.turns(page.page, page.pages, page.total, PAGE)
    blocks.append(actions(_back(page), block_id="back"))
    return Modal(FORM, "People's rates", blocks, submit="Set rate", metadata=metadata)


def rates_set(done: RatesSet) -> str:
    """What saving did."""
    said = f"{listed(done.names)}: {done.said} an hour, {since(done.from_day)}."
    if done.wanted:
        said += f" The project is billed in {done.wanted}, so this earns nothing there."
    if done.strangers:
        said += f" {counted(done.strangers, 'person is', 'people are')} not of this workspace."
    return said + closed_too(done.closed)


def tasks_form(found: TasksForm, place: Place, *, note: str = "") -> Modal:
    """Which tasks of a project are not billed."""
    name = escaped(clipped(found.project, _NAME))
    present = f"{found.total}.{sum(one.id for one in found.unbilled)}"
    blocks: list[Block] = [
        *([section(note)] if note else []),
        section(f"Tasks on *{name}* that are not billed, with all the time on them."),
        _tasks("Not billed from now on", f"{UNBILLED}:{present}", FIND_BILLED),
    ]
    if found.total:
        names = listed([one.name for one in found.unbilled], found.total)
        blocks += [
            section(f"Not billed: {names}"),
            _tasks("Billed again", f"{BILLED}:{present}", FIND_UNBILLED),
        ]
    else:
        blocks.append(context("All of its tasks are billed as the project is."))
    back = button("Back", BILLING, str(place.id), says="Back to billing")
    blocks.append(actions(back, block_id="back"))
    return Modal(TASKS_FORM, "Tasks not billed", blocks, submit="Save", metadata=place.metadata())


def tasks_billed(done: TasksBilled) -> str:
    """What saving did."""
    parts = []
    if done.unbilled:
        parts.append(f"{counted(done.unbilled, 'task is', 'tasks are')} not billed any more.")
    if done.billed:
        parts.append(f"{counted(done.billed, 'task is', 'tasks are')} billed again.")
    return " ".join(parts) or "Nothing was different, so nothing was changed."


def task_options(found: Sequence[TaskChoice]) -> list[Option]:
    """What a searching select offers."""
    return [Option(clipped(one.name, 75), str(one.id)) for one in found]


def _tasks(label: str, block: str, action: str) -> Block:
    element: Block = {
        "type": "multi_external_select",
        "action_id": action,
        "min_query_length": 0,
        "placeholder": plain("Choose tasks"),
    }
    return form_input(label, block, element, optional=True)


def _line(one: RateLine) -> str:
    rate = one.rate
    name = escaped(clipped(one.person, _NAME))
    return f"*{name}*: {Money(rate.per_hour, rate.currency)} an hour, {since(rate.from_day)}"


def _remove(one: RateLine) -> Block:
    says = f"Remove this rate of {clipped(one.person, 40)}"
    return button("Remove", f"{REMOVE}#{one.rate.id}", str(one.rate.id), says=says)


def _back(page: RatesPage) -> Block:
    if page.project_id is None:
        return button("Back", clients.OPEN, says="Back to clients")
    return button("Back", BILLING, str(page.project_id), says="Back to billing")
