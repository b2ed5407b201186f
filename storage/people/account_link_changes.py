"""What becomes of account links: every statement that changes one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from operator import itemgetter

from sqlalchemy import case, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from bot.domain.ids import AccountLinkId, MemberId, ProviderAccountId, TeamId
from bot.domain.states import AccountLinkState, Proof
from storage.chunks import chunked
from storage.people.account_links import FIRST, AccountLinkRow
from storage.sql import change, insert_into, table
from storage.unit_of_work import Tx

_T = AccountLinkRow


class HeldAlready(Exception):
    """Somebody else is connected with the account."""


@contextmanager
def one_holder(tx: Tx) -> Iterator[None]:
    """Undoes only what happens inside when the account turns out to be somebody else's.

    Raises:
        HeldAlready: the unique index says so.
    """
    try:
        with tx.core.begin_nested():
            yield
    except IntegrityError as error:
        if "provider_account_id" in str(error.orig) or "uq_account_link_holder" in str(error.orig):
            raise HeldAlready from error
        raise


def move(
    tx: Tx,
    team_id: TeamId,
    link_id: AccountLinkId,
    *,
    was: tuple[AccountLinkState, int],
    becomes: AccountLinkState,
    **values: object,
) -> bool:
    """Changes a link that is still as it was read; False when somebody was faster.

    ``was`` is its state and its request.
    """
    same = (
        col(_T.team_id) == team_id,
        col(_T.id) == link_id,
        col(_T.state) == was[0],
        col(_T.request) == was[1],
    )
    return change(tx, update(_T).where(*same).values(state=becomes, **values)) == 1


def settle(tx: Tx, team_id: TeamId, link_ids: Sequence[AccountLinkId], **values: object) -> None:
    """Changes links that are held at once."""
    for some in chunked(link_ids):
        same = (col(_T.team_id) == team_id, col(_T.id).in_(some))
        change(tx, update(_T).where(*same).values(**values))


def create(tx: Tx, rows: Sequence[Mapping[str, object]]) -> dict[MemberId, AccountLinkId]:
    """New links, by member; without those that somebody else made at the same moment."""
    target = table(_T)
    query = (
        insert_into(target, tx.core.dialect.name)
        .on_conflict_do_nothing()
        .returning(target.c.id, target.c.member_id)
    )
    made: dict[MemberId, AccountLinkId] = {}
    # In one order everywhere, so that two who invite the same people never wait for one another.
    for some in chunked(sorted(rows, key=itemgetter("integration_id", "member_id"))):
        for row in tx.execute(query, [{"slot": FIRST, "request": 1, **row} for row in some]):
            made[MemberId(row.member_id)] = AccountLinkId(row.id)
    return made


def invite_again(
    tx: Tx,
    team_id: TeamId,
    accounts: Mapping[AccountLinkId, tuple[ProviderAccountId | None, bool]],
    values: Mapping[str, object],
) -> None:
    """Makes links that are held invitations anew, with their next request.

    ``accounts`` has each link's account, and whether an admin chose it for the person.
    """
    for some in chunked(list(accounts)):
        named = {link_id: accounts[link_id][0] for link_id in some if accounts[link_id][0]}
        chosen = [link_id for link_id in some if accounts[link_id][1]]
        account = case(named, value=col(_T.id), else_=None) if named else None
        change(
            tx,
            update(_T)
            .where(col(_T.team_id) == team_id, col(_T.id).in_(some))
            .values(
                request=col(_T.request) + 1,
                provider_account_id=account,
                chosen_by_admin=col(_T.id).in_(chosen),
                **values,
            ),
        )


def mark_unreachable(tx: Tx, team_id: TeamId, link_id: AccountLinkId, reason: str | None) -> None:
    """Keeps Slack's reason why a message could not be delivered; None once one was."""
    same = (col(_T.team_id) == team_id, col(_T.id) == link_id)
    change(tx, update(_T).where(*same).values(unreachable=reason))


def keep_token(
    tx: Tx, team_id: TeamId, link_id: AccountLinkId, sealed: str | None, proof: Proof | None = None
) -> None:
    """Keeps a connected member's own token, or forgets it; with it what it proved."""
    same = (
        col(_T.team_id) == team_id,
        col(_T.id) == link_id,
        col(_T.state) == AccountLinkState.CONNECTED,
    )
    proved = {} if proof is None else {"proof": proof}
    change(tx, update(_T).where(*same).values(sealed_token=sealed, **proved))


def withdraw_open(
    tx: Tx, team_id: TeamId, member_ids: Collection[MemberId], now: datetime
) -> list[AccountLinkId]:
    """Takes back whatever these people still have to answer, or an admin about them."""
    found: list[AccountLinkId] = []
    for some in chunked(list(member_ids)):
        query = (
            update(_T)
            .where(
                col(_T.team_id) == team_id,
                col(_T.member_id).in_(some),
                col(_T.state).in_([AccountLinkState.INVITED, AccountLinkState.AWAITING_APPROVAL]),
            )
            .values(state=AccountLinkState.WITHDRAWN, decided_by=None, decided_at=now)
            .returning(table(_T).c.id)
        )
        found += [AccountLinkId(one) for one in tx.execute(query).scalars()]
    return found


def destroy_tokens(tx: Tx, team_id: TeamId, *, members: Collection[MemberId] | None = None) -> int:
    """Forgets members' own tokens, those of all of the team where none are named; how many."""
    query = update(_T).where(col(_T.team_id) == team_id, col(_T.sealed_token).is_not(None))
    if members is not None:
        query = query.where(col(_T.member_id).in_(list(members)))
    return change(tx, query.values(sealed_token=None))
