"""Find the part of a time entry that goes on after midnight without reading all entries."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

_SOME = sa.text('continues_id IS NOT NULL')


def upgrade() -> None:
    op.create_index(
        'ix_time_entry_continues',
        'time_entry',
        ['continues_id'],
        sqlite_where=_SOME,
        postgresql_where=_SOME,
    )


def downgrade() -> None:
    op.drop_index('ix_time_entry_continues', 'time_entry')
