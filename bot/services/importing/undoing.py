"""Taking an import back: what nobody changed since goes, the rest stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.ids import TeamId, TimeEntryId
from bot.domain.importing.plan import Import, Left
from storage import teams
from storage.importing import imports, undoing
from storage.operating import audit
from storage.unit_of_work import UnitOfWork

_AT_A_TIME = 500


class ImportUndoing:
    """One team's imports, once they are there."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def imports(self, team_id: TeamId) -> list[tuple[Import, int]]:
        """All of them, the newest first, and how many entries each has left."""
        with self._uow.read() as tx:
            return imports.every(tx, team_id)

    def left(self, team_id: TeamId, which: Import) -> Left:
        """What would go, and what would stay."""
        with self._uow.read() as tx:
            return undoing.left(tx, team_id, which)

    def begin(self, team_id: TeamId, which: Import, planned: Left, now: datetime) -> str:
        """Writes down that it is taken back; the step of its entries' history.

        One that was broken off is over with that.
        """
        with self._uow.begin() as tx:
            imports.end(tx, team_id, which.id, now)
            audit.record(
                tx,
                team_id,
                actor=None,
                action="time.import_undo",
                subject=f"import:{which.id}",
                before={"file": which.file_name, "entries": planned.untouched},
                after=None,
                now=now,
            )
            return self._new_marker()

    def some(
        self, team_id: TeamId, which: Import, step: str, now: datetime, after: TimeEntryId
    ) -> list[TimeEntryId]:
        """Takes some entries away, behind that one; their ids, none once nothing is left."""
        with self._uow.begin() as tx:
            teams.lock(tx, team_id)
            found = undoing.untouched(tx, team_id, which, after=after, limit=_AT_A_TIME)
            gone = {one.id: (one, replace(one, deleted_at=now)) for one in found}
            if gone:
                undoing.take_away(tx, team_id, list(gone.values()), step=step, now=now)
            return list(gone)
