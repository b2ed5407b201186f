"""Everything that is kept of one person, across all tables (O4)."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Table,
    and_,
    delete,
    false,
    func,
    or_,
    select,
    update,
)
from sqlmodel import SQLModel, col

from bot.domain.ids import MemberId, SlackUserId, TeamId
from bot.domain.operating.person_data import ERASED, Row, Subject, blotted
from bot.domain.people.account_matching import words_of
from storage.approval.unlocks import UnlockRow
from storage.approval.week_sheets import WeekSheetPartRow, WeekSheetRow
from storage.asked_messages import AskedMessageRow
from storage.entries.entry_history import TimeEntryChangeRow
from storage.entries.time_entries import TimeEntryRow
from storage.importing.imports import ImportedRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.money.billing import RateRow
from storage.operating.api_tokens import ApiTokenRow
from storage.operating.audit import AuditRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccessRow, ProviderAccountRow
from storage.projects.projects import ProjectMemberRow
from storage.reports.report_runs import ReportRunRow
from storage.reports.schedules import ScheduleRow
from storage.selections import SelectedRow, SelectionRow
from storage.sql import change, table
from storage.sync.sync_wishes import SyncWishRow
from storage.tasks.completions import CompletionRow
from storage.teams import TeamRow
from storage.tracking.pending_entries import PendingEntryRow
from storage.tracking.timer_questions import TimerQuestionRow
from storage.unit_of_work import Tx
from storage.writing.worklog_notices import WorklogNoticeRow
from storage.writing.worklogs import WorklogRow

_MEMBER = table(MemberRow)
_ENTRY = table(TimeEntryRow)
_SHEET = table(WeekSheetRow)
_SELECTION = table(SelectionRow)
_AUDIT = table(AuditRow)
_ACCOUNT = table(ProviderAccountRow)
_ACCESS = table(ProviderAccessRow)

_FORGOTTEN = (
    *("api_token", "selection", "pending_entry", "timer_question", "sync_wish"),
    *("report_run", "worklog_notice", "asked_message"),
)
"""Tables of which nothing is left of somebody who is forgotten."""

THEIRS: Mapping[str, Column[Any]] = {
    table(one).name: table(one).c.member_id
    for one in (
        TimeEntryRow,
        AccountLinkRow,
        ApiTokenRow,
        WeekSheetRow,
        ProjectMemberRow,
        PendingEntryRow,
        SelectionRow,
        SyncWishRow,
        UnlockRow,
        TimerQuestionRow,
        CompletionRow,
        ScheduleRow,
        WorklogNoticeRow,
        ReportRunRow,
        AskedMessageRow,
    )
}
"""Tables with rows about one person, by the column that names them."""

THROUGH: Mapping[str, tuple[Column[Any], Column[Any]]] = {
    "time_entry_change": (table(TimeEntryChangeRow).c.time_entry_id, _ENTRY.c.id),
    "imported_row": (table(ImportedRow).c.time_entry_id, _ENTRY.c.id),
    "worklog": (table(WorklogRow).c.time_entry_id, _ENTRY.c.id),
    "week_sheet_part": (table(WeekSheetPartRow).c.week_sheet_id, _SHEET.c.id),
    "selected": (table(SelectedRow).c.selection_id, _SELECTION.c.id),
}
"""Tables whose rows hang on those."""

_TOLD = (table(RateRow).c.member_id, table(ScheduleRow).c.to_member_id)
"""What their hours earn, and what others have sent to them: theirs to know, the team's to keep."""

DID: frozenset[str] = frozenset(
    {
        "account_link.asked_by",
        "account_link.decided_by",
        "audit.actor_id",
        "budget.set_by",
        "channel_default.chosen_by",
        "client.created_by",
        "integration.connected_by",
        "project.created_by",
        "project_link.ended_by",
        "project_link.linked_by",
        "project_member.removed_by",
        "project_terms.set_by",
        "provider_project.ignored_by",
        "rate.member_id",
        "rate.set_by",
        "report_schedule.to_member_id",
        "sync_run.asked_by",
        "time_entry_change.actor_id",
        "unbilled_task.set_by",
        "unlock.decided_by",
        "week_sheet.moved_by",
    }
)
"""Columns that say who did something, or to whom a price belongs: the team's own affairs, which
stay, under no name. A test looks that every column that points to a person is sorted."""

_HIDDEN = frozenset({"row_hash", "name_words", "search_text", "settled_hash"})


