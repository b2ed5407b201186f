"""The fields that forms of settings are made of, and their values in words."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, time

from bot.domain.days import WEEKDAYS
from bot.domain.preferences import WorkHours
from bot.views.message import Block, Option, form_input, option, plain

ON = "on"
DAYS: Sequence[tuple[int, str]] = tuple(
    (number, name.capitalize()) for number, name in enumerate(WEEKDAYS)
)
_RUN = 3
"""From so many days in a row on, only the first and the last are named."""


def switch(label: str, block_id: str, says: str, *, is_on: bool, hint: str = "") -> Block:
    """One checkbox."""
    chosen = option(Option(says, ON))
    element: Block = {"type": "checkboxes", "options": [chosen]}
    if is_on:
        element["initial_options"] = [chosen]
    return form_input(label, block_id, element, hint=hint, optional=True)


def one_of(
    label: str, block_id: str, choices: Mapping[str, str], chosen: str, *, hint: str = ""
) -> Block:
    """Radio buttons: a few choices, all in sight."""
    options = {value: option(Option(says, value)) for value, says in choices.items()}
    element: Block = {
        "type": "radio_buttons",
        "options": list(options.values()),
        "initial_option": options[chosen],
    }
    return form_input(label, block_id, element, hint=hint)


def pick(
    label: str, block_id: str, choices: Mapping[str, str], chosen: str, *, hint: str = ""
) -> Block:
    """A select with a label."""
    return form_input(label, block_id, select(choices, chosen), hint=hint)


def select(choices: Mapping[str, str], chosen: str) -> Block:
    """The element alone."""
    options = {value: option(Option(says, value)) for value, says in choices.items()}
    return {
        "type": "static_select",
        "options": list(options.values()),
        "initial_option": options[chosen],
    }


def number(
    label: str,
    block_id: str,
    value: int | None,
    *,
    hint: str,
    optional: bool = False,
) -> Block:
    """A whole number; its limits are told by us, in our words."""
    element: Block = {"type": "number_input", "is_decimal_allowed": False}
    if value is not None:
        element["initial_value"] = str(value)
    return form_input(label, block_id, element, hint=hint, optional=optional)


def text(label: str, block_id: str, value: str, *, longest: int, hint: str = "") -> Block:
    """A short text."""
    element: Block = {"type": "plain_text_input", "max_length": longest, "initial_value": value}
    return form_input(label, block_id, element, hint=hint)


def work_ends(label: str, block_id: str, value: time) -> Block:
    """When work ends, perhaps on the day after it began."""
    return clock_time(label, block_id, value, hint="A time before the beginning is the next day's.")


def clock_time(label: str, block_id: str, value: time, *, hint: str = "") -> Block:
    """A time of day."""
    element: Block = {"type": "timepicker", "initial_time": f"{value:%H:%M}"}
    return form_input(label, block_id, element, hint=hint)


def date_of(label: str, block_id: str, value: date | None = None, *, hint: str = "") -> Block:
    """A day that may be left open."""
    element: Block = {"type": "datepicker", "placeholder": plain("Choose a day")}
    if value is not None:
        element["initial_date"] = value.isoformat()
    return form_input(label, block_id, element, hint=hint, optional=True)


def weekdays(label: str, block_id: str, chosen: Collection[int], *, hint: str = "") -> Block:
    """A checkbox for each day of the week."""
    options = [option(Option(name, str(number))) for number, name in DAYS]
    element: Block = {"type": "checkboxes", "options": options}
    if chosen:
        element["initial_options"] = [options[number] for number in sorted(chosen)]
    # Optional, so that an empty choice is told in our words and not in Slack's.
    return form_input(label, block_id, element, hint=hint, optional=True)


def hours_in_words(hours: WorkHours) -> str:
    """``Mon-Fri, 09:00-18:00``, ``Mon-Fri, 22:00-06:00 the next day``."""
    runs: list[list[int]] = []
    for day in sorted(hours.days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = [
        f"{_short(run[0])}-{_short(run[-1])}" if len(run) >= _RUN else ", ".join(map(_short, run))
        for run in runs
    ]
    next_day = " the next day" if hours.ends_next_day else ""
    return f"{', '.join(parts)}, {hours.start:%H:%M}-{hours.end:%H:%M}{next_day}"


def _short(day: int) -> str:
    return WEEKDAYS[day][:3].capitalize()
