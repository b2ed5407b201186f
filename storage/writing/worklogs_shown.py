"""Where entries stand in their tools, for people."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlmodel import col

from bot.domain.ids import IntegrationId, TeamId, TimeEntryId, WorklogId
from bot.domain.states import IntegrationState
from bot.domain.writing.worklogs import WorklogShown, WorklogState, written_to
from bot.domain.writing.worklogs_shown import Unwritten
from storage.chunks import chunked
from storage.entries.time_entries import IN_ORDER, TimeEntryRow
from storage.linking.integrations import IntegrationRow
from storage.sql import AnyRow, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx
from storage.writing.worklogs import WorklogRow

_W, _I, _E = table(WorklogRow).c, table(IntegrationRow).c, table(TimeEntryRow).c
_TASK = table(TaskRow).c
_SETTLED = [WorklogState.WRITTEN.value, WorklogState.OFF.value]
_SHOWN: Select[*tuple[Any, ...]] = (
    select(
        _W.id,
        _W.time_entry_id,
        _W.state,
        _W.reason,
        _W.external_id,
        _W.kept_seconds,
        _W.kept_day,
        _W.theirs_id,
        _W.author_set,
        _W.author_link_id,
        _W.author_account,
        _I.site_name,
        func.coalesce(_W.reduces_estimate, _I.write_reduces_estimate).label("reduces_estimate"),
        _E.seconds,
    )
    .select_from(table(WorklogRow))
    .join(table(TimeEntryRow), _E.id == _W.time_entry_id)
    .join(table(IntegrationRow), _I.id == _W.integration_id)
    .outerjoin(table(TaskRow), _TASK.id == _E.task_id)
    # Where an entry was before counts only while something is still to be done there.
    .where(
        or_(
            _TASK.integration_id == _W.integration_id,
            _W.state.in_([WorklogState.FAILED, WorklogState.CONFLICT]),
        )
    )
)


def of_entries(
    tx: Tx, team_id: TeamId, entry_ids: Sequence[TimeEntryId]
) -> dict[TimeEntryId, WorklogShown]:
    """Where these entries stand; those that no tool is to have are left out."""
    found: dict[TimeEntryId, WorklogShown] = {}
    for some in chunked(entry_ids):
        query = _SHOWN.where(_W.team_id == team_id, _W.time_entry_id.in_(some))
        for row in tx.execute(query.order_by(_W.id)):
            found[TimeEntryId(row.time_entry_id)] = _shown(row)
    return found


def each(tx: Tx, *which: ColumnElement[bool], at_a_time: int) -> Iterator[str]:
    """In which tool each entry is that fits these conditions, in order of days and clock.

    In step with ``time_entries.each``; empty for one that is in none.
    """
    query = (
        select(_W.state, _I.site_name)
        .select_from(table(TimeEntryRow))
        .outerjoin(table(TaskRow), _TASK.id == _E.task_id)
        .outerjoin(
            table(WorklogRow),
            and_(_W.time_entry_id == _E.id, _W.integration_id == _TASK.integration_id),
        )
        .outerjoin(table(IntegrationRow), _I.id == _W.integration_id)
        .where(*which)
        .order_by(*IN_ORDER)
    )
    found = tx.execute(query, execution_options={"yield_per": at_a_time})
    return (written_to(row.state and WorklogState(row.state), row.site_name) for row in found)


def by_id(tx: Tx, team_id: TeamId, worklog_id: WorklogId) -> WorklogShown | None:
    """Where one worklog stands."""
    row = tx.execute(_SHOWN.where(_W.team_id == team_id, _W.id == worklog_id)).first()
    return None if row is None else _shown(row)


def unwritten(tx: Tx, team_id: TeamId) -> list[Unwritten]:
    """What failed and what waits for a decision, by integration; only where there is some."""
    query = (
        select(_I.id, _I.site_name, _W.state, _W.reason, func.count())
        .select_from(table(WorklogRow))
        .join(table(IntegrationRow), _I.id == _W.integration_id)
        .where(
            _W.team_id == team_id,
            _W.state.not_in(bindparam("settled", _SETTLED, expanding=True, literal_execute=True)),
            _W.state != WorklogState.PENDING.value,
            col(IntegrationRow.state) != IntegrationState.DISCONNECTED,
        )
        .group_by(_I.id, _I.site_name, _W.state, _W.reason)
        .order_by(_I.id, func.count().desc(), _W.reason)
    )
    found: dict[int, Unwritten] = {}
    for number, site, state, reason, many in tx.execute(query):
        so_far = found.setdefault(number, Unwritten(IntegrationId(number), site, 0, 0))
        if state == WorklogState.CONFLICT:
            found[number] = replace(so_far, conflicts=so_far.conflicts + many)
        else:
            reasons = (*so_far.reasons, (reason, int(many)))
            found[number] = replace(so_far, failed=so_far.failed + many, reasons=reasons)
    return list(found.values())


def _shown(row: AnyRow) -> WorklogShown:
    state = WorklogState(row.state)
    known = row.theirs_id if state is WorklogState.CONFLICT else row.external_id
    return WorklogShown(
        id=WorklogId(row.id),
        entry_id=TimeEntryId(row.time_entry_id),
        state=state,
        reason=row.reason,
        site=row.site_name,
        seconds=row.seconds or 0,
        kept_seconds=row.kept_seconds,
        is_there=known is not None,
        reduces_estimate=row.reduces_estimate,
        in_other_name=bool(row.author_set)
        and row.author_link_id is None
        and row.author_account is None,
    )
