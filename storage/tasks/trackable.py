"""Which tasks and projects a member may track, and if not, why.

A member may track a task when it is not deleted; its provider project is neither deleted nor
archived and feeds a project that is not archived; the integration is not disconnected; the member
belongs to the project; they have a connected account there (U8); and that account is not switched
off and may see the provider project, where the provider says who may (A1). Admins need not belong
to the project.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, exists, or_, select, union

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import (
    IntegrationId,
    MemberId,
    ProjectId,
    ProviderProjectId,
    TaskId,
    TeamId,
)
from bot.domain.people.people import Member
from bot.domain.states import AccountLinkState, IntegrationState, ProjectLinkState
from bot.domain.tasks.finding import Candidate, Obstacle, Place, Source
from bot.domain.tasks.task_urls import host_of
from storage.entries.time_entries import TimeEntryRow
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccessRow, ProviderAccountRow
from storage.prepared import Look, Prepared
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sql import AnyRow, table
from storage.tasks.tasks import TaskAliasRow, TaskRow
from storage.unit_of_work import Tx

MOST = 500
"""Tasks with one number or key that are looked at, the newest first."""

_TASK, _ALIAS = table(TaskRow).c, table(TaskAliasRow).c
_PROJECT, _LINK = table(ProjectRow).c, table(ProjectLinkRow).c
_SOURCE, _SITE = table(ProviderProjectRow).c, table(IntegrationRow).c
_BELONGS, _ACCOUNT = table(ProjectMemberRow).c, table(AccountLinkRow).c
_ACCESS, _ENTRY = table(ProviderAccessRow).c, table(TimeEntryRow).c
_THEIRS = table(ProviderAccountRow).c

_MINE = and_(
    _ACCOUNT.member_id == bindparam("member"), _ACCOUNT.state == AccountLinkState.CONNECTED
)
_JOINED = exists().where(
    _BELONGS.project_id == _PROJECT.id,
    _BELONGS.member_id == bindparam("member"),
    _BELONGS.removed_at.is_(None),
)
_CONNECTED = exists().where(_ACCOUNT.integration_id == _SITE.id, _MINE)
"""The member has a connected account there."""
_SWITCHED_ON = and_(_THEIRS.id == _ACCOUNT.provider_account_id, _THEIRS.is_active.is_(True))
_AT_WORK = exists().where(_ACCOUNT.integration_id == _SITE.id, _MINE, _SWITCHED_ON)
_HAS_ACCESS = exists().where(
    _ACCESS.provider_project_id == _SOURCE.id,
    _ACCESS.provider_account_id == _ACCOUNT.provider_account_id,
    _MINE,
    _SWITCHED_ON,
)
_SEEN = or_(and_(_SOURCE.everyone_has_access, _AT_WORK), _HAS_ACCESS)
"""That account may see the provider project."""
_PLACE: tuple[Any, ...] = (
    _PROJECT.id.label("project_id"),
    _PROJECT.name.label("project_name"),
    _PROJECT.archived_at,
    _SOURCE.id.label("source_id"),
    _SOURCE.is_archived,
    _SOURCE.gone_at.label("source_gone_at"),
    _SITE.id.label("site_id"),
    _SITE.provider,
    _SITE.site_name,
    _SITE.state.label("site_state"),
    _JOINED.label("joined"),
    _CONNECTED.label("connected"),
    _SEEN.label("seen"),
)


def _linked(state: ProjectLinkState) -> Select[Any]:
    """Tasks and where they may be tracked, by links in this state."""
    return (
        select(_TASK.id, _TASK.key, _TASK.title, _TASK.is_done, *_PLACE)
        .select_from(table(TaskRow))
        .join(table(ProviderProjectRow), _SOURCE.id == _TASK.provider_project_id)
        .join(table(IntegrationRow), _SITE.id == _SOURCE.integration_id)
        .join(
            table(ProjectLinkRow),
            and_(_LINK.provider_project_id == _SOURCE.id, _LINK.state == state),
        )
        .join(table(ProjectRow), _PROJECT.id == _LINK.project_id)
        .where(_TASK.team_id == bindparam("team"), _TASK.gone_at.is_(None))
        .limit(MOST)
    )


_TASKS = _linked(ProjectLinkState.ACTIVE).order_by(_TASK.is_done, _TASK.id.desc())
_ACTIVE = table(ProjectLinkRow).alias("active")
_UNLINKED = (
    _linked(ProjectLinkState.ENDED)
    .where(
        ~exists().where(
            _ACTIVE.c.provider_project_id == _SOURCE.id,
            _ACTIVE.c.state == ProjectLinkState.ACTIVE,
        )
    )
    .order_by(_LINK.ended_at.desc())
)
_KEY_HOLDERS = union(
    select(_TASK.id).where(
        _TASK.team_id == bindparam("team"), _TASK.key_folded == bindparam("key")
    ),
    select(_ALIAS.task_id).where(
        _ALIAS.team_id == bindparam("team"), _ALIAS.key_folded == bindparam("key")
    ),
)
_BY_KEY = Prepared(_TASKS.where(_TASK.id.in_(_KEY_HOLDERS)))
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_UNLINKED_BY_KEY = Prepared(_UNLINKED.where(_TASK.id.in_(_KEY_HOLDERS)))
_UNLINKED_BY_ID = Prepared(_UNLINKED.where(_TASK.id == bindparam("task")))
_BY_KEYS = _TASKS.where(
    _TASK.id.in_(
        union(
            select(_TASK.id).where(_TASK.team_id == bindparam("team"), _TASK.key_folded.in_(_KEYS)),
            select(_ALIAS.task_id).where(
                _ALIAS.team_id == bindparam("team"), _ALIAS.key_folded.in_(_KEYS)
            ),
        )
    )
)
_BY_NUMBER = Prepared(_TASKS.where(_TASK.number == bindparam("number")))
_BY_ID = Prepared(_TASKS.where(_TASK.id == bindparam("task")))
_PLACES: Select[Any] = (
    select(*_PLACE)
    .select_from(table(ProjectRow))
    .outerjoin(
        table(ProjectLinkRow),
        and_(_LINK.project_id == _PROJECT.id, _LINK.state == ProjectLinkState.ACTIVE),
    )
    .outerjoin(table(ProviderProjectRow), _SOURCE.id == _LINK.provider_project_id)
    .outerjoin(table(IntegrationRow), _SITE.id == _SOURCE.integration_id)
    .where(_PROJECT.team_id == bindparam("team"))
    .order_by(_PROJECT.name, _PROJECT.id, _SOURCE.id)
)
_BY_PROJECT = _PLACES.where(_PROJECT.id == bindparam("project"))
_BY_SOURCE_URL = _PLACES.where(_SOURCE.url.in_(bindparam("urls", expanding=True)))
_UNLINKED_BY_URL = _UNLINKED.where(_TASK.url.in_(bindparam("urls", expanding=True)))
_BY_TASK_URL = _TASKS.where(_TASK.url.in_(bindparam("urls", expanding=True)))

_OWN_ACCOUNTS = Prepared(
    select(_THEIRS.integration_id, _THEIRS.external_id)
    .join(table(AccountLinkRow), _ACCOUNT.provider_account_id == _THEIRS.id)
    .where(_ACCOUNT.team_id == bindparam("team"), _MINE)
)


def by_key(tx: Tx, who: Member, key_folded: str) -> list[Candidate]:
    """The tasks that have, or once had, this key."""
    return _candidates(tx, who, _BY_KEY, key=key_folded)


def look_for_key(who: Member, key_folded: str) -> Look:
    """What ``by_key`` asks."""
    return _BY_KEY, _names(who, key=key_folded)


def by_keys(tx: Tx, who: Member, keys_folded: Sequence[str]) -> list[Candidate]:
    """The tasks that have, or once had, one of these keys."""
    return _candidates(tx, who, _BY_KEYS, keys=list(keys_folded))


def by_number(tx: Tx, who: Member, number: int) -> list[Candidate]:
    """The tasks with this number, in all projects."""
    return _candidates(tx, who, _BY_NUMBER, number=number)


def by_id(tx: Tx, who: Member, task_id: TaskId) -> Candidate | None:
    """The task with this id."""
    return next(iter(_candidates(tx, who, _BY_ID, task=task_id)), None)


def look_for_id(who: Member, task_id: TaskId) -> Look:
    """What ``by_id`` asks."""
    return _BY_ID, _names(who, task=task_id)


def by_url(tx: Tx, who: Member, urls: Sequence[str]) -> list[Candidate]:
    """The tasks at one of these addresses."""
    return _candidates(tx, who, _BY_TASK_URL, urls=list(urls))


def below_url(tx: Tx, who: Member, urls: Sequence[str]) -> list[Candidate]:
    """The tasks whose address goes on behind one of these: ``/c/a1b2/12-fix-the-header``."""
    heads = {f"{url.rstrip('/')}/" for url in urls}
    below = or_(*(_TASK.url.startswith(head, autoescape=True) for head in sorted(heads)))
    return _candidates(tx, who, _TASKS.where(below))


def unlinked_by_key(tx: Tx, who: Member, key_folded: str) -> list[Candidate]:
    """The tasks with this key that cannot be tracked since their project was unlinked, last first.

    Their places are as they would be, were they linked still.
    """
    return _candidates(tx, who, _UNLINKED_BY_KEY, key=key_folded)


def unlinked_by_id(tx: Tx, who: Member, task_id: TaskId) -> list[Candidate]:
    """The same for the task with this id."""
    return _candidates(tx, who, _UNLINKED_BY_ID, task=task_id)


def unlinked_by_url(tx: Tx, who: Member, urls: Sequence[str]) -> list[Candidate]:
    """The same for the tasks at one of these addresses."""
    return _candidates(tx, who, _UNLINKED_BY_URL, urls=list(urls))


def sites_at(tx: Tx, team_id: TeamId, host: str) -> set[IntegrationId]:
    """The integrations whose site has this host."""
    query = select(_SITE.id, _SITE.site_url).where(_SITE.team_id == team_id)
    found = tx.execute(query)
    return {IntegrationId(row.id) for row in found if host and host_of(row.site_url) == host}


def places(tx: Tx, who: Member) -> list[Place]:
    """Every project of the team, once for each provider project that feeds it, by name."""
    return _places(tx, who, _PLACES)


def places_of(tx: Tx, who: Member, project_id: ProjectId) -> list[Place]:
    """One project, once for each provider project that feeds it."""
    return _places(tx, who, _BY_PROJECT, project=project_id)


def places_by_url(tx: Tx, who: Member, urls: Sequence[str]) -> list[Place]:
    """The projects fed by the provider projects at these addresses."""
    return _places(tx, who, _BY_SOURCE_URL, urls=list(urls))


def own_accounts(
    tx: Tx, team_id: TeamId, member_id: MemberId
) -> Collection[tuple[IntegrationId, str]]:
    """The member's connected accounts, by the provider's ids."""
    asked, names = look_for_own_accounts(team_id, member_id)
    return {(IntegrationId(row.integration_id), row.external_id) for row in asked.all(tx, names)}


def look_for_own_accounts(team_id: TeamId, member_id: MemberId) -> Look:
    """What ``own_accounts`` asks."""
    return _OWN_ACCOUNTS, {"team": team_id, "member": member_id}


def _candidates(
    tx: Tx, who: Member, query: Select[Any] | Prepared, **names: object
) -> list[Candidate]:
    given = _names(who, **names)
    found = query.all(tx, given) if isinstance(query, Prepared) else tx.execute(query, given)
    return [_candidate(row, _place(row, who)) for row in found]


def _places(tx: Tx, who: Member, query: Select[Any], **names: object) -> list[Place]:
    return [_place(row, who) for row in tx.execute(query, _names(who, **names))]


def _names(who: Member, **others: object) -> Mapping[str, object]:
    return {"team": who.team_id, "member": who.id, **others}


def _candidate(row: AnyRow, place: Place) -> Candidate:
    on = TaskLabel(place.project_id, place.project_name, TaskId(row.id), row.key, row.title)
    return Candidate(on, place, is_done=row.is_done)


def _place(row: AnyRow, who: Member) -> Place:
    source = None
    if row.source_id is not None:
        source = Source(
            ProviderProjectId(row.source_id),
            IntegrationId(row.site_id),
            row.provider,
            row.site_name,
        )
    is_known = bool(row.joined) or who.is_admin
    return Place(ProjectId(row.project_id), row.project_name, source, _obstacle(row, who), is_known)


def _obstacle(row: AnyRow, who: Member) -> Obstacle | None:
    if row.source_id is not None:
        if row.source_gone_at is not None or row.site_state == IntegrationState.DISCONNECTED:
            return Obstacle.GONE
        if not row.connected:
            return Obstacle.NOT_CONNECTED
        if not row.seen:
            return Obstacle.NO_ACCESS
    if not row.joined and not who.is_admin:
        return Obstacle.NOT_ON_PROJECT
    if row.archived_at is not None or row.is_archived:
        return Obstacle.ARCHIVED
    return None
