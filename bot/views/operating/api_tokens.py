"""Tokens of one's own programs: the list, the form, and the one time a token is shown."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.operating.api_tokens import (
    LONGEST_NAME,
    MOST_TOKENS,
    ApiSwitchedOff,
    ApiToken,
    ApiTokenRefused,
    Lifetime,
    MadeToken,
    TooManyTokens,
)
from bot.domain.slack_text import escape
from bot.views.message import (
    Block,
    Modal,
    actions,
    button,
    confirmation,
    context,
    form_input,
    section,
)
from bot.views.saying import says
from bot.views.settings import fields
from bot.views.times import dated, told

LIST, NEW, END, FORM = "token.list", "token.new", "token.end", "token.make"
NAME, LIFETIME = "name", "lifetime"
LIFETIMES = {
    Lifetime.MONTH.value: "30 days",
    Lifetime.QUARTER.value: "90 days",
    Lifetime.YEAR.value: "1 year",
    Lifetime.FOREVER.value: "Until I take it back",
}
_TITLE = "API tokens"
_ABOUT = (
    "With a token, a spreadsheet or script of yours reads what you may see in Hourlink: time "
    "entries, projects and reports. It can change nothing. It ends when you take it back, and "
    "when you leave this workspace."
)
_OFF = (
    "An admin of this workspace switched the API off in `/link settings`: tokens open nothing, "
    "and none can be made."
)


def listing(
    tokens: Sequence[ApiToken], now: datetime, *, are_good: bool = True, notice: str = ""
) -> Modal:
    """What there is, each with *Take back*.

    Args:
        tokens: Their own.
        now: In the member's zone.
        are_good: The team lets people read over the API.
        notice: What was done just now.
    """
    blocks: list[Block] = [section(notice)] if notice else []
    blocks.append(section(_ABOUT if are_good else _OFF))
    blocks += [_line(one, now) for one in tokens]
    if not tokens:
        blocks.append(section("You have none yet."))
    if are_good and len(tokens) < MOST_TOKENS:
        blocks.append(actions(button("New token", NEW, style="primary")))
    elif are_good:
        blocks.append(context(f"{MOST_TOKENS} tokens are the most. Take one back to make another."))
    return Modal("token.listed", _TITLE, blocks, close="Close")


def _line(one: ApiToken, now: datetime) -> Block:
    parts = [f"made {_day(one.made_at, now)}"]
    parts.append(f"last used {_moment(one.used_at, now)}" if one.used_at else "never used")
    if one.is_over(now):
        parts.append(f"*expired* {_day(one.expires_at or now, now)}")
    elif one.expires_at is not None:
        parts.append(f"good until {_day(one.expires_at, now)}")
    else:
        parts.append("does not expire")
    question = confirmation(
        "Take it back?",
        f"Whatever reads with {one.name} is refused from then on.",
        yes="Take back",
    )
    taken = button(
        "Take back",
        END,
        str(one.id),
        style="danger",
        says=f"Take {one.name} back",
        confirm=question,
    )
    return section(f"*{told(one.name)}*\n{', '.join(parts)}", accessory=taken)


def taken_back(one: ApiToken) -> str:
    """What is said above the list."""
    return f"*{told(one.name)}* is taken back. Requests with it are refused from now on."


def form() -> Modal:
    """What it is for, and how long it is good."""
    name: Block = {"type": "plain_text_input", "max_length": LONGEST_NAME}
    blocks = [
        form_input("What is it for?", NAME, name, hint="For example: invoices spreadsheet."),
        fields.one_of("Good for", LIFETIME, LIFETIMES, Lifetime.QUARTER.value),
    ]
    return Modal(FORM, "New API token", blocks, submit="Make token")


def made(one: MadeToken, now: datetime, address: str | None) -> Modal:
    """The token itself: this once, and nowhere else."""
    until = one.token.expires_at
    ends = "It does not expire." if until is None else f"It is good until {_day(until, now)}."
    base = escape(address or "https://ADDRESS-OF-THIS-SERVER")
    where = (
        f"All there is to read: {base}/api/v1/openapi.json"
        if address
        else "Whoever runs Hourlink knows the address of its server."
    )
    blocks = [
        section(f"*{told(one.token.name)}* is made. Copy it now: it is not shown again."),
        section(f"```{one.secret}```"),
        section(
            f"{ends} Try it:\n```curl -H 'Authorization: Bearer {one.secret[:8]}...' "
            f"{base}/api/v1/me```"
        ),
        context(f"Whoever has it reads what you may see: keep it like a password. {where}"),
    ]
    return Modal("token.made", "Your new token", blocks, close="Done")


def _day(moment: datetime, now: datetime) -> str:
    return dated(moment.astimezone(now.tzinfo).date(), now.date())


def _moment(moment: datetime, now: datetime) -> str:
    return f"{_day(moment, now)} at {moment.astimezone(now.tzinfo):%H:%M}"


@says(TooManyTokens)
def _too_many(error: TooManyTokens) -> str:
    return f"{error.most} API tokens are the most that one person has. Take one back first."


@says(ApiSwitchedOff)
def _switched_off(error: ApiSwitchedOff) -> str:
    del error
    return _OFF


@says(ApiTokenRefused)
def _refused(error: ApiTokenRefused) -> str:
    del error
    return (
        "This token opens nothing: it is mistyped, has expired, was taken back, or its owner may "
        "not use Hourlink any more. Make one in Slack with `/track token`."
    )
