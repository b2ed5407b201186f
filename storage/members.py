"""Members: Slack people known to us."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from operator import attrgetter

from sqlalchemy import (
    JSON,
    Executable,
    String,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    true,
    update,
)
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import MemberId, SlackUserId, TeamId
from bot.domain.people.account_matching import spelled
from bot.domain.people.people import AdminRight, Member, RightSource, SlackPerson
from bot.domain.preferences import MemberSettings
from bot.domain.states import Role
from storage.prepared import Prepared
from storage.sql import AnyRow, change, insert_into, table
from storage.teams import TeamRow
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


class MemberRow(SQLModel, table=True):
    """One Slack person in one team."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("team_id", "slack_user_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    slack_user_id: str = Field(max_length=32)
    name: str = Field(max_length=255)
    name_words: str = Field(max_length=700)
    """``words_of`` the name: how it is searched and compared."""
    email: str | None = Field(default=None, max_length=320)
    zone: str = Field(max_length=64)
    slack_admin: bool = False
    """Slack's own word: workspace owner or admin."""
    slack_owner: bool = False
    """Slack's primary owner, or who installed."""
    named_admin: bool = False
    """Named here with ``/link admin``."""
    is_guest: bool = False
    deactivated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refreshed_at: datetime = Field(sa_type=UtcDateTime)
    """When Slack was last asked about this person."""
    settings: dict[str, object] = Field(default_factory=dict, sa_type=JSON)


_T = MemberRow
_UNCHOSEN: dict[str, object] = {"named_admin": False, "settings": {}}
"""What a new member begins with, because nobody here chose anything for them yet."""

_SLACK_DECIDES = func.coalesce(
    # false is 0 in SQLite's JSON, and its own word in PostgreSQL's.
    cast(col(TeamRow.settings)["slack_admins"].as_string(), String).not_in(("false", "0")),
    true(),
)
"""The team takes Slack's admins as its own, as it does unless somebody chose otherwise."""
_ADMINISTERS = or_(
    col(_T.slack_owner), col(_T.named_admin), and_(col(_T.slack_admin), _SLACK_DECIDES)
)

_SELECT = (
    select(
        *(column for column in table(_T).c if column.name not in {"settings", "name_words"}),
        _SLACK_DECIDES.label("slack_decides"),
    )
    .select_from(_T)
    .join(TeamRow, col(TeamRow.id) == col(_T.team_id))
)
_USER = and_(col(_T.team_id) == bindparam("team"), col(_T.slack_user_id) == bindparam("user"))
_BY_SLACK_ID = Prepared(_SELECT.where(_USER))
_ASKING = Prepared(_SELECT.where(_USER, col(TeamRow.uninstalled_at).is_(None)))
_BY_ID = _SELECT.where(col(_T.team_id) == bindparam("team"), col(_T.id) == bindparam("member"))
_SETTINGS = Prepared(
    select(col(_T.settings)).where(
        col(_T.team_id) == bindparam("team"), col(_T.id) == bindparam("member")
    )
)
HELD = _BY_ID.with_for_update(key_share=True, of=_T)
"""One member, whose row is held until the transaction ends."""
_FOUND, _HELD = Prepared(_BY_ID), Prepared(HELD)


def member_of(row: AnyRow) -> Member:
    """A row of these statements as a value."""
    if row.slack_owner:
        role = Role.OWNER
    elif row.named_admin or (row.slack_admin and row.slack_decides):
        role = Role.ADMIN
    else:
        role = Role.MEMBER
    return Member(
        id=MemberId(row.id),
        team_id=TeamId(row.team_id),
        slack_user_id=SlackUserId(row.slack_user_id),
        name=row.name,
        email=row.email,
        zone=row.zone,
        role=role,
        is_guest=row.is_guest,
        is_active=row.deactivated_at is None,
    )


def by_slack_id(tx: Tx, team_id: TeamId, user_id: SlackUserId) -> Member | None:
    """The member with this Slack id."""
    row = _BY_SLACK_ID.first(tx, {"team": team_id, "user": user_id})
    return None if row is None else member_of(row)


