"""``/track settings``: what a member chooses for themselves."""

from collections.abc import Sequence
from datetime import date

from bot.domain.preferences import Absence, MemberSettings, StartPage, TeamSettings
from bot.views.message import (
    Block,
    Message,
    Modal,
    Option,
    button,
    context,
    escaped,
    form_input,
    option,
    section,
)
from bot.views.settings import fields
from bot.views.times import dates

FORM = "settings.member"
HOURS_CHOSEN = "settings.hours"
"""The action of choosing whose work hours count, which shows or hides the fields for one's own."""
REMINDERS, QUIET, HOURS = "reminders", "quiet", "hours"
DAYS, START, END = "work_days", "work_start", "work_end"
AWAY, AWAY_FROM, AWAY_TO = "away", "away_from", "away_to"
TEAM, OWN = "team", "own"
START_PAGE = "start_page"
WRITES = "writes_time"

_PAGES = {StartPage.TIME.value: "My own time", StartPage.OVERVIEW.value: "The overview of tools"}

MOST_ABSENCES = 10
"""As many as one group of checkboxes shows."""


def form(
    chosen: MemberSettings, team: TeamSettings, zone: str, today: date, *, is_admin: bool = False
) -> Modal:
    """Everything a member may choose, as it is now; admins also what the Home tab begins with."""
    blocks: list[Block] = [
        fields.switch(
            "Reminders",
            REMINDERS,
            "Remind me of forgotten timers and of my timesheet",
            is_on=chosen.reminders,
            hint="Default: on.",
        ),
        fields.switch(
            "Quiet time",
            QUIET,
            "Remind me in my work hours only",
            is_on=chosen.quiet,
            hint="Default: on.",
        ),
        *_hours(chosen, team),
        *_leave(upcoming(chosen.away, today)),
        fields.switch(
            "Tools",
            WRITES,
            "Write my time to the tools that tasks come from",
            is_on=chosen.writes_time,
            hint="Default: on, where your admins want it. Off, what is there stays as it is.",
        ),
    ]
    if is_admin:
        hint = "Default: my own time."
        blocks.append(
            fields.one_of("Home tab begins with", START_PAGE, _PAGES, chosen.start_page, hint=hint)
        )
    tokens = button("API tokens", "token.list", says="Your API tokens")
    blocks.append(section("Programs that read your time with a token", accessory=tokens))
    blocks.append(
        context(
            f"All times are in your time zone, {escaped(zone)}. It comes from your Slack profile "
            "and follows it."
        )
    )
    return Modal(FORM, "Your settings", blocks, submit="Save")


def upcoming(away: Sequence[Absence], today: date) -> tuple[Absence, ...]:
    """The absences that are not over, in order."""
    left = (one for one in away if one.last >= today)
    return tuple(sorted(left, key=lambda one: (one.first, one.last)))


def absence_value(one: Absence) -> str:
    """How the form names an absence."""
    return f"{one.first.isoformat()}:{one.last.isoformat()}"


def _hours(chosen: MemberSettings, team: TeamSettings) -> list[Block]:
    whose = {TEAM: f"The team's: {fields.hours_in_words(team.work)}", OWN: "My own"}
    hours = fields.one_of("Work hours", HOURS, whose, OWN if chosen.work else TEAM)
    hours["dispatch_action"] = True
    hours["element"]["action_id"] = HOURS_CHOSEN
    if not chosen.work:
        return [hours]
    return [
        hours,
        fields.weekdays("My work days", DAYS, chosen.work.days),
        fields.clock_time("My work begins at", START, chosen.work.start),
        fields.work_ends("My work ends at", END, chosen.work.end),
    ]


def _leave(away: Sequence[Absence]) -> list[Block]:
    blocks: list[Block] = []
    if away:
        options = [option(Option(_absence(one), absence_value(one))) for one in away]
        element: Block = {
            "type": "checkboxes",
            "options": options[:MOST_ABSENCES],
            "initial_options": options[:MOST_ABSENCES],
        }
        hint = "Clear one to take it out."
        blocks.append(form_input("Your leave", AWAY, element, hint=hint, optional=True))
    blocks += [
        fields.date_of("Add leave: first day", AWAY_FROM, hint="No reminders while you are away."),
        fields.date_of("Last day", AWAY_TO, hint="Empty where it is one day only."),
    ]
    return blocks


def saved(before: MemberSettings, after: MemberSettings, team: TeamSettings) -> Message:
    """What holds now."""
    if before == after:
        return Message("Nothing was changed in your settings.")
    quiet = ", in your work hours only" if after.quiet else ""
    hours = fields.hours_in_words(after.work_hours(team))
    lines = [
        f"Reminders: {'on' if after.reminders else 'off'}{quiet if after.reminders else ''}",
        f"Work hours: {hours}{'' if after.work else ', as for the team'}",
    ]
    if after.away:
        lines.append(f"Leave: {'; '.join(_absence(one) for one in after.away)}")
    if after.writes_time is not before.writes_time:
        lines.append(f"Your time is {'' if after.writes_time else 'not '}written to tools")
    if after.start_page is not before.start_page:
        lines.append(f"Home tab begins with: {_PAGES[after.start_page].lower()}")
    head = "Your settings are saved."
    return Message("\n".join([head, *lines]), [section(f"*{head}*"), section("\n".join(lines))])


def _absence(one: Absence) -> str:
    return dates(one.first, one.last)
