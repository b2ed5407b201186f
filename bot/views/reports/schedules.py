"""Scheduled reports: when and what in words, the list, the form, and what is sent."""

from collections.abc import Mapping

from bot.domain.days import WEEKDAYS
from bot.domain.period_words import period_words
from bot.domain.reports.schedules import (
    LAST_DAY,
    SHOWN,
    Beat,
    Occurrence,
    Paused,
    Rhythm,
    ScheduleList,
    ScheduleView,
)
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    clipped,
    confirmation,
    context,
    escaped,
    section,
    spoken,
)
from bot.views.reports.team import WHOSE, show_team_report, whose_words
from bot.views.settings import fields
from bot.views.times import day, told
from bot.views.words import counted

EDIT, PAUSE, RESUME, REMOVE, PAGE, ALL, UNWANTED = (
    f"schedule.{name}" for name in ("edit", "pause", "resume", "remove", "page", "all", "unwanted")
)
FORM = "schedule.edit"
WHAT, WHEN = "what", "when"
LONGEST = 500
_NAME = 80
_FORMS = {"png": "a chart", "csv": "a CSV file", "xlsx": "a workbook"}
_WHY: Mapping[Paused, str] = {
    Paused.ASKED: "Paused.",
    Paused.RIGHTS: "Paused: the time in it may not be seen any more by who scheduled it.",
    Paused.GONE: "Paused: what it is about is not there any more, or not to be seen.",
    Paused.CHANNEL: (
        "Paused: Hourlink cannot write or send files there. Add it to the channel, then resume."
    ),
    Paused.SHARED: "Paused: people of other organisations read that channel.",
    Paused.UNWANTED: "Paused: who got it does not want it.",
    Paused.LEFT: "Paused: who got it cannot be written to any more.",
}


def rhythm(one: Rhythm) -> str:
    """``every Monday at 09:00``."""
    match one.beat:
        case Beat.DAY:
            when = "every day"
        case Beat.WEEK:
            when = f"every {WEEKDAYS[one.on].capitalize()}"
        case Beat.MONTH:
            last = "on the last day of every month"
            when = last if one.on == LAST_DAY else f"on day {one.on} of every month"
    return f"{when} at {one.at:%H:%M}"


def what(view: ScheduleView, *, of_everybody: bool = False) -> str:
    """``Everybody's time: last week by project, Acme Corp, with a chart``; escaped.

    To its owner, or for an admin who looks at those of everybody.
    """
    sent, reach = view.schedule.told, view.schedule.reach
    owner = escaped(clipped(view.owner, _NAME))
    whose = whose_words(reach, owner) if of_everybody else WHOSE[reach]
    by = f" by {sent.group}" if sent.group is not None else ""
    billable = {None: "", True: "billable", False: "not billable"}[sent.filters.billable]
    label = f"label {told(sent.filters.label, _NAME)}" if sent.filters.label else ""
    forms = " and ".join(_FORMS[one] for one in sent.forms if one in _FORMS)
    parts = (
        f"{whose}: {period_words(sent.period)}{by}",
        *(told(one, _NAME) for one in view.about),
        label,
        billable,
        f"with {forms}" if forms else "",
    )
    return ", ".join(part for part in parts if part)


def whom(view: ScheduleView, *, of_everybody: bool = False) -> str:
    """``to #general``."""
    found = view.schedule
    if found.channel_id is not None:
        return f"to <#{found.channel_id}>"
    if found.member_id is not None:
        return f"to <@{view.to}>" if view.to else "to somebody who left"
    return f"to {escaped(clipped(view.owner, _NAME))}" if of_everybody else "to you"


def following(view: ScheduleView) -> str:
    """When it is sent next, or why it is not."""
    if view.schedule.paused is not None:
        return _WHY[view.schedule.paused]
    if view.next_at is None:
        return "Paused."
    return f"Next: {day(view.next_at.date())} at {view.next_at:%H:%M}, {view.zone}."


def made(view: ScheduleView) -> Message:
    """Just scheduled, or changed."""
    lines = [
        f"*{what(view)}* is sent {whom(view)} {rhythm(view.schedule.rhythm)}.",
        following(view),
    ]
    return Message(
        "\n".join(lines),
        [section(lines[0]), context(lines[1]), _buttons(view, is_owner=True)],
    )


