"""Keep what the subjects of the audit log were called, and search it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.domain.people.account_matching import words_of

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

_PAGE = 1000


def upgrade() -> None:
    with op.batch_alter_table('audit') as batch:
        batch.add_column(
            sa.Column('label', sa.String(length=600), nullable=False, server_default='')
        )
        batch.add_column(sa.Column('search_text', sa.Text(), nullable=False, server_default=''))
    _fill()
    with op.batch_alter_table('audit') as batch:
        batch.alter_column('label', server_default=None)
        batch.alter_column('search_text', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('audit') as batch:
        batch.drop_column('search_text')
        batch.drop_column('label')


def _fill() -> None:
    """What was written before can be found by what was done, before and after."""
    columns = ('id', 'action', 'before', 'after', 'search_text', 'at')
    audit = sa.table('audit', *(sa.column(name) for name in columns))
    kept = (audit.c.id, audit.c.action, audit.c.before, audit.c.after, audit.c.at)
    last = 0
    while True:
        query = sa.select(*kept).where(audit.c.id > last).order_by(audit.c.id).limit(_PAGE)
        rows = list(op.get_bind().execute(query))
        if not rows:
            return
        op.get_bind().execute(
            audit.update()
            .where(audit.c.id == sa.bindparam('row'))
            .values(search_text=sa.bindparam('text')),
            [{'row': row[0], 'text': _words(row)} for row in rows],
        )
        last = rows[-1][0]


def _words(row: Sequence[Any]) -> str:
    told = f"{str(row[4])[:10]} {row[1]} {row[2] or ''} {row[3] or ''}"
    return ' '.join(words_of(told))[:2000]