def asking(tx: Tx, team_id: TeamId, user_id: SlackUserId) -> tuple[Member, datetime] | None:
    """The member of a team that has Hourlink, and when Slack last told of them."""
    row = _ASKING.first(tx, {"team": team_id, "user": user_id})
    return None if row is None else (member_of(row), row.refreshed_at)


def by_id(tx: Tx, team_id: TeamId, member_id: MemberId, *, lock: bool = False) -> Member | None:
    """The member with this id.

    Args:
        tx: The open transaction.
        team_id: The fence.
        member_id: Whose row.
        lock: Hold the row until the transaction ends, so that one person's starts and stops
            happen one after another on PostgreSQL (NO KEY UPDATE: rows that point at the member
            may still be inserted meanwhile). SQLite has one writer anyway.
    """
    row = (_HELD if lock else _FOUND).first(tx, {"team": team_id, "member": member_id})
    return None if row is None else member_of(row)


def by_ids(tx: Tx, team_id: TeamId, member_ids: Iterable[MemberId]) -> dict[MemberId, Member]:
    """Those of the members that exist, by id."""
    query = _SELECT.where(col(_T.team_id) == team_id, col(_T.id).in_(list(member_ids)))
    return {MemberId(row.id): member_of(row) for row in tx.execute(query)}


def by_slack_ids(tx: Tx, team_id: TeamId, users: Iterable[SlackUserId]) -> list[Member]:
    """Those of these people who still work here, by name."""
    query = _SELECT.where(
        col(_T.team_id) == team_id,
        col(_T.slack_user_id).in_(list(users)),
        col(_T.deactivated_at).is_(None),
    )
    return [member_of(row) for row in tx.execute(query.order_by(col(_T.name_words), col(_T.id)))]


def called(tx: Tx, team_id: TeamId, beginning: str) -> list[Member]:
    """Everyone who still works here and whose name, run together, begins like this."""
    together = func.replace(col(_T.name_words), " ", "")
    query = _SELECT.where(
        col(_T.team_id) == team_id,
        col(_T.deactivated_at).is_(None),
        together.startswith(beginning, autoescape=True),
    )
    return [member_of(row) for row in tx.execute(query.order_by(col(_T.name_words), col(_T.id)))]


def active(tx: Tx, team_id: TeamId) -> list[Member]:
    """Everyone who still works here, by name."""
    query = _SELECT.where(col(_T.team_id) == team_id, col(_T.deactivated_at).is_(None))
    return [member_of(row) for row in tx.execute(query.order_by(col(_T.name), col(_T.id)))]


def admins(tx: Tx, team_id: TeamId) -> list[Member]:
    """Everyone who may administer, by name."""
    return [right.person for right in admin_rights(tx, team_id)]


def admin_names(tx: Tx, team_id: TeamId) -> tuple[str, ...]:
    """What they are called: whom to ask."""
    return tuple(one.name for one in admins(tx, team_id))


def admin_rights(tx: Tx, team_id: TeamId) -> list[AdminRight]:
    """Everyone who may administer, by name, and where each right comes from."""
    query = _SELECT.where(
        col(_T.team_id) == team_id, col(_T.deactivated_at).is_(None), _ADMINISTERS
    )
    rows = tx.execute(query.order_by(col(_T.name), col(_T.id)))
    return [AdminRight(member_of(row), _sources(row)) for row in rows]


def admin_right(tx: Tx, team_id: TeamId, member_id: MemberId) -> AdminRight | None:
    """Where somebody's right to administer comes from; None where they have none."""
    query = _SELECT.where(
        col(_T.team_id) == team_id,
        col(_T.id) == member_id,
        col(_T.deactivated_at).is_(None),
        _ADMINISTERS,
    )
    row = tx.execute(query).first()
    return None if row is None else AdminRight(member_of(row), _sources(row))


