"""What is said when a time entry was changed or deleted, and lists to choose one from."""

from bot.domain.entries.editing import Deleted, Edited, HistoryLine, Kind, Shown
from bot.domain.entries.entries import TaskLabel
from bot.domain.entries.entry_refs import Listed, Matches
from bot.domain.ids import TimeEntryId
from bot.views.entries.words import change_words, difference, when
from bot.views.message import (
    Block,
    Message,
    actions,
    button,
    clipped,
    confirmation,
    context,
    escaped,
    section,
)
from bot.views.times import day, length, named, noted, quiet, shared
from bot.views.words import quoted

EDIT = "entry.edit"
DELETE = "entry.delete"
HERE = ":here"
"""Behind an entry's id in a button's value: what comes of it takes the place of the message."""

_MOST_CHANGES = 6


def edit_button(entry_id: TimeEntryId, on: TaskLabel, *, here: bool = False) -> Block:
    """*Edit*.

    Args:
        entry_id: Any part of the entry.
        on: What it is on, for who cannot see the row.
        here: The message is about this entry alone, and is replaced by what comes of it.
    """
    value = f"{entry_id}{HERE if here else ''}"
    return button("Edit", f"{EDIT}#{entry_id}", value, says=f"Edit {clipped(on.short, 50)}")


def delete_confirmation(found: Shown) -> Block:
    """The question before an entry is deleted."""
    span = when(found, found.now.date())
    text = f"{found.on.name}, {span}, {length(found.seconds)}. You can undo this."
    return confirmation("Delete this entry?", text, yes="Delete")


def edited(done: Edited) -> Message:
    """An entry was changed, or was like that before."""
    after = done.after
    span = when(after, after.now.date())
    if not done.step:
        text = f"Nothing was changed: {named(after.on)}, {span}, {_length(after)}."
        return Message(text, [section(text), actions(*_buttons(after))])
    said = f"Changed {_whose(after)}{named(after.on)}: {difference(done)}."
    said = f"{said} {_total(done)}{shared(done.overlaps, after.now)}"
    undo = button("Undo", "track.undo", done.step, says="Undo the change")
    note = [context(f"Note: {noted(after.note)}")] if after.note else []
    blocks = [section(said), *note, actions(*_buttons(after), undo)]
    return Message(f"{said} Note: {noted(after.note)}" if after.note else said, blocks)


def deleted(done: Deleted) -> Message:
    """An entry was deleted."""
    gone = done.gone
    span = when(gone, gone.now.date())
    head = f"Deleted {_whose(gone)}{named(gone.on)}, {span}, {length(gone.seconds)}."
    text = f"{head} {_total(done)}"
    undo = button("Undo", "track.undo", done.step, says="Undo the deletion")
    return Message(text, [section(text), actions(undo)])


def matches(found: Matches, words: str) -> Message:
    """Entries that words may mean, the newest first."""
    count = "More than ten" if found.has_more else str(len(found.lines))
    head = f"{count} entries for {quoted(words)}. Which one?"
    rows: list[Block] = [section(head)]
    for one in found.lines:
        line = one.line
        rows.append(section(_row(one), accessory=edit_button(line.entry_id, line.on)))
    if found.has_more:
        rows.append(context("These are the newest. Name a day to see its entries: `mon`."))
    spoken = "; ".join(_row(one, spoken=True) for one in found.lines)
    return Message(f"{head} {spoken}.", rows)


def changed_by_other(who: str, found: Shown | None, line: HistoryLine, on: TaskLabel) -> Message:
    """Tells an owner what a manager or admin did to their time.

    Args:
        who: Who did it.
        found: The entry as it is now; None where it is gone.
        line: What was done.
        on: What it is, or was, on.
    """
    told = [change_words(one, line.at) for one in line.changes[:_MOST_CHANGES]]
    if found is None:
        text = f"{escaped(who)} deleted your time on {named(on)}."
        return Message(text, [section(text)])
    what = f": {'; '.join(told)}" if told else ""
    span = when(found, found.now.date())
    text = f"{escaped(who)} changed your time on {named(found.on)}{what}. It is now {span}."
    return Message(text, [section(text), actions(edit_button(found.entry_id, found.on, here=True))])


def _buttons(found: Shown) -> list[Block]:
    stop = button("Stop", "track.stop", str(found.entry_id), says=f"Stop {found.on.short[:50]}")
    running = [stop] if found.kind is Kind.TIMER and found.owner.is_asker else []
    return [*running, edit_button(found.entry_id, found.on, here=True)]


def _length(found: Shown) -> str:
    return f"{length(found.seconds)} so far" if found.kind is Kind.TIMER else length(found.seconds)


def _whose(found: Shown) -> str:
    return "" if found.owner.is_asker else f"{escaped(found.owner.name)}'s time on "


def _total(done: Edited | Deleted) -> str:
    found = done.after if isinstance(done, Edited) else done.gone
    is_today = found.day == found.now.date()
    if not found.owner.is_asker:
        when_ = "today" if is_today else "that day"
        return f"{escaped(found.owner.name)} {when_}: {length(done.day_total)}."
    return f"{'Today' if is_today else 'That day'}: {length(done.day_total)}."


def _row(one: Listed, *, spoken: bool = False) -> str:
    line = one.line
    name = quiet(line.on) if spoken else named(line.on)
    span = ""
    if line.start is not None:
        end = f"-{line.end:%H:%M}" if line.end else " till now"
        span = f"{line.start:%H:%M}{end}  "
    note = f" - {noted(clipped(line.note, 80))}" if line.note else ""
    return f"{day(one.day)}  {span}{name}  {length(line.seconds)}{note}"
