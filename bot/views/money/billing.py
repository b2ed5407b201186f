"""For whom and how projects are billed: forms for one or many, and what saving did (M1)."""

from datetime import date

from bot.domain.money.billing import Method
from bot.domain.money.billing_forms import Agreed, BillingForm, TermsLine
from bot.domain.money.money import Money
from bot.views.message import (
    Block,
    Modal,
    actions,
    button,
    clipped,
    context,
    divider,
    escaped,
    form_input,
    option,
    plain,
    section,
)
from bot.views.money import clients
from bot.views.money.billing_words import BILLING, CLIENT, METHODS, closed_too, priced, since
from bot.views.projects.forms import back
from bot.views.projects.place import Place
from bot.views.settings.fields import date_of, one_of
from bot.views.words import counted

DROP = "billing.drop"
DROP_CLIENT = "billing.drop_client"
DROP_RATE = "billing.drop_rate"
PERSON_RATES = "billing.people"
TASKS = "billing.tasks"

WHO, METHOD, AMOUNT, FROM = "client", "method", "amount", "since"
_NAME = 120


def client_form(found: BillingForm, place: Place, today: date, *, note: str = "") -> Modal:
    """Whose project it is, from a day on."""
    pick: Block = {
        "type": "external_select",
        "action_id": clients.FIND,
        "min_query_length": 0,
        "placeholder": plain("No client"),
    }
    if found.client is not None:
        (chosen,) = clients.options([found.client])
        pick["initial_option"] = option(chosen)
    hint = "Leave it empty for none. New clients are made with /link clients."
    blocks: list[Block] = [
        *([section(note)] if note else []),
        section(f"Whose {_which(found)}?"),
        form_input("Client", WHO, pick, hint=hint, optional=True),
        _from(today if found.had_client else None),
        *_history(found, with_client=True),
        actions(*back(place)),
    ]
    return Modal(CLIENT, "Client", blocks, submit="Save", metadata=place.metadata())


def billing_form(found: BillingForm, place: Place, today: date, *, note: str = "") -> Modal:
    """How the time is billed, from a day on."""
    amount: Block = {"type": "plain_text_input", "max_length": 30}
    is_one = found.project is not None
    now = _amount_now(found) if is_one else ""
    if now:
        amount["initial_value"] = now
    if len(found.currencies) == 1:
        hint = f"In {found.currencies[0]}. Empty keeps the rate there is."
    else:
        hint = f"They are in {', '.join(found.currencies)}: no amount can be set for all at once."
    blocks: list[Block] = [
        *([section(note)] if note else []),
        section(f"How is the time on {_which(found)} billed?"),
        one_of(
            "Billing",
            METHOD,
            {one.value: said for one, said in METHODS.items()},
            found.terms.method.value,
        ),
        form_input("Rate an hour, or the fee", AMOUNT, amount, hint=hint, optional=True),
        _from(today if found.was_billed else None),
    ]
    if is_one:
        blocks.append(actions(*_more(found, place)))
    blocks += [*_history(found), actions(*back(place), block_id="back")]
    return Modal(BILLING, "Billing", blocks, submit="Save", metadata=place.metadata())


def agreed(done: Agreed) -> str:
    """What saving did."""
    if not done.changed:
        return "Nothing was different, so nothing was changed."
    where = "" if done.projects == 1 else f" on {counted(done.changed, 'project')}"
    if done.method is not None:
        how = METHODS[done.method].lower()
        how = f"{how}, {done.amount}" if done.amount else how
        said = f"Saved{where}: {how}, {since(done.from_day)}."
    elif done.client is not None:
        name = escaped(clipped(done.client.name, _NAME))
        said = f"Saved{where}: the client is *{name}*, {since(done.from_day)}."
    else:
        said = f"Saved{where}: no client, {since(done.from_day)}."
    if done.is_unused:
        said += " The amount is not used: each person has their own, under *People's rates here*."
    if done.unpriced:
        which = "The project has" if done.projects == 1 else f"{done.unpriced:,} of them have"
        said += f" {which} no rate in that currency yet: set one under *Billing*."
    return said + closed_too(done.closed)


def _which(found: BillingForm) -> str:
    if found.project is None:
        return f"{counted(found.projects, 'ticked project')}"
    return f"*{escaped(clipped(found.project, _NAME))}*"


def _from(today: date | None) -> Block:
    hint = (
        "Time on earlier days keeps what held then. Empty: from the beginning, so that all time "
        "is counted anew."
    )
    return date_of("From", FROM, today, hint=hint)


def _amount_now(found: BillingForm) -> str:
    terms = found.terms
    if terms.method is Method.FIXED_FEE and terms.fee is not None:
        return str(Money(terms.fee, terms.currency).plain)
    return ""


def _more(found: BillingForm, place: Place) -> list[Block]:
    value = str(place.id)
    unbilled = f" ({found.unbilled:,})" if found.unbilled else ""
    return [
        button("People's rates here", PERSON_RATES, value, says="People's rates on this project"),
        button(f"Tasks not billed{unbilled}", TASKS, value, says="Tasks that are not billed"),
    ]


def _history(found: BillingForm, *, with_client: bool = False) -> list[Block]:
    if not found.history and (with_client or not found.rates):
        return []
    blocks: list[Block] = [divider()]
    lines = [_began(one, with_client=with_client) for one in found.history]
    for at, (line, said) in enumerate(zip(found.history, lines, strict=True)):
        day = line.terms.from_day
        action = DROP_CLIENT if with_client else DROP
        says = f"Remove what holds {since(day)}"
        remove = button("Remove", f"{action}#{at}", day.isoformat(), says=says)
        blocks.append(section(said, accessory=remove))
    if not with_client:
        for rate in found.rates[-10:]:
            said = f"Rate {since(rate.from_day)}: {Money(rate.per_hour, rate.currency)} an hour"
            remove = button(
                "Remove", f"{DROP_RATE}#{rate.id}", str(rate.id), says=f"Remove the {said}"
            )
            blocks.append(section(said, accessory=remove))
        left = len(found.rates) - 10
        if left > 0:
            blocks.append(context(f"And {left} older rates."))
    return blocks


def _began(line: TermsLine, *, with_client: bool) -> str:
    day = since(line.terms.from_day)
    client = escaped(clipped(line.client, _NAME)) if line.client else "no client"
    how = priced(line.terms)
    told = f"{client}, {how}" if with_client else f"{how}, {client}"
    return f"{day.capitalize()}: {told}"
