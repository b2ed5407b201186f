"""``/track edit``, and the buttons and the form that change an entry."""

from dataclasses import replace

from bot.domain.approval.locks import TimeLocked
from bot.domain.durations import parse_duration
from bot.domain.entries.editing import Edit, Kind, Opened, Shown
from bot.domain.entries.editing_errors import EntryChanged, EntryDeleted, NothingToEdit
from bot.domain.entries.entries import zone_of
from bot.domain.entries.entry_refs import LastEntry, read_entry_ref
from bot.domain.entries.respan import EndsBeforeStart
from bot.domain.errors import HourlinkError, Vanished
from bot.domain.ids import TimeEntryId
from bot.domain.input_errors import (
    BadInput,
    DayInTheFuture,
    DayNotUnderstood,
    InTheFuture,
    TextTooLong,
    TimeDoesNotExist,
)
from bot.domain.tracking.tracking_errors import EntryOverlaps
from bot.services.entries.editing import Entries
from bot.services.entries.finding import EntryFinder
from bot.services.entries.history import EntryHistory
from bot.views import failures
from bot.views.entries import form as forms
from bot.views.entries import listing as views
from bot.views.entries.form import Place
from bot.views.failures import locks as lock_views
from bot.views.field_errors import under
from bot.views.message import Message, Modal, escaped
from bot.views.offers import groups
from handlers.asking import Ask, Click, Command, Fields, Lookup, Submission, row_id, target_of
from handlers.dates import clock_of, date_of
from handlers.grammar.track_values import Edit as EditCommand
from handlers.replies import (
    Both,
    Choices,
    CloseModals,
    Ephemeral,
    FieldErrors,
    OpenModal,
    Reply,
    Told,
    Update,
    UpdateModal,
)
from handlers.routes import Routes
from handlers.tracking.timesheet import TimesheetHandlers


class EntryHandlers:
    """What people do about time that is there."""

    def __init__(
        self,
        entries: Entries,
        finder: EntryFinder,
        past: EntryHistory,
        days: TimesheetHandlers,
    ) -> None:
        self._days = days
        self._entries = entries
        self._finder = finder
        self._past = past

    def register(self, routes: Routes) -> None:
        """Buttons and the form; the command comes through ``/track``."""
        routes.click(views.EDIT, self.edit_clicked)
        routes.click(views.DELETE, self.delete_clicked)
        routes.click(forms.DELETE, self.deleted_in_form)
        routes.click(forms.FIND, self.field_changed)
        routes.click(forms.FIELD, self.field_changed)
        routes.click(forms.RELOAD, self.reloaded)
        routes.click(forms.HISTORY, self.history_clicked)
        routes.click(forms.PAGE, self.page_turned)
        routes.lookup(forms.FIND, self.tasks)
        routes.submission(forms.FORM, self.saved)

    def command(self, ask: Command, parsed: EditCommand) -> Reply:
        """``/track edit [entry]``: the form, or a list to choose from."""
        ref = read_entry_ref(parsed.entry)
        if isinstance(ref, LastEntry):
            return self._opened(self._entries.last(who=ask.who, now=ask.now))
        found = self._finder.find(who=ask.who, ref=ref, now=ask.now)
        if not found.lines:
            raise NothingToEdit(parsed.entry)
        if len(found.lines) > 1:
            return Ephemeral(views.matches(found, parsed.entry))
        entry_id = found.lines[0].line.entry_id
        return self._opened(self._entry_to_open(ask, entry_id))

    def edit_clicked(self, ask: Click) -> Reply:
        """*Edit*, wherever the button stands."""
        entry_id, here, shown = _entry(ask.value)
        in_message = "" if ask.view_id else shown
        return self._opened(self._entry_to_open(ask, entry_id), here=here, shown=in_message)

    def _opened(self, found: Opened, *, here: bool = False, shown: str = "") -> Reply:
        """The form; what keeps its time from being changed is said before anything is typed."""
        entry = found.shown
        banner = None if found.locked is None else lock_views.stands(found.locked)
        if banner is not None and len(entry.days) == 1:  # of two days, one may still be open
            return OpenModal(forms.locked(entry, banner))
        place = Place(entry.entry_id, entry.version, here=here, shown=shown)
        return OpenModal(forms.form(entry, place, banner=banner))

    def delete_clicked(self, ask: Click) -> Reply:
        """*Delete*, beside an entry: at once, with *Undo*."""
        entry_id, here, shown = _entry(ask.value)
        done = self._entries.delete(who=ask.who, entry_id=entry_id, now=ask.now)
        message = views.deleted(done)
        if shown and not ask.view_id:
            return Both(Update(self._days.drawn(ask, shown)), Ephemeral(message))
        return Update(message) if here else Ephemeral(message)

    def deleted_in_form(self, ask: Click) -> Reply:
        """*Delete*, in the form; the question was asked by Slack."""
        place = _place(ask.metadata)
        try:
            done = self._entries.delete(
                who=ask.who, entry_id=place.entry_id, version=place.version, now=ask.now
            )
        except EntryChanged as error:
            return self._conflict(place, error)
        except EntryDeleted as error:
            return UpdateModal(forms.gone(failures.sentence(error)))
        message = views.deleted(done)
        told = Told(message, replaces=place.here, redrawn=self._redrawn(ask, place))
        return Both(UpdateModal(forms.gone(message)), told)

    def tasks(self, ask: Lookup) -> Reply:
        """Somebody types into the select of tasks."""
        place = _place(ask.metadata)
        found = self._entries.targets(
            who=ask.who, entry_id=place.entry_id, text=ask.query, now=ask.now
        )
        return Choices(groups=groups(found))

    def field_changed(self, ask: Click) -> Reply:
        """Something was chosen or typed: what would be saved is told at once."""
        place = _place(ask.metadata)
        found = self._form(ask, place.entry_id)
        try:
            edit = _edit(place, ask.fields, found)
            would = self._entries.preview(
                who=ask.who, entry_id=place.entry_id, edit=edit, now=ask.now
            )
        except (BadInput, HourlinkError) as error:
            hint = escaped(under(error, zone_of(found.owner.zone)))
        else:
            hint = forms.would_be(would)
        return UpdateModal(forms.form(found, place, hint))

    def reloaded(self, ask: Click) -> Reply:
        """*Reload*: the fields show what is there now."""
        place = _place(ask.metadata)
        found = self._form(ask, place.entry_id)
        again = replace(place, version=found.version, round=place.round + 1)
        return UpdateModal(forms.form(found, again))

    def saved(self, ask: Submission) -> Reply:
        """*Save*."""
        place = _place(ask.metadata)
        try:
            found = self._form(ask, place.entry_id)
        except EntryDeleted as error:
            return UpdateModal(forms.gone(failures.sentence(error)))
        try:
            edit = _edit(place, ask.fields, found)
            done = self._entries.save(
                who=ask.who,
                entry_id=place.entry_id,
                version=place.version,
                edit=edit,
                now=ask.now,
            )
        except EntryChanged as error:
            return self._conflict(place, error)
        except (BadInput, HourlinkError) as error:
            wrong = place.block(_field(error, found, ask.fields.text(place.block(forms.LENGTH))))
            return FieldErrors({wrong: under(error, zone_of(found.owner.zone))})
        return CloseModals(
            views.edited(done), replaces=place.here, redrawn=self._redrawn(ask, place)
        )

    def _conflict(self, place: Place, error: EntryChanged) -> Reply:
        """What stands in the form stays; it says what was done meanwhile, and offers that."""
        again = replace(place, version=error.present.version)
        return UpdateModal(
            forms.form(error.present, again, banner=forms.changed_meanwhile(error.lines))
        )

    def history_clicked(self, ask: Click) -> Reply:
        """*History*, on top of the form."""
        return OpenModal(self._history(ask, TimeEntryId(row_id(ask.value)), 0))

    def page_turned(self, ask: Click) -> Reply:
        """*Newer* and *Older*."""
        entry_id, _, page = ask.value.partition(":")
        return UpdateModal(self._history(ask, TimeEntryId(row_id(entry_id)), row_id(page)))

    def _redrawn(self, ask: Ask, place: Place) -> Message | None:
        return self._days.drawn(ask, place.shown) if place.shown else None

    def _history(self, ask: Ask, entry_id: TimeEntryId, page: int) -> Modal:
        found = self._past.of(who=ask.who, entry_id=entry_id, page=page, now=ask.now)
        return forms.history(found, page)

    def _entry_to_open(self, ask: Ask, entry_id: TimeEntryId) -> Opened:
        return self._entries.opened(who=ask.who, entry_id=entry_id, now=ask.now)

    def _form(self, ask: Ask, entry_id: TimeEntryId) -> Shown:
        return self._entries.form(who=ask.who, entry_id=entry_id, now=ask.now)