def find(tx: Tx, whom: str, team_id: str | None) -> list[Subject]:
    """Members with this Slack user id or e-mail, in one workspace or in all."""
    member, team = MemberRow, TeamRow
    there = table(TeamRow).c
    columns = (_MEMBER, there.name.label("team_name"), there.uninstalled_at)
    query: Select[Any] = (
        select(*columns)
        .join(team, col(team.id) == col(member.team_id))
        .where(or_(col(member.slack_user_id) == whom, col(member.email) == whom.casefold()))
    )
    if team_id is not None:
        query = query.where(col(member.team_id) == team_id)
    return [
        Subject(
            TeamId(row.team_id),
            row.team_name,
            MemberId(row.id),
            SlackUserId(row.slack_user_id),
            row.name,
            row.email,
            is_active=row.deactivated_at is None and row.uninstalled_at is None,
        )
        for row in tx.execute(query.order_by(col(member.team_id)))
    ]


def rows(tx: Tx, who: Subject) -> Iterator[tuple[str, Row]]:
    """Everything about them, table by table; nothing encrypted, and nothing that only searches."""
    yield from _read(tx, "member", select(_MEMBER).where(_MEMBER.c.id == who.member_id))
    for name, column in THEIRS.items():
        yield from _read(tx, name, _select(column.table, who, column == who.member_id))
    for name, (column, key) in THROUGH.items():
        yield from _read(tx, name, _select(column.table, who, column.in_(_of(key, who))))
    for column in _TOLD:
        yield from _read(tx, column.table.name, _select(column.table, who, _of_others(column, who)))
    yield from _read(tx, _ACCOUNT.name, _select(_ACCOUNT, who, _held(who)))
    yield from _read(tx, _ACCESS.name, _seen(who))
    yield from _read(tx, _AUDIT.name, _select(_AUDIT, who, _concerns(who)))


def number_of_entries(tx: Tx, who: Subject) -> int:
    """How many time entries are theirs."""
    theirs = (_ENTRY.c.team_id == who.team_id, _ENTRY.c.member_id == who.member_id)
    return int(tx.execute(select(func.count()).where(*theirs)).scalar_one())


def _of_others(column: Column[Any], who: Subject) -> ColumnElement[bool]:
    """Rows about them that are not there as theirs already."""
    own = THEIRS.get(column.table.name)
    is_about = column == who.member_id
    return is_about if own is None else and_(is_about, own != who.member_id)


def _seen(who: Subject) -> Select[Any]:
    """Projects that their accounts may see in the tools, with what these are called there."""
    there = table(ProviderProjectRow)
    accounts = select(_ACCOUNT.c.id).where(_ACCOUNT.c.team_id == who.team_id, _held(who))
    return (
        _select(_ACCESS, who, _ACCESS.c.provider_account_id.in_(accounts))
        .add_columns(there.c.name.label("provider_project"))
        .join(there, there.c.id == _ACCESS.c.provider_project_id)
    )


def forget_notes(tx: Tx, who: Subject) -> None:
    """Takes words and places of messages out of their time and its history; the time stays."""
    mine = and_(_ENTRY.c.team_id == who.team_id, _ENTRY.c.member_id == who.member_id)
    tx.execute(update(_ENTRY).where(mine).values(note="", permalink=""))
    history = table(TimeEntryChangeRow)
    query = select(history.c.id, history.c.before, history.c.after).where(
        history.c.team_id == who.team_id, history.c.time_entry_id.in_(_of(_ENTRY.c.id, who))
    )
    for row in tx.execute(query.execution_options(yield_per=500)).all():
        plain = {name: _wordless(getattr(row, name)) for name in ("before", "after")}
        tx.execute(update(history).where(history.c.id == row.id).values(plain))
    sheets = and_(_SHEET.c.team_id == who.team_id, _SHEET.c.member_id == who.member_id)
    tx.execute(update(_SHEET).where(sheets).values(comment="", wish=""))
    wishes = table(UnlockRow)
    asked = and_(wishes.c.team_id == who.team_id, wishes.c.member_id == who.member_id)
    tx.execute(update(wishes).where(asked).values(wish="", reason=""))


def forget_time(tx: Tx, who: Subject) -> int:
    """Deletes their time, its history and what was submitted of it; how many entries it was."""
    for name in ("time_entry_change", "imported_row", "worklog", "week_sheet_part"):
        column, key = THROUGH[name]
        _delete(tx, column.table, who, column.in_(_of(key, who)))
    for name in ("timer_question", "week_sheet", "completion", "unlock"):
        _delete(tx, THEIRS[name].table, who, THEIRS[name] == who.member_id)
    mine = and_(_ENTRY.c.team_id == who.team_id, _ENTRY.c.member_id == who.member_id)
    tx.execute(update(_ENTRY).where(mine).values(continues_id=None))
    return _delete(tx, _ENTRY, who, _ENTRY.c.member_id == who.member_id)


