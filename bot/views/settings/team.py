"""``/link settings``: what the team chooses, with every default."""

from collections.abc import Callable
from datetime import timedelta

from bot.domain.preferences import MoneySeenBy, Overlaps, TeamSettings
from bot.views.message import Block, Message, Modal, context, section
from bot.views.settings import fields
from bot.views.settings.rounding import NONE, rounding_choices, rounding_named

FORM = "settings.team"
ADMINS, WITHOUT_TASK, OVERLAPS, WEEK_START = "admins", "without_task", "overlaps", "week_start"
DAYS, START, END = "work_days", "work_start", "work_end"
FORGOTTEN, LOCK, TIMESHEETS = "forgotten", "lock", "timesheets"
CURRENCY, MONEY, OVER_BUDGET = "currency", "money", "over_budget"
API_TOKENS = "api_tokens"
IN_CHANNELS = "money_in_channels"
ROUNDING = "rounding"

MOST_HOURS = 24
"""The longest that a timer may go unasked about."""
MOST_DAYS = 3650
"""The longest lock period."""

_OVERLAPS = {Overlaps.REFUSE.value: "Refuse it", Overlaps.WARN.value: "Save it, with a warning"}
_MONEY_SEEN_BY = {
    MoneySeenBy.ADMINS.value: "Admins alone",
    MoneySeenBy.MANAGERS.value: "Admins, and managers on their projects",
    MoneySeenBy.ALL.value: "Everybody on the project",
}
_WEEK = {str(number): name for number, name in fields.DAYS}
_DEFAULT = TeamSettings()


def form(chosen: TeamSettings) -> Modal:
    """Everything an admin may choose, as it is now."""
    blocks = [*_rights(chosen), *_work_time(chosen), *_money(chosen), _programs(chosen)]
    return Modal(FORM, "Team settings", blocks, submit="Save")


def _rights(chosen: TeamSettings) -> list[Block]:
    return [
        fields.switch(
            "Admins",
            ADMINS,
            "Slack's owners and admins are admins here",
            is_on=chosen.slack_admins,
            hint="Off: only who is named with /link admin, and who owns the workspace. "
            "Default: on.",
        ),
        fields.switch(
            "Time without a task",
            WITHOUT_TASK,
            "Time may be tracked on a project as such",
            is_on=chosen.time_without_task,
            hint='For example /track start "Website". Default: on.',
        ),
        fields.one_of(
            "Time that overlaps other time of the same person",
            OVERLAPS,
            _OVERLAPS,
            chosen.overlaps,
            hint="Default: refuse it.",
        ),
    ]


def _work_time(chosen: TeamSettings) -> list[Block]:
    hours = fields.hours_in_words(_DEFAULT.work)
    return [
        fields.pick(
            "Weeks begin on", WEEK_START, _WEEK, str(chosen.week_start), hint="Default: Monday."
        ),
        fields.weekdays(
            "Work days",
            DAYS,
            chosen.work.days,
            hint=f"Everybody can set their own with /track settings. Default: {hours}.",
        ),
        fields.clock_time("Work begins at", START, chosen.work.start),
        fields.work_ends("Work ends at", END, chosen.work.end),
        fields.number(
            "Ask about a timer after so many hours",
            FORGOTTEN,
            int(chosen.forgotten_after / timedelta(hours=1)),
            hint="Or at the end of the work day, whichever comes first. Default: 10.",
        ),
        fields.number(
            "Lock time older than so many days",
            LOCK,
            chosen.lock_after_days,
            hint="Managers and admins can unlock it with a reason. Empty, the default: never.",
            optional=True,
        ),
        fields.switch(
            "Timesheets",
            TIMESHEETS,
            "Weeks are submitted and approved",
            is_on=chosen.timesheets,
            hint="Submitted and approved time is locked. Default: off.",
        ),
    ]


def _money(chosen: TeamSettings) -> list[Block]:
    return [
        fields.text(
            "Currency of projects without a client",
            CURRENCY,
            chosen.currency,
            longest=3,
            hint="Three letters: EUR, USD, GBP. Each client has its own. Default: USD.",
        ),
        fields.one_of(
            "Who sees rates and amounts of money",
            MONEY,
            _MONEY_SEEN_BY,
            chosen.money_seen_by,
            hint="Default: admins, and managers on their projects.",
        ),
        fields.switch(
            "Money in channels",
            IN_CHANNELS,
            "Scheduled reports in channels tell amounts of money",
            is_on=chosen.money_in_channels,
            hint="As far as who scheduled them may see it. Default: off.",
        ),
        fields.pick(
            "Round time in reports",
            ROUNDING,
            rounding_choices(),
            NONE if chosen.rounding is None else chosen.rounding.code,
            hint="In reports, charts and files of the team, amounts of money included. "
            "Entries stay as they are. Default: not at all.",
        ),
        fields.switch(
            "Over budget",
            OVER_BUDGET,
            "No timer starts on a project whose budget is used up",
            is_on=chosen.over_budget_blocks,
            hint="A running one is never stopped, and time can be logged. Default: off.",
        ),
    ]


def _programs(chosen: TeamSettings) -> Block:
    return fields.switch(
        "API",
        API_TOKENS,
        "People may read over the API with tokens of their own",
        is_on=chosen.api_tokens,
        hint="Off: no token opens anything, and none can be made. Default: on.",
    )


def saved(before: TeamSettings, after: TeamSettings) -> Message:
    """What changed, one line each."""
    lines = [
        f"{label}: {say(after)} (was {say(before)})"
        for label, say in _WORDS
        if say(before) != say(after)
    ]
    if not lines:
        return Message("Nothing was changed in the team's settings.")
    head = "The team's settings are saved."
    return Message(
        "\n".join([head, *lines]),
        [section(f"*{head}*"), section("\n".join(lines)), context("It holds from now on.")],
    )


def _on(value: bool) -> str:  # noqa: FBT001 - a word for it
    return "on" if value else "off"


def _locked(chosen: TeamSettings) -> str:
    days = chosen.lock_after_days
    return "never by age" if days is None else f"after {days} day{'' if days == 1 else 's'}"


_WORDS: tuple[tuple[str, Callable[[TeamSettings], str]], ...] = (
    ("Slack's admins are admins here", lambda one: _on(one.slack_admins)),
    ("Time without a task", lambda one: _on(one.time_without_task)),
    ("Overlapping time", lambda one: _OVERLAPS[one.overlaps].lower()),
    ("Weeks begin on", lambda one: _WEEK[str(one.week_start)]),
    ("Work hours", lambda one: fields.hours_in_words(one.work)),
    ("Asked about a timer after", lambda one: f"{one.forgotten_after / timedelta(hours=1):g} h"),
    ("Time is locked", _locked),
    ("Timesheets", lambda one: _on(one.timesheets)),
    ("Currency of projects without a client", lambda one: one.currency),
    ("Money is seen by", lambda one: _MONEY_SEEN_BY[one.money_seen_by].lower()),
    ("Money in channels", lambda one: _on(one.money_in_channels)),
    ("Time in reports is rounded", lambda one: rounding_named(one.rounding)),
    ("Over budget no timer starts", lambda one: _on(one.over_budget_blocks)),
    ("API tokens", lambda one: _on(one.api_tokens)),
)
