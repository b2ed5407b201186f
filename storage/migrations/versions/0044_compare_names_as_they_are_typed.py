"""Find names with typographic quotes or dashes, however they are typed."""

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.domain.linking.link_plan import folded
from bot.domain.linking.link_search import search_text

revision = '0044'
down_revision = '0043'
branch_labels = None
depends_on = None

_PAGE = 1000
_PROJECT, _CLIENT = 700, 300


def upgrade() -> None:
    _fill('project', ('name',), 'name_folded', lambda row: folded(row.name)[:_PROJECT])
    _fill(
        'provider_project',
        ('name', 'key', 'workspace_name'),
        'search_text',
        lambda row: search_text(row.name, row.key, row.workspace_name),
    )
    _fill('client', ('name', 'team_id', 'merged_into'), 'name_folded', _of_a_client)


def downgrade() -> None:
    """What is found one way is found the other way."""


def _of_a_client(row: Any) -> str:
    """Two names that are alike now stay two clients; a merged one is in nobody's way."""
    text = folded(row.name)[:_CLIENT]
    if row.merged_into is not None:
        return text
    client = _table('client', ('team_id', 'name_folded', 'merged_into'))
    same = (client.c.team_id == row.team_id, client.c.name_folded == text, client.c.id != row.id)
    query = sa.select(client.c.id).where(*same, client.c.merged_into.is_(None)).limit(1)
    return text if op.get_bind().execute(query).first() is None else row.made


def _fill(name: str, of: tuple[str, ...], made: str, make: Callable[[Any], str]) -> None:
    rows_of = _table(name, (*of, made))
    change = rows_of.update().where(rows_of.c.id == sa.bindparam('row'))
    for rows in _pages(rows_of, made):
        for row in rows:
            text = make(row) if not row.made.isascii() else row.made
            if text != row.made:  # few are
                op.get_bind().execute(change.values({made: text}), {'row': row.id})


def _table(name: str, columns: tuple[str, ...]) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in ('id', *columns)))


def _pages(of: sa.TableClause, made: str) -> Iterator[list[Any]]:
    last = 0
    while True:
        query = sa.select(*of.c, of.c[made].label('made')).where(of.c.id > last)
        rows = list(op.get_bind().execute(query.order_by(of.c.id).limit(_PAGE)))
        if not rows:
            return
        yield rows
        last = rows[-1].id
