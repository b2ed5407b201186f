"""One project as a message, with a table: to keep, to pass on (M3)."""

from collections.abc import Sequence

from bot.domain.projects.project_summary import Hours, ProjectSummary, Standing
from bot.views.message import Block, Message, actions, button, clipped, escaped, section, spoken
from bot.views.projects.listing import PROJECT
from bot.views.projects.money import told_money
from bot.views.times import isolated, length
from bot.views.words import counted

_NAME = 100
_HEADS = ["Time", "This week", "This month", "In all"]
_GAP = "\N{NO-BREAK SPACE}"


def as_message(found: ProjectSummary) -> Message:
    """Time by person and by task in one table; budget and billing above it."""
    whose = "your time" if found.standing is Standing.MEMBER else "time"
    hours = found.hours
    head = (
        f"*{escaped(clipped(found.name, _NAME))}*, {whose}: {length(hours.week)} this week, "
        f"{length(hours.month)} this month, {length(hours.total)} in all."
    )
    lines = [head, *told_money(found.money)]
    groups = [("By person", _people(found)), ("By task", _tasks(found))]
    said = [f"{escaped(name)}: {_spoken(one)}" for _, rows in groups for name, one in rows]
    blocks: list[Block] = [section("\n".join(lines))]
    if said:
        blocks.append(_table(groups, hours))
    left = _left(found)
    blocks += [section(left)] if left else []
    show = button("Open project", PROJECT, str(found.id), says="Open the project")
    return Message(spoken([*lines, *said, *([left] if left else [])]), [*blocks, actions(show)])


def _people(found: ProjectSummary) -> list[tuple[str, Hours]]:
    return [(clipped(one.name, _NAME), one.hours) for one in found.by_person]


def _tasks(found: ProjectSummary) -> list[tuple[str, Hours]]:
    return [
        (clipped(one.on.name, _NAME) if one.on.task_id else "Without a task", one.hours)
        for one in found.by_task
    ]


def _left(found: ProjectSummary) -> str:
    parts = []
    people = found.by_person_total - len(found.by_person)
    tasks = found.by_task_total - len(found.by_task)
    if people > 0:
        parts.append(counted(people, "more person", "more people"))
    if tasks > 0:
        parts.append(counted(tasks, "more task"))
    return f"And {' and '.join(parts)}." if parts else ""


def _spoken(hours: Hours) -> str:
    return f"{length(hours.week)}, {length(hours.month)}, {length(hours.total)}"


def _table(groups: Sequence[tuple[str, Sequence[tuple[str, Hours]]]], total: Hours) -> Block:
    lines = [_HEADS]
    for title, rows in groups:
        lines += [[title, *[_GAP] * 3]] if rows else []
        lines += [[f"{_GAP}{isolated(name)}", *_cells(hours)] for name, hours in rows]
    lines.append(["The whole project", *_cells(total)])
    right: Block = {"align": "right"}
    return {
        "type": "table",
        "rows": [[_cell(text) for text in line] for line in lines],
        "column_settings": [{"is_wrapped": True}, right, right, right],
    }


def _cells(hours: Hours) -> list[str]:
    return [length(one) for one in (hours.week, hours.month, hours.total)]


def _cell(text: str) -> Block:
    return {"type": "raw_text", "text": text}
