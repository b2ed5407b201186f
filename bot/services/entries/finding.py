"""From the words after ``/track edit`` to one's own entries."""

from datetime import datetime, timedelta

from bot.domain.clock_times import At, resolve_when
from bot.domain.days import resolve_day
from bot.domain.entries.entries import LabelledEntry
from bot.domain.entries.entry_refs import AtClock, EntryRef, LastEntry, Listed, Matches, OnDay
from bot.domain.people.people import Member
from bot.domain.tasks.task_refs import KeyRef, NumberRef, QuotedName, TaskRef, UrlRef, WordsRef
from bot.services.tracking.desk import AtDesk, Desk
from storage.entries import continued_entries, own_entries, time_entries

SHOWN = 10
"""Entries that one list offers."""

_ONE_DAY = timedelta(days=1)
_ONE_SECOND = timedelta(seconds=1)


class EntryFinder(AtDesk):
    """Finds one's own entries."""

    def find(self, *, who: Member, ref: EntryRef, now: datetime) -> Matches:
        """The member's entries that are meant, newest first; parts that continue others left out.

        Raises:
            BadInput: the day or the time has not come yet.
        """
        with self._uow.read() as tx:
            desk = self._looking(tx, who, now)
            found = [one for one in _found(desk, ref) if one.entry.continues_id is None]
            lines = tuple(Listed(one.entry.work_date, desk.line(one)) for one in found[:SHOWN])
            return Matches(lines, has_more=len(found) > SHOWN)


def _found(desk: Desk, ref: EntryRef) -> list[LabelledEntry]:
    tx, team_id, member_id = desk.tx, desk.team_id, desk.who.id
    match ref:
        case LastEntry():
            last = desk.running() or time_entries.last(tx, team_id, member_id)
            return [last] if last else []
        case OnDay(day):
            date = resolve_day(day, desk.today)
            return time_entries.on_days(tx, team_id, member_id, date, date + _ONE_DAY)[::-1]
        case AtClock(clock):
            at = resolve_when(At(clock), desk.now, desk.zone)
            found = time_entries.overlapping(tx, team_id, member_id, at, at + _ONE_SECOND)
            return [_whole(desk, one) for one in found]
        case _:
            return own_entries.matching(tx, team_id, member_id, _wanted(ref), SHOWN + 1)


def _wanted(ref: TaskRef) -> own_entries.Wanted:
    match ref:
        case KeyRef(key):
            return own_entries.Wanted(key=key.casefold())
        case NumberRef(number):
            return own_entries.Wanted(number=number)
        case UrlRef(url):
            return own_entries.Wanted(url=url)
        case QuotedName(name):
            return own_entries.Wanted(words=(name.casefold(),))
        case WordsRef(text):
            return own_entries.Wanted(words=tuple(text.casefold().split()))


def _whole(desk: Desk, part: LabelledEntry) -> LabelledEntry:
    return continued_entries.chain(desk.tx, desk.team_id, part.entry.id)[0]
