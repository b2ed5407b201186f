"""The form that changes a time entry."""

from datetime import date, datetime

from bot.domain.durations import compact_duration
from bot.domain.entries.editing import History, HistoryLine, Kind, Preview, Shown
from bot.domain.entries.entries import LONGEST_NOTE
from bot.domain.ids import TimeEntryId
from bot.domain.values import dataclass
from bot.views.entries.listing import delete_confirmation
from bot.views.entries.words import history_line, when
from bot.views.message import (
    Block,
    Message,
    Modal,
    Option,
    actions,
    button,
    context,
    escaped,
    form_input,
    option,
    plain,
    section,
)
from bot.views.offers import target
from bot.views.times import day_parts, length, named, noted, spans
from bot.views.writing import worklogs

FORM = "entry.form"
HISTORY_VIEW = "entry.past"
LOCKED = "entry.locked"
FIND = "entry.find"
FIELD = "entry.field"
HISTORY = "entry.history"
DELETE = "entry.form_delete"
RELOAD = "entry.reload"
PAGE = "entry.page"

TASK, DAY, START, END_DAY, END, LENGTH, NOTE = (
    "task",
    "day",
    "start",
    "end_day",
    "end",
    "length",
    "note",
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a form remembers, in its metadata."""

    entry_id: TimeEntryId
    version: int
    """Of the entry when it was shown."""
    round: int = 0
    """Counts how often the fields were filled anew: fields under other names forget what stood
    in them."""
    here: bool = False
    """What comes of it takes the place of the message that it was opened from."""
    shown: str = ""
    """The page of a day that this message shows, which is drawn anew."""

    def block(self, name: str) -> str:
        """The id of a field."""
        return f"{name}.{self.round}"

    def written(self) -> str:
        """As metadata."""
        return f"{self.entry_id}:{self.version}:{self.round}:{int(self.here)}:{self.shown}"


def read_place(metadata: str) -> Place:
    """What ``Place.written`` wrote.

    Raises:
        ValueError: somebody else wrote it.
    """
    *numbers, shown = metadata.split(":")
    entry_id, version, round_, here = map(int, numbers)
    return Place(TimeEntryId(entry_id), version, round_, bool(here), shown)


def form(found: Shown, place: Place, hint: str = "", banner: Message | None = None) -> Modal:
    """The form, filled with the entry as it is.

    Args:
        found: The entry.
        place: What the form remembers.
        hint: What it would save as it stands; what the entry is, where nothing was typed yet.
        banner: Said first, with its buttons.
    """
    blocks: list[Block] = list(banner.blocks or [section(banner.text)]) if banner else []
    blocks += _about(found)
    blocks.append(_task(found, place))
    blocks += _times(found, place)
    blocks.append(_hint(hint or as_it_is(found)))
    blocks.append(_note(found, place))
    blocks += _written(found)
    version = f"{found.entry_id}:{found.version}"
    blocks.append(
        actions(
            button("History", HISTORY, str(found.entry_id), says="Who changed it, and when"),
            button("Delete", DELETE, version, style="danger", confirm=delete_confirmation(found)),
            block_id="more",
        )
    )
    title = "Edit timer" if found.kind is Kind.TIMER else "Edit time"
    return Modal(FORM, title, blocks, submit="Save", metadata=place.written(), returns=True)


def locked(found: Shown, banner: Message) -> Modal:
    """An entry whose time can no longer be changed: to be read, with what would open it again."""
    note = [section(f"Note: {noted(found.note)}")] if found.note else []
    blocks: list[Block] = [
        *(banner.blocks or [section(banner.text)]),
        section(f"{named(found.on)}\n{as_it_is(found)}"),
        *note,
        *_written(found),
        actions(
            button("History", HISTORY, str(found.entry_id), says="Who changed it, and when"),
            block_id="more",
        ),
    ]
    return Modal(LOCKED, "Locked time", blocks, close="Close")


def as_it_is(found: Shown) -> str:
    """The entry in a line."""
    return _in_a_line(found, is_running=found.kind is Kind.TIMER)


def would_be(would: Preview) -> str:
    """What the form as it stands would save."""
    said = _in_a_line(would, is_running=would.start is not None and would.end is None)
    if len(would.days) > 1:
        said += f" Cut at midnight: {day_parts(would.days)}."
    if would.taken:
        verb = "That time is taken:" if would.refused else "It overlaps:"
        said += f" {verb} {spans(would.taken, would.now)}."
    return said


def _in_a_line(found: Shown | Preview, *, is_running: bool) -> str:
    """``14:00-15:30: 1 h 30 m.``; a length alone first: ``Today: 20 m`` is a day's total."""
    said = when(found, found.now.date())
    if found.start is None:
        return f"{length(found.seconds)} {said}."
    so_far = " so far" if is_running else ""
    return f"{said[:1].upper()}{said[1:]}: {length(found.seconds)}{so_far}."


def changed_meanwhile(lines: tuple[HistoryLine, ...]) -> Message:
    """What somebody did to the entry while the form was open."""
    did = "\n".join(f"\u2022 {history_line(line)}" for line in lines)
    text = (
        f"*This was changed while you had the form open:*\n{did}\n"
        "*Save* keeps what stands below. *Reload* takes what is there now instead."
    )
    return Message(text, [section(text), actions(button("Reload", RELOAD), block_id="reload")])


def history(found: History, page: int) -> Modal:
    """Who changed what, and when; the newest first."""
    blocks: list[Block] = [section(f"{named(found.shown.on)}\n{as_it_is(found.shown)}")]
    blocks += _written(found.shown)
    blocks += [section(history_line(line)) for line in found.lines]
    if not found.lines:
        blocks.append(context("Nothing was changed yet."))
    turns = [
        button(label, f"{PAGE}#{to}", f"{found.shown.entry_id}:{to}")
        for label, to, there in (
            ("Newer", page - 1, page > 0),
            ("Older", page + 1, found.has_more),
        )
        if there
    ]
    if turns:
        blocks.append(actions(*turns))
    return Modal(HISTORY_VIEW, "History", blocks, close="Back")


def _written(found: Shown) -> list[Block]:
    """Where it stands in its tools, with what can be done about that."""
    return [block for one in found.worklogs for block in worklogs.about(one)]


def _about(found: Shown) -> list[Block]:
    said: list[str] = []
    if not found.owner.is_asker:
        name = escaped(found.owner.name)
        said.append(
            f"This is {name}'s time, in {name}'s time zone ({found.owner.zone}). "
            f"{name} is told of what you change."
        )
    if len(found.days) > 1:
        said.append(
            f"It ran over midnight: {day_parts(found.days)}. You change it as one; it is cut at "
            "midnight again."
        )
    if found.permalink:
        said.append(f"From <{found.permalink}|this message>")
    return [context(*said)] if said else []


def _task(found: Shown, place: Place) -> Block:
    select: Block = {
        "type": "external_select",
        "action_id": FIND,
        "placeholder": plain("Type a key or words"),
        "min_query_length": 0,
        "initial_option": option(Option(found.on.name, target(found.on), found.on.project_name)),
    }
    return form_input("Task or project", place.block(TASK), select, dispatch=True)


def _times(found: Shown, place: Place) -> list[Block]:
    days = "Start day" if len(found.days) > 1 else "Day"
    first = _day(days, place.block(DAY), found.day)
    if found.start is None:
        return [first, _length(place, compact_duration(found.seconds))]
    start = _clock("Start", place.block(START), found.start)
    if found.end is None:
        return [first, start]
    ends = _clock("End", place.block(END), found.end)
    if len(found.days) > 1:
        last = _day("End day", place.block(END_DAY), found.end.date())
        return [first, start, last, ends, _length(place)]
    return [first, start, ends, _length(place)]


def _day(label: str, block_id: str, shown: date) -> Block:
    picker: Block = {"type": "datepicker", "action_id": FIELD, "initial_date": shown.isoformat()}
    return form_input(label, block_id, picker, dispatch=True)


def _clock(label: str, block_id: str, shown: datetime) -> Block:
    picker: Block = {
        "type": "timepicker",
        "action_id": FIELD,
        "initial_time": f"{shown:%H:%M}",
    }
    return form_input(label, block_id, picker, dispatch=True)


def _length(place: Place, shown: str = "") -> Block:
    field: Block = {"type": "plain_text_input", "action_id": FIELD, "max_length": 40}
    if shown:
        field["initial_value"] = shown
        return form_input(
            "Length", place.block(LENGTH), field, hint="1h30m, 90m, 1:30 or 1.5h", dispatch=True
        )
    return form_input(
        "Length",
        place.block(LENGTH),
        field,
        hint="Instead of an end: 1h30m, 90m, 1:30 or 1.5h",
        optional=True,
        dispatch=True,
    )


def _note(found: Shown, place: Place) -> Block:
    field: Block = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST_NOTE}
    if found.note:
        field["initial_value"] = found.note
    return form_input("Note", place.block(NOTE), field, optional=True)


def _hint(said: str) -> Block:
    return context(said) | {"block_id": "hint"}


def gone(message: Message) -> Modal:
    """The form once its entry is deleted."""
    return Modal("entry.gone", "Edit time", message.blocks, close="Close", returns=True)