def listed(found: ScheduleList, *, is_admin: bool, note: str = "") -> Message:
    """All of somebody's, or of the team's."""
    head = "Scheduled reports of everybody" if found.of_everybody else "Your scheduled reports"
    lines = [note] if note else []
    lines.append(f"{head}: {counted(found.number, 'report')}." if found.number else _none(found))
    blocks: list[Block] = [section("\n".join(lines))]
    for view in found.views:
        about = what(view, of_everybody=found.of_everybody)
        said = f"*{about}* {whom(view, of_everybody=found.of_everybody)}, "
        said += f"{rhythm(view.schedule.rhythm)}"
        by = f" By {escaped(clipped(view.owner, _NAME))}." if found.of_everybody else ""
        lines += [f"{said}. {following(view)}{by}"]
        blocks += [
            section(f"{said}.\n{following(view)}{by}"),
            _buttons(view, is_owner=not found.of_everybody),
        ]
    turns = _turns(found, is_admin=is_admin)
    return Message(spoken(lines), [*blocks, *([actions(*turns)] if turns else [])])


def _none(found: ScheduleList) -> str:
    if found.of_everybody:
        return "Nobody has scheduled a report."
    return (
        "You have scheduled no report. For example: "
        "`/track schedule last week by project every mon at 09:00`"
    )


def _turns(found: ScheduleList, *, is_admin: bool) -> list[Block]:
    whose = "all" if found.of_everybody else "own"
    turns = []
    if found.page > 0:
        turns.append(button("Before", f"{PAGE}#before", f"{whose}:{found.page - 1}"))
    if (found.page + 1) * SHOWN < found.number:
        turns.append(button("More", f"{PAGE}#more", f"{whose}:{found.page + 1}"))
    if is_admin:
        label, other = ("Only mine", "own") if found.of_everybody else ("Everybody's", "all")
        turns.append(button(label, f"{PAGE}#whose", f"{other}:0"))
    return turns


def _buttons(view: ScheduleView, *, is_owner: bool) -> Block:
    value = str(view.schedule.id)
    sure = confirmation("Delete this?", "It is not sent any more.", yes="Delete")
    is_on = view.schedule.due_at is not None
    row = [button("Edit", EDIT, value)] if is_owner else []
    if is_on:
        row.append(button("Pause", PAUSE, value))
    elif is_owner:
        row.append(button("Resume", RESUME, value))
    row.append(button("Delete", REMOVE, value, confirm=sure))
    return actions(*row)


def form(view: ScheduleView, when: str) -> Modal:
    """Another report, another time."""
    blocks = [
        section(f"*{what(view)}*\n{rhythm(view.schedule.rhythm)}, {whom(view)}"),
        fields.text(
            "When",
            WHEN,
            when,
            longest=LONGEST,
            hint="every day, every mon, every month on 1; at 09:00",
        ),
        {
            **fields.text(
                "Another report",
                WHAT,
                "",
                longest=LONGEST,
                hint="As in /track report: last week team by project chart. "
                "Empty: the same as before.",
            ),
            "optional": True,
        },
    ]
    return Modal(FORM, "Scheduled report", blocks, submit="Save", metadata=str(view.schedule.id))


def removed() -> Message:
    """It is gone."""
    return Message("Deleted: that report is not sent any more.")


def whose_of(found: Occurrence) -> str:
    """Whose time is in what others read; plain words."""
    return whose_words(found.report.reach, clipped(found.owner.name, _NAME))


def sent(found: Occurrence) -> Message:
    """The report, and why it comes. Where others read it, it has no buttons to turn it."""
    schedule = found.schedule
    is_own = schedule.is_for_owner
    by = "You" if is_own else escaped(clipped(found.owner.name, _NAME))
    why = f"{by} scheduled this, {rhythm(schedule.rhythm)}."
    whose = "" if is_own else escaped(whose_of(found))
    shown = show_team_report(found.report, note=why, whose=whose)
    if schedule.member_id is None:
        return shown
    stop = button("Stop sending me this", UNWANTED, str(schedule.id))
    return Message(shown.text, [*shown.blocks, actions(stop)])


def unwanted() -> Message:
    """Who got it does not get it any more."""
    return Message("You do not get this report any more. Who scheduled it is told.")


def stopped(view: ScheduleView) -> Message:
    """To its owner."""
    said = f"Your scheduled report *{what(view)}* {whom(view)} is not sent any more."
    why = following(view).removeprefix("Paused: ")
    why = f"{why[:1].upper()}{why[1:]}"
    return Message(f"{said} {why}", [section(f"{said}\n{why}"), _buttons(view, is_owner=True)])
