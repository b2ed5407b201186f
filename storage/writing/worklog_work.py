"""A worklog on its way: what its delivery reads, and how what it did is written down."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select, update
from sqlmodel import col

from bot.domain.approval.week_sheets import PartState
from bot.domain.entries.entries import Entry, zone_of
from bot.domain.ids import AccountLinkId, IntegrationId, MemberId, TeamId, WorklogId
from bot.domain.preferences import MemberSettings
from bot.domain.states import AccountLinkState
from bot.domain.working_time import working_time
from bot.domain.writing.worklog_work import OwnKey, Place, WorklogWork
from bot.domain.writing.worklogs import Author, Record, StoredWorklog, Try, WorklogState
from storage import members, teams
from storage.approval.week_sheets import WeekSheetPartRow, WeekSheetRow
from storage.entries import time_entries
from storage.linking.integrations import IntegrationRow, write_back_of
from storage.members import MemberRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
from storage.projects.projects import ProjectRow
from storage.sql import change, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx
from storage.writing import worklogs
from storage.writing.worklogs import WorklogRow

_W, _I, _TASK = table(WorklogRow).c, table(IntegrationRow).c, table(TaskRow).c
_LINK = table(AccountLinkRow).c
_WEEK = timedelta(days=7)


def work(tx: Tx, team_id: TeamId, worklog_id: WorklogId) -> WorklogWork | None:
    """What it takes to bring a worklog up to its entry; None where there is no such one."""
    stored = worklogs.by_id(tx, team_id, worklog_id)
    found = None if stored is None else time_entries.ever(tx, team_id, stored.entry_id)
    if stored is None or found is None:
        return None
    entry, site = found.entry, stored.integration_id
    member = tx.execute(
        select(col(MemberRow.name), col(MemberRow.zone), col(MemberRow.settings)).where(
            col(MemberRow.team_id) == team_id, col(MemberRow.id) == entry.member_id
        )
    ).one()
    author, zone = stored.author, zone_of(member.zone)
    task = _task(tx, team_id, entry, site)
    return WorklogWork(
        stored=stored,
        found=found,
        task=task,
        gone_tasks=_gone(tx, team_id, site, {task or "", *stored.places}),
        is_approved=_is_approved(tx, team_id, entry),
        is_kept_back=not MemberSettings.read(member.settings or {}).writes_time
        or not _writes(tx, team_id, entry),
        place=_place(tx, team_id, site),
        member_id=entry.member_id,
        member=member.name,
        zone=zone,
        work_begins=_work_begins(tx, team_id, entry, zone),
        own=_own(tx, team_id, entry.member_id, site),
        author_key=None
        if author is None or author.link_id is None
        else _key(tx, team_id, author.link_id),
    )


def _task(tx: Tx, team_id: TeamId, entry: Entry, site: IntegrationId) -> str | None:
    query = select(func.coalesce(_TASK.frozen_external_id, _TASK.external_id)).where(
        _TASK.team_id == team_id, _TASK.id == entry.task_id, _TASK.integration_id == site
    )
    return tx.execute(query).scalar()


def _gone(tx: Tx, team_id: TeamId, site: IntegrationId, tasks: Collection[str]) -> frozenset[str]:
    query = select(_TASK.external_id).where(
        _TASK.team_id == team_id,
        _TASK.integration_id == site,
        _TASK.external_id.in_(tasks),
        _TASK.gone_at.is_not(None),
    )
    return frozenset(tx.execute(query).scalars())


def _writes(tx: Tx, team_id: TeamId, entry: Entry) -> bool:
    query = select(col(ProjectRow.writes_time)).where(
        col(ProjectRow.team_id) == team_id, col(ProjectRow.id) == entry.project_id
    )
    return bool(tx.execute(query).scalar())


def _place(tx: Tx, team_id: TeamId, site: IntegrationId) -> Place:
    row = tx.execute(select(*_I).where(_I.team_id == team_id, _I.id == site)).one()
    return Place(
        row.provider,
        row.site_name,
        row.sealed_credentials,
        write_back_of(row),
    )


def _is_approved(tx: Tx, team_id: TeamId, entry: Entry) -> bool:
    sheet, part = table(WeekSheetRow).c, table(WeekSheetPartRow).c
    approved = (
        select(part.state)
        .join(table(WeekSheetRow), sheet.id == part.week_sheet_id)
        .where(
            sheet.team_id == team_id,
            sheet.member_id == entry.member_id,
            sheet.first_day <= entry.work_date,
            sheet.first_day > entry.work_date - _WEEK,
            part.project_id == entry.project_id,
            part.state == PartState.APPROVED,
        )
    )
    return tx.execute(approved.limit(1)).first() is not None


def _work_begins(tx: Tx, team_id: TeamId, entry: Entry, zone: ZoneInfo) -> datetime | None:
    if entry.started_at is not None:
        return None
    own = members.settings(tx, team_id, entry.member_id)
    work = working_time(zone, own, teams.settings(tx, team_id))
    return work.begins(entry.work_date)


def _own(tx: Tx, team_id: TeamId, member_id: MemberId, site: IntegrationId) -> OwnKey | None:
    query = _KEYS.where(
        _LINK.team_id == team_id,
        _LINK.member_id == member_id,
        _LINK.integration_id == site,
        _LINK.state == AccountLinkState.CONNECTED,
    )
    row = tx.execute(query.order_by(_LINK.sealed_token.is_(None), _LINK.slot).limit(1)).first()
    return None if row is None else OwnKey(AccountLinkId(row[0]), row[1], row[2])


def _key(tx: Tx, team_id: TeamId, link_id: AccountLinkId) -> OwnKey | None:
    row = tx.execute(_KEYS.where(_LINK.team_id == team_id, _LINK.id == link_id)).first()
    return None if row is None else OwnKey(AccountLinkId(row[0]), row[1], row[2])


_KEYS = (
    select(_LINK.id, table(ProviderAccountRow).c.external_id, _LINK.sealed_token)
    .select_from(table(AccountLinkRow))
    .outerjoin(
        table(ProviderAccountRow), table(ProviderAccountRow).c.id == _LINK.provider_account_id
    )
)


def begin_try(tx: Tx, work: WorklogWork, tried: Try, author: Author, found: Record | None) -> None:
    """Notes what is about to be written, before the provider is called.

    What was found there and is ours is noted as such with it: an earlier try may have arrived, and
    this one may not.
    """
    stored = work.stored
    values: dict[str, Any] = {
        "tried_task": tried.task,
        "tried_seconds": tried.seconds,
        "tried_day": tried.day,
        "tried_digest": tried.digest,
        "tried_at": tried.at,
        "author_set": True,
        "author_link_id": author.link_id,
        "author_account": author.account,
        "reduces_estimate": work.reduces_estimate,
    }
    if found is not None:
        values |= {
            "external_id": found.external_id,
            "version": found.version,
            "kept_seconds": found.seconds,
            "kept_day": found.day,
            "task_external": found.task or stored.task,
        }
    change(tx, update(WorklogRow).where(*_held(stored)).values(values))


def answered(tx: Tx, stored: StoredWorklog) -> None:
    """The provider refused what was being written: nothing of it is at work there any more."""
    change(tx, update(WorklogRow).where(*_held(stored)).values(tried_at=None))


_NO_TRY: dict[str, Any] = {
    "tried_task": None,
    "tried_seconds": None,
    "tried_day": None,
    "tried_digest": "",
    "tried_at": None,
}
_NO_RECORD: dict[str, Any] = {
    **_NO_TRY,
    "external_id": None,
    "version": "",
    "kept_seconds": None,
    "kept_day": None,
    "digest": "",
    "task_external": "",
    "author_set": False,
    "author_link_id": None,
    "author_account": None,
    "reduces_estimate": None,
}


def wrote(work: WorklogWork, record: Record, task: str, digest: str) -> dict[str, Any]:
    """The provider has this now."""
    return {
        **_NO_TRY,
        "external_id": record.external_id,
        "version": record.version,
        "kept_seconds": record.seconds,
        "kept_day": record.day,
        "task_external": task,
        "digest": digest,
        "task_id": work.found.entry.task_id,
    }


def removed() -> dict[str, Any]:
    """The provider has nothing of it any more."""
    return _NO_RECORD


def settle(
    tx: Tx,
    stored: StoredWorklog,
    state: WorklogState,
    *,
    reason: str = "",
    values: dict[str, Any] | None = None,
    again: str,
    now: datetime,
) -> None:
    """Writes down how a delivery ended; what is newer by now is owed again.

    Args:
        tx: The open transaction.
        stored: The worklog, as the delivery read it.
        state: Where it stands.
        reason: Why.
        values: What else is known.
        again: An id that never repeats, for work that is owed anew.
        now: The present moment.
    """
    is_newest = _W.revision == stored.revision
    if state is WorklogState.CONFLICT:  # a person decides, whatever becomes of the entry meanwhile
        is_newest = _W.id == stored.id
    query = (
        update(table(WorklogRow))
        .where(*_held(stored))
        .values(
            {
                "state": case((is_newest, state.value), else_=WorklogState.PENDING.value),
                "reason": case((is_newest, reason), else_=""),
                "owed_in": case((is_newest, None), else_=again),
                "settled_at": now,
                **(values or {}),
            }
        )
        .returning(_W.id, _W.owed_in, _W.task_id)
    )
    for row in tx.execute(query):
        if row.owed_in == again:
            worklogs.add_work(tx, stored.team_id, {row.id: row.task_id}, call=again, now=now)


def differs(
    tx: Tx, stored: StoredWorklog, theirs: Record | None, *, again: str, now: datetime
) -> None:
    """Somebody changed or removed it in the provider."""
    values = {
        **_NO_TRY,
        "theirs_id": None if theirs is None else theirs.external_id,
        "theirs_version": "" if theirs is None else theirs.version,
        "theirs_seconds": None if theirs is None else theirs.seconds,
        "theirs_day": None if theirs is None else theirs.day,
    }
    settle(tx, stored, WorklogState.CONFLICT, values=values, again=again, now=now)


def waits(tx: Tx, stored: StoredWorklog, reason: str) -> None:
    """The provider does not answer now; why."""
    change(tx, update(WorklogRow).where(*_held(stored)).values(reason=reason))


def _held(stored: StoredWorklog) -> tuple[Any, ...]:
    """Only the piece of work that is under way says how it went."""
    return (
        _W.team_id == stored.team_id,
        _W.id == stored.id,
        _W.owed_in == stored.owed_in,
    )
