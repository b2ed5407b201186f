"""The form *Log time*: from a shortcut, or from a button."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date, time

from bot.domain.approval.locks import TimeLocked
from bot.domain.clock_times import ClockRange
from bot.domain.days import CalendarDay
from bot.domain.durations import in_range, parse_duration
from bot.domain.entries.entries import zone_of
from bot.domain.errors import HourlinkError
from bot.domain.input_errors import (
    BadInput,
    DayInTheFuture,
    DayNotUnderstood,
    DurationNotUnderstood,
    DurationOutOfRange,
    InTheFuture,
    Misuse,
    TextTooLong,
    TimeDoesNotExist,
    UsageError,
)
from bot.domain.tracking.log_form import Begins
from bot.domain.tracking.tracking_errors import AlreadyLogged, EntryOverlaps
from bot.services.tracking.log_form import LogForm
from bot.services.tracking.time_log import TimeLog
from bot.views import field_errors
from bot.views.failures import sentence
from bot.views.field_errors import under
from bot.views.message import escaped
from bot.views.offers import groups
from bot.views.tracking import log_form as views
from bot.views.tracking import timer as tracking_views
from handlers.asking import Click, Command, Fields, Lookup, Shortcut, Submission, target_of
from handlers.dates import clock_of, date_of
from handlers.grammar.track_values import LogTime
from handlers.replies import Choices, CloseModals, FieldErrors, OpenModal, Reply, UpdateModal
from handlers.routes import Routes

LOG_TIME = "log_time"
"""Names the shortcut in the manifest."""

_OPENING = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?: (?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d))?", re.ASCII
)
_MIDNIGHT = time()


class LogTimeHandlers:
    """Time already worked, in a form."""

    def __init__(self, form: LogForm, time_log: TimeLog) -> None:
        self._form = form
        self._time_log = time_log

    def register(self, routes: Routes) -> None:
        """The shortcut, the button and the form."""
        routes.shortcut(LOG_TIME, self.opened)
        routes.click(views.OPEN, self.opened)
        routes.click(views.FIELD, self.field_changed)
        routes.lookup(views.FIND, self.tasks)
        routes.submission(views.FORM, self.logged)

    def opened(self, ask: Shortcut | Click | Command, parsed: LogTime | None = None) -> Reply:
        """The form, with what was chosen last time; a button may name a day and a span, or a task.

        So may the words of a command, with a note.

        Raises:
            UsageError: they name several tasks, or none, and no length.
            HourlinkError: that task cannot be tracked, or there is none at all.
        """
        if parsed is not None and parsed != LogTime():
            begun = self._form.begins_with(
                who=ask.who,
                now=ask.now,
                ref=parsed.task,
                day=parsed.day,
                note=parsed.note,
                channel_id=ask.channel_id,
            )
            if begun is None:
                raise UsageError("log", Misuse.MISSING_DURATION)
            return OpenModal(views.form(begun))
        value = ask.value if isinstance(ask, Click) else ""
        named = value.removeprefix(views.ON) if value.startswith(views.ON) else ""
        target = target_of(named) if named else None
        found = _with_opening(self._form.begins(who=ask.who, now=ask.now, target=target), value)
        return OpenModal(views.form(found))

    def tasks(self, ask: Lookup) -> Reply:
        """Somebody types into the select."""
        offer = self._form.offers(who=ask.who, text=ask.query, now=ask.now)
        return Choices(groups=groups(offer))

    def field_changed(self, ask: Click) -> Reply:
        """Something was chosen: what would be saved is told; another way brings other fields."""
        by_clock = ask.fields.choice(views.HOW) == views.BY_CLOCK
        begun = self._form.begins(who=ask.who, now=ask.now)
        found = replace(begun, by_clock=by_clock)
        return UpdateModal(views.form(found, self._hint(ask, by_clock=by_clock)))

    def _hint(self, ask: Click, *, by_clock: bool) -> str:
        try:
            amount = _amount(ask.fields, by_clock=by_clock)
            if amount is None:
                return ""
            would = self._form.would_log(
                who=ask.who, amount=amount, day=_day(ask.fields), now=ask.now
            )
        except (BadInput, HourlinkError) as error:
            return escaped(under(error, zone_of(ask.who.zone)))
        return views.would_log(would)

    def logged(self, ask: Submission) -> Reply:
        """*Log*."""
        by_clock = ask.metadata == views.BY_CLOCK
        last = views.END if by_clock else views.LENGTH
        task = ask.fields.choice(views.TASK)
        if not task:
            return FieldErrors({views.TASK: field_errors.CHOOSE_TASK_OR_PROJECT})
        try:
            amount = _amount(ask.fields, by_clock=by_clock)
            if amount is None:
                return FieldErrors({last: field_errors.SAY_LENGTH})
            day = _day(ask.fields)
            done = self._time_log.log_on(
                who=ask.who,
                target=target_of(task),
                amount=amount,
                day=CalendarDay(day.month, day.day, day.year),
                note=ask.fields.text(views.NOTE),
                now=ask.now,
                request_id=ask.request_id,
            )
        except AlreadyLogged as error:
            return CloseModals(sentence(error))
        except (BadInput, HourlinkError) as error:
            return FieldErrors({_field(error, last): under(error, zone_of(ask.who.zone))})
        return CloseModals(tracking_views.logged(done))


def _with_opening(found: Begins, value: str) -> Begins:
    """The form for the day and the span that a button names; a made-up value names nothing."""
    named = _OPENING.fullmatch(value)
    if named is None:
        return found
    with suppress(BadInput):
        found = replace(found, day=date_of(named["day"]))
        if named["start"]:
            start, end = clock_of(named["start"]), clock_of(named["end"])
            found = replace(found, by_clock=True, start=start, end=end)
    return found


def _day(fields: Fields) -> date:
    return date_of(fields.choice(views.DAY))


def _amount(fields: Fields, *, by_clock: bool) -> int | ClockRange | None:
    """The length or the span; None while a part is missing.

    Raises:
        BadInput: the words are no length, or both ends are the same.
    """
    if not by_clock:
        typed = fields.text(views.LENGTH)
        return parse_duration(typed) if typed else None
    start, end = fields.choice(views.START), fields.choice(views.END)
    if not (start and end):
        return None
    span = ClockRange(clock_of(start), clock_of(end))
    if span.start == span.end != _MIDNIGHT:
        in_range(0)
    return span


def _field(error: Exception, last: str) -> str:
    """Under which field an error is told."""
    match error:
        case DayInTheFuture() | DayNotUnderstood() | TimeLocked():
            return views.DAY
        case TextTooLong():
            return views.NOTE
        case EntryOverlaps() | TimeDoesNotExist():
            return views.START
        case InTheFuture() | DurationNotUnderstood() | DurationOutOfRange():
            return last
        case _:
            return views.TASK
