"""Today and the week, to be read at a glance."""

from collections.abc import Iterable, Sequence

from bot.domain.tracking import Day, DayLine, Week
from bot.views.message import Block, Message, actions, button, clipped, context, section
from bot.views.times import day, length, named, noted, quiet

_SECTION = 2900
_ROOM = 3500
"""Characters for the entries of a day: a message's text has 4,000."""

_MOST_TASKS = 10
_BAR = 16


def today(found: Day) -> Message:
    """The day's entries in order, with their total, and Stop for one that runs."""
    listed = day_list(found)
    return Message(listed.text, [*listed.blocks, *_buttons(found.lines)])


def day_list(found: Day) -> Message:
    """The day's entries in order, with their total; for places with buttons of their own."""
    head = f"Today, {day(found.date)}: {length(found.total)}."
    if not found.lines:
        text = f"Nothing tracked today, {day(found.date)}. Start with `/track start TASK-12`."
        return Message(text, [section(text)])
    shown = _latest(found.lines)
    blocks: list[Block] = [section(f"*{head}*")]
    blocks += [section(part) for part in _sections(_line(line) for line in shown)]
    spoken = [head, *(_line(line, spoken=True) for line in shown)]
    if hidden := len(found.lines) - len(shown):
        spoken.append(f"{hidden} earlier are counted but not listed.")
        blocks.append(context(spoken[-1]))
    return Message("\n".join(spoken), blocks)


def week(found: Week) -> Message:
    """A bar for each day, and what the time went to."""
    head = f"This week, from {day(found.first)}: {length(found.total)}."
    most = max((seconds for _, seconds in found.days), default=0)
    bars = "\n".join(
        f"{day(date):<10}  {_bar(seconds, most)}  {length(seconds) if seconds else '-'}"
        for date, seconds in found.days
    )
    blocks = [section(f"*{head}*"), section(f"```{bars}```")]
    shown = found.tasks[:_MOST_TASKS]
    lines = [f"{named(on)} {length(seconds)}" for on, seconds in shown]
    hidden = len(found.tasks) - len(shown)
    if hidden:
        rest = sum(seconds for _, seconds in found.tasks[_MOST_TASKS:])
        lines.append(f"and {hidden} more, {length(rest)}")
    if lines:
        blocks.append(section("\n".join(lines)))
    days = ", ".join(f"{day(date)} {length(seconds)}" for date, seconds in found.days if seconds)
    spoken = ", ".join(f"{quiet(on)} {length(seconds)}" for on, seconds in shown)
    more = f", and {hidden} more" if hidden else ""
    text = f"{head} {days}. {spoken}{more}." if days else f"{head} Nothing tracked yet."
    return Message(text, blocks)


def _line(line: DayLine, *, spoken: bool = False) -> str:
    name = quiet(line.on) if spoken else named(line.on)
    note = f" - {noted(clipped(line.note, 80))}" if line.note else ""
    return f"{_span(line)}  {name}  {length(line.seconds)}{note}"


def _span(line: DayLine) -> str:
    if line.start is None:
        return "no clock times"
    end = "now" if line.end is None else f"{line.end:%H:%M}"
    if line.end is not None and line.end.date() > line.start.date():
        end = "24:00"
    return f"{line.start:%H:%M}-{end}"


def _bar(seconds: int, most: int) -> str:
    filled = round(_BAR * seconds / most) if most else 0
    filled = max(filled, 1) if seconds else 0
    return "\u2588" * filled + "\u2591" * (_BAR - filled)


def _sections(lines: Iterable[str]) -> list[str]:
    """The lines in as few paragraphs as Slack's limit allows."""
    parts: list[str] = []
    for line in lines:
        if parts and len(parts[-1]) + len(line) < _SECTION:
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
    return parts


def _latest(lines: Sequence[DayLine]) -> Sequence[DayLine]:
    """As many of the last entries as one message holds."""
    room = _ROOM
    for count, line in enumerate(reversed(lines)):
        room -= len(_line(line)) + 1
        if room < 0:
            return lines[len(lines) - count :]
    return lines


def _buttons(lines: Sequence[DayLine]) -> list[Block]:
    running = next((line for line in lines if line.is_running), None)
    if running is None:
        return []
    return [actions(button("Stop", "track.stop", str(running.entry_id)))]