def _entry(value: str) -> tuple[TimeEntryId, bool, str]:
    """The entry that a button names, and what the message does that it stands in."""
    entry, _, where = value.partition(":")
    here = f":{where}" == views.HERE
    return TimeEntryId(row_id(entry)), here, "" if here else where


def _place(metadata: str) -> Place:
    try:
        return forms.read_place(metadata)
    except ValueError as error:
        raise Vanished("form") from error


def _edit(place: Place, fields: Fields, found: Shown) -> Edit:
    """What stands in the form.

    Raises:
        BadInput: the length is none.
    """

    def chosen(name: str) -> str:
        return fields.choice(place.block(name))

    task, day, end_day = chosen(forms.TASK), chosen(forms.DAY), chosen(forms.END_DAY)
    start, end = chosen(forms.START), chosen(forms.END)
    typed = fields.text(place.block(forms.LENGTH))
    return Edit(
        note=fields.text(place.block(forms.NOTE)),
        day=date_of(day) if day else found.day,
        target=target_of(task) if task else None,
        start=clock_of(start) if start else None,
        end=clock_of(end) if end else None,
        end_day=date_of(end_day) if end_day else None,
        seconds=parse_duration(typed) if typed else None,
    )


def _field(error: Exception, found: Shown, typed_length: str) -> str:
    """Under which field an error is told."""
    last = {Kind.TIMER: forms.START, Kind.LENGTH: forms.LENGTH, Kind.SPAN: forms.END}[found.kind]
    if typed_length:
        last = forms.LENGTH
    match error:
        case DayInTheFuture() | DayNotUnderstood() | TimeLocked():
            return forms.DAY
        case TextTooLong():
            return forms.NOTE
        case EntryOverlaps() | TimeDoesNotExist():
            return forms.START
        case EndsBeforeStart():
            return forms.END
        case InTheFuture() | BadInput():
            return last
        case _:
            return forms.TASK
