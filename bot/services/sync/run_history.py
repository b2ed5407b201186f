"""Reading the record of an integration's sync runs, by admins (S8)."""

from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId
from bot.domain.people.people import Member
from bot.domain.sync.run_history import PAGE_SIZE, HistoryLine, RunHistory
from bot.domain.sync.sync import SyncRun
from bot.services import rights
from storage import members
from storage.linking import integrations
from storage.sync import provider_project_sync, sync_runs
from storage.unit_of_work import UnitOfWork


class RunHistories:
    """Newest first, a page at a time."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def page(self, *, who: Member, integration_id: IntegrationId, page: int) -> RunHistory:
        """A page, as near as there is to the one asked for.

        Raises:
            AdminOnly: who asks may not see it.
            Vanished: there is no such integration.
        """
        team_id = who.team_id
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found = integrations.by_id(tx, team_id, integration_id)
            if found is None:
                raise Vanished("integration")
            total = sync_runs.count(tx, team_id, integration_id)
            page = min(max(page, 0), max(0, -(-total // PAGE_SIZE) - 1))
            runs = sync_runs.latest(
                tx, team_id, integration_id, limit=PAGE_SIZE, offset=page * PAGE_SIZE
            )
            asking = {run.asked_by for run in runs if run.asked_by is not None}
            names = {id_: one.name for id_, one in members.by_ids(tx, team_id, asking).items()}
            asked_for = {one for run in runs for one in _asked_for(run)}
            called: dict[str, str] = {}
            if asked_for:
                called = provider_project_sync.names(tx, team_id, integration_id, asked_for)
            lines = [
                HistoryLine(
                    run,
                    None if run.asked_by is None else names.get(run.asked_by),
                    tuple(called[one] for one in _asked_for(run) if one in called),
                )
                for run in runs
            ]
            return RunHistory(found, tuple(lines), page, total)


def _asked_for(run: SyncRun) -> tuple[str, ...]:
    heard = run.bookmark.heard
    return heard.projects if heard is not None and heard.is_asked else ()