def forget_person(tx: Tx, who: Subject) -> None:
    """Takes name, address, accounts and open questions away; what is left belongs to nobody."""
    selected, key = THROUGH["selected"]
    _delete(tx, selected.table, who, selected.in_(_of(key, who)))
    for name in _FORGOTTEN:
        _delete(tx, THEIRS[name].table, who, THEIRS[name] == who.member_id)
    link, worklog = table(AccountLinkRow), table(WorklogRow)
    links = select(link.c.id).where(link.c.member_id == who.member_id)
    tx.execute(
        update(worklog)
        .where(worklog.c.team_id == who.team_id, worklog.c.author_link_id.in_(links))
        .values(author_link_id=None)
    )
    mirrored = update(_ACCOUNT).where(_ACCOUNT.c.team_id == who.team_id, _held(who))
    # Without its hash the row is written again by the next sync, if the tool still has them.
    tx.execute(mirrored.values(name=ERASED, name_words="", email=None, row_hash=""))
    _delete(tx, link, who, link.c.member_id == who.member_id)
    _blot_audit(tx, who)
    nobody: dict[str, object] = {
        "slack_user_id": f"ERASED{who.member_id}",
        "name": ERASED,
        "name_words": " ".join(words_of(ERASED)),
        "email": None,
        "settings": {},
        "named_admin": False,
        "slack_admin": False,
        "slack_owner": False,
    }
    is_them = and_(_MEMBER.c.team_id == who.team_id, _MEMBER.c.id == who.member_id)
    tx.execute(update(_MEMBER).where(is_them).values(nobody))


def _held(who: Subject) -> ColumnElement[bool]:
    """Accounts in the tools that are, or were, theirs."""
    link = table(AccountLinkRow)
    held = select(link.c.provider_account_id).where(link.c.member_id == who.member_id)
    by_address = false() if who.email is None else _ACCOUNT.c.email == who.email.casefold()
    return or_(_ACCOUNT.c.id.in_(held), by_address)


def _blot_audit(tx: Tx, who: Subject) -> None:
    query = select(_AUDIT).where(_AUDIT.c.team_id == who.team_id, _concerns(who))
    for row in tx.execute(query).all():
        values = {
            name: blotted(getattr(row, name), who.traces) for name in ("label", "before", "after")
        }
        if row.subject == f"member:{who.member_id}":
            values["label"] = ERASED
        told = (row.action, values["label"], values["before"] or "", values["after"] or "")
        values["search_text"] = " ".join(words_of(f"{row.at:%Y-%m-%d} {' '.join(map(str, told))}"))
        tx.execute(update(_AUDIT).where(_AUDIT.c.id == row.id).values(values))


def _concerns(who: Subject) -> ColumnElement[bool]:
    """Audit lines of what they did, of what was done to them, and that name them."""
    named = (
        and_(*(_AUDIT.c.search_text.contains(word, autoescape=True) for word in words_of(trace)))
        for trace in who.traces
        if words_of(trace)
    )
    return or_(
        _AUDIT.c.actor_id == who.member_id, _AUDIT.c.subject == f"member:{who.member_id}", *named
    )


def _select(where: Table, who: Subject, condition: ColumnElement[bool]) -> Select[Any]:
    return select(where).where(where.c.team_id == who.team_id, condition)


def _of(key: Column[Any], who: Subject) -> Select[Any]:
    owner = THEIRS[key.table.name]
    return select(key).where(key.table.c.team_id == who.team_id, owner == who.member_id)


def _read(tx: Tx, name: str, query: Select[Any]) -> Iterator[tuple[str, Row]]:
    found = tx.execute(query.execution_options(yield_per=500)).mappings()
    for row in found:
        yield (
            name,
            {
                column: value
                for column, value in row.items()
                if column not in _HIDDEN and not column.startswith("sealed")
            },
        )


def _delete(tx: Tx, where: Table, who: Subject, condition: ColumnElement[bool]) -> int:
    return change(tx, delete(where).where(where.c.team_id == who.team_id, condition))


def _wordless(state: Mapping[str, object] | None) -> dict[str, object] | None:
    if state is None:
        return None
    return {name: "" if name in {"note", "permalink"} else one for name, one in state.items()}


def columns_to_people() -> set[str]:
    """Every column that points to a member, as ``table.column``."""
    return {
        f"{where.name}.{key.parent.name}"
        for where in SQLModel.metadata.tables.values()
        for key in where.foreign_keys
        if key.column is _MEMBER.c.id
    }