def _sources(row: AnyRow) -> frozenset[RightSource]:
    known = {
        RightSource.OWNER: row.slack_owner,
        RightSource.SLACK: row.slack_admin and row.slack_decides,
        RightSource.NAMED: row.named_admin,
    }
    return frozenset(source for source, has_it in known.items() if has_it)


def name_admin(tx: Tx, team_id: TeamId, member_id: MemberId, *, is_named: bool) -> None:
    """Names somebody an admin here, or no longer."""
    same = (col(_T.team_id) == team_id, col(_T.id) == member_id)
    change(tx, update(_T).where(*same).values(named_admin=is_named))


def forget_naming(tx: Tx, team_id: TeamId, member_ids: Iterable[MemberId]) -> list[MemberId]:
    """Nobody of these is named an admin any more; who was."""
    named = update(_T).where(
        col(_T.team_id) == team_id, col(_T.id).in_(list(member_ids)), col(_T.named_admin)
    )
    gone = tx.execute(named.values(named_admin=False).returning(table(_T).c.id))
    return [MemberId(one) for one in gone.scalars()]


def settings(tx: Tx, team_id: TeamId, member_id: MemberId) -> MemberSettings:
    """What the member chose, and the defaults for the rest."""
    stored = _SETTINGS.value(tx, {"team": team_id, "member": member_id})
    return MemberSettings.read(stored or {})


def save_settings(tx: Tx, team_id: TeamId, member_id: MemberId, chosen: MemberSettings) -> None:
    """Keeps what the member chose."""
    same = (col(_T.team_id) == team_id, col(_T.id) == member_id)
    change(tx, update(_T).where(*same).values(settings=chosen.stored()))


def deactivate(tx: Tx, team_id: TeamId, member_id: MemberId, now: datetime) -> None:
    """They act here no more, whatever Slack says."""
    query = update(_T).where(col(_T.team_id) == team_id, col(_T.id) == member_id)
    tx.execute(query.values(deactivated_at=func.coalesce(col(_T.deactivated_at), now)))


def save(tx: Tx, team_id: TeamId, person: SlackPerson, now: datetime) -> None:
    """Creates or refreshes a member from what Slack says; keeps what was named here.

    Somebody new may act twice at once: whichever of the two comes second refreshes.
    """
    save_many(tx, team_id, [person], now)


def save_many(tx: Tx, team_id: TeamId, people: Iterable[SlackPerson], now: datetime) -> None:
    """The same for many at once; who was deactivated before keeps that moment."""
    rows: list[Mapping[str, object]] = [
        {
            "team_id": team_id,
            "slack_user_id": person.user_id,
            "name": person.name,
            "name_words": spelled(person.name),
            "email": person.email,
            "zone": person.zone,
            "slack_admin": person.is_admin,
            "slack_owner": person.is_owner,
            "is_guest": person.is_guest,
            "deactivated_at": now if person.is_deactivated else None,
            "refreshed_at": now,
            **_UNCHOSEN,
        }
        # In one order everywhere, so that two lists never wait for one another.
        for person in sorted(people, key=attrgetter("user_id"))
    ]
    if rows:
        change(tx, _refreshing(tx.core.dialect.name), rows)


@cache
def _refreshing(dialect: str) -> Executable:
    statement = insert_into(table(_T), dialect)
    new = statement.excluded
    gone = case(
        (new.deactivated_at.is_(None), None),
        else_=func.coalesce(col(_T.deactivated_at), new.deactivated_at),
    )
    # Slack leaves the zone out for the deactivated, whose time stays in theirs.
    zone = case((new.deactivated_at.is_(None), new.zone), else_=col(_T.zone))
    told = ("name", "name_words", "email", "slack_admin", "slack_owner", "is_guest", "refreshed_at")
    return statement.on_conflict_do_update(
        index_elements=["team_id", "slack_user_id"],
        set_={name: new[name] for name in told} | {"deactivated_at": gone, "zone": zone},
    )
