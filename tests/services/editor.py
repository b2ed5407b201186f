"""Ana's entries and what is done to them: shared by the tests of editing."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from bot.domain.clock_times import ClockRange
from bot.domain.entries.editing import Deleted, Edit, Edited, Kind, Shown
from bot.domain.entries.entries import zone_of
from bot.domain.ids import TimeEntryId
from bot.domain.people.people import Member
from bot.domain.preferences import Overlaps, TeamSettings
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import Logged
from storage import teams
from storage.outbox import OutboxRow
from tests.builders import NOON
from tests.services.office import Office

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TODAY = date(2026, 11, 20)
EIGHT = NOON.replace(hour=8)
"""09:00 for Ana, in Berlin."""


class Editor(Office):
    """The office, with short words for what its people do to entries."""

    def entry(self, since: datetime = EIGHT, until: datetime = EIGHT + HOUR) -> TimeEntryId:
        """Ana's finished entry on WEB-12."""
        return self.world.entry(self.ana, self.website, self.web12, since, until)

    def logs(self, amount: int | ClockRange) -> TimeEntryId:
        """Ana logs on WEB-12."""
        done = self.time_log.log(
            who=self.ana,
            ref=KeyRef("WEB-12"),
            amount=amount,
            day=None,
            note="",
            now=NOON,
            request_id=self.world.new_marker()(),
        )
        assert isinstance(done, Logged)
        return done.entry_id

    def shows(self, entry_id: TimeEntryId, who: Member | None = None) -> Shown:
        """What the form shows."""
        return self.changing.form(who=who or self.ana, entry_id=entry_id, now=NOON)

    def edits(
        self,
        entry_id: TimeEntryId,
        *,
        who: Member | None = None,
        now: datetime = NOON,
        version: int | None = None,
        **changes: Any,  # noqa: ANN401 - the fields of Edit
    ) -> Edited:
        """Opens the form, changes some fields, saves."""
        who = who or self.ana
        found = self.changing.form(who=who, entry_id=entry_id, now=now)
        plain = Edit(
            note=found.note,
            day=found.day,
            target=found.on.target,
            start=_minute(found.start),
            end=_minute(found.end),
            end_day=found.end.date() if found.end and len(found.days) > 1 else None,
            seconds=found.seconds if found.kind is Kind.LENGTH else None,
        )
        return self.changing.save(
            who=who,
            entry_id=entry_id,
            version=found.version if version is None else version,
            edit=replace(plain, **changes),
            now=now,
        )

    def deletes(self, entry_id: TimeEntryId, who: Member | None = None) -> Deleted:
        """*Delete* in a list."""
        return self.changing.delete(who=who or self.ana, entry_id=entry_id, now=NOON)

    def spans(self) -> list[tuple[str, str, int]]:
        """Ana's entries by her clock, in order."""
        zone = zone_of(self.ana.zone)
        return [
            (
                "" if one.started_at is None else f"{one.started_at.astimezone(zone):%d %H:%M:%S}",
                "" if one.ended_at is None else f"{one.ended_at.astimezone(zone):%d %H:%M:%S}",
                one.seconds or 0,
            )
            for one in sorted(self.entries(), key=lambda one: (one.work_date, one.id))
        ]

    def allows_overlaps(self) -> None:
        """The team only warns of them."""
        self.chooses(TeamSettings(overlaps=Overlaps.WARN))

    def chooses(self, settings: TeamSettings) -> None:
        """The team's settings from now on."""
        with self.world.uow.begin() as tx:
            teams.save_settings(tx, self.world.team_id, settings)

    def told(self) -> list[dict[str, Any]]:
        """What owners are to be told."""
        query = select(col(OutboxRow.payload)).where(col(OutboxRow.kind) == "entry.changed")
        with self.world.uow.read() as tx:
            return [dict(one) for one in tx.execute(query.order_by(col(OutboxRow.id))).scalars()]


def _minute(moment: datetime | None) -> time | None:
    return None if moment is None else moment.time().replace(second=0, fold=0)
